"""What becomes of entered fields when products get another Ozon type: equal attributes carry over, old values are kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ozon_desktop.domain.card import Dimensions, SavedFields, Values
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, TypeKey
from ozon_desktop.domain.russian_order import russian_order


@dataclass(frozen=True, slots=True)
class CarriedField:
    """One additional field and how many products have it filled in."""

    name: str
    products: int


@dataclass(frozen=True, slots=True)
class CarryOver:
    """A summary for the manager.

    products: how many with entered fields change their type; restored: how many of them had fields of the new type entered
    earlier, which come back; unknown: types whose attributes are not collected, so that nothing can be said of them.
    """

    products: int = 0
    kept: tuple[CarriedField, ...] = ()
    lost: tuple[CarriedField, ...] = ()
    restored: int = 0
    unknown: tuple[TypeKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A product's entered fields on their way from one type to another (None = to no type). earlier: its fields of the new type."""

    saved: SavedFields
    to: TypeKey | None
    earlier: SavedFields | None = None


def carried(saved: SavedFields, to: TypeKey, old: Sequence[Attribute], new: Sequence[Attribute]) -> SavedFields:
    """The fields of the new type: values of attributes that both types have.

    A text stays a text. A value of another dictionary keeps its text only, to be found there anew.
    """
    by_id = {attribute.id: attribute for attribute in old}
    values: dict[int, Values] = {}
    for attribute in new:
        entered = saved.values.get(attribute.id)
        if not entered:
            continue
        known = by_id.get(attribute.id)
        same = known is not None and (not known.has_dictionary or _dictionary(known, saved.type_key) == _dictionary(attribute, to))
        kept = entered if same else tuple((0, text) for _, text in entered)
        limit = attribute.max_value_count if attribute.is_collection else 1
        values[attribute.id] = kept[:limit] if limit else kept
    return SavedFields(saved.product_id, to, values, saved.dimensions)


def _dictionary(attribute: Attribute, key: TypeKey) -> DictionaryKey | None:
    return DictionaryKey.of(attribute, key) if attribute.has_dictionary else None


def carry(moves: Iterable[Move], attributes: Mapping[TypeKey, Sequence[Attribute]]) -> tuple[list[SavedFields], CarryOver]:
    """What to save for the new types, and what to tell. Products that had fields of the new type before keep those."""
    to_save: list[SavedFields] = []
    kept, lost = Counter[str](), Counter[str]()
    unknown: set[TypeKey] = set()
    products = restored = 0
    for move in moves:
        products += 1
        names = {attribute.id: attribute.name for attribute in attributes.get(move.saved.type_key, ())}
        if move.to is not None and not attributes.get(move.to):
            unknown.add(move.to)
            continue
        if move.earlier is not None:
            restored += 1
            continue
        new = attributes.get(move.to, ()) if move.to is not None else ()
        fields = carried(move.saved, move.to, attributes.get(move.saved.type_key, ()), new) if move.to is not None else None
        taken = fields.values if fields is not None else {}
        for attribute_id in move.saved.values:
            (kept if attribute_id in taken else lost)[names.get(attribute_id, str(attribute_id))] += 1
        if fields is not None and (fields.values or fields.dimensions != Dimensions()):
            to_save.append(fields)
    summary = CarryOver(products, _fields(kept), _fields(lost), restored, tuple(sorted(unknown)))
    return to_save, summary


def _fields(counts: Counter[str]) -> tuple[CarriedField, ...]:
    return tuple(CarriedField(name, number) for name, number in sorted(counts.items(), key=lambda pair: (-pair[1], russian_order(pair[0]))))
