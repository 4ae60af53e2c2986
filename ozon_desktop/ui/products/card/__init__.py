"""The card of one product."""
