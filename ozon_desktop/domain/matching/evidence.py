"""What goes into a suggestion and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ozon_desktop.domain.ozon_catalog import TypeKey


class MatchReason(StrEnum):
    NAME = "name"
    WORDS = "words"  # A synonym or another form of the word.
    PATH = "path"
    PRODUCTS = "products"
    PROPERTIES = "properties"
    CARDS = "cards"
    LEARNED = "learned"
    RELATIVES = "relatives"
    MOVED = "moved"  # The type mapped before is now in another category of Ozon; given by the service, not by the matcher.


class SuggestionGroup(StrEnum):
    """What the manager does with the suggestions for a category."""

    SURE = "sure"
    CHOICE = "choice"  # One of a few is right, and nothing known says which: «Пылесосы», «Термобелье».
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one store category.

    path: names from the root down, own name last; product_names: a sample of the products inside; properties: (name, value)
    of these products; cards: types of existing Ozon cards matched to its products, with how many; relatives: types that the
    parent and its other children are mapped to; mapped: the type it has already, which speaks of the rest of the store.
    """

    path: tuple[str, ...]
    product_names: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    cards: Mapping[TypeKey, int] = field(default_factory=dict)
    relatives: tuple[TypeKey, ...] = ()
    mapped: TypeKey | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a manager accepted earlier, perhaps in another cabinet. path as in Evidence."""

    path: tuple[str, ...]
    key: TypeKey


@dataclass(frozen=True, slots=True)
class Match:
    """A type that fits.

    confidence 0…1, two decimals: how likely it is right, fitted on judged shops, checked on held-out ones (test_unseen_shops.py). chance:
    its part of all types considered, 0…1; detail: the product, property value or word that decided.
    """

    key: TypeKey
    confidence: float
    reason: MatchReason
    detail: str = ""
    chance: float = 0.0
