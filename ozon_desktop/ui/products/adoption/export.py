"""«Выгрузить в магазин…»: where and how cards that exist only on Ozon are written, asked in place."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import ComboBox, Field, FieldRow, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.wording.adoption import exported_text

if TYPE_CHECKING:
    from ozon_desktop.services.cabinet.cards import ExportedFiles
    from ozon_desktop.ui.products.adoption.panel import AdoptionPanel
    from ozon_desktop.ui.state import WindowState

FOLDER, ENCODING = "adoption/folder", "adoption/encoding"
ENCODINGS = (("utf-8", "UTF-8"), ("windows-1251", "windows-1251"))
ESCAPE = frozenset({Qt.Key.Key_Escape})


class ExportForm(QFrame):
    """Hidden until `open_for`. asked(folder, encoding, with archived cards); dismissed: the manager thought better of it."""

    asked = Signal(object, str, bool)
    dismissed = Signal()

    def __init__(self, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._cards = self._archived = 0
        self.setObjectName("export_form")
        set_role(self, "card")
        self.title = WrappedLabel("", role="heading")
        self.folder = QLineEdit(state.text(FOLDER))
        self.folder.setObjectName("export_folder")
        self.browse = QPushButton("Вы&брать…")
        self.browse.setObjectName("export_browse")
        self.encoding = ComboBox("export_encoding", "")
        self.encoding.set_choices(ENCODINGS, state.text(ENCODING, ENCODINGS[0][0]))
        self.archived = QCheckBox()
        self.archived.setObjectName("export_archived")
        self.cancel = QPushButton("Отм&ена")
        self.cancel.setObjectName("export_cancel")
        self.go = QPushButton("&Выгрузить")
        self.go.setObjectName("export_go")
        set_role(self.go, "primary")
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        self.folder_field = Field("Папка, куда записать import.xml, offers.xml и ozon-cards.xlsx", self.folder)
        self.folder_field.add_beside(self.browse)
        self.encoding_field = Field("Кодировка CommerceML", self.encoding)
        fields = QHBoxLayout()
        fields.setSpacing(12)
        fields.addWidget(self.folder_field, 3)
        fields.addWidget(self.encoding_field, 1)
        self._line = FieldRow((self.folder_field, self.encoding_field), self)
        row = QHBoxLayout()
        row.addWidget(self.archived)
        row.addStretch(1)
        for button in (self.cancel, self.go):
            row.addWidget(button)
        for button in (self.browse, self.cancel, self.go):
            button.setAutoDefault(False)
        layout.addWidget(self.title)
        layout.addLayout(fields)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.browse.clicked.connect(self._browse)
        self.cancel.clicked.connect(self.dismiss)
        self.go.clicked.connect(self._ask)
        self.archived.toggled.connect(self._tell)
        self.folder.textChanged.connect(self._folder_changed)
        KeyActions(self.folder).on(ENTER, self._ask)
        for widget in (self.folder, self.encoding, self.archived, self.browse, self.cancel, self.go):
            KeyActions(widget).on(ESCAPE, self.dismiss)

    def open_for(self, cards: int, archived: int) -> None:
        """Ask about so many cards without a product, and how many of them are in Ozon's archive."""
        self._cards, self._archived = cards, archived
        self.archived.setText(f"Вместе с карточками из архива Ozon ({wording.number(archived)})")
        self.archived.setVisible(bool(archived))
        self.folder_field.set_error(None)
        self._tell()
        self.show()
        (self.go if self.folder.text() else self.browse).setFocus()

    def dismiss(self) -> None:
        """Esc, «Отмена»."""
        self.hide()
        self.dismissed.emit()

    def set_busy(self, busy: bool) -> None:
        """Whether files are being written."""
        self._busy = busy
        self.go.setText("Записываю…" if busy else "&Выгрузить")
        self._tell()

    def choose_folder(self) -> str:
        """Asks for the folder; "" = the manager thought better of it."""
        return QFileDialog.getExistingDirectory(self, "Папка для карточек с Ozon", self.folder.text() or QDir.homePath())

    _busy = False

    def _count(self) -> int:
        return self._cards if self.archived.isChecked() else self._cards - self._archived

    def _tell(self) -> None:
        count = self._count()
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


class Exporting(QObject):
    """Part of the panel: the form, the writing, and what is told of it."""

    def __init__(self, panel: AdoptionPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        panel.form.asked.connect(self._export)
        panel.form.dismissed.connect(panel.export_button.setFocus)

    def open_form(self) -> None:
        """«Выгрузить в магазин…»."""
        if self._panel.report is not None:
            cards = self._panel.report.only_ozon
            self._panel.form.open_for(len(cards), sum(card.archived for card in cards))
            self._panel.update_buttons()

    def _export(self, folder: Path, encoding: str, with_archived: bool) -> None:
        panel = self._panel
        panel.form.set_busy(True)
        work = panel.service.export_only_on_ozon(panel.integration_id, folder, encoding=encoding, with_archived=with_archived)
        panel.context.worker.run(work, on_done=self._exported, on_failed=self._failed)

    def _exported(self, files: ExportedFiles) -> None:
        folder = files.import_file.parent
        self._panel.form.set_busy(False)
        self._panel.form.hide()
        self._panel.update_buttons()
        place = f"Папка: {QDir.toNativeSeparators(str(folder))}"
        text = f"{exported_text(files.cards, files.archived)}. {place}"
        self._panel.bar.show_message(text, "good", "Открыть папку", partial(_open, folder))

    def _failed(self, error: object) -> None:
        self._panel.form.set_busy(False)
        self._panel.show_error(error)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
