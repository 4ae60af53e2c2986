"""«Загрузить карточки с Ozon» over the sandbox: the cache, the matches, the differences and the way into the store."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine

from ozon_desktop.domain.adoption import MatchedBy
from ozon_desktop.domain.card import Dimensions, FieldRule, Origin, RuleKind, SavedFields
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.store_catalog import ExportScope, Price, Product, Stock, StoreCategory, StoreRecord
from ozon_desktop.domain.sync_plan import ActionKind, Reason, Wish
from ozon_desktop.errors import AlreadyRunning, NetworkError, NotFound, WrongInput
from ozon_desktop.services import cabinet_loading
from ozon_desktop.services.cabinet_cards import AdoptionReport, CabinetCardsService, ozon_sides
from ozon_desktop.services.progress import ProgressUpdate, silent
from ozon_desktop.store.commerceml import Book, read_commerceml
from ozon_desktop.store.source import open_source
from ozon_desktop.store.xml_stream import HeadedStream

from .cabinet import place, remove, values
from .shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRT, SHIRTS, Line, Shirt, Shop, wanted

LIST, INFO, CARDS = "/v3/product/list", "/v3/product/info/list", "/v4/product/info/attributes"
PRICES, STOCKS = "/v5/product/info/prices", "/v4/product/info/stocks"


@pytest.fixture
def service(shop: Shop) -> CabinetCardsService:
    return shop.application.cabinet_cards


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts out of few cards."""
    monkeypatch.setattr(cabinet_loading.CabinetLoading.__init__, "__defaults__", (2,))


def groups(report: AdoptionReport) -> dict[str, list[str]]:
    """Articles of each group that has any."""
    names = ("matched", "only_ozon", "only_store", "doubtful", "several", "gone")
    return {name: [one.offer_id for one in getattr(report, name)] for name in names if getattr(report, name)}


async def with_barcode(shop: Shop, offer_id: str, code: str, *shirts: Shirt) -> None:
    """The export of these shirts, one of them with a barcode."""
    await shop.stocks_the_store(*shirts)
    path = shop.folder / "shop.xml"
    mark = f"<vendorCode>{offer_id}</vendorCode>"
    path.write_text(path.read_text(encoding="utf-8").replace(mark, f"{mark}<barcode>{code}</barcode>"), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)


# --- the cache ------------------------------------------------------------------------------------------------------


