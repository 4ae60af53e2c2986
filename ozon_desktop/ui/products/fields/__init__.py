"""One field of a card: its box, its editors, what was entered."""
