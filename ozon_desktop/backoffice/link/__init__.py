"""A price list or an export behind an address."""
