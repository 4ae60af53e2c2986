"""Unsaved changes of a card: only what the manager touched is stored."""

import asyncio

from ozon_desktop.domain.card import Dimensions, Origin, SavedFields
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.ui.products.fields.draft import CardDraft
from tests.ui.products.fakes import BRAND, COLOUR, KEY, MODEL, FakeCards

ADIDAS = ((1, "Adidas"),)


def details(cards: FakeCards) -> CardDetails:
    return asyncio.run(cards.details(1, "p1"))


def test_only_touched_fields_are_stored() -> None:
    draft = CardDraft(details(FakeCards()))
    assert not draft.changed
    draft.set_values(BRAND.id, ADIDAS)
    draft.set_size("height", 120)
    assert draft.to_save() == SavedFields("p1", KEY, {BRAND.id: ADIDAS}, Dimensions(height=120))


def test_entering_the_automatic_value_is_no_change() -> None:
    draft = CardDraft(details(FakeCards()))
    draft.set_values(MODEL.id, ((0, "Другая"),))
    assert draft.changed
    draft.set_values(MODEL.id, ((0, "Сапоги зимние женские"),))
    assert not draft.changed


def test_clearing_a_field_is_stored_as_empty() -> None:
    draft = CardDraft(details(FakeCards()))
    draft.set_values(COLOUR.id, ())
    assert draft.to_save().values == {COLOUR.id: ()}


def test_reverting_takes_the_own_value_away() -> None:
    cards = FakeCards()
    cards.saved["p1"] = SavedFields("p1", KEY, {BRAND.id: ADIDAS, MODEL.id: ((0, "Моя"),)})
    draft = CardDraft(details(cards))
    assert draft.has_own(BRAND.id)
    draft.revert(BRAND.id)
    assert draft.changed
    assert draft.to_save().values == {MODEL.id: ((0, "Моя"),)}


def test_unsaved_changes_outlive_a_newer_reading() -> None:
    cards = FakeCards()
    draft = CardDraft(details(cards))
    draft.set_values(BRAND.id, ADIDAS)
    draft.set_size("weight", 500)
    cards.saved["p1"] = SavedFields("p1", KEY, {MODEL.id: ((0, "Моя"),)})
    newer = draft.rebased(details(cards))
    assert newer.to_save() == SavedFields("p1", KEY, {BRAND.id: ADIDAS, MODEL.id: ((0, "Моя"),)}, Dimensions(weight=500))
    cards.saved["p1"] = newer.to_save()
    assert not newer.rebased(details(cards)).changed


def test_own_value_is_what_the_field_shows() -> None:
    cards = FakeCards()
    draft = CardDraft(details(cards))
    brand = next(filled for filled in draft.details.card.fields if filled.attribute is BRAND)
    assert brand.origin is Origin.EMPTY
    assert draft.shown_values(brand) == ()
    draft.set_values(BRAND.id, ADIDAS)
    assert draft.shown_values(brand) == ADIDAS
