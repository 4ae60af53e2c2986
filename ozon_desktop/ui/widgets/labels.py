"""Labels: texts that wrap, texts that are elided (on the left for paths), and badges."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ozon_desktop.ui.look.theme import set_role


class WrappedLabel(QLabel):
    """A text that wraps and is never cut.

    insistent: its least height is what the text needs at its width. For places where a splitter stands between it and the
    window: splitters ask nobody for a height at a width.
    """

    def __init__(self, text: str = "", *, role: str = "", insistent: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._insistent = insistent
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if role:
            set_role(self, role)

    def minimumSizeHint(self) -> QSize:
        """One line; layouts ask `heightForWidth` for the height the text needs at the width it gets."""
        line = QFontMetrics(self.font()).height()
        return QSize(24, max(line, self.heightForWidth(self.width())) if self._insistent else line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width may need another height."""
        super().resizeEvent(event)
        if self._insistent and event.size().width() != event.oldSize().width():
            self.updateGeometry()


def fixed_label(text: str, *, role: str = "") -> QLabel:
    """A short text of one line that is always shown whole."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        set_role(label, role)
    return label


class ElidedLabel(QLabel):
    """A text of one line, elided when it does not fit; the whole text is the tooltip then."""

    def __init__(
        self, text: str = "", *, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight, role: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            set_role(self, role)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 4, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        area = self.contentsRect()
        shown = QFontMetrics(self.font()).elidedText(self.text(), self._elide, area.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


class Badge(QLabel):
    """A state in one or two words on a soft ground. kind: good | attention | error | accent | neutral."""

    def __init__(self, text: str = "", kind: str = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_role(self, f"badge-{kind}")

    def set_state(self, text: str, kind: str) -> None:
        """Changes words and colour together; an empty text hides the badge."""
        self.setText(text)
        set_role(self, f"badge-{kind}")
        self.setVisible(bool(text))
