"""The matching's word tables as files that a shop person can correct."""

from pathlib import Path

from ozon_desktop.domain.matching.tables import HEADINGS, LISTS, PAIRS, WEIGHTS, TableFault, WordTables, WrongTable, read_tables
from ozon_desktop.errors import WordTableError

# The order decides which of two headings with the same words is named as the reason.
AREAS = ("technology", "home", "fashion", "leisure", "everyday", "slang", "fields", "trades_home", "trades")


class WordTableFiles:
    """The tables in a folder, read when they are first needed: starting the program does not wait for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: WordTables | None = None

    def tables(self) -> WordTables:
        """The tables, read once. WordTableError names the file and line that is wrong."""
        if self._tables is None:
            try:
                self._tables = read_tables({name: self._text(name) for name in self._names()})
            except WrongTable as wrong:
                error = WordTableError(wrong.file, line=wrong.line, fault=wrong.fault, word=wrong.word, other=wrong.other)
                raise error from wrong
        return self._tables

    def _names(self) -> list[str]:
        """The program's own files, and whatever tables of headings were added to them."""
        own = [f"{HEADINGS}{area}.txt" for area in AREAS]
        added = sorted(f"{HEADINGS}{file.name}" for file in (self._folder / HEADINGS).glob("*.txt"))
        return [*LISTS, *PAIRS, WEIGHTS, *dict.fromkeys([*own, *added])]

    def _text(self, name: str) -> str:
        try:
            content = (self._folder / name).read_bytes()
        except OSError as error:
            raise WrongTable(name, 0, TableFault.MISSING) from error
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise WrongTable(name, content.count(b"\n", 0, error.start) + 1, TableFault.ENCODING) from error
