"""Context menus of both trees: everything the keys and buttons do, found with the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from ozon_desktop.ui.mapping.page import MappingPage


P = ParamSpec("P")


def store_menu(page: MappingPage) -> QMenu:
    """Menu of the selected store categories."""
    menu = _menu(page)
    model, selected = page.store.model, page.store.selected_ids()
    chosen = page.ozon.current_type()
    proposed = any(model.proposal(category) is not None for category in selected)
    if proposed:
        _add(menu, "Принять предложение\tEnter", page.accept_or_map)
        _add(menu, "Отклонить предложение\tDelete", page.reject_or_unmap)
        if len(selected) == 1 and len(found := model.choices(selected[0])) > 1:
            others = menu.addMenu("Другие предложения")
            for choice in found[1:]:
                _add(others, " / ".join(choice.path[-2:]), _call(page.map_to, selected, choice.key))
        menu.addSeparator()
    if any(category in model.moved() for category in selected):
        _add(menu, "Тип перенесён — принять новое место", page.moved.accept_selected)
    name = chosen.name if chosen is not None else ""
    text = f"Сопоставить с «{name}»" if chosen is not None else "Сопоставить"
    _add(menu, text, page.map_selected).setEnabled(page.ozon.map_button.isEnabled())
    _add(menu, "Найти тип…\tCtrl+K", page.finder.toggle)
    if not proposed:
        own = any(model.has_own(category) for category in selected)
        _add(menu, f"{page.store.unmap_text()}\tDelete", page.reject_or_unmap).setEnabled(own)
    if len(selected) == 1:
        _add(menu, "Разные типы для части товаров…", page.tools.show_parts).setEnabled(page.view is not None and not page.view.can_map)
        mapped = model.mapped(selected[0])
        show = _add(menu, "Показать в категориях Ozon", _call(page.show_type_of, selected[0]))
        show.setEnabled(proposed or (mapped is not None and mapped.key is not None))
    return menu


def ozon_menu(page: MappingPage) -> QMenu:
    """Menu of the chosen Ozon type."""
    menu = _menu(page)
    chosen = page.ozon.current_type()
    text = "Сопоставить с выбранными категориями магазина\tEnter"
    _add(menu, text, page.map_selected).setEnabled(page.ozon.map_button.isEnabled())
    if chosen is not None and chosen.settings_at is None and chosen.usable:
        _add(menu, "Получить настройки", _call(page.fetch_settings, chosen.key))
    category = page.ozon.current_category()
    if category is not None:
        _add(menu, "Получить настройки всех типов внутри", _call(page.fetch_settings, category))
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _call(function: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> Callable[[], object]:
    """The call without the `checked` that `triggered` hands over."""
    return lambda: function(*arguments, **named)


def _add(menu: QMenu, text: str, action: Callable[..., object]) -> QAction:
    added = menu.addAction(text)
    added.triggered.connect(action)
    return added
