"""The cache of the cabinet's cards: replaced by a later reading, marked when gone, and what the manager said of them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from ozon_desktop.domain.adoption import CabinetStock, CachedCard, CardOutline, Decision
from ozon_desktop.domain.cabinet import CabinetAttribute, ItemError
from ozon_desktop.domain.card import CardPayload, Dimensions
from ozon_desktop.domain.card_differences import Side, SideChoice
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.storage.cabinet_cards import CabinetLoad
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW

KEY = TypeKey(17_028_922, 9_007_199_254_740_993)
CARD = CachedCard(
    9_007_199_254_740_993,
    "A",
    "Рубашка «Лён»",
    5,
    True,
    "price_sent",
    "Продается",
    Decimal("1990.50"),
    Decimal(2500),
    None,
    "0.22",
    "RUB",
    KEY,
    ("460", "OZN1"),
    (ItemError("code", "текст"),),
    Dimensions(300, 200, None, 350),
    ("https://shop.example/1.jpg",),
    (CabinetAttribute(85, 0, ((5, "Ромашка"),)),),
    (CabinetStock("fbs", 7, 2, (1020005000000101,)),),
)
PAYLOAD = CardPayload("A", "Рубашка", KEY, Decimal(1), "0.22", "RUB", 1, 2, 3, 4)


def load(database: Database, integration_id: int, *cards: CachedCard, hours: int = 0) -> list[str]:
    """A complete reading that found these cards."""
    at = NOW + timedelta(hours=hours)
    number = database.run_sync(lambda unit: unit.cabinet.start_load(integration_id, at))
    database.run_sync(lambda unit: unit.cabinet.save(integration_id, cards, number, at))
    return database.run_sync(lambda unit: unit.cabinet.finish_load(integration_id, number, at))


def cached(database: Database, integration_id: int, *offers: str) -> list[CachedCard]:
    return database.run_sync(lambda unit: list(unit.cabinet.cards(integration_id, offers or None)))


def test_a_card_comes_back_as_it_was(database: Database, integration_id: int) -> None:
    assert load(database, integration_id, CARD) == []
    assert cached(database, integration_id) == [replace(CARD, loaded_at=NOW)]
    assert cached(database, integration_id, "A", "other") == [replace(CARD, loaded_at=NOW)]
    outlines = database.run_sync(lambda unit: unit.cabinet.outlines(integration_id))
    assert outlines == [CardOutline(CARD.product_id, "A", CARD.name, CARD.barcodes, True)]


def test_a_later_reading_replaces_and_marks_what_is_gone(database: Database, integration_id: int) -> None:
    other = replace(CARD, product_id=2, offer_id="B")
    load(database, integration_id, CARD, other)
    assert load(database, integration_id, replace(CARD, name="Новое"), hours=1) == ["B"]
    found = {card.offer_id: (card.name, card.gone, card.loaded_at) for card in cached(database, integration_id)}
    assert found == {"A": ("Новое", False, NOW + timedelta(hours=1)), "B": (CARD.name, True, NOW)}
    assert load(database, integration_id, CARD, hours=2) == [], "told once"
    assert load(database, integration_id, CARD, other, hours=3) == []
    assert not any(card.gone for card in cached(database, integration_id))


def test_a_reading_that_was_stopped_makes_nothing_gone(database: Database, integration_id: int) -> None:
    load(database, integration_id, CARD)
    number = database.run_sync(lambda unit: unit.cabinet.start_load(integration_id, NOW))
    assert database.run_sync(lambda unit: unit.cabinet.last_load(integration_id)) == CabinetLoad(2, NOW, None)
    database.run_sync(lambda unit: unit.cabinet.save(integration_id, [replace(CARD, product_id=2, offer_id="B")], number, NOW))
    assert [(card.offer_id, card.gone) for card in cached(database, integration_id)] == [("B", False), ("A", False)]


def test_an_article_that_moved_to_another_card_is_not_forgotten(database: Database, integration_id: int) -> None:
    load(database, integration_id, CARD)
    load(database, integration_id, replace(CARD, product_id=2), hours=1)
    accepted = database.run_sync(lambda unit: unit.sync.accepted(integration_id))
    assert accepted["A"].product_id == 2


def test_the_synchronization_learns_of_the_cards_and_keeps_what_it_sent(database: Database, integration_id: int) -> None:
    sent = Accepted("A", 7, PAYLOAD, Decimal(1), ((1, 5),), refused=PAYLOAD)
    database.run_sync(lambda unit: unit.sync.save_accepted(integration_id, [sent]))
    load(database, integration_id, CARD, replace(CARD, product_id=2, offer_id="B"))
    accepted = database.run_sync(lambda unit: unit.sync.accepted(integration_id))
    assert accepted["A"] == Accepted(
        "A", CARD.product_id, PAYLOAD, CARD.price, ((1, 5),), "price_sent", "Продается", CARD.errors, PAYLOAD, NOW, True, KEY, adopted=True
    )
    assert (accepted["B"].product_id, accepted["B"].payload) == (2, None)
    load(database, integration_id, replace(CARD, product_id=2, offer_id="B"), hours=1)
    gone = database.run_sync(lambda unit: unit.sync.accepted(integration_id))["A"]
    assert (gone.product_id, gone.payload, gone.price, gone.stocks, gone.archived) == (0, None, None, (), False)


def test_what_is_to_be_sent_again(database: Database, integration_id: int) -> None:
    known = [Accepted(offer, 7, PAYLOAD, Decimal(1), ((1, 5),), refused=PAYLOAD) for offer in "ABC"]
    database.run_sync(lambda unit: unit.sync.save_accepted(integration_id, known))
    database.run_sync(lambda unit: unit.cabinet.forget_sent(integration_id, ["A"]))
    database.run_sync(lambda unit: unit.cabinet.forget_stocks(integration_id, ["B"]))
    accepted = database.run_sync(lambda unit: unit.sync.accepted(integration_id))
    assert accepted == {"A": replace(known[0], payload=None, refused=None), "B": replace(known[1], stocks=()), "C": known[2]}


def test_a_product_is_one_card_and_a_card_one_product(database: Database, integration_id: int) -> None:
    def decide(product_id: str, offer_id: str, same: bool) -> None:
        database.run_sync(lambda unit: unit.cabinet.decide(integration_id, Decision(product_id, offer_id, same)))

    def links() -> dict[str, str]:
        return database.run_sync(lambda unit: unit.sync.links(integration_id))

    decide("p1", "A", True)
    decide("p2", "B", True)
    assert links() == {"p1": "A", "p2": "B"}
    decide("p1", "B", True)
    assert links() == {"p1": "B"}
    assert database.run_sync(lambda unit: unit.cabinet.decisions(integration_id)) == [Decision("p1", "B", True)]
    decide("p1", "B", False)
    decide("p2", "A", False)
    assert links() == {}
    assert database.run_sync(lambda unit: unit.cabinet.decisions(integration_id)) == [
        Decision("p1", "B", False),
        Decision("p2", "A", False),
    ]


def save_link(integration_id: int, product_id: str, offer_id: str, unit: UnitOfWork) -> None:
    unit.sync.save_link(integration_id, product_id, offer_id)


def test_a_link_to_a_card_that_is_gone_is_removed(database: Database, integration_id: int) -> None:
    load(database, integration_id, CARD, replace(CARD, product_id=2, offer_id="B"))
    for product_id, offer_id in (("p1", "A"), ("p2", "B")):
        database.run_sync(partial(save_link, integration_id, product_id, offer_id))
    load(database, integration_id, CARD, hours=1)
    assert database.run_sync(lambda unit: unit.sync.links(integration_id)) == {"p1": "A"}


def test_sides_are_remembered_and_taken_back(database: Database, integration_id: int) -> None:
    choices = [SideChoice("", "name", Side.OZON), SideChoice("p1", "", Side.STORE), SideChoice("p1", "price", Side.OZON)]
    database.run_sync(lambda unit: unit.cabinet.choose_sides(integration_id, choices))
    database.run_sync(lambda unit: unit.cabinet.choose_sides(integration_id, [SideChoice("", "name", Side.STORE)]))
    database.run_sync(lambda unit: unit.cabinet.forget_sides(integration_id, "p1", "price"))
    assert database.run_sync(lambda unit: unit.cabinet.sides(integration_id)) == [SideChoice("", "name", Side.STORE), choices[1]]


def test_many_cards_come_in_pieces(database: Database, integration_id: int) -> None:
    many = [replace(CARD, product_id=number, offer_id=f"A-{number}") for number in range(1, 1203)]
    load(database, integration_id, *many)
    assert [card.product_id for card in cached(database, integration_id)] == list(range(1, 1203))
    other = database.run_sync(lambda unit: unit.integrations.add("Другой")).id
    assert cached(database, other) == []
