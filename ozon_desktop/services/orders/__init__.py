"""Orders of the cabinet: fetched, kept, handed over to the store, labels."""
