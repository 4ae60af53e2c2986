"""The windows beside the page «Синхронизация»: rules for prices and stocks, and the check of the stocks on Ozon."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.sync.stock_check.dialog import StockCheckWindow


class SyncTools(QObject):
    """At most one window of each kind; they stand over the window of `page`."""

    def __init__(self, context: WindowContext, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self.rules: RulesWindow | None = None
        self.check: StockCheckWindow | None = None

    @property
    def unsaved(self) -> bool:
        """Whether rules were changed and not saved."""
        return self.rules is not None and self.rules.unsaved

    def open_rules(self) -> None:
        """Shows the window of the rules; nothing without a cabinet."""
        if self.rules is None and self._context.integration_id:
            self.rules = RulesWindow(self._context, self._page.window())
            self.rules.destroyed.connect(self._rules_gone)
        if self.rules is not None:
            _bring_up(self.rules)

    def open_check(self) -> None:
        """Shows the window of the check; nothing without a cabinet."""
        if self.check is None and self._context.integration_id:
            self.check = StockCheckWindow(self._context, self._page.window())
            self.check.destroyed.connect(self._check_gone)
        if self.check is not None:
            _bring_up(self.check)

    def preview_made(self) -> None:
        """A preview reads the cabinet's warehouses: the rules may be about other ones now."""
        if self.rules is not None:
            self.rules.read_again()

    def close(self) -> None:
        """Closes both, without asking."""
        if self.rules is not None:
            self.rules.give_up()
        if self.check is not None:
            self.check.close()

    def _rules_gone(self) -> None:
        self.rules = None

    def _check_gone(self) -> None:
        self.check = None


def _bring_up(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
