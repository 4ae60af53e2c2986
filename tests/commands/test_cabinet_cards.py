"""cards adopt, differences, confirm and export-ozon on the command line."""

from pathlib import Path

import pytest

from tests.commands.conftest import Terminal
from tests.services.cabinet.cards_on_ozon import place, values
from tests.services.shop import SHIRT, SHIRTS, Shirt


def test_cards_of_the_cabinet_are_adopted_and_decided(terminal: Terminal) -> None:
    terminal.sets_up(*SHIRTS, Shirt("NAME", name="Пальто драповое зимнее"))
    place(terminal.sandbox, "RU-1", "Рубашка RU-1")
    place(terminal.sandbox, "COAT", "Пальто зимнее драповое")
    said = terminal("cards", "adopt")
    assert said.code == 1
    assert "Похожи по названию, подтвердите: 1 карточка" in said.out
    assert "COAT «Пальто зимнее драповое»: NAME «Пальто драповое зимнее», 100 %" in said.out
    assert terminal("cards", "confirm", "NAME", "COAT").out == "«Пальто драповое зимнее» и карточка COAT: один товар\n"
    document = terminal("cards", "adopt", "--offline", "--json").document
    assert {card["offer_id"]: card["by"] for card in document["matched"]} == {"RU-1": "article", "COAT": "manager"}
    assert [product["offer_id"] for product in document["only_store"]] == ["RU-2", "RU-3"]
    assert document["complete"] is True
    assert terminal("cards", "confirm", "NAME", "COAT", "--reject").code == 0
    said = terminal("cards", "adopt", "--offline", "--list")
    assert said.code == 0
    assert "COAT «Пальто зимнее драповое»: только на Ozon" in said.out
    assert "RU-1 — RU-1 «Рубашка RU-1», по артикулу" in said.out
    assert "NAME «Пальто драповое зимнее»: только в магазине" in said.out
    assert "COAT «Пальто зимнее драповое» и NAME «Пальто драповое зимнее»: разные товары" in said.out
    assert terminal("cards", "confirm", "NAME", "COAT", "--forget").out == "«Пальто драповое зимнее» и карточка COAT: решение снято\n"
    assert terminal("cards", "adopt", "--offline").code == 1, "proposed again"
    assert terminal("cards", "confirm", "NONE", "COAT").code == 3


def test_differences_are_reported_and_a_side_is_chosen(terminal: Terminal) -> None:
    terminal.sets_up()
    place(terminal.sandbox, "RU-1", "Сорочка", price="1500", weight=400)
    terminal("cards", "adopt")
    said = terminal("cards", "differences", "--product", "RU-1")
    assert said.code == 1
    assert "RU-1  Название (name): магазин «Рубашка RU-1» (из данных магазина), Ozon «Сорочка» — не выбрано" in said.out
    [weight] = terminal("cards", "differences", "--field", "weight", "--json").document["differences"]
    assert (weight["store"], weight["ozon"], weight["side"]) == ("350", "400", None)
    assert terminal("cards", "differences", "--field", "weight", "--take", "ozon").out == "С Ozon в магазин: изменено товаров — 1\n"
    assert terminal("cards", "differences", "--field", "weight").code == 0
    assert terminal("cards", "differences", "--field", "name", "--take", "store").code == 0
    [name] = terminal("cards", "differences", "--field", "name", "--json").document["differences"]
    assert name["side"] == "store"
    assert terminal("cards", "differences", "--field", "name", "--take", "forget").code == 0
    assert terminal("cards", "differences", "--field", "type_key", "--take", "ozon").code == 3


def test_types_that_differ_are_named(terminal: Terminal) -> None:
    terminal.sets_up()
    place(terminal.sandbox, "RU-1", description_category_id=SHIRT.description_category_id, type_id=1002)
    terminal("cards", "adopt")
    [line] = terminal("cards", "differences", "--field", "type_key").out.splitlines()
    store = "магазин «Одежда / Рубашки / Рубашка» (сопоставление категории)"
    assert line == f"RU-1  Тип товара Ozon (type_key): {store}, Ozon «Одежда / Рубашки / Старая рубашка» — не выбрано"


