"""The command line in this process over a sandbox on a real port, and a small shop of shirts to sell there."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop import application as composition
from ozon_desktop import cli
from ozon_desktop.application import Options
from ozon_desktop.cli import main
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import ENVIRONMENT_KEY
from tests.services.shop import QUICK, SHIRTS, Shirt, hasty_pace, make_sandbox, write_export

FIELDS = ("scheme=FBS", "employee=Иванова Мария", "price_type=price", "vat=22", "trigger=hourly", "organization=ООО «Пуговка»")


@dataclass(frozen=True)
class Said:
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one document on standard output; anything beside it is an error."""
        return json.loads(self.out)


@dataclass
class Terminal:
    """Calls commands with the data folder and the sandbox's address; `words` may name others later on the line."""

    data: Path
    url: str
    sandbox: Sandbox
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    prepared: Path
    common: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.common = ("--data-dir", str(self.data), "--api-url", self.url)

    def __call__(self, *words: str, typed: str = "") -> Said:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        self.capsys.readouterr()
        code = main([*self.common, *words])
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)

    def sets_up(self, *shirts: Shirt) -> None:
        """All eight steps of the guide; what they leave of the same products in an empty folder is kept for the tests that follow."""
        file = write_export(self.data.parent / "shop.xml", *(shirts or SHIRTS))
        kept = self.prepared / hashlib.sha256(file.read_bytes()).hexdigest()
        if kept.exists() and not self.data.exists():
            shutil.copytree(kept, self.data)
            return
        fresh = not self.data.exists()
        self._works_through_the_guide(str(file))
        if fresh:
            shutil.copytree(self.data, kept)

    def _works_through_the_guide(self, file: str) -> None:
        steps = [
            ("import", file),
            ("connect", "--client-id", str(KNOWN_CLIENT_ID)),
            ("categories", "fetch", "--base", "Одежда"),
            ("settings", "fetch"),
            ("integration", "set", *FIELDS),
            ("integration", "enable"),
            ("mapping", "set", "Рубашки", "Рубашка"),
        ]
        for step in steps:
            said = self(*step, typed=f"{ADMIN_KEY}\n")
            assert said.code == 0, (step, said)

    def sends_first(self, *words: str) -> Said:
        """The first sending as a person does it: looks at the preview and confirms it."""
        plan = self("sync", "--dry-run", "--json", *words).document["plan"]
        return self("sync", "--confirm", plan, *words)


@pytest.fixture(scope="session")
def prepared_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where data folders are kept as the preparations leave them, by their products."""
    return tmp_path_factory.mktemp("prepared")


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, prepared_folders: Path
) -> Iterator[Terminal]:
    monkeypatch.setenv(ENVIRONMENT_KEY, ADMIN_KEY)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    # Without a keyring the key of the environment is used: a test must not find one of the machine's own keys.
    monkeypatch.setattr("ozon_desktop.services.secrets.KeyringStore.available", lambda: False)
    monkeypatch.setattr(composition, "Transport", partial(Transport, pace=hasty_pace()))
    monkeypatch.setattr(cli, "Options", partial(Options, patience=QUICK))
    sandbox = make_sandbox()
    with SandboxThread(sandbox) as served:
        yield Terminal(tmp_path / "data", served.url, sandbox, capsys, monkeypatch, prepared_folders)
