"""Where everything of a row stands at a width: one answer for drawing it, for its height, and for what the mouse is over."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics

from ozon_desktop import wording
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.ui.mapping.groups.board import Kind, Row
from ozon_desktop.wording.mapping_groups import products_text

HEAD_COLOURS = {SuggestionGroup.SURE: "good", SuggestionGroup.CHOICE: "accent", SuggestionGroup.UNSURE: "attention"}
EDGE, INDENT, GAP, AIR, LEAST = 12, 36, 8, 7, 30
CHIP_LEFT, CHIP_RIGHT = 12, 12
SECOND, THIRD = 0.32, 0.62
"""Where the second and the third column of a row begin, as a part of its width."""
OTHER, ACTION, TICK, MORE, HEAD = "other", "action", "tick", "more", "head"
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in its place. colour: a token of the theme."""

    rect: QRect
    text: str
    colour: str
    bold: bool = False


@dataclass(slots=True)
class Layout:
    """chips: places of the choices, in their order; areas: what can be clicked besides them, by name."""

    pieces: list[Piece] = field(default_factory=list)
    chips: list[QRect] = field(default_factory=list)
    areas: dict[str, QRect] = field(default_factory=dict)
    height: int = LEAST


class Pen:
    """Puts texts one behind the other and wraps like words."""

    def __init__(self, layout: Layout, font: QFont, left: int, right: int, top: int) -> None:
        self.layout, self.left, self.right = layout, left, max(right, left + 40)
        self.bold = QFont(font)
        self.bold.setWeight(QFont.Weight.DemiBold)
        self.metrics, self.bold_metrics = QFontMetrics(font), QFontMetrics(self.bold)
        self.x, self.y, self.line = left, top, self.metrics.height()

    def new_line(self, between: int = 4) -> None:
        if self.x > self.left:
            self.x, self.y = self.left, self.y + self.line + between

    def put(self, text: str, colour: str, *, bold: bool = False) -> QRect:
        """Where the text stands now; too long a text takes several lines."""
        if not text:
            return QRect()
        metrics = self.bold_metrics if bold else self.metrics
        width = metrics.horizontalAdvance(text) + 1
        if self.x + width > self.right:
            self.new_line()
        rect = QRect(self.x, self.y, min(width, self.right - self.left), self.line)
        if width > self.right - self.left:
            room = QRect(self.left, self.y, self.right - self.left, 10_000)
            rect.setHeight(metrics.boundingRect(room, WRAPPED, text).height())
            self.y += rect.height() - self.line
            self.x = self.right
        else:
            self.x += width + GAP
        self.layout.pieces.append(Piece(rect, text, colour, bold))
        return rect

    def chip(self, digit: int, name: str) -> None:
        """A choice with its digit."""
        most = self.right - self.left
        inside = self.metrics.horizontalAdvance(name) + 1
        around = self.metrics.horizontalAdvance(f"{digit}  ") + CHIP_LEFT + CHIP_RIGHT
        height = self.line + 8
        if self.x + inside + around > self.right and self.x > self.left:
            self.x, self.y = self.left, self.y + height + 6
        if inside + around > most:
            lines = self.metrics.boundingRect(QRect(0, 0, most - around, 10_000), WRAPPED, name).height()
            self.layout.chips.append(QRect(self.x, self.y, most, lines + 8))
            self.x, self.y = self.left, self.y + lines + 8 + 6
            return
        self.layout.chips.append(QRect(self.x, self.y, inside + around, height))
        self.x += inside + around + GAP


def lay_out(row: Row, width: int, font: QFont) -> Layout:
    """The layout of a row, its left upper corner at 0, 0."""
    if row.kind is Kind.HEAD:
        return _head(row, width, font)
    if row.kind is Kind.MORE:
        layout = Layout()
        pen = Pen(layout, font, INDENT, width - EDGE, AIR)
        layout.areas[MORE] = pen.put(f"Показать ещё {wording.number(row.count)}", "accent")
        return _ended(layout, pen)
    return _choice(row, width, font) if row.group is SuggestionGroup.CHOICE else _in_columns(row, width, font)


def _head(row: Row, width: int, font: QFont) -> Layout:
    layout = Layout()
    pen = Pen(layout, font, INDENT, width - EDGE, AIR + 3)
    title = f"{wording.suggestion_group_text(row.group)} — {wording.number(row.count)}"
    pen.put(title, HEAD_COLOURS[row.group], bold=True)
    hint = pen.metrics.horizontalAdvance(row.why) + 1
    if pen.x + 2 * GAP + hint <= pen.right:
        pen.x = pen.right - hint
    pen.put(row.why, "secondary")
    _ended(layout, pen)
    layout.areas[HEAD] = QRect(0, 0, width, layout.height)
    return layout


def _choice(row: Row, width: int, font: QFont) -> Layout:
    layout = Layout()
    pen = Pen(layout, font, INDENT, width - EDGE, AIR + 1)
    pen.put(row.name, "text", bold=True)
    pen.put(products_text(row.products), "secondary")
    pen.put(row.why, "secondary")
    pen.x, pen.y = pen.left, pen.y + pen.line + 6
    for digit, name in enumerate(row.chips, 1):
        pen.chip(digit, name)
    # Words beside chips stand on the chips' line of text.
    pen.y += 4
    layout.areas[OTHER] = pen.put("другой…", "accent")
    pen.put(row.note, "good")
    pen.x = pen.left + 1
    layout.height = pen.y + pen.line + 4 + AIR + 3
    return layout


def _in_columns(row: Row, width: int, font: QFont) -> Layout:
    """Name, type and reason below those of the other rows where all three fit, else one behind the other."""
    layout = Layout()
    sure = row.group is SuggestionGroup.SURE
    pen = Pen(layout, font, INDENT, width - EDGE, AIR)
    if sure:
        side = max(14, pen.line - 3)
        layout.areas[TICK] = QRect(INDENT - 4, AIR + (pen.line - side) // 2, side, side)
        pen.left = pen.x = INDENT - 4 + side + 12
    left = pen.left
    count = wording.number(row.products)
    against = f"против: {row.against}" if row.against else ""
    action = "" if sure or row.note else "Найти тип"
    columns = [left, round(width * SECOND), round(width * THIRD)]
    parts: list[list[tuple[str, str]]] = [[(row.name, "text"), (count, "secondary")]]
    if sure:
        parts.append([(f"→ {row.type_name}", "text")])
    parts.append([(row.why, "secondary"), (against, "attention"), (row.note, "good")])
    ends = [*columns[1 : len(parts)], width - EDGE - (pen.metrics.horizontalAdvance(action) + 2 * GAP if action else 0)]
    fits = all(
        start + sum(pen.metrics.horizontalAdvance(text) + GAP for text, _ in texts if text) <= end + GAP
        for start, end, texts in zip(columns, ends, parts, strict=False)
    )
    for place, texts in enumerate(parts):
        if fits:
            pen.x = columns[place]
        elif place == len(parts) - 1:
            pen.new_line()
        for text, colour in texts:
            pen.put(text, colour)
    if action:
        room = pen.metrics.horizontalAdvance(action) + 1
        if pen.x + room <= pen.right:
            pen.x = pen.right - room
        layout.areas[ACTION] = pen.put(action, "accent")
    return _ended(layout, pen)


def _ended(layout: Layout, pen: Pen) -> Layout:
    layout.height = max(LEAST, pen.y + pen.line + AIR)
    return layout
