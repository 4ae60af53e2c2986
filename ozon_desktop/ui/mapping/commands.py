"""What the categories page can do, as a list the palette searches: each command says why it cannot be used now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ozon_desktop.ui.mapping.trees.store_tree_model import StoreFilterMode

if TYPE_CHECKING:
    from ozon_desktop.ui.mapping.page import MappingPage


@dataclass(frozen=True, slots=True)
class PageCommand:
    """A command. keys: its shortcut as it is shown; why: what stands against it now, empty = nothing does."""

    text: str
    run: Callable[[], object]
    keys: str = ""
    why: str = ""


def page_commands(page: MappingPage) -> list[PageCommand]:
    """The commands of the page as they stand now."""
    filters = [
        PageCommand(f"Показать: {page.store.filter_text(mode).lower()}", partial(page.store.choose_filter, mode))
        for mode in StoreFilterMode
    ]
    tools = [PageCommand(text.rstrip("…"), action) for text, action in page.tools.actions()]
    return [*_changes(page), *_proposals(page), *_removals(page), *tools, *filters]


def _changes(page: MappingPage) -> list[PageCommand]:
    undo = "" if page.undo_button.isEnabled() else "отменять нечего"
    redo = "" if page.redo_button.isEnabled() else "возвращать нечего"
    return [
        PageCommand("Отменить", page.undo, "Ctrl+Z", undo),
        PageCommand("Вернуть", page.redo, "Ctrl+Shift+Z", redo),
    ]


def _proposals(page: MappingPage) -> list[PageCommand]:
    suggest = "" if page.suggest_button.isEnabled() else "сейчас нельзя"
    sure = "" if page.store.confident() else "уверенных предложений нет"
    return [
        PageCommand("Подобрать автоматически", page.proposals.suggest, "", suggest),
        PageCommand("Принять все уверенные", page.proposals.accept_all, "", sure),
    ]


def _removals(page: MappingPage) -> list[PageCommand]:
    """Both ways of taking an own mapping away; which of them it is depends on what stands above the categories."""
    unmap, inherit = "Убрать соответствие", "Вернуть наследование"
    own = any(page.store.model.has_own(category) for category in page.store.selected_ids())
    if not own:
        why = {unmap: "своего соответствия нет", inherit: "своего соответствия нет"}
    elif page.store.unmap_text() == inherit:
        why = {unmap: "останется тип родителя", inherit: ""}
    else:
        why = {unmap: "", inherit: "у родителя нет соответствия"}
    return [PageCommand(text, page.unmap_selected, "", why[text]) for text in (unmap, inherit)]
