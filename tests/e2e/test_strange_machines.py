"""Strange environments: the program starts, or says why it does not; it never ends by a signal or with a trace."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from ozon_desktop import cli
from tests.places import ROOT

pytestmark = pytest.mark.slow


def started(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return subprocess.run(
        [sys.executable, "-m", "ozon_desktop", *words],
        env={**clean, "PYTHONUTF8": "1", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows and macOS always have a screen")
def test_an_empty_platform_of_qt_is_none(tmp_path: Path) -> None:
    done = started("--data-dir", str(tmp_path), "--smoke-test", QT_QPA_PLATFORM="")
    assert done.returncode == 0, done.stderr


def test_a_platform_qt_does_not_have_is_said(tmp_path: Path) -> None:
    done = started("--data-dir", str(tmp_path), "--smoke-test", QT_QPA_PLATFORM="nosuch")
    assert done.returncode == 3
    assert "QT_QPA_PLATFORM=nosuch" in done.stderr
    assert "offscreen" in done.stderr


def test_without_a_home_the_data_folder_is_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: "~/.local/share/OzonDesktop")
    assert cli.main(["doctor"]) == 3
    assert "--data-dir" in capsys.readouterr().err
    assert not (ROOT / "~").exists()


def test_nothing_is_written_into_the_folder_of_the_program(tmp_path: Path) -> None:
    def files() -> set[Path]:
        return {path for path in (ROOT / "ozon_desktop").rglob("*") if "__pycache__" not in path.parts}

    before = files()
    done = started("--data-dir", str(tmp_path), "--smoke-test", PYTHONDONTWRITEBYTECODE="1", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert files() == before


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
def test_who_has_read_enough_of_the_output_gets_no_complaint(tmp_path: Path) -> None:
    """`… | head -1`: the reader goes while the program still writes."""
    command = f'"{sys.executable}" -m ozon_desktop sandbox --help | head -1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    command = f'"{sys.executable}" -m ozon_desktop --data-dir "{tmp_path}" doctor | true; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr


WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ozon_desktop.application import Options, build
from ozon_desktop.paths import DataPaths
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.ui import app
folder = Path(sys.argv[1])
timer = QTimer()
def look():
    if any(widget.isVisible() for widget in app.QApplication.topLevelWidgets()):
        timer.stop()
        print("up", flush=True)
qt = app.prepare_qt()
timer.timeout.connect(look)
timer.start(50)
sys.exit(app.run_window(lambda: build(Options(folder, secret_store=MemoryStore())), DataPaths(folder)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_sigterm_closes_the_window_and_the_database(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(tmp_path)], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        running.terminate()
        _, err = running.communicate()
    assert running.returncode == 0, err
    assert not list(tmp_path.glob("*-wal")), "the database was closed, not left"
