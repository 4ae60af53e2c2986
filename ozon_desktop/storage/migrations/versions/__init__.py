"""The revisions of the schema. A new one is also named in `storage.schema.REVISIONS`."""
