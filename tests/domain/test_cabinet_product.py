"""What the statuses of a card on Ozon mean, however they are written."""

from decimal import Decimal

import pytest

from ozon_desktop.domain.cabinet import CabinetProduct, ImportedItem, ItemError


def card(status: str = "", name: str = "", **fields: str | bool) -> CabinetProduct:
    return CabinetProduct(1, "A", "Вещь", 0, status, name, Decimal(1), None, "0", "RUB", 1, 1, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("product", "created"),
    [
        (card("price_sent"), True),
        (card("PRICE_SENT"), True),
        (card("active", is_created=True), True),
        (card("imported"), False),
        (card("нечто новое"), False),
        (card(""), False),
    ],
)
def test_a_card_is_created_by_its_status_or_by_the_mark(product: CabinetProduct, created: bool) -> None:
    assert product.created is created
    assert (product.plain_status == "price_sent") is created


@pytest.mark.parametrize(
    ("fields", "decided", "failed"),
    [
        ({"status": "price_sent", "moderate_status": "approved"}, True, False),
        ({"status": "price_sent", "moderate_status": "Approved", "status_failed": "none"}, True, False),
        ({"status": "price_sent", "moderate_status": "in-moderating"}, False, False),
        ({"status": "price_sent", "moderate_status": "под вопросом"}, False, False),
        ({"status": "price_sent", "moderate_status": "approved", "status_failed": "imported"}, True, True),
        ({"status": "price_sent", "moderate_status": "DECLINED"}, True, True),
        ({"status": "imported", "moderate_status": "in-moderating", "status_failed": "imported"}, False, False),
        ({"status": "imported"}, False, False),
        ({"status": "imported", "moderate_status": "declined"}, True, True),
        ({"status": "new", "status_failed": "imported"}, True, True),
    ],
)
def test_a_card_is_decided_about_when_nothing_is_looked_at_any_more(fields: dict[str, str], decided: bool, failed: bool) -> None:
    product = card(**fields)
    assert (product.decided, product.failed) == (decided, failed)


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (card("price_sent", "Продается"), "Продается"),
        (card("new", "Не продается", status_description="Не создан"), "Не продается: не создан"),
        (card("weird"), "weird"),
        (card("weird", status_description="Что-то ещё"), "weird: что-то ещё"),
        (card(status_description="Не обновлен"), "Не обновлен"),
        (card(), ""),
    ],
)
def test_the_words_for_a_status_are_ozons_whatever_it_is(product: CabinetProduct, text: str) -> None:
    assert product.status_text == text


@pytest.mark.parametrize(
    ("status", "finished", "accepted"),
    [("Imported", True, True), ("SKIPPED", True, True), ("Pending", False, False), ("failed", True, False), ("новое", True, False)],
)
def test_the_status_of_an_import_is_read_in_any_case(status: str, finished: bool, accepted: bool) -> None:
    item = ImportedItem("A", 1, status)
    assert (item.finished, item.accepted) == (finished, accepted)
    assert not ImportedItem("A", 1, status, (ItemError("x", ""),)).accepted
