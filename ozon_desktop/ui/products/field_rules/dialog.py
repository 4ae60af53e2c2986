"""The rule editor of one field: what gives its value, for which categories, and what it gives for the shown product."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QStackedWidget, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, ProductTexts, RuleKind
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.card.session import own_value, rule_question
from ozon_desktop.ui.products.field_rules.example import example, fault
from ozon_desktop.ui.products.field_rules.parts import ConstantPart, PropertyPart, RulePart, TablePart, TemplatePart
from ozon_desktop.ui.products.fields.dictionary_editor import ValueSource
from ozon_desktop.ui.widgets import ComboBox, Field, WrappedLabel
from ozon_desktop.ui.widgets.confirm_bar import ConfirmBar
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog

KINDS = (RuleKind.PROPERTY, RuleKind.CONSTANT, RuleKind.TEMPLATE, RuleKind.UNITS, RuleKind.TABLE)


class RuleDialog(ToolDialog):
    """`stored` carries the product's and the attribute's id, and whether the product's own value has to give way."""

    stored = Signal(str, int, bool)

    def __init__(
        self,
        context: WindowContext,
        details: CardDetails,
        attribute: Attribute,
        source: ValueSource,
        products_in: Callable[[Sequence[str]], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "rule", f"Правило поля «{attribute.name}»", parent)
        self._details, self._attribute, self._products_in = details, attribute, products_in
        category = details.category_path[-1] if details.category_path else ""
        self._texts = ProductTexts(details.card.product, category)
        self._rules: dict[str, FieldRule] = {}
        names = [name for name, _ in details.card.product.properties]
        icon = context.theme.icon("close", "secondary")
        self._parts: dict[RuleKind, RulePart] = {
            RuleKind.PROPERTY: PropertyPart(RuleKind.PROPERTY, names),
            RuleKind.CONSTANT: ConstantPart(attribute, source, icon),
            RuleKind.TEMPLATE: TemplatePart(self._texts),
            RuleKind.UNITS: PropertyPart(RuleKind.UNITS, names),
            RuleKind.TABLE: TablePart(attribute, names, source, icon),
        }
        self.scope = ComboBox("rule_scope", "Категория")
        self.kind = ComboBox("rule_kind", "Вид правила")
        self.kind.set_choices([(kind, wording.capital(wording.rule_kind_text(kind))) for kind in KINDS], RuleKind.PROPERTY)
        self._stack = QStackedWidget()
        self.example = WrappedLabel("")
        self.example.setObjectName("rule_example")
        self.drop_own = QCheckBox("Убрать значение, введённое на этом товаре")
        self.drop_own.setObjectName("rule_drop_own")
        self.question = ConfirmBar("rule_question")
        self.save_button = QPushButton("&Сохранить правило")
        self._lay_out()
        self._show_scopes([(details.category_id or ALL_CATEGORIES, category)])
        self.scope.currentIndexChanged.connect(self._show_scope)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        for part in self._parts.values():
            part.changed.connect(self.show_state)
        self.save_button.clicked.connect(self.save)
        self.delete_button.clicked.connect(self.delete)
        self.kind.setFocus()
        self.run(self._read(), self._show_rules)

    def _lay_out(self) -> None:
        self.body.addWidget(self.question)
        self.body.addWidget(Field("Для каких товаров", self.scope))
        self.body.addWidget(Field("Чем заполнять", self.kind))
        for kind in KINDS:
            self._stack.addWidget(self._parts[kind])
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.example)
        self.body.addWidget(self.drop_own)
        filled = next((filled for filled in self._details.card.fields if filled.attribute.id == self._attribute.id), None)
        own = self._details.saved is not None and self._attribute.id in self._details.saved.values
        self.drop_own.setVisible(own)
        self.drop_own.setChecked(own)
        self._now = filled.values if filled is not None else ()
        self.delete_button = self.add_button("&Удалить правило", "rule_delete")
        set_role(self.delete_button, "danger")
        self.finish(self.save_button, "rule_save", 520, 560)
        self.question.stand_for(self.delete_button, self.close_button, self.save_button)

    # --- reading ----------------------------------------------------------------------------------------------------

    async def _read(self) -> tuple[list[FieldRule], MappingView]:
        """In the worker: the rules there are, and the categories above."""
        application = self.context.application
        rules = await application.cards.field_rules.all(self.integration_id)
        return rules, await application.mapping.view(self.integration_id)

    def _show_rules(self, read: tuple[list[FieldRule], MappingView]) -> None:
        self.ended()
        rules, view = read
        self._rules = {rule.category_id: rule for rule in rules if rule.attribute_id == self._attribute.id}
        above = {category.id: category for category in view.categories}
        chain: list[tuple[str, str]] = []
        category = above.get(self._details.category_id or "")
        while category is not None and (category.id, category.name) not in chain:
            chain.append((category.id, category.name))
            category = above.get(category.parent_id or "")
        self._show_scopes(chain or [(self._details.category_id or ALL_CATEGORIES, self._details.category_path[-1])])
        # The rule that is in force is the one of the nearest place.
        in_force = next((place for place in (*(place for place, _ in chain), ALL_CATEGORIES) if place in self._rules), None)
        if in_force is not None:
            self.scope.choose(in_force)
        self._show_scope()

    def _show_scopes(self, chain: list[tuple[str, str]]) -> None:
        places: list[tuple[object, str]] = []
        path = self._details.category_path
        self._paths = {place: path[: len(path) - number] for number, (place, _) in enumerate(chain)}
        for number, (place, name) in enumerate(chain):
            text = "Категория «{0}» и вложенные" if not number else "Родительская категория «{0}»"
            places.append((place, text.format(name)))
        places.append((ALL_CATEGORIES, "Все категории"))
        chosen = self.scope.chosen if any(place == self.scope.chosen for place, _ in places) else places[0][0]
        self.scope.set_choices(places, chosen)

    @property
    def place(self) -> str:
        """The category the rule is for; ALL_CATEGORIES = all."""
        return str(self.scope.chosen or ALL_CATEGORIES)

    def _show_scope(self, *_: object) -> None:
        rule = self._rules.get(self.place)
        if rule is not None:
            self.kind.choose(rule.kind)
            self._parts[rule.kind].show_rule(rule)
        self._kind_chosen()

    def _kind_chosen(self, *_: object) -> None:
        self._stack.setCurrentWidget(self._parts[self._kind()])
        self.show_state()

    def _kind(self) -> RuleKind:
        chosen = self.kind.chosen
        return chosen if isinstance(chosen, RuleKind) else RuleKind.PROPERTY

    def rule(self) -> FieldRule:
        return replace(self._parts[self._kind()].rule(), category_id=self.place, attribute_id=self._attribute.id)

    # --- storing ----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Makes the rule; one that reaches many products is asked about first."""
        if self.save_button.isEnabled():
            path = self._paths.get(self.place, ())
            count = self._products_in(path)
            self.question.ask(count, rule_question(self._attribute.name, path, count), self._save)

    def _save(self) -> None:
        own = own_value(self._details, self._attribute.id) if self.drop_own.isChecked() else None
        self.run(self.context.application.cards.field_rules.save(self.integration_id, [self.rule()], own), self._stored)

    def delete(self) -> None:
        if self.delete_button.isEnabled():
            self.drop_own.setChecked(False)
            rules = self.context.application.cards.field_rules
            self.run(rules.delete(self.integration_id, self.place, self._attribute.id), self._stored)

    def _stored(self, _: object) -> None:
        self.ended()
        self.stored.emit(self._details.card.product.id, self._attribute.id, self.drop_own.isChecked())
        self.close()

    def show_state(self) -> None:
        """The example for the shown product, and which buttons can be pressed."""
        self.question.dismiss()
        rule = self.rule()
        wrong = fault(rule, self._texts)
        given = example(rule, self._texts, self._attribute, self._now)
        if wrong is not None:
            text, role = wrong, "hint"
        elif given:
            text, role = f"У товара {self._details.card.offer_id} получится: {given}", "good"
        else:
            nothing = "У товара {0} это правило ничего не даст: подействует следующее."
            text, role = nothing.format(self._details.card.offer_id), "attention"
        set_role(self.example, role)
        self.example.setText(text)
        self.save_button.setEnabled(wrong is None and not self.busy)
        self.delete_button.setEnabled(self.place in self._rules and not self.busy)
