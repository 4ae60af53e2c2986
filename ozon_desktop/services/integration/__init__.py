"""One cabinet: its credentials, the fields of the integration page, the check of the connection."""
