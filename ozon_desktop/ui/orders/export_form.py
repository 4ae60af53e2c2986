"""Where and how new orders are written for the store: a small form in the page."""

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ozon_desktop.domain.orders import ExportEncoding, ExportSettings
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Card, ComboBox, Field, FlowLayout
from ozon_desktop.wording.orders import encoding_text


class ExportForm(Card):
    """saved(ExportSettings): these shall be kept. everything: all orders shall be written into a folder chosen for it. closed: Esc."""

    saved = Signal(object)
    everything = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_heading("Выгрузка заказов в магазин")
        self.setObjectName("orders_export_form")
        self.folder = QLineEdit()
        self.folder.setObjectName("orders_folder")
        self.folder.setPlaceholderText("Не задана: заказы не записываются")
        self.folder_field = Field("Папка магазина", self.folder, hint="Новые заказы пишутся сюда сами: CommerceML и XLSX")
        self.browse = QPushButton("О&бзор…")
        self.browse.setObjectName("orders_browse")
        self.browse.setAccessibleName("Выбрать папку магазина")
        self.folder_field.add_beside(self.browse)
        self.encoding = ComboBox("orders_encoding", "")
        self.encoding.set_choices(((value, encoding_text(value)) for value in ExportEncoding), ExportEncoding.UTF_8)
        self.again = QCheckBox("Записывать заказ &снова, когда меняется его статус")
        self.again.setObjectName("orders_again")
        self.save = QPushButton("Сохра&нить")
        self.save.setObjectName("orders_save_export")
        set_role(self.save, "primary")
        self.all = QPushButton("Записать в&се заказы в другую папку…")
        self.all.setObjectName("orders_export_all")
        self._lay_out()
        self.browse.clicked.connect(self._browse)
        self.save.clicked.connect(lambda: self.saved.emit(self.settings()))
        self.folder.returnPressed.connect(lambda: self.saved.emit(self.settings()))
        self.folder.textEdited.connect(lambda: self.folder_field.set_error(None))
        self.all.clicked.connect(self.everything)
        QShortcut(QKeySequence("Esc"), self, self.closed.emit).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(16)
        fields.addWidget(self.folder_field, 3)
        fields.addWidget(Field("Кодировка файла", self.encoding), 1)
        self.body.addLayout(fields)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=12)
        for widget in (self.again, self.save, self.all):
            flow.addWidget(widget)
        self.body.addWidget(buttons)

    def show_settings(self, settings: ExportSettings) -> None:
        self.folder.setText(QDir.toNativeSeparators(settings.folder))
        self.encoding.set_choices(((value, encoding_text(value)) for value in ExportEncoding), settings.encoding)
        self.again.setChecked(settings.again)
        self.folder_field.set_error(None)

    def settings(self) -> ExportSettings:
        encoding = self.encoding.chosen
        chosen = encoding if isinstance(encoding, ExportEncoding) else ExportEncoding.UTF_8
        return ExportSettings(self.folder.text().strip(), chosen, self.again.isChecked())

    def choose_folder(self, start: str) -> str:
        """Asks for a folder; "" = none was chosen."""
        return QFileDialog.getExistingDirectory(self, "Папка для заказов", start)

    def _browse(self) -> None:
        folder = self.choose_folder(self.folder.text() or QDir.homePath())
        if folder:
            self.folder.setText(QDir.toNativeSeparators(folder))
            self.folder_field.set_error(None)
