"""The question about entered fields before a change of the mapping, and its bar."""
