"""A window that ends is taken down by Qt, object by object; what is left for the garbage collector has nothing of Qt alive in it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject

from ozon_desktop.application import Options, build
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui.app import Session, prepare_qt, settle, visit_pages
from ozon_desktop.ui.look.theme import ThemeMode
from ozon_desktop.ui.products.page import ADOPT

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)]


@pytest.fixture
def garbage() -> Iterator[list[object]]:
    """Everything that only the collector would free, once it is asked."""
    # What earlier tests left may be frozen, out of the collector's reach until this window ends and thaws it.
    gc.unfreeze()
    gc.collect()
    # A test that connected a function of its own to a signal left its objects in a circle through Qt: they may come free at any time.
    earlier = [one for one in gc.get_objects() if isinstance(one, QObject)]
    yield gc.garbage
    gc.set_debug(0)
    earlier.clear()
    gc.garbage.clear()


def test_nothing_of_the_window_is_left_for_the_garbage_collector_to_destroy(tmp_path: Path, garbage: list[object]) -> None:
    """Which thread collects cannot be known; a widget destroyed on another than the window's ends the process."""
    prepare_qt()
    session = Session(lambda: build(Options(tmp_path, demo=True)), DataPaths(tmp_path), theme_mode=ThemeMode.LIGHT, quiet=True)
    session.start()
    window = session.wait_for_window()
    assert window is not None
    visit_pages(window)
    window.go_to("products", ADOPT)
    window.menus.rules.trigger()
    settle(window)
    objects = [window.page(name) for name in window.page_names]
    session.end()
    gc.disable()
    assert session.failures == []
    assert not any(shiboken6.isValid(page) for page in objects), "Qt has taken down every page with its window"
    del window, objects
    session.window = None
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    alive = [one for one in garbage if isinstance(one, QObject) and shiboken6.isValid(one)]
    assert [(type(one).__name__, one.objectName()) for one in alive] == []
    assert any(isinstance(one, QObject) for one in garbage), "wrappers of what is gone are there: the collector did look"
