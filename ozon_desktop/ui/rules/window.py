"""«Правила цен и остатков»: reads, shows and saves the rules of a cabinet; what is not saved is seen and asked about."""

from dataclasses import replace

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget

from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.stock_rules import StockRules
from ozon_desktop.errors import NotFound
from ozon_desktop.services.sync.rules import NamedProduct, PriceExample, SyncRules
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.rules.exceptions_part import ExceptionsPart
from ozon_desktop.ui.rules.guard_part import GuardPart
from ozon_desktop.ui.rules.part import RulesPart, scrolled
from ozon_desktop.ui.rules.price_part import PricePart
from ozon_desktop.ui.rules.stock_part import StockPart
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog
from ozon_desktop.ui.widgets.unsaved_bar import UnsavedBar

TOPICS = frozenset({"store", "integration"})


class RulesWindow(ToolDialog):
    """Beside the window, blocks nothing. Saving emits `data_changed("sync")`, so the preview is made again."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "rules", "Правила цен и остатков", parent)
        self._view: SyncRules | None = None
        self._stored: object = None
        self._saving: object = None
        self._closing = False
        self.prices = PricePart()
        self.guard = GuardPart()
        self.stocks = StockPart(context.state)
        self.exceptions = ExceptionsPart(context.state)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("rules_tabs")
        self.tabs.setDocumentMode(True)
        for part, title in (
            (self.prices, "Цены"),
            (self.guard, "Защита цен"),
            (self.stocks, "Остатки"),
            (self.exceptions, "Исключения"),
        ):
            self.tabs.addTab(scrolled(part), title)
        self.unsaved_bar = UnsavedBar()
        self.body.addWidget(self.unsaved_bar)
        self.body.addWidget(self.tabs, 1)
        self.revert_button = self.add_button("&Вернуть сохранённое", "rules_revert")
        self.save_button = QPushButton("&Сохранить")
        self.finish(self.save_button, "rules_save", 900, 700)
        self._connect()
        self.tabs.setEnabled(False)
        self.read()

    def _connect(self) -> None:
        for part in self._parts:
            part.changed.connect(self.show_state)
        self.stocks.by_rules_changed.connect(self.exceptions.set_rules_there)
        self.prices.example_asked.connect(self._ask_example)
        self.exceptions.product_asked.connect(self._ask_product)
        self.save_button.clicked.connect(self.save)
        self.revert_button.clicked.connect(self.revert)
        self.unsaved_bar.save.connect(self._save_and_close)
        self.unsaved_bar.discard.connect(self.leave)
        self.context.data_changed.connect(self._data_changed)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.save)

    @property
    def _parts(self) -> tuple[RulesPart, ...]:
        return self.prices, self.guard, self.stocks, self.exceptions

    def _state(self) -> object:
        return tuple(part.state() for part in self._parts)

    @property
    def unsaved(self) -> bool:
        return self._view is not None and self._state() != self._stored

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks for the rules, and for a product to show them on."""
        self.bar.hide()
        self.run(self._read(), self._rules_read, self._rules_unread)

    async def _read(self) -> tuple[SyncRules, PriceExample | None]:
        service = self.context.application.sync_rules
        return await service.view(self.integration_id), await service.example(self.integration_id)

    def _rules_read(self, read: tuple[SyncRules, PriceExample | None]) -> None:
        self.ended()
        view, example = read
        if self._view is not None and (self.unsaved or view == self._view):
            # What is being entered is not taken away.
            return
        first = self._view is None
        self._show(view)
        self.prices.show_example(example)
        self.tabs.setEnabled(True)
        self.show_state()
        if first:
            self.prices.old.source.setFocus()

    def _rules_unread(self, error: object) -> None:
        self.ended()
        self.show_error(error, "Повторить", self.read)

    def refresh(self) -> None:
        """Something the rules can name may have changed; what is being entered stays."""
        if not self.unsaved and not self.busy:
            self.run(self._read(), self._rules_read, self._rules_unread)

    def _data_changed(self, topic: str) -> None:
        if topic in TOPICS:
            self.refresh()

    def _show(self, view: SyncRules) -> None:
        self._view = view
        self.prices.show_rules(view)
        self.guard.show_guard(view.prices.guard)
        self.stocks.show_rules(view)
        self.exceptions.show_rules(view)
        self._stored = self._state()

    def _ask_example(self, article: str) -> None:
        work = self.context.application.sync_rules.example(self.integration_id, article)
        self.context.worker.run(work, on_done=self._example_read, on_failed=self._example_failed)

    def _example_read(self, example: PriceExample | None) -> None:
        if example is None:
            self.prices.example_failed("У этого товара нет цены выбранного типа")
        else:
            self.prices.show_example(example)

    def _example_failed(self, error: object) -> None:
        self.prices.example_failed(self._not_found(error))

    def _ask_product(self, article: str) -> None:
        work = self.context.application.sync_rules.product(self.integration_id, article)
        self.context.worker.run(work, on_done=self._product_read, on_failed=self._product_failed)

    def _product_read(self, product: NamedProduct) -> None:
        self.exceptions.add_product(product)

    def _product_failed(self, error: object) -> None:
        self.exceptions.not_found(self._not_found(error))

    def _not_found(self, error: object) -> str:
        return "В магазине нет такого артикула" if isinstance(error, NotFound) else self.context.explain(error).line

    # --- saving -------------------------------------------------------------------------------------------------------

    def rules(self) -> tuple[PriceRules, StockRules | None]:
        stocks = self.stocks.rules()
        if stocks is not None and self.stocks.by_rules:
            stocks = replace(stocks, exceptions=self.exceptions.exceptions())
        return self.prices.rules(PriceRules(guard=self.guard.limits())), stocks

    def save(self) -> None:
        """Stores the rules, or shows the first field to correct."""
        if not self.save_button.isEnabled():
            return
        for number, part in enumerate(self._parts):
            wrong = part.fault()
            if wrong is not None:
                self._closing = False
                self.tabs.setCurrentIndex(number)
                within = self.stocks.choose_wrong() if wrong is self.stocks.table else None
                (within or wrong).setFocus()
                self.bar.show_message("Не сохранено: исправьте отмеченное поле", "attention")
                return
        self._saving = self._state()
        self.bar.hide()
        prices, stocks = self.rules()
        self.run(self.context.application.sync_rules.save(self.integration_id, prices, stocks), self._saved, self._not_saved)

    def _saved(self, _: object) -> None:
        self._stored = self._saving
        self.ended()
        self.unsaved_bar.hide()
        self.bar.show_message("Правила сохранены. Изменения пересчитываются на странице «Синхронизация».", "good")
        self.context.data_changed.emit("sync")
        if self._closing:
            self.close()

    def _not_saved(self, error: object) -> None:
        self._closing = False
        self.job_failed(error)

    def revert(self) -> None:
        """Shows what is stored again."""
        if self._view is not None:
            self.bar.hide()
            self.unsaved_bar.hide()
            self.run(self.context.application.sync_rules.view(self.integration_id), self._reverted)

    def _reverted(self, view: SyncRules) -> None:
        self.ended()
        self._show(view)
        self.show_state()
        self.tabs.setFocus()

    def show_state(self, *_: object) -> None:
        """What is not saved is shown, and can be saved or taken back."""
        unsaved = self.unsaved
        self.save_button.setEnabled(unsaved and not self.busy)
        self.revert_button.setEnabled(unsaved and not self.busy)
        self.setWindowTitle(f"{self.accessibleName()} — не сохранено" if unsaved else self.accessibleName())
        asks = "Есть несохранённые изменения: они подействуют после «Сохранить»."
        rest = "Действуют при каждой отправке этого кабинета, также по расписанию."
        self.set_hint(asks if unsaved else rest)
        if not unsaved:
            self.unsaved_bar.hide()

    # --- closing ------------------------------------------------------------------------------------------------------

    def _save_and_close(self) -> None:
        self._closing = True
        self.save()

    def may_close(self) -> bool:
        """What is not saved is asked about, in the window; another cabinet takes it without asking: that was asked before."""
        if not self.unsaved or self.context.integration_id != self.integration_id:
            return True
        self.unsaved_bar.text.setText("Изменения правил не сохранены.")
        self.unsaved_bar.show()
        self.unsaved_bar.save_button.setFocus()
        return False
