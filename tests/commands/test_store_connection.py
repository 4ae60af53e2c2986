"""store connect|check|pull|orders|states|disconnect on the command line, over a web server on a port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ozon_desktop.commands.output import Exit
from tests.backoffice.web_shop import WebShop, on_a_port
from tests.commands.conftest import Terminal
from tests.services.shop import SHIRTS, Shirt, write_export


@pytest.fixture
def shop(tmp_path: Path) -> WebShop:
    return WebShop({"/price.yml": write_export(tmp_path / "price.yml", *SHIRTS).read_bytes()})


@pytest.fixture
def url(shop: WebShop) -> Iterator[str]:
    with on_a_port(shop) as address:
        yield f"{address}/price.yml"


def test_a_link_is_connected_checked_pulled_and_let_go(terminal: Terminal, shop: WebShop, url: str, tmp_path: Path) -> None:
    said = terminal("store", "connect", "link", url, "--every", "7", "--json")
    assert said.code == Exit.DONE
    assert said.document == {"kind": "link", "company": "127.0.0.1", "missing": []}
    assert terminal("store", "check").code == Exit.DONE
    pulled = terminal("store", "pull", "--json").document
    assert (pulled["changed"], pulled["full"], pulled["products"]) == (True, True, 3)
    assert terminal("store", "pull", "--json").document["changed"] is False
    shop.files["/price.yml"] = write_export(tmp_path / "price.yml", *SHIRTS, Shirt("RU-9")).read_bytes()
    assert terminal("store", "pull", "--full").code == Exit.DONE
    connection = terminal("store", "connection", "--json").document
    assert (connection["kind"], connection["interval_min"]) == ("link", 7)
    assert connection["pulled_at"]
    assert terminal("store", "disconnect").code == Exit.DONE
    assert terminal("store", "connection", "--json").document["kind"] == "files"
    assert "RU-9" in terminal("store", "products").out


def test_a_link_that_does_not_answer_is_said_and_not_kept(terminal: Terminal, shop: WebShop, url: str) -> None:
    shop.files.clear()
    said = terminal("store", "connect", "link", url)
    assert said.code == Exit.COULD_NOT
    assert "По этому адресу ничего нет" in said.err
    assert terminal("store", "connection", "--json").document["kind"] == "files"


def test_a_password_is_read_from_standard_input(terminal: Terminal, shop: WebShop, url: str) -> None:
    shop.login, shop.password = "robot", "word"
    assert terminal("store", "connect", "link", url, "--login", "robot", typed="").code == Exit.COULD_NOT
    assert terminal("store", "connect", "link", url, "--login", "robot", typed="wrong\n").code == Exit.COULD_NOT
    assert terminal("store", "connect", "link", url, "--login", "robot", typed="word\n").code == Exit.DONE


def test_where_the_system_keeps_no_secrets_the_environment_gives_the_password(terminal: Terminal, shop: WebShop, url: str) -> None:
    shop.login, shop.password = "robot", "word"
    terminal("store", "connect", "link", url, "--login", "robot", typed="word\n")
    assert terminal("store", "pull").code == Exit.COULD_NOT
    terminal.monkeypatch.setenv("OZON_DESKTOP_STORE_PASSWORD", "word")
    assert terminal("store", "pull").code == Exit.DONE


@pytest.mark.parametrize("words", [("link",), ("link", "http://x.example", "--every", "0"), ("carrier-pigeon",)])
def test_absurd_connections_are_usage_errors(terminal: Terminal, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        terminal("store", "connect", *words)
    assert caught.value.code == Exit.USAGE


def test_an_address_that_is_none_is_said(terminal: Terminal) -> None:
    assert terminal("store", "connect", "link", "shop.example").code == Exit.COULD_NOT


def test_without_a_connection_a_pull_says_what_to_do(terminal: Terminal) -> None:
    said = terminal("store", "pull")
    assert said.code == Exit.COULD_NOT
    assert "подключите магазин" in said.err.casefold()


def test_the_table_of_states(terminal: Terminal) -> None:
    assert terminal("store", "states", "new=Новый", "shipped=Отгружен").code == Exit.DONE
    assert terminal("store", "states", "--json").document["states"]["shipped"] == "Отгружен"
    assert terminal("store", "states", "new=", "--json").document["states"]["new"] == ""
    assert terminal("store", "states", "lost=x").code == Exit.COULD_NOT
    assert terminal("store", "orders", "--json").document == {"orders": [], "waiting": 0, "held": None, "problems": {}}
