"""`ozon-desktop sandbox`: what it explains, and how it refuses what it cannot do."""

from pathlib import Path

import pytest

from ozon_desktop.cli import main
from ozon_desktop.commands import tools
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.faults import KINDS
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
