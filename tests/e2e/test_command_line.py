"""The whole way of a store through the command line alone: a real CommerceML export, and the sandbox over real HTTP."""

import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ozon_desktop.cli import main
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import ENVIRONMENT_KEY
from tests.places import RESOURCES, SHARED
from tests.services.shop import WRITING

SAMPLES = SHARED / "samples/commerceml"
RESOURCES = RESOURCES / "sandbox"
CATALOG, OFFERS = SAMPLES / "mats_import.xml", SAMPLES / "mats_offers.xml"
CATEGORY, TYPE = "Коврики для дома", "Коврик детский игровой"
FILLED = {"Бренд": "Нет бренда", "Возраст ребёнка": "", "Материал": "", "Длина, см": "200"}
FIRST_WAREHOUSE, SECOND_WAREHOUSE = 1020005000000101, 1020005000000102

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CATALOG.is_file() and OFFERS.is_file()), reason="the shared sample exports are not here"),
]
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox(import_delay_s=0.05, moderation_s=0.05, order_interval_s=0, stock_interval_s=0)
    sandbox.memory.limits.requests_per_second = 10_000
    return sandbox


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs one command with --json: its exit code, and the document it printed (the error text when it printed none)."""
    monkeypatch.setenv(ENVIRONMENT_KEY, ADMIN_KEY)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with SandboxThread(sandbox) as served:

        def call(*words: str) -> tuple[int, Any]:
            code = main(["--data-dir", str(tmp_path / "data"), "--api-url", served.url, "--json", *words])
            said = capsys.readouterr()
            return code, json.loads(said.out) if said.out else said.err

        yield call


def expected_offers() -> dict[str, tuple[Decimal, int]]:
    """(price of the type BASE, pieces in all warehouses) by article, of the sample's products that lie in a category."""
    products = ElementTree.parse(CATALOG).iterfind(".//{*}Товар")
    alive = (product for product in products if product.get("Статус") != "Удален")
    in_category = {product.findtext("{*}Ид") for product in alive if product.findtext("{*}Группы/{*}Ид")}
    offers = {}
    for offer in ElementTree.parse(OFFERS).iterfind(".//{*}Предложение"):
        if offer.findtext("{*}Ид") in in_category:
            stock = sum(int(place.attrib["КоличествоНаСкладе"]) for place in offer.iterfind("{*}Склад"))
            price = offer.findtext("{*}Цены/{*}Цена/{*}ЦенаЗаЕдиницу") or ""
            offers[offer.findtext("{*}Артикул") or ""] = (Decimal(price), stock)
    return offers


def attributes() -> dict[int, dict[str, Any]]:
    """The sandbox's attributes by id, read past the program."""
    rows = json.loads((RESOURCES / "attributes.json").read_text(encoding="utf-8"))["attributes"]
    return {row["id"]: row for row in rows}


def value_of(name: str) -> str:
    """Some value that Ozon's dictionary of this attribute has."""
    attribute = next(row for row in attributes().values() if row["name"] == name)
    dictionaries = json.loads((RESOURCES / "dictionaries.json").read_text(encoding="utf-8"))
    return str(dictionaries[str(attribute["dictionary_id"])]["values"][0]["value"])


def set_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps one to eight of the guide."""
    code, counts = run("import", str(CATALOG), str(OFFERS))
    assert (code, counts["prices"], counts["stocks"]) == (0, 44, 132)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ADMIN_KEY}\n"))
    assert run("connect", "--client-id", str(KNOWN_CLIENT_ID))[0] == 0
    code, report = run("check")
    assert (code, report["currency"], report["missing_methods"]) == (0, "RUB", [])
    code, fetched = run("categories", "fetch", "--base", "Детские товары")
    assert code == 0
    assert fetched["types"] > 0
    words = ["scheme=FBS", "organization=Рога и копыта ООО", "employee=Иванова Мария", "price_type=BASE", "vat=22", "trigger=hourly"]
    code, page = run("integration", "set", *words)
    assert (code, page["problems"]) == (0, {})
    code, collected = run("settings", "fetch")
    assert (code, collected["failed"]) == (0, [])
    assert run("integration", "enable") == (0, {"enabled": True})


def test_store_goes_to_ozon_by_the_command_line_alone(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(run, monkeypatch)
    code, suggested = run("mapping", "suggest", "--category", CATEGORY)
    assert code == 0
    assert any("коврик" in row["path"].casefold() for row in suggested[CATEGORY])
    assert run("mapping", "set", CATEGORY, TYPE)[0] == 0
    wanted = expected_offers()
    code, checked = run("cards", "check")
    assert (code, checked["ready"]) == (1, 0)
    missing = {problem["field"] for problem in checked["problems"] if problem["offer_id"] in wanted}
    assert missing == set(FILLED)
    for name, text in FILLED.items():
        value = text or value_of(name)
        code, said = run("cards", "rule", "--category", CATEGORY, "--attribute", name, "--value", value)
        assert code == 0, said
    code, checked = run("cards", "check")
    assert checked["ready"] == len(wanted) == 35
    assert not {problem["offer_id"] for problem in checked["problems"]} & set(wanted)

    code, planned = run("sync", "--dry-run")
    assert (planned["create"], planned["price"], planned["skip"]) == (35, 0, checked["not_ready"])
    assert not sandbox.products
    assert (planned["first"], planned["held"]) == (True, 0)
    code, sent = run("sync", "--confirm", planned["plan"])
    assert (sent["create"], sent["stock"], sent["failed"], sent["skip"]) == (35, 35, 0, checked["not_ready"])
    assert code == 1, "the products without a category are problems"
    assert_sandbox_holds(sandbox, wanted)

    sandbox.reset_requests()
    code, again = run("sync")
    numbers = {name: number for name, number in again.items() if isinstance(number, int)}
    assert {name for name, number in numbers.items() if number} == {"run", "skip", "requests"}
    assert not WRITING & {request.path for request in sandbox.requests}


def assert_sandbox_holds(sandbox: Sandbox, wanted: dict[str, tuple[Decimal, int]]) -> None:
    held = {offer: (product.price, dict(product.stocks)) for offer, product in sandbox.products.items()}
    assert held == {offer: (price, {FIRST_WAREHOUSE: stock, SECOND_WAREHOUSE: 0}) for offer, (price, stock) in wanted.items()}
    names = attributes()
    for product in sandbox.products.values():
        assert product.status == "price_sent"
        assert not product.errors
        assert product.item.vat == "0.22"
        texts = {names[item.id]["name"]: [value.value for value in item.values] for item in product.item.attributes}
        assert texts["Бренд"] == ["Нет бренда"]
        assert texts["Длина, см"] == ["200"]
        assert texts["Материал"] == [value_of("Материал")]
