"""A posting is packed when exactly what was ordered was scanned, in any order, whatever else was scanned meanwhile."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.fbs import Need, ProductNeeds
from ozon_desktop.domain.marks import GS
from ozon_desktop.domain.orders import Posting, PostingProduct
from ozon_desktop.domain.packing import Packing, Scan

AT = datetime(2026, 12, 1, tzinfo=UTC)
CODES = {"4600000000015": 1, "4600000000022": 2, "4600000000008": 3, "RU-4": 4}
MARK = f"0104600000000008215serial{GS}93abcd"


def line(sku: int, count: int) -> PostingProduct:
    return PostingProduct(f"RU-{sku}", "Товар", sku, count, Decimal(1), "RUB")


ORDERED = Posting("1", "1", 1, "fbs", "awaiting_packaging", "", AT, AT, (line(1, 2), line(2, 1), line(3, 1)))
MARKED = replace(ORDERED, needs=(ProductNeeds(3, (Need.MARK,)),))


def test_items_are_counted_and_wrong_ones_named() -> None:
    packing = Packing(ORDERED, CODES)
    meant = []
    for text in ("4600000000015\n", "RU-4", "junk", "4600000000022", "4600000000022", "4600000000015", "4600000000015"):
        packing, scan, sku = packing.scan(text)
        meant.append((scan, sku))
    expected = [
        (Scan.ITEM, 1),
        (Scan.NOT_HERE, 4),
        (Scan.UNKNOWN, 0),
        (Scan.ITEM, 2),
        (Scan.TOO_MANY, 2),
        (Scan.ITEM, 1),
        (Scan.TOO_MANY, 1),
    ]
    assert meant == expected
    assert packing.left == {3: 1}
    assert packing.take_out(2).left == {2: 1, 3: 1}
    assert packing.take_out(3) == packing


def test_a_mark_names_its_product_and_puts_it_in() -> None:
    packing, scan, sku = Packing(MARKED, CODES).scan(MARK)
    assert (scan, sku, packing.left) == (Scan.MARK, 3, {1: 2, 2: 1})
    again, scan, _ = packing.scan(MARK)
    assert (again, scan) == (packing, Scan.MARK), "whether it is a double is seen where the marks are kept"
    plain, scan, sku = Packing(ORDERED, CODES).scan(MARK)
    assert (scan, sku, plain.left) == (Scan.ITEM, 3, {1: 2, 2: 1}), "a mark nobody asks for is only a name of the goods"


@given(st.lists(st.sampled_from([*CODES, "junk"]), max_size=40))
def test_complete_is_exactly_what_was_ordered(scans: list[str]) -> None:
    packing, put_in = Packing(ORDERED, CODES), Counter[int]()
    for text in scans:
        packing, scan, sku = packing.scan(text)
        put_in[sku] += scan is Scan.ITEM
    wanted = Counter({1: 2, 2: 1, 3: 1})
    assert put_in <= wanted
    assert packing.complete == (put_in == wanted)
    assert Counter(packing.left) == wanted - put_in
