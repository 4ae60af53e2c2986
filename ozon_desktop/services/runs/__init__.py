"""Runs: when they begin, one at a time, what the journal keeps of them, what the window shows of them."""
