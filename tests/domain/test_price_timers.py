"""Which lowest prices are prolonged, and what is told of them."""

from datetime import UTC, datetime, timedelta

import pytest

from ozon_desktop import wording
from ozon_desktop.domain.price_timers import LASTS, KnownTimer, MinPriceTimer, Protection, protection, timer_items

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def known(offer_id: str, days: float | None, *, enabled: bool = True, read: float = 0) -> KnownTimer:
    """days: until it ends; read: how many days ago it was asked for."""
    ends = None if days is None else NOW + timedelta(days=days)
    return KnownTimer(offer_id, 1, MinPriceTimer(1, enabled, ends), NOW - timedelta(days=read))


@pytest.mark.parametrize(
    ("timer", "prolonged"),
    [
        (known("A", 7), True),
        (known("A", 7.1), False),
        (known("A", 0.01), True),
        (known("A", 0), False),
        (known("A", -1), False),
        (known("A", None), False),
        (known("A", 3, enabled=False), False),
        (KnownTimer("A", 1), False),
    ],
)
def test_a_timer_is_prolonged_in_its_last_week(timer: KnownTimer, *, prolonged: bool) -> None:
    items = timer_items([timer], frozenset(), NOW)
    assert bool(items) is prolonged
    assert timer_items([timer], frozenset({"A"}), NOW) == (), "a lowest price that is sent starts it anew"
    for item in items:
        (change,) = item.changes
        assert datetime.fromisoformat(change.new) - NOW == LASTS


@pytest.mark.parametrize(
    ("timer", "read"),
    [(known("A", 20), False), (known("A", 20, read=1), True), (known("A", 20, read=-3), True), (KnownTimer("A", 1), True)],
)
def test_timers_are_read_once_a_day_and_after_the_clock_was_set_back(timer: KnownTimer, *, read: bool) -> None:
    assert timer.to_read(NOW) is read


def test_what_is_told_is_the_first_to_end() -> None:
    found = protection([known("A", 20), known("B", 12), known("C", None), known("D", -2), KnownTimer("E", 1)], NOW)
    assert found == Protection(2, NOW + timedelta(days=12), 3)
    text = wording.protection_text(found).replace("\u00a0", " ")
    assert text == "защищает до 13.12: 2 товара; ещё не защищает: 3 товара, отправится при следующей синхронизации"
    assert wording.protection_text(protection([], NOW)) == "на Ozon ещё не отправлена"
