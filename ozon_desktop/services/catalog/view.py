"""What the catalogue gives: results of fetches, a type with its attributes, values found."""

from dataclasses import dataclass

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryState, DictionaryValue, OzonType
from ozon_desktop.domain.tree_changes import TreeChange
from ozon_desktop.errors import AppError


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a fetch of categories brought.

    changes: what is different since last time; concerned: how many mappings have a type that is disabled, moved or gone.
    """

    bases: int
    categories: int
    types: int
    requests: int
    changes: tuple[TreeChange, ...] = ()
    concerned: int = 0


@dataclass(frozen=True, slots=True)
class SettingsResult:
    """What a collection brought. `failed`: (type path, error) of types that could not be collected; partial: dictionaries kept partial."""

    types: int
    attributes: int
    dictionaries: int
    values: int
    requests: int
    failed: tuple[tuple[str, AppError], ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeDetails:
    """A type with its attributes, required first, and the state of their dictionaries by attribute id."""

    type: OzonType
    path: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    dictionaries: dict[int, DictionaryState]


@dataclass(frozen=True, slots=True)
class ValueSearch:
    """Values found. partial: the cached dictionary is not whole; online: Ozon was asked as well; offline: it could not be asked."""

    values: tuple[DictionaryValue, ...]
    partial: bool
    online: bool
    offline: bool = False
