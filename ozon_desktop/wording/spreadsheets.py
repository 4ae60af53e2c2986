"""Words about spreadsheets: cells that cannot be taken at their word, tables that are too large, texts no cell holds."""

from ozon_desktop.domain.spreadsheet import CELL_LIMIT, CellFault, FaultyCell, cell_length
from ozon_desktop.wording.formats import number, plural

_AS_TEXT = "Задайте ячейке формат «Текстовый» и введите значение заново"
_FAULTS = {
    CellFault.ERROR: "в ячейке {cell} ошибка {shown}, значения там нет. Исправьте формулу или введите значение",
    CellFault.DATE: "в ячейке {cell} Excel сделал из текста дату {shown}. " + _AS_TEXT,
    CellFault.PERCENT: "в ячейке {cell} Excel сделал из текста процент {shown}. " + _AS_TEXT,
    CellFault.ROUNDED: "в ячейке {cell} число {shown}: Excel хранит только 15 цифр, остальные могли потеряться. " + _AS_TEXT,
    CellFault.NO_RESULT: "в ячейке {cell} формула без результата. Откройте файл в Excel, сохраните его и загрузите ещё раз",
}
LONG_TEXT = "⟦Длинный текст, "


def cell_fault_text(cell: FaultyCell) -> str:
    """What is wrong with a cell, and what to do about it."""
    return _FAULTS[cell.fault].format(cell=cell.cell, shown=cell.shown)


def long_text_mark(length: int) -> str:
    """What stands in a cell instead of a text that it does not hold. length: characters of the text."""
    return f"{LONG_TEXT}{number(length)} знаков: в ячейку не помещается, меняется только на карточке⟧"


def is_long_text_mark(text: str) -> bool:
    return text.strip().startswith(LONG_TEXT.strip())


def cut_text(text: str) -> str:
    """A text too long for a cell, cut where it is only to be read; it says so at its end."""
    note = f"… ⟦обрезано: весь текст — {number(len(text))} знаков⟧"
    room = CELL_LIMIT - len(note)
    kept = text[:room]
    # A character beyond the basic plane takes the room of two.
    return (kept if cell_length(kept) <= room else text[: room // 2]) + note


def extent_text(rows: int, columns: int) -> str:
    """Why a sheet is not read: how far it reaches."""
    return (
        f"лист занимает {plural(rows, 'строку', 'строки', 'строк')} и {plural(columns, 'столбец', 'столбца', 'столбцов')}. "
        "Удалите пустые строки внизу и пустые столбцы справа или скопируйте таблицу на новый лист"
    )


def unpacked_text(megabytes: int, limit: int) -> str:
    """Why a file is not read: what it unpacks to."""
    return f"в распакованном виде таблица занимает {number(megabytes)} МБ, а читается не больше {number(limit)} МБ"


def text_length_text(length: int, limit: int) -> str:
    """Why a sheet is not read: how long a text in one of its cells is."""
    return f"в одной ячейке {number(length)} знаков, а читается не больше {number(limit)}"
