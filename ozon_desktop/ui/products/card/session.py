"""The card of one product: read, edited, saved and copied to others, without a widget."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop import wording
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.services.cards.bulk import BulkResult, CardBulk
from ozon_desktop.services.cards.cards import CardDetails, CardsService
from ozon_desktop.services.cards.field_rules import OwnValue
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.fields.draft import CardDraft
from ozon_desktop.ui.worker import Job

SHOWN_VALUE = 80


class CardSession(QObject):
    """Keeps unsaved changes until they are saved or given up. One thing is stored at a time: `saving` while it is."""

    loading = Signal()
    """a card is being read, and none is shown"""
    shown = Signal(bool)
    """`details` were read; whether of the product that was shown before"""
    closed = Signal()
    """no card is shown any more"""
    unsaved = Signal(str)
    """article of the changed card that another one is to take the place of; "" = there is nothing to decide"""
    reverted = Signal(object)
    """id of the attribute whose own value was taken away"""
    reading_typed = Signal()
    """what is entered is about to be stored: fields that still hold something typed have to take it now"""
    changeable = Signal()
    """what can be saved, or copied to whom, may be different now"""
    stored = Signal()
    """cards, rules or lists were stored: the table has to be read again"""
    asked = Signal(int, str)
    """how many cards would change, and the question; `go_on` does it, `give_up` does not. "" = there is nothing to decide"""
    reported = Signal(str, str)
    """text and kind of a message"""
    failed = Signal(object)

    def __init__(self, context: WindowContext, bulk: CardBulk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._bulk = context, bulk
        self.draft: CardDraft | None = None
        self._wanted: str | None = None
        self._after_saving: str | None = None
        self._reading: Job | None = None
        self._saving: Job | None = None
        self._targets: tuple[str, ...] = ()
        self._waiting: Callable[[], object] | None = None
        self.products_in: Callable[[Sequence[str]], int] = _none_in

    @property
    def _service(self) -> CardsService:
        return self._context.application.cards

    @property
    def product_id(self) -> str | None:
        return self.draft.details.card.product.id if self.draft is not None else None

    @property
    def details(self) -> CardDetails | None:
        return self.draft.details if self.draft is not None else None

    @property
    def type_key(self) -> TypeKey | None:
        return self.draft.details.card.type.key if self.draft is not None and self.draft.details.card.type is not None else None

    @property
    def changed(self) -> bool:
        return self.draft is not None and self.draft.changed

    @property
    def saving(self) -> bool:
        return self._saving is not None

    # --- reading ----------------------------------------------------------------------------------------------------

    def open_card(self, product_id: str) -> None:
        """Show a product; with unsaved changes `unsaved` asks first."""
        self._wanted = product_id
        if product_id == self.product_id:
            self.unsaved.emit("")
        elif self.draft is not None and self.draft.changed:
            self.unsaved.emit(self.draft.details.card.offer_id)
        else:
            self._read(product_id)

    def reload(self) -> None:
        """Read the shown card again; unsaved changes stay."""
        if self.product_id is not None and not self.saving:
            self._read(self.product_id)

    def close_card(self) -> None:
        """Show none, for another cabinet."""
        self.draft, self._wanted = None, None
        self.give_up()
        self.closed.emit()

    def _read(self, product_id: str) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self.draft is None:
            self.loading.emit()
        work = self._service.details(self._context.integration_id, product_id)
        self._reading = self._context.worker.run(work, on_done=self._show, on_failed=self._failed)

    def _show(self, details: CardDetails) -> None:
        self._reading = None
        old = self.draft
        same = old is not None and old.details.card.product.id == details.card.product.id
        if old is not None and old.changed and not same:
            # Typed while the other card was being read: it waits for the answer to the question.
            self.unsaved.emit(old.details.card.offer_id)
            return
        if not same:
            self.give_up()
        self.draft = old.rebased(details) if old is not None and same else CardDraft(details)
        self.shown.emit(same)

    def _failed(self, error: object) -> None:
        self._reading = self._saving = self._after_saving = None
        if self.draft is not None and self.changed and self._wanted not in {None, self.product_id}:
            self.unsaved.emit(self.draft.details.card.offer_id)
        self.failed.emit(error)
        self.changeable.emit()

    # --- editing ----------------------------------------------------------------------------------------------------

    def set_values(self, attribute_id: int, values: Values) -> None:
        if self.draft is not None:
            self.draft.set_values(attribute_id, values)
            self.changeable.emit()

    def set_size(self, side: str, value: int | None) -> None:
        """side: one of SIDES; value: mm or g, None = the automatic one."""
        if self.draft is not None:
            self.draft.set_size(side, value)
            self.changeable.emit()

    def order_pictures(self, urls: Sequence[str]) -> None:
        """urls: the main one first; empty = the store's order."""
        if self.draft is not None:
            self.draft.order_pictures(urls)
            self.changeable.emit()

    def revert(self, attribute_id: int) -> None:
        """«Вернуть к правилу»: without an own value; stored by «Сохранить» like any other change."""
        if self.draft is not None:
            self.draft.revert(attribute_id)
            self.reverted.emit(attribute_id)
            self.changeable.emit()

    # --- saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Store the changed fields and the order of pictures."""
        self.reading_typed.emit()
        if self.draft is not None and self.draft.changed and not self.saving:
            self._start(self._store(self._context.integration_id, self.draft), self._saved)

    async def _store(self, integration_id: int, draft: CardDraft) -> CardDetails:
        """In the worker: what is changed, and only that."""
        fields = draft.to_save() if draft.fields_changed else None
        pictures = draft.picture_choice if draft.pictures_changed else None
        return await self._service.save_card(integration_id, draft.details.card.product.id, fields, pictures)

    def save_and_go(self) -> None:
        """Save, then show the product that was asked for."""
        self._after_saving = self._wanted
        self.unsaved.emit("")
        self.save()

    def discard_and_go(self) -> None:
        """Give the changes up and show the product that was asked for."""
        self.unsaved.emit("")
        self.draft = None
        if self._wanted is not None:
            self._read(self._wanted)

    def _start(self, work: Coroutine[Any, Any, Any], on_done: Callable[[Any], object]) -> None:
        self._saving = self._context.worker.run(work, on_done=on_done, on_failed=self._failed)
        self.changeable.emit()

    def _saved(self, details: CardDetails) -> None:
        self._saving = None
        self._show(details)
        self.stored.emit()
        after, self._after_saving = self._after_saving, None
        if after is not None and not self.changed:
            self._read(after)

    # --- rules of the category --------------------------------------------------------------------------------------

    def save_rule(self, attribute_id: int, values: Values) -> None:
        """«Для всех товаров категории»: these values become the category's; an own value of this product gives way."""
        self._save_rule(attribute_id, RuleKind.CONSTANT, values, "")

    def save_property_rule(self, attribute_id: int, property_name: str) -> None:
        """«Взять из свойства магазина»: for the category; an own value of this product gives way."""
        self._save_rule(attribute_id, RuleKind.PROPERTY, (), property_name)

    def _save_rule(self, attribute_id: int, kind: RuleKind, values: Values, property_name: str) -> None:
        draft = self.draft
        if draft is not None and draft.details.category_id is not None and not self.saving:
            rule = FieldRule(draft.details.category_id, attribute_id, kind, values, property_name)
            path = draft.details.category_path
            count = self.products_in(path)
            self._ask(count, rule_question(self._name_of(attribute_id), path, count), partial(self._start_rule, draft, rule))

    def _start_rule(self, draft: CardDraft, rule: FieldRule) -> None:
        if draft is self.draft:
            draft.revert(rule.attribute_id)
            self._start(self._store_rule(self._context.integration_id, draft.details, rule), self._saved)

    def _name_of(self, attribute_id: int) -> str:
        fields = self.draft.details.card.fields if self.draft is not None else ()
        return next((item.attribute.name for item in fields if item.attribute.id == attribute_id), "")

    async def _store_rule(self, integration_id: int, details: CardDetails, rule: FieldRule) -> CardDetails:
        """In the worker: the rule, and the stored own value of this product gives way to it."""
        await self._service.save_rule(integration_id, rule, own_value(details, rule.attribute_id))
        return await self._service.details(integration_id, details.card.product.id)

    def delete_rule(self, attribute_id: int) -> None:
        draft = self.draft
        if draft is not None and draft.details.category_id is not None and not self.saving:
            self._start(self._drop_rule(self._context.integration_id, draft, attribute_id), self._saved)

    async def _drop_rule(self, integration_id: int, draft: CardDraft, attribute_id: int) -> CardDetails:
        await self._service.delete_rule(integration_id, draft.details.category_id or "", attribute_id)
        return await self._service.details(integration_id, draft.details.card.product.id)

    def rule_stored(self, product_id: str, attribute_id: int, drop_own: bool) -> None:
        """The rule editor of a product stored its rule. drop_own: the product's own value gave way to it."""
        draft, integration_id = self.draft, self._context.integration_id
        if draft is None or self.saving or self.product_id != product_id:
            self.stored.emit()
        else:
            if drop_own:
                draft.revert(attribute_id)
            self._start(self._service.details(integration_id, product_id), self._saved)

    # --- other selected products ------------------------------------------------------------------------------------

    def set_targets(self, product_ids: Sequence[str]) -> None:
        """Products selected in the table, for «Скопировать»."""
        if tuple(product_ids) != self._targets:
            self._targets = tuple(product_ids)
            # The question named others.
            self.give_up()
        self.changeable.emit()

    def _ask(self, count: int, text: str, action: Callable[[], object]) -> None:
        """Says how many cards would change; up to UNASKED of them the window goes on at once."""
        self._waiting = action
        self.asked.emit(count, text)

    def go_on(self) -> None:
        """Do what was asked about."""
        action, self._waiting = self._waiting, None
        if action is not None and not self.saving:
            action()

    def give_up(self) -> None:
        """Do nothing of what was asked about."""
        if self._waiting is not None:
            self._waiting = None
            self.asked.emit(0, "")

    @property
    def other_targets(self) -> list[str]:
        """The selected products but the shown one."""
        return [product for product in self._targets if product != self.product_id]

    def copy_to_targets(self) -> None:
        """Copy the entered fields to the other selected products."""
        draft, others = self.draft, self.other_targets
        if draft is None or self.product_id is None or self.saving:
            return
        if not others:
            self.reported.emit("Выделите в таблице ещё и товары, на которые нужно скопировать (с Ctrl или Shift).", "info")
        elif draft.changed:
            self.reported.emit("Сначала сохраните изменения этой карточки: копируется сохранённое.", "attention")
        else:
            goods = wording.plural(len(others), "товар", "товара", "товаров")
            text = f"Введённые поля товара {draft.details.card.offer_id} будут скопированы на {goods}."
            self._ask(len(others), text, partial(self._copy, self.product_id, others))

    def _copy(self, product_id: str, others: Sequence[str]) -> None:
        self._start(self._service.copy_fields(self._context.integration_id, product_id, others), self._copied)

    def _copied(self, count: int) -> None:
        if count:
            goods = wording.plural(count, "товар", "товара", "товаров")
            self.reported.emit(f"Введённые поля скопированы на {goods}.", "good")
        else:
            self.reported.emit("Копировать нечего: поля не вводились, или у выбранных товаров другой тип Ozon.", "attention")
        self._others_changed()

    def fill_down(self, attribute: Attribute, values: Values) -> None:
        """Enter the values of one field on the other selected products."""
        key, others = self.type_key, self.other_targets
        if key is None or self.saving:
            return
        if not others:
            self.reported.emit("Выделите в таблице товары, которые нужно заполнить (с Ctrl или Shift).", "info")
            return
        text = many_cards_text(attribute.name, values, len(others))
        self._ask(len(others), text, partial(self._fill, others, attribute, key, values))

    def _fill(self, others: Sequence[str], attribute: Attribute, key: TypeKey, values: Values) -> None:
        self._start(self._bulk.set_values(self._context.integration_id, others, attribute, key, values), self._filled)

    def _filled(self, result: BulkResult) -> None:
        self.reported.emit(filled_text(result), "attention" if result.passed else "good")
        self._others_changed()

    def _others_changed(self) -> None:
        self._saving = None
        self.changeable.emit()
        self.stored.emit()


