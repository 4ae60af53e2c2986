"""What the store is after exports as back offices really send them: in parts, days apart, as changes, with gaps and mistakes."""

import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.domain.articles import ArticleSource
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import HOME_NAME, ImportCounts
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.errors import BrokenFile, WrongInput
from ozon_desktop.services.runs.edits import EditedRevision
from ozon_desktop.services.store.articles import ArticleRules, parse_rule
from ozon_desktop.services.store.importing import StoreImportService, pieces_of_more
from ozon_desktop.services.store.listing import ListedProduct, StoreListing
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.store.commerceml_files import (
    COLOURS,
    GROUPS,
    RED,
    classifier,
    goods,
    offer,
    offers,
    product,
    requisite,
    size,
    write,
)

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


@dataclass
class Store:
    """A store in a database, and the folder its exports come from."""

    database: Database
    folder: Path

    async def take(self, *bodies: str, names: tuple[str, ...] = ()) -> ImportCounts:
        """Imports these parts as one call."""
        names = names or tuple(f"part{number}.xml" for number in range(len(bodies)))
        return await self.take_files(*(write(self.folder / name, body) for name, body in zip(names, bodies, strict=True)))

    async def take_files(self, *paths: Path) -> ImportCounts:
        return await StoreImportService(self.database, lambda: NOW, EditedRevision()).import_files(paths, silent)

    async def products(self) -> dict[str, ListedProduct]:
        return {each.id: each for each in await StoreListing(self.database).products()}

    async def articles(self) -> dict[str, str]:
        return {each.id: each.offer_id for each in (await self.products()).values() if not each.deleted}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = Database.in_file(tmp_path / "data" / "test.sqlite3")
    database.open()
    yield Store(database, tmp_path)
    database.close()


WHOLE = (classifier(GROUPS + COLOURS), goods(product("t", "A", RED)), offers(offer("t")))


# --- parts of one export ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_parts_of_one_call_know_each_other_in_any_order(store: Store, order: tuple[int, ...]) -> None:
    await store.take(*(WHOLE[number] for number in order))
    assert (await store.products())["t"].properties == {"Цвет товара": "Красный"}
    assert (await store.products())["t"].prices["r"].currency == "BYN"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_parts_loaded_days_apart_know_each_other_in_any_order(store: Store, order: tuple[int, ...]) -> None:
    for number in order:
        await store.take(WHOLE[number])
    assert (await store.products())["t"].properties == {"Цвет товара": "Красный"}
    assert (await store.products())["t"].categories == ("Обувь",)


async def test_files_and_their_zip_give_the_same(store: Store, tmp_path: Path) -> None:
    await store.take(*WHOLE)
    separate = await store.products()
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(("import0_1.xml", "import0_2.xml", "offers0_1.xml")):
            archive.write(tmp_path / f"part{number}.xml", name)
    await store.take_files(path)
    assert await store.products() == separate


async def test_a_later_price_has_the_currency_of_its_type(store: Store) -> None:
    await store.take(*WHOLE)
    await store.take(offers(offer("t", price="200", count=""), changes=True))
    assert [(price.value, price.currency) for price in (await store.products())["t"].prices.values()] == [(Decimal(200), "BYN")]


@pytest.mark.parametrize(
    ("names", "pieces"),
    [
        (["import0_2.xml"], {"import0_2.xml"}),
        (["import0_1.xml"], set()),
        (["import0_1.xml", "import0_2.xml", "offers0_1.xml"], set()),
        (["import0_1.xml", "import0_3.xml", "offers0_2.xml"], {"import0_1.xml", "import0_3.xml", "offers0_2.xml"}),
        (["import1_1.xml", "import0_2.xml"], {"import0_2.xml"}),
        (["import.xml", "import_2026.xml", "выгрузка_2.yml"], set()),
    ],
)
def test_a_numbered_portion_without_the_others_is_a_piece(names: list[str], pieces: set[str]) -> None:
    assert pieces_of_more(names) == pieces


