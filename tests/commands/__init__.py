"""Tests of ozon_desktop/commands or across it; a package so that file names may repeat."""
