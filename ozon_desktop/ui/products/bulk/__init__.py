"""One field for many products at once."""
