"""An FBS order from the list of the day to the carriage, with the command line alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop.commands.output import Exit
from tests.commands.conftest import Terminal
from tests.services.orders.desk_shop import CODE
from tests.services.shop import MAIN_WAREHOUSE


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    """A shop with orders of an honest, quick Ozon."""
    terminal.sets_up()
    terminal.sends_first()
    timing = terminal.sandbox.memory.timing
    timing.needs_carriage, timing.ship_delay, timing.mark_check = True, timedelta(0), timedelta(0)
    timing.act_delay = timing.label_delay = timedelta(0)
    for offer in ("RU-1", "RU-2"):
        terminal.sandbox.products[offer].stocks[MAIN_WAREHOUSE] = 50
    return terminal


def placed(desk: Terminal, *goods: dict[str, int]) -> list[str]:
    numbers = [desk.sandbox.place_parcel(one) for one in goods]
    assert desk("orders", "fetch").code == Exit.DONE
    return numbers


def status(desk: Terminal, number: str) -> str:
    return next(str(body["status"]) for body in desk.sandbox.postings if body["posting_number"] == number)


def test_a_day_at_the_desk(desk: Terminal, tmp_path: Path) -> None:
    desk.sandbox.require("RU-2", "mandatory_mark")
    plain, marked, several = placed(desk, {"RU-1": 2}, {"RU-2": 1}, {"RU-1": 2})
    todo = desk("orders", "todo", "--pick", "--json").document
    assert {row["posting_number"]: row["step"] for row in todo["postings"]} == {plain: "assemble", marked: "fill", several: "assemble"}
    assert [(row["offer_id"], row["quantity"]) for row in todo["picking"]] == [("RU-1", 4), ("RU-2", 1)]
    assert marked in desk("orders", "todo").out

    said = desk("orders", "ship", plain, marked, "--json")
    assert (said.code, said.document["assembled"]) == (Exit.PROBLEMS, 1)
    assert said.document["postings"][1]["needs"] == ["mandatory_mark"]
    said = desk("orders", "ship", several, "--parcel", "RU-1=1", "--parcel", "ru-1=1", "--json")
    [outcome] = said.document["postings"]
    assert (said.code, len(outcome["parcels"])) == (Exit.DONE, 2)

    wrong = desk("orders", "marks", marked, "--enter", "4600000000008")
    assert (wrong.code, "не код «Честного знака»" in wrong.err) == (Exit.PROBLEMS, True)
    said = desk("orders", "marks", marked, "--enter", "-", "--send", "--json", typed=f"{CODE.format(1)}\n")
    assert (said.code, said.document["may_ship"]) == (Exit.DONE, True)
    assert [place["state"] for place in said.document["places"]] == ["passed"]
    assert "5serial" not in said.out + said.err
    assert desk("orders", "ship", "--due", marked).code == Exit.DONE
    assert status(desk, marked) == "awaiting_deliver"

    labels = desk("orders", "labels", plain, marked, str(tmp_path / "labels.pdf"), "--small", "--json")
    assert (labels.code, labels.document["printed"]) == (Exit.DONE, 2)
    [method] = desk("orders", "carriage", "list", "--json").document["methods"]
    gathered = desk("orders", "carriage", "gather", str(method["method_id"]), plain, marked, "--json").document
    done = desk("orders", "carriage", "approve", str(gathered["carriage_id"]), "--file", str(tmp_path / "act.pdf"), "--json")
    assert (done.code, done.document["act"]["postings"]) == (Exit.DONE, [plain, marked])
    assert (tmp_path / "act.pdf").read_bytes().startswith(b"%PDF")
    assert status(desk, plain) == "delivering"
    assert desk("orders", "carriage", "documents", str(gathered["carriage_id"])).code == Exit.DONE
    assert desk("orders", "carriage", "approve").code == Exit.COULD_NOT


def test_splitting_cancelling_and_what_comes_back(desk: Terminal) -> None:
    number, gone = placed(desk, {"RU-1": 3}, {"RU-2": 1})
    part = desk("orders", "ship", number, "--part", "RU-1=1", "--json").document
    assert (part["done"], len(part["postings"])) == (True, 2)
    split = desk("orders", "split", number, "--parcel", "RU-1=1", "--parcel", "RU-1=1", "--json").document
    assert len(split["postings"]) == 3
    assert "352" in desk("orders", "cancel", gone).out
    assert desk("orders", "cancel", gone, "--reason", "506").code == Exit.COULD_NOT
    assert desk("orders", "cancel", gone, "--reason", "352").code == Exit.DONE
    assert status(desk, gone) == "cancelled"
    assert desk("orders", "cancel", gone).code == Exit.PROBLEMS

    back = split["postings"][1]
    desk.sandbox.set_posting_status(back, "delivered")
    desk.sandbox.orders.give_back(back, 1, desk.sandbox.memory.clock())
    assert desk("orders", "fetch").code == Exit.DONE
    [line] = desk("orders", "returns", "--json").document["returns"]
    number = str(line["entry"]["id"])
    assert (line["here"], line["entry"]["place"]) == ("", "СЦ_Примерск_Возвраты")
    assert "принят на склад" in desk("orders", "returns", "--received", number).out
    assert desk("orders", "returns", "--written-off", number).code == Exit.COULD_NOT


def test_wrong_words_are_told(desk: Terminal) -> None:
    [number] = placed(desk, {"RU-1": 1})
    for words in (
        ("ship", "0-0-0"),
        ("ship", number, "--parcel", "RU-1"),
        ("ship", number, "--parcel", "NONE=1"),
        ("split", number, "--parcel", "RU-1=1"),
        ("marks", number, "--drop"),
        ("todo", "--warehouse", "main"),
        ("track", number),
    ):
        said = desk("orders", *words)
        assert (said.code, bool(said.err)) == (Exit.COULD_NOT, True), words
    assert status(desk, number) == "awaiting_packaging"
    assert desk("orders", "deliver", "delivering", number).code == Exit.PROBLEMS, "Ozon delivers it"
