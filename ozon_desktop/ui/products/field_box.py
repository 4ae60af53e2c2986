"""One additional field on the card: label with menu, the editor its attribute needs, and below it where the value comes from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QToolButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import CardProblem, FilledField, Origin, value_limit
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute
from ozon_desktop.ui.products.card_draft import CardDraft
from ozon_desktop.ui.products.dictionary_editor import DictionaryEditor, MultiEditor, ValueSource
from ozon_desktop.ui.products.field_editors import FieldEditor, FixedEditor, LineEditor, MultilineEditor, YesNoEditor
from ozon_desktop.ui.widgets import Field


class FieldBox(Field):
    """`edited` carries the attribute's id when the manager changed the value, `menu_wanted` when «⋯» was pressed."""

    edited = Signal(object)
    menu_wanted = Signal(object)

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
            self.menu_button.setAccessibleName(self.tr("Действия с полем «{0}»").format(attribute.name))
            self.menu_button.setToolTip(self.tr("Правила и возврат значения"))
            self.menu_button.clicked.connect(self._menu)
            self.head.addWidget(self.menu_button)
        self.field_editor.changed.connect(self._changed)
        if isinstance(self.field_editor, DictionaryEditor | MultiEditor):
            self.field_editor.told.connect(self._told)

    @property
    def wide(self) -> bool:
        """Whether it takes both columns."""
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
        self.set_error("\n".join(texts) if texts and not changed else None)

    def set_error(self, text: str | None) -> None:
        """Also marks the control inside the editor."""
        super().set_error(text)
        self.field_editor.set_wrong(text is not None)

    def _hint_text(self, filled: FilledField, changed: bool) -> str:
        attribute, parts = filled.attribute, []
        if attribute.id == TYPE_ATTRIBUTE:
            return self.tr("задаётся сопоставленной категорией")
        if changed:
            parts.append(self.tr("изменено, ещё не сохранено"))
        elif filled.origin is not Origin.EMPTY:
            parts.append(wording.origin_text(filled.origin, filled.source))
        limit = value_limit(attribute)
        if attribute.is_collection and limit:
            parts.append(self.tr("не больше {0}").format(wording.plural(limit, "значения", "значений", "значений")))
        if attribute.is_aspect:
            parts.append(self.tr("нельзя изменить после первой поставки"))
        return "; ".join(parts)

    def _changed(self) -> None:
        self.set_error(None)
        self.edited.emit(self.attribute.id)

    def _told(self, text: str) -> None:
        self.set_hint(text or self._origin_hint)

    def _menu(self) -> None:
        self.menu_wanted.emit(self.attribute.id)


def make_editor(attribute: Attribute, source: ValueSource, remove_icon: QIcon) -> FieldEditor:
    """The editor that an attribute needs."""
    if attribute.id == TYPE_ATTRIBUTE:
        return FixedEditor(attribute)
    if attribute.is_collection and attribute.kind not in {"multiline", "boolean"}:
        return MultiEditor(attribute, source, remove_icon)
    if attribute.has_dictionary:
        return DictionaryEditor(attribute, source)
    if attribute.kind == "multiline":
        return MultilineEditor(attribute)
    return YesNoEditor(attribute) if attribute.kind == "boolean" else LineEditor(attribute)
