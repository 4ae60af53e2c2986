"""Colours: legible in both themes, changing live, used through roles."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QEvent
from PySide6.QtGui import QColor, QFont, QPalette, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import ozon_desktop.ui
from ozon_desktop.ui.look import theme
from ozon_desktop.ui.look.theme import Theme, ThemeMode, icon_pixmap, set_role, window_font
from ozon_desktop.ui.look.tokens import DARK, LIGHT, Tokens

TEXTS = ("text", "secondary", "sidebar_secondary", "accent", "good", "attention", "error")
SOFT = ("background", "surface", "sidebar", "hover", "accent_soft", "good_soft", "attention_soft", "error_soft")
GROUNDS = {**dict.fromkeys(SOFT, TEXTS), "accent": ("on_accent",), "accent_hover": ("on_accent",)}
"""Any text may come to stand on any soft ground: under the pointer, in a selected row, in a message."""


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = []
    for start in (1, 3, 5):
        value = int(color[start : start + 2], 16) / 255
        parts.append(value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(autouse=True)
def _light_again(qtbot: QtBot) -> Iterator[None]:
    yield
    Theme(ThemeMode.LIGHT).apply()


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_legible_on_its_ground(tokens: Tokens, ground: str) -> None:
    for text in GROUNDS[ground]:
        ratio = contrast(getattr(tokens, text), getattr(tokens, ground))
        assert ratio >= 4.5, f"{text} on {ground} of {tokens.name}: {ratio:.2f}"


def test_theme_changes_live(qtbot: QtBot) -> None:
    theme = Theme(ThemeMode.LIGHT)
    theme.apply()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert app.palette().color(QPalette.ColorRole.Base) == QColor(LIGHT.surface)
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(ThemeMode.DARK)
    assert theme.tokens() is DARK
    assert app.palette().color(QPalette.ColorRole.Base) == QColor(DARK.surface)
    assert DARK.accent in app.styleSheet()


class Restyled(QLabel):
    """A label that counts how often it is styled anew."""

    def __init__(self) -> None:
        super().__init__("слово")
        self.times = 0

    def changeEvent(self, event: QEvent) -> None:
        self.times += event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange)
        super().changeEvent(event)


def test_a_theme_that_is_in_force_styles_nothing_anew(qtbot: QtBot) -> None:
    Theme(ThemeMode.LIGHT).apply()
    label = Restyled()
    qtbot.addWidget(label)
    label.show()
    label.times = 0
    theme = Theme(ThemeMode.LIGHT)
    with qtbot.waitSignal(theme.changed):
        theme.apply()
    assert label.times == 0
    theme.set_mode(ThemeMode.DARK)
    assert label.times > 0


def test_system_mode_follows_the_system(qtbot: QtBot) -> None:
    assert Theme(ThemeMode.SYSTEM).tokens() in (LIGHT, DARK)


def test_text_sizes_follow_the_text_scale_of_the_system(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    font = app.font()
    try:
        large = QFont(font)
        large.setPointSize(20)
        app.setFont(large)
        theme = Theme(ThemeMode.LIGHT)
        theme.apply()
        assert theme.scale == 2
        assert "font-size: 30pt" in app.styleSheet()
    finally:
        app.setFont(font)


def test_role_changes_the_look_of_a_widget(qtbot: QtBot) -> None:
    Theme(ThemeMode.LIGHT).apply()
    label = QLabel("слово")
    qtbot.addWidget(label)
    set_role(label, "error")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.error)
    set_role(label, "good")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.good)


def test_icons_are_painted_in_the_colour_asked_for(qtbot: QtBot) -> None:
    image = icon_pixmap("current", QColor("#FF0000"), 20).toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2) == QColor("#FF0000")


def test_an_icon_is_painted_once_for_each_look(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    QPixmapCache.clear()
    painted: list[QByteArray] = []

    def renderer(source: QByteArray) -> QSvgRenderer:
        painted.append(source)
        return QSvgRenderer(source)

    monkeypatch.setattr(theme, "QSvgRenderer", renderer)
    light, dark = Theme(ThemeMode.LIGHT), Theme(ThemeMode.DARK)
    for _ in range(3):
        shown = [chosen.icon("sync", token).pixmap(20, 20).toImage() for chosen in (light, dark) for token in ("text", "accent")]
    assert len(painted) == 4
    assert len({image.pixelColor(x, y).rgba() for image in shown for x in range(20) for y in range(20)}) > 4, "nothing was painted"
    icon_pixmap("sync", light.color("text"), 40)
    assert len(painted) == 5, "a size of its own is painted for itself"


def test_font_is_at_least_ten_points(qtbot: QtBot) -> None:
    assert window_font().pointSize() >= 10


def test_nothing_but_the_tokens_names_a_colour() -> None:
    folder = Path(ozon_desktop.ui.__file__).parent
    for file in folder.rglob("*.py"):
        if file.name != "tokens.py":
            found = re.findall(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d|Qt\.GlobalColor\.(?!transparent)\w+", file.read_text(encoding="utf-8"))
            assert not found, f"{file.relative_to(folder)} names {found}"
