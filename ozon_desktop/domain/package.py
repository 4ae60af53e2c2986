"""The package of a product in the units Ozon takes."""

from dataclasses import dataclass
from decimal import Decimal

from ozon_desktop.domain.card import Dimensions

MILLIMETRES = {"mm": Decimal(1), "cm": Decimal(10), "in": Decimal("25.4")}
GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237")}


@dataclass(frozen=True, slots=True)
class Package:
    """The sizes of a package in the units the card has them in: lengths in mm, cm or in, weight in g, kg or lb."""

    depth: int
    width: int
    height: int
    unit: str
    weight: int
    weight_unit: str

    @property
    def dimensions(self) -> Dimensions:
        """In mm and g, rounded; 0 is unknown."""
        length, weight = MILLIMETRES.get(self.unit, Decimal(1)), GRAMS.get(self.weight_unit, Decimal(1))
        depth, width, height = (round(side * length) or None for side in (self.depth, self.width, self.height))
        return Dimensions(depth, width, height, round(self.weight * weight) or None)
