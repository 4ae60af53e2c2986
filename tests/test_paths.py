"""Resources are found in a checkout, an installed wheel and a packaged program; data lies in the user's folder."""

import sys
from pathlib import Path

import pytest

from ozon_desktop import paths
from ozon_desktop.paths import DataPaths, resource


def test_resources_of_a_checkout() -> None:
    assert resource("sandbox", "tree.json").is_file()
    assert resource("demo_store").is_dir()
    assert resource("matching", "headings").is_dir()


def test_missing_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg"):
        resource("icons", "nothing.svg")


def test_resources_of_an_installed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package" / "_resources").mkdir(parents=True)
    (tmp_path / "package" / "_resources" / "a.txt").touch()
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "package" / "paths.py"))
    assert resource("a.txt") == (tmp_path / "package" / "_resources" / "a.txt").resolve()


def test_resources_of_a_packaged_program_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "sandbox").mkdir(parents=True)
    (tmp_path / "resources" / "sandbox" / "tree.json").touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("sandbox", "tree.json") == tmp_path / "resources" / "sandbox" / "tree.json"
    assert resource("demo_store").is_dir(), "what the bundle lacks is still found"


def test_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    data = DataPaths(tmp_path)
    assert {path.parent for path in (data.database, data.logs, data.window_state)} == {tmp_path}
    assert len({data.database, data.logs, data.window_state}) == 3


def test_default_folder_is_the_users_and_named_after_the_program() -> None:
    root = DataPaths.default().root
    assert root.is_absolute()
    assert root.name == paths.APP_NAME
