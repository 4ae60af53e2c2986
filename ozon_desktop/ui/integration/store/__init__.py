"""The tab «Магазин»: how the store is connected, what was exchanged, how orders stand there."""