def test_cards_only_on_ozon_are_written(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sets_up()
    place(terminal.sandbox, "DRESS", "Платье")
    place(terminal.sandbox, "OLD", "Старое", archived=True)
    terminal("cards", "adopt")
    said = terminal("cards", "export-ozon", str(tmp_path / "out"), "--encoding", "windows-1251")
    assert said.out.startswith("Записано: 1 карточка. Не записаны карточки из архива Ozon: 1\n")
    text = (tmp_path / "out" / "import.xml").read_bytes().decode("windows-1251")
    assert "<Артикул>DRESS</Артикул>" in text
    assert "OLD" not in text
    document = terminal("cards", "export-ozon", str(tmp_path / "out"), "--archived", "--json").document
    assert (document["cards"], document["archived"]) == (2, 0)
    assert Path(document["table"]).is_file()


def test_an_answer_about_existing_cards_is_given_once_and_told_with_its_losses(terminal: Terminal) -> None:
    terminal.sets_up()
    place(terminal.sandbox, "RU-1", "Рубашка льняная мужская", price="1700", attributes=(values(4191, (0, "Лён. Ручная работа.")),))
    said = terminal("cards", "adopt")
    assert "Карточки уже есть на Ozon: 1" in said.out
    assert "содержание: нет ответа" in said.out
    assert "если как в магазине — будет потеряно: 1 поле" in said.out
    assert "если оставить как на Ozon и дополнить пустое — ничего не потеряется" in said.out
    terminal("sync")
    assert terminal.sandbox.products["RU-1"].name == "Рубашка льняная мужская", "nothing is sent before the answer"
    answered = terminal("cards", "adopt", "--offline", "--prefer", "store", "--prices", "store", "--stocks", "ozon", "--json").document
    existing = answered["existing"]
    assert (existing["count"], existing["content"], existing["prices"], existing["stocks"]) == (1, "store", "store", "ozon")
    assert existing["losses"] == {"fill": 0, "store": 1, "fields": 0}
    again = terminal("cards", "adopt", "--offline", "--prefer", "store", "--prices", "store", "--stocks", "ozon", "--json").document
    assert again["existing"] == existing
    plan = terminal("sync", "--dry-run", "--json").document
    assert (plan["lost"], plan["losses"]) == (
        1,
        [{"offer_id": "RU-1", "field": "name", "values": ["Рубашка льняная мужская"], "held": False}],
    )
    shown = terminal("sync", "--dry-run").out
    assert "будет потеряно: 1 поле" in shown
    assert "Название: Рубашка льняная мужская → Рубашка RU-1 (пропадёт: Рубашка льняная мужская)" in shown
    assert "Цена: 1700 → 1990" in shown
    terminal.sends_first()
    assert terminal.sandbox.products["RU-1"].name == "Рубашка RU-1"
    kept = {item.id: item.values[0].value for item in terminal.sandbox.products["RU-1"].item.attributes}
    assert kept[4191] == "Лён. Ручная работа."


def test_an_answer_is_taken_back(terminal: Terminal) -> None:
    terminal.sets_up()
    place(terminal.sandbox, "RU-1", "Сорочка")
    document = terminal("cards", "adopt", "--prefer", "ozon", "--json").document
    assert document["existing"]["content"] == "fields"
    assert terminal("cards", "adopt", "--offline", "--forget", "--json").document["existing"]["content"] is None
    with pytest.raises(SystemExit):
        terminal("cards", "adopt", "--prefer", "nobody")


def test_the_rate_of_a_product_is_chosen_on_the_command_line(terminal: Terminal) -> None:
    terminal.sets_up()
    assert "vat_of_product = True" in terminal("integration", "set", "vat_of_product=да").out
    assert terminal("integration", "show", "--json").document["vat_of_product"] is True
    assert terminal("integration", "set", "vat_of_product=иногда").code == 3
    assert terminal("integration", "set", "vat_of_product=no").code == 0
    assert terminal("integration", "show", "--json").document["vat_of_product"] is False
