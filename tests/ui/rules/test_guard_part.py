"""The tab of the guard: a limit for one price, and limits for many."""

from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.price_rules import GuardLimits
from ozon_desktop.ui.rules.guard_part import GuardPart
from tests.ui.rules.entering import enter


def test_the_limit_for_one_price_is_shown_and_entered_whether_the_rest_is_active_or_not(qtbot: QtBot) -> None:
    part = GuardPart()
    qtbot.addWidget(part)
    limits = GuardLimits(Decimal(20), Decimal(40), 7, active=False, single=Decimal(12))
    part.show_guard(limits)
    assert part.limits() == limits
    assert part.single.text() == "12"
    assert part.single.isEnabled()
    with qtbot.waitSignal(part.changed):
        enter(part.single, "7,5")
    assert part.limits().single == Decimal("7.5")
    assert part.limits().share == limits.share


@pytest.mark.parametrize("text", ["", "-1", "много", "1001"])
def test_a_limit_for_one_price_that_does_not_fit_is_marked_and_never_taken(qtbot: QtBot, text: str) -> None:
    part = GuardPart()
    qtbot.addWidget(part)
    part.show_guard(GuardLimits(active=False))
    before = part.state()
    enter(part.single, text)
    assert part.fault() is part.single
    assert "от 0 до 1000" in part.fault_label.text()
    assert part.limits().single == GuardLimits().single
    assert part.state() != before, "it can be taken back"
