"""The page «Синхронизация»: every change before it is sent, the run, and what came of each product."""
