"""The card of one product: reads it, keeps unsaved changes, saves them, and runs the actions of its fields."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import FieldRule, ProblemCode, RuleKind, Values
from ozon_desktop.ui.products.card_draft import CardDraft
from ozon_desktop.ui.products.card_form import CardForm
from ozon_desktop.ui.products.card_head import CardHead
from ozon_desktop.ui.products.card_values import CardValues
from ozon_desktop.ui.products.field_menu import FieldActions, field_menu
from ozon_desktop.ui.products.unsaved_bar import UnsavedBar
from ozon_desktop.ui.theme import set_role
from ozon_desktop.ui.widgets import Card, EmptyState, MessageBar, Skeleton

if TYPE_CHECKING:
    from ozon_desktop.services.cards import CardDetails
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job


class CardPanel(Card):
    """Shows what `open_card` names, unless unsaved changes have to be decided first."""

    settings_wanted = Signal(object)
    """TypeKey whose settings are not collected"""
    mapping_wanted = Signal(object)
    """category id whose type is missing"""
    saved = Signal()
    """something was stored: the table has to be read again"""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("card_panel")
        self.setAccessibleName(self.tr("Карточка товара"))
        self._context = context
        self._draft: CardDraft | None = None
        self._wanted: str | None = None
        self._after_saving: str | None = None
        self._reading: Job | None = None
        self._saving: Job | None = None
        self._targets: tuple[str, ...] = ()
        self._values = CardValues(context)
        self.card_head = CardHead()
        self.message = MessageBar()
        self.message.close_with_escape(self)
        self.unsaved = UnsavedBar()
        self.form = CardForm(self._values, context.theme.icon("close", "secondary"))
        self.empty = EmptyState("", name="card_empty")
        self.empty_card = EmptyState(self.tr("Выберите товар в таблице, чтобы увидеть его карточку."), name="card_none")
        self.copy_button = QPushButton(self.tr("Скопировать на другие…"))
        self.copy_button.setObjectName("copy_fields")
        self.save_button = QPushButton(self.tr("Сохранить"))
        self.save_button.setObjectName("save_card")
        self.save_button.setToolTip("Ctrl+S")
        set_role(self.save_button, "primary")
        self._build()
        self._connect()
        self._show_buttons()

    def _build(self) -> None:
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled = QWidget()
        scrolled.setObjectName("scrolled")
        inside = QVBoxLayout(scrolled)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(16)
        # The problems scroll with the fields: a card with a dozen of them must leave room for the fields.
        for widget in (self.card_head, self.form, self.empty):
            inside.addWidget(widget)
        inside.addStretch(1)
        self._area.setWidget(scrolled)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.unsaved)
        column.addWidget(self.message)
        column.addWidget(self._area, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        column.addLayout(buttons)
        self._pages = QStackedWidget()
        for page in (self.empty_card, Skeleton(), content):
            self._pages.addWidget(page)
        self.body.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.card_head.field_wanted.connect(self.focus_field)
        self.form.field_edited.connect(self._field_edited)
        self.form.size_edited.connect(self._size_edited)
        self.form.menu_wanted.connect(self._open_menu)
        self.unsaved.save.connect(self._save_and_go)
        self.unsaved.discard.connect(self._discard_and_go)
        self.save_button.clicked.connect(self.save)
        self.copy_button.clicked.connect(self.copy_to_targets)
        self.empty.acted.connect(self._empty_acted)
        self._context.theme.changed.connect(self._theme_changed)

    # --- reading ----------------------------------------------------------------------------------------------------

    @property
    def product_id(self) -> str | None:
        """The product whose card is shown."""
        return self._draft.details.card.product.id if self._draft is not None else None

    @property
    def changed(self) -> bool:
        """Whether something is not saved."""
        return self._draft is not None and self._draft.changed

    def open_card(self, product_id: str) -> None:
        """Show a product; with unsaved changes the manager is asked first, inline."""
        if product_id == self.product_id:
            self._wanted = product_id
            self.unsaved.hide()
            return
        self._wanted = product_id
        if self._draft is not None and self._draft.changed:
            self.unsaved.ask(self._draft.details.card.offer_id)
            return
        self._read(product_id)

    def reload(self) -> None:
        """Read the shown card again; unsaved changes stay."""
        if self.product_id is not None and self._saving is None:
            self._read(self.product_id)

    def close_card(self) -> None:
        """Show none, for another cabinet."""
        self._draft, self._wanted = None, None
        self.unsaved.hide()
        self._pages.setCurrentIndex(0)

    def _read(self, product_id: str) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._draft is None:
            self._pages.setCurrentIndex(1)
        details = self._context.application.cards.details(self._context.integration_id, product_id)
        self._reading = self._context.worker.run(details, on_done=self._show_details, on_failed=self._failed)

    def _show_details(self, details: CardDetails) -> None:
        self._reading = None
        old = self._draft
        same = old is not None and old.details.card.product.id == details.card.product.id
        if old is not None and old.changed and not same:
            # Typed while the other card was being read: it waits for the answer to the question.
            self.unsaved.ask(old.details.card.offer_id)
            return
        self._draft = old.rebased(details) if old is not None and same else CardDraft(details)
        card = details.card
        self._values.key = card.type.key if card.type is not None else None
        self._pages.setCurrentIndex(2)
        self.card_head.show_details(details)
        self.form.setVisible(bool(card.fields))
        self.empty.setVisible(not card.fields)
        if card.fields:
            self.form.show_draft(self._draft)
        else:
            self._show_empty(details)
        if not same:
            self.message.hide()
            self.unsaved.hide()
            self._area.verticalScrollBar().setValue(0)
        self._show_buttons()

    def _show_empty(self, details: CardDetails) -> None:
        type_ = details.card.type
        codes = {problem.code for problem in details.card.problems}
        if type_ is None and details.category_id is None:
            self.empty.set_state(self.tr("Товар не входит ни в одну категорию магазина. Поправьте это в учётной программе."))
        elif type_ is None:
            text = self.tr("Категория «{0}» не сопоставлена с категорией Ozon, поэтому дополнительных полей ещё нет.")
            self.empty.set_state(text.format(" / ".join(details.category_path)), self.tr("Сопоставить категорию"))
        elif ProblemCode.SETTINGS_MISSING in codes or type_.settings_at is None:
            text = self.tr("Настройки типа «{0}» ещё не получены.").format(type_.name)
            self.empty.set_state(text, self.tr("Получить настройки"))
        else:
            self.empty.set_state(self.tr("У типа «{0}» на Ozon нет дополнительных полей.").format(type_.name))

    def _empty_acted(self) -> None:
        if self._draft is None:
            return
        type_ = self._draft.details.card.type
        if type_ is None:
            self.mapping_wanted.emit(self._draft.details.category_id)
        else:
            self.settings_wanted.emit(type_.key)

    def _failed(self, error: object) -> None:
        self._reading = self._saving = self._after_saving = None
        if self._draft is not None and self.changed and self._wanted not in {None, self.product_id}:
            self.unsaved.ask(self._draft.details.card.offer_id)
        shown = self._context.explain(error)
        self._pages.setCurrentIndex(2 if self._draft is not None else 0)
        self.message.show_message(shown.line, "error", details=shown.details)
        if self._draft is None:
            self.empty_card.set_state(shown.line)
        self._show_buttons()

    def _theme_changed(self) -> None:
        self._values.show_theme()
        self.form.show_theme(self._context.theme.icon("close", "secondary"))
        if self._draft is not None and self._draft.details.card.fields:
            self.form.show_draft(self._draft)

    # --- editing ----------------------------------------------------------------------------------------------------

    def focus_field(self, name: str) -> None:
        """Go to a field: an attribute's id, or a side of the package."""
        box = self.form.focus_field(name)
        if box is not None:
            self._area.ensureWidgetVisible(box)

    def _field_edited(self, attribute_id: int, values: Values) -> None:
        if self._draft is not None:
            self._draft.set_values(attribute_id, values)
            self.form.show_edited(self._draft, attribute_id)
            self._show_buttons()

    def _size_edited(self, side: str, value: int | None) -> None:
        if self._draft is not None:
            self._draft.set_size(side, value)
            self._show_buttons()

    def _show_buttons(self) -> None:
        draft = self._draft
        editable = draft is not None and bool(draft.details.card.fields)
        self.save_button.setEnabled(editable and self.changed and self._saving is None)
        self.save_button.setVisible(editable)
        self.save_button.setText(self.tr("Сохраняю…") if self._saving is not None else self.tr("Сохранить"))
        others = [product for product in self._targets if product != self.product_id]
        self.copy_button.setVisible(editable)
        self.copy_button.setText(
            self.tr("Скопировать на {0}").format(wording.plural(len(others), "товар", "товара", "товаров"))
            if others
            else self.tr("Скопировать на другие…")
        )

    # --- saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Store the changed fields."""
        if self._draft is not None and self._draft.changed and self._saving is None:
            service = self._context.application.cards
            self._start(service.save_fields(self._context.integration_id, self._draft.to_save()))

    def _start(self, work: Coroutine[Any, Any, CardDetails]) -> None:
        self._saving = self._context.worker.run(work, on_done=self._saved, on_failed=self._failed)
        self._show_buttons()

    def _saved(self, details: CardDetails) -> None:
        self._saving = None
        self._show_details(details)
        self.saved.emit()
        after, self._after_saving = self._after_saving, None
        if after is not None and not self.changed:
            self._read(after)

    def _save_and_go(self) -> None:
        self._after_saving = self._wanted
        self.unsaved.hide()
        self.save()

    def _discard_and_go(self) -> None:
        self.unsaved.hide()
        self._draft = None
        if self._wanted is not None:
            self._read(self._wanted)

    # --- rules and copies -------------------------------------------------------------------------------------------

    def set_targets(self, product_ids: Sequence[str]) -> None:
        """Products selected in the table, for «Скопировать»."""
        self._targets = tuple(product_ids)
        self._show_buttons()

    def copy_to_targets(self) -> None:
        """Copy the entered fields to the other selected products."""
        draft, others = self._draft, [product for product in self._targets if product != self.product_id]
        if draft is None or self.product_id is None or self._saving is not None:
            return
        if not others:
            self.message.show_message(self.tr("Выделите в таблице ещё и товары, на которые нужно скопировать (с Ctrl или Shift)."), "info")
        elif draft.changed:
            self.message.show_message(self.tr("Сначала сохраните изменения этой карточки: копируется сохранённое."), "attention")
        else:
            work = self._context.application.cards.copy_fields(self._context.integration_id, self.product_id, others)
            self._saving = self._context.worker.run(work, on_done=self._copied, on_failed=self._failed)

    def _copied(self, count: int) -> None:
        self._saving = None
        if count:
            goods = wording.plural(count, "товар", "товара", "товаров")
            self.message.show_message(self.tr("Введённые поля скопированы на {0}.").format(goods), "good")
        else:
            nothing = self.tr("Копировать нечего: поля не вводились, или у выбранных товаров другой тип Ozon.")
            self.message.show_message(nothing, "attention")
        self._show_buttons()
        self.saved.emit()

    def _open_menu(self, attribute_id: int) -> None:
        if self._draft is None:
            return
        box = self.form.boxes[attribute_id]
        actions = FieldActions(self.save_rule, self.save_property_rule, self.delete_rule, self.revert)
        menu = field_menu(box, self._draft, actions)
        menu.popup(box.menu_button.mapToGlobal(box.menu_button.rect().bottomLeft()))

    def save_rule(self, attribute_id: int) -> None:
        """«Для всех товаров категории»: the value of the field becomes the category's."""
        values = self.form.boxes[attribute_id].field_editor.values()
        self._save_rule(attribute_id, RuleKind.CONSTANT, values, "")

    def save_property_rule(self, attribute_id: int, property_name: str) -> None:
        """«Взять из свойства магазина»: for the category; an own value of this product gives way."""
        self._save_rule(attribute_id, RuleKind.PROPERTY, (), property_name)

    def _save_rule(self, attribute_id: int, kind: RuleKind, values: Values, property_name: str) -> None:
        draft = self._draft
        if draft is None or draft.details.category_id is None or self._saving is not None:
            return
        rule = FieldRule(draft.details.category_id, attribute_id, kind, values, property_name)
        draft.revert(attribute_id)
        self._start(self._store_rule(self._context.integration_id, draft, rule))

    async def _store_rule(self, integration_id: int, draft: CardDraft, rule: FieldRule) -> CardDetails:
        """In the worker: the rule, and the stored own value of this product gives way to it."""
        service = self._context.application.cards
        await service.save_rule(integration_id, rule)
        stored = draft.stored_without(rule.attribute_id)
        if stored is not None:
            return await service.save_fields(integration_id, stored)
        return await service.details(integration_id, draft.details.card.product.id)

    def delete_rule(self, attribute_id: int) -> None:
        """Take the category's rule away."""
        if self._draft is not None and self._draft.details.category_id is not None and self._saving is None:
            self._start(self._drop_rule(self._context.integration_id, self._draft, attribute_id))

    async def _drop_rule(self, integration_id: int, draft: CardDraft, attribute_id: int) -> CardDetails:
        """In the worker."""
        service = self._context.application.cards
        await service.delete_rule(integration_id, draft.details.category_id or "", attribute_id)
        return await service.details(integration_id, draft.details.card.product.id)

    def revert(self, attribute_id: int) -> None:
        """«Вернуть как было»: without an own value; stored by «Сохранить» like any other change."""
        if self._draft is not None:
            self._draft.revert(attribute_id)
            self.form.show_reverted(self._draft, attribute_id)
            self._show_buttons()
