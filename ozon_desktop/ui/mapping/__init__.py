"""Page «Категории»: which Ozon type each store category goes to."""
