"""The windows beside the page «Синхронизация»: rules for prices and stocks, and the check of the stocks on Ozon."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.stock_check.dialog import StockCheckWindow
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog, bring_up

RulesFactory = Callable[[WindowContext, QWidget], ToolDialog]


class SyncTools(QObject):
    """At most one window of each kind. make_rules: builds the window of the rules over another one."""

    def __init__(self, context: WindowContext, make_rules: RulesFactory, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._make_rules = make_rules
        self.rules: ToolDialog | None = None
        self.check: StockCheckWindow | None = None

    @property
    def unsaved(self) -> bool:
        """Whether rules were changed and not saved."""
        return self.rules is not None and self.rules.unsaved

    def save(self) -> None:
        """Stores changed rules; what keeps them from it is seen in their window."""
        if self.rules is not None and self.rules.unsaved:
            bring_up(self.rules)
            self.rules.save()

    def open_rules(self, window: QWidget) -> None:
        """Shows the rules over `window`; nothing without a cabinet."""
        if self.rules is None and self._context.integration_id:
            self.rules = self._make_rules(self._context, window)
            self.rules.destroyed.connect(self._rules_gone)
        if self.rules is not None:
            bring_up(self.rules)

    def open_check(self, window: QWidget) -> None:
        """Shows the check over `window`; nothing without a cabinet."""
        if self.check is None and self._context.integration_id:
            self.check = StockCheckWindow(self._context, window)
            self.check.destroyed.connect(self._check_gone)
        if self.check is not None:
            bring_up(self.check)

    def preview_made(self) -> None:
        """A preview reads the cabinet's warehouses: the rules may be about other ones now."""
        if self.rules is not None:
            self.rules.refresh()

    def close(self) -> None:
        """Closes both, without asking."""
        for dialog in (self.rules, self.check):
            if dialog is not None:
                dialog.leave()

    def _rules_gone(self) -> None:
        self.rules = None

    def _check_gone(self) -> None:
        self.check = None
