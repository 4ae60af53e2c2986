"""First sending, held changes, reading only, five first and taking back, by the command line."""

from dataclasses import replace
from decimal import Decimal

from tests.commands.conftest import Terminal
from tests.services.shop import MAIN_WAREHOUSE, SHIRTS, Shirt, write_export

CHEAP = (replace(SHIRTS[0], price="100"), *SHIRTS[1:])


def load(terminal: Terminal, *shirts: Shirt) -> str:
    """Imports exactly these; gives what was said beside the result."""
    said = terminal("import", str(write_export(terminal.data.parent / "shop.xml", *shirts)))
    assert said.code == 0
    return said.err


def test_a_first_sending_needs_the_id_of_its_preview(terminal: Terminal) -> None:
    terminal.sets_up()
    refused = terminal("sync")
    assert refused.code == 1
    assert "sync --dry-run" in refused.err
    assert "sync --confirm" in refused.err
    five = terminal("sync", "--first-five")
    assert (five.code, terminal.sandbox.products) == (1, {})
    said = terminal("sync", "--dry-run")
    (plan,) = [line.rpartition(" ")[2] for line in said.out.splitlines() if line.startswith("Номер просмотра")]
    assert f"sync --confirm {plan}" in said.err
    document = terminal("sync", "--dry-run", "--json").document
    assert (document["plan"], document["first"], document["held"], document["held_items"]) == (plan, True, 0, [])
    load(terminal, *CHEAP)
    changed = terminal("sync", "--confirm", plan, "--json")
    assert (changed.code, terminal.sandbox.products) == (1, {})
    assert changed.document["plan"] == terminal("sync", "--dry-run", "--json").document["plan"]
    assert changed.document["plan"] in changed.err
    assert terminal("sync", "--confirm", changed.document["plan"]).code == 0
    assert terminal.sandbox.products["RU-1"].price == Decimal(100)
    load(terminal, *(replace(shirt, stock=1) for shirt in CHEAP))
    assert terminal("sync").code == 0


def test_held_changes_are_listed_decided_and_sent(terminal: Terminal) -> None:
    terminal.sets_up()
    terminal.sends_first()
    load(terminal, replace(CHEAP[0], stock=1), replace(SHIRTS[1], stock=5000), SHIRTS[2])
    planned = terminal("sync", "--dry-run", "--json")
    assert (planned.code, planned.document["held"], planned.document["stock"]) == (1, 2, 1)
    found = {(item["offer_id"], item["kind"], item["why"], item["old"], item["new"]) for item in planned.document["held_items"]}
    assert found == {("RU-1", "price", "price_jump", "1990", "100"), ("RU-2", "stock", "stock_jump", "3", "5000")}
    text = terminal("sync", "--dry-run")
    assert "(−95 %)" in text.out.replace("\u00a0", " ")
    assert "(в 1 666 раз)" in text.out.replace("\u00a0", " ")
    lines = [line for line in text.out.splitlines() if "→ 100" in line or "→ 5000" in line]
    assert [line.split()[0] for line in lines] == ["придержано"] * 2, "what is held stands nowhere as if it were sent"
    holds = {(item["offer_id"], item["kind"]): item["hold"] for item in planned.document["items"] if item["kind"] != "skip"}
    assert holds == {("RU-1", "price"): "price_jump", ("RU-2", "stock"): "stock_jump", ("RU-1", "stock"): None}
    sent = terminal("sync", "--json")
    assert (sent.code, sent.document["held"], sent.document["stock"]) == (1, 2, 1)
    assert terminal.sandbox.products["RU-1"].price == Decimal(1990)
    assert terminal.sandbox.products["RU-1"].stocks[MAIN_WAREHOUSE] == 1
    listed = terminal("sync", "held", "--send", "RU-1", "--keep", "RU-2", "--json")
    assert {(item["offer_id"], item["verdict"]) for item in listed.document["held"]} == {("RU-1", "send"), ("RU-2", "keep")}
    assert terminal("sync").code == 0
    assert terminal.sandbox.products["RU-1"].price == Decimal(100)
    assert terminal.sandbox.products["RU-2"].stocks[MAIN_WAREHOUSE] == 3
    assert terminal("sync", "held", "--undecided", "RU-2").code == 1
    unknown = terminal("sync", "held", "--send", "NO-1")
    assert (unknown.code, "NO-1" in unknown.err) == (3, True)
    plan = terminal("sync", "--dry-run", "--json").document["plan"]
    assert terminal("sync", "--confirm", plan).code == 0, "confirming the whole plan releases what is held in it"
    assert terminal.sandbox.products["RU-2"].stocks[MAIN_WAREHOUSE] == 5000
    assert "Ничего не придержано" in terminal("sync", "held").out


