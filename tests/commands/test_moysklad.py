"""store connect moysklad and what follows, on the command line, over the stand-in on a port."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from ozon_desktop.commands.output import Exit
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.sandbox.server import SandboxThread
from tests.commands.conftest import Terminal


@pytest.fixture
def there() -> MoySklad:
    """Limits that let the tests pass quickly: the pace is proved elsewhere."""
    return MoySklad(limits=Limits(bucket=1_000_000))


@pytest.fixture
def url(there: MoySklad) -> Iterator[str]:
    with SandboxThread(there) as served:
        yield served.url


def test_a_token_connects_and_goods_come(terminal: Terminal, there: MoySklad, url: str) -> None:
    mug = there.add_product("Кружка", price=590, stock=7, article="MUG-1")
    token = there.token()
    said = terminal("store", "connect", "moysklad", "--address", url, "--json", typed=f"{token}\n")
    terminal.monkeypatch.setenv("OZON_DESKTOP_STORE_PASSWORD", token)
    assert (said.code, said.document) == (Exit.DONE, {"kind": "moysklad", "company": "ООО «Ромашка»", "missing": []})
    pulled = terminal("store", "pull", "--json").document
    assert (pulled["changed"], pulled["full"], pulled["products"], pulled["stocks"]) == (True, True, 1, 1)
    assert "MUG-1" in terminal("store", "products").out
    there.set_stock(mug, 3)
    changed = terminal("store", "pull", "--json").document
    assert (changed["changed"], changed["full"], changed["stocks"]) == (True, False, 1)
    assert changed["requests"] <= 6
    assert terminal("store", "disconnect").code == Exit.DONE


def test_a_login_with_a_password_connects_and_rights_that_are_missing_are_named(terminal: Terminal, there: MoySklad, url: str) -> None:
    there.take_right("stock")
    said = terminal("store", "connect", "moysklad", "--login", ADMIN_LOGIN, "--address", url, typed=f"{ADMIN_PASSWORD}\n")
    terminal.monkeypatch.setenv("OZON_DESKTOP_STORE_PASSWORD", ADMIN_PASSWORD)
    assert said.code == Exit.PROBLEMS
    assert "просматривать остатки по товарам" in said.out
    pulled = terminal("store", "pull")
    assert pulled.code == Exit.COULD_NOT
    assert "остатки" in pulled.err


def test_a_wrong_token_is_said_and_not_kept(terminal: Terminal, url: str) -> None:
    said = terminal("store", "connect", "moysklad", "--address", url, typed="wrong\n")
    assert said.code == Exit.COULD_NOT
    assert terminal("store", "connection", "--json").document["kind"] == "files"


@pytest.mark.parametrize(("address", "typed"), [("", ""), ("http://moysklad.example", "token\n"), ("ftp://x", "token\n")])
def test_no_token_or_an_address_that_would_give_it_away_is_refused(terminal: Terminal, address: str, typed: str) -> None:
    said = terminal("store", "connect", "moysklad", "--address", address, typed=typed)
    assert said.code == Exit.COULD_NOT


def test_the_sandbox_of_moysklad_says_how_it_is_reached() -> None:
    command = [sys.executable, "-m", "ozon_desktop", "sandbox", "--of", "moysklad", "--port", "0", "--products", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        url, login = process.stdout.readline(), process.stdout.readline()
        process.terminate()
    assert url.startswith("http://127.0.0.1:")
    assert ADMIN_LOGIN in login
    assert ADMIN_PASSWORD in login
