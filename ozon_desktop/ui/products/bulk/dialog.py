"""One field of all selected products: which field, its value, and «Применить к 37 товарам» in one step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute
from ozon_desktop.services.cards.bulk import BulkResult, CardBulk
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.card.session import filled_text, many_cards_text
from ozon_desktop.ui.products.fields.box import make_editor
from ozon_desktop.ui.products.fields.editors import FieldEditor
from ozon_desktop.ui.products.fields.values import CardValues
from ozon_desktop.ui.widgets import ComboBox, Field
from ozon_desktop.ui.widgets.confirm_bar import ConfirmBar
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog


class BulkDialog(ToolDialog):
    """`applied` carries the BulkResult. details: the card of the first selected product, whose value each field starts with."""

    applied = Signal(object)

    def __init__(
        self,
        context: WindowContext,
        bulk: CardBulk,
        details: CardDetails,
        product_ids: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "bulk", "Изменить поле у выделенных товаров", parent)
        self._bulk, self._details, self._ids = bulk, details, tuple(product_ids)
        self._values = CardValues(context)
        self._values.key = details.card.type.key if details.card.type is not None else None
        self._fields = {filled.attribute.id: filled for filled in details.card.fields if filled.attribute.id != TYPE_ATTRIBUTE}
        self.set_hint(f"Показано значение товара {details.card.offer_id}: измените его или примените как есть.")
        self.field = ComboBox("bulk_field", "Выберите поле")
        choices = [(number, self._label(filled.attribute)) for number, filled in self._fields.items()]
        self.field.set_choices(choices, next(iter(self._fields), None))
        self.editor: FieldEditor | None = None
        self._touched = False
        self._box: Field | None = None
        self._place = QVBoxLayout()
        self.body.addWidget(Field("Поле", self.field))
        self.body.addLayout(self._place)
        self.question = ConfirmBar("bulk_question")
        self.body.addWidget(self.question)
        self.body.addStretch(1)
        self.apply_button = QPushButton()
        self.finish(self.apply_button, "bulk_apply", 480, 320)
        self.question.stand_for(self.close_button, self.apply_button)
        self.field.currentIndexChanged.connect(self._show_editor)
        self.apply_button.clicked.connect(self.apply)
        self._show_editor()
        self.field.setFocus()

    def _label(self, attribute: Attribute) -> str:
        return f"{attribute.name} *" if attribute.is_required else attribute.name

    def _show_editor(self, *_: object) -> None:
        filled = self._fields.get(self._chosen())
        self._touched = False
        self.question.dismiss()
        if self._box is not None:
            self._place.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
            self._box = self.editor = None
        if filled is not None:
            self.editor = make_editor(filled.attribute, self._values, self.context.theme.icon("close", "secondary"))
            self.editor.control().setObjectName("bulk_value")
            hint = "нельзя изменить после первой поставки" if filled.attribute.is_aspect else ""
            self._box = Field("Значение", self.editor, hint=hint)
            self.editor.set_values(filled.values)
            self.editor.changed.connect(self._changed)
            self._place.addWidget(self._box)
            QWidget.setTabOrder(self.field, self.editor.control())
            QWidget.setTabOrder(self.editor.control(), self.close_button)
        self.show_state()

    def set_products(self, product_ids: Sequence[str]) -> None:
        """Follows the selection of the table: what the button says is what is highlighted. A question about others is withdrawn."""
        if tuple(product_ids) != self._ids:
            self._ids = tuple(product_ids)
            self.question.dismiss()
            self.show_state()

    def _changed(self) -> None:
        self._touched = True
        self.question.dismiss()
        self.show_state()

    def _chosen(self) -> int:
        chosen = self.field.chosen
        return chosen if isinstance(chosen, int) else 0

    def apply(self) -> None:
        """Enter the value on all of them, in one step; many are asked about first."""
        filled, type_ = self._fields.get(self._chosen()), self._details.card.type
        if self.editor is not None:
            self.editor.finish()
        if filled is None or type_ is None or self.editor is None or not self.apply_button.isEnabled():
            return
        text = many_cards_text(filled.attribute.name, self.editor.values(), len(self._ids))
        self.question.ask(len(self._ids), text, self._apply)

    def _apply(self) -> None:
        filled, type_ = self._fields.get(self._chosen()), self._details.card.type
        if filled is not None and type_ is not None and self.editor is not None:
            work = self._bulk.set_values(self.integration_id, self._ids, filled.attribute, type_.key, self.editor.values())
            self.run(work, self._done)

    def _done(self, result: BulkResult) -> None:
        self.ended()
        self.bar.show_message(filled_text(result), "attention" if result.passed else "good")
        self.applied.emit(result)

    def show_state(self) -> None:
        """The button says to how many; an empty value empties the field."""
        empty = self.editor is None or not self.editor.values()
        if empty and self._touched:
            text = "&Очистить у {}".format(wording.plural(len(self._ids), "товара", "товаров", "товаров"))
        else:
            text = "&Применить к {}".format(wording.plural(len(self._ids), "товару", "товарам", "товарам"))
        self.apply_button.setText(text)
        wrong = self.editor.problem() if self.editor is not None else None
        if self._box is not None:
            self._box.set_error(wrong)
        # A field that is empty on the first product must not be emptied on the others by a hasty press.
        possible = bool(self._ids) and (not empty or self._touched) and wrong is None
        self.apply_button.setEnabled(possible and not self.busy)
        if not self._ids:
            self.apply_button.setText("Выделите товары в таблице")
