"""The menu «⋯» of a field: rules of the category and the way back."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from ozon_desktop import wording
from ozon_desktop.domain.card import Origin
from ozon_desktop.ui.products.fields.box import FieldBox
from ozon_desktop.ui.products.fields.draft import CardDraft

PROPERTIES_AT_MOST = 60
VALUE_SHOWN = 30


@dataclass(frozen=True, slots=True)
class FieldActions:
    """What the menu can do; each takes the attribute's id, `property_rule` also a property's name. targets: other selected products."""

    rule: Callable[[int], object]
    property_rule: Callable[[int, str], object]
    delete_rule: Callable[[int], object]
    revert: Callable[[int], object]
    edit_rule: Callable[[int], object]
    fill_down: Callable[[int], object]
    targets: int = 0


def field_menu(box: FieldBox, draft: CardDraft, actions: FieldActions) -> QMenu:
    menu = QMenu(box)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    attribute, details = box.attribute, draft.details
    category = details.category_path[-1] if details.category_path else ""
    in_category = details.category_id is not None
    values = box.field_editor.values()
    text = f"Для всех товаров категории «{category}»"
    _add(menu, text, lambda: actions.rule(attribute.id)).setEnabled(in_category and bool(values))
    _add(menu, "Правило…", lambda: actions.edit_rule(attribute.id)).setEnabled(in_category)
    properties = menu.addMenu("Взять из свойства магазина")
    for name, value in details.card.product.properties[:PROPERTIES_AT_MOST]:
        _add(properties, f"{name}: {_short(value)}", _property_call(actions, attribute.id, name))
    properties.setEnabled(in_category and bool(details.card.product.properties))
    origin = next((filled.origin for filled in details.card.fields if filled.attribute.id == attribute.id), Origin.EMPTY)
    if origin is Origin.CATEGORY:
        _add(menu, "Убрать правило категории", lambda: actions.delete_rule(attribute.id))
    menu.addSeparator()
    if actions.targets:
        goods = wording.plural(actions.targets, "выделенному товару", "выделенным товарам", "выделенным товарам")
        fill = _add(menu, f"Заполнить вниз: {goods}", lambda: actions.fill_down(attribute.id))
        fill.setShortcut(QKeySequence("Ctrl+D"))
    _add(menu, "Вернуть к правилу", lambda: actions.revert(attribute.id)).setEnabled(draft.has_own(attribute.id))
    return menu


def _property_call(actions: FieldActions, attribute_id: int, name: str) -> Callable[[], object]:
    return lambda: actions.property_rule(attribute_id, name)


def _short(value: str) -> str:
    return value if len(value) <= VALUE_SHOWN else f"{value[: VALUE_SHOWN - 1]}…"


def _add(menu: QMenu, text: str, action: Callable[[], object]) -> QAction:
    added = menu.addAction(text.replace("&", "&&"))
    added.triggered.connect(action)
    return added
