"""Small squares that show what colour a value of Ozon's colour dictionary is; names without a known colour have none."""

from functools import lru_cache

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QApplication

from ozon_desktop.domain.ozon_catalog import COLOR_ATTRIBUTE, Attribute
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.widgets.value_model import ValueModel

SIDE = 14
# What the values themselves mean, not colours of the window: hue (-1 = grey), saturation, lightness, each as Qt counts them.
_HUES = {
    "белый": (-1, 0, 255),
    "молочный": (45, 120, 245),
    "слоновая кость": (50, 180, 240),
    "бежевый": (36, 110, 205),
    "песочный": (38, 120, 180),
    "желтый": (54, 245, 130),
    "горчичный": (45, 190, 100),
    "золотой": (46, 170, 130),
    "золотистый": (46, 170, 140),
    "оранжевый": (28, 245, 130),
    "персиковый": (24, 220, 200),
    "коралловый": (12, 225, 160),
    "красный": (0, 220, 115),
    "бордовый": (345, 170, 65),
    "вишневый": (340, 170, 75),
    "розовый": (340, 200, 200),
    "фуксия": (310, 220, 120),
    "малиновый": (335, 190, 100),
    "сиреневый": (285, 110, 190),
    "лиловый": (290, 120, 175),
    "фиолетовый": (272, 170, 105),
    "синий": (225, 200, 105),
    "голубой": (200, 190, 185),
    "лазурный": (205, 220, 140),
    "бирюзовый": (177, 160, 120),
    "мятный": (155, 120, 195),
    "изумрудный": (155, 180, 85),
    "зеленый": (125, 150, 85),
    "салатовый": (90, 190, 150),
    "оливковый": (60, 150, 75),
    "хаки": (65, 80, 95),
    "коричневый": (24, 130, 75),
    "шоколадный": (20, 140, 55),
    "кофейный": (25, 100, 75),
    "серый": (-1, 0, 140),
    "серебристый": (-1, 0, 190),
    "графитовый": (-1, 0, 75),
    "черный": (-1, 0, 20),
}
_DARKER, _LIGHTER = ("темно-", "темный "), ("светло-", "светлый ")


def shows_colours(attribute: Attribute) -> bool:
    """Whether the values of an attribute are names of colours."""
    return attribute.id == COLOR_ATTRIBUTE or (attribute.has_dictionary and fold(attribute.name).split()[:1] == ["цвет"])


@lru_cache(maxsize=1024)
def colour_of(name: str) -> QColor | None:
    """The colour a value names («тёмно-синий»); None when it is not one of the known."""
    folded, shift = fold(name), 0
    for prefixes, step in ((_DARKER, -45), (_LIGHTER, 45)):
        for prefix in prefixes:
            if folded.startswith(prefix):
                folded, shift = folded.removeprefix(prefix), step
    known = _HUES.get(folded)
    if known is None:
        return None
    hue, saturation, lightness = known
    return QColor.fromHsl(hue, saturation, min(255, max(0, lightness + shift)))


def swatch(name: str) -> QIcon:
    """A square of the named colour with a line around it; an empty icon when the colour is not known."""
    colour = colour_of(name)
    if colour is None:
        return QIcon()
    line = QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
    ratio = 2
    pixmap = QPixmap(SIDE * ratio, SIDE * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1))
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(1, 1, SIDE - 2, SIDE - 2), 3, 3)
    painter.end()
    return QIcon(pixmap)


class ColourModel(ValueModel):
    """Values of the colour dictionary with their squares."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent, icon=lambda value: swatch(value.value))
