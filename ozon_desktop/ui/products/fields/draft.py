"""What the manager has changed on one card and not saved yet; knows what would be stored and whether anything changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ozon_desktop.domain.card import Dimensions, FilledField, Origin, SavedFields
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.pictures import PictureChoice, Pictures, arranged
from ozon_desktop.services.cards.cards import CardDetails

SIDES = ("depth", "width", "height", "weight")


class CardDraft:
    """Own values of one card: those stored, plus the changes. Only fields the manager touched become own values."""

    def __init__(self, details: CardDetails) -> None:
        card = details.card
        saved = details.saved
        current = saved is not None and card.type is not None and saved.type_key == card.type.key
        self.details = details
        self._fields = {filled.attribute.id: filled for filled in card.fields}
        self._stored: dict[int, Values] = dict(saved.values) if saved is not None and current else {}
        self._own = dict(self._stored)
        self._stored_sizes = saved.dimensions if saved is not None and current else Dimensions()
        self._sizes = self._stored_sizes
        self._stored_pictures = details.picture_choice or PictureChoice(card.product.id)
        self._pictures = self._stored_pictures

    @property
    def changed(self) -> bool:
        """Whether something differs from what is stored."""
        return self.fields_changed or self.pictures_changed

    @property
    def fields_changed(self) -> bool:
        return self._own != self._stored or self._sizes != self._stored_sizes

    @property
    def pictures_changed(self) -> bool:
        return self._pictures != self._stored_pictures

    @property
    def picture_choice(self) -> PictureChoice:
        """The order to save; an empty one is the store's."""
        return self._pictures

    def pictures(self) -> Pictures:
        """The pictures as they would be sent, with what is wrong with each."""
        return arranged(self.details.card.product.pictures, self._pictures)

    def order_pictures(self, order: Sequence[str]) -> None:
        """The manager's own order, the main picture first; the store's order again when nothing is given, or it is the same."""
        store = arranged(self.details.card.product.pictures).all
        given = tuple(order)
        same = not given or given == store
        self._pictures = PictureChoice(self.details.card.product.id) if same else PictureChoice(self._pictures.product_id, given, given[0])

    def field_changed(self, attribute_id: int) -> bool:
        return self._own.get(attribute_id) != self._stored.get(attribute_id)

    def has_own(self, attribute_id: int) -> bool:
        """Whether the field has a value of its own, saved or not, which «Вернуть как было» takes away."""
        return attribute_id in self._own

    def set_values(self, attribute_id: int, values: Values) -> None:
        """The manager entered values; entering what stands there anyway changes nothing."""
        filled = self._fields[attribute_id]
        if filled.origin is not Origin.PRODUCT and values == filled.values:
            self._own.pop(attribute_id, None)
        else:
            self._own[attribute_id] = values

    def revert(self, attribute_id: int) -> None:
        """Take the own value away: the rule, the store or nothing gives the value again after saving."""
        self._own.pop(attribute_id, None)

    def shown_values(self, filled: FilledField) -> Values:
        """What the editor of a field shows now."""
        return self._own.get(filled.attribute.id, () if filled.origin is Origin.PRODUCT else filled.values)

    def size(self, side: str) -> int | None:
        """The own size (mm) or weight (g); None = the automatic one is used."""
        value: int | None = getattr(self._sizes, side)
        return value

    def automatic_size(self, side: str) -> int | None:
        """What is used when the manager enters nothing."""
        value: int | None = getattr(self.details.automatic_dimensions, side)
        return value

    def set_size(self, side: str, value: int | None) -> None:
        """`side` is one of SIDES."""
        sizes = {name: self.size(name) for name in SIDES} | {side: value}
        self._sizes = replace(self._sizes, **sizes)

    def rebased(self, details: CardDetails) -> CardDraft:
        """The same unsaved changes over a newer reading of the same card; those saved meanwhile are no changes any more."""
        draft = CardDraft(details)
        for attribute_id in self._own.keys() | self._stored.keys():
            if attribute_id in draft._fields and self.field_changed(attribute_id):
                if attribute_id in self._own:
                    draft._own[attribute_id] = self._own[attribute_id]
                else:
                    draft._own.pop(attribute_id, None)
        if self._sizes != self._stored_sizes:
            draft._sizes = self._sizes
        if self.pictures_changed:
            draft._pictures = self._pictures
        return draft

    def to_save(self) -> SavedFields:
        """What to hand to the service; ValueError when the category is not mapped, since there is nothing to save then."""
        type_ = self.details.card.type
        if type_ is None:
            raise ValueError("a card without a type has no additional fields")
        return SavedFields(self.details.card.product.id, type_.key, dict(self._own), self._sizes)
