"""Widgets of a window by their names, for tests that know they are there."""

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

T = TypeVar("T", bound=QObject)
W = TypeVar("W", bound=QWidget)


def child(parent: QObject, kind: type[T], name: str) -> T:
    """The widget of this name, however deep. AssertionError when there is none."""
    found = parent.findChild(kind, name)
    assert found is not None, f"no {kind.__name__} called {name!r}"
    return found


def shown_child(parent: QWidget, kind: type[W], name: str) -> W:
    """Of several widgets of this name the one that is shown. AssertionError when none is."""
    found = next((widget for widget in parent.findChildren(kind, name) if widget.isVisibleTo(parent)), None)
    assert found is not None, f"no {kind.__name__} called {name!r} is shown"
    return found
