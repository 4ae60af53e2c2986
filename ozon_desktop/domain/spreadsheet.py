"""What the cells of a spreadsheet are beside their texts: faults of a cell, texts that no cell holds, words for errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CELL_LIMIT = 32_767
"""Characters of one cell in UTF-16 units, https://support.microsoft.com «Excel specifications and limits»; the rest would be cut."""

ERROR_WORDS = {
    "#N/A": "#Н/Д",
    "#DIV/0!": "#ДЕЛ/0!",
    "#REF!": "#ССЫЛКА!",
    "#NAME?": "#ИМЯ?",
    "#VALUE!": "#ЗНАЧ!",
    "#NUM!": "#ЧИСЛО!",
    "#NULL!": "#ПУСТО!",
    "#SPILL!": "#ПЕРЕНОС!",
    "#CALC!": "#ВЫЧИСЛ!",
    "#GETTING_DATA": "#ОЖИДАНИЕ_ДАННЫХ",
}
"""Errors as files keep them, and as a Russian spreadsheet program shows them."""


class CellFault(StrEnum):
    """Why a cell does not say what the person meant it to say."""

    ERROR = "error"
    DATE = "date"
    PERCENT = "percent"
    ROUNDED = "rounded"
    NO_RESULT = "no_result"


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """A cell that cannot be taken at its word. cell: where, as «C7»; shown: what a spreadsheet program shows there."""

    fault: CellFault
    cell: str
    shown: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the headings. number: the sheet's, from 1; texts by heading, faulty cells left out of them."""

    number: int
    texts: Mapping[str, str]
    faults: Mapping[str, FaultyCell] = field(default_factory=dict)


def cell_length(text: str) -> int:
    """The length as a cell counts it: in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def fits_cell(text: str) -> bool:
    return len(text) <= CELL_LIMIT // 2 or cell_length(text) <= CELL_LIMIT


def error_word(text: str) -> str:
    """The error as a Russian spreadsheet shows it, when the text is the name of one, in either language; else ""."""
    wanted = text.strip().upper()
    return next((shown for kept, shown in ERROR_WORDS.items() if wanted in {kept, shown}), "")
