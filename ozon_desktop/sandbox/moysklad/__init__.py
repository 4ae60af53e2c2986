"""A stand-in of МойСклад, JSON API 1.2: what its documentation says of the parts a connection needs."""
