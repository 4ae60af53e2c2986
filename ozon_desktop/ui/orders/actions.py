"""What the page «Заказы» does with orders beside showing them: the export to the store and its settings, and labels."""

from pathlib import Path

from PySide6.QtCore import QDir, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton, QTableView

from ozon_desktop import wording
from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.progress import Progress
from ozon_desktop.errors import AppError
from ozon_desktop.services.orders.view import HandedOver, LabelsPrinted
from ozon_desktop.ui.orders.export_form import ExportForm
from ozon_desktop.ui.orders.table_model import OrderTableModel
from ozon_desktop.ui.page import Page
from ozon_desktop.wording.orders import labels_text, no_labels_text

FOLDER = "orders/folder"


class OrderActions(QObject):
    """The buttons and the form; the page puts them where they stand. `settings`: those of the export, as last read."""

    def __init__(self, page: Page, model: OrderTableModel, table: QTableView) -> None:
        super().__init__(page)
        self._page, self.context, self.model, self.table = page, page.context, model, table
        self.settings = ExportSettings()
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
        self.form.saved.connect(self._save_export)
        self.form.everything.connect(self._export)
        self.form.closed.connect(lambda: self.setup.setChecked(False))

    def update(self) -> None:
        """What may be done now."""
        has_orders = bool(self.model.total)
        self.export.setEnabled(has_orders)
        self.export.setToolTip("" if has_orders else "Сначала получите заказы")
        self.form.all.setEnabled(has_orders)
        self.setup.setEnabled(bool(self.context.integration_id))
        self.update_labels()

    # --- to the store -----------------------------------------------------------------------------------------------

    def _show_form(self, shown: bool) -> None:
        if shown:
            self.form.show_settings(self.settings)
        self.form.setVisible(shown)
        if shown:
            self.form.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_form(self) -> None:
        """Shows where orders are written."""
        self.setup.setChecked(True)

    def _save_export(self, settings: ExportSettings) -> None:
        service, integration_id = self.context.application.orders, self.context.integration_id
        self.form.save.setEnabled(False)
        self.context.worker.run(
            lambda _: service.save_export(integration_id, settings),
            on_done=lambda _: self._export_saved(settings),
            on_failed=self._export_not_saved,
        )

    def _export_saved(self, settings: ExportSettings) -> None:
        self.settings = settings
        self.form.save.setEnabled(True)
        self.setup.setChecked(False)
        folder = QDir.toNativeSeparators(settings.folder)
        words = f"Новые заказы будут записываться в {folder}" if folder else "Заказы не записываются"
        self._page.show_message(words, "good" if folder else "info", "Записать сейчас" if folder else None, self._hand_over)
        self._page.refresh()

    def _export_not_saved(self, error: object) -> None:
        self.form.save.setEnabled(True)
        detail = error.detail if isinstance(error, AppError) else ""
        self.form.folder_field.set_error(f"В эту папку нельзя писать. {detail}".strip())
        self.form.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hand_over(self) -> None:
        if not self.settings.folder:
            self.open_form()
            return
        service, integration_id = self.context.application.orders, self.context.integration_id
        self.export.setEnabled(False)
        self.context.worker.run(lambda _: service.hand_over(integration_id), on_done=self._handed_over, on_failed=self._not_handed_over)

    def _handed_over(self, done: HandedOver) -> None:
        if not done.files:
            self._page.show_message("Магазин уже получил все заказы", "info")
        else:
            self._told(done.files[-1], done.orders)
        self.context.data_changed.emit("orders")

    def _not_handed_over(self, error: object) -> None:
        self.update()
        self._page.show_error(error, "Выбрать другую папку", self.open_form)

    def choose_folder(self) -> str:
        """Asks for the folder of all orders; "" = the manager thought better of it."""
        return self.form.choose_folder(self.context.state.text(FOLDER, QDir.homePath()))

    def _export(self) -> None:
        folder = self.choose_folder()
        if not folder:
            return
        self.context.state.remember(FOLDER, folder)
        service, integration_id = self.context.application.orders, self.context.integration_id
        self.context.worker.run(
            lambda _: service.export(integration_id, Path(folder)), on_done=self._export_done, on_failed=self._export_failed
        )

    def _export_done(self, path: Path) -> None:
        self._told(path, self.model.total)
        self.context.data_changed.emit("orders")

    def _export_failed(self, error: object) -> None:
        self._page.show_error(error, "Выбрать другую папку", self._export)

    def _told(self, path: Path, orders: int) -> None:
        self._written = path
        count = wording.plural(orders, "заказ", "заказа", "заказов")
        words = f"Выгружено: {count}. Файл для магазина: {QDir.toNativeSeparators(str(path))}"
        self._page.show_message(words, "good", "Открыть папку", self._open_folder)

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
        """Asks for the file of the labels; "" = the manager thought better of it."""
        start = str(Path(self.context.state.text(FOLDER, QDir.homePath())) / "Этикетки.pdf")
        return QFileDialog.getSaveFileName(self._page, "Этикетки", start, "PDF (*.pdf)")[0]

    def _print_labels(self) -> None:
        numbers, file = self._labelled(), self.choose_file()
        if not numbers or not file:
            return
        service, integration_id = self.context.application.orders, self.context.integration_id

        async def work(_: Progress) -> LabelsPrinted:
            return await service.labels(integration_id, numbers, Path(file))

        self.context.run_job("Этикетки", work, on_done=self._labels_done, on_failed=self._labels_failed)

    def _labels_done(self, done: LabelsPrinted) -> None:
        words = labels_text(done.printed, done.refused)
        if not done.files:
            self._page.show_message(words, "attention")
            return
        self._written = done.files[0]
        self._page.show_message(words, "attention" if done.refused else "good", "Открыть файл", self._open_file)

    def _labels_failed(self, error: object) -> None:
        reason = no_labels_text(error) if isinstance(error, AppError) else ""
        if reason:
            self._page.show_message(f"Ozon не сделал этикетки: {reason}", "attention")
        else:
            self._page.show_error(error, "Повторить", self._print_labels)

    def _open_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    return button
