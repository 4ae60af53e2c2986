"""The quick plan equals the one that builds every card, whatever changed, and builds only what it must."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.card_differences import Side, SideChoice
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, RuleKind
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import DictionaryValue
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.sync_plan import ActionKind, Part, PlanItem, Reason
from ozon_desktop.services.sync.parts.plan_maker import Made, plan_of
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.tables import store_stocks
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.catalog.collecting import open_database
from tests.services.large_shop import ALL, BRAND, NOW, TYPE, accept, export, fill, imports, price, product, stock, whole_plan

PRODUCTS = 12
Change = Callable[[UnitOfWork, int], None]


@pytest.fixture
def settled(tmp_path: Path) -> Iterator[tuple[Database, int]]:
    """A shop whose products are all on Ozon, and a plan that found so."""
    database = open_database(tmp_path)
    integration = fill(database, PRODUCTS)
    made = make(database, integration)
    assert made.plan.counts()[ActionKind.CREATE] == PRODUCTS
    database.run_sync(lambda unit: accept(unit, integration, made.plan))
    assert make(database, integration).plan.items == ()
    assert make(database, integration).built == 0
    yield database, integration
    database.close()


def make(database: Database, integration: int, parts: frozenset[Part] = ALL) -> Made:
    return database.run_sync(lambda unit: plan_of(unit, integration, parts))


def named(items: tuple[PlanItem, ...]) -> list[tuple[str, ActionKind]]:
    return [(item.offer_id, item.kind) for item in items]


def products(*changed: Product) -> Change:
    return lambda unit, _: imports(unit, changed)


def settings(**changes: object) -> Change:
    def work(unit: UnitOfWork, integration: int) -> None:
        known = unit.integrations.get(integration)
        unit.integrations.save(replace(known, settings=replace(known.settings, **changes)))  # type: ignore[arg-type]

    return work


def no_properties(number: int) -> Product:
    return replace(product(number), properties=(("Бренд", "Неведомая"),))


CHANGES: dict[str, tuple[Change, int, int]] = {
    # name: what changes, cards built, items planned
    "name": (products(product(1, name="Рубашка новая")), 1, 1),
    "brand": (products(product(1, brand="Марка 7")), 1, 1),
    "description": (products(replace(product(1), description="другое")), 1, 0),
    "barcode": (products(replace(product(1), barcodes=("4600000000000",))), 1, 1),
    "picture": (products(replace(product(1), pictures=("https://shop.example/new.jpg",))), 1, 1),
    "not ready": (products(no_properties(1)), 1, 1),
    "new": (products(replace(product(77), properties=product(1).properties)), 1, 1),
    "article that another has": (products(replace(product(78), offer_id="A-000001")), 1, 1),
    "deleted": (lambda unit, _: imports(unit, [record for record in export(PRODUCTS) if not str(record).count("id-000003")]), 0, 1),
    "price": (lambda unit, _: imports(unit, [price(1, Decimal(777)), price(2, Decimal("502.00"))]), 0, 1),
    "no price": (lambda unit, _: imports(unit, [replace(price(1), value=Decimal(0))]), 1, 1),
    "other currency": (lambda unit, _: imports(unit, [replace(price(1), currency="USD")]), 1, 1),
    "stock": (lambda unit, _: imports(unit, [stock(1, 33), stock(2, 2)]), 0, 1),
    "saved field": (lambda unit, id_: unit.cards.save(id_, SavedFields("id-000001", TYPE, {7000: ((0, "вручную"),)})), 1, 1),
    "pictures in order": (
        lambda unit, id_: unit.cards.save_pictures(id_, PictureChoice("id-000001", main="https://shop.example/1/2.jpg")),
        1,
        1,
    ),
    "rule": (
        lambda unit, id_: unit.cards.save_rule(id_, FieldRule(ALL_CATEGORIES, 7001, RuleKind.CONSTANT, ((0, "одно"),))),
        PRODUCTS,
        PRODUCTS,
    ),
    "rule of a category": (
        lambda unit, id_: unit.cards.save_rule(id_, FieldRule("c1", 7001, RuleKind.CONSTANT, ((0, "одно"),))),
        PRODUCTS,
        1,
    ),
    "mapping": (lambda unit, id_: void(unit.mappings.apply(id_, "убрать", {"c1": None}, NOW, "")), PRODUCTS, 1),
    "VAT": (settings(vat_rate=VatRate.VAT_10), PRODUCTS, PRODUCTS),
    "field required": (
        lambda unit, _: unit.ozon.save_attributes(TYPE, [replace(one, is_required=True) for one in unit.ozon.attributes(TYPE)], NOW),
        PRODUCTS,
        0,
    ),
    "values": (lambda unit, _: unit.ozon.save_values(BRAND, [DictionaryValue(900, "Марка новая")]), PRODUCTS, 0),
    "another article": (lambda unit, id_: unit.sync.save_link(id_, "id-000001", "X-1"), 1, 2),
}


def void(_: object) -> None:
    """Makes a call a statement."""


@pytest.mark.parametrize("name", CHANGES)
def test_plan_equals_the_one_that_builds_everything(settled: tuple[Database, int], name: str) -> None:
    database, integration = settled
    change, built, planned = CHANGES[name]
    database.run_sync(lambda unit: change(unit, integration))
    for parts in (ALL, frozenset({Part.PRICES, Part.STOCKS}), frozenset({Part.PRODUCTS})):
        quick = make(database, integration, parts)
        assert quick.plan == database.run_sync(partial(whole_plan, integration_id=integration, parts=parts)), parts
        if parts == ALL:
            assert (quick.built, len(quick.plan.items)) == (built, planned)
            fresh = quick
    database.run_sync(lambda unit: accept(unit, integration, fresh.plan))
    make(database, integration)
    ready = [item for item in make(database, integration).plan.items if item.kind is not ActionKind.SKIP]
    assert ready == [], "what was accepted is not planned again"


def test_only_what_was_accepted_as_planned_is_not_built_again(tmp_path: Path) -> None:
    """Of a first plan: one card is refused, one accepted as an older plan had it, one changed meanwhile, one never sent, one archived."""
    database = open_database(tmp_path)
    integration = fill(database, PRODUCTS)
    plan = make(database, integration).plan

    def answer(unit: UnitOfWork) -> None:
        accept(unit, integration, plan)
        known = unit.plan.accepted_whole(integration, [f"A-{number:06}" for number in range(5)])
        first, second, third = (known[f"A-{number:06}"] for number in range(3))
        assert second.payload is not None
        unit.sync.save_accepted(
            integration,
            [
                replace(first, payload=None, refused=first.payload),
                replace(second, payload=replace(second.payload, name="Прежнее имя")),
                replace(third, archived=True),
                replace(known["A-000003"], payload=None, product_id=0),
            ],
        )
        imports(unit, [product(4, name="Имя новое")])

    database.run_sync(answer)
    made = make(database, integration)
    assert made.built == 5
    assert made.plan == database.run_sync(lambda unit: whole_plan(unit, integration))
    of_cards = {ActionKind.SKIP, ActionKind.UPDATE, ActionKind.CREATE}
    assert {item.offer_id: item.kind for item in made.plan.items if item.kind in of_cards} == {
        "A-000000": ActionKind.SKIP,
        "A-000001": ActionKind.UPDATE,
        "A-000002": ActionKind.UPDATE,
        "A-000003": ActionKind.CREATE,
        "A-000004": ActionKind.UPDATE,
    }
    database.close()


def test_card_that_was_forgotten_is_looked_at_again(settled: tuple[Database, int]) -> None:
    """An interrupted run leaves unknown what Ozon has."""
    database, integration = settled

    def forget(unit: UnitOfWork) -> None:
        known = unit.plan.accepted_whole(integration, ["A-000004"])["A-000004"]
        unit.sync.save_accepted(integration, [replace(known, payload=None)])

    database.run_sync(forget)
    made = make(database, integration)
    assert [(item.offer_id, item.reason) for item in made.plan.items] == [("A-000004", Reason.ADOPTED)]


def test_card_that_is_to_be_sent_again_is(settled: tuple[Database, int]) -> None:
    database, integration = settled
    database.run_sync(lambda unit: unit.cabinet.forget_sent(integration, ["A-000004"]))
    assert named(make(database, integration).plan.items) == [("A-000004", ActionKind.UPDATE)]


def test_stock_that_ozon_is_right_about_is_left_alone(settled: tuple[Database, int]) -> None:
    database, integration = settled

    def choose(unit: UnitOfWork) -> None:
        unit.cabinet.save(
            integration, [CachedCard(2, "A-000001", "Рубашка", price=Decimal(501))], unit.cabinet.start_load(integration, NOW), NOW
        )
        unit.cabinet.choose_sides(integration, [SideChoice("id-000001", "stock", Side.OZON)])
        imports(unit, [stock(1, 30), stock(2, 30)])

    database.run_sync(choose)
    assert named(make(database, integration).plan.items) == [("A-000002", ActionKind.STOCK)]


def test_store_that_says_nothing_of_stocks_leaves_ozons_alone(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    integration = fill(database, 3)
    made = make(database, integration)
    database.run_sync(lambda unit: accept(unit, integration, made.plan))
    database.run_sync(lambda unit: void(unit.store._connection.execute(delete(store_stocks))))
    assert make(database, integration).plan.items == ()
    database.close()


def test_variants_are_outlined_as_they_are_sold(settled: tuple[Database, int]) -> None:
    database, _ = settled
    parent = replace(product(50), offer_id="P")
    variants = [Product(f"id-000050#{size}", f"P-{size}", "", parent_id=parent.id, properties=(("Размер", size),)) for size in ("S", "M")]
    orphan = Product("lost#1", "L-1", "Потерянный", parent_id="lost")
    gone = replace(product(51), offer_id="G")
    single = Product("id-000051#S", "G-S", "", parent_id=gone.id, deleted=True)
    known_by_offers = Product("late", "LATE", "", "", has_card=False)
    database.run_sync(lambda unit: imports(unit, [parent, *variants, orphan, gone, single, known_by_offers, price(1)]))

    def compare(unit: UnitOfWork) -> None:
        for structure in ("s", None, "other"):
            sold, _ = unit.plan.outlines(structure)
            whole = unit.store.products(structure)
            assert {outline.id for outline in sold} == {one.id for one in whole}
            by_id = {one.id: one for one in whole}
            for outline in sold:
                one = by_id[outline.id]
                assert (outline.offer_id, outline.category_ids, outline.parent_id) == (one.offer_id, one.category_ids, one.parent_id)
            assert unit.plan.products(sold) == sorted(whole, key=lambda one: (one.name, one.id))
        _, deleted = unit.plan.outlines("s")
        assert {outline.id for outline in deleted} == {one.id for one in unit.store.deleted_products()}

    database.run_sync(compare)
    before = database.run_sync(lambda unit: {one.id: one.fingerprint for one in unit.plan.outlines("s")[0]})
    database.run_sync(lambda unit: imports(unit, [replace(parent, description="новое")]))
    after = database.run_sync(lambda unit: {one.id: one.fingerprint for one in unit.plan.outlines("s")[0]})
    assert {id_ for id_ in after if after[id_] != before[id_]} == {variant.id for variant in variants}