async def test_a_later_portion_by_itself_deletes_nothing(store: Store) -> None:
    await store.take(classifier() + goods(product("1", "A")), offers(offer("1")), names=("import0_1.xml", "offers0_1.xml"))
    counts = await store.take(goods(product("2", "B")), names=("import0_2.xml",))
    assert counts.deleted == 0
    await store.take(offers(offer("2")), names=("offers0_2.xml",))
    found = await store.products()
    assert {each.id: (each.deleted, each.stocks) for each in found.values()} == {
        "1": (False, {"default": "5"}),
        "2": (False, {"default": "5"}),
    }
    counts = await store.take(goods(product("2", "B")), names=("import0_1.xml",))
    assert counts.deleted == 1, "the first one alone is the whole"


# --- changes ------------------------------------------------------------------------------------------------------------


async def test_changes_keep_what_they_do_not_mention(store: Store) -> None:
    whole = product(
        "t", "A", f"<Описание>О них</Описание><Картинка>1.jpg</Картинка><Штрихкод>4600000000017</Штрихкод>{RED}{requisite('Вес', '0,6')}"
    )
    await store.take(classifier(GROUPS + COLOURS) + goods(whole))
    before = (await store.products())["t"]
    await store.take(goods("<Товар><Ид>t</Ид><Наименование>Слипоны новые</Наименование></Товар>", changes=True))
    after = (await store.products())["t"]
    assert after.name == "Слипоны новые"
    kept = ("offer_id", "description", "barcodes", "categories", "pictures", "properties", "vendor")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


async def test_changes_take_away_what_they_leave_empty(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "A", "<Описание>О них</Описание><Картинка>1.jpg</Картинка>")))
    await store.take(goods("<Товар><Ид>t</Ид><Описание/><Картинка></Картинка></Товар>", changes=True))
    found = (await store.products())["t"]
    assert (found.name, found.description, found.pictures) == ("Слипоны", "", ())


async def test_two_changes_in_one_call_add_up(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "A", "<Описание>О них</Описание>")))
    first = goods("<Товар><Ид>t</Ид><Наименование>Новые</Наименование></Товар>", changes=True)
    second = goods("<Товар><Ид>t</Ид><Картинка>2.jpg</Картинка></Товар>", changes=True)
    await store.take(first, second)
    found = (await store.products())["t"]
    assert (found.name, found.pictures, found.description, found.offer_id) == ("Новые", ("2.jpg",), "О них", "A")


async def test_a_full_catalogue_without_any_picture_leaves_pictures_alone(store: Store) -> None:
    both = [product("1", "A", "<Картинка>1.jpg</Картинка>"), product("2", "B", "<Картинка>2.jpg</Картинка>")]
    await store.take(classifier() + goods(*both))
    await store.take(classifier() + goods(product("1", "A"), product("2", "B")))
    assert [each.pictures for each in (await store.products()).values()] == [("1.jpg",), ("2.jpg",)]
    await store.take(classifier() + goods(product("1", "A"), product("2", "B", "<Картинка>3.jpg</Картинка>")))
    assert [each.pictures for each in (await store.products()).values()] == [(), ("3.jpg",)]


async def test_changes_of_a_variant_touch_nothing_else(store: Store) -> None:
    sizes = [
        offer(f"t#{each}", f"<Артикул>H-{each}</Артикул><Наименование>Слипоны ({each})</Наименование>{size(each)}") for each in ("37", "38")
    ]
    await store.take(classifier() + goods(product("t", "H")), offers(*sizes))
    before = await store.products()
    await store.take(offers(offer("t", "<ИдХарактеристики>37</ИдХарактеристики>", price="120", count="0"), changes=True))
    after = await store.products()
    assert after["t#38"] == before["t#38"]
    assert set(after) == {"t#37", "t#38"}
    changed = after["t#37"]
    assert (changed.offer_id, changed.name, changed.properties["Размер"]) == ("H-37", "Слипоны (37)", "37")
    assert (changed.prices["r"].value, changed.stocks) == (Decimal(120), {"default": "0"})


