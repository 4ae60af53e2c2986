"""`doctor` looks into the database, goes back to a copy, and keeps the address of a database where no command line shows it."""

import io
import json
from pathlib import Path

import pytest

from ozon_desktop import cli
from ozon_desktop.paths import DataPaths
from ozon_desktop.services.database_address import ENVIRONMENT_DATABASE_URL
from ozon_desktop.services.secrets import KeyringStore, MemoryStore
from ozon_desktop.storage import backups
from tests.storage.test_damage import NOW, flip

PASSWORD = "s3cr3t"


class Lasting(MemoryStore):
    """As the system's: what it keeps is there at the next start."""

    lasting = True


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    kept = Lasting()
    for module in ("ozon_desktop.commands.tools", "ozon_desktop.application"):
        monkeypatch.setattr(f"{module}.system_store", lambda: kept)
    monkeypatch.setattr(KeyringStore, "available", staticmethod(lambda: False))
    return kept


class Said:
    """Calls the command line over one data folder."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.data, self._capsys, self._monkeypatch = data, capsys, monkeypatch

    def __call__(self, *words: str, typed: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.main(["--data-dir", str(self.data), *words])
        said = self._capsys.readouterr()
        return code, said.out, said.err


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, store: MemoryStore) -> Said:
    return Said(tmp_path / "data", capsys, monkeypatch)


def test_a_damaged_database_is_named_with_its_copies_and_one_command_brings_the_newest_back(say: Said) -> None:
    file = DataPaths(say.data).database
    assert say("doctor")[0] == 0
    backups.daily(file, NOW)
    flip(8192, 997)(file)
    code, _, err = say("store", "products")
    assert code == 3
    assert "База данных повреждена" in err
    assert "doctor --restore" in err
    code, out, _ = say("doctor", "--restore", "--json")
    assert code == 0
    assert json.loads(out)["restored"].endswith("daily.2026-12-01.backup")
    assert Path(json.loads(out)["kept"]).is_file()
    code, out, _ = say("doctor", "--json")
    facts = json.loads(out)
    assert (code, facts["integrity"], facts["backups"]) == (0, "ok", [f"{file.name}.daily.2026-12-01.backup"])


def test_damage_that_lets_the_program_start_is_found_by_doctor(say: Said) -> None:
    file = DataPaths(say.data).database
    say("doctor")
    content = bytearray(file.read_bytes())
    # A page in the middle of the empty tables: nothing reads it at the start.
    content[-8192:] = b"\xa5" * 8192
    file.write_bytes(content)
    code, out, err = say("doctor", "--json")
    assert code in {1, 3}
    assert "поврежден" in out + err


def test_a_whole_database_is_replaced_only_by_a_copy_that_is_named(say: Said) -> None:
    file = DataPaths(say.data).database
    say("doctor")
    copy = backups.daily(file, NOW)
    code, _, err = say("doctor", "--restore")
    assert code == 3
    assert copy.name in err
    assert say("doctor", "--restore", copy.name)[0] == 0
    assert say("doctor", "--restore", "nothing.backup")[0] == 3


def test_the_address_comes_from_the_environment(say: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(ENVIRONMENT_DATABASE_URL, f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}")
    assert say("doctor")[0] == 0
    assert (tmp_path / "elsewhere.sqlite3").exists()
    assert not DataPaths(say.data).database.exists()


def test_the_address_is_kept_in_the_secret_store_and_a_lost_one_is_never_taken_for_no_address(say: Said, store: MemoryStore) -> None:
    other = say.data.parent / "kept.sqlite3"
    assert say("doctor", "--keep-database-url", typed=f"sqlite:///{other}\n")[0] == 0
    assert say("doctor")[0] == 0
    assert other.exists()
    assert not DataPaths(say.data).database.exists()
    store.delete("database-url")
    code, _, err = say("doctor")
    assert code == 3
    assert ENVIRONMENT_DATABASE_URL in err
    assert not DataPaths(say.data).database.exists(), "nothing begins in an empty database instead"
    assert say("doctor", "--keep-database-url", typed="\n")[0] == 0
    assert say("doctor")[0] == 0
    assert DataPaths(say.data).database.exists()


def test_a_wrong_address_is_not_kept_and_not_repeated(say: Said, store: MemoryStore) -> None:
    code, out, err = say("doctor", "--keep-database-url", typed=f"mysql://shop:{PASSWORD}@host/shop\n")
    assert code == 3
    assert PASSWORD not in out + err
    assert store.get("database-url") is None


def test_copies_of_a_server_are_the_servers_matter(say: Said) -> None:
    code, _, err = say("--database-url", f"postgresql://shop:{PASSWORD}@127.0.0.1:9/shop", "doctor", "--restore")
    assert code == 3
    assert "pg_restore" in err
    assert PASSWORD not in err
