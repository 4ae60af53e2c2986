"""The name of an installation is made up once, whoever asks first, and survives a file that was damaged."""

import re
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ozon_desktop.errors import FileNotReadable
from ozon_desktop.services.installation import installation_name


def test_it_is_made_up_once(tmp_path: Path) -> None:
    file = tmp_path / "data" / "installation"
    name = installation_name(file)
    assert re.fullmatch("[0-9a-f]{8}", name)
    assert installation_name(file) == name
    assert installation_name(tmp_path / "other" / "installation") != name
    assert [entry.name for entry in file.parent.iterdir()] == ["installation"]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_ask_at_once_get_one_name(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        names = set(pool.map(lambda _: installation_name(tmp_path / "installation"), range(64)))
    assert len(names) == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "привет".encode(), b"1a2b3c4d5e6f", b"../../../x"])
def test_a_damaged_file_gets_a_new_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "installation"
    file.write_bytes(content)
    name = installation_name(file)
    assert re.fullmatch("[0-9a-f]{8}", name)
    assert installation_name(file) == name


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")
    with pytest.raises(FileNotReadable, match="installation"):
        installation_name(tmp_path / "data" / "installation")
