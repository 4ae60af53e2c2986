"""Context menus of both trees: everything the keys and buttons do, found with the mouse."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ozon_desktop.ui.mapping.selection import Selection

Action = Callable[[], object]


def store_menu(selection: Selection, *, find_type: Action, show_parts: Action) -> QMenu:
    session, store, model = selection.session, selection.store, selection.store.model
    menu, selected, chosen = _menu(store), store.selected_ids(), selection.ozon.current_type()
    proposed = any(model.proposal(category) is not None for category in selected)
    if proposed:
        siblings = model.siblings(selected[0]) if len(selected) == 1 else ()
        for digit, choice in enumerate(siblings, 1):
            _add(menu, f"{choice.path[-1]}\t{digit}", partial(selection.choose, digit))
        if not siblings:
            _add(menu, "Принять предложение\tEnter", selection.accept_or_map)
        _add(menu, "Отклонить предложение\tDelete", selection.reject_or_unmap)
        if len(selected) == 1 and len(found := model.choices(selected[0])) > 1:
            others = menu.addMenu("Другие предложения")
            for choice in found[1:]:
                _add(others, " / ".join(choice.path[-2:]), partial(session.map_to, selected, choice.key))
        menu.addSeparator()
    if any(category in session.moved for category in selected):
        _add(menu, "Тип перенесён — принять новое место", selection.accept_moved)
    text = f"Сопоставить с «{chosen.name}»" if chosen is not None else "Сопоставить"
    _add(menu, text, selection.map, possible=selection.mappable)
    _add(menu, "Найти тип…\tCtrl+K", find_type)
    if not proposed:
        own = any(model.has_own(category) for category in selected)
        _add(menu, f"{store.unmap_text()}\tDelete", selection.reject_or_unmap, possible=own)
    if len(selected) == 1:
        _add(menu, "Разные типы для части товаров…", show_parts, possible=session.can_map)
        mapped = model.mapped(selected[0])
        known = proposed or (mapped is not None and mapped.key is not None)
        _add(menu, "Показать в категориях Ozon", partial(selection.show_type_of, selected[0]), possible=known)
    return menu


def ozon_menu(selection: Selection) -> QMenu:
    session, ozon = selection.session, selection.ozon
    menu, chosen, category = _menu(ozon), ozon.current_type(), ozon.current_category()
    _add(menu, "Сопоставить с выбранными категориями магазина\tEnter", selection.map, possible=selection.mappable)
    if chosen is not None and chosen.settings_at is None and chosen.usable:
        _add(menu, "Получить настройки", partial(session.fetch_settings, chosen.key))
    if category is not None:
        _add(menu, "Получить настройки всех типов внутри", partial(session.fetch_settings, category))
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add(menu: QMenu, text: str, action: Action, *, possible: bool = True) -> QAction:
    added = menu.addAction(text)
    added.setEnabled(possible)
    # `triggered` hands over a `checked` that no action wants.
    added.triggered.connect(lambda: action())
    return added
