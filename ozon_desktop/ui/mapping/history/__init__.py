"""«История изменений» of the mapping."""
