"""The command line in this process over a sandbox on a real port, and a small shop of shirts to sell there."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop.cli import main
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.ozon.server import SandboxThread
from ozon_desktop.services.secrets import ENVIRONMENT_KEY
from tests.services.shop import SHIRTS, Shirt, make_sandbox, write_export

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
        """All eight steps of the guide."""
        file = str(write_export(self.data.parent / "shop.xml", *(shirts or SHIRTS)))
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


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv(ENVIRONMENT_KEY, ADMIN_KEY)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    # Without a keyring the key of the environment is used: a test must not find one of the machine's own keys.
    monkeypatch.setattr("ozon_desktop.services.secrets.KeyringStore.available", lambda: False)
    sandbox = make_sandbox()
    with SandboxThread(sandbox) as served:
        yield Terminal(tmp_path / "data", served.url, sandbox, capsys, monkeypatch)
