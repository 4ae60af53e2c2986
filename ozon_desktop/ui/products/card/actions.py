"""What the fields of the shown card can do beside being edited: rules, the way back, and copies to other selected products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.field_values import Values
from ozon_desktop.ui.products.card.field_menu import FieldActions, field_menu
from ozon_desktop.ui.products.card.values import CardValues
from ozon_desktop.ui.products.field_rules.dialog import RuleDialog
from ozon_desktop.ui.products.field_rules.proposals_dialog import ProposalsDialog
from ozon_desktop.ui.products.fields.draft import CardDraft

if TYPE_CHECKING:
    from ozon_desktop.services.cards.bulk import BulkResult
    from ozon_desktop.services.cards.cards import CardDetails
    from ozon_desktop.ui.products.card.panel import CardPanel


class CardActions(QObject):
    """Part of the card panel."""

    def __init__(self, panel: CardPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.dialog: RuleDialog | None = None
        self.proposals: ProposalsDialog | None = None

    def open_menu(self, attribute_id: int) -> None:
        """«⋯» of a field."""
        panel = self._panel
        if panel.draft is None:
            return
        box = panel.form.boxes[attribute_id]
        actions = FieldActions(
            self.save_rule, self.save_property_rule, self.delete_rule, self.revert, self.edit_rule, self.fill_down, len(panel.other_targets)
        )
        menu = field_menu(box, panel.draft, actions)
        menu.popup(box.menu_button.mapToGlobal(box.menu_button.rect().bottomLeft()))

    # --- rules ------------------------------------------------------------------------------------------------------

    def edit_rule(self, attribute_id: int) -> None:
        """Open the rule editor beside the window's work."""
        panel = self._panel
        if panel.draft is None or panel.draft.details.category_id is None:
            return
        box = panel.form.boxes[attribute_id]
        if self.dialog is not None:
            self.dialog.close()
        # Its own source of values: the panel's follows the card, and the editor stays open beside another one.
        values = CardValues(panel.context)
        values.key = panel.values.key
        dialog = RuleDialog(panel.context, panel.draft.details, box.attribute, values, panel.window())
        dialog.stored.connect(self._rule_stored)
        dialog.destroyed.connect(self._dialog_gone)
        self.dialog = dialog
        dialog.show()

    def _dialog_gone(self) -> None:
        self.dialog = None

    def _rule_stored(self, product_id: str, attribute_id: int, drop_own: bool) -> None:
        draft = self._panel.draft
        if draft is None or self._panel.saving or self._panel.product_id != product_id:
            self._panel.told_elsewhere()
            return
        if drop_own:
            draft.revert(attribute_id)
        stored = draft.stored_without(attribute_id) if drop_own else None
        service, integration = self._panel.context.application.cards, self._panel.context.integration_id
        if stored is not None:
            self._panel.start(service.save_fields(integration, stored))
        else:
            self._panel.start(service.details(integration, draft.details.card.product.id))

    def propose_rules(self) -> None:
        """«Предложить правила»: a list to choose from."""
        panel = self._panel
        if panel.draft is None or panel.draft.details.category_id is None:
            return
        if self.proposals is not None:
            self.proposals.close()
        details = panel.draft.details
        self.proposals = ProposalsDialog(panel.context, details.category_id or "", details.category_path[-1], panel.window())
        self.proposals.accepted_rules.connect(panel.told_elsewhere)
        self.proposals.destroyed.connect(self._proposals_gone)
        self.proposals.show()

    def _proposals_gone(self) -> None:
        self.proposals = None

    def save_rule(self, attribute_id: int) -> None:
        """«Для всех товаров категории»: the value of the field becomes the category's."""
        values = self._panel.form.boxes[attribute_id].field_editor.values()
        self._save_rule(attribute_id, RuleKind.CONSTANT, values, "")

    def save_property_rule(self, attribute_id: int, property_name: str) -> None:
        """«Взять из свойства магазина»: for the category; an own value of this product gives way."""
        self._save_rule(attribute_id, RuleKind.PROPERTY, (), property_name)

    def _save_rule(self, attribute_id: int, kind: RuleKind, values: Values, property_name: str) -> None:
        draft = self._panel.draft
        if draft is None or draft.details.category_id is None or self._panel.saving:
            return
        rule = FieldRule(draft.details.category_id, attribute_id, kind, values, property_name)
        draft.revert(attribute_id)
        self._panel.start(self._store_rule(self._panel.context.integration_id, draft, rule))

    async def _store_rule(self, integration_id: int, draft: CardDraft, rule: FieldRule) -> CardDetails:
        """In the worker: the rule, and the stored own value of this product gives way to it."""
        service = self._panel.context.application.cards
        await service.save_rule(integration_id, rule)
        stored = draft.stored_without(rule.attribute_id)
        if stored is not None:
            return await service.save_fields(integration_id, stored)
        return await service.details(integration_id, draft.details.card.product.id)

    def delete_rule(self, attribute_id: int) -> None:
        """Take the category's rule away."""
        draft = self._panel.draft
        if draft is not None and draft.details.category_id is not None and not self._panel.saving:
            self._panel.start(self._drop_rule(self._panel.context.integration_id, draft, attribute_id))

    async def _drop_rule(self, integration_id: int, draft: CardDraft, attribute_id: int) -> CardDetails:
        """In the worker."""
        service = self._panel.context.application.cards
        await service.delete_rule(integration_id, draft.details.category_id or "", attribute_id)
        return await service.details(integration_id, draft.details.card.product.id)

    def revert(self, attribute_id: int) -> None:
        """«Вернуть к правилу»: without an own value; stored by «Сохранить» like any other change."""
        draft = self._panel.draft
        if draft is not None:
            draft.revert(attribute_id)
            self._panel.form.show_reverted(draft, attribute_id)
            self._panel.show_buttons()

    # --- copies -----------------------------------------------------------------------------------------------------

    def copy_to_targets(self) -> None:
        """Copy the entered fields to the other selected products."""
        panel = self._panel
        draft, others = panel.draft, panel.other_targets
        if draft is None or panel.product_id is None or panel.saving:
            return
        if not others:
            text = "Выделите в таблице ещё и товары, на которые нужно скопировать (с Ctrl или Shift)."
            panel.message.show_message(text, "info")
        elif draft.changed:
            text = "Сначала сохраните изменения этой карточки: копируется сохранённое."
            panel.message.show_message(text, "attention")
        else:
            service = panel.context.application.cards
            panel.start_other(service.copy_fields(panel.context.integration_id, panel.product_id, others), self._copied)

    def _copied(self, count: int) -> None:
        if count:
            goods = wording.plural(count, "товар", "товара", "товаров")
            self._panel.message.show_message(f"Введённые поля скопированы на {goods}.", "good")
        else:
            nothing = "Копировать нечего: поля не вводились, или у выбранных товаров другой тип Ozon."
            self._panel.message.show_message(nothing, "attention")
        self._panel.other_ended()

    def fill_down(self, attribute_id: int) -> None:
        """Ctrl+D: the value of one field to the other selected products."""
        panel = self._panel
        draft, others = panel.draft, panel.other_targets
        if draft is None or draft.details.card.type is None or panel.saving:
            return
        if not others:
            text = "Выделите в таблице товары, которые нужно заполнить (с Ctrl или Shift)."
            panel.message.show_message(text, "info")
            return
        box = panel.form.boxes[attribute_id]
        key, values = draft.details.card.type.key, box.field_editor.values()
        panel.start_other(panel.bulk.set_values(panel.context.integration_id, others, box.attribute, key, values), self._filled)

    def _filled(self, result: BulkResult) -> None:
        self._panel.message.show_message(filled_text(result), "attention" if result.passed else "good")
        self._panel.other_ended()


def filled_text(result: BulkResult) -> str:
    """What a step over many products did, in words."""

    text = "Поле заполнено у {}.".format(wording.plural(len(result.products), "товара", "товаров", "товаров"))
    if result.passed:
        words = wording.plural(result.passed, "товар", "товара", "товаров")
        text += " " + f"Пропущено: {words} — у их типа нет такого поля или список полей не переключён."
    return text
