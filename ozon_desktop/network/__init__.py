"""What every way to a server needs, whoever is asked: clients as the system wants them, and unpacking of what comes."""
