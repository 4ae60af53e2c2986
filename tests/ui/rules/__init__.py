"""The window of the rules for prices and stocks, and the check of stocks."""
