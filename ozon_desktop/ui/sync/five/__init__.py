"""What became of the first five products."""
