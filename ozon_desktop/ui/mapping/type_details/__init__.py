"""Attributes and values of the chosen type."""
