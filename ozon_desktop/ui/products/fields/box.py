"""One additional field on the card: label with menu, the editor its attribute needs, and below it where the value comes from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import CardProblem, FilledField, Origin
from ozon_desktop.domain.field_values import value_limit
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.fields.dictionary_editor import DictionaryEditor, MultiEditor, ValueSource
from ozon_desktop.ui.products.fields.draft import CardDraft
from ozon_desktop.ui.products.fields.editors import FieldEditor, FixedEditor, LineEditor, MultilineEditor, YesNoEditor
from ozon_desktop.ui.products.fields.limits import length_limit
from ozon_desktop.ui.products.fields.ozon_note import OzonNote, of_attribute
from ozon_desktop.ui.widgets import Field


class FieldBox(Field):
    """Signals carry the attribute's id: `edited` = the manager changed the value, `menu_wanted` = «⋯» was pressed, `revert_wanted`."""

    edited = Signal(object)
    menu_wanted = Signal(object)
    revert_wanted = Signal(object)

    def __init__(self, attribute: Attribute, source: ValueSource, remove_icon: QIcon, parent: QWidget | None = None) -> None:
        editor = make_editor(attribute, source, remove_icon)
        super().__init__(attribute.name, editor, required=attribute.is_required, parent=parent)
        self.field_editor = editor
        self.attribute = attribute
        self._origin_hint = ""
        if attribute.description:
            self.label.setToolTip(attribute.description)
            self.field_editor.control().setToolTip(attribute.description)
        if attribute.id != TYPE_ATTRIBUTE:
            self.menu_button = QToolButton()
            self.menu_button.setText("⋯")
            self.menu_button.setObjectName(f"menu_{attribute.id}")
            self.menu_button.setAccessibleName(f"Действия с полем «{attribute.name}»")
            self.menu_button.setToolTip("Правила и возврат значения")
            self.menu_button.clicked.connect(self._menu)
            self.head.addWidget(self.menu_button)
        self.revert_button = QPushButton("Вернуть к правилу")
        self.revert_button.setObjectName(f"revert_{attribute.id}")
        self.revert_button.setAccessibleName(f"Вернуть к правилу поле «{attribute.name}»")
        self.revert_button.setToolTip("Убрать значение этого товара: снова подействует правило или данные магазина")
        set_role(self.revert_button, "link")
        self.ozon_note = OzonNote(str(attribute.id))
        self.add_below(self.ozon_note)
        self.add_below(self.revert_button, Qt.AlignmentFlag.AlignLeft)
        self.revert_button.hide()
        self.revert_button.clicked.connect(self._revert)
        self.field_editor.changed.connect(self._changed)
        if isinstance(self.field_editor, DictionaryEditor | MultiEditor):
            self.field_editor.hinted.connect(self._show_hint)

    @property
    def wide(self) -> bool:
        return self.field_editor.wide

    def show_field(self, filled: FilledField, draft: CardDraft, problems: Sequence[CardProblem]) -> None:
        """Show the value, where it comes from, and what Ozon would refuse."""
        self.field_editor.set_values(draft.shown_values(filled))
        self.show_state(filled, draft, problems)

    def show_state(self, filled: FilledField, draft: CardDraft, problems: Sequence[CardProblem] = ()) -> None:
        """The texts below the editor only: while one types, the editor itself must not be touched."""
        changed = draft.field_changed(filled.attribute.id)
        self._origin_hint = self._hint_text(filled, changed)
        self.set_hint(self._origin_hint)
        texts = [wording.problem_text(problem) for problem in problems if problem.attribute_id == filled.attribute.id]
        own = self.field_editor.problem()
        self.set_error(own or ("\n".join(texts) if texts and not changed else None))
        self.revert_button.setVisible(draft.has_own(filled.attribute.id))

    def show_ozon(self, problems: Sequence[OzonProblem], *, changed: bool) -> None:
        """Show what Ozon has against the field. changed: its value is another one by now, not saved yet."""
        self.ozon_note.show_problems(of_attribute(problems, self.attribute.id), changed=changed)
        self._show_below()

    def set_error(self, text: str | None) -> None:
        """Also marks the control inside the editor."""
        super().set_error(text)
        self.field_editor.set_wrong(text is not None)

    def _show_below(self) -> None:
        """Both texts below the editor are spoken with it."""
        super()._show_below()
        texts = (self.error or self._hint, self.ozon_note.text)
        self.editor.setAccessibleDescription("\n".join(text for text in texts if text))

    def _hint_text(self, filled: FilledField, changed: bool) -> str:
        attribute, parts = filled.attribute, []
        if attribute.id == TYPE_ATTRIBUTE:
            return "задаётся сопоставленной категорией"
        if changed:
            parts.append("изменено, ещё не сохранено")
        elif filled.origin is not Origin.EMPTY:
            parts.append(wording.origin_text(filled.origin, filled.source))
        if filled.unmatched and not changed:
            words = ", ".join(f"«{text}»" for text in filled.unmatched[:3])
            parts.append(f"в справочнике нет значения {words} — решите в «Сомнительных значениях»")
        limit = value_limit(attribute)
        if attribute.is_collection and limit:
            parts.append("не больше {}".format(wording.plural(limit, "значения", "значений", "значений")))
        length = length_limit(attribute)
        if length and attribute.kind != "multiline":
            parts.append("до {}".format(wording.plural(length, "символа", "символов", "символов")))
        if attribute.is_aspect:
            parts.append("нельзя изменить после первой поставки")
        return "; ".join(parts)

    def _changed(self) -> None:
        self.set_error(None)
        self.edited.emit(self.attribute.id)

    def _show_hint(self, text: str) -> None:
        self.set_hint(text or self._origin_hint)

    def _revert(self) -> None:
        self.field_editor.control().setFocus()
        self.revert_wanted.emit(self.attribute.id)

    def _menu(self) -> None:
        self.menu_wanted.emit(self.attribute.id)


def make_editor(attribute: Attribute, source: ValueSource, remove_icon: QIcon) -> FieldEditor:
    if attribute.id == TYPE_ATTRIBUTE:
        return FixedEditor(attribute)
    if attribute.is_collection and attribute.kind not in {"multiline", "boolean"}:
        return MultiEditor(attribute, source, remove_icon)
    if attribute.has_dictionary:
        return DictionaryEditor(attribute, source)
    if attribute.kind == "multiline":
        return MultilineEditor(attribute)
    return YesNoEditor(attribute) if attribute.kind == "boolean" else LineEditor(attribute)
