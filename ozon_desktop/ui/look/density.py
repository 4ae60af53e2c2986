"""How high rows are: calm by default, compact for shops of thousands of products. One choice for all tables and trees."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Density:
    """row: the least height of a row in px; air: what a row is higher than its text at the least."""

    row: int
    air: int


CALM = Density(30, 12)
COMPACT = Density(24, 6)


class Rows:
    """The density in force; `Theme.set_compact` changes it and makes every view notice."""

    density = CALM


def rows_high(text_height: int) -> int:
    """How high a row of text of this height is, in px."""
    return max(Rows.density.row, text_height + Rows.density.air)
