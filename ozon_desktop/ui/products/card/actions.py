"""What opens beside the fields of the shown card: the menu of a field, the rule editor and the proposed rules."""

from PySide6.QtCore import QObject

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.card.field_menu import FieldActions, field_menu
from ozon_desktop.ui.products.card.form import CardForm
from ozon_desktop.ui.products.card.session import CardSession
from ozon_desktop.ui.products.field_rules.dialog import RuleDialog
from ozon_desktop.ui.products.field_rules.proposals_dialog import ProposalsDialog
from ozon_desktop.ui.products.fields.values import CardValues
from ozon_desktop.ui.widgets.tool_dialog import show_one


class CardActions(QObject):
    """Stands beside the form. The windows belong to the form's window and block nothing."""

    def __init__(self, context: WindowContext, card: CardSession, form: CardForm) -> None:
        super().__init__(form)
        self._context, self._card, self._form = context, card, form
        self.dialog: RuleDialog | None = None
        self.proposals: ProposalsDialog | None = None
        form.menu_wanted.connect(self.open_menu)
        form.rules_wanted.connect(self.propose_rules)

    def open_menu(self, attribute_id: int) -> None:
        card = self._card
        if card.draft is None:
            return
        box = self._form.boxes[attribute_id]
        # Before the menu: what it offers depends on the value.
        box.field_editor.finish()
        actions = FieldActions(
            self.save_rule,
            card.save_property_rule,
            card.delete_rule,
            card.revert,
            self.edit_rule,
            self.fill_down,
            len(card.other_targets),
        )
        menu = field_menu(box, card.draft, actions)
        menu.popup(box.menu_button.mapToGlobal(box.menu_button.rect().bottomLeft()))

    def save_rule(self, attribute_id: int) -> None:
        """The value in the editor of the field becomes the category's."""
        self._card.save_rule(attribute_id, self._form.boxes[attribute_id].field_editor.values())

    def fill_down(self, attribute_id: int) -> None:
        """The value in the editor of the field, to the other selected products."""
        box = self._form.boxes[attribute_id]
        box.field_editor.finish()
        self._card.fill_down(box.attribute, box.field_editor.values())

    def edit_rule(self, attribute_id: int) -> None:
        """Open the rule editor beside the window's work."""
        details = self._card.details
        if details is None or details.category_id is None:
            return
        # Its own source of values: the panel's follows the card, and the editor stays open beside another one.
        values = CardValues(self._context)
        values.key = self._card.type_key
        attribute = self._form.boxes[attribute_id].attribute
        dialog = RuleDialog(self._context, details, attribute, values, self._card.products_in, self._form.window())
        dialog.stored.connect(self._card.rule_stored)
        dialog.finished.connect(self._dialog_gone)
        self.dialog = show_one(dialog)

    def _dialog_gone(self) -> None:
        self.dialog = None

    def propose_rules(self) -> None:
        """«Предложить правила»: a list to choose from."""
        details = self._card.details
        if details is None or details.category_id is None:
            return
        reached = self._card.products_in(details.category_path)
        dialog = ProposalsDialog(self._context, details.category_id, details.category_path[-1], reached, self._form.window())
        dialog.accepted_rules.connect(self._card.stored)
        dialog.finished.connect(self._proposals_gone)
        self.proposals = show_one(dialog)

    def _proposals_gone(self) -> None:
        self.proposals = None
