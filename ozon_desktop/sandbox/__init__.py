"""Stand-ins of services outside: Ozon, and back offices. They know nothing of the clients, so they can judge them."""
