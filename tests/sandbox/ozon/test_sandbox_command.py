"""`ozon-desktop sandbox`: what it explains, and how it refuses what it cannot do."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from ozon_desktop.cli import main, make_parser
from ozon_desktop.commands import tools
from ozon_desktop.sandbox import ozon as package
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.facts import SOURCES, assumptions
from ozon_desktop.sandbox.ozon.faults import KINDS
from ozon_desktop.sandbox.ozon.lifecycle import REJECT_MARK
from ozon_desktop.sandbox.ozon.sandbox import Sandbox


def test_the_help_explains_every_fault_and_names_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sandbox", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert not [kind for kind in KINDS if f"  {kind}=" not in text]
    assert str(KNOWN_CLIENT_ID) in text
    assert ADMIN_KEY in text
    assert "13 409" in text


def test_the_help_says_what_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sandbox", "--help"])
    text = capsys.readouterr().out
    assert assumptions()
    assert not [line for line in assumptions() if line not in text]
    assert REJECT_MARK in text


def test_every_module_that_assumes_something_is_asked() -> None:
    modules = [importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    assert {module.__name__ for module in modules if hasattr(module, "ASSUMED")} == {module.__name__ for module in SOURCES}


@pytest.mark.parametrize(("text", "seconds"), [("2s", 2), ("1.5m", 90), ("3h", 10_800), ("1d", 86_400), ("7", 7)])
def test_how_long_things_take_can_be_said_in_units(text: str, seconds: float) -> None:
    assert make_parser().parse_args(["sandbox", "--moderation", text]).moderation == seconds


@pytest.mark.parametrize("option", ["--moderation", "--task-memory", "--auto-archive"])
@pytest.mark.parametrize("text", ["s", "-1s", "завтра", "1w", ""])
def test_what_is_no_time_is_refused(option: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sandbox", f"{option}={text}"])
    assert ended.value.code == 2
    assert option in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--faults", "500=0.1,burst=many"), ("--faults", "obsolete=/v1/nothing")])
def test_a_wrong_specification_is_refused_by_its_part(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "--port", "0", option, value]) == 3
    said = capsys.readouterr().err
    assert option in said
    assert value.rpartition("=")[2] in said


def test_times_of_orders_are_set_by_options(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Sandbox] = []
    monkeypatch.setattr(tools, "serve", lambda sandbox, port, on_ready: served.append(sandbox))
    words = ["--assemble", "10s", "--ship-delay", "0s", "--ship-within", "5m", "--cancel-unshipped", "2h", "--label-delay", "3s"]
    assert main(["sandbox", *words]) == 0
    assert main(["sandbox", "--cancel-unshipped", "never"]) == 0
    assert main(["sandbox"]) == 0
    chosen = [sandbox.memory.timing for sandbox in served]
    assert [str(timing.assembling) for timing in chosen] == ["0:00:10", "None", "None"]
    assert [str(timing.ship_delay) for timing in chosen] == ["0:00:00", "0:00:01", "0:00:01"]
    assert [str(timing.shipment_after) for timing in chosen] == ["0:05:00", "20:00:00", "20:00:00"]
    assert [str(timing.cancel_unshipped) for timing in chosen] == ["2:00:00", "None", "4 days, 0:00:00"]
    assert [str(timing.label_delay) for timing in chosen] == ["0:00:03", "0:00:01", "0:00:01"]


def test_a_file_that_is_no_tree_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree.json").write_text("[]")
    assert main(["sandbox", "--port", "0", "--tree", str(tmp_path / "tree.json")]) == 3
    assert "--tree" in capsys.readouterr().err
    assert main(["sandbox", "--port", "0", "--tree", str(tmp_path / "none.json")]) == 3
    assert "none.json" in capsys.readouterr().err


NO_NUMBERS = [["--scale", "0"], ["--latency", "-1"], ["--seed", "x"], ["--brands", "0"]]
NO_TIMES = [["--assemble", "10"], ["--ship-within", "never"], ["--cancel-unshipped", "1w"]]


@pytest.mark.parametrize("words", [*NO_NUMBERS, *NO_TIMES])
def test_numbers_have_to_be_numbers(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sandbox", *words])
    assert ended.value.code == 2
    assert words[0] in capsys.readouterr().err