def test_reading_only_is_switched_on_and_off(terminal: Terminal) -> None:
    terminal.sets_up()
    assert terminal("integration", "read-only", "--json").document == {"read_only": False}
    assert terminal("integration", "read-only", "on", "--json").document == {"read_only": True}
    said = terminal("sync", "--confirm", terminal("sync", "--dry-run", "--json").document["plan"])
    assert (said.code, terminal.sandbox.products) == (3, {})
    assert "только для чтения" in said.err
    assert terminal("sync", "--only", "orders", "--json").document["orders"] == 0
    assert terminal.sandbox.products == {}
    assert terminal("integration", "read-only", "off").code == 0
    assert terminal.sends_first().code == 0


def test_five_go_first_and_are_compared(terminal: Terminal) -> None:
    shirts = tuple(Shirt(f"F-{number}", stock=number) for number in range(1, 8))
    terminal.sets_up(*shirts)
    plan = terminal("sync", "--dry-run", "--json").document["plan"]
    said = terminal("sync", "--first-five", "--confirm", plan)
    assert said.code == 0, (said.out, said.err)
    assert len(terminal.sandbox.products) == 5
    assert "не совпало: 0" in said.out
    assert "совпало" in said.out
    assert "Остальное ждёт вашего просмотра" in said.err
    assert terminal("sync").code == 1
    assert terminal.sends_first().code == 0
    assert len(terminal.sandbox.products) == 7


def test_a_run_is_taken_back(terminal: Terminal) -> None:
    terminal.sets_up()
    terminal.sends_first()
    load(terminal, replace(SHIRTS[0], price="2100"), *SHIRTS[1:])
    run = str(terminal("sync", "--json").document["run"])
    shown = terminal("sync", "--take-back", run, "--json").document
    assert [(item["kind"], item["changes"][0]["old"], item["changes"][0]["new"]) for item in shown["items"]] == [("price", "2100", "1990")]
    assert terminal.sandbox.products["RU-1"].price == Decimal(2100)
    wrong = terminal("sync", "--take-back", run, "--confirm", "000000000000")
    assert (wrong.code, terminal.sandbox.products["RU-1"].price) == (1, Decimal(2100))
    assert terminal("sync", "--take-back", run, "--confirm", shown["plan"]).code == 0
    assert terminal.sandbox.products["RU-1"].price == Decimal(1990)
    assert terminal("sync").code == 0
    assert terminal.sandbox.products["RU-1"].price == Decimal(1990)
    unknown = terminal("sync", "--take-back", "9999")
    assert (unknown.code, "9999" in unknown.err) == (3, True)


def test_an_export_that_lacks_much_is_announced(terminal: Terminal) -> None:
    shirts = tuple(Shirt(f"F-{number}") for number in range(10))
    terminal.sets_up(*shirts)
    assert "исчезнут 9 из 10 товаров" in load(terminal, shirts[0])
    assert load(terminal, shirts[0]) == "", "the same file again: it was said"


def test_the_limit_for_one_price_is_set_and_shown(terminal: Terminal) -> None:
    terminal.sets_up()
    assert "больше чем на 12,5 %" in terminal("sync", "rules", "set", "guard_single=12,5").out
    for value in ("1001", "-1"):
        said = terminal("sync", "rules", "set", f"guard_single={value}")
        assert (said.code, "от 0 до 1000 %" in said.err) == (3, True)
