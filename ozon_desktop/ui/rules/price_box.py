"""One rule for a price: from what, markup, rounding, «на 9»; errors at their field."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.price_rules import PriceRule, RuleFault, rule_fault
from ozon_desktop.domain.store_catalog import PriceType
from ozon_desktop.ui.rules.numbers import ShortLine, decimal_of, text_of
from ozon_desktop.ui.rules.part import first_wrong
from ozon_desktop.ui.widgets import Card, ComboBox, Field, FieldRow
from ozon_desktop.wording.sync_rules import rule_fault_text

OFF, SELLING, TYPE = "off", "selling", "type:"


class PriceRuleBox(Card):
    """`changed` comes with every edit. name: how its controls are called, "old" or "min"."""

    changed = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._known: set[str] = set()
        self.source = ComboBox(f"{name}_source", "Не выбрано")
        self.markup = ShortLine(f"{name}_markup", "Наценка, %")
        self.step = ShortLine(f"{name}_step", "Округлить до")
        self.nine = QCheckBox("на 9")
        self.nine.setObjectName(f"{name}_nine")
        self.source_field = Field("Из чего", self.source)
        self.markup_field = Field("Наценка, %", self.markup, hint="−20 — дешевле на 20 %")
        self.step_field = Field("Округлить до, ₽", self.step, hint="0 — до копеек")
        self.nine_field = Field("Заканчивать", self.nine)
        fields = (self.source_field, self.markup_field, self.step_field, self.nine_field)
        for field in fields:
            field.editor.setAccessibleName(f"{title}: {field.label.text()}")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for column, (field, stretch) in enumerate(zip(fields, (4, 2, 2, 1), strict=True)):
            grid.addWidget(field, 0, column)
            grid.setColumnStretch(column, stretch)
        FieldRow(fields, self)
        self.body.addLayout(grid)
        self.source.currentIndexChanged.connect(self._edited)
        self.markup.textEdited.connect(self._edited)
        self.step.textEdited.connect(self._edited)
        self.nine.toggled.connect(self._edited)

    def show_rule(self, rule: PriceRule | None, price_types: Sequence[PriceType]) -> None:
        """Shows a stored rule; None = off."""
        self._known = {price_type.id for price_type in price_types}
        choices: list[tuple[object, str]] = [(OFF, "Не отправлять"), (SELLING, "Из цены продажи")]
        choices += [(f"{TYPE}{one.id}", f"Из типа цен «{one.name}»") for one in price_types]
        chosen = OFF
        if rule is not None:
            chosen = SELLING if rule.price_type_id is None else f"{TYPE}{rule.price_type_id}"
            if rule.price_type_id is not None and rule.price_type_id not in self._known:
                choices.append((chosen, "Тип цен, которого больше нет в магазине"))
        self.source.set_choices(choices, chosen)
        shown = rule or PriceRule()
        self.markup.setText(text_of(shown.markup))
        self.step.setText(text_of(shown.step))
        blocked = self.nine.blockSignals(True)
        self.nine.setChecked(shown.ending_nine)
        self.nine.blockSignals(blocked)
        self._show_use()
        self.fault()

    @property
    def used(self) -> bool:
        """Whether the price is sent at all."""
        return self.source.chosen != OFF

    def rule(self) -> PriceRule | None:
        """The rule as it stands; None = off, or there are no numbers to make one of."""
        markup, step = decimal_of(self.markup.text()), decimal_of(self.step.text())
        chosen = str(self.source.chosen or OFF)
        if chosen == OFF or markup is None or step is None:
            return None
        return PriceRule(chosen.removeprefix(TYPE) if chosen != SELLING else None, markup, step, self.nine.isChecked())

    def state(self) -> object:
        """What is entered; numbers of a rule that is off do not count."""
        return (self.source.chosen, self.markup.text(), self.step.text(), self.nine.isChecked()) if self.used else OFF

    def fault(self) -> QWidget | None:
        """Says what is wrong at its field, and gives the first field to correct."""
        errors: dict[Field, str | None] = {self.source_field: None, self.markup_field: None, self.step_field: None}
        if self.used:
            for field, text in (
                (self.markup_field, "Введите число, например 20 или −15"),
                (self.step_field, "Введите сумму, например 10"),
            ):
                editor = field.editor
                if isinstance(editor, ShortLine) and decimal_of(editor.text()) is None:
                    errors[field] = text
            rule = self.rule()
            fault = self._fault(rule) if rule is not None else None
            if fault is not None:
                at = {RuleFault.MARKUP: self.markup_field, RuleFault.UNKNOWN_PRICE_TYPE: self.source_field}
                errors[at.get(fault, self.step_field)] = wording.capital(rule_fault_text(fault))
        for field, error in errors.items():
            if field.error != error:
                field.set_error(error)
        return first_wrong(*errors)

    def _fault(self, rule: PriceRule) -> RuleFault | None:
        if rule.price_type_id is not None and rule.price_type_id not in self._known:
            return RuleFault.UNKNOWN_PRICE_TYPE
        return rule_fault(rule)

    def _show_use(self) -> None:
        for widget in (self.markup_field, self.step_field, self.nine_field):
            widget.setEnabled(self.used)

    def _edited(self, *_: object) -> None:
        self._show_use()
        self.fault()
        self.changed.emit()