async def test_stock_by_warehouse_replaces_the_shop_s_and_the_other_way_round(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "A")), offers(offer("t", count="5")))
    await store.take(offers(offer("t", '<Склад ИдСклада="w-1" КоличествоНаСкладе="2"/>', count="2"), changes=True))
    assert (await store.products())["t"].stocks == {"w-1": "2"}
    await store.take(offers(offer("t", '<Склад ИдСклада="w-2" КоличествоНаСкладе="1"/>', count="3"), changes=True))
    assert (await store.products())["t"].stocks == {"w-1": "2", "w-2": "1"}
    await store.take(offers(offer("t", count="4"), changes=True))
    assert (await store.products())["t"].stocks == {"default": "4", "w-1": "0", "w-2": "0"}


# --- what is gone -------------------------------------------------------------------------------------------------------


async def test_deleting_the_offer_without_a_characteristic_leaves_live_sizes(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "H")), offers(offer("t"), offer("t#37", size("37")), offer("t#38", size("38"))))
    gone = "<Предложение Статус='Удален'><Ид>t</Ид></Предложение>"
    counts = await store.take(offers(gone, changes=True))
    assert counts.deleted == 0
    assert {each.id: each.deleted for each in (await store.products()).values()} == {"t#37": False, "t#38": False}
    one = "<Предложение Статус='Удален'><Ид>t#37</Ид></Предложение>"
    await store.take(offers(one, changes=True))
    assert {each.id: each.deleted for each in (await store.products()).values()} == {"t#37": True, "t#38": False}


async def test_deleting_the_only_offer_of_a_product_deletes_it(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "H")), offers(offer("t")))
    counts = await store.take(offers("<Предложение><Ид>t</Ид><ПометкаУдаления>Истина</ПометкаУдаления></Предложение>", changes=True))
    assert counts.deleted == 1
    assert (await store.products())["t"].deleted


async def test_a_deleted_group_is_gone_with_those_below_it(store: Store) -> None:
    inner = "<Группы><Группа><Ид>g-2</Ид><Наименование>Слипоны</Наименование></Группа></Группы>"
    mark = "<ПометкаУдаления>true</ПометкаУдаления>"
    for marked in ("", mark):
        group = f"<Группы><Группа><Ид>g-1</Ид>{marked}<Наименование>Обувь</Наименование>{inner}</Группа></Группы>"
        await store.take(classifier(group) + goods(product("t", "A"), changes=True))
    left = store.database.run_sync(lambda unit: unit.store.categories(None))
    assert [category.name for category in left] == [HOME_NAME]
    assert (await store.products())["t"].categories == ()


# --- articles -----------------------------------------------------------------------------------------------------------


async def test_sizes_that_share_an_article_are_sold_by_one_each_for_ever(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "SL")), offers(offer("t#a", size("37")), offer("t#b", size("38"))))
    given = await store.articles()
    assert given == {"t#a": "SL-37", "t#b": "SL-38"}
    await store.take(
        classifier() + goods(product("t", "SL")), offers(offer("t#c", size("36")), offer("t#b", size("38")), offer("t#a", size("37")))
    )
    assert await store.articles() == given | {"t#c": "SL-36"}
    await store.take(offers(offer("t#d", size("37")), changes=True))
    fourth = (await store.articles())["t#d"]
    assert fourth.startswith("SL-")
    assert fourth not in {*given.values(), "SL-36"}


async def test_an_only_size_keeps_the_article_it_had_when_sisters_come(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "SL")), offers(offer("t#a", size("37"))))
    assert await store.articles() == {"t#a": "SL"}
    await store.take(offers(offer("t#b", size("38")), changes=True))
    assert await store.articles() == {"t#a": "SL", "t#b": "SL-38"}


