"""Tests of the page «Интеграция»."""
