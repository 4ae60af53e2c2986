"""How a long job reports where it is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Stages of the long jobs; words are in `wording/sync.py`."""

    READING_FILE = "reading_file"
    CHECKING = "checking"
    BASE_CATEGORIES = "base_categories"
    CHILD_CATEGORIES = "child_categories"
    ATTRIBUTES = "attributes"
    DICTIONARIES = "dictionaries"
    CARDS = "cards"
    VALUES = "values"
    CABINET = "cabinet"
    PLAN = "plan"
    PRODUCTS = "products"
    WAITING_FOR_OZON = "waiting_for_ozon"
    PRICES = "prices"
    STOCKS = "stocks"
    ORDERS = "orders"
    STORE_PRODUCTS = "store_products"


@dataclass(frozen=True, slots=True)
class ProgressUpdate:
    """done of total (None = not known); detail: what it works on now (a category, a file).

    rate: requests per second of late; seconds_left: an estimate. None = not known.
    """

    stage: Stage
    done: int = 0
    total: int | None = None
    detail: str = ""
    rate: float | None = None
    seconds_left: float | None = None


Progress = Callable[[ProgressUpdate], None]


def silent(_: ProgressUpdate) -> None:
    """A Progress that nobody watches."""
