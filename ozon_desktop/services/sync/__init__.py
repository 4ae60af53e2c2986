"""The synchronization: preview, sending, the rules of prices and stocks."""
