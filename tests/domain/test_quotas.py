"""Which cards go on which day, by what Ozon says of its quotas."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop import wording
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.quotas import Turn, per_minute, resets_at, share, turns
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem, Reason
from ozon_desktop.wording.quotas import turn_note

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
CREATE, UPDATE = ActionKind.CREATE, ActionKind.UPDATE


def limits(create: int = 1500, created: int = 0, update: int = 5000, total: int = -1, used: int = 0) -> tuple[LimitUsage, ...]:
    return (LimitUsage("total", total, used), LimitUsage("daily_create", create, created), LimitUsage("daily_update", update, 0))


def card(kind: ActionKind, offer_id: str) -> PlanItem:
    return PlanItem(kind, offer_id, offer_id, Reason.NEW_PRODUCT)


@pytest.mark.parametrize(
    ("creates", "known", "days", "beyond", "text"),
    [
        (5000, limits(), (1500, 1500, 1500, 500), 0, "сегодня 1 500, остальные 3 500 в следующие 3 дня, программа отправит их сама"),
        (4500, limits(), (1500, 1500, 1500), 0, "сегодня 1 500, остальные 3 000 завтра и послезавтра, программа отправит их сама"),
        (2000, limits(), (1500, 500), 0, "сегодня 1 500, остальные 500 завтра, программа отправит их сама"),
        (
            2000,
            limits(created=1500),
            (0, 1500, 500),
            0,
            "на сегодня лимит Ozon исчерпан, 2 000 завтра и послезавтра, программа отправит их сама",
        ),
        (20, limits(), (20,), 0, "сегодня 20"),
        (20, limits(total=100, used=90), (10,), 10, "сегодня 10, для 10 в кабинете нет места: уберите лишние товары в архив"),
        (20, limits(total=100, used=120), (), 20, "для 20 в кабинете нет места: уберите лишние товары в архив"),
        (9000, limits(create=-1), (9000,), 0, "сегодня 9 000"),
        (9000, (), (9000,), 0, "сегодня 9 000"),
        (7, limits(create=0), (0, 7), 0, "на сегодня лимит Ozon исчерпан, 7 завтра, программа отправит их сама"),
    ],
)
def test_days_of_new_cards(creates: int, known: tuple[LimitUsage, ...], days: tuple[int, ...], beyond: int, text: str) -> None:
    (turn,) = turns(creates, 0, known)
    assert turn == Turn(CREATE, days, beyond)
    assert turn.waits is (len(days) > 1 or beyond > 0)
    assert wording.turn_text(turn).replace("\u00a0", " ") == f"Новые карточки: {text}"
    note = text.replace(", программа отправит их сама", "").replace(": уберите лишние товары в архив", "")
    assert turn_note(turn).replace("\u00a0", " ") == note


def test_changed_cards_have_a_quota_of_their_own() -> None:
    assert turns(1, 7000, limits()) == (Turn(CREATE, (1,)), Turn(UPDATE, (5000, 2000)))
    assert turns(0, 0, limits()) == ()


@given(st.integers(0, 9000), st.integers(1, 2000), st.integers(0, 3000), st.integers(-1, 9000))
def test_every_card_is_in_one_day_or_has_no_place(creates: int, quota: int, used: int, total: int) -> None:
    for turn in turns(creates, 0, limits(create=quota, created=used, total=total)):
        assert sum(turn.days) + turn.beyond == creates
        assert all(number <= quota for number in turn.days)


def test_those_with_stock_go_first_and_the_rest_in_the_order_of_articles() -> None:
    items = [card(CREATE, f"A-{number}") for number in range(6)]
    shares = share(items, limits(create=3, total=5), {"A-4", "A-1"})
    assert [item.offer_id for item in shares.today] == ["A-1", "A-4", "A-0"]
    assert [item.offer_id for item in shares.later] == ["A-2", "A-3"]
    assert [item.offer_id for item in shares.beyond] == ["A-5"]
    left = [item for item in items if item not in shares.today]
    assert [item.offer_id for item in share(left, limits(create=3), {"A-4", "A-1"}).today] == ["A-2", "A-3", "A-5"]


@given(
    st.lists(st.sampled_from([CREATE, UPDATE, ActionKind.PRICE]), max_size=30), st.integers(0, 9), st.integers(0, 9), st.integers(-1, 20)
)
def test_every_create_and_update_has_its_share(kinds: list[ActionKind], create: int, update: int, total: int) -> None:
    items = [card(kind, str(number)) for number, kind in enumerate(kinds)]
    known = limits(create=create, update=update, total=total)
    shares = share(items, known, {"3", "5"})
    cards = [item for item in items if item.kind is not ActionKind.PRICE]
    assert sorted(item.offer_id for item in (*shares.today, *shares.later, *shares.beyond)) == sorted(item.offer_id for item in cards)
    told = {turn.kind: turn for turn in turns(kinds.count(CREATE), kinds.count(UPDATE), known)}
    for kind, turn in told.items():
        assert sum(1 for item in shares.today if item.kind is kind) == (turn.days[0] if turn.days else 0)
        assert sum(1 for item in shares.beyond if item.kind is kind) == turn.beyond


def test_a_quota_resets_when_ozon_says_or_at_midnight() -> None:
    at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert resets_at(CREATE, [LimitUsage("daily_create", 1, 1, at)], NOW) == at
    midnight = datetime(2026, 12, 2, tzinfo=UTC)
    assert resets_at(UPDATE, [LimitUsage("daily_create", 1, 1, at)], NOW) == midnight
    assert resets_at(CREATE, [LimitUsage("daily_create", 1, 1, NOW)], NOW) == midnight, "said of a day that is over"


def test_a_minute_has_a_quota_only_where_ozon_names_one() -> None:
    assert per_minute(limits()) is None
    assert per_minute([LimitUsage("per_minute", -1, 0)]) is None
    assert per_minute([LimitUsage("per_minute", 30, 0)]) == 30
