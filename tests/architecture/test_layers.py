"""The layers hold, and the contracts that say so notice when they do not."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("importlinter") is None, reason="import-linter is not installed: it belongs to the extra «check»"
)
BREAKS = {
    "Layers: window and command line > application": ("services/runs/journal.py", "import ozon_desktop.application"),
    "Only the front of a use case is known outside": ("services/cabinet/cards.py", "import ozon_desktop.services.cards.parts.table"),
    "Wording is a leaf above domain and errors": ("wording/status.py", "import ozon_desktop.logs"),
    "The domain imports nothing else of the package": ("domain/orders.py", "import ozon_desktop.paths"),
    "The sandbox knows nothing of the client": ("sandbox/ozon/auth.py", "import ozon_desktop.ozon.credentials"),
    "The window and the commands reach Ozon": ("commands/catalog.py", "import ozon_desktop.storage.tables"),
    "Pages do not know each other": ("ui/sync/page.py", "import ozon_desktop.ui.rules.window"),
    "PySide6 only in ui": ("services/shared.py", "import PySide6.QtCore"),
    "httpx only in ozon/transport.py and ozon/web_pictures.py": ("ozon/limits.py", "import httpx"),
    "sqlalchemy and alembic only in storage": ("services/spreadsheets.py", "import sqlalchemy"),
    "keyring only in services/secrets.py": ("services/integration/connection.py", "import keyring"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    words = [sys.executable, "-c", code, "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "COLUMNS": "400"})


def broken(report: str) -> list[str]:
    return [line for line in report.splitlines() if re.search(r" BROKEN( \(.*\))?$", line.rstrip())]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "ozon_desktop", tmp_path / "ozon_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(BREAKS)} kept, 0 broken" in done.stdout, "a contract without a test here that it can fail"


@pytest.mark.parametrize("contract", BREAKS)
def test_contract_notices_a_forbidden_import(copy: Path, contract: str) -> None:
    file, line = BREAKS[contract]
    path = copy / "ozon_desktop" / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(found.startswith(contract) for found in broken(done.stdout)), done.stdout
