"""The synchronization page: its preview, sending, and comparing with Ozon."""
