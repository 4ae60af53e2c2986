"""Ozon Desktop: connects a Russian shop's back office with its Ozon cabinet."""

__version__ = "0.1.0"
