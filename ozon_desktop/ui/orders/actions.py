"""What the page «Заказы» does with orders beside showing them: the export to the store and its settings, and labels."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton, QTableView

from ozon_desktop import wording
from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import AppError, FileNotReadable
from ozon_desktop.services.orders.view import HandedOver, LabelsPrinted
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.orders.export_form import ExportForm
from ozon_desktop.ui.orders.session import OrdersSession
from ozon_desktop.ui.orders.table_model import OrderTableModel
from ozon_desktop.wording.order_hand_over import ONEC_FETCHES, hand_over_button
from ozon_desktop.wording.orders import labels_text, no_labels_text
from ozon_desktop.wording.store_connection import handed_over_text

FOLDER = "orders/folder"


class OrderActions(QObject):
    """The buttons and the form; who builds it puts them where they stand.

    reported(text, kind, action text, what it does) and failed(error, action text, what it does): how it went.
    """

    reported = Signal(str, str, object, object)
    failed = Signal(object, str, object)

    def __init__(self, context: WindowContext, session: OrdersSession, model: OrderTableModel, table: QTableView) -> None:
        super().__init__(table)
        self.context, self._session, self.model, self.table = context, session, model, table
        self._written = Path()
        self.form = ExportForm()
        self.form.hide()
        self.labels = _button("&Этикетки PDF…", "order_labels")
        self.setup = _button("Настроить &выгрузку", "setup_orders")
        self.setup.setCheckable(True)
        self.export = _button("Выгр&узить в магазин", "export_orders")
        self.export.clicked.connect(self._hand_over)
        self.labels.clicked.connect(self._print_labels)
        self.setup.toggled.connect(self._show_form)
        self.form.saved.connect(self._save)
        self.form.everything.connect(self._export)
        self.form.closed.connect(self._close_form)
        session.saved.connect(self._saved)
        session.not_saved.connect(self._not_saved)
        session.handed_over.connect(self._handed_over)
        session.not_handed_over.connect(self._not_handed_over)
        session.exported.connect(self._exported)
        session.not_exported.connect(self._not_exported)
        session.printed.connect(self._printed)
        session.not_printed.connect(self._not_printed)

    def update(self) -> None:
        has_orders = bool(self.model.total)
        connection = self._connection
        self.setup.setVisible(not connection.takes_orders)
        if connection.takes_orders:
            self.setup.setChecked(False)
        self.export.setText(hand_over_button(connection))
        why = "" if has_orders else "Сначала получите заказы"
        if connection.kind is ConnectionKind.ONEC:
            why = ONEC_FETCHES
        self.export.setEnabled(not why)
        self.export.setToolTip(why)
        self.form.all.setEnabled(has_orders)
        self.setup.setEnabled(bool(self.context.integration_id))
        self.update_labels()

    # --- to the store -----------------------------------------------------------------------------------------------

    def _show_form(self, shown: bool) -> None:
        if shown:
            self.form.show_settings(self._session.settings)
        self.form.setVisible(shown)
        if shown:
            self.form.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_form(self) -> None:
        self.setup.setChecked(True)

    def _close_form(self) -> None:
        self.setup.setChecked(False)

    def _save(self, settings: ExportSettings) -> None:
        self.form.save.setEnabled(False)
        self._session.save(settings)

    def _saved(self, settings: ExportSettings) -> None:
        self.form.save.setEnabled(True)
        self._close_form()
        folder = QDir.toNativeSeparators(settings.folder)
        words = f"Новые заказы будут записываться в {folder}" if folder else "Заказы не записываются"
        self.reported.emit(words, "good" if folder else "info", "Записать сейчас" if folder else None, self._hand_over)

    def _not_saved(self, error: object) -> None:
        self.form.save.setEnabled(True)
        detail = error.detail if isinstance(error, AppError) else ""
        self.form.folder_field.set_error(f"В эту папку нельзя писать. {detail}".strip())
        self.form.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hand_over(self) -> None:
        if not self._session.settings.folder and not self._connection.takes_orders:
            self.open_form()
            return
        self.export.setEnabled(False)
        self._session.hand_over()

    def _handed_over(self, done: HandedOver) -> None:
        self.update()
        if done.files:
            self._report_written(done.files[-1], done.orders)
            return
        words = [handed_over_text(done.orders, done.waiting, done.held), *(problem.text for problem in done.problems)]
        kind = "attention" if done.problems or done.held else "good" if done.orders else "info"
        self.reported.emit(". ".join(words), kind, None, None)

    def _not_handed_over(self, error: object) -> None:
        self.update()
        self.failed.emit(error, *self.remedy(error))

    def remedy(self, error: object) -> tuple[str, Callable[[], None]]:
        """The button that helps where orders did not get to the store, and what it does."""
        if isinstance(error, FileNotReadable):
            return "Выбрать другую папку", self.open_form
        return "Открыть «Магазин»", self._open_store

    def _open_store(self) -> None:
        self.context.go_to.emit("integration", "store")

    @property
    def _connection(self) -> StoreConnection:
        return self._session.view.connection if self._session.view is not None else StoreConnection()

    def choose_folder(self) -> str:
        """Asks for the folder of all orders; "" = none was chosen."""
        return self.form.choose_folder(self.context.state.text(FOLDER, QDir.homePath()))

    def _export(self) -> None:
        folder = self.choose_folder()
        if folder:
            self.context.state.remember(FOLDER, folder)
            self._session.export(Path(folder))

    def _exported(self, path: Path) -> None:
        self._report_written(path, self.model.total)

    def _not_exported(self, error: object) -> None:
        self.failed.emit(error, "Выбрать другую папку", self._export)

    def _report_written(self, path: Path, orders: int) -> None:
        self._written = path
        count = wording.plural(orders, "заказ", "заказа", "заказов")
        words = f"Выгружено: {count}. Файл для магазина: {QDir.toNativeSeparators(str(path))}"
        self.reported.emit(words, "good", "Открыть папку", self._open_folder)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    # --- labels -----------------------------------------------------------------------------------------------------

    def update_labels(self) -> None:
        """Whether labels may be printed of what is selected."""
        why = "" if self._labelled() else "Выберите в списке отправления FBS"
        if self.context.long_job is not None:
            why = f"Идёт другая работа: {self.context.long_job.title}"
        self.labels.setEnabled(not why)
        self.labels.setToolTip(why)

    def _labelled(self) -> list[str]:
        """Selected postings the shop labels itself."""
        postings = (self.model.order(index.row()).posting for index in self.table.selectionModel().selectedRows())
        return [posting.posting_number for posting in postings if posting.scheme != "fbo"]

    def choose_file(self) -> str:
        """Asks for the file of the labels; "" = none was chosen."""
        start = str(Path(self.context.state.text(FOLDER, QDir.homePath())) / "Этикетки.pdf")
        return QFileDialog.getSaveFileName(self.table, "Этикетки", start, "PDF (*.pdf)")[0]

    def _print_labels(self) -> None:
        numbers, file = self._labelled(), self.choose_file()
        if numbers and file:
            self._session.print_labels(numbers, Path(file))

    def _printed(self, done: LabelsPrinted) -> None:
        words = labels_text(done.printed, done.refused)
        if not done.files:
            self.reported.emit(words, "attention", None, None)
            return
        self._written = done.files[0]
        self.reported.emit(words, "attention" if done.refused else "good", "Открыть файл", self._open_file)

    def _not_printed(self, error: object) -> None:
        reason = no_labels_text(error) if isinstance(error, AppError) else ""
        if reason:
            self.reported.emit(f"Ozon не сделал этикетки: {reason}", "attention", None, None)
        else:
            self.failed.emit(error, "Повторить", self._print_labels)

    def _open_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    return button
