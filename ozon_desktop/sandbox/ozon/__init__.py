"""A stand-in of the Ozon Seller API with its state in memory; it knows nothing of the client, so it can judge it."""
