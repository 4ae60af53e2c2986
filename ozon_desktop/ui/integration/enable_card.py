"""«Интеграция»: the switch with its state in words, and what it still waits for."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.integration.texts import gate_lines
from ozon_desktop.ui.widgets import Badge, Card, WrappedLabel


class EnableCard(Card):
    """switched(bool), read_only(bool) come when the manager switches; the state shown changes only with the next page."""

    switched = Signal(bool)
    read_only = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Интеграция", parent)
        self.box = QCheckBox("&Интеграция включена")
        self.box.setObjectName("integration_enabled")
        self.badge = Badge("Выключена", "attention")
        self.badge.setObjectName("integration_state")
        self.why = WrappedLabel("", role="secondary")
        self.why.setObjectName("why_not_enabled")
        row = QHBoxLayout()
        row.addWidget(self.box)
        row.addStretch(1)
        row.addWidget(self.badge)
        self.body.addLayout(row)
        self.reading = QCheckBox("Только &чтение: на Ozon ничего не отправлять")
        self.reading.setObjectName("read_only")
        self.body.addWidget(self.why)
        self.body.addWidget(self.reading)
        self.reading.clicked.connect(self.read_only)
        self.box.clicked.connect(self.switched)

    def show_page(self, page: IntegrationPage, *, unsaved: bool) -> None:
        """Shows the state; a switch that cannot be used yet says what is missing."""
        enabled = page.integration.enabled
        self.box.setChecked(enabled)
        self.badge.set_state("Включена" if enabled else "Выключена", "good" if enabled else "attention")
        lines = [] if enabled else gate_lines(page.missing, [Action.ENABLE], unsaved=unsaved)
        self.box.setEnabled(enabled or not lines)
        self.box.setAccessibleDescription("\n".join(lines))
        self.why.setText("\n".join(lines) or self._explain(enabled, page.read_only))
        self.why.setVisible(True)
        self.reading.setChecked(page.read_only)

    def _explain(self, enabled: bool, read_only: bool) -> str:
        if enabled and read_only:
            return "На Ozon ничего не отправляется; заказы приходят, просмотр работает."
        if enabled:
            return "Товары, цены и остатки отправляются в Ozon, заказы приходят в магазин."
        return "Пока выключена, ничего не отправляется и категории не сопоставляются."
