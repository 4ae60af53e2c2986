"""The parts of the rule editor, one per kind of rule: property, one value, template, units, table of values."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, ProductField, ProductTexts, RuleKind, with_row
from ozon_desktop.domain.field_values import number
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.units import plain
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.field_rules.example import single
from ozon_desktop.ui.products.fields.box import make_editor
from ozon_desktop.ui.products.fields.dictionary_editor import ValueSource
from ozon_desktop.ui.widgets import Field, RowDelegate, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.quiet_box import QuietBox
from ozon_desktop.ui.widgets.tool_dialog import make_button

PLACE = Qt.ItemDataRole.UserRole


class RulePart(QWidget):
    """Edits a rule of one kind. `changed` comes when the manager changed it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)

    def rule(self) -> FieldRule:
        """The rule as it stands, of no category yet (ALL_CATEGORIES) and of the attribute 0."""
        raise NotImplementedError

    def show_rule(self, rule: FieldRule) -> None:
        raise NotImplementedError

    def _emit_changed(self, *_: object) -> None:
        self.changed.emit()


class PropertyLine(QuietBox):
    """A property of the store: one of the shown product, or any other that is typed."""

    def __init__(self, names: Sequence[str], empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setObjectName("rule_property")
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(list(names))
        self.setCurrentIndex(-1)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(empty)

    def choose(self, name: str) -> None:
        """Show a name, also one that is not in the list."""
        self.setEditText(name)


class PropertyPart(RulePart):
    """The text of a store property; for UNITS with the factor its number is multiplied by."""

    def __init__(self, kind: RuleKind, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.box = PropertyLine(names, "Выберите или введите название")
        self.column.addWidget(Field("Свойство магазина", self.box))
        self.factor = QLineEdit()
        self.factor.setObjectName("rule_factor")
        if kind is RuleKind.UNITS:
            hint = "Пусто — единицы узнаются по тексту: «15 см» станет 150 для поля в миллиметрах"
            self.column.addWidget(Field("Умножить на", self.factor, hint=hint))
        self.column.addStretch(1)
        self.box.editTextChanged.connect(self._emit_changed)
        self.factor.textEdited.connect(self._emit_changed)

    def rule(self) -> FieldRule:
        return FieldRule(ALL_CATEGORIES, 0, self._kind, property_name=self.box.currentText().strip(), factor=self._factor())

    def _factor(self) -> Decimal | None:
        text = self.factor.text().strip()
        # What is no number is refused by the service with its reason, like zero.
        return (number(text) or Decimal(0)) if text and self._kind is RuleKind.UNITS else None

    def show_rule(self, rule: FieldRule) -> None:
        self.box.choose(rule.property_name)
        self.factor.setText("" if rule.factor is None else plain(rule.factor).replace(".", ","))


class ConstantPart(RulePart):
    """The same value for all."""

    def __init__(self, attribute: Attribute, source: ValueSource, remove_icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = make_editor(attribute, source, remove_icon)
        self.editor.control().setObjectName("rule_value")
        self.column.addWidget(Field("Значение", self.editor))
        self.column.addStretch(1)
        self.editor.changed.connect(self._emit_changed)

    def rule(self) -> FieldRule:
        return FieldRule(ALL_CATEGORIES, 0, RuleKind.CONSTANT, self.editor.values())

    def show_rule(self, rule: FieldRule) -> None:
        self.editor.set_values(rule.values)


class TemplatePart(RulePart):
    """Text with names in braces."""

    def __init__(self, texts: ProductTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setObjectName("rule_template")
        self.line.setPlaceholderText("{Бренд} {Наименование}")
        self.column.addWidget(Field("Шаблон", self.line))
        self.places = QListWidget()
        self.places.setObjectName("rule_places")
        self.places.setItemDelegate(RowDelegate(self.places))
        set_role(self.places, "boxed")
        names = [*ProductField, *(name for name, _ in texts.product.properties)]
        for name in dict.fromkeys(str(name) for name in names):
            value = texts.named(name).replace("\n", " ")
            item = QListWidgetItem(f"{{{name}}} — {value}" if value else "{} — пусто у этого товара".format(f"{{{name}}}"))
            item.setData(PLACE, name)
            self.places.addItem(item)
        self.places.setCurrentRow(0)
        label = WrappedLabel("Что можно подставить (Enter или двойной щелчок)", role="label")
        label.setBuddy(self.places)
        self.places.setAccessibleName(label.text())
        self.column.addWidget(label)
        self.column.addWidget(self.places, 1)
        KeyActions(self.places).on(ENTER, self.put_in)
        self.places.itemDoubleClicked.connect(self.put_in)
        self.line.textChanged.connect(self._emit_changed)

    def put_in(self, *_: object) -> None:
        """Insert the current name where the cursor stands."""
        item = self.places.currentItem()
        if item is not None:
            self.line.insert(f"{{{item.data(PLACE)}}}")
            self.line.setFocus()

    def rule(self) -> FieldRule:
        return FieldRule(ALL_CATEGORIES, 0, RuleKind.TEMPLATE, template=self.line.text())

    def show_rule(self, rule: FieldRule) -> None:
        self.line.setText(rule.template)


class TablePart(RulePart):
    """Store texts with the value each stands for; texts that are not in the table are taken as they are."""

    def __init__(
        self, attribute: Attribute, names: Sequence[str], source: ValueSource, remove_icon: QIcon, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rule = FieldRule(ALL_CATEGORIES, 0, RuleKind.TABLE)
        self.box = PropertyLine(names, "Как поле заполняется само")
        self.column.addWidget(Field("Свойство магазина", self.box))
        self.text = QLineEdit()
        self.text.setObjectName("rule_table_text")
        self.editor = make_editor(single(attribute), source, remove_icon)
        self.editor.control().setObjectName("rule_table_value")
        self.add_button = make_button("Д&обавить", "rule_table_add")
        row = QHBoxLayout()
        row.addWidget(Field("В магазине", self.text), 1)
        row.addWidget(Field("На Ozon", self.editor), 1)
        row.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(row)
        self.list = QListWidget()
        self.list.setObjectName("rule_table_rows")
        self.list.setAccessibleName("Таблица значений")
        self.list.setItemDelegate(RowDelegate(self.list))
        set_role(self.list, "boxed")
        self.remove_button = make_button("У&брать строку", "rule_table_remove")
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(WrappedLabel("Остальные тексты берутся как есть.", role="hint"))
        self.add_button.clicked.connect(self.add)
        self.text.returnPressed.connect(self.editor.control().setFocus)
        self.remove_button.clicked.connect(self.remove)
        self.box.editTextChanged.connect(self._emit_changed)

    def add(self) -> None:
        values = self.editor.values()
        if not self.text.text().strip() or not values:
            return
        self._rule = with_row(self._rule, self.text.text(), values[0])
        self.text.clear()
        self.editor.set_values(())
        self._show()
        self.text.setFocus()
        self.changed.emit()

    def remove(self) -> None:
        number = self.list.currentRow()
        if number >= 0:
            table = tuple(row for place, row in enumerate(self._rule.table) if place != number)
            self._rule = FieldRule(ALL_CATEGORIES, 0, RuleKind.TABLE, table=table)
            self._show()
            self.changed.emit()

    def rule(self) -> FieldRule:
        return FieldRule(ALL_CATEGORIES, 0, RuleKind.TABLE, property_name=self.box.currentText().strip(), table=self._rule.table)

    def show_rule(self, rule: FieldRule) -> None:
        self._rule = rule
        self.box.choose(rule.property_name)
        self._show()

    def _show(self) -> None:
        self.list.clear()
        self.list.addItems([f"{text} → {value}" for text, (_, value) in self._rule.table])
        self.list.setCurrentRow(self.list.count() - 1)
        self.remove_button.setEnabled(self.list.count() > 0)
