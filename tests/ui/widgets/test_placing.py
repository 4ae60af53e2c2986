"""Small windows beside a control: below, above, never beyond the screen."""

import pytest
from PySide6.QtCore import QPoint, QRect

from ozon_desktop.ui.widgets.placing import place

SCREEN = QRect(0, 0, 1366, 768)
SMALL = QRect(0, 0, 334, 326)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (QRect(281, 100, 220, 32), QPoint(281, 136)),
        (QRect(281, 490, 220, 32), QPoint(281, 160)),
        (QRect(1200, 100, 160, 32), QPoint(1032, 136)),
    ],
    ids=["below", "above", "moved from the right edge"],
)
def test_a_small_window_stands_where_it_is_seen_whole(control: QRect, expected: QPoint) -> None:
    assert place(SMALL, control, SCREEN) == expected


def test_one_higher_than_both_rooms_covers_its_control_and_stays_on_the_screen() -> None:
    at = place(QRect(0, 0, 334, 600), QRect(281, 400, 220, 32), SCREEN)
    assert SCREEN.contains(QRect(at, QRect(0, 0, 334, 600).size()))