async def test_an_article_that_is_missing_is_the_code_or_the_barcode(store: Store) -> None:
    code = requisite("Код", "УТ-1")
    goods_given = (
        product("1", "", code),
        product("2", "", "<Код>УТ-2</Код><Штрихкод>4600000000024</Штрихкод>"),
        product("3", "", "<Штрихкод>4600000000031</Штрихкод>"),
        product("4"),
    )
    counts = await store.take(classifier() + goods(*goods_given))
    assert await store.articles() == {"1": "УТ-1", "2": "УТ-2", "3": "4600000000031", "4": ""}
    assert counts.without_article == 1


async def test_products_that_share_an_article_are_told_apart_and_the_first_keeps_it(store: Store) -> None:
    await store.take(classifier() + goods(product("1", " 00123 "), product("2", "00123", "<Код>К-2</Код>"), product("3", "00123")))
    found = await store.articles()
    assert (found["1"], found["2"]) == ("00123", "К-2")
    assert found["3"].startswith("00123-")


async def test_an_article_that_a_card_on_ozon_has_is_not_dealt_out_among_several(store: Store) -> None:
    _, integration = await cabinet(store)
    card = Accepted("SL", 77, None, None, (), "", "", ())
    store.database.run_sync(lambda unit: unit.sync.save_accepted(integration, [card]))
    await store.take(classifier() + goods(product("t", "SL")), offers(offer("t#a", size("37")), offer("t#b", size("38"))))
    assert set((await store.articles()).values()) == {"SL"}, "shared as before, so neither is sent"
    await store.take(classifier() + goods(product("1", "A")))
    store.database.run_sync(lambda unit: unit.sync.save_accepted(integration, [replace(card, offer_id="A")]))
    await store.take(classifier() + goods(product("1", "A"), product("2", "A", "<Код>К</Код>")))
    assert await store.articles() == {"1": "A", "2": "К"}, "the one that had it keeps it"


async def test_an_article_the_store_changes_changes(store: Store) -> None:
    await store.take(classifier() + goods(product("1", "A")))
    await store.take(classifier() + goods(product("1", "B")))
    assert await store.articles() == {"1": "B"}


async def test_the_article_of_a_product_that_is_gone_is_free(store: Store) -> None:
    await store.take(classifier() + goods(product("1", "A")))
    await store.take(classifier() + goods(product("2", "A")))
    assert await store.articles() == {"2": "A"}
    assert store.database.run_sync(lambda unit: unit.orders.product_ids(1, ["A"])) == {"A": "2"}


async def test_an_order_names_the_size_that_was_sold_also_when_it_is_gone(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "SL")), offers(offer("t#a", size("37")), offer("t#b", size("38"))))
    await store.take(offers("<Предложение Статус='Удален'><Ид>t#a</Ид></Предложение>", changes=True))
    ids = store.database.run_sync(lambda unit: unit.orders.product_ids(1, ["SL-37", "SL-38", "SL"]))
    assert (ids["SL-37"], ids["SL-38"]) == ("t#a", "t#b")


async def test_sizes_without_an_id_of_their_own_are_told_apart(store: Store) -> None:
    """An offer of changes names one of them by its size, too; an only one stays its product, however later parts call it."""
    whole = offers(offer("t", size("37"), count="1"), offer("t", size("38"), count="2"), offer("u", size("40")), offer("v"))
    await store.take(classifier() + goods(product("t", "SL"), product("u", "U"), product("v", "V")), whole)
    given = await store.articles()
    assert given == {"t#~Размер=37": "SL-37", "t#~Размер=38": "SL-38", "u": "U", "v": "V"}
    await store.take(offers(offer("t", size("38"), price="120", count="7"), changes=True))
    products = await store.products()
    assert await store.articles() == given
    assert (products["t#~Размер=38"].stocks, products["t#~Размер=37"].stocks) == ({"default": "7"}, {"default": "1"})
    assert products["t#~Размер=38"].properties["Размер"] == "38"


