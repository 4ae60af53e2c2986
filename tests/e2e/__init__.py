"""Tests of ozon_desktop/e2e or across it; a package so that file names may repeat."""
