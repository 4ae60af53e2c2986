"""The fields below the credentials: «Каталог и заказы», «Цены и остатки»; and merging what is stored with what is being edited."""

from collections.abc import Sequence
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QToolButton, QWidget

from ozon_desktop.domain.integration import FieldProblem, IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.look.theme import Theme, icon_size
from ozon_desktop.ui.widgets import Card, ComboBox, Field, FieldRow
from ozon_desktop.wording import capital, field_label, field_problem_text, scheme_text, trigger_text, vat_text

# field of IntegrationSettings -> object name of its control, in page order
CONTROLS = {
    "scheme": "scheme",
    "catalog_structure_id": "catalog_structure",
    "order_direction_id": "order_direction",
    "organization_id": "organization",
    "responsible_employee_id": "responsible_employee",
    "price_type_id": "price_type",
    "vat_rate": "vat_rate",
    "update_trigger": "update_trigger",
}
LEFT_COLUMN, RIGHT_COLUMN = 28, 31
"""The right one is a little wider, so that the longest label keeps to one line in a window of 1,366 px."""

VAT_OF_PRODUCT = "vat_of_product"
OPTIONAL = frozenset({"order_direction_id"})
REFERENCES: dict[str, Literal["organization", "employee", "direction"]] = {
    "order_direction_id": "direction",
    "organization_id": "organization",
    "responsible_employee_id": "employee",
}
"""Fields whose lists are edited in place, with the kind the service knows them by."""


