"""A Linux that lacks the libraries of Qt: the demonstration works without its window, commands never ask for Qt, the suite skips it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ozon_desktop.wording.missing_qt import PACKAGES
from tests.places import ROOT

pytestmark = pytest.mark.slow

MISSING = "libEGL.so.1: cannot open shared object file: No such file or directory"
BLOCKED = f"""
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtTest"):
            raise ImportError({MISSING!r}, name=name)

sys.meta_path.insert(0, Missing())
"""
COMMANDS = (
    "integration show",
    "mapping list",
    "mapping suggest",
    "mapping history",
    "cards list",
    "cards check",
    "cards differences",
    "categories changes",
    "orders list",
    "notifications show",
    "sync rules show",
    "sync --dry-run",
    "check",
    "doctor",
)
WATCHING = """
import json, sys
from ozon_desktop.cli import main
data, *commands = sys.argv[1:]
found = {}
for words in commands:
    code = main(["--data-dir", data, "--api-url", "http://127.0.0.1:9", *words.split()])
    found[words] = [code, sorted(name for name in sys.modules if name.partition(".")[0] in ("PySide6", "shiboken6"))]
sys.stderr.write("\\n" + json.dumps(found))
"""


@pytest.fixture
def without_qt(tmp_path: Path) -> dict[str, str]:
    """The environment of a process where Qt cannot be loaded."""
    folder = tmp_path / "without-qt"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BLOCKED, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "PYTHONIOENCODING": "utf-8"}


def start(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=280, check=False
    )


def test_the_demonstration_works_the_whole_job_without_a_window(without_qt: dict[str, str]) -> None:
    done = start(without_qt, "-m", "ozon_desktop", "--demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert MISSING in done.stderr
    assert all(command in done.stderr for command in PACKAGES.values())
    assert "Traceback" not in done.stderr
    assert [line.split(".")[0].strip() for line in done.stdout.splitlines() if line[:3].strip(" .").isdigit()] == [
        str(number) for number in range(1, 12)
    ]
    assert "подтверждён, отправляю" in done.stdout
    assert "создано 19" in done.stdout
    assert "ошибок 0" in done.stdout


def test_a_window_that_cannot_be_opened_is_said_with_what_to_install(without_qt: dict[str, str], tmp_path: Path) -> None:
    done = start(without_qt, "-m", "ozon_desktop", "--smoke-test", "--data-dir", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (3, "")
    assert {"Debian, Ubuntu", "Fedora", "Arch", "Alpine", "openSUSE"} <= set(PACKAGES)
    assert all(family in done.stderr for family in PACKAGES)
    assert "Traceback" not in done.stderr


def test_commands_never_load_qt(tmp_path: Path) -> None:
    done = start({**os.environ, "PYTHONPATH": str(ROOT)}, "-c", WATCHING, str(tmp_path / "data"), *COMMANDS)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stderr.splitlines()[-1])
    assert list(found) == list(COMMANDS)
    assert {words: loaded for words, (_, loaded) in found.items() if loaded} == {}


def test_the_suite_runs_what_needs_no_window_and_skips_the_rest(without_qt: dict[str, str]) -> None:
    files = ["tests/test_paths.py", "tests/e2e/test_window.py", "tests/domain/test_pricing.py"]
    done = start(without_qt, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 skipped" in done.stdout
    assert MISSING in done.stdout
    assert "passed" in done.stdout
