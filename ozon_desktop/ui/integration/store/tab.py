"""The tab «Магазин»: the card of the connection, beside it what the store has of the orders and what comes next."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.store.card import StoreCard
from ozon_desktop.ui.integration.store.orders_card import StoreOrdersCard
from ozon_desktop.ui.integration.store.session import StoreReading, StoreSession
from ozon_desktop.ui.widgets import Card, WrappedLabel
from ozon_desktop.wording.store_exchange import next_exchange_text

LOOK_EVERY_MS = 5_000
"""While it is shown: 1C comes when it wants to, and the clock pulls beside the window."""


class StoreTab(QWidget):
    def __init__(self, context: WindowContext, session: StoreSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.card = StoreCard(context, session)
        self.orders = StoreOrdersCard(context)
        self.next_card = Card("Следующий обмен")
        self.next_text = WrappedLabel("", role="hint")
        self.next_text.setObjectName("next_exchange")
        self.next_card.body.addWidget(self.next_text)
        right = self._right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self.orders)
        right.addWidget(self.next_card)
        right.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(16)
        self._columns.addWidget(self.card, 66)
        self._columns.addLayout(right, 34)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(session.refresh)
        session.read.connect(self._show)

    def stack(self, stacked: bool) -> None:
        """In a narrow window the right column goes below the left one."""
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)

    def showEvent(self, event: QShowEvent) -> None:
        """What happened meanwhile is asked at once."""
        super().showEvent(event)
        self.session.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _show(self, reading: StoreReading) -> None:
        overview = reading.overview
        self.orders.show_overview(overview)
        # An empty card as high as the window would look as if something were missing.
        for place, stretch in ((0, bool(overview.orders)), (2, not overview.orders)):
            self._right.setStretch(place, int(stretch))
        text = next_exchange_text(overview.connection, overview.next_at, overview.last_at, overview.usual, overview.now)
        self.next_text.setText(text)
