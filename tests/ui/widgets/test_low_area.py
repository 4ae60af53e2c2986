"""Contents of a page get the room there is, are never squeezed below their least size, and scroll instead."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QTreeView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.low_area import LowArea

LONG = "Выберите слева категорию магазина, а здесь — тип товара Ozon, и нажмите «Сопоставить»"


def shown(qtbot: QtBot, size: QSize) -> tuple[LowArea, QTreeView, WrappedLabel]:
    """A tree that can shrink to 90 pixels, above a text that wraps."""
    content = QWidget()
    tree, label = QTreeView(), WrappedLabel(LONG, insistent=True)
    tree.setMinimumHeight(90)
    column = QVBoxLayout(content)
    column.addWidget(tree, 1)
    column.addWidget(label)
    area = LowArea(content)
    qtbot.addWidget(area)
    area.resize(size)
    area.show()
    qtbot.waitExposed(area)
    return area, tree, label


def test_all_the_room_is_used(qtbot: QtBot) -> None:
    area, _, _ = shown(qtbot, QSize(600, 400))
    inside = area.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: inside.size() == area.viewport().size() == QSize(600, 400))
    assert not area.verticalScrollBar().isVisible()


def test_a_low_one_scrolls_and_squeezes_nothing(qtbot: QtBot) -> None:
    area, tree, label = shown(qtbot, QSize(240, 100))
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    assert tree.height() >= 90
    area.resize(600, 400)
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())


def test_more_contents_scroll_too(qtbot: QtBot) -> None:
    area, _, _ = shown(qtbot, QSize(600, 200))
    assert not area.verticalScrollBar().isVisible()
    more = QLabel("Ещё")
    more.setMinimumHeight(150)
    inside = area.widget()
    layout = inside.layout() if inside is not None else None
    assert layout is not None
    layout.addWidget(more)
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    area.ensureWidgetVisible(more)
    assert more.visibleRegion().contains(more.rect().center())
    assert area.focusPolicy() is Qt.FocusPolicy.NoFocus
