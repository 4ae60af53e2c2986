"""Store, program and Ozon in one process, on one clock: any course of events, with the program killed anywhere."""
