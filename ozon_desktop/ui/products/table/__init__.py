"""The table of products with its filters."""
