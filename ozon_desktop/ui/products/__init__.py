"""Page «Товары»: readiness of every product, and its card with the additional fields."""