class SettingsForm(QObject):
    """Two cards of combo boxes. edited: a choice was made.

    list_asked(field): its reference list is to be edited; export_asked: what an empty list lacks comes with an export.
    """

    edited = Signal()
    list_asked = Signal(str)
    export_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._required = False
        self._stored = IntegrationSettings()
        self.boxes: dict[str, ComboBox] = {}
        self.fields: dict[str, Field] = {}
        self.list_buttons: dict[str, QToolButton] = {}
        for name, control in CONTROLS.items():
            self._make_field(name, control)
        self.orders_card = self._card(
            "Каталог и заказы",
            ("scheme", "catalog_structure_id", "order_direction_id", "organization_id", "responsible_employee_id"),
        )
        self.prices_card = self._card("Цены и остатки", ("price_type_id", "vat_rate", "update_trigger"))
        self.vat_of_product = self._make_vat_choice()
        self.fields["price_type_id"].set_hint("Отправляется в Ozon как цена товара")
        self._fill_fixed()
        theme.changed.connect(self._paint)
        self._paint()

    def _make_field(self, name: str, control: str) -> None:
        box = ComboBox(control, "Не выбрано")
        field = Field(field_label(name), box, required=name not in OPTIONAL)
        box.currentIndexChanged.connect(self._chosen)
        box.opened_empty.connect(self._opened_empty)
        self.boxes[name] = box
        self.fields[name] = field
        if name in REFERENCES:
            button = QToolButton()
            button.setObjectName(f"edit_{control}")
            button.setAccessibleName(f"Изменить список: {field_label(name)}")
            button.setToolTip("Изменить список")
            button.clicked.connect(self._list_clicked)
            button.setIconSize(icon_size(field))
            field.add_beside(button)
            self.list_buttons[name] = button

    def _make_vat_choice(self) -> QCheckBox:
        """Beside «НДС», only where the store's rates differ."""
        choice = QCheckBox(field_label("vat_of_product"))
        choice.setObjectName("vat_of_product")
        choice.setAccessibleName("Ставка НДС товара вместо общей")
        choice.setToolTip("Товар уходит со ставкой, указанной у него в магазине; у кого её нет — со ставкой из поля «НДС»")
        choice.toggled.connect(self._chosen)
        self.fields["vat_rate"].add_beside(choice)
        choice.hide()
        return choice

    def _card(self, heading: str, names: tuple[str, ...]) -> Card:
        card = Card(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for number, name in enumerate(names):
            grid.addWidget(self.fields[name], number // 2, number % 2)
        for number in range(0, len(names) - 1, 2):
            FieldRow((self.fields[names[number]], self.fields[names[number + 1]]), card)
        grid.setColumnStretch(0, LEFT_COLUMN)
        grid.setColumnStretch(1, RIGHT_COLUMN)
        card.body.addLayout(grid)
        return card

    def _fill_fixed(self) -> None:
        self.boxes["scheme"].set_choices([(scheme, scheme.value, scheme_text(scheme)) for scheme in Scheme], None)
        self.boxes["vat_rate"].set_choices([(rate, vat_text(rate)) for rate in VatRate], None)
        self.boxes["update_trigger"].set_choices([(trigger, capital(trigger_text(trigger))) for trigger in UpdateTrigger], None)

    def settings(self, client_id: int | None) -> IntegrationSettings:
        values: dict[str, Any] = {name: box.chosen for name, box in self.boxes.items()}
        return IntegrationSettings(client_id=client_id, vat_of_product=self.vat_of_product.isChecked(), **values)

    def changed_fields(self) -> set[str]:
        """Names of the fields that differ from what is stored."""
        changed = {name for name, box in self.boxes.items() if box.chosen != getattr(self._stored, name)}
        return changed | ({VAT_OF_PRODUCT} if self.vat_of_product.isChecked() is not self._stored.vat_of_product else set())

    def show_page(self, page: IntegrationPage, *, keep_edits: bool) -> None:
        """Shows the stored settings; with keep_edits fields the manager has changed keep his choice."""
        changed = self.changed_fields() if keep_edits else set[str]()
        edits = {name: self.boxes[name].chosen for name in changed - {VAT_OF_PRODUCT}}
        own_vat = self.vat_of_product.isChecked() if VAT_OF_PRODUCT in changed else page.integration.settings.vat_of_product
        self._stored = page.integration.settings
        chosen = {name: edits.get(name, getattr(self._stored, name)) for name in CONTROLS}
        lists: dict[str, Sequence[Any]] = {
            "catalog_structure_id": page.structures,
            "order_direction_id": page.directions,
            "organization_id": page.organizations,
            "responsible_employee_id": page.employees,
            "price_type_id": page.price_types,
        }
        for name, entries in lists.items():
            choices: list[tuple[object, str]] = [(None, "Не выбрано")] if name in OPTIONAL else []
            self.boxes[name].set_choices([*choices, *((entry.id, entry.name) for entry in entries)], chosen[name])
        for name in ("scheme", "vat_rate", "update_trigger"):
            box = self.boxes[name]
            blocked = box.blockSignals(True)
            box.choose(chosen[name])
            box.blockSignals(blocked)
        blocked = self.vat_of_product.blockSignals(True)
        self.vat_of_product.setChecked(own_vat)
        self.vat_of_product.blockSignals(blocked)
        self.vat_of_product.setVisible(page.offers_vat_of_product or own_vat)
        self.validate()

    def choose(self, name: str, value: object) -> None:
        """Chooses a value, as the manager would."""
        self.boxes[name].choose(value)

    def require(self, required: bool) -> None:
        """Whether empty fields are marked as errors."""
        self._required = required
        self.validate()

    def validate(self) -> None:
        """Marks what is wrong; explains the chosen scheme."""
        scheme = self.boxes["scheme"].chosen
        self.fields["scheme"].set_hint(capital(scheme_text(scheme).partition(" — ")[2]) if isinstance(scheme, Scheme) else "")
        for name, box in self.boxes.items():
            problem = FieldProblem.REQUIRED if box.chosen is None and self._required and name not in OPTIONAL else None
            if name == "vat_rate" and isinstance(box.chosen, VatRate) and not box.chosen.accepted_by_ozon:
                problem = FieldProblem.VAT_NOT_ACCEPTED
            self.fields[name].set_error(field_problem_text(problem) if problem else None)

    def first_problem(self) -> QWidget | None:
        """The first control that is wrong or empty though required."""
        for name, box in self.boxes.items():
            if self.fields[name].error or (box.chosen is None and name not in OPTIONAL):
                return box
        return None

    def _chosen(self) -> None:
        self.validate()
        self.edited.emit()

    def _paint(self) -> None:
        for button in self.list_buttons.values():
            button.setIconSize(icon_size(button))
            button.setIcon(self._theme.icon("edit", "secondary"))

    def _opened_empty(self) -> None:
        """What a list lacks is added in place, or comes with an export."""
        name = next(name for name, box in self.boxes.items() if box is self.sender())
        if name in REFERENCES:
            self.list_asked.emit(name)
        else:
            self.export_asked.emit()

    def _list_clicked(self) -> None:
        button = self.sender()
        self.list_asked.emit(next(name for name, known in self.list_buttons.items() if known is button))
