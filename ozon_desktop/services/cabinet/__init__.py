"""The cards of the cabinet: read, matched with products of the store, adopted, exported."""
