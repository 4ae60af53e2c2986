"""The theme in force: tokens for light or dark, the palette, and a short style sheet for what a palette cannot say.

Widgets are given a role (`set_role`), models ask `Theme.tokens()`; nothing else names a colour.
"""

from enum import StrEnum

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from ozon_desktop.paths import resource
from ozon_desktop.ui.look.density import CALM, COMPACT, Rows
from ozon_desktop.ui.look.style_sheet import style_sheet
from ozon_desktop.ui.look.tokens import DARK, LIGHT, Tokens

FONT_POINTS = 10


class ThemeMode(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class Theme(QObject):
    """The colours in force; `changed` comes when they change, also because the system's did."""

    changed = Signal()

    def __init__(self, mode: ThemeMode = ThemeMode.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self._tokens = self._chosen()
        self._scale = self.scale
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.fontChanged.connect(self._font_changed)

    @property
    def mode(self) -> ThemeMode:
        return self._mode

    @property
    def scale(self) -> float:
        """How much larger than 10 pt the window's text is: the system's text scale."""
        return max(QGuiApplication.font().pointSizeF() / FONT_POINTS, 1.0)

    def tokens(self) -> Tokens:
        return self._tokens

    def set_mode(self, mode: ThemeMode) -> None:
        self._mode = mode
        self.apply()

    @property
    def compact(self) -> bool:
        """Whether rows are low."""
        return Rows.density is COMPACT

    def set_compact(self, compact: bool) -> None:
        """Low or calm rows, in every table and tree."""
        Rows.density = COMPACT if compact else CALM
        self.apply()

    def apply(self) -> None:
        """Puts palette and style sheet on the application; what is there already stays, as every change styles all widgets anew."""
        self._tokens = self._chosen()
        self._scale = self.scale
        app = QApplication.instance()
        if isinstance(app, QApplication):
            sheet, colors = style_sheet(self._tokens, self.scale, Rows.density.row), palette(self._tokens)
            # A style sheet hides the style below it: without one nobody has set the style yet.
            if not app.styleSheet():
                app.setStyle(QStyleFactory.create("Fusion"))
            if app.palette() != colors:
                app.setPalette(colors)
            if app.styleSheet() != sheet:
                app.setStyleSheet(sheet)
        self.changed.emit()

    def color(self, name: str) -> QColor:
        """A token as a colour; AttributeError when there is none of that name."""
        return QColor(getattr(self._tokens, name))

    def icon(self, name: str, token: str = "text") -> QIcon:
        """A drawn icon of resources/icons in a token's colour."""
        return QIcon(icon_pixmap(name, self.color(token), round(20 * self.scale)))

    def _chosen(self) -> Tokens:
        if self._mode is ThemeMode.SYSTEM:
            return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode is ThemeMode.DARK else LIGHT

    def _font_changed(self) -> None:
        if self._scale != self.scale:
            self.apply()

    def _system_changed(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self.apply()


def palette(tokens: Tokens) -> QPalette:
    """The palette of a theme; item views, standard dialogs and native parts follow it."""
    roles = QPalette.ColorRole
    colors = {
        roles.Window: tokens.background,
        roles.WindowText: tokens.text,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.background,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.secondary,
        roles.Button: tokens.surface,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.error,
        roles.Highlight: tokens.accent_soft,
        roles.HighlightedText: tokens.text,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.ToolTipBase: tokens.surface,
        roles.ToolTipText: tokens.text,
        roles.Accent: tokens.accent,
        roles.Light: tokens.surface,
        roles.Midlight: tokens.hover,
        roles.Mid: tokens.line,
        roles.Dark: tokens.line,
        roles.Shadow: tokens.line,
    }
    result = QPalette()
    for role, color in colors.items():
        result.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.secondary))
    return result


def set_role(widget: QWidget, role: str) -> None:
    """Gives a widget its look: primary, secondary, danger, card, title, status-line, hint, badge-good … (see style_sheet.py)."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    repolish(widget)


def repolish(widget: QWidget) -> None:
    """Makes the style sheet notice a changed property."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def window_font() -> QFont:
    """The system's font; Inter or Noto Sans where the system has no good one (Linux)."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    families = set(QFontDatabase.families())
    if QGuiApplication.platformName() not in {"windows", "cocoa"}:
        family = next((name for name in ("Inter", "Noto Sans") if name in families), None)
        if family is not None:
            font = QFont(family)
    own = QGuiApplication.platformName() in {"windows", "cocoa"}
    font.setPointSizeF(max(FONT_POINTS, font.pointSizeF()) if own else FONT_POINTS)
    return font


def icon_size(widget: QWidget) -> QSize:
    side = max(16, widget.fontMetrics().height())
    return QSize(side, side)


def icon_pixmap(name: str, color: QColor, size: int = 20) -> QPixmap:
    """An icon of resources/icons painted in one colour, sharp on scaled screens; each is painted once."""
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    key = f"{name} {color.name()} {size} {ratio}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        pixmap = _painted(name, color, size, ratio)
        QPixmapCache.insert(key, pixmap)
    return pixmap


def _painted(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color.name())
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
