"""The files of the word tables: read once when needed, in the encodings an editor leaves, and each mistake told in Russian."""

import shutil
from pathlib import Path

import pytest

from ozon_desktop import wording
from ozon_desktop.errors import WordTableError
from ozon_desktop.paths import resource
from ozon_desktop.services.mapping.word_tables import AREAS, WordTableFiles
from tests.word_tables import TABLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(resource("matching"), tmp_path / "matching")
    return tmp_path / "matching"


def test_the_shipped_tables_are_right() -> None:
    assert len(TABLES.headings) > 4000
    assert {file.stem for file in resource("matching", "headings").iterdir()} == set(AREAS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_mark_and_line_ends_do_not_matter(folder: Path, encoding: str, newline: str) -> None:
    for file in folder.rglob("*.txt"):
        file.write_text(file.read_text(encoding="utf-8"), encoding=encoding, newline=newline)
    assert WordTableFiles(folder).tables() == TABLES


def test_the_files_are_read_when_they_are_needed_and_once(folder: Path) -> None:
    files = WordTableFiles(folder)
    shutil.rmtree(folder / "headings")
    with pytest.raises(WordTableError, match="technology"):
        files.tables()
    shutil.copytree(resource("matching", "headings"), folder / "headings")
    tables = files.tables()
    shutil.rmtree(folder)
    assert files.tables() is tables


def test_a_table_of_headings_may_be_added(folder: Path) -> None:
    (folder / "headings" / "наше.txt").write_text("гномики садовые = Садовая фигура\n", encoding="utf-8")
    assert WordTableFiles(folder).tables().headings["гномики садовые"] == ("Садовая фигура",)


def test_a_mistake_is_reported_with_file_line_and_what_is_wrong(folder: Path) -> None:
    (folder / "headings" / "наше.txt").write_text("# наше\nгномики = Фигура\nгномики = Гном\n", encoding="utf-8")
    with pytest.raises(WordTableError) as caught:
        WordTableFiles(folder).tables()
    text = wording.error_text(caught.value)
    assert text.text == "Файл «headings/наше.txt», строка 3: «гномики» уже есть: headings/наше.txt, строка 2"


def test_another_encoding_is_reported_with_the_first_line_that_is_not_utf_8(folder: Path) -> None:
    (folder / "vague_words.txt").write_bytes(b"# ok\n" + "набор\n".encode("cp1251"))
    with pytest.raises(WordTableError) as caught:
        WordTableFiles(folder).tables()
    assert wording.error_text(caught.value).text == "Файл «vague_words.txt», строка 2: текст записан не в UTF-8"


def test_a_missing_file_is_reported(folder: Path) -> None:
    (folder / "sections.txt").unlink()
    with pytest.raises(WordTableError) as caught:
        WordTableFiles(folder).tables()
    assert wording.error_text(caught.value).text == "Файл «sections.txt»: файла нет, либо к нему нет доступа"
