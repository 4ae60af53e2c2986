"""The chart of runs by day."""
