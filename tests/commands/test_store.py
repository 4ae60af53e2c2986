"""import and store products on the command line: words, exit codes, and the promised shape of the document."""

from pathlib import Path

from tests.commands.conftest import Terminal
from tests.services.store.commerceml_files import classifier, goods, offer, offers, product, size, write

KEYS = {
    "id", "parent_id", "offer_id", "name", "description", "vendor", "vat", "barcodes", "categories", "pictures", "properties", "prices",
    "stocks", "deleted",
}  # fmt: skip


def test_the_store_is_shown_as_it_is_now(terminal: Terminal, tmp_path: Path) -> None:
    parts = [
        write(tmp_path / "import.xml", classifier() + goods(product("t", "SL", "<Картинка>https://shop.example/1.jpg</Картинка>"))),
        write(tmp_path / "offers.xml", offers(offer("t#a", size("37"), count="7.000"), offer("t#b", size("38"), price=""))),
    ]
    said = terminal("import", *map(str, parts))
    assert said.code == 0
    assert "1 товар, 2 варианта" in said.out.replace("\xa0", " ")
    assert "без цены: 1" in said.out
    first, second = terminal("store", "products", "--json").document["products"]
    assert set(first) == set(second) == KEYS
    assert (first["id"], first["parent_id"], first["offer_id"], first["categories"]) == ("t#a", "t", "SL-37", ["Обувь"])
    assert (first["prices"], first["stocks"]) == ({"r": {"value": "100", "currency": "BYN"}}, {"default": "7"})
    assert (second["prices"], second["properties"], second["deleted"]) == ({}, {"Размер": "38"}, False)
    [found] = terminal("store", "products", "--article", "SL-38", "--json").document["products"]
    assert found["id"] == "t#b"
    assert terminal("store", "products", "--article", "нет", "--json").document == {"products": []}
    assert "SL-37  Слипоны" in terminal("store", "products").out


def test_what_was_not_taken_is_said_with_its_place(terminal: Terminal, tmp_path: Path) -> None:
    goods_file = write(tmp_path / "import.xml", classifier() + goods(product("t", "SL")))
    said = terminal("import", str(goods_file))
    assert said.code == 0
    assert "цены и остатки — в offers.xml" in said.out
    said = terminal("import", str(write(tmp_path / "offers.xml", offers(offer("t", price="1,234")))))
    assert said.code == 1
    assert "Не взято из-за ошибок в файле: 1" in said.out
    assert "offers.xml, строка 2" in said.err
    assert "«1,234» можно прочитать двояко" in said.err
    document = terminal("import", str(tmp_path / "offers.xml"), "--json").document
    assert (document["problems"], document["lines"][0]["kind"], document["lines"][0]["written"]) == (1, "ambiguous_number", "1,234")


def test_a_broken_file_says_why_in_russian(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "import.xml"
    path.write_text("<КоммерческаяИнформация><Каталог><Товары><Товар><Ид>1</Товар></Товары></Каталог>", encoding="utf-8")
    said = terminal("import", str(path))
    assert said.code == 3
    assert "строка 1" in said.err
    assert "элемент закрыт не там, где открыт" in said.err


def test_a_rule_of_articles_is_shown_then_taken(terminal: Terminal, tmp_path: Path) -> None:
    terminal("import", str(write(tmp_path / "import.xml", classifier() + goods(product("1", "A", "<Код>К-1</Код>")))))
    said = terminal("store", "articles", "--rule", "code,article")
    assert said.code == 0
    assert "1 товар: 1 разный артикул" in said.out.replace("\xa0", " ")
    assert "--apply" in said.out
    assert terminal("store", "articles", "--json").document["chosen"] is None
    document = terminal("store", "articles", "--rule", "code,article", "--apply", "--json").document
    assert (document["chosen"], document["preview"]["examples"]) == (["code", "article"], [["1", "К-1"]])
    assert terminal("store", "articles", "--rule", "store", "--json").document == {"rule": None}
    assert terminal("store", "articles", "--rule", "цвет").code == 3


def test_columns_of_a_price_list_are_shown_and_chosen(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "price.csv"
    path.write_text("Артикул;Наименование;РРЦ\n00123;Слипоны;1 200\n", encoding="utf-8")
    said = terminal("store", "columns", str(path))
    assert said.code == 0
    assert "РРЦ — свойство товара" in said.out
    [sheet] = terminal("store", "columns", str(path), "--set", "РРЦ=price", "--json").document["sheets"]
    assert [column["role"] for column in sheet["columns"]] == ["article", "name", "price"]
    assert terminal("import", str(path)).code == 0
    [product_] = terminal("store", "products", "--json").document["products"]
    assert (product_["offer_id"], product_["prices"]) == ("00123", {"ррц": {"value": "1200", "currency": "RUB"}})
    assert terminal("store", "columns", str(path), "--set", "Нет=price").code == 3
    assert terminal("store", "columns", str(path), "--set", "РРЦ=дорого").code == 3


def test_the_watched_folder_is_shown_set_and_left(terminal: Terminal, tmp_path: Path) -> None:
    place = tmp_path / "exports"
    assert terminal("store", "folder", "--json").document == {"folder": None, "fault": None, "troubles": []}
    refused = terminal("store", "folder", str(place))
    assert (refused.code, str(place) in refused.err) == (3, True), "it must be there when it is chosen"
    place.mkdir()
    assert terminal("store", "folder", str(place)).out.strip() == f"Папка выгрузок: {place}"
    assert terminal("store", "folder", "--json").document == {"folder": str(place), "fault": None, "troubles": []}
    place.rmdir()
    away = terminal("store", "folder")
    assert (away.code, "недоступна" in away.err) == (1, True)
    assert terminal("store", "folder", "").out.strip() == "Папка выгрузок не задана"
