"""Connections to back offices: each kind a folder of its own, all behind `protocol.py`."""
