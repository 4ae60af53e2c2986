"""Several cabinets at once: their states side by side, and «Синхронизировать все»."""
