"""«Выгрузить в магазин…»: where and how cards that exist only on Ozon are written, asked in place."""

from pathlib import Path

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.products.adoption.form import InPlaceForm
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ComboBox, Field, FieldRow
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.tool_dialog import make_button

FOLDER, ENCODING = "adoption/folder", "adoption/encoding"
ENCODINGS = (("utf-8", "UTF-8"), ("windows-1251", "windows-1251"))


class ExportForm(InPlaceForm):
    """Opened by `open_for`. asked(folder, encoding, with archived cards)."""

    asked = Signal(object, str, bool)

    def __init__(self, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__("export", "&Выгрузить", parent)
        self._state = state
        self._cards = self._archived = 0
        self._busy = False
        self.folder = QLineEdit(state.text(FOLDER))
        self.folder.setObjectName("export_folder")
        self.browse = make_button("Вы&брать…", "export_browse")
        self.encoding = ComboBox("export_encoding", "")
        self.encoding.set_choices(ENCODINGS, state.text(ENCODING, ENCODINGS[0][0]))
        self.archived = QCheckBox()
        self.archived.setObjectName("export_archived")
        self._lay_out()
        self.browse.clicked.connect(self._browse)
        self.go.clicked.connect(self._ask)
        self.archived.toggled.connect(self._show_count)
        self.folder.textChanged.connect(self._folder_changed)
        KeyActions(self.folder).on(ENTER, self._ask)
        self.close_with_escape(self.folder, self.encoding, self.archived, self.browse)

    def _lay_out(self) -> None:
        self.folder_field = Field("Папка, куда записать import.xml, offers.xml и ozon-cards.xlsx", self.folder)
        self.folder_field.add_beside(self.browse)
        self.encoding_field = Field("Кодировка файла", self.encoding)
        fields = QHBoxLayout()
        fields.setSpacing(12)
        fields.addWidget(self.folder_field, 3)
        fields.addWidget(self.encoding_field, 1)
        self._line = FieldRow((self.folder_field, self.encoding_field), self)
        row = QHBoxLayout()
        row.addWidget(self.archived)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        self.column.addWidget(self.title)
        self.column.addLayout(fields)
        self.column.addLayout(row)

    def open_for(self, cards: int, archived: int) -> None:
        """Ask about so many cards without a product, and how many of them are in Ozon's archive."""
        self._cards, self._archived = cards, archived
        self.archived.setText(f"Вместе с карточками из архива Ozon ({wording.number(archived)})")
        self.archived.setVisible(bool(archived))
        self.folder_field.set_error(None)
        self._show_count()
        self.show()
        (self.go if self.folder.text() else self.browse).setFocus()

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.go.setText("Записываю…" if busy else "&Выгрузить")
        self._show_count()

    def choose_folder(self) -> str:
        """Asks for the folder; "" = none was chosen."""
        return QFileDialog.getExistingDirectory(self, "Папка для карточек с Ozon", self.folder.text() or QDir.homePath())

    def _show_count(self) -> None:
        count = self._cards if self.archived.isChecked() else self._cards - self._archived
        self.title.setText("Выгрузить в магазин: {}".format(wording.plural(count, "карточка", "карточки", "карточек")))
        self.go.setEnabled(bool(count) and not self._busy)
        self.go.setToolTip("" if count else "Все эти карточки в архиве Ozon: отметьте, что выгрузить нужно и их")

    def _folder_changed(self) -> None:
        self.folder_field.set_error(None)

    def _browse(self) -> None:
        folder = self.choose_folder()
        if folder:
            self.folder.setText(QDir.toNativeSeparators(folder))
            self.go.setFocus()

    def _ask(self) -> None:
        folder = self.folder.text().strip()
        if not self.go.isEnabled():
            return
        if not folder:
            self.folder_field.set_error("Выберите папку")
            self.folder.setFocus()
            return
        encoding = str(self.encoding.chosen)
        self._state.remember(FOLDER, folder)
        self._state.remember(ENCODING, encoding)
        self.asked.emit(Path(folder), encoding, self.archived.isChecked())
