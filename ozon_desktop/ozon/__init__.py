"""The client of the Ozon Seller API: `client.OzonClient` over `transport.Transport`."""
