"""Suggested types on the categories page: asked for, accepted, rejected, and told at the top of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreFilterMode

if TYPE_CHECKING:
    from ozon_desktop.services.mapping.view import Suggestion
    from ozon_desktop.ui.mapping.page import MappingPage


class Proposals(QObject):
    """Part of the categories page. Nothing is mapped by a suggestion until it is accepted."""

    def __init__(self, page: MappingPage) -> None:
        super().__init__(page)
        self._page = page
        self._text = ""

    def suggest(self) -> None:
        """Ask for suggestions."""
        page = self._page
        if page.view is None or page.busy:
            return
        page.suggest_button.setText("Подбираю…")
        work = page.context.application.mapping.suggest(page.context.integration_id)
        page.start(work, on_done=self._suggested, on_failed=self._failed, on_cancelled=self._ended)

    def accept_all(self) -> None:
        """Accept every confident suggestion, as one change."""
        self._page.map_each(self._page.store.confident())

    def accept(self, category_ids: list[str]) -> bool:
        """Accept the suggestions of these categories, as one change; False when they have none."""
        proposals = self._page.store.model.proposals()
        accepted = {category: proposals[category].key for category in category_ids if category in proposals}
        self._page.map_each(accepted)
        return bool(accepted)

    def reject(self, category_ids: list[str]) -> bool:
        """Take the suggestions of these categories away; False when they have none."""
        proposed = [category for category in category_ids if self._page.store.model.proposal(category) is not None]
        if proposed:
            self._page.store.reject(proposed)
            self.tell()
        return bool(proposed)

    def tell(self, *, found: bool = False) -> None:
        """Keeps the bar true while suggestions are accepted and rejected one by one. found: they have just come."""
        page = self._page
        if not found and (not self._text or page.message_bar.message != self._text):
            return
        count, sure = len(page.store.model.proposals()), len(page.store.confident())
        if count and sure:
            text = "Есть предложения: {0}, из них уверенных: {1}. Enter — принять выбранное, Delete — отклонить."
            self._text = text.format(wording.number(count), wording.number(sure))
            page.show_message(self._text, "info")
        elif count:
            text = "Осталось проверить предложений: {0}. Enter — принять выбранное, Delete — отклонить."
            self._text = text.format(wording.number(count))
            page.show_message(self._text, "info", "Показать", self._show)
        elif not found:
            page.hide_message()

    def _suggested(self, found: dict[str, tuple[Suggestion, ...]]) -> None:
        self._ended()
        self._page.store.show_proposals(found)
        if not self._page.store.model.proposals():
            self._page.show_message("Подходящих типов не нашлось: всё сопоставлено, или типы Ozon ещё не получены.", "info")
        self.tell(found=True)

    def _failed(self, error: object) -> None:
        self._ended()
        self._page.show_error(error, "Повторить", self.suggest)

    def _ended(self) -> None:
        self._page.suggest_button.setText("Подобрать автоматически")
        self._page.end()

    def _show(self) -> None:
        self._page.store.choose_filter(StoreFilterMode.SUGGESTED)
        self._page.store.tree.setFocus()
