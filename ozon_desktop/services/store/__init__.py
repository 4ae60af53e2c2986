"""The store's exports: imported by hand or from the watched folder."""
