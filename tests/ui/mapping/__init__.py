"""Tests of the categories page."""
