"""The three groups of suggestions: accepted together, one of a few, no honest answer."""
