"""Lists of the stand-in: pages, filters, sorting, what is expanded, what is archived."""

import pytest

from tests.sandbox.moysklad.conftest import Asker, Clock


async def names(ask: Asker, kind: str, **query: str) -> list[str]:
    return [row["name"] for row in (await ask.good(f"entity/{kind}", query))["rows"]]


async def test_pages_say_how_long_the_list_is_and_what_comes_next(ask: Asker) -> None:
    for number in range(5):
        ask.there.add_product(f"Товар {number}")
    first = await ask.good("entity/product", {"limit": "2", "filter": "archived=false"})
    assert [row["name"] for row in first["rows"]] == ["Товар 0", "Товар 1"]
    assert {name: first["meta"][name] for name in ("size", "limit", "offset")} == {"size": 5, "limit": 2, "offset": 0}
    assert "offset=2" in first["meta"]["nextHref"]
    assert "filter=archived%3Dfalse" in first["meta"]["nextHref"]
    last = await ask.good("entity/product", {"limit": "2", "offset": "4"})
    assert "nextHref" not in last["meta"]
    assert "offset=2" in last["meta"]["previousHref"]


@pytest.mark.parametrize("query", [{"limit": "1001"}, {"limit": "0"}, {"limit": "many"}, {"offset": "-1"}])
async def test_absurd_pages_are_refused(ask: Asker, query: dict[str, str]) -> None:
    assert await ask.code("entity/product", query) == (400, 1091)


async def test_archived_rows_are_shown_when_they_are_asked_for(ask: Asker) -> None:
    ask.there.add_product("Новый")
    ask.there.add_product("Старый", archived=True)
    assert await names(ask, "product") == ["Новый"]
    assert await names(ask, "product", filter="archived=true") == ["Старый"]
    assert await names(ask, "product", filter="archived=true;archived=false") == ["Новый", "Старый"]
    assert await ask.code("entity/product", {"filter": "archived=maybe"}) == (400, 1014)


async def test_filters(ask: Asker, clock: Clock) -> None:
    mug = ask.there.add_product("Кружка; большая", article="MUG", code="1", barcodes=[{"ean13": "200"}])
    clock.move(minutes=1)
    ask.there.add_product("Тарелка", article="PLATE", code="2")
    assert await names(ask, "product", filter="article=MUG;article=PLATE") == ["Кружка; большая", "Тарелка"]
    assert await names(ask, "product", filter="name=Кружка\\; большая") == ["Кружка; большая"]
    assert await names(ask, "product", filter="name~круж") == ["Кружка; большая"]
    assert await names(ask, "product", filter="code=~2") == ["Тарелка"]
    assert await names(ask, "product", filter="article!=MUG") == ["Тарелка"]
    assert await names(ask, "product", filter="barcode=200") == ["Кружка; большая"]
    assert await names(ask, "product", filter=f"id={mug.id}") == ["Кружка; большая"]
    # Moscow is three hours ahead of the clock.
    assert await names(ask, "product", filter="updated>=2026-12-01 09:01:00") == ["Тарелка"]
    assert await names(ask, "product", filter="updated<2026-12-01 09:01") == ["Кружка; большая"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("colour=red", 1034),
        ("name", 1034),
        ("updated>=yesterday", 1035),
        ("name>=a", 1034),
        ("updated=2026-12-01 09:00;updated>=x", 1034),
    ],
)
async def test_filters_that_are_none_are_refused(ask: Asker, text: str, code: int) -> None:
    ask.there.add_product("Кружка")
    assert await ask.code("entity/product", {"filter": text}) == (400, code)


async def test_sorting_knows_the_fields_of_each_list(ask: Asker) -> None:
    ask.there.add_product("Б", code="1")
    ask.there.add_product("А", code="2")
    assert await names(ask, "product", order="name") == ["А", "Б"]
    assert await names(ask, "product", order="code,desc") == ["А", "Б"]
    assert await ask.code("entity/variant", {"order": "updated"}) == (400, 1042)
    assert await ask.code("entity/product", {"order": "name,sideways"}) == (400, 1091)


async def test_what_is_expanded_comes_whole_on_short_pages_only(ask: Asker) -> None:
    cup = ask.there.add_product("Чашка", images=2)
    ask.there.add_bundle("Пара", {cup.id: 2.0})
    bundle = (await ask.good("entity/bundle", {"limit": "100", "expand": "components"}))["rows"][0]
    assert [part["quantity"] for part in bundle["components"]["rows"]] == [2.0]
    silent = (await ask.good("entity/bundle", {"limit": "101", "expand": "components"}))["rows"][0]
    assert "rows" not in silent["components"]
    assert await ask.code("entity/bundle", {"expand": "engine"}) == (400, 1089)
    query = {"limit": "100", "expand": "images", "fields": "downloadPermanentHref"}
    images = (await ask.good("entity/product", query))["rows"][0]["images"]
    assert [image["meta"]["downloadPermanentHref"] for image in images["rows"]] == ask.there.picture_links(cup)
    assert await ask.code("entity/product", {"fields": "everything"}) == (400, 3043)


async def test_folders_and_variants_name_what_they_belong_to(ask: Asker) -> None:
    root = ask.there.add_folder("Посуда")
    leaf = ask.there.add_folder("Кружки", root)
    mug = ask.there.add_product("Кружка", folder_id=leaf.id)
    ask.there.add_variant(mug, characteristics=(("Цвет", "белый"),))
    product = (await ask.good("entity/product"))["rows"][0]
    assert (product["pathName"], product["variantsCount"]) == ("Посуда/Кружки", 1)
    folder = (await ask.good("entity/productfolder", {"filter": "name=Кружки"}))["rows"][0]
    assert folder["productFolder"]["meta"]["href"].endswith(root.id)
    variant = (await ask.good("entity/variant", {"limit": "100", "expand": "product"}))["rows"][0]
    assert (variant["name"], variant["product"]["name"]) == ("Кружка (белый)", "Кружка")


async def test_all_kinds_of_goods_stand_in_one_list(ask: Asker) -> None:
    cup = ask.there.add_product("Чашка")
    ask.there.add_bundle("Пара", {cup.id: 2.0})
    ask.there.add_variant(cup, characteristics=(("Цвет", "белый"),))
    assert await names(ask, "assortment") == ["Чашка", "Пара", "Чашка (белый)"]
    assert await names(ask, "assortment", filter="type=bundle;type=product") == ["Чашка", "Пара"]
    assert await ask.code("entity/assortment", {"filter": "article=x"}) == (400, 1034)
