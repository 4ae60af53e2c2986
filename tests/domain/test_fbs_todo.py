"""The list of the day: most urgent first, on the shop's calendar, with the price of waiting; and what to fetch for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.fbs import Need, ProductNeeds, TariffStep
from ozon_desktop.domain.fbs_todo import Step, Urgency, adds_up, costs, picking, picking_order, pieces_of, todo
from ozon_desktop.domain.orders import Posting, PostingProduct

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def posting(number: str, *lines: tuple[str, int], **changes: object) -> Posting:
    products = tuple(PostingProduct(offer, f"Товар {offer}", 100 + ord(offer[0]), count, Decimal(100), "RUB") for offer, count in lines)
    made = Posting(number, "10", 10, "fbs", "awaiting_packaging", "posting_created", NOW, NOW + HOUR, products)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_most_urgent_come_first_and_today_is_the_shops_day() -> None:
    late = posting("late", ("a", 1), shipment_date=NOW - HOUR)
    # 21:30 in UTC is tomorrow in Moscow.
    tomorrow = posting("tomorrow", ("a", 1), shipment_date=NOW.replace(hour=21, minute=30))
    unknown = posting("unknown", ("a", 1), shipment_date=None)
    others = [posting("gone", ("a", 1), status="cancelled"), posting("fbo", ("a", 1), scheme="fbo"), posting("way", status="delivering")]
    lines = todo([unknown, tomorrow, posting("today", ("a", 1)), late, *others], NOW, MOSCOW)
    assert [(line.posting.posting_number, line.urgency) for line in lines] == [
        ("late", Urgency.OVERDUE),
        ("today", Urgency.TODAY),
        ("tomorrow", Urgency.LATER),
        ("unknown", Urgency.UNKNOWN),
    ]


def test_each_posting_says_what_is_next() -> None:
    marked = posting("m", ("a", 1), needs=(ProductNeeds(197, (Need.MARK, Need.GTD, Need.POSSIBLE_MARK)),))
    possible = posting("p", ("a", 1), needs=(ProductNeeds(197, (Need.POSSIBLE_MARK,)),))
    failed = posting("f", ("a", 1), substatus="ship_failed")
    packed = posting("h", ("a", 1), status="awaiting_deliver")
    asked = posting("w", ("a", 1))
    steps = {
        line.posting.posting_number: (line.step, line.failed) for line in todo([marked, possible, failed, packed, asked], NOW, UTC, ["w"])
    }
    assert steps == {
        "m": (Step.FILL, False),
        "p": (Step.ASSEMBLE, False),
        "f": (Step.ASSEMBLE, True),
        "h": (Step.HAND_OVER, False),
        "w": (Step.WAIT, False),
    }


def test_the_price_of_waiting_is_what_the_posting_says() -> None:
    steps = [
        TariffStep("discount", Decimal(3), Decimal(0), "RUB", NOW + HOUR),
        TariffStep("no_discount", Decimal(0), Decimal(0), "RUB", NOW + 2 * HOUR),
        TariffStep("commission", Decimal(1), Decimal(50), "RUB", None),
    ]
    assert costs(steps, NOW) == (steps[0], steps[1])
    assert costs(steps, NOW + HOUR) == (steps[1], steps[2])
    assert costs(steps, NOW + 99 * HOUR) == (steps[2], None)
    assert costs([], NOW) == (None, None)


def test_an_article_is_fetched_once_for_all_postings() -> None:
    postings = [posting("1", ("b", 2), ("a", 1)), posting("2", ("b", 1)), posting("3", ("A", 4))]
    assert [(line.offer_id, line.quantity, line.parts) for line in picking(postings)] == [
        ("A", 4, (("3", 4),)),
        ("a", 1, (("1", 1),)),
        ("b", 3, (("1", 2), ("2", 1))),
    ]
    assert [one.posting_number for one in picking_order(postings)] == ["3", "1", "2"]


counts = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), min_size=1)


@given(st.lists(counts, min_size=1, max_size=4), st.data())
def test_packages_add_up_exactly_when_they_are_the_posting(packages: list[dict[str, int]], data: st.DataObject) -> None:
    total: dict[str, int] = {}
    for package in packages:
        for offer, count in package.items():
            total[offer] = total.get(offer, 0) + count
    one = posting("1", *total.items())
    by_sku = [{100 + ord(offer): count for offer, count in package.items()} for package in packages]
    assert adds_up(one, by_sku)
    assert sum(pieces_of(one).values()) == sum(line.quantity for line in picking([one]))
    spoilt = data.draw(st.sampled_from(by_sku))
    sku = data.draw(st.sampled_from(sorted(spoilt)))
    spoilt[sku] += data.draw(st.sampled_from([-1, 1]))
    assert not adds_up(one, by_sku)
    assert not adds_up(one, [*by_sku, {}])
