"""Back-office exports: one module per format, all giving the same domain objects."""
