"""The mapping as an XLSX table: the preview of an import."""
