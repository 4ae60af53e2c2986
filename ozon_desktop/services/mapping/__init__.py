"""Store categories, and parts of their products, mapped to Ozon types."""
