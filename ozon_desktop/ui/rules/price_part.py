"""The tab «Цены»: the price before the discount, the lowest price, and what they come to for a product of the store."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.price_rules import PriceRules, price_problems
from ozon_desktop.services.sync.rules import PriceExample, SyncRules
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.rules.part import RulesPart
from ozon_desktop.ui.rules.price_box import PriceRuleBox
from ozon_desktop.ui.widgets import Card, Field, WrappedLabel


class PricePart(RulesPart):
    """`example_asked` carries the article of a product to show the rules on, "" = any."""

    example_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._example: PriceExample | None = None
        self.old = PriceRuleBox("old", "Цена до скидки (зачёркнутая)")
        self.minimum = PriceRuleBox("min", "Минимальная цена")
        self.protection = WrappedLabel("", role="hint")
        self.protection.setObjectName("min_price_protection")
        self.protection.hide()
        self.article = QLineEdit()
        self.article.setObjectName("example_article")
        self.article.setPlaceholderText("Артикул, затем Enter")
        self.article_field = Field("Показать на товаре", self.article)
        self.example = WrappedLabel("")
        self.example.setObjectName("price_example")
        self.problems = WrappedLabel("", role="attention")
        self.problems.setObjectName("price_example_problems")
        demands = (
            "Ozon принимает скидку не меньше 20 ₽ при цене до 400 ₽, не меньше 5 % при цене до 10 000 ₽ и не меньше 500 ₽, если цена выше; "
            "скидку от 90 % не принимает. Минимальная цена — от половины цены до самой цены. Цены, которые не подходят, не отправляются: "
            "о них сказано в списке изменений."
        )
        card = Card("Что получится")
        row = QHBoxLayout()
        row.addWidget(self.article_field, 1)
        row.addStretch(1)
        card.body.addWidget(self.example)
        card.body.addWidget(self.problems)
        card.body.addLayout(row)
        card.body.addWidget(WrappedLabel(demands, role="hint"))
        self.problems.hide()
        for widget in (self.old, self.minimum, self.protection, card):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        for box in (self.old, self.minimum):
            box.changed.connect(self._edited)
        self.article.returnPressed.connect(self._ask_example)

    def show_rules(self, view: SyncRules) -> None:
        self.old.show_rule(view.prices.old, view.price_types)
        self.minimum.show_rule(view.prices.minimum, view.price_types)
        found = view.protection
        self.protection.setText("" if found is None else wording.capital(wording.protection_text(found)))
        self.protection.setVisible(found is not None)
        self._show_example()

    def show_example(self, example: PriceExample | None) -> None:
        """Takes a product to show the rules on; None = none has a price."""
        self._example = example
        self.article_field.set_error(None)
        self._show_example()

    def example_failed(self, text: str) -> None:
        """Says at its field why the product cannot be shown."""
        self.article_field.set_error(text)

    def rules(self, guard_of: PriceRules) -> PriceRules:
        """The rules as they stand, with the guard of `guard_of`."""
        return PriceRules(self.old.rule(), self.minimum.rule(), guard_of.guard)

    def state(self) -> object:
        return self.old.state(), self.minimum.state()

    def fault(self) -> QWidget | None:
        wrong = [box.fault() for box in (self.old, self.minimum)]
        return next((editor for editor in wrong if editor is not None), None)

    def _edited(self) -> None:
        self._show_example()
        self.changed.emit()

    def _ask_example(self) -> None:
        self.example_asked.emit(self.article.text().strip())

    def _show_example(self) -> None:
        problems: list[str] = []
        if self._example is None:
            text = "Пример появится, когда в магазине будет товар с ценой выбранного на странице «Интеграция» типа."
        elif self.fault() is not None:
            text = "Исправьте отмеченное выше, и здесь появится пример."
        else:
            known = self._example
            amounts = self.rules(PriceRules()).amounts(known.price, known.of_types)
            example = wording.price_example_text(known.product.name, amounts, known.currency)
            text = f"Например, {example}."
            if known.currency == "RUB":
                problems = [wording.price_problem_text(problem) for problem in price_problems(amounts)]
        self.example.setText(text)
        set_role(self.example, "" if self._example is not None else "hint")
        self.problems.setText("\n".join(("Ozon такие цены не примет:", *problems)) if problems else "")
        self.problems.setVisible(bool(problems))
