"""Cells made of pieces: texts in different tones, struck ones, and links, of which some are never cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyle, QStyleOptionViewItem

from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets.delegates import RowDelegate
from ozon_desktop.ui.widgets.model_index import Index, Role

PIECES = int(Role.UserRole) + 20
"""Role: the pieces of a cell, a sequence of Piece; None = an ordinary cell."""

AIR = 4
BETWEEN_LINKS = 14


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell. tone: a token's name, "" = as the row; whole: never cut, counted instead where it has no room.

    link: what a click on it means, "" = it is no link.
    """

    text: str
    tone: str = ""
    struck: bool = False
    whole: bool = False
    bold: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    piece: Piece
    left: int
    width: int
    text: str


class PiecesDelegate(RowDelegate):
    """Paints the pieces; `link_clicked` carries (index, link)."""

    link_clicked = Signal(object, str)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as all the pieces."""
        size = super().sizeHint(option, index)
        pieces = index.data(PIECES)
        if not pieces:
            return size
        self.initStyleOption(option, index)
        width = sum(_width(piece, option.font) + _gap(piece) for piece in pieces) + 2 * AIR
        return QSize(width, size.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of the row, then the pieces on it."""
        pieces = index.data(PIECES)
        if not pieces:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setClipRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        for placed in place(pieces, option.rect, option.font, right=_on_the_right(index)):
            painter.setFont(_font(placed.piece, option.font))
            painter.setPen(self._colour(placed.piece, option, selected=selected))
            area = QRect(placed.left, option.rect.top(), placed.width, option.rect.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, placed.text)
        painter.restore()

    def _colour(self, piece: Piece, option: QStyleOptionViewItem, *, selected: bool) -> QColor:
        """Grey is too weak on the ground of a selected row: there it is the colour of the text."""
        tone = "accent" if piece.link and not piece.tone else piece.tone
        if not tone or (selected and tone == "secondary"):
            return option.palette.text().color()
        return self._theme.color(tone)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on a link; the pointer is a hand over one."""
        if isinstance(event, QMouseEvent):
            link = self.link_at(event.position().toPoint().x(), option, index)
            if event.type() is QEvent.Type.MouseButtonRelease and event.button() is Qt.MouseButton.LeftButton and link:
                self.link_clicked.emit(index, link)
                return True
        return False

    def link_at(self, x: int, option: QStyleOptionViewItem, index: Index) -> str:
        """The link under a place of the cell, "" = none."""
        pieces = index.data(PIECES)
        if not pieces:
            return ""
        self.initStyleOption(option, index)
        placed = place(pieces, option.rect, option.font, right=_on_the_right(index))
        return next((part.piece.link for part in placed if part.piece.link and part.left <= x <= part.left + part.width), "")


class LinkPointer(QObject):
    """Makes the pointer a hand over the links of a view."""

    def __init__(self, view: QAbstractItemView, delegate: PiecesDelegate) -> None:
        super().__init__(view)
        self._view, self._delegate = view, delegate
        view.setMouseTracking(True)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            point = event.position().toPoint()
            index = self._view.indexAt(point)
            option = QStyleOptionViewItem()
            self._view.initViewItemOption(option)
            option.rect = self._view.visualRect(index)
            over = index.isValid() and bool(self._delegate.link_at(point.x(), option, index))
            self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        return False


def place(pieces: Sequence[Piece], area: QRect, font: QFont, *, right: bool = False) -> list[_Placed]:
    """Where each piece stands. Whole ones get their room first; those that find none are counted as «ещё N»; the others are elided."""
    room = area.width() - 2 * AIR
    shown, left_out = _that_fit(pieces, room, font)
    rest = room - sum(_width(piece, font) + _gap(piece) for piece in shown if piece.whole)
    texts: list[tuple[Piece, str, int]] = []
    for piece in shown:
        width = _width(piece, font)
        text = piece.text
        if not piece.whole:
            room_for = max(rest - _gap(piece), 0)
            if width > room_for:
                text = QFontMetrics(_font(piece, font)).elidedText(text, Qt.TextElideMode.ElideRight, room_for)
                width = min(width, room_for)
            rest -= width + _gap(piece)
        texts.append((piece, text, width))
    if left_out:
        more = Piece(f"ещё {left_out}", tone=next((piece.tone for piece in pieces if piece.whole), ""), whole=True)
        texts.append((more, more.text, _width(more, font)))
    total = sum(width for _, _, width in texts) + sum(_gap(piece) for piece, _, _ in texts[1:])
    x = area.left() + AIR + (max(room - total, 0) if right else 0)
    placed: list[_Placed] = []
    for piece, text, width in texts:
        x += _gap(piece) if placed else 0
        placed.append(_Placed(piece, x, width, text))
        x += width
    return placed


def _that_fit(pieces: Sequence[Piece], room: int, font: QFont) -> tuple[list[Piece], int]:
    """The pieces without the last whole ones that have no room, and how many those are. One is always shown."""
    whole = [piece for piece in pieces if piece.whole]
    needed = sum(_width(piece, font) + _gap(piece) for piece in whole)
    left_out = 0
    more = _width(Piece("ещё 99"), font)
    while len(whole) > 1 and needed + (more if left_out else 0) > room:
        last = whole.pop()
        needed -= _width(last, font) + _gap(last)
        left_out += 1
    return [piece for piece in pieces if not piece.whole or piece in whole], left_out


def _font(piece: Piece, font: QFont) -> QFont:
    own = QFont(font)
    own.setStrikeOut(piece.struck)
    if piece.bold:
        own.setBold(True)
    return own


def _width(piece: Piece, font: QFont) -> int:
    return QFontMetrics(_font(piece, font)).horizontalAdvance(piece.text)


def _gap(piece: Piece) -> int:
    return BETWEEN_LINKS if piece.link else 6


def _on_the_right(index: Index) -> bool:
    alignment = index.data(Role.TextAlignmentRole)
    return bool(alignment is not None and alignment & Qt.AlignmentFlag.AlignRight)
