"""What the categories page can do, as a list the palette searches: each command says why it cannot be used now."""

from functools import partial

from ozon_desktop.ui.mapping.palette.command import PageCommand
from ozon_desktop.ui.mapping.selection import Selection
from ozon_desktop.ui.mapping.tools import MappingTools
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreFilterMode


def page_commands(selection: Selection, tools: MappingTools) -> list[PageCommand]:
    """The commands of the page as they stand now."""
    session, store = selection.session, selection.store
    undo = redo = None
    if session.view is not None:
        undo, redo = session.view.undo_label, session.view.redo_label
    return [
        PageCommand("Отменить", session.undo, "Ctrl+Z", "" if undo is not None else "отменять нечего"),
        PageCommand("Вернуть", session.redo, "Ctrl+Shift+Z", "" if redo is not None else "возвращать нечего"),
        PageCommand("Подобрать автоматически", session.suggest, "", "" if session.can_suggest else "сейчас нельзя"),
        PageCommand("Принять все уверенные", selection.accept_all, "", "" if store.confident() else "уверенных предложений нет"),
        *_removals(selection),
        *(PageCommand(text.rstrip("…"), action) for text, action in tools.actions()),
        *(PageCommand(f"Показать: {store.filter_text(mode).lower()}", partial(store.choose_filter, mode)) for mode in StoreFilterMode),
    ]


def _removals(selection: Selection) -> list[PageCommand]:
    """Both ways of taking an own mapping away; which of them it is depends on what stands above the categories."""
    unmap, inherit = "Убрать соответствие", "Вернуть наследование"
    store = selection.store
    if not any(store.model.has_own(category) for category in store.selected_ids()):
        why = {unmap: "своего соответствия нет", inherit: "своего соответствия нет"}
    elif store.unmap_text() == inherit:
        why = {unmap: "останется тип родителя", inherit: ""}
    else:
        why = {unmap: "", inherit: "у родителя нет соответствия"}
    return [PageCommand(text, selection.unmap, "", why[text]) for text in (unmap, inherit)]
