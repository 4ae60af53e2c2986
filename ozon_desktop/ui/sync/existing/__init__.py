"""The question whose content the cards keep that were on Ozon before the program."""
