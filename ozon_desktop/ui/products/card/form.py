"""The fields of one card in two columns: package, required fields, then the others under the names of their groups."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.card.package_box import PackageBox
from ozon_desktop.ui.products.card.picture_previews import PicturePreviews
from ozon_desktop.ui.products.card.pictures_box import PICTURES, PicturesBox
from ozon_desktop.ui.products.card.store_box import PLACES, StoreBox
from ozon_desktop.ui.products.fields.box import FieldBox
from ozon_desktop.ui.products.fields.dictionary_editor import ValueSource
from ozon_desktop.ui.products.fields.draft import CardDraft
from ozon_desktop.ui.widgets import FieldRow, WrappedLabel


class CardForm(QWidget):
    """Built anew only when the attributes are others: products of one type share the widgets, so switching rows costs nothing."""

    field_edited = Signal(object, object)
    """attribute id, Values"""
    size_edited = Signal(object, object)
    """side, value or None"""
    menu_wanted = Signal(object)
    revert_wanted = Signal(object)
    rules_wanted = Signal()
    pictures_ordered = Signal(object)
    """addresses in their order, the main one first; empty = the store's order"""

    def __init__(self, source: ValueSource, remove_icon: QIcon, previews: PicturePreviews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._remove_icon = source, remove_icon
        self._attributes: tuple[Attribute, ...] = ()
        self.boxes: dict[int, FieldBox] = {}
        self.package = PackageBox()
        self.package.edited.connect(self.size_edited)
        self.pictures = PicturesBox(previews)
        self.pictures.ordered.connect(self.pictures_ordered)
        self.store = StoreBox()
        self.store_title = WrappedLabel("Из магазина", role="heading")
        self.picture_title = WrappedLabel("Фотографии", role="heading")
        self.title = WrappedLabel("", role="heading")
        self.note = WrappedLabel("", role="hint")
        self.rules_button = QPushButton("Предложить правила…")
        self.rules_button.setObjectName("propose_rules")
        self.rules_button.setToolTip("Подобрать для полей свойства магазина с похожими названиями")
        set_role(self.rules_button, "link")
        self.rules_button.clicked.connect(self.rules_wanted)
        self._fields = QWidget()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.setSpacing(10)
        package = WrappedLabel("Упаковка", role="heading")
        for widget in (package, self.package, self.title, self.note, self.rules_button, self._fields):
            self._layout.addWidget(widget)
        for widget in (self.picture_title, self.pictures, self.store_title, self.store):
            self._layout.addWidget(widget)
        self._layout.setAlignment(self.rules_button, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch(1)

    def show_draft(self, draft: CardDraft) -> None:
        card = draft.details.card
        attributes = tuple(filled.attribute for filled in card.fields)
        if attributes != self._attributes:
            self._rebuild(attributes)
        self.title.setText("Дополнительные поля: {}".format(card.type.name if card.type is not None else ""))
        self.note.setText(self._note(draft))
        self.pictures.show_pictures(draft)
        self.package.show_package(draft, card.problems)
        for filled in card.fields:
            self.boxes[filled.attribute.id].show_field(filled, draft, card.problems)
            self._show_ozon(draft, filled.attribute.id)
        self.store.show_details(draft.details)

    def _note(self, draft: CardDraft) -> str:
        card = draft.details.card
        if card.other_list is not None:
            return f"Заполнен список типа «{card.other_list.name}» — данные не будут переданы, пока список не переключён."
        return "Список совпадает с сопоставленной категорией — данные будут переданы."

    def show_theme(self, remove_icon: QIcon) -> None:
        """Other icons: the fields are built anew when they are shown next."""
        self._remove_icon = remove_icon
        self._attributes = ()

    def show_reverted(self, draft: CardDraft, attribute_id: int) -> None:
        """Show one field again after its own value was taken away."""
        for filled in draft.details.card.fields:
            if filled.attribute.id == attribute_id:
                self.boxes[attribute_id].show_field(filled, draft, ())
                self._show_ozon(draft, attribute_id)

    def finish_typing(self) -> None:
        """Every field takes what is typed in it: the values are about to be stored."""
        for box in self.boxes.values():
            box.field_editor.finish()

    def show_edited(self, draft: CardDraft, attribute_id: int) -> None:
        """Say below a field that it is changed and not saved."""
        for filled in draft.details.card.fields:
            if filled.attribute.id == attribute_id:
                self.boxes[attribute_id].show_state(filled, draft)
                self._show_ozon(draft, attribute_id)

    def _show_ozon(self, draft: CardDraft, attribute_id: int) -> None:
        self.boxes[attribute_id].show_ozon(draft.details.ozon_problems, changed=draft.field_changed(attribute_id))

    def focus_field(self, name: str) -> QWidget | None:
        """Give the keyboard to a field (an attribute's id or a name as in `CardProblem`); its box, None when there is none."""
        if name == PICTURES:
            self.pictures.list.setFocus()
            return self.pictures
        if name in PLACES:
            self.store.lines[PLACES[name]].setFocus()
            return self.store.fields[PLACES[name]]
        box: QWidget | None = self.package.fields.get(name) or (self.boxes.get(int(name)) if name.isdigit() else None)
        if isinstance(box, FieldBox):
            box.field_editor.control().setFocus()
        elif box is not None:
            self.package.lines[name].setFocus()
        return box

    def focused_field(self) -> int | None:
        """The attribute whose editor has the keyboard; None when none has."""
        focus = self.window().focusWidget()
        return next((number for number, box in self.boxes.items() if focus is not None and box.isAncestorOf(focus)), None)

    def _rebuild(self, attributes: tuple[Attribute, ...]) -> None:
        self._attributes = attributes
        self.boxes = {}
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        row, column, group = 0, 0, ""
        beside: FieldBox | None = None
        for attribute in _in_groups(attributes):
            header = self._header(attribute)
            if header != group:
                row, column, group = row + (column > 0), 0, header
                grid.addWidget(WrappedLabel(header, role="secondary"), row, 0, 1, 2)
                row += 1
            box = self._box(attribute)
            if box.wide and column:
                row, column = row + 1, 0
            grid.addWidget(box, row, column, 1, 2 if box.wide else 1)
            if column and beside is not None:
                FieldRow((beside, box), fields)
            beside = box
            row, column = (row + 1, 0) if box.wide or column else (row, 1)
        self._layout.replaceWidget(self._fields, fields)
        self._fields.hide()
        self._fields.deleteLater()
        self._fields = fields

    def _header(self, attribute: Attribute) -> str:
        other = attribute.group_name or "Прочее"
        if attribute.complex_id:
            return f"{other} (заполняются вместе)"
        return "" if attribute.is_required else other

    def _box(self, attribute: Attribute) -> FieldBox:
        box = FieldBox(attribute, self._source, self._remove_icon)
        box.edited.connect(self._edited)
        box.menu_wanted.connect(self.menu_wanted)
        box.revert_wanted.connect(self.revert_wanted)
        self.boxes[attribute.id] = box
        return box

    def _edited(self, attribute_id: int) -> None:
        self.field_edited.emit(attribute_id, self.boxes[attribute_id].field_editor.values())


def _in_groups(attributes: tuple[Attribute, ...]) -> list[Attribute]:
    """Required ones first, then group by group in the order in which the groups first appear; what is filled in together stays so."""
    groups: dict[tuple[int, str], int] = {}
    needed = {attribute.complex_id for attribute in attributes if attribute.is_required and attribute.complex_id}
    for attribute in attributes:
        groups.setdefault(_group(attribute), len(groups))

    def place(attribute: Attribute) -> tuple[int, int, bool]:
        if attribute.complex_id:
            return (1 if attribute.complex_id in needed else 2, groups[_group(attribute)], not attribute.is_required)
        return (0, 0, False) if attribute.is_required else (2, groups[_group(attribute)], False)

    return sorted(attributes, key=place)


def _group(attribute: Attribute) -> tuple[int, str]:
    return (attribute.complex_id, "") if attribute.complex_id else (0, attribute.group_name)
