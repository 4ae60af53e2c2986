"""The pictures of one card: their order by dragging or keys, the main one, how many Ozon takes, and addresses it cannot load."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.pictures import PICTURE_LIMIT, PictureFault, address_fault
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.card.picture_model import PictureModel
from ozon_desktop.ui.products.card.picture_previews import PicturePreviews
from ozon_desktop.ui.products.fields.draft import CardDraft
from ozon_desktop.ui.products.fields.ozon_note import OzonNote, of_fields
from ozon_desktop.ui.widgets import FlowLayout, RowDelegate, WrappedLabel, row_height

PICTURES = "images"
"""The name under which problems of the pictures are reported."""

ROWS_SHOWN = 5
SHOWN = frozenset({None, PictureFault.A_FILE})
"""What a picture's address may be for it to be looked at: a file of 1C is not sent, but there to be seen."""
ALT = Qt.KeyboardModifier.AltModifier


class PictureList(QListView):
    """Alt+Up and Alt+Down move the current picture, Alt+Home makes it the main one."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model, row = self.model(), self.currentIndex().row()
        targets = {Qt.Key.Key_Up: row - 1, Qt.Key.Key_Down: row + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: model.rowCount() - 1}
        target = targets.get(Qt.Key(event.key()))
        if event.modifiers() & ALT and target is not None and isinstance(model, PictureModel):
            if 0 <= target < model.rowCount():
                model.move(row, target)
            return
        super().keyPressEvent(event)


class PicturesBox(QWidget):
    """`ordered` carries all addresses in the order the manager wants, empty for the store's order."""

    ordered = Signal(object)

    def __init__(self, previews: PicturePreviews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._previews = previews
        self.model = PictureModel(self, previews)
        self.count = WrappedLabel("", role="hint")
        self.count.setObjectName("picture_count")
        self.list = PictureList()
        self.list.setObjectName("pictures")
        self.list.setAccessibleName("Фотографии: порядок меняется перетаскиванием или клавишами Alt+↑ и Alt+↓")
        self.list.setModel(self.model)
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        set_role(self.list, "boxed")
        self.problems = WrappedLabel("", role="error")
        self.problems.setObjectName("picture_problems")
        self.unloaded = WrappedLabel("", role="attention")
        self.unloaded.setObjectName("picture_unloaded")
        self.main_button = self._button("picture_main", "Сделать главной", "Alt+Home")
        self.up_button = self._button("picture_up", "Выше", "Alt+↑")
        self.down_button = self._button("picture_down", "Ниже", "Alt+↓")
        self.reset_button = self._button("picture_reset", "Порядок магазина", "Вернуть порядок из выгрузки магазина")
        self._lay_out()
        self.model.moved.connect(self._moved)
        self.model.dataChanged.connect(self._show_unloaded)
        self.list.selectionModel().currentChanged.connect(self._show_buttons)
        self.main_button.clicked.connect(self._make_main)
        self.up_button.clicked.connect(self._up)
        self.down_button.clicked.connect(self._down)
        self.reset_button.clicked.connect(self._reset)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.count)
        layout.addWidget(self.list)
        layout.addWidget(self.problems)
        layout.addWidget(self.unloaded)
        self.ozon_note = OzonNote(PICTURES)
        layout.addWidget(self.ozon_note)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons)
        policy = self._buttons.sizePolicy()
        policy.setHeightForWidth(True)
        self._buttons.setSizePolicy(policy)
        for button in (self.main_button, self.up_button, self.down_button, self.reset_button):
            flow.addWidget(button)
        layout.addWidget(self._buttons)

    def show_pictures(self, draft: CardDraft) -> None:
        """Show the pictures of a card in the order that is, or would be, saved."""
        pictures = draft.pictures()
        self.model.show_pictures(pictures)
        shown = len(pictures.all)
        if shown:
            text = "На Ozon отправится {0} из {1}, не больше {2}; первая — главная."
            self.count.setText(text.format(wording.number(len(pictures.sent)), wording.number(shown), PICTURE_LIMIT))
        else:
            self.count.setText("В магазине у товара нет фотографий: карточка создастся, но продаваться не будет.")
        self.problems.setText(wording.picture_problems_text(pictures.problems))
        self.problems.setVisible(bool(pictures.problems))
        self._show_unloaded()
        self.ozon_note.show_problems(of_fields(draft.details.ozon_problems, {PICTURES}), changed=draft.pictures_changed)
        self.list.setVisible(bool(shown))
        self._previews.want([url for url in pictures.all if address_fault(url) in SHOWN])
        self.list.setIconSize(QSize(self._previews.side, self._previews.side))
        row = max(row_height(self.list), self.list.sizeHintForRow(0) if shown else 0)
        self.list.setFixedHeight(row * min(max(shown, 1), ROWS_SHOWN) + 6)
        self._buttons.setVisible(shown > 1)
        self.reset_button.setEnabled(bool(draft.picture_choice.order or draft.picture_choice.main))
        if shown and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))
        self._show_buttons()

    def _show_unloaded(self, *_: object) -> None:
        """Pictures whose addresses do not open: Ozon will hardly load them either."""
        alike: dict[str, list[int]] = {}
        for position, fault in self.model.faults():
            alike.setdefault(fault, []).append(position)
        lines = [
            ("Фотография {0}: {1}" if len(found) == 1 else "Фотографии {0}: {1}").format(", ".join(map(str, found)), fault)
            for fault, found in alike.items()
        ]
        text = "\n".join([*lines, "Проверьте адреса: Ozon загружает фотографии по ним же."]) if lines else ""
        if text != self.unloaded.text():
            self.unloaded.setText(text)
        self.unloaded.setVisible(bool(text))

    def _show_buttons(self, *_: object) -> None:
        row, rows = self.list.currentIndex().row(), self.model.rowCount()
        self.main_button.setEnabled(row > 0)
        self.up_button.setEnabled(row > 0)
        self.down_button.setEnabled(0 <= row < rows - 1)

    def _moved(self, urls: object, row: int) -> None:
        self.ordered.emit(urls)
        self.list.setCurrentIndex(self.model.index(row))

    def _make_main(self) -> None:
        self.model.move(self.list.currentIndex().row(), 0)

    def _up(self) -> None:
        self.model.move(self.list.currentIndex().row(), self.list.currentIndex().row() - 1)

    def _down(self) -> None:
        self.model.move(self.list.currentIndex().row(), self.list.currentIndex().row() + 1)

    def _reset(self) -> None:
        self.ordered.emit(())
