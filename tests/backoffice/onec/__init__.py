"""The exchange with 1C, driven by a scripted 1C."""
