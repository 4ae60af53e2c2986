"""store connect moysklad and what follows, on the command line, over the stand-in on a port."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop.commands.output import Exit
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.model import Good, utc_now
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.server import SandboxThread
from tests.commands.conftest import Terminal
from tests.services.cabinet.cards_on_ozon import place
from tests.services.shop import SHIRTS


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


def test_a_cabinet_sells_from_moysklad_and_its_orders_go_there(terminal: Terminal, there: MoySklad, url: str) -> None:
    shop = Selling(terminal, there)
    shop.sets_up(url)
    number = terminal.sandbox.place_order("RU-1", 2)
    assert terminal("orders", "fetch").code == Exit.DONE
    made = there.orders[0]
    assert (made.external_code, there.state_of(made), made.references["store"]) == (number, "Новый", there.store.id)
    assert [line.good_id for line in made.positions] == [shop.shirts["RU-1"].id]
    assert made.positions[0].quantity == made.positions[0].reserve == 2
    assert there.free(shop.shirts["RU-1"]) == 3
    listed = terminal("store", "orders", "--json").document["orders"]
    assert [(each["posting_number"], each["store"]["number"], each["store"]["state"]) for each in listed] == [(number, made.name, "Новый")]

    # The store counts the order now: its free stock is what Ozon is told, and the pieces are not taken off twice.
    there.memory.clock = lambda: utc_now() + timedelta(minutes=10)
    assert terminal("store", "pull").code == Exit.DONE
    assert terminal("sync").code == Exit.DONE
    assert terminal.sandbox.products["RU-1"].free == 3

    terminal.sandbox.set_posting_status(number, "awaiting_deliver")
    assert terminal("orders", "fetch").code == Exit.DONE
    assert there.state_of(made) == "Собран"
    terminal.sandbox.set_posting_status(number, "cancelled")
    assert terminal("orders", "fetch").code == Exit.DONE
    assert there.state_of(made) == "Отменен"
    assert there.free(shop.shirts["RU-1"]) == 5
    assert len(there.orders) == 1


def test_a_state_set_by_hand_there_is_told_and_stays(terminal: Terminal, there: MoySklad, url: str) -> None:
    Selling(terminal, there).sets_up(url)
    number = terminal.sandbox.place_order("RU-1")
    terminal("orders", "fetch")
    there.set_state(there.orders[0], "Подтвержден")
    terminal.sandbox.set_posting_status(number, "awaiting_deliver")
    terminal("orders", "fetch")
    assert there.state_of(there.orders[0]) == "Подтвержден"
    listed = terminal("store", "orders", "--json").document["orders"]
    assert [(each["store"]["state"], each["store"]["changed_by_hand"]) for each in listed] == [("Подтвержден", True)]


def test_cards_that_are_only_on_ozon_are_made_products_after_a_preview(terminal: Terminal, there: MoySklad, url: str) -> None:
    Selling(terminal, there).sets_up(url)
    place(terminal.sandbox, "DRESS", "Платье", price="2990", stock=3)
    place(terminal.sandbox, "ARC", "Старое", archived=True)
    assert terminal("store", "create").code == Exit.COULD_NOT, "the cards were not read yet"
    assert terminal("cards", "adopt").code == Exit.DONE
    seen = terminal("store", "create", "--preview")
    assert seen.code == Exit.DONE
    assert "DRESS  Платье, 2 990" in seen.out.replace("\xa0", " ")
    assert len(there.memory.goods) == len(SHIRTS)
    document = terminal("store", "create", "--json").document
    assert ([one["offer_id"] for one in document["products"]], document["can_make"], document["done"]) == (["DRESS"], True, False)
    assert [(one["offer_id"], one["reason"]) for one in document["left_out"]] == [("ARC", "archived")]
    other = terminal("store", "create", "--confirm", "0" * 12, "--json")
    assert (other.code, other.document["plan"]) == (Exit.PROBLEMS, document["plan"])
    made = terminal("store", "create", "--confirm", document["plan"], "--json")
    (good,) = [good for good in there.memory.goods.values() if good.article == "DRESS"]
    assert (made.code, made.document["made"]) == (Exit.DONE, {"DRESS": {"id": good.id, "code": good.code}})
    assert "создавать нечего" in terminal("store", "create").out
    assert terminal("sync", "--dry-run").code in {Exit.DONE, Exit.PROBLEMS}


def test_a_catalogue_file_is_written_for_a_store_of_files(terminal: Terminal, there: MoySklad, url: str, tmp_path: Path) -> None:
    Selling(terminal, there).sets_up(url)
    place(terminal.sandbox, "DRESS", "Платье", price="2990", stock=3)
    terminal("cards", "adopt")
    terminal("store", "disconnect")
    seen = terminal("store", "create")
    assert "--file" in seen.err
    assert terminal("store", "create", "--preview", "--file", "x").code == Exit.COULD_NOT
    path = tmp_path / "catalog.xml"
    said = terminal("store", "create", "--file", str(path), "--encoding", "windows-1251")
    assert (said.code, "1 товар — в файл" in said.out.replace("\xa0", " ")) == (Exit.DONE, True)
    assert "Платье".encode("windows-1251") in path.read_bytes()


class Selling:
    """A shop whose goods lie in МойСклад, all steps of the guide done and the first sending confirmed."""

    def __init__(self, terminal: Terminal, there: MoySklad) -> None:
        self.terminal = terminal
        folder = there.add_folder("Рубашки", there.add_folder("Одежда"))
        brand, size = there.add_attribute("Бренд"), there.add_attribute("Размер упаковки, см")
        there.add_to("saleschannel", "Ozon", type="MARKETPLACE")
        self.shirts: dict[str, Good] = {
            shirt.offer_id: there.add_product(
                f"Рубашка {shirt.offer_id}",
                price=float(shirt.price),
                stock=shirt.stock,
                article=shirt.offer_id,
                folder_id=folder.id,
                weight=float(shirt.weight),
                attributes={brand: shirt.brand, size: "30/20/4"},
                images=1,
                vat=22,
            )
            for shirt in SHIRTS
        }

    def sets_up(self, url: str) -> None:
        terminal = self.terminal
        terminal.monkeypatch.setenv("OZON_DESKTOP_STORE_PASSWORD", ADMIN_PASSWORD)
        fields = ("scheme=FBS", "employee=Администратор", "price_type=Цена продажи", "vat=22", "trigger=hourly", "direction=Ozon")
        for words in (
            ("store", "connect", "moysklad", "--login", ADMIN_LOGIN, "--address", url),
            ("store", "pull"),
            ("store", "states", "new=Новый", "assembled=Собран", "shipped=Отгружен", "cancelled=Отменен"),
            ("connect", "--client-id", str(KNOWN_CLIENT_ID)),
            ("categories", "fetch", "--base", "Одежда"),
            ("settings", "fetch"),
            ("integration", "set", *fields),
            ("integration", "enable"),
            ("mapping", "set", "Рубашки", "Рубашка"),
        ):
            said = terminal(*words, typed=f"{ADMIN_KEY if words[0] == 'connect' else ADMIN_PASSWORD}\n")
            assert said.code == Exit.DONE, (words, said)
        assert terminal.sends_first().code == Exit.DONE


def test_the_states_of_orders_there_are_named(terminal: Terminal, there: MoySklad, url: str) -> None:
    terminal("store", "connect", "moysklad", "--address", url, typed=f"{there.token()}\n")
    said = terminal("store", "states", "--json")
    assert said.document["known"] == list(there.memory.states.values())
    assert "Отгружен" in terminal("store", "states").err
