"""Starting with the system: off until asked for, the entry starts this program, and can be taken back."""

import plistlib
import sys
from pathlib import Path

import pytest

from ozon_desktop.ui.frame.autostart import LaunchAgentAutostart, RegistryAutostart, XdgAutostart, autostart, own_command


def test_desktop_entry_starts_the_program_and_is_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "autostart"
    starts = XdgAutostart(['/opt/Озон 100%/a "b" $c\\d', "-m", "ozon_desktop"], folder)
    assert not starts.enabled()
    starts.enable()
    assert starts.enabled()
    lines = (folder / "ozon-desktop.desktop").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "[Desktop Entry]"
    (command,) = [line for line in lines if line.startswith("Exec=")]
    assert command == 'Exec="/opt/Озон 100%%/a \\\\"b\\\\" \\\\$c\\\\\\\\d" "-m" "ozon_desktop"'
    starts.disable()
    assert not starts.enabled()
    starts.disable()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_entry_switched_off_by_the_system_is_off(tmp_path: Path, line: str) -> None:
    starts = XdgAutostart(["ozon-desktop"], tmp_path)
    starts.enable()
    entry = tmp_path / "ozon-desktop.desktop"
    kept = [text for text in entry.read_text(encoding="utf-8").splitlines() if not text.startswith("X-GNOME")]
    entry.write_text("\n".join([*kept, line]), encoding="utf-8")
    assert not starts.enabled()
    starts.enable()
    assert starts.enabled()


def test_launch_agent_runs_at_login(tmp_path: Path) -> None:
    starts = LaunchAgentAutostart(["/Applications/Ozon Desktop.app/Contents/MacOS/ozon-desktop"], tmp_path / "LaunchAgents")
    assert not starts.enabled()
    starts.enable()
    assert starts.enabled()
    (file,) = (tmp_path / "LaunchAgents").iterdir()
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == ["/Applications/Ozon Desktop.app/Contents/MacOS/ozon-desktop"]
    assert agent["Label"] == file.stem
    file.write_bytes(b"not a property list")
    assert not starts.enabled()
    starts.disable()
    assert not file.exists()


def test_each_system_has_its_way(tmp_path: Path) -> None:
    assert isinstance(autostart(["x"], "win32"), RegistryAutostart)
    assert isinstance(autostart(["x"], "darwin"), LaunchAgentAutostart)
    starts = autostart(["x"], "linux", {"XDG_CONFIG_HOME": str(tmp_path)})
    starts.enable()
    assert (tmp_path / "autostart" / "ozon-desktop.desktop").is_file()


def test_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_command()[1:] == ["-m", "ozon_desktop"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command() == [sys.executable]
