"""Ozon's catalogue: the tree, the settings of types, dictionary values."""
