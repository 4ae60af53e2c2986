"""Files that take no other's name: whole or not at all, readable by their owner only."""

import os
import stat
import sys
from pathlib import Path

import pytest

from ozon_desktop.store.new_file import put_again, put_new


def rests(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_name_that_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    assert put_new(b"ours", tmp_path / "a.xml")
    assert not put_new(b"another", tmp_path / "a.xml")
    assert (tmp_path / "a.xml").read_bytes() == b"ours"
    assert rests(tmp_path) == ["a.xml"]


def test_where_there_are_no_links_a_name_is_taken_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    if sys.platform == "win32":
        pytest.skip("links are not used there")
    assert put_new(b"ours", tmp_path / "a.xml")
    assert not put_new(b"another", tmp_path / "a.xml")
    assert (tmp_path / "a.xml").read_bytes() == b"ours"
    assert stat.S_IMODE((tmp_path / "a.xml").stat().st_mode) == 0o600
    assert rests(tmp_path) == ["a.xml"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    put_again(b"before", tmp_path / "a.xml")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for put in (put_new, put_again):
            with pytest.raises(OSError, match="No space"):
                put(b"after", tmp_path / "a.xml")
    (tmp_path / "folder.xml").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        put_again(b"after", tmp_path / "folder.xml")
    assert (tmp_path / "a.xml").read_bytes() == b"before"
    assert rests(tmp_path) == ["a.xml", "folder.xml"]
