"""The two trees of the page: the store's categories and Ozon's."""
