"""МойСклад, JSON API 1.2: goods, prices and free stocks come, orders go."""