async def test_the_same_offer_twice_is_one_product(store: Store) -> None:
    await store.take(classifier() + goods(product("t", "SL")), offers(offer("t", size("37")), offer("t", size("37"), count="3")))
    assert await store.articles() == {"t": "SL"}
    assert (await store.products())["t"].stocks == {"default": "3"}


async def test_sizes_in_brackets_are_found_and_share_the_model(store: Store) -> None:
    named = [offer(f"t#{each}", f"<Наименование>Слипоны летние ({each}, Синий)</Наименование>") for each in ("37", "38")]
    await store.take(offers(*named))
    found = store.database.run_sync(lambda unit: unit.store.products(None))
    assert {each.model for each in found} == {"Слипоны летние"}
    assert [(each.property_value("Размер"), each.property_value("Цвет")) for each in found] == [("37", "Синий"), ("38", "Синий")]


# --- problems and the result in words -----------------------------------------------------------------------------------


async def test_a_bad_value_costs_one_value_and_is_told_in_the_journal(store: Store) -> None:
    counts = await store.take(
        classifier() + goods(product("1", "A"), product("2", "B")), offers(offer("1", price="договорная"), offer("2"))
    )
    assert (counts.products, counts.problems, counts.without_price) == (2, 1, 1)
    found = await store.products()
    assert not found["1"].prices
    assert (found["1"].stocks, found["2"].prices["r"].value) == ({"default": "5"}, Decimal(100))
    [run] = store.database.run_sync(lambda unit: unit.journal.runs(None))
    assert run.result is RunResult.DONE
    assert [problem.code for problem in run.problems] == ["wrong_number"]
    assert "part1.xml, строка 2" in run.problems[0].text
    assert "«договорная»" in run.problems[0].text


async def test_the_counts_name_each_product_once(store: Store) -> None:
    counts = await store.take(classifier() + goods(product("t", "H")), offers(offer("t#37", size("37")), offer("t#38", size("38"))))
    assert (counts.products, counts.variants, counts.prices, counts.missing) == (1, 2, 2, ())


async def test_what_is_missing_is_said(store: Store) -> None:
    assert (await store.take(classifier() + goods(product("t", "H")))).missing == ("offers",)
    assert (await store.take(offers(offer("x")))).missing == ("catalog",)


async def test_a_broken_part_changes_nothing(store: Store) -> None:
    await store.take(*WHOLE)
    before = await store.products()
    path = write(store.folder / "broken.xml", goods(product("x", "X")))
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    other = write(store.folder / "good.xml", goods(product("y", "Y")))
    with pytest.raises(BrokenFile):
        await store.take_files(other, path)
    assert await store.products() == before


async def test_the_same_files_again_are_not_read_again_and_say_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (classifier() + goods(product("1", "A"), product("2", "B")), offers(offer("1", price="дорого"), offer("2")))
    first = await store.take(classifier() + goods(product("0", "Z")))
    first = await store.take(*parts)
    before = await store.products()
    assert first.deleted == 1

    def no_reading(*_: object) -> None:
        raise AssertionError("read once more")

    with monkeypatch.context() as patch:
        patch.setattr("ozon_desktop.services.store.importing.open_source", no_reading)
        assert await store.take(*parts) == replace(first, deleted=0, vanished=0, before=0)
    assert await store.products() == before
    await store.take(offers(offer("1", price="200"), changes=True))
    assert (await store.products())["1"].prices["r"].value == 200
    again = await store.take(*parts)
    assert again.prices == first.prices, "something else was imported since, so it is read"


# --- the rule of a cabinet ----------------------------------------------------------------------------------------------


async def cabinet(store: Store) -> tuple[ArticleRules, int]:
    integration = store.database.run_sync(lambda unit: unit.integrations.add("Магазин")).id
    return ArticleRules(store.database, EditedRevision()), integration


