"""Cells made of pieces: what is never cut, what is elided, and where a link is."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets.pieces import AIR, Piece, place

CODES = [Piece(f"460703659124{number}", struck=True, whole=True) for number in range(3)]


def width_of(qtbot: QtBot, *texts: str) -> int:
    """How wide these texts are side by side, in px."""
    return sum(QFontMetrics(QFont()).horizontalAdvance(text) + 8 for text in texts) + 2 * AIR + 8


def texts(pieces: list[Piece], width: int) -> list[str]:
    return [placed.text for placed in place(pieces, QRect(10, 0, width, 30), QFont())]


def test_everything_is_shown_where_there_is_room(qtbot: QtBot) -> None:
    assert texts([Piece("хлопок,"), *CODES], 2_000) == ["хлопок,", *(code.text for code in CODES)]


def test_whole_pieces_get_their_room_before_the_others(qtbot: QtBot) -> None:
    name = Piece("Комплект в кроватку «Лесной» из хлопка")
    shown = texts([name, CODES[0]], width_of(qtbot, CODES[0].text, "Комплект в"))
    assert shown[1] == CODES[0].text
    assert shown[0].endswith("…")
    assert name.text.startswith(shown[0][:-1])


@pytest.mark.parametrize("room", range(1, 4))
def test_a_whole_piece_is_never_cut_but_counted(qtbot: QtBot, room: int) -> None:
    shown = texts(list(CODES), width_of(qtbot, *(code.text for code in CODES[:room]), *(["ещё 99"] if room < 3 else [])))
    assert shown[:room] == [code.text for code in CODES[:room]]
    assert shown[room:] == ([f"ещё {3 - room}"] if room < 3 else [])


def test_pieces_stand_side_by_side(qtbot: QtBot) -> None:
    placed = place([Piece("да", link="yes"), Piece("нет", link="no")], QRect(10, 0, 400, 30), QFont())
    assert placed[0].left + placed[0].width < placed[1].left
    assert placed[0].left == 10 + AIR


def test_on_the_right_the_last_one_ends_at_the_edge(qtbot: QtBot) -> None:
    placed = place([Piece("не уйдёт")], QRect(0, 0, 400, 30), QFont(), right=True)
    assert placed[0].left + placed[0].width == 400 - AIR
