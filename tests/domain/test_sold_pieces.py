"""Which pieces sold on Ozon the store still counts: from the posting until its stocks are newer than what it was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ozon_desktop.domain.orders import Posting, PostingProduct
from ozon_desktop.domain.sold_pieces import SoldPosting, StockCount, StoreMoment, WriteOff, is_unwritten, left_the_store, summed
from ozon_desktop.domain.store_connection import PlacedOrder

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
LINE = PostingProduct("RU-1", "Рубашка", 9, 2, Decimal(1990), "RUB")
POSTING = Posting("1-1", "1", 1, "fbs", "awaiting_packaging", "", NOW, None, (LINE,))
HANDED, SHIPPED = StoreMoment(4, NOW), StoreMoment(6, NOW + HOUR)
OLD, AFTER_HANDED, AFTER_SHIPPED = StockCount(4), StockCount(5), StockCount(7)
ORDER, SHIPMENT = WriteOff.AT_ORDER, WriteOff.AT_SHIPMENT


def sold(status: str = "awaiting_packaging", handed: StoreMoment | None = None, shipped: StoreMoment | None = None) -> SoldPosting:
    return SoldPosting(1, replace(POSTING, status=status), handed, shipped)


@pytest.mark.parametrize(
    ("posting", "write_off", "counts", "subtracted"),
    [
        (sold(), ORDER, [AFTER_SHIPPED], True),
        (sold(), SHIPMENT, [AFTER_SHIPPED], True),
        (sold("delivered", None, SHIPPED), SHIPMENT, [AFTER_SHIPPED], True),
        (sold(handed=HANDED), ORDER, [OLD], True),
        (sold(handed=HANDED), ORDER, [AFTER_HANDED], False),
        (sold(handed=HANDED), SHIPMENT, [AFTER_SHIPPED], True),
        (sold("delivering", HANDED, SHIPPED), SHIPMENT, [AFTER_HANDED], True),
        (sold("delivering", HANDED, SHIPPED), SHIPMENT, [AFTER_SHIPPED], False),
        (sold("delivering", SHIPPED, HANDED), SHIPMENT, [AFTER_HANDED], True),
        (sold("cancelled"), SHIPMENT, [OLD], False),
        (sold("cancelled_from_split_pending"), SHIPMENT, [OLD], False),
        (sold("cancelled", HANDED, SHIPPED), SHIPMENT, [AFTER_HANDED], True),
        (sold("cancelled", HANDED, SHIPPED), SHIPMENT, [AFTER_SHIPPED], False),
        (sold("not_accepted"), SHIPMENT, [OLD], True),
        (sold("some_new_status"), ORDER, [OLD], True),
        (sold(), WriteOff.IGNORED, [OLD], False),
        (sold(), ORDER, [], True),
        (sold(handed=HANDED), ORDER, [AFTER_HANDED, OLD], True),
        (sold(handed=HANDED), ORDER, [AFTER_HANDED, replace(OLD, empty=True)], False),
        (sold(handed=HANDED), ORDER, [replace(OLD, empty=True)], True),
    ],
)
def test_until_the_stocks_are_newer_than_what_the_store_was_told(
    posting: SoldPosting, write_off: WriteOff, counts: list[StockCount], subtracted: bool
) -> None:
    assert is_unwritten(posting, write_off, counts) is subtracted


def test_what_the_store_keeps_apart_is_in_none_of_its_later_stocks() -> None:
    kept = replace(sold(handed=HANDED), reserved=True)
    assert is_unwritten(kept, SHIPMENT, [OLD])
    assert not is_unwritten(kept, SHIPMENT, [AFTER_HANDED]), "long before it is shipped"
    assert is_unwritten(replace(sold(), reserved=True), SHIPMENT, [AFTER_HANDED]), "not handed over yet"


@pytest.mark.parametrize(("made_at", "still"), [(NOW, True), (NOW + HOUR, False), (None, False)])
def test_what_was_set_apart_later_is_in_the_stocks_of_before(made_at: datetime | None, still: bool) -> None:
    kept = replace(sold(handed=HANDED), reserved=True, reserved_at=NOW + HOUR)
    assert is_unwritten(kept, SHIPMENT, [StockCount(5, made_at)]) is still
    assert not is_unwritten(kept, ORDER, [StockCount(5, made_at)]), "a store that writes off at once needs no reserve"


def test_a_line_that_was_left_out_is_not_kept_apart() -> None:
    kept = replace(sold(handed=HANDED), reserved=True, left_out=("RU-2",))
    assert not is_unwritten(kept.of_line("RU-1"), SHIPMENT, [AFTER_HANDED])
    assert is_unwritten(kept.of_line("RU-2"), SHIPMENT, [AFTER_HANDED])


def test_a_reserve_seen_again_counts_since_it_was_seen_first() -> None:
    first, again = PlacedOrder("1", reserved=True, seen_at=NOW), PlacedOrder("1", reserved=True, seen_at=NOW + HOUR)
    assert again.after(first).seen_at == NOW
    assert again.after(replace(first, reserved=False)).seen_at == NOW + HOUR
    assert replace(again, reserved=False).after(first).seen_at == NOW + HOUR
    assert again.after(None) == again


def test_goods_at_ozon_are_never_subtracted() -> None:
    assert not is_unwritten(SoldPosting(1, replace(POSTING, scheme="fbo")), SHIPMENT, [OLD])
    assert is_unwritten(SoldPosting(1, replace(POSTING, scheme="rfbs")), SHIPMENT, [OLD])


@pytest.mark.parametrize(("made_at", "newer"), [(NOW - HOUR, False), (NOW, True), (NOW + HOUR, True), (None, True)])
def test_an_export_made_before_and_imported_afterwards_is_not_newer(made_at: datetime | None, newer: bool) -> None:
    assert StockCount(5, made_at).after(HANDED) is newer
    assert not StockCount(4, made_at).after(HANDED)


@pytest.mark.parametrize(
    ("status", "delivering_at", "left"),
    [
        ("awaiting_packaging", None, False),
        ("awaiting_deliver", None, False),
        ("acceptance_in_progress", None, False),
        ("delivering", None, True),
        ("delivered", None, True),
        ("sent_by_seller", None, True),
        ("cancelled", None, False),
        ("cancelled", NOW, True),
    ],
)
def test_when_goods_have_left_the_store(status: str, delivering_at: datetime | None, left: bool) -> None:
    assert left_the_store(replace(POSTING, status=status, delivering_at=delivering_at)) is left


def test_pieces_are_summed_by_where_they_come_from() -> None:
    assert summed([(("a",), 2), ((), 1), (("a",), 3), (("a", "b"), 1), ((), 0)]) == (((), 1), (("a",), 5), (("a", "b"), 1))