def sold_by(store: Store, integration: int) -> dict[str, str]:
    def work(unit: UnitOfWork) -> dict[str, str]:
        links = unit.sync.links(integration)
        return {each.id: links.get(each.id, each.offer_id) for each in unit.store.products(None)}

    return store.database.run_sync(work)


CODED = [product(str(number), f"A-{number}", f"<Код>К-{number}</Код>") for number in (1, 2, 3)]
CODE_FIRST = (ArticleSource.CODE, ArticleSource.ARTICLE)


async def test_a_rule_is_shown_before_it_is_taken(store: Store) -> None:
    rules, integration = await cabinet(store)
    await store.take(classifier() + goods(*CODED, product("t", "SL")), offers(offer("t#a", size("37")), offer("t#b", size("38"))))
    before = sold_by(store, integration)
    preview = await rules.preview(integration, CODE_FIRST)
    assert (preview.products, preview.distinct, preview.without, preview.kept) == (5, 5, 0, 0)
    assert sold_by(store, integration) == before
    await rules.choose(integration, CODE_FIRST)
    assert sold_by(store, integration) == {"1": "К-1", "2": "К-2", "3": "К-3", "t#a": "SL-37", "t#b": "SL-38"}
    assert await rules.chosen(integration) == CODE_FIRST
    await rules.choose(integration, None)
    assert sold_by(store, integration) == before


async def test_products_that_come_later_follow_the_rule_and_the_others_stay(store: Store) -> None:
    rules, integration = await cabinet(store)
    await store.take(classifier() + goods(*CODED[:2]))
    await rules.choose(integration, CODE_FIRST)
    await store.take(classifier() + goods(product("1", "A-1", "<Код>К-9</Код>"), *CODED[1:]))
    assert sold_by(store, integration) == {"1": "К-1", "2": "К-2", "3": "К-3"}


async def test_a_card_that_exists_on_ozon_never_gets_another_article(store: Store) -> None:
    rules, integration = await cabinet(store)
    await store.take(classifier() + goods(*CODED))
    card = Accepted("A-1", 77, None, None, (), "", "", ())
    store.database.run_sync(lambda unit: unit.sync.save_accepted(integration, [card]))
    assert (await rules.preview(integration, CODE_FIRST)).kept == 1
    await rules.choose(integration, CODE_FIRST)
    assert sold_by(store, integration) == {"1": "A-1", "2": "К-2", "3": "К-3"}
    on_ozon = Accepted("К-2", 78, None, None, (), "", "", ())
    store.database.run_sync(lambda unit: unit.sync.save_accepted(integration, [on_ozon]))
    await rules.choose(integration, None)
    assert sold_by(store, integration) == {"1": "A-1", "2": "К-2", "3": "A-3"}


async def test_an_order_finds_the_product_of_a_rule_s_article(store: Store) -> None:
    rules, integration = await cabinet(store)
    await store.take(classifier() + goods(*CODED))
    await rules.choose(integration, CODE_FIRST)
    await store.take(classifier() + goods(*CODED[1:]))
    ids = store.database.run_sync(lambda unit: unit.orders.product_ids(integration, ["К-1", "К-2"]))
    assert ids == {"К-1": "1", "К-2": "2"}


async def test_a_rule_is_proposed_that_names_all(store: Store) -> None:
    rules, integration = await cabinet(store)
    await store.take(classifier() + goods(product("1"), product("2", "A")))
    preview = await rules.proposed(integration)
    assert (preview.rule[-1], preview.products, preview.distinct, preview.without) == (ArticleSource.ID, 2, 2, 0)


@pytest.mark.parametrize("written", ["", ",", "артикул", "article,colour"])
def test_what_is_no_rule_is_refused(written: str) -> None:
    with pytest.raises(WrongInput):
        parse_rule(written)
