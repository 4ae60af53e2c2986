"""Tests of ozon_desktop/domain or across it; a package so that file names may repeat."""
