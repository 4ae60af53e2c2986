"""Size and weight of the package."""

from collections.abc import Iterator
from decimal import Decimal

from ..import_item import GRAMS, MILLIMETRES, ImportItem
from ..model import Json
from .entry import entry

MAX_WEIGHT_G = 1_000_000
MIN_DENSITY, MAX_DENSITY = Decimal("0.001"), Decimal("13.55")


def dimension_errors(item: ImportItem) -> Iterator[Json]:
    sizes = {"depth": item.depth, "width": item.width, "height": item.height, "weight": item.weight}
    for name, value in sizes.items():
        if value <= 0:
            yield entry("missing_dimension", "Не указаны габариты или вес товара", name)
    if item.dimension_unit not in MILLIMETRES:
        yield entry("missing_dimension", "Не указана единица измерения габаритов", "dimension_unit")
    if item.weight_unit not in GRAMS:
        yield entry("missing_dimension", "Не указана единица измерения веса", "weight_unit")
    if min(sizes.values()) <= 0 or not item.cubic_millimetres or not item.grams:
        return
    if item.grams > MAX_WEIGHT_G:
        # Assumed: the code; the limit is official, given in the text of the method.
        yield entry("weight_too_big", "Вес товара больше 1000 кг", "weight")
    if not MIN_DENSITY <= item.grams * 1000 / item.cubic_millimetres <= MAX_DENSITY:
        yield entry("Incorrect_density", "Неверная плотность товара: проверьте вес и габариты", "weight")
