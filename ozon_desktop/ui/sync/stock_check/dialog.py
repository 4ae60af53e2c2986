"""«Проверить остатки на Ozon»: what was sent beside what Ozon shows, the stocks of FBO among them, which are only read."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.progress import Progress, ProgressUpdate
from ozon_desktop.services.sync.rules import StockCheck, StockSeen
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import ProgressStrip, Width
from ozon_desktop.ui.widgets.row_table import RowTable
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog
from ozon_desktop.ui.worker import Job
from ozon_desktop.wording.orders import scheme_text

ARTICLE, SCHEME, WAREHOUSE, SENT, FREE, RESERVED, OUTCOME = range(7)


def stock_columns(theme: Theme) -> tuple[Column[StockSeen], ...]:
    """The product, where it lies, the pieces sent and shown, and what to make of them."""

    def colour(row: StockSeen) -> QColor | None:
        # What is only shown stands back.
        return theme.color("secondary") if row.sent is None else None

    def outcome_colour(row: StockSeen) -> QColor | None:
        return theme.color("attention") if row.sent is not None and not row.matches else colour(row)

    def outcome(row: StockSeen) -> str:
        return wording.capital(wording.stock_outcome_text(row.scheme, row.sent, row.free, matches=row.matches))

    def sent(row: StockSeen) -> str:
        return "—" if row.sent is None else wording.number(row.sent)

    named = Width(share=1, least=10)
    return (
        Column("Артикул", lambda row: row.offer_id, named, colour=colour),
        Column("Схема", lambda row: scheme_text(row.scheme), colour=colour),
        Column("Склад Ozon", lambda row: row.warehouse, named, colour=colour),
        Column("Отправлено", sent, alignment=RIGHT, colour=colour, sort_key=lambda row: row.sent),
        Column("На Ozon", lambda row: wording.number(row.free), alignment=RIGHT, colour=colour, sort_key=lambda row: row.free),
        Column("В резерве", lambda row: wording.number(row.reserved), alignment=RIGHT, colour=colour, sort_key=lambda row: row.reserved),
        Column("Итог", outcome, Width(share=2, least=24), colour=outcome_colour),
    )


class StockModel(RowTableModel[StockSeen]):
    """A line per product and warehouse of the seller, and per scheme of Ozon's own."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(
            stock_columns(theme),
            key=lambda row: (row.offer_id, row.scheme, row.warehouse_id),
            searched=lambda row: f"{row.offer_id} {row.warehouse}",
            parent=parent,
        )

    def show_different(self, only: bool) -> None:
        """Shows only lines where Ozon shows something else than was sent, or all."""
        self.filter_rows((lambda row: not row.matches) if only else None)


class StockCheckWindow(ToolDialog):
    """Beside the window, blocks nothing. The check is a long job: it can be stopped here and in the list on the left."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "stock_check", "Остатки на Ozon", parent)
        self._checking: Job | None = None
        asked = "Программа спросит у Ozon остатки всех отправленных товаров и сравнит с тем, что отправляла."
        fbo = "Остатки FBO лежат на складах Ozon: они только показываются. Принятый остаток может появиться через несколько минут."
        self.set_hint(f"{asked} {fbo}")
        self.model = StockModel(context.theme, self)
        label = "Остатки, которые показывает Ozon"
        self.table = RowTable(self.model, name="stock_check_table", label=label, state=context.state)
        self.different = QCheckBox("Только &расхождения")
        self.different.setObjectName("stock_check_different")
        self.progress = ProgressStrip()
        self.progress.stop.setObjectName("stop_stock_check")
        self.progress.stop.setAutoDefault(False)
        self.progress.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.add_search("Найти артикул или склад", self.table), 1)
        row.addWidget(self.different)
        self.body.addWidget(self.progress)
        self.body.addLayout(row)
        self.add_content(self.table, empty="Остатки ещё не проверены")
        self.check_button = QPushButton("&Проверить")
        self.finish(self.check_button, "stock_check_start", 920, 560)
        self.check_button.clicked.connect(self.check)
        self.search.searched.connect(self._search)
        self.different.toggled.connect(self._filter)
        self.progress.stopped.connect(self._stop)
        # Nobody waits for the answer of a closed window.
        self.finished.connect(self._stop)
        context.job_stopping.connect(self.progress.show_stopping)
        context.job_started.connect(self.show_state)
        context.job_ended.connect(self.show_state)
        self._show_table()
        self.check_button.setFocus()
        self.show_state()

    def check(self) -> None:
        if self._checking is not None:
            return
        service, integration_id = self.context.application.sync_rules, self.integration_id

        async def work(progress: Progress) -> StockCheck:
            return await service.verify(integration_id, progress)

        title = "Проверка остатков на Ozon"
        self._checking = self.context.run_job(
            title, work, on_done=self._checked, on_failed=self._check_failed, on_progress=self._check_progress
        )
        if self._checking is None:
            long = self.context.long_job
            text = "Сначала дождитесь окончания: «{}».".format(long.title if long is not None else "")
            self.bar.show_message(text, "attention")
            return
        self._checking.cancelled.connect(self._stopped)
        self.bar.hide()
        self.progress.start(title)
        self.progress.show()
        self.show_state()

    def _check_progress(self, update: ProgressUpdate) -> None:
        self.progress.show_update(update)

    def _checked(self, check: StockCheck) -> None:
        self._check_ended()
        self.model.show_rows(check.seen)
        self._show_table()
        if not check.seen:
            self.empty.set_state("Ozon не показывает остатков ни одного из отправленных товаров")
            return
        different = len({line.offer_id for line in check.different})
        products = wording.plural(check.checked, "товара", "товаров", "товаров")
        if different:
            text = "Проверены остатки {0}, не совпадают у {1}. Если остатки отправлены только что, проверьте ещё раз через несколько минут."
            self.bar.show_message(text.format(products, wording.number(different)), "attention")
        elif check.checked:
            self.bar.show_message(f"Проверены остатки {products}: Ozon показывает то, что отправлено", "good")
        else:
            self.bar.show_message("Программа ещё не отправляла остатков: показано то, что есть на Ozon", "info")

    def _check_failed(self, error: object) -> None:
        self._check_ended()
        self.show_error(error)

    def _stopped(self) -> None:
        self._check_ended()
        self.bar.show_message("Проверка остановлена, прежний итог остался", "info")

    def _check_ended(self) -> None:
        self._checking = None
        self.progress.hide()
        self.show_state()

    def _stop(self, *_: object) -> None:
        if self._checking is not None:
            self.context.stop_job()

    def _search(self, text: str) -> None:
        self.model.search(text)
        self._show_table()

    def _filter(self, only: bool) -> None:
        self.model.show_different(only)
        self._show_table()

    def _show_table(self) -> None:
        shown = self.model.rowCount() > 0
        self.show_body(Body.CONTENT if shown else Body.EMPTY)
        if not shown and self.model.total:
            self.empty.set_state("Под поиск и фильтр ничего не подходит: расхождений нет, или такого артикула не отправляли")

    def show_state(self, *_: object) -> None:
        """The check is started once; search and filter need lines."""
        self.check_button.setEnabled(self._checking is None)
        for control in (self.search, self.different):
            control.setEnabled(self.model.total > 0)
