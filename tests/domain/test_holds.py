"""What waits for a person, and what goes on: nothing that is released is lost, nothing that is held is sent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.holds import (
    NOTHING_ABSENT,
    OF_PRICES,
    Absences,
    HeldKey,
    confirmed,
    hold_back,
    judge_prices,
    key_of,
    much_is_missing,
    plan_id,
    prices_that_change,
    sendable,
    with_verdicts,
)
from ozon_desktop.domain.price_rules import GuardLimits
from ozon_desktop.domain.sync_plan import (
    UNSURE_STOCK,
    Accepted,
    ActionKind,
    DesiredState,
    FieldChange,
    Hold,
    PlanItem,
    Reason,
    SyncPlan,
    Verdict,
    make_plan,
)
from tests.domain.test_sync_plan import ALL, accept, desired_states, known_as, make_card, priced

CAREFUL = GuardLimits(Decimal(30), Decimal(50), at_least=1)
ONE_BY_ONE = GuardLimits(active=False)


def held(plan: SyncPlan, known: dict[str, Accepted], limits: GuardLimits = ONE_BY_ONE, **more: object) -> SyncPlan:
    guard = judge_prices(plan, known, len(known), limits)
    return hold_back(plan, known, guard, limits, **more)  # type: ignore[arg-type]


def price_item(offer_id: str, old: str, new: str) -> PlanItem:
    change = FieldChange("price", old, new)
    return PlanItem(ActionKind.PRICE, offer_id, "Рубашка", Reason.PRICE_CHANGED, (change,), price=Decimal(new))


def stock_item(offer_id: str, old: dict[int, int], new: dict[int, int]) -> tuple[PlanItem, dict[str, Accepted]]:
    changes = tuple(FieldChange(f"stock:{house}", str(old.get(house, "")), str(stock)) for house, stock in new.items())
    item = PlanItem(ActionKind.STOCK, offer_id, "Рубашка", Reason.STOCK_CHANGED, changes, stocks=tuple(new.items()))
    return item, {offer_id: Accepted(offer_id, 7, stocks=tuple(old.items()))}


# --- Prices -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "waits"),
    [("1000", "1300", False), ("1000", "1300.01", True), ("1000", "700", False), ("1000", "699.99", True), ("1990", "100", True)],
)
def test_a_price_waits_beyond_the_limit_only(old: str, new: str, waits: bool) -> None:
    plan = SyncPlan((price_item("A-1", old, new), price_item("A-2", "100", "101")))
    known = {"A-1": Accepted("A-1", 7, price=Decimal(old)), "A-2": Accepted("A-2", 8, price=Decimal(100))}
    after = held(plan, known)
    assert [item.offer_id for item in after.held] == (["A-1"] if waits else [])
    assert {item.hold for item in after.held} <= {Hold.PRICE_JUMP}
    assert "A-2" in {item.offer_id for item in after.of(ActionKind.PRICE)}


def test_a_limit_of_its_own_lets_a_larger_jump_pass() -> None:
    plan, known = SyncPlan((price_item("A-1", "100", "40"),)), {"A-1": Accepted("A-1", 7, price=Decimal(100))}
    assert held(plan, known, replace(ONE_BY_ONE, single=Decimal(60))).held == ()
    assert held(plan, known, replace(ONE_BY_ONE, single=Decimal(0))).held != ()


def test_a_card_whose_price_jumps_goes_with_the_price_ozon_has() -> None:
    card = make_card()
    known = known_as(card)
    changed = replace(card, price=Decimal(100), product=replace(card.product, name="Рубашка новая"))
    plan = make_plan([priced(changed, "200", "60")], known, frozenset(known), ALL)
    after = held(plan, known)
    (update,), (waiting,) = after.of(ActionKind.UPDATE), after.held
    assert update.payload is not None
    assert (update.payload.name, update.payload.price, update.old_price) == ("Рубашка новая", Decimal(1990), None)
    assert (waiting.kind, waiting.price, waiting.old_price, waiting.min_price) == (
        ActionKind.PRICE,
        Decimal(100),
        Decimal(200),
        Decimal(60),
    )
    assert prices_that_change(SyncPlan(after.of(ActionKind.UPDATE)), known) == []


def test_a_held_price_takes_away_the_one_before_the_discount_as_its_card_would_have() -> None:
    known = known_as(make_card(), old_price=Decimal(2490))
    plan = make_plan([DesiredState(make_card(name="Рубашка новая", price=Decimal(100)))], known, frozenset(known), ALL)
    card, price = held(plan, known).items
    assert (card.payload.price if card.payload else None, card.old_price) == (Decimal(1990), Decimal(2490))
    assert (price.hold, price.price, price.old_price) == (Hold.PRICE_JUMP, Decimal(100), Decimal(0))
    assert [(change.field, change.old, change.new) for change in price.changes] == [("price", "1990", "100"), ("old_price", "2490", "")]
    assert price.lost


def test_many_prices_wait_all_and_come_back_when_confirmed() -> None:
    card, other = make_card(), make_card("A-2")
    known = known_as(card) | known_as(other)
    dearer = replace(card, price=Decimal(9990), product=replace(card.product, name="Рубашка новая"))
    wanted = [priced(dearer, "12000", "6000"), priced(replace(other, price=Decimal(1991))), DesiredState(make_card("A-3"), ((1, 1),))]
    plan = make_plan(wanted, known, frozenset(known), ALL)
    after = held(plan, known, CAREFUL)
    assert {(item.offer_id, item.hold) for item in after.held} == {("A-1", Hold.MANY_PRICES), ("A-2", Hold.MANY_PRICES)}
    assert after.of(ActionKind.CREATE) == plan.of(ActionKind.CREATE)
    assert after.of(ActionKind.STOCK) == plan.of(ActionKind.STOCK)
    assert [change.field for change in after.held[0].changes] == ["price", "old_price", "min_price"]
    prices = {item.offer_id: (item.price, item.old_price, item.min_price) for item in confirmed(after, OF_PRICES).of(ActionKind.PRICE)}
    assert prices == {"A-1": (Decimal(9990), Decimal(12000), Decimal(6000)), "A-2": (Decimal(1991), None, None)}


@settings(max_examples=60, deadline=None)
@given(desired_states(), desired_states(), st.sampled_from([CAREFUL, ONE_BY_ONE]))
def test_holding_and_confirming_leads_where_the_plan_would(
    before: list[DesiredState], after: list[DesiredState], limits: GuardLimits
) -> None:
    known = accept(make_plan(before, {}, frozenset(), ALL), {})
    plan = make_plan(after, known, frozenset(known), ALL)
    waiting = held(plan, known, limits)
    there = accept(sendable(confirmed(waiting)), known)
    assert make_plan(after, there, frozenset(there), ALL).items == ()
    only_free = accept(sendable(waiting), known)
    for item in waiting.held:
        assert only_free[item.offer_id].price == known[item.offer_id].price


# --- Stocks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "held_houses"),
    [
        ({1: 12}, {1: 4000}, {1}),
        ({1: 12}, {1: 1000}, set()),
        ({1: 12}, {1: 1200}, set()),
        ({1: 100}, {1: 5000}, set()),
        ({1: 0}, {1: 1001}, {1}),
        ({1: 0}, {1: 1000}, set()),
        ({}, {1: 4000}, set()),
        ({1: UNSURE_STOCK}, {1: 4000}, set()),
        ({1: 5000, 2: 0}, {1: 0, 2: 5000}, set()),
        ({1: 5, 2: 9}, {1: 5000, 2: 3}, {1}),
    ],
)
def test_only_a_real_rise_beyond_both_limits_waits(old: dict[int, int], new: dict[int, int], held_houses: set[int]) -> None:
    item, known = stock_item("A-1", old, new)
    after = held(SyncPlan((item,)), known)
    assert {house for waiting in after.held for house, _ in waiting.stocks} == held_houses
    assert {waiting.hold for waiting in after.held} <= {Hold.STOCK_JUMP}
    sent = {house: stock for free in after.of(ActionKind.STOCK) for house, stock in free.stocks}
    assert sent == {house: stock for house, stock in new.items() if house not in held_houses}


@given(
    st.dictionaries(st.integers(1, 3), st.integers(-1, 20_000), max_size=3),
    st.dictionaries(st.integers(1, 3), st.integers(0, 900_000), min_size=1, max_size=3),
)
def test_a_lower_stock_never_waits_and_released_ones_go_together(old: dict[int, int], new: dict[int, int]) -> None:
    item, known = stock_item("A-1", old, new)
    after = held(SyncPlan((item,)), known)
    for waiting in after.held:
        assert all(stock > old[house] for house, stock in waiting.stocks)
        assert len(waiting.stocks) == len(waiting.changes)
    (joined,) = sendable(confirmed(after)).items
    assert dict(joined.stocks) == new


# --- What is missing from an export ---------------------------------------------------------------------------------------


def gone(number: int) -> SyncPlan:
    return SyncPlan(tuple(PlanItem(ActionKind.ARCHIVE, f"A-{n}", "Рубашка", Reason.DELETED_IN_STORE) for n in range(number)))


def absent(number: int, alive: int, imports: int = 1) -> Absences:
    offers = {f"A-{n}": n % imports for n in range(number)}
    counts = {which: sum(1 for value in offers.values() if value == which) for which in range(imports)}
    return Absences(offers, counts, alive)


@pytest.mark.parametrize(
    ("missing", "alive", "on_ozon", "waits"),
    [
        (10, 180, 180, True),
        (10, 190, 190, False),
        (9, 1, 1, False),
        (412, 4712, 4712, True),
        (12, 5000, 5000, False),
        (10, 5000, 100, True),
    ],
)
def test_products_wait_that_are_missing_too_many_at_once(missing: int, alive: int, on_ozon: int, waits: bool) -> None:
    plan = gone(missing)
    vanished = absent(missing, alive).too_many(plan, on_ozon)
    after = held(plan, {}, vanished=vanished)
    assert {item.hold for item in after.held} == ({Hold.VANISHED} if waits else set())
    assert len(after.of(ActionKind.ARCHIVE)) == (0 if waits else missing)


def test_an_export_that_lacks_much_of_the_store_counts_also_where_few_cards_are_on_ozon() -> None:
    plan = gone(3)
    offers = {item.offer_id: 4 for item in plan.items}
    assert Absences(offers, {4: 900}, 100).too_many(plan, 500) == frozenset(offers)


def test_exports_that_lack_a_little_each_are_summed_up_until_decided() -> None:
    assert absent(12, 190, imports=4).too_many(gone(12), 190) == frozenset(f"A-{n}" for n in range(12))


def test_a_deletion_and_a_stock_that_the_store_states_never_wait() -> None:
    zero, known = stock_item("A-1", {1: 50}, {1: 0})
    plan = SyncPlan((zero, *gone(50).items))
    assert NOTHING_ABSENT.too_many(plan, 60) == frozenset()
    assert held(plan, known, vanished=NOTHING_ABSENT.too_many(plan, 60)).held == ()


def test_a_zero_for_a_product_the_offers_do_not_mention_waits_and_its_price_does_not() -> None:
    zero, known = stock_item("A-1", {1: 50}, {1: 0})
    plan = SyncPlan((zero, price_item("A-1", "100", "101")))
    after = held(plan, known, vanished=frozenset({"A-1"}))
    assert [(item.kind, item.hold) for item in after.held] == [(ActionKind.STOCK, Hold.VANISHED)]


@pytest.mark.parametrize(
    ("missing", "before", "much"),
    [(9, 10, True), (2, 4, True), (1, 2, False), (1, 1, False), (10, 199, True), (10, 200, False), (0, 0, False)],
)
def test_an_import_announces_what_is_worth_a_word(missing: int, before: int, much: bool) -> None:
    assert much_is_missing(missing, before) is much


# --- Decisions ------------------------------------------------------------------------------------------------------------


def test_a_decision_is_about_one_change_old_and_new() -> None:
    plan, known = SyncPlan((price_item("A-1", "1990", "100"),)), {"A-1": Accepted("A-1", 7, price=Decimal(1990))}
    (item,) = held(plan, known).held
    key = key_of(item)
    assert key == HeldKey("A-1", "price", "price: 1990 > 100")
    released = held(plan, known, decided={key: Verdict.SEND})
    assert released.held == ()
    assert [sent.price for sent in sendable(released).of(ActionKind.PRICE)] == [Decimal(100)]
    kept = held(plan, known, decided={key: Verdict.KEEP})
    assert (len(kept.held), kept.undecided, sendable(kept).items) == (1, (), ())
    other = SyncPlan((price_item("A-1", "1990", "101"),))
    assert len(held(other, known, decided={key: Verdict.SEND}).undecided) == 1
    assert with_verdicts(released, {}).undecided == (item,)


def test_confirming_a_plan_releases_guards_and_neither_answers_questions_nor_overrules_decisions() -> None:
    items = tuple(replace(price_item(f"A-{hold}", "1", "2"), hold=hold) for hold in Hold)
    kept = replace(price_item("A-9", "1", "2"), hold=Hold.PRICE_JUMP, verdict=Verdict.KEEP)
    sent = {item.offer_id for item in sendable(confirmed(SyncPlan((*items, kept)))).items}
    assert sent == {f"A-{hold}" for hold in Hold} - {"A-unanswered", "A-taken_back", "A-doubtful"}


def test_a_plan_is_named_by_all_it_could_send() -> None:
    one, two = price_item("A-1", "1990", "100"), price_item("A-2", "1", "2")
    name = plan_id(SyncPlan((one, two)), 1)
    assert name == plan_id(SyncPlan((replace(one, hold=Hold.PRICE_JUMP), two)), 1), "confirming sends it as well"
    others = [
        SyncPlan((one,)),
        SyncPlan((one, price_item("A-2", "1", "3"))),
        SyncPlan((replace(one, hold=Hold.UNANSWERED), two)),
        SyncPlan((replace(one, hold=Hold.PRICE_JUMP, verdict=Verdict.KEEP), two)),
        SyncPlan((replace(one, old_price=Decimal(5)), two)),
        SyncPlan(()),
    ]
    names = [plan_id(plan, 1) for plan in others]
    assert names[2] == names[3], "neither would send it"
    assert len({name, *names, plan_id(SyncPlan((one, two)), 2)}) == len(others) + 1
    skip = PlanItem(ActionKind.SKIP, "A-3", "Рубашка", Reason.NOT_READY)
    assert plan_id(SyncPlan((one, two, skip)), 1) == name
