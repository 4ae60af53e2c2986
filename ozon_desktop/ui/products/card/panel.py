"""The card of one product: reads it, keeps unsaved changes, saves them, and runs the actions of its fields."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import Card as ProductCard
from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.field_values import Values
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.card.actions import CardActions
from ozon_desktop.ui.products.card.form import CardForm
from ozon_desktop.ui.products.card.head import CATEGORY, CardHead
from ozon_desktop.ui.products.card.list_switch import ListSwitch
from ozon_desktop.ui.products.card.picture_previews import PicturePreviews
from ozon_desktop.ui.products.card.values import CardValues
from ozon_desktop.ui.products.fields.draft import CardDraft
from ozon_desktop.ui.widgets import Card, EmptyState, MessageBar, Skeleton
from ozon_desktop.ui.widgets.unsaved_bar import UnsavedBar

if TYPE_CHECKING:
    from ozon_desktop.services.cards.bulk import CardBulk
    from ozon_desktop.services.cards.cards import CardDetails
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job

BulkSource = Callable[[], "CardBulk"]


class CardPanel(Card):
    """Shows what `open_card` names, unless unsaved changes have to be decided first."""

    settings_wanted = Signal(object)
    """TypeKey whose settings are not collected"""
    mapping_wanted = Signal(object)
    """category id whose type is missing"""
    saved = Signal()
    """something was stored: the table has to be read again"""

    def __init__(self, context: WindowContext, bulk: BulkSource, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("card_panel")
        self.setAccessibleName("Карточка товара")
        self.context = context
        self._bulk_source = bulk
        self.draft: CardDraft | None = None
        self._wanted: str | None = None
        self._after_saving: str | None = None
        self._field_wanted = ""
        self._reading: Job | None = None
        self._saving: Job | None = None
        self._targets: tuple[str, ...] = ()
        self.values = CardValues(context)
        self.card_head = CardHead()
        self.message = MessageBar()
        self.message.close_with_escape(self)
        self.unsaved = UnsavedBar()
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
        self.field_actions = CardActions(self)
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
        self.card_head.field_wanted.connect(self.focus_field)
        self.form.field_edited.connect(self._field_edited)
        self.form.size_edited.connect(self._size_edited)
        self.form.menu_wanted.connect(self.field_actions.open_menu)
        self.form.revert_wanted.connect(self.field_actions.revert)
        self.form.rules_wanted.connect(self.field_actions.propose_rules)
        self.form.pictures_ordered.connect(self._pictures_ordered)
        self.switch.switched.connect(self._switched)
        self.switch.failed.connect(self._failed)
        self.unsaved.save.connect(self._save_and_go)
        self.unsaved.discard.connect(self._discard_and_go)
        self.save_button.clicked.connect(self.save)
        self.copy_button.clicked.connect(self.field_actions.copy_to_targets)
        self.empty.acted.connect(self._empty_acted)
        self.context.theme.changed.connect(self._theme_changed)

    @property
    def bulk(self) -> CardBulk:
        """Steps over many cards."""
        return self._bulk_source()

    # --- reading ----------------------------------------------------------------------------------------------------

    @property
    def product_id(self) -> str | None:
        """The product whose card is shown."""
        return self.draft.details.card.product.id if self.draft is not None else None

    @property
    def changed(self) -> bool:
        """Whether something is not saved."""
        return self.draft is not None and self.draft.changed

    def open_card(self, product_id: str) -> None:
        """Show a product; with unsaved changes the manager is asked first, inline."""
        if product_id == self.product_id:
            self._wanted = product_id
            self.unsaved.hide()
            return
        self._wanted = product_id
        if self.draft is not None and self.draft.changed:
            self.unsaved.ask(self.draft.details.card.offer_id)
            return
        self._read(product_id)

    @property
    def details(self) -> CardDetails | None:
        """The shown card as it was read."""
        return self.draft.details if self.draft is not None else None

    def open_at(self, product_id: str, field: str) -> None:
        """Show a product and go to a field of it: at once, or when its card has been read."""
        self._field_wanted = field
        self.open_card(product_id)
        if product_id == self.product_id:
            self._go_to_field()

    def _go_to_field(self) -> None:
        field, self._field_wanted = self._field_wanted, ""
        if field:
            self.focus_field(field)

    def reload(self) -> None:
        """Read the shown card again; unsaved changes stay."""
        if self.product_id is not None and self._saving is None:
            self._read(self.product_id)

    def close_card(self) -> None:
        """Show none, for another cabinet."""
        self.draft, self._wanted = None, None
        self.unsaved.hide()
        self._pages.setCurrentIndex(0)

    def _read(self, product_id: str) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self.draft is None:
            self._pages.setCurrentIndex(1)
        details = self.context.application.cards.details(self.context.integration_id, product_id)
        self._reading = self.context.worker.run(details, on_done=self._show_details, on_failed=self._failed)

    def _show_details(self, details: CardDetails) -> None:
        self._reading = None
        old = self.draft
        same = old is not None and old.details.card.product.id == details.card.product.id
        if old is not None and old.changed and not same:
            # Typed while the other card was being read: it waits for the answer to the question.
            self.unsaved.ask(old.details.card.offer_id)
            return
        self.draft = old.rebased(details) if old is not None and same else CardDraft(details)
        card = details.card
        self.values.key = card.type.key if card.type is not None else None
        self._pages.setCurrentIndex(2)
        self.card_head.show_details(details)
        self.form.setVisible(bool(card.fields))
        self.empty.setVisible(not card.fields)
        self._show_list(card)
        if card.fields:
            self.form.show_draft(self.draft)
        else:
            self._show_empty(details)
        if not same:
            self.message.hide()
            self.unsaved.hide()
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
            self.empty.set_state("Товар не входит ни в одну категорию магазина. Поправьте это в учётной программе.")
        elif type_ is None:
            text = "Категория «{0}» не сопоставлена с категорией Ozon, поэтому дополнительных полей ещё нет."
            self.empty.set_state(text.format(" / ".join(details.category_path)), "Сопоставить категорию")
        elif ProblemCode.SETTINGS_MISSING in codes or type_.settings_at is None:
            text = f"Настройки типа «{type_.name}» ещё не получены."
            self.empty.set_state(text, "Получить настройки")
        else:
            self.empty.set_state(f"У типа «{type_.name}» на Ozon нет дополнительных полей.")

    def _empty_acted(self) -> None:
        if self.draft is None:
            return
        type_ = self.draft.details.card.type
        if type_ is None:
            self.mapping_wanted.emit(self.draft.details.category_id)
        else:
            self.settings_wanted.emit(type_.key)

    def _failed(self, error: object) -> None:
        self._reading = self._saving = self._after_saving = None
        if self.draft is not None and self.changed and self._wanted not in {None, self.product_id}:
            self.unsaved.ask(self.draft.details.card.offer_id)
        shown = self.context.explain(error)
        self._pages.setCurrentIndex(2 if self.draft is not None else 0)
        self.message.show_message(shown.line, "error", details=shown.details)
        if self.draft is None:
            self.empty_card.set_state(shown.line)
        self.show_buttons()

    def _theme_changed(self) -> None:
        self.values.show_theme()
        self.form.show_theme(self.context.theme.icon("close", "secondary"))
        if self.draft is not None and self.draft.details.card.fields:
            self.form.show_draft(self.draft)

    # --- editing ----------------------------------------------------------------------------------------------------

    def focus_field(self, name: str) -> None:
        """Go to a field: an attribute's id, or a name as in `CardProblem`; the type's is on the page of the mapping."""
        if name == CATEGORY and self.draft is not None:
            self.mapping_wanted.emit(self.draft.details.category_id)
            return
        box = self.form.focus_field(name)
        if box is not None:
            self._area.ensureWidgetVisible(box)

    def _field_edited(self, attribute_id: int, values: Values) -> None:
        if self.draft is not None:
            self.draft.set_values(attribute_id, values)
            self.form.show_edited(self.draft, attribute_id)
            self.show_buttons()

    def _size_edited(self, side: str, value: int | None) -> None:
        if self.draft is not None:
            self.draft.set_size(side, value)
            self.show_buttons()

    def _pictures_ordered(self, urls: Sequence[str]) -> None:
        if self.draft is not None:
            self.draft.order_pictures(urls)
            self.form.pictures.show_pictures(self.draft)
            self.show_buttons()

    def show_buttons(self) -> None:
        """Which buttons there are, and what they say."""
        draft = self.draft
        editable = draft is not None and bool(draft.details.card.fields)
        self.save_button.setEnabled(editable and self.changed and self._saving is None)
        self.save_button.setVisible(editable)
        self.save_button.setText("Сохраняю…" if self._saving is not None else "Сохранить")
        others = self.other_targets
        self.copy_button.setVisible(editable)
        self.copy_button.setText(
            "Скопировать на {}".format(wording.plural(len(others), "товар", "товара", "товаров")) if others else "Скопировать на другие…"
        )

    # --- saving -----------------------------------------------------------------------------------------------------

    @property
    def saving(self) -> bool:
        """Whether something is being stored."""
        return self._saving is not None

    def save(self) -> None:
        """Store the changed fields and the order of pictures."""
        if self.draft is not None and self.draft.changed and self._saving is None:
            self.start(self._store(self.context.integration_id, self.draft))

    async def _store(self, integration_id: int, draft: CardDraft) -> CardDetails:
        """In the worker: what is changed, and only that."""
        service = self.context.application.cards
        details = draft.details
        if draft.fields_changed:
            details = await service.save_fields(integration_id, draft.to_save())
        if draft.pictures_changed:
            details = await service.save_pictures(integration_id, draft.picture_choice)
        return details

    def start(self, work: Coroutine[Any, Any, CardDetails]) -> None:
        """Run what stores something of the shown card and gives it anew."""
        self._saving = self.context.worker.run(work, on_done=self._saved, on_failed=self._failed)
        self.show_buttons()

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
        self.draft = None
        if self._wanted is not None:
            self._read(self._wanted)

    # --- selected products ------------------------------------------------------------------------------------------

    def set_targets(self, product_ids: Sequence[str]) -> None:
        """Products selected in the table, for «Скопировать»."""
        self._targets = tuple(product_ids)
        self.show_buttons()

    @property
    def other_targets(self) -> list[str]:
        """The selected products but the shown one."""
        return [product for product in self._targets if product != self.product_id]

    def fill_down(self) -> None:
        """Ctrl+D: the field that has the keyboard, to the other selected products."""
        attribute_id = self.form.focused_field()
        if attribute_id is not None:
            self.field_actions.fill_down(attribute_id)

    def start_other(self, work: Coroutine[Any, Any, Any], on_done: Callable[[Any], object]) -> None:
        """Run what changes other cards; `on_done` ends with `other_ended`."""
        self._saving = self.context.worker.run(work, on_done=on_done, on_failed=self._failed)
        self.show_buttons()

    def other_ended(self) -> None:
        """Other cards were changed."""
        self._saving = None
        self.show_buttons()
        self.saved.emit()

    def told_elsewhere(self, *_: object) -> None:
        """Rules or lists were stored: the card and the table have to be read again."""
        self.saved.emit()

    def _switched(self, _summary: object) -> None:
        self.saved.emit()
