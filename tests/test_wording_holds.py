"""What waits for a person, in words a manager understands."""

from collections.abc import Iterable

import pytest

from ozon_desktop import wording
from ozon_desktop.domain.held_items import HeldItem
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.domain.sync_plan import ActionKind, Hold, PlanItem, Reason, Verdict
from ozon_desktop.domain.take_back import Lasting


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def held(holds: Iterable[Hold]) -> list[PlanItem]:
    return [PlanItem(ActionKind.PRICE, "A", "Рубашка", Reason.PRICE_CHANGED, hold=hold) for hold in holds]


def test_every_hold_decision_and_remnant_has_words_of_its_own() -> None:
    assert len({wording.hold_text(hold) for hold in Hold}) == len(Hold)
    assert len({wording.verdict_text(verdict) for verdict in (*Verdict, None)}) == len(Verdict) + 1
    assert len({wording.lasting_text(lasting) for lasting in Lasting}) == len(Lasting)


def test_held_items_are_counted_by_what_they_are() -> None:
    holds = [Hold.PRICE_JUMP, Hold.MANY_PRICES, *[Hold.VANISHED] * 412, Hold.STOCK_JUMP]
    assert plain(wording.held_line(held(holds))) == "Придержано 415: 2 цены, 1 остаток, 412 исчезнувших товаров"
    items = [HeldItem(HeldKey(str(number), "x"), hold, "", ()) for number, hold in enumerate(holds)]
    assert plain(wording.held_items_text(items)).startswith("Ждут вашего решения: 2 цены, 1 остаток, 412 исчезнувших товаров. ")


@pytest.mark.parametrize(
    ("old", "new", "hold", "text"),
    [
        ("1990", "100", Hold.PRICE_JUMP, "−95 %"),
        ("100", "250", Hold.MANY_PRICES, "+150 %"),
        ("12", "4000", Hold.STOCK_JUMP, "в 333 раза"),
        ("0", "4000", Hold.STOCK_JUMP, ""),
        ("", "4000", Hold.PRICE_JUMP, ""),
        ("5", "0", Hold.VANISHED, ""),
    ],
)
def test_the_size_of_a_change_is_said(old: str, new: str, hold: Hold, text: str) -> None:
    assert plain(wording.change_size_text(old, new, hold)) == text


@pytest.mark.parametrize(
    ("vanished", "before", "text"),
    [(9, 10, "исчезнут 9 из 10 товаров"), (21, 40, "исчезнет 21 из 40 товаров"), (412, 5124, "исчезнут 412 из 5 124 товаров")],
)
def test_what_an_export_lacks_is_said(vanished: int, before: int, text: str) -> None:
    assert plain(wording.vanished_text(vanished, before)) == text
    assert text in plain(wording.lacks_text(ImportCounts(vanished=vanished, before=before)))
