"""The plan: what was just accepted is not planned again, what changed is, and what is not ready is skipped with its reasons."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.card import Card, CardProblem, Dimensions, FilledField, Origin, ProblemCode
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import Attribute, OzonType, TypeKey
from ozon_desktop.domain.price_rules import PriceFault, PriceProblem
from ozon_desktop.domain.pricing import money
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.sync_plan import (
    Accepted,
    ActionKind,
    DesiredState,
    Part,
    PlanItem,
    Reason,
    SyncPlan,
    archive_items,
    make_plan,
    zero_items,
)

ALL = frozenset(Part)
SHIRT = OzonType(TypeKey(101, 1001), "Рубашка")
BRAND = Attribute(85, "Бренд", dictionary_id=1)
MODEL = Attribute(9048, "Название модели")
texts = st.text("абвё АБВ-1", min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
money_values = st.decimals("0.01", "99999", places=2).map(money)
stock_pairs = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 99)), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)


def make_card(
    offer_id: str = "A-1", name: str = "Рубашка", price: Decimal = Decimal(1990), *, model: str = "Лён", weight: int = 350
) -> Card:
    fields = (FilledField(BRAND, ((5, "Ромашка"),), Origin.PRODUCT), FilledField(MODEL, ((0, model),), Origin.AUTOMATIC))
    product = Product(f"id-{offer_id}", offer_id, name, pictures=("https://shop.example/1.jpg",))
    return Card(product, offer_id, SHIRT, fields, Dimensions(300, 200, 40, weight), price, VatRate.VAT_22, "RUB")


def accept(plan: SyncPlan, before: dict[str, Accepted]) -> dict[str, Accepted]:
    """What is known after Ozon took every item of the plan."""
    known = dict(before)
    for item in plan.items:
        old = known.get(item.offer_id, Accepted(item.offer_id))
        if item.payload is not None:
            old = replace(old, product_id=7, payload=item.payload, price=item.payload.price)
        if item.kind is ActionKind.PRICE:
            old = replace(old, price=item.price)
        if item.kind is ActionKind.STOCK:
            old = replace(old, stocks=tuple({**dict(old.stocks), **dict(item.stocks)}.items()))
        known[item.offer_id] = old
    return known


@st.composite
def desired_states(draw: st.DrawFn) -> list[DesiredState]:
    offers = draw(st.lists(st.sampled_from([f"A-{number}" for number in range(8)]), unique=True, max_size=6))
    return [
        DesiredState(
            make_card(offer, draw(texts), draw(money_values), model=draw(texts), weight=draw(st.integers(10, 30_000))), draw(stock_pairs)
        )
        for offer in offers
    ]


@given(desired_states())
def test_what_was_just_accepted_is_not_planned_again(wanted: list[DesiredState]) -> None:
    first = make_plan(wanted, {}, frozenset(), ALL)
    assert first.counts()[ActionKind.CREATE] == len(wanted)
    known = accept(first, {})
    assert make_plan(wanted, known, frozenset(known), ALL).items == ()


@given(desired_states(), desired_states())
def test_one_plan_leads_from_any_state_to_the_wanted_one(before: list[DesiredState], after: list[DesiredState]) -> None:
    known = accept(make_plan(before, {}, frozenset(), ALL), {})
    plan = make_plan(after, known, frozenset(known), ALL)
    there = accept(plan, known)
    assert make_plan(after, there, frozenset(there), ALL).items == ()
    for desired in after:
        assert there[desired.card.offer_id].price == desired.card.price
        assert dict(there[desired.card.offer_id].stocks).items() >= dict(desired.stocks).items()


@given(desired_states(), st.sets(st.sampled_from(Part)))
def test_parts_that_are_off_are_not_planned(wanted: list[DesiredState], parts: set[Part]) -> None:
    kinds = {item.kind for item in make_plan(wanted, {}, frozenset(), frozenset(parts)).items}
    if Part.PRODUCTS not in parts:
        assert kinds <= {ActionKind.SKIP}
    if Part.STOCKS not in parts:
        assert ActionKind.STOCK not in kinds


def known_as(card: Card, **changes: object) -> dict[str, Accepted]:
    base = Accepted(card.offer_id, 7, card.payload(), card.price, ((1, 5),))
    return {card.offer_id: replace(base, **changes)}  # type: ignore[arg-type]


def plan_of(card: Card, known: dict[str, Accepted], stocks: tuple[tuple[int, int], ...] = ((1, 5),)) -> tuple[PlanItem, ...]:
    return make_plan([DesiredState(card, stocks)], known, frozenset(known), ALL).items


def test_price_goes_alone_and_with_the_card_when_that_is_sent() -> None:
    card = make_card()
    dearer = replace(card, price=Decimal(2090))
    (price,) = plan_of(dearer, known_as(card))
    assert (price.kind, price.price, price.reason) == (ActionKind.PRICE, Decimal(2090), Reason.PRICE_CHANGED)
    (update,) = plan_of(replace(dearer, product=replace(card.product, name="Рубашка новая")), known_as(card))
    assert update.kind is ActionKind.UPDATE
    assert [change.field for change in update.changes] == ["name", "price"]
    assert update.payload is not None
    assert update.payload.price == Decimal(2090)


def test_only_the_warehouses_that_changed_are_sent() -> None:
    card = make_card()
    (item,) = plan_of(card, known_as(card, stocks=((1, 5), (2, 3))), ((1, 5), (2, 0), (3, 1)))
    assert (item.kind, item.stocks) == (ActionKind.STOCK, ((2, 0), (3, 1)))
    assert [(change.field, change.old, change.new) for change in item.changes] == [("stock:2", "3", "0"), ("stock:3", "", "1")]


def test_card_known_to_exist_is_updated_never_created() -> None:
    card = make_card()
    items = make_plan([DesiredState(card)], {}, frozenset({card.offer_id}), ALL).items
    assert (items[0].kind, items[0].reason) == (ActionKind.UPDATE, Reason.ADOPTED)


def test_refused_card_is_not_sent_again_until_it_changes() -> None:
    card = make_card()
    known = known_as(card, payload=None, refused=card.payload())
    assert [(item.kind, item.reason) for item in plan_of(card, known)] == [(ActionKind.SKIP, Reason.REFUSED_UNCHANGED)]
    changed = replace(card, product=replace(card.product, name="Рубашка исправленная"))
    assert [item.kind for item in plan_of(changed, known)] == [ActionKind.UPDATE]


PRICE_AND_STOCK = {ActionKind.SKIP, ActionKind.PRICE, ActionKind.STOCK}


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        (ProblemCode.NAME_TOO_LONG, PRICE_AND_STOCK),
        (ProblemCode.REQUIRED_EMPTY, PRICE_AND_STOCK),
        (ProblemCode.CURRENCY, {ActionKind.SKIP, ActionKind.STOCK}),
        (ProblemCode.OFFER_ID_DUPLICATE, {ActionKind.SKIP}),
    ],
)
def test_card_that_is_not_ready_keeps_selling_with_numbers_that_can_be_trusted(code: ProblemCode, kinds: set[ActionKind]) -> None:
    card = make_card()
    worse = replace(card, price=Decimal(2090), problems=(CardProblem(code, "x"),))
    items = plan_of(worse, known_as(card), ((1, 4),))
    assert {item.kind for item in items} == kinds
    assert items[-1].problems == worse.problems
    assert [item.kind for item in make_plan([DesiredState(worse, ((1, 4),))], {}, frozenset(), ALL).items] == [ActionKind.SKIP]


def test_missing_picture_only_warns() -> None:
    card = replace(make_card(), problems=(CardProblem(ProblemCode.PICTURE_MISSING, "images"),))
    assert [item.kind for item in make_plan([DesiredState(card)], {}, frozenset(), ALL).items] == [ActionKind.CREATE]


def test_items_stand_in_the_order_of_the_preview() -> None:
    old = make_card("A-2")
    broken = replace(make_card("A-1"), problems=(CardProblem(ProblemCode.NAME_EMPTY, "name"),))
    plan = make_plan(
        [DesiredState(broken), DesiredState(old, ((1, 9),)), DesiredState(make_card("A-3"))], known_as(old), frozenset({"A-2"}), ALL
    )
    assert [item.kind for item in plan.items] == [ActionKind.CREATE, ActionKind.STOCK, ActionKind.SKIP]
    assert plan.changes == 2


def test_only_what_ozon_shows_is_archived() -> None:
    known = {"A": Accepted("A", 1), "B": Accepted("B", 2, archived=True), "C": Accepted("C")}
    items = archive_items([(offer, f"Товар {offer}") for offer in "ABCD"], known)
    assert [(item.offer_id, item.kind, item.reason) for item in items] == [("A", ActionKind.ARCHIVE, Reason.DELETED_IN_STORE)]


# --- Prices beside the selling price, and prices that wait ------------------------------------------------------------


def priced(card: Card, old: str | None = None, minimum: str | None = None, *problems: PriceProblem) -> DesiredState:
    old_price, minimum_price = (None if text is None else Decimal(text) for text in (old, minimum))
    return DesiredState(card, ((1, 5),), old_price, minimum_price, problems)


def items_of(desired: DesiredState, known: dict[str, Accepted]) -> list[tuple[ActionKind, Reason, list[tuple[str, str, str]]]]:
    items = make_plan([desired], known, frozenset(known), ALL).items
    return [(item.kind, item.reason, [(change.field, change.old, change.new) for change in item.changes]) for item in items]


def test_prices_are_sent_together_and_reported_apart() -> None:
    card = make_card()
    known = known_as(card, old_price=Decimal(2500), min_price=Decimal(1500))
    assert items_of(priced(card), known) == [], "without rules they are left alone"
    assert items_of(priced(card, "2500", "1500"), known) == []
    assert items_of(priced(card, "2500", "1600"), known) == [(ActionKind.PRICE, Reason.PRICE_CHANGED, [("min_price", "1500", "1600")])]
    assert items_of(priced(card, "0", "1500"), known) == [(ActionKind.PRICE, Reason.PRICE_CHANGED, [("old_price", "2500", "")])]
    assert items_of(priced(card, "0", "0"), known_as(card)) == [], "what was never there need not be taken away"
    (item,) = make_plan([priced(card, "2600", "1500")], known, frozenset(known), ALL).items
    assert (item.price, item.old_price, item.min_price) == (card.price, Decimal(2600), Decimal(1500))


def test_prices_that_do_not_fit_together_are_skipped_with_their_problem() -> None:
    card, problem = make_card(), PriceProblem(PriceFault.MIN_TOO_SMALL, "min_price", Decimal(1990), Decimal(10))
    desired = priced(card, "2500", "10", problem)
    (item,) = make_plan([desired], known_as(card), frozenset({card.offer_id}), ALL).items
    assert (item.kind, item.reason, item.price_problems) == (ActionKind.SKIP, Reason.PRICE_NOT_ALLOWED, (problem,))
    created = make_plan([desired], {}, frozenset(), ALL)
    assert created.counts()[ActionKind.CREATE] == 1
    assert created.of(ActionKind.CREATE)[0].old_price is None


def test_card_carries_its_price_before_the_discount_and_only_the_lowest_one_follows() -> None:
    plan = make_plan([priced(make_card(), "2500", "1500")], {}, frozenset(), ALL)
    assert plan.of(ActionKind.CREATE)[0].old_price == Decimal(2500)
    assert [change.field for change in plan.of(ActionKind.PRICE)[0].changes] == ["min_price"]
    assert make_plan([priced(make_card(), "2500")], {}, frozenset(), ALL).of(ActionKind.PRICE) == ()


def test_gone_products_are_offered_no_more_where_cards_are_not_sent() -> None:
    known = {"A": Accepted("A", 1, stocks=((1, 4), (2, 0))), "B": Accepted("B", 2), "C": Accepted("C", 3, stocks=((1, 1),), archived=True)}
    (item,) = zero_items([(offer, "Товар") for offer in "ABCD"], known)
    assert (item.kind, item.offer_id, item.stocks, item.reason) == (ActionKind.STOCK, "A", ((1, 0),), Reason.DELETED_IN_STORE)
