"""`--record DIR` on the command line, against the sandbox over real HTTP."""

import io
import json
from pathlib import Path

import pytest

from ozon_desktop.cli import main
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import ENVIRONMENT_KEY

pytestmark = pytest.mark.slow


@pytest.fixture
def key_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_KEY, ADMIN_KEY)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ADMIN_KEY}\n"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.mark.usefixtures("key_in_environment")
def test_a_command_writes_what_ozon_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "recorded"
    with SandboxThread(Sandbox(order_interval_s=0)) as served:
        common = ["--data-dir", str(tmp_path / "data"), "--api-url", served.url]
        main([*common, "connect", "--client-id", str(KNOWN_CLIENT_ID)])
        assert not folder.exists()
        assert main([*common, "check", "--record", str(folder)]) in {0, 1}
        assert main([*common, "--record", str(folder), "orders", "list"]) == 0
    capsys.readouterr()
    names = {file.name for file in folder.iterdir()}
    assert {"v1_roles-001.json", "v1_seller_info-001.json"} <= names
    company = json.loads((folder / "v1_seller_info-001.json").read_text(encoding="utf-8"))
    assert (company["method"], company["status"], company["request"]) == ("/v1/seller/info", 200, {})
    assert company["answer"]["company"]["currency"] == "RUB"
    text = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    assert not [secret for secret in (ADMIN_KEY, str(KNOWN_CLIENT_ID), "Песочница") if secret in text]


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--data-dir", str(tmp_path / "data"), "--record", str(tmp_path / "file" / "x"), "check"]) == 3
    assert "--record" in capsys.readouterr().err