async def test_the_whole_cabinet_is_cached_and_read_offline(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    assert (await service.report(shop.integration)).loaded_at is None
    brand, note = values(85, (5, "Ромашка")), values(4191, (0, "Лён"))
    place(
        shop.sandbox,
        "RU-1",
        "Рубашка RU-1",
        price="1800",
        old_price="2500",
        barcode="460",
        stock=7,
        attributes=(brand, note),
        depth=31,
        dimension_unit="cm",
    )
    place(shop.sandbox, "OLD", "Платье", archived=True, attributes=(brand,))
    told: list[ProgressUpdate] = []
    report = await service.load(shop.integration, told.append)
    assert groups(report) == {"matched": ["RU-1"], "only_ozon": ["OLD"], "only_store": ["RU-2", "RU-3"]}
    assert report.complete
    assert (told[-2].done, told[-2].total) == (2, 2)
    line.break_at("*", "network")
    assert await service.report(shop.integration) == report
    card = await service.card(shop.integration, "RU-1")
    assert (card.price, card.old_price, card.barcodes, card.vat) == (Decimal(1800), Decimal(2500), ("460",), "0.22")
    assert (card.dimensions.depth, card.dimensions.weight) == (310, 350)
    assert [(stock.scheme, stock.free, stock.warehouse_ids) for stock in card.stocks] == [("fbs", 7, (MAIN_WAREHOUSE,))]
    assert {(item.id, item.values) for item in card.attributes} == {(85, ((5, "Ромашка"),)), (4191, ((0, "Лён"),))}
    old = await service.card(shop.integration, "OLD")
    assert (old.archived, old.attributes[0].values, old.price) == (True, ((5, "Ромашка"),), Decimal(1990))
    with pytest.raises(NotFound):
        await service.card(shop.integration, "NONE")


async def test_each_card_is_asked_for_once_in_large_parts(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    for number in range(2300):
        place(shop.sandbox, f"A-{number}")
    line.mend()
    report = await service.load(shop.integration, silent)
    assert len(report.only_ozon) == 2300
    # One list of the archive, three pages of the others, and four answers about each part of a page.
    parts = 4 + 4 + 2
    assert line.sent() == {LIST: 4, INFO: parts, CARDS: parts, PRICES: parts, STOCKS: parts}


async def test_cards_in_hand_are_bounded(
    shop: Shop, service: CabinetCardsService, monkeypatch: pytest.MonkeyPatch, small_parts: None
) -> None:
    for number in range(300):
        place(shop.sandbox, f"A-{number}")
    monkeypatch.setattr(cabinet_loading, "SIDE_BY_SIDE", 3)
    asked = kept = most = 0
    read, save = cabinet_loading.CabinetLoading._read, cabinet_loading._save

    async def counted_read(self: cabinet_loading.CabinetLoading, part: cabinet_loading._Part) -> object:
        nonlocal asked, most
        asked += len(part.products)
        most = max(most, asked - kept)
        return await read(self, part)

    def counted_save(*arguments: object) -> None:
        nonlocal kept
        save(*arguments)  # type: ignore[arg-type]
        kept += len(arguments[1])  # type: ignore[arg-type]

    monkeypatch.setattr(cabinet_loading.CabinetLoading, "_read", counted_read)
    monkeypatch.setattr(cabinet_loading, "_save", counted_save)
    await service.load(shop.integration, silent)
    assert kept == 300
    # Those that are asked about, those that wait to be saved, and those being saved, two cards each.
    assert 2 < most <= 2 * (3 + cabinet_loading.UNSAVED + cabinet_loading.SAVED_TOGETHER)


async def test_requests_are_under_way_together(
    shop: Shop, service: CabinetCardsService, line: Line, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        place(shop.sandbox, f"A-{number}")
    now = most = 0
    answer = line.answer

    async def counted(request: object) -> object:
        nonlocal now, most
        now += 1
        most = max(most, now)
        try:
            await asyncio.sleep(0.02)
            return await answer(request)  # type: ignore[arg-type]
        finally:
            now -= 1

    monkeypatch.setattr(line, "answer", counted)
    await service.load(shop.integration, silent)
    assert most >= 20


async def test_stopping_keeps_what_came(shop: Shop, service: CabinetCardsService, small_parts: None) -> None:
    for number in range(200):
        place(shop.sandbox, f"A-{number}")
    place(shop.sandbox, "GONE")
    await service.load(shop.integration, silent)
    remove(shop.sandbox, "GONE")
    place(shop.sandbox, "RU-1")

    def stop(update: ProgressUpdate) -> None:
        if update.done >= 50:
            task.cancel()

    task = asyncio.create_task(service.load(shop.integration, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    report = await service.report(shop.integration)
    assert not report.complete
    assert report.gone == (), "nothing counts as gone after half of a reading"
    assert len(report.only_ozon) + len(report.matched) >= 201
    report = await service.load(shop.integration, silent)
    assert (report.complete, [card.offer_id for card in report.gone], len(report.only_ozon)) == (True, ["GONE"], 200)


async def test_first_reading_that_breaks_keeps_what_came(shop: Shop, service: CabinetCardsService, line: Line, small_parts: None) -> None:
    for number in range(200):
        place(shop.sandbox, f"A-{number}")
    line.break_at(PRICES, "network", after=60)
    with pytest.raises(NetworkError):
        await service.load(shop.integration, silent)
    report = await service.report(shop.integration)
    assert not report.complete
    assert 0 < len(report.only_ozon) < 200


async def test_a_later_reading_replaces_and_marks_what_is_gone(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OTHER", "Платье")
    await service.load(shop.integration, silent)
    remove(shop.sandbox, "OTHER")
    remove(shop.sandbox, "RU-1")
    place(shop.sandbox, "RU-2", "Новое имя")
    report = await service.load(shop.integration, silent)
    assert groups(report) == {"matched": ["RU-2"], "only_store": ["RU-1", "RU-3"], "gone": ["OTHER", "RU-1"]}
    preview = await shop.application.sync.preview(shop.integration, silent)
    kinds = {item.offer_id: item.kind for item in preview.plan.items if item.payload is not None}
    assert kinds == {"RU-1": ActionKind.CREATE, "RU-2": ActionKind.UPDATE, "RU-3": ActionKind.CREATE}


async def test_reading_leaves_no_trace_in_the_interpreter(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    before = gc.get_threshold(), sys.getswitchinterval()
    await service.load(shop.integration, silent)
    line.break_at(LIST, "network")
    with pytest.raises(NetworkError):
        await service.load(shop.integration, silent)
    assert (gc.get_threshold(), sys.getswitchinterval()) == before


async def test_one_reading_at_a_time(shop: Shop, service: CabinetCardsService) -> None:
    first = asyncio.create_task(service.load(shop.integration, silent))
    await asyncio.sleep(0)
    with pytest.raises(AlreadyRunning):
        await service.load(shop.integration, silent)
    await first
    await service.load(shop.integration, silent)


# --- whose is which -------------------------------------------------------------------------------------------------


async def test_every_kind_of_match_is_listed(shop: Shop, service: CabinetCardsService) -> None:
    shirts = (*SHIRTS, Shirt("NAME", name="Пальто драповое зимнее"), Shirt("ALONE", name="Кружка"))
    await with_barcode(shop, "RU-2", "460", *shirts)
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OLD-2", barcode="460")
    place(shop.sandbox, "COAT", "Пальто зимнее, драповое")
    place(shop.sandbox, "DRESS", "Платье")
    report = await service.load(shop.integration, silent)
    assert groups(report) == {
        "matched": ["OLD-2", "RU-1"],
        "only_ozon": ["DRESS"],
        "only_store": ["ALONE", "RU-3"],
        "doubtful": ["COAT"],
    }
    assert [(card.by, card.product and card.product.offer_id) for card in report.matched] == [
        (MatchedBy.BARCODE, "RU-2"),
        (MatchedBy.ARTICLE, "RU-1"),
    ]
    assert [(product.offer_id, score) for product, score in report.doubtful[0].candidates] == [("NAME", 100.0)]


async def test_confirmed_and_rejected_pairs_last(shop: Shop, service: CabinetCardsService) -> None:
    await shop.stocks_the_store(Shirt("NAME", name="Пальто драповое"), Shirt("BAG", name="Сумка кожаная"))
    place(shop.sandbox, "COAT", "Драповое пальто")
    place(shop.sandbox, "OLD-BAG", "Кожаная сумка")
    report = await service.load(shop.integration, silent)
    assert groups(report) == {"doubtful": ["COAT", "OLD-BAG"]}
    assert (await shop.application.storage.run(lambda unit: unit.sync.links(shop.integration))) == {}, "a name alone links nothing"
    await service.confirm(shop.integration, "id-NAME", "COAT")
    await service.reject(shop.integration, "id-BAG", "OLD-BAG")
    expected = {"matched": ["COAT"], "only_ozon": ["OLD-BAG"], "only_store": ["BAG"]}
    assert groups(await service.report(shop.integration)) == expected
    assert groups(await service.load(shop.integration, silent)) == expected
    preview = await shop.application.sync.preview(shop.integration, silent)
    kinds = {item.offer_id: item.kind for item in preview.plan.items if item.payload is not None}
    assert kinds == {"COAT": ActionKind.UPDATE, "BAG": ActionKind.CREATE}


async def test_one_of_several_candidates_is_chosen(shop: Shop, service: CabinetCardsService) -> None:
    await with_barcode(shop, "RU-1", "460", *SHIRTS)
    place(shop.sandbox, "X", barcode="460")
    place(shop.sandbox, "Y", barcode="460")
    report = await service.load(shop.integration, silent)
    assert groups(report)["several"] == ["X", "Y"]
    await service.confirm(shop.integration, "id-RU-1", "Y")
    report = await service.report(shop.integration)
    assert [(card.offer_id, card.by) for card in report.matched] == [("Y", MatchedBy.MANAGER)]


async def test_decisions_about_unknown_things_and_equal_articles_are_refused(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    await service.load(shop.integration, silent)
    with pytest.raises(NotFound):
        await service.confirm(shop.integration, "id-RU-1", "NONE")
    with pytest.raises(NotFound):
        await service.confirm(shop.integration, "id-NONE", "RU-1")
    with pytest.raises(WrongInput):
        await service.reject(shop.integration, "id-RU-1", "RU-1")


# --- never created again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loaded", [False, True], ids=["never read", "read before it was made"])
@pytest.mark.parametrize("archived", [False, True], ids=["on sale", "archived"])
async def test_a_card_the_cabinet_has_is_updated_never_created(
    shop: Shop, service: CabinetCardsService, loaded: bool, archived: bool
) -> None:
    if loaded:
        await service.load(shop.integration, silent)
    made = place(shop.sandbox, "RU-2", "Сделана вручную", archived=archived)
    preview = await shop.application.sync.preview(shop.integration, silent)
    assert [item.offer_id for item in preview.plan.of(ActionKind.CREATE)] == ["RU-1", "RU-3"]
    [update] = preview.plan.of(ActionKind.UPDATE)
    assert (update.offer_id, update.reason) == ("RU-2", Reason.ADOPTED)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    now = shop.sandbox.products["RU-2"]
    assert (now.product_id, now.name, now.archived) == (made.product_id, "Рубашка RU-2", False)
    assert len(shop.sandbox.by_id) == 3


async def test_every_article_is_asked_for_before_it_is_first_sent(shop: Shop, line: Line) -> None:
    await shop.application.sync.run(shop.integration, silent)
    first = line.paths.index("/v3/product/import")
    assert INFO in line.paths[:first]
    line.mend()
    await shop.stocks_the_store(*SHIRTS, Shirt("RU-4"))
    await shop.application.sync.run(shop.integration, silent)
    assert line.paths.index(INFO) < line.paths.index("/v3/product/import")


async def test_a_barcode_match_is_updated_under_its_own_article(shop: Shop, service: CabinetCardsService) -> None:
    await with_barcode(shop, "RU-2", "460", *SHIRTS)
    made = place(shop.sandbox, "OLD-2", "Старое имя", barcode="460")
    await service.load(shop.integration, silent)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    assert set(shop.sandbox.products) == {"RU-1", "OLD-2", "RU-3"}
    now = shop.sandbox.products["OLD-2"]
    assert (now.product_id, now.name, now.stocks) == (made.product_id, "Рубашка RU-2", {MAIN_WAREHOUSE: 3, FOREST_WAREHOUSE: 2})


# --- differences ----------------------------------------------------------------------------------------------------


async def sold(shop: Shop) -> None:
    """Everything is on Ozon as the store has it."""
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems


async def differing(shop: Shop) -> dict[tuple[str, str], tuple[str, str, Side | None]]:
    found = await shop.application.cabinet_cards.differences(shop.integration)
    return {(one.offer_id, one.field): (one.store, one.ozon, one.side) for one in found}


async def test_what_was_just_sent_differs_in_nothing(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    await service.load(shop.integration, silent)
    assert await differing(shop) == {}


async def test_fields_that_differ_are_told_with_both_values(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    await sold(shop)
    first, second = shop.sandbox.products["RU-1"], shop.sandbox.products["RU-2"]
    first.price, first.vat = Decimal(1500), "0.1"
    first.item.update(name="Сорочка", weight=1, weight_unit="kg", barcode="460")
    first.item["attributes"].append(values(4191, (0, "Из льна")))
    second.stocks[MAIN_WAREHOUSE] = 9
    await service.load(shop.integration, silent)
    line.break_at("*", "network")
    assert await differing(shop) == {
        ("RU-1", "name"): ("Рубашка RU-1", "Сорочка", None),
        ("RU-1", "price"): ("1990", "1500", None),
        ("RU-1", "vat"): ("22 %", "10 %", None),
        ("RU-1", "barcode"): ("", "460", None),
        ("RU-1", "weight"): ("350", "1000", None),
        ("RU-1", "description"): ("", "Из льна", None),
        ("RU-2", "stock"): ("5", "11", None),
    }
    only = await service.differences(shop.integration, ["id-RU-1"], {"name", "stock"})
    assert [(one.product_id, one.field) for one in only] == [("id-RU-1", "name")]


async def test_the_source_of_each_value_is_told(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1", "Сорочка", weight=400, attributes=(values(85, (5, "Ромашка")),))
    await service.load(shop.integration, silent)
    brand = next(one for one in await service.differences(shop.integration) if one.field == "attribute:85")
    assert brand.origin is Origin.AUTOMATIC
    value = ((0, "Своя"),)
    await shop.application.cards.save_rule(shop.integration, FieldRule("2", 85, RuleKind.CONSTANT, value))
    await shop.application.cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {}, Dimensions(weight=360)))
    found = {one.field: one for one in await service.differences(shop.integration)}
    assert (found["attribute:85"].origin, found["attribute:85"].source) == (Origin.CATEGORY, "Рубашки")
    assert (found["weight"].store, found["weight"].origin) == ("360", Origin.PRODUCT)
    assert found["name"].origin is Origin.AUTOMATIC


async def test_ozons_values_fill_the_card_and_are_sent_no_more(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    item = shop.sandbox.products["RU-1"].item
    item["weight"] = 400
    item["attributes"].append(values(4191, (0, "Из льна")))
    await service.load(shop.integration, silent)
    assert await service.choose(shop.integration, Side.OZON, product_ids=["id-RU-1"]) == 1
    saved = (await shop.application.cards.details(shop.integration, "id-RU-1")).saved
    assert saved is not None
    assert (saved.values[4191], saved.dimensions.weight) == (((0, "Из льна"),), 400)
    assert await differing(shop) == {}
    await sold(shop)
    sent = shop.sandbox.products["RU-1"].item
    assert sent["weight"] == 400
    assert [item["values"][0]["value"] for item in sent["attributes"] if item["id"] == 4191] == ["Из льна"]


async def test_a_rule_holds_for_all_products_and_for_later_readings(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    for offer_id in ("RU-1", "RU-2"):
        shop.sandbox.products[offer_id].item["weight"] = 400
    await service.load(shop.integration, silent)
    assert await service.choose(shop.integration, Side.OZON, field="weight") == 2
    assert await differing(shop) == {}
    shop.sandbox.products["RU-3"].item["weight"] = 500
    await service.load(shop.integration, silent)
    assert await differing(shop) == {}
    saved = (await shop.application.cards.details(shop.integration, "id-RU-3")).saved
    assert saved is not None
    assert saved.dimensions.weight == 500


async def test_the_stores_side_is_sent_by_the_next_synchronization(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    product = shop.sandbox.products["RU-1"]
    product.item["name"], product.price, product.stocks[MAIN_WAREHOUSE] = "Сорочка", Decimal(1), 99
    shop.sandbox.products["RU-2"].item["name"] = "Чужое"
    await service.load(shop.integration, silent)
    preview = await shop.application.sync.preview(shop.integration, silent)
    assert preview.plan.of(ActionKind.UPDATE) == ()
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-1"], field="name")
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-1"], field="stock")
    await sold(shop)
    assert shop.on_ozon() == {**wanted(*SHIRTS), "RU-2": ("Чужое", *wanted(*SHIRTS)["RU-2"][1:])}


async def test_choices_are_remembered_and_taken_back(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    for offer_id in ("RU-1", "RU-2"):
        shop.sandbox.products[offer_id].item["name"] = "Сорочка"
    await service.load(shop.integration, silent)
    await service.choose(shop.integration, Side.OZON, field="name")
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-2"], field="name")
    found = await differing(shop)
    assert {key[0]: row[2] for key, row in found.items()} == {"RU-1": Side.OZON, "RU-2": Side.STORE}
    await service.choose(shop.integration, None, field="name")
    assert {key[0]: row[2] for key, row in (await differing(shop)).items()} == {"RU-1": None, "RU-2": Side.STORE}
    for field in ("type_key", ""):
        with pytest.raises(WrongInput):
            await service.choose(shop.integration, Side.OZON, field=field)


async def test_ozons_side_of_a_name_is_kept_when_a_card_is_planned(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    shop.sandbox.products["RU-1"].item["name"] = "Сорочка"
    await service.load(shop.integration, silent)
    await service.choose(shop.integration, Side.OZON, field="name")
    wishes = [Wish((await shop.application.cards.details(shop.integration, f"id-{offer}")).card) for offer in ("RU-1", "RU-2")]
    kept = await shop.application.storage.run(lambda unit: [*map(ozon_sides(unit, shop.integration), wishes)])
    assert [wish.card.payload().name for wish in kept] == ["Сорочка", "Рубашка RU-2"]


# --- into the store -------------------------------------------------------------------------------------------------


def records(path: Path, book: Book) -> Iterator[StoreRecord]:
    """What the program's own reader makes of a file that may need one read before it."""
    with path.open("rb") as stream:
        yield from read_commerceml(HeadedStream(stream, path.name, lambda: path.open("rb")), path.name, book)


async def only_on_ozon(shop: Shop) -> None:
    brand, colours = values(85, (5, "Ромашка & Ко")), values(10096, (1, "белый"), (2, "чёрный"))
    note = values(4191, (0, "Лён <и> хлопок\nвторая строка — ♥"))
    place(shop.sandbox, "DRESS", "Платье «Лён» ♥", price="1990.50", barcode="460", stock=7, vat="0.1", attributes=(brand, colours, note))
    place(shop.sandbox, "PLAIN", "Платок", description_category_id=1, type_id=2)
    place(shop.sandbox, "OLD", "Старое", archived=True)
    place(shop.sandbox, "RU-1")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
async def test_what_is_only_on_ozon_is_read_back_as_it_was(shop: Shop, service: CabinetCardsService, tmp_path: Path, encoding: str) -> None:
    await only_on_ozon(shop)
    await service.load(shop.integration, silent)
    files = await service.export_only_on_ozon(shop.integration, tmp_path / "out", encoding=encoding)
    assert (files.cards, files.archived) == (2, 1)
    assert files.import_file.read_bytes().splitlines()[0].decode("ascii").casefold().count(encoding) == 1
    assert b"ns0:" not in files.import_file.read_bytes() + files.offers_file.read_bytes()
    book = Book()
    cards = list(records(files.import_file, book))
    dress_id, plain_id = (f"ozon-{shop.sandbox.products[offer].product_id}" for offer in ("DRESS", "PLAIN"))
    paths = {record.id: record.name for record in cards if isinstance(record, StoreCategory)}
    products = {record.id: record for record in cards if isinstance(record, Product)}
    dress = products[dress_id]
    assert set(products) == {dress_id, plain_id}
    sizes = (("Длина упаковки, мм", "300"), ("Ширина упаковки, мм", "200"), ("Высота упаковки, мм", "40"), ("Вес в упаковке, г", "350"))
    assert dress == Product(
        dress_id,
        "DRESS",
        "Платье «Лён» ♥",
        "ozon-cabinet",
        None,
        dress.category_ids,
        "Лён <и> хлопок\nвторая строка — ♥",
        ("460",),
        ("https://shop.example/DRESS.jpg",),
        "10",
        "Ромашка & Ко",
        "шт",
        (*sizes, ("Бренд", "Ромашка & Ко"), ("Цвет товара", "белый; чёрный")),
    )
    assert [paths[category] for category in dress.category_ids] == ["Рубашка"]
    assert [paths[category] for category in products[plain_id].category_ids] == ["Без категории"]
    assert ExportScope("catalog", False, "ozon-cabinet") in cards, "a whole catalogue would delete the store's other products"
    offers = list(records(files.offers_file, book))
    assert ExportScope("offers", False, "ozon-cabinet") in offers
    assert {record.product_id: (record.value, record.currency) for record in offers if isinstance(record, Price)} == {
        dress_id: (Decimal("1990.50"), "RUB"),
        plain_id: (Decimal(1990), "RUB"),
    }
    assert [(record.product_id, record.quantity) for record in offers if isinstance(record, Stock)] == [(dress_id, Decimal(7))]


async def test_exported_cards_come_into_the_store_beside_the_others(shop: Shop, service: CabinetCardsService, tmp_path: Path) -> None:
    await only_on_ozon(shop)
    await service.load(shop.integration, silent)
    files = await service.export_only_on_ozon(shop.integration, tmp_path / "out", with_archived=True)
    assert [type(open_source(path)).__name__ for path in (files.import_file, files.offers_file)] == ["XmlSource"] * 2
    await shop.application.store_import.import_files([files.import_file, files.offers_file], silent)
    goods = await shop.application.storage.run(lambda unit: unit.store.products(None))
    assert {product.offer_id for product in goods} == {"RU-1", "RU-2", "RU-3", "DRESS", "PLAIN", "OLD"}
    # The shop's own catalogue is the chosen one: another structure is another list of products.
    await shop.application.integrations.save(
        shop.integration,
        replace((await shop.application.integrations.page(shop.integration)).integration.settings, catalog_structure_id="ozon-cabinet"),
        None,
    )
    report = await service.report(shop.integration)
    assert {"DRESS", "PLAIN", "OLD"} <= {card.offer_id for card in report.matched}
    assert [card.offer_id for card in report.only_ozon] == ["RU-1"]


async def test_the_table_holds_every_value(shop: Shop, service: CabinetCardsService, tmp_path: Path) -> None:
    await only_on_ozon(shop)
    await service.load(shop.integration, silent)
    files = await service.export_only_on_ozon(shop.integration, tmp_path / "out")
    book = python_calamine.CalamineWorkbook.from_path(str(files.table))
    headings, *rows = book.get_sheet_by_index(0).to_python()
    cells = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert set(cells) == {"DRESS", "PLAIN"}
    dress = cells["DRESS"]
    assert (dress["Цена"], dress["НДС, %"], dress["Остаток"], dress["Бренд"], dress["Вес в упаковке, г"]) == (
        "1990.5",
        "10",
        "7",
        "Ромашка & Ко",
        "350",
    )
    assert (dress["Цвет товара"], dress["Описание"]) == ("белый; чёрный", "Лён <и> хлопок\nвторая строка — ♥")
    assert str(dress["Категория Ozon"]).endswith("Рубашка")


async def test_a_folder_that_cannot_be_written_is_named(shop: Shop, service: CabinetCardsService, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongInput):
        await service.export_only_on_ozon(shop.integration, tmp_path / "file" / "out")
    with pytest.raises(WrongInput):
        await service.export_only_on_ozon(shop.integration, tmp_path / "out", encoding="koi8-r")
