"""Cards of the release before: who has sent already is not asked about them, who has not is; nothing is lost by the upgrade."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ozon_desktop.domain.cabinet import CabinetAttribute
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.card_merging import held_payload
from ozon_desktop.domain.existing_cards import NOT_ANSWERED, Content, ExistingAnswer
from ozon_desktop.storage.database import Database
from tests.storage.conftest import NOW
from tests.storage.old_databases import upgraded_from
from tests.storage.test_migrated_orders import CARD, add

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_migrations")]

SENDER, NEWCOMER, STOCKS_ONLY = 1, 2, 3
OLD_CARD = {
    "product_id": 8,
    "offer_id": "RU-2",
    "name": "Рубашка",
    "price": "1990",
    "vat": "0.22",
    "currency": "RUB",
    "type_key": {"description_category_id": 101, "type_id": 1001},
    "barcodes": ["4600000000015"],
    "dimensions": {"depth": 300, "width": 200, "height": 40, "weight": 350},
    "images": ["https://shop.example/1.jpg", "https://shop.example/2.jpg"],
    "attributes": [{"id": 4191, "complex_id": 0, "values": [[0, "Лён"]]}],
}
"""As that release wrote it: without documents, colour picture, units."""


def accepted(connection: Connection, integration_id: int, offer_id: str, product_id: int, payload: bool, stocks: str = "[]") -> None:
    card = json.dumps({**CARD, "offer_id": offer_id}, ensure_ascii=False) if payload else None
    known = {"product_id": product_id, "payload": card, "price": "1990", "stocks": stocks, "status": "price_sent", "status_name": ""}
    add(
        connection,
        "accepted_offers",
        integration_id=integration_id,
        offer_id=offer_id,
        errors="[]",
        archived=False,
        updated_at=NOW,
        **known,
    )


def fill(connection: Connection) -> None:
    """Three cabinets: one that has sent cards, one that has only read its own, one that has sent stocks alone."""
    for number, name in enumerate(("Первый", "Второй", "Третий"), 1):
        add(connection, "integrations", name=name, enabled=True, has_key=True, selected_base_ids="[]", client_id=number)
    accepted(connection, SENDER, "RU-1", 7, payload=True)
    accepted(connection, SENDER, "RU-2", 8, payload=True)
    accepted(connection, SENDER, "GONE", 0, payload=False)
    accepted(connection, NEWCOMER, "RU-2", 8, payload=False)
    accepted(connection, STOCKS_ONLY, "RU-2", 8, payload=False, stocks="[[1020005000000101, 5]]")
    for integration_id in (SENDER, NEWCOMER):
        add(
            connection,
            "cabinet_cards",
            integration_id=integration_id,
            product_id=8,
            offer_id="RU-2",
            name="Рубашка",
            barcodes='["4600000000015"]',
            archived=False,
            gone=False,
            seen=1,
            loaded_at=NOW,
            card=json.dumps(OLD_CARD, ensure_ascii=False),
        )
    add(connection, "card_sides", integration_id=SENDER, product_id="", field="price", side="ozon")


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    yield from upgraded_from("0009", fill, request, tmp_path)


def answer(database: Database, integration_id: int) -> ExistingAnswer:
    return database.run_sync(lambda unit: unit.cabinet.existing_answer(integration_id))


@pytest.mark.parametrize("integration_id", [SENDER, STOCKS_ONLY])
def test_who_has_sent_is_not_asked(upgraded: Database, integration_id: int) -> None:
    found = answer(upgraded, integration_id)
    assert (found.content, found.prices, found.stocks) == (Content.STORE, Side.STORE, Side.STORE)
    assert found.answered_at is not None


def test_who_has_only_read_the_cabinet_is_asked(upgraded: Database) -> None:
    assert answer(upgraded, NEWCOMER) == NOT_ANSWERED
    assert upgraded.run_sync(lambda unit: unit.cabinet.adopted_offers(NEWCOMER)) == ["RU-2"]


def test_what_may_have_been_made_elsewhere_is_kept_whole_from_now_on(upgraded: Database) -> None:
    known = upgraded.run_sync(lambda unit: unit.sync.accepted(SENDER))
    assert {offer_id: one.adopted for offer_id, one in known.items()} == {"RU-1": False, "RU-2": True, "GONE": True}
    payload = known["RU-1"].payload
    assert payload is not None
    assert (payload.dimension_unit, payload.more_barcodes, payload.name) == ("mm", (), "Рубашка")


def test_cards_read_by_the_release_before_are_there_and_are_read_again_before_they_are_sent(upgraded: Database) -> None:
    [card] = upgraded.run_sync(lambda unit: list(unit.cabinet.cards(SENDER)))
    assert (card.pictures, card.dimensions.depth) == (("https://shop.example/1.jpg", "https://shop.example/2.jpg"), 300)
    assert card.attributes == (CabinetAttribute(4191, 0, ((0, "Лён"),)),)
    # Documents, the colour picture and more were not kept: sending it as it is cached would lose them.
    assert held_payload(card) is None


def test_nothing_else_is_touched(upgraded: Database) -> None:
    [choice] = upgraded.run_sync(lambda unit: unit.cabinet.sides(SENDER))
    assert (choice.field, choice.side) == ("price", Side.OZON)
    settings = upgraded.run_sync(lambda unit: unit.integrations.get(SENDER)).settings
    assert settings.vat_of_product is False
    assert upgraded.run_sync(lambda unit: unit.sync.accepted(STOCKS_ONLY))["RU-2"].stocks == ((1020005000000101, 5),)
