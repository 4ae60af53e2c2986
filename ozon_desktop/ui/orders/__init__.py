"""The page «Заказы»: postings brought from Ozon, their contents and history, and the export to the store."""
