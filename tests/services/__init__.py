"""Tests of ozon_desktop/services or across it; a package so that file names may repeat."""
