"""Measurements, out of the default run; each prints its figures as ratios to something measured beside it."""
