"""Rules that fill fields: the editor and the proposals."""
