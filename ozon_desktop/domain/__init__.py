"""The rules of the program as pure functions over frozen dataclasses; imports nothing else of the package."""
