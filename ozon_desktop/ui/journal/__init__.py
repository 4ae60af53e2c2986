"""The page «Журнал»: every run and why, its problems grouped, and what can be done about each."""
