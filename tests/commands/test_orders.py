"""orders: fetching, handing over and labels on the command line."""

from pathlib import Path

from tests.commands.conftest import Terminal


def test_new_orders_go_into_the_folder_of_the_settings(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sets_up()
    terminal.sends_first()
    folder = tmp_path / "out"
    kept = terminal("orders", "settings", "--folder", str(folder), "--encoding", "windows-1251", "--again", "yes", "--json").document
    assert kept == {"folder": str(folder), "encoding": "windows-1251", "again": True}
    number = terminal.sandbox.place_order("RU-1")
    fetched = terminal("orders", "fetch", "--json")
    assert (fetched.code, fetched.document["new"], fetched.document["exported"]) == (0, 1, 1)
    assert "Новых заказов: 1" in fetched.err
    (file,) = folder.glob("*.xml")
    assert number in file.read_text(encoding="windows-1251")
    assert terminal("orders", "hand-over", "--json").document == {"orders": 0, "files": []}
    assert [entry["state"] for entry in terminal("orders", "history", number, "--json").document["history"]] == ["awaiting_packaging"]
    assert terminal("orders", "history", "0-0-0").code == 1


def test_labels_are_written_and_what_has_none_is_named(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sets_up()
    terminal.sends_first()
    packed, unpacked = terminal.sandbox.place_order("RU-1"), terminal.sandbox.place_order("RU-1")
    terminal.sandbox.set_posting_status(packed, "awaiting_deliver")
    terminal("orders", "fetch")
    file = tmp_path / "labels.pdf"
    said = terminal("orders", "labels", packed, unpacked, str(file), "--json")
    assert (said.code, said.document["printed"]) == (1, 1)
    assert [entry["posting_number"] for entry in said.document["refused"]] == [unpacked]
    assert packed.encode() in file.read_bytes()
    assert terminal("orders", "labels", packed, str(file)).code == 0
    refused = terminal("orders", "labels", unpacked, str(file))
    assert refused.code == 3
    assert "этикетки будут после сборки заказа" in refused.err
