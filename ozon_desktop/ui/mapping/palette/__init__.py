"""The command palette, and the line that finds a type."""
