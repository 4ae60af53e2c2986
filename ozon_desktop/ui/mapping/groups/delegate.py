"""Draws the rows of the three groups: heads, sure ones with a tick, few ones with chips, and those without an answer."""

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.mapping.groups.board import Kind, Row
from ozon_desktop.ui.mapping.groups.layout import CHIP_LEFT, CHIP_RIGHT, EDGE, TICK, WRAPPED, Layout, lay_out
from ozon_desktop.ui.mapping.groups.model import ROW
from ozon_desktop.ui.widgets.model_index import Index

KEPT = 500
"""Layouts that are kept: a row is asked for its height more often than it changes."""


class GroupsDelegate(QStyledItemDelegate):
    """Rows are as high as what they say needs at the width of the view."""

    def __init__(self, theme: Theme, view: QAbstractItemView, parent: QObject | None = None) -> None:
        super().__init__(parent or view)
        self._theme, self._view = theme, view
        self._layouts: dict[tuple[Row, int, str], Layout] = {}

    def layout_of(self, row: Row) -> Layout:
        """Where everything of the row stands at the view's width."""
        font = self._view.font()
        key = (row, self._view.viewport().width(), font.key())
        if key not in self._layouts:
            if len(self._layouts) >= KEPT:
                self._layouts.clear()
            self._layouts[key] = lay_out(row, key[1], font)
        return self._layouts[key]

    def part_at(self, index: Index, point: QPoint) -> str:
        """What of a row is at a point of the viewport: an area's name, the digit of a choice, or ""."""
        row: Row = index.data(ROW)
        layout, inside = self.layout_of(row), point - self._view.visualRect(index).topLeft()
        for digit, chip in enumerate(layout.chips, 1):
            if chip.contains(inside):
                return str(digit)
        return next((name for name, area in layout.areas.items() if area.adjusted(-6, -5, 6, 5).contains(inside)), "")

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.layout_of(index.data(ROW)).height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        layout = self.layout_of(row)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, row)
        painter.translate(option.rect.topLeft())
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        for piece in layout.pieces:
            painter.setFont(bold if piece.bold else option.font)
            painter.setPen(self._colour(piece.colour))
            painter.drawText(piece.rect, WRAPPED, piece.text)
        if row.kind is Kind.HEAD:
            self._chevron(painter, row, layout)
        if TICK in layout.areas:
            self._tick(painter, layout.areas[TICK], row.ticked)
        for digit, (rect, name) in enumerate(zip(layout.chips, row.chips, strict=True), 1):
            self._chip(painter, option, rect, digit, name, chosen=digit - 1 == row.chosen)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._colour("accent_soft"))
            if self._view.hasFocus():
                painter.setPen(QPen(self._colour("accent"), 1))
                painter.drawRect(rect.adjusted(0, 0, -1, -1))
                return
        if row.kind is Kind.HEAD or row.chips:
            painter.setPen(self._colour("line"))
            painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def _chevron(self, painter: QPainter, row: Row, layout: Layout) -> None:
        middle = layout.pieces[0].rect.center().y()
        painter.setPen(QPen(self._colour("secondary"), 1.4))
        if row.opened:
            painter.drawPolyline([QPoint(EDGE, middle - 2), QPoint(EDGE + 4, middle + 2), QPoint(EDGE + 8, middle - 2)])
        else:
            painter.drawPolyline([QPoint(EDGE + 2, middle - 4), QPoint(EDGE + 6, middle), QPoint(EDGE + 2, middle + 4)])

    def _tick(self, painter: QPainter, rect: QRect, ticked: bool) -> None:
        painter.setPen(QPen(self._colour("accent" if ticked else "secondary"), 1))
        painter.setBrush(self._colour("accent" if ticked else "surface"))
        painter.drawRoundedRect(rect, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if ticked:
            side = rect.width()
            painter.setPen(QPen(self._colour("on_accent"), 1.8))
            corners = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
            painter.drawPolyline([rect.topLeft() + QPoint(round(x * side), round(y * side)) for x, y in corners])

    def _chip(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, digit: int, name: str, *, chosen: bool) -> None:
        painter.setPen(QPen(self._colour("good" if chosen else "secondary"), 1))
        painter.setBrush(self._colour("good_soft" if chosen else "surface"))
        round_ = (option.fontMetrics.height() + 8) / 2
        painter.drawRoundedRect(rect, round_, round_)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(option.font)
        inside = rect.adjusted(CHIP_LEFT, 4, -CHIP_RIGHT, -4)
        painter.setPen(self._colour("good" if chosen else "secondary"))
        painter.drawText(inside, WRAPPED, str(digit))
        painter.setPen(self._colour("good" if chosen else "text"))
        painter.drawText(inside.adjusted(option.fontMetrics.horizontalAdvance(f"{digit}  "), 0, 1, 0), WRAPPED, name)

    def _colour(self, token: str) -> QColor:
        return self._theme.color(token)
