"""The window «Правила цен и остатков»: old and lowest price, the guard against sudden changes, stocks by warehouse, exceptions."""
