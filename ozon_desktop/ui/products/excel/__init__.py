"""Fields of a category as an XLSX table."""
