"""The tab of the guard keeps what it does not show."""

from decimal import Decimal

from pytestqt.qtbot import QtBot

from ozon_desktop.domain.price_rules import GuardLimits
from ozon_desktop.ui.rules.guard_part import GuardPart


def test_the_limit_for_one_price_outlives_the_tab(qtbot: QtBot) -> None:
    part = GuardPart()
    qtbot.addWidget(part)
    limits = GuardLimits(Decimal(20), Decimal(40), 7, active=False, single=Decimal(12))
    part.show_guard(limits)
    assert part.limits() == limits
    part.share.setText("25")
    assert part.limits().single == Decimal(12)
