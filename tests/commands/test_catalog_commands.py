"""Categories that changed, settings below single categories, and what is said of rights, limits and partial dictionaries."""

import json

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from ozon_desktop.services.secrets import ENVIRONMENT_KEY
from tests.commands.conftest import Terminal
from tests.services.shop import SHIRTS

CONNECT = ("connect", "--client-id", str(KNOWN_CLIENT_ID))


def with_categories(terminal: Terminal) -> None:
    assert terminal(*CONNECT, typed=f"{ADMIN_KEY}\n").code == 0
    assert terminal("categories", "fetch", "--base", "Одежда", "--base", "Продукты").code == 0


def collected(terminal: Terminal, *words: str) -> tuple[int, int]:
    """Exit code and number of types collected."""
    said = terminal("settings", "fetch", "--json", *words)
    return said.code, said.document["types"]


def test_changes_of_the_categories_are_reported_and_can_be_read_again(terminal: Terminal) -> None:
    terminal.sets_up(*SHIRTS)
    nothing = terminal("categories", "changes", "--json").document
    assert nothing == {"at": None, "changes": [], "mappings_concerned": 0}
    tree = json.loads(terminal.sandbox.memory.catalog.tree_bytes)
    shirts = tree["result"][0]["children"][0]
    shirts["category_name"] = "Рубашки и блузы"
    shirts["children"][0]["disabled"] = True
    terminal.sandbox.memory.catalog.tree_bytes = json.dumps(tree).encode()
    fetched = terminal("categories", "fetch", "--json").document
    assert [(change["kind"], change["key"]) for change in fetched["changes"]] == [("disabled", "101:1001"), ("renamed", "101")]
    assert fetched["mappings_concerned"] == 1
    later = terminal("categories", "changes", "--json").document
    assert (later["changes"], later["mappings_concerned"]) == (fetched["changes"], 1)
    said = terminal("categories", "changes").out
    assert "Категория переименована: Одежда / Рубашки → Одежда / Рубашки и блузы" in said
    assert "Тип отключён: Одежда / Рубашки / Рубашка → Одежда / Рубашки и блузы / Рубашка" in said


def test_settings_of_one_child_category_are_collected_and_no_others(terminal: Terminal) -> None:
    with_categories(terminal)
    assert collected(terminal, "--category", "Одежда / Верхняя одежда") == (0, 1)
    assert collected(terminal, "--category", "103") == (0, 0), "they are there already"
    # The rest of both base categories: a shirt, a waistcoat and a tea; the shirt that is closed is not asked for.
    assert collected(terminal) == (0, 3)


def test_several_categories_of_any_level_are_collected_at_once(terminal: Terminal) -> None:
    with_categories(terminal)
    assert collected(terminal, "--category", "Рубашки", "--category", "Продукты") == (0, 2)
    assert collected(terminal, "--category", "Продукты", "--category", "Чай") == (0, 0)


def test_category_that_does_not_exist_is_named_and_nothing_is_asked(terminal: Terminal) -> None:
    with_categories(terminal)
    said = terminal("settings", "fetch", "--json", "--category", "Чай", "--category", "Шляпы")
    assert (said.code, said.out) == (3, "")
    assert "Шляпы" in said.err
    assert collected(terminal, "--category", "Чай") == (0, 1)


def test_name_of_two_categories_has_to_be_reported_apart(terminal: Terminal) -> None:
    tree = json.loads(terminal.sandbox.memory.catalog.tree_bytes)
    tree["result"][1]["children"].append({"description_category_id": 202, "category_name": "Рубашки", "disabled": False, "children": []})
    terminal.sandbox.memory.catalog.tree_bytes = json.dumps(tree).encode()
    with_categories(terminal)
    said = terminal("settings", "fetch", "--category", "Рубашки")
    assert said.code == 3
    assert "Одежда / Рубашки" in said.err
    assert "Продукты / Рубашки" in said.err
    assert collected(terminal, "--category", "Одежда / Рубашки") == (0, 1)


def test_check_says_rights_by_function_and_what_is_left_of_the_limits(terminal: Terminal) -> None:
    assert terminal(*CONNECT, typed=f"{ADMIN_KEY}\n").code == 0
    said = terminal("check")
    assert said.code == 0
    assert "Создание карточек: 0 из 1\u00a0500 на сегодня, осталось 1\u00a0500" in said.out
    assert "нет прав" not in said.out
    terminal.monkeypatch.setenv(ENVIRONMENT_KEY, POSTING_KEY)
    weak = terminal("check")
    assert weak.code == 1
    assert any(line.startswith("Цены: нет прав на /v1/product/import/prices (отправка цен)") for line in weak.out.splitlines())
    document = terminal("check", "--json").document
    timers = [f"/v1/product/action/timer/{what}" for what in ("status", "update")]
    assert document["missing_functions"]["prices"] == ["/v1/product/import/prices", *timers]
    paths = [path for function in document["missing_functions"].values() for path in function]
    assert sorted(paths) == sorted(document["missing_methods"])


def test_value_that_is_not_in_the_cached_part_says_that_only_a_part_was_looked_into(terminal: Terminal) -> None:
    terminal.sets_up(*SHIRTS)
    known = terminal("cards", "set", "RU-1", "Бренд=Неведомая марка")
    assert known.code == 3
    assert "частично" not in known.err, "Ozon was asked: it has no such brand"
    # Port 9 of this computer: nobody listens.
    terminal.monkeypatch.setattr("ozon_desktop.ozon.limits.RetryPolicy.delay", lambda *_: None)
    said = terminal("cards", "set", "RU-1", "Бренд=Неведомая марка", "--json", "--api-url", "http://127.0.0.1:9")
    assert (said.code, said.out) == (3, "")
    assert "Бренд: Не найдено: справочник загружен частично, а связи с Ozon сейчас нет." in said.err