def _none_in(_: Sequence[str]) -> int:
    return 0


def own_value(details: CardDetails, attribute_id: int) -> OwnValue | None:
    """What of a product gives way to a rule of this field; None when its card has no type."""
    type_ = details.card.type
    return OwnValue(details.card.product.id, type_.key, attribute_id) if type_ is not None else None


def many_cards_text(field: str, values: Values, count: int) -> str:
    """What a step over many products would do, before it is done."""
    goods = wording.plural(count, "товара", "товаров", "товаров")
    shown = "; ".join(text for _, text in values)
    if not shown:
        return f"Поле «{field}» будет очищено у {goods}."
    shown = shown if len(shown) <= SHOWN_VALUE else f"{shown[: SHOWN_VALUE - 1]}…"
    return f"Поле «{field}» изменится у {goods}: «{shown}»."


def rule_question(field: str, path: Sequence[str], count: int) -> str:
    """What a rule for a category would do. path: of the category; empty = all."""
    goods = wording.plural(count, "товар", "товара", "товаров")
    place = f"в категории «{path[-1]}»" if path else "во всех категориях"
    return f"Правило поля «{field}» {place}: {goods}, кроме заполненных вручную."


def filled_text(result: BulkResult) -> str:
    """What a step over many products did, in words."""
    text = "Поле заполнено у {}.".format(wording.plural(len(result.products), "товара", "товаров", "товаров"))
    if result.passed:
        words = wording.plural(result.passed, "товар", "товара", "товаров")
        text += " " + f"Пропущено: {words} — у их типа нет такого поля или список полей не переключён."
    return text
