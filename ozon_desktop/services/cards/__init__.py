"""Product cards of the store: their fields, rules, readiness, pictures, exchange as tables."""
