"""The card of one product beside the table: head, fields and pictures, what is wrong with it, and the buttons of its session."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import Card as ProductCard
from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.field_values import Values
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.card.actions import CardActions
from ozon_desktop.ui.products.card.form import CardForm
from ozon_desktop.ui.products.card.head import CATEGORY, CardHead
from ozon_desktop.ui.products.card.list_switch import ListSwitch
from ozon_desktop.ui.products.card.picture_previews import PicturePreviews
from ozon_desktop.ui.products.card.session import CardSession
from ozon_desktop.ui.products.fields.values import CardValues
from ozon_desktop.ui.widgets import Card, EmptyState, MessageBar, Skeleton
from ozon_desktop.ui.widgets.confirm_bar import ConfirmBar
from ozon_desktop.ui.widgets.unsaved_bar import UnsavedBar


class CardPanel(Card):
    """Shows the card of a session; asks what to do with unsaved changes before another one takes its place."""

    settings_wanted = Signal(object)
    """TypeKey whose settings are not collected"""
    mapping_wanted = Signal(object)
    """category id whose type is missing"""

    def __init__(self, context: WindowContext, card: CardSession, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("card_panel")
        self.setAccessibleName("Карточка товара")
        self._context, self._card = context, card
        self._field_wanted = ""
        self.values = CardValues(context)
        self.card_head = CardHead()
        self.message = MessageBar()
        self.message.close_with_escape(self)
        self.unsaved = UnsavedBar()
        self.question = ConfirmBar("card_question")
        self.form = CardForm(self.values, context.theme.icon("close", "secondary"), PicturePreviews(context, self))
        self.empty = EmptyState("", name="card_empty")
        self.empty_card = EmptyState("Выберите товар в таблице, чтобы увидеть его карточку.", name="card_none")
        self.copy_button = QPushButton("Скопировать на другие…")
        self.copy_button.setObjectName("copy_fields")
        self.save_button = QPushButton("Сохранить")
        self.save_button.setObjectName("save_card")
        self.save_button.setToolTip("Ctrl+S")
        set_role(self.save_button, "primary")
        self.switch = ListSwitch(context, "list_switch")
        self.field_actions = CardActions(context, card, self.form)
        self._build()
        self._connect()
        self.show_buttons()

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
        column.addWidget(self.question)
        column.addWidget(self.message)
        column.addWidget(self.switch)
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
        card, form = self._card, self.form
        card.loading.connect(self._show_loading)
        card.shown.connect(self._show_card)
        card.closed.connect(self._show_none)
        card.unsaved.connect(self._ask_about_changes)
        card.reverted.connect(self._show_reverted)
        card.reading_typed.connect(form.finish_typing)
        card.changeable.connect(self.show_buttons)
        card.reported.connect(self.message.show_message)
        card.failed.connect(self._show_error)
        card.asked.connect(self._ask)
        self.question.declined.connect(card.give_up)
        self.card_head.field_wanted.connect(self.focus_field)
        form.field_edited.connect(self._field_edited)
        form.size_edited.connect(card.set_size)
        form.revert_wanted.connect(card.revert)
        form.pictures_ordered.connect(self._pictures_ordered)
        self.switch.switched.connect(card.stored)
        self.switch.failed.connect(self._show_error)
        self.unsaved.save.connect(card.save_and_go)
        self.unsaved.discard.connect(card.discard_and_go)
        self.save_button.clicked.connect(card.save)
        self.copy_button.clicked.connect(card.copy_to_targets)
        self.empty.acted.connect(self._empty_acted)
        self._context.theme.changed.connect(self._theme_changed)

    # --- showing ----------------------------------------------------------------------------------------------------

    def open_at(self, product_id: str, field: str) -> None:
        """Show a product and go to a field of it: at once, or when its card has been read."""
        self._field_wanted = field
        self._card.open_card(product_id)
        if product_id == self._card.product_id:
            self._go_to_field()

    def _go_to_field(self) -> None:
        field, self._field_wanted = self._field_wanted, ""
        if field:
            self.focus_field(field)

    def _show_loading(self) -> None:
        self._pages.setCurrentIndex(1)

    def _show_none(self) -> None:
        self.unsaved.hide()
        self._pages.setCurrentIndex(0)

    def _ask(self, count: int, text: str) -> None:
        if text:
            self.question.ask(count, text, self._card.go_on)
        else:
            self.question.dismiss()

    def _ask_about_changes(self, offer_id: str) -> None:
        if offer_id:
            self.unsaved.ask(offer_id)
        else:
            self.unsaved.hide()

    def _show_card(self, same: bool) -> None:
        draft = self._card.draft
        if draft is None:
            return
        card = draft.details.card
        self.values.key = self._card.type_key
        self._pages.setCurrentIndex(2)
        self.card_head.show_details(draft.details)
        self.form.setVisible(bool(card.fields))
        self.empty.setVisible(not card.fields)
        self._show_list(card)
        if card.fields:
            self.form.show_draft(draft)
        else:
            self._show_empty(draft.details)
        if not same:
            self.message.hide()
            self.unsaved.hide()
            self.question.dismiss()
            self._area.verticalScrollBar().setValue(0)
        self.show_buttons()
        self._go_to_field()

    def _show_list(self, card: ProductCard) -> None:
        """A card whose fields are another type's cannot be sent before it is switched."""
        if card.other_list is None or card.type is None:
            self.switch.dismiss()
            return
        lead = "Заполнен список типа «{0}», а категория сопоставлена с «{1}»: карточка не отправится."
        button = f"Перейти на список „{card.type.name}“"
        self.switch.ask([card.product.id], lead.format(card.other_list.name, card.type.name), button)

    def _show_empty(self, details: CardDetails) -> None:
        type_ = details.card.type
        codes = {problem.code for problem in details.card.problems}
        if type_ is None and details.category_id is None:
            text = "Товар не входит ни в одну категорию магазина. Отнесите его к категории в учётной программе и загрузите выгрузку снова."
            self.empty.set_state(text, "Загрузить выгрузку магазина…")
        elif type_ is None:
            text = "Категория «{0}» не сопоставлена с категорией Ozon, поэтому дополнительных полей ещё нет."
            self.empty.set_state(text.format(" / ".join(details.category_path)), "Сопоставить категорию")
        elif ProblemCode.SETTINGS_MISSING in codes or type_.settings_at is None:
            text = f"Настройки типа «{type_.name}» ещё не получены."
            self.empty.set_state(text, "Получить настройки")
        else:
            self.empty.set_state(f"У типа «{type_.name}» на Ozon нет дополнительных полей.")

    def _empty_acted(self) -> None:
        details = self._card.details
        if details is not None and details.card.type is None and details.category_id is None:
            self._context.load_export.emit()
        elif details is not None and details.card.type is None:
            self.mapping_wanted.emit(details.category_id)
        elif details is not None and details.card.type is not None:
            self.settings_wanted.emit(details.card.type.key)

    def _show_error(self, error: object) -> None:
        shown, none = self._context.explain(error), self._card.draft is None
        self._pages.setCurrentIndex(0 if none else 2)
        self.message.show_message(shown.line, "error", details=shown.details)
        if none:
            self.empty_card.set_state(shown.line)

    def _theme_changed(self) -> None:
        self.values.show_theme()
        self.form.show_theme(self._context.theme.icon("close", "secondary"))
        draft = self._card.draft
        if draft is not None and draft.details.card.fields:
            self.form.show_draft(draft)

    def show_buttons(self) -> None:
        """Which buttons there are, and what they say."""
        card = self._card
        editable = card.details is not None and bool(card.details.card.fields)
        self.save_button.setEnabled(editable and card.changed and not card.saving)
        self.save_button.setVisible(editable)
        self.save_button.setText("Сохраняю…" if card.saving else "Сохранить")
        others = card.other_targets
        self.copy_button.setVisible(editable)
        goods = wording.plural(len(others), "товар", "товара", "товаров")
        self.copy_button.setText(f"Скопировать на {goods}" if others else "Скопировать на другие…")

    # --- editing ----------------------------------------------------------------------------------------------------

    def focus_field(self, name: str) -> None:
        """Go to a field: an attribute's id, or a name as in `CardProblem`; the type's is on the page of the mapping."""
        details = self._card.details
        if name == CATEGORY and details is not None:
            self.mapping_wanted.emit(details.category_id)
            return
        box = self.form.focus_field(name)
        if box is not None:
            self._area.ensureWidgetVisible(box)

    def fill_down(self) -> bool:
        """Ctrl+D: the field that has the keyboard, to the other selected products; False when none has it."""
        attribute_id = self.form.focused_field()
        if attribute_id is not None:
            self.field_actions.fill_down(attribute_id)
        return attribute_id is not None

    def _field_edited(self, attribute_id: int, values: Values) -> None:
        self._card.set_values(attribute_id, values)
        if self._card.draft is not None:
            self.form.show_edited(self._card.draft, attribute_id)

    def _show_reverted(self, attribute_id: int) -> None:
        if self._card.draft is not None:
            self.form.show_reverted(self._card.draft, attribute_id)

    def _pictures_ordered(self, urls: Sequence[str]) -> None:
        self._card.order_pictures(urls)
        if self._card.draft is not None:
            self.form.pictures.show_pictures(self._card.draft)
