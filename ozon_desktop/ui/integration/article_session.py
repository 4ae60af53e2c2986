"""The article rule of the chosen cabinet: reading it, trying others on the store's products, taking one."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.articles import AUTOMATIC, ArticleSource
from ozon_desktop.services.store.articles import ArticlePreview
from ozon_desktop.ui.context import WindowContext

Rule = tuple[ArticleSource, ...]


@dataclass(frozen=True, slots=True)
class ArticlesRead:
    """rule: what the cabinet sells by, None = by the store's articles; proposed: what would name most products."""

    integration_id: int
    rule: Rule | None
    proposed: ArticlePreview


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule that is not taken yet would come to."""

    integration_id: int
    rule: Rule | None
    preview: ArticlePreview


class ArticleSession(QObject):
    """read(ArticlesRead), tried(Tried): of the cabinet that is chosen now; taken(): the rule was stored; refused(error)."""

    read = Signal(object)
    tried = Signal(object)
    taken = Signal()
    refused = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def refresh(self) -> None:
        """Reads rule and proposal again."""
        if self._context.integration_id:
            self._context.worker.run(self._read(self._context.integration_id), on_done=self._was_read, on_failed=self.refused)

    def try_rule(self, rule: Rule | None) -> None:
        """Counts what the rule would come to; nothing changes."""
        work = self._try(self._context.integration_id, rule)
        self._context.worker.run(work, on_done=self._was_tried, on_failed=self.refused)

    def take(self, rule: Rule | None) -> None:
        """Sells by it from now on. Cards that are on Ozon keep their articles."""
        work: Coroutine[Any, Any, None] = self._context.application.article_rules.choose(self._context.integration_id, rule)
        self._context.worker.run(work, on_done=self._was_taken, on_failed=self.refused)

    async def _read(self, integration_id: int) -> ArticlesRead:
        rules = self._context.application.article_rules
        return ArticlesRead(integration_id, await rules.chosen(integration_id), await rules.proposed(integration_id))

    async def _try(self, integration_id: int, rule: Rule | None) -> Tried:
        return Tried(integration_id, rule, await self._context.application.article_rules.preview(integration_id, rule or AUTOMATIC))

    def _was_read(self, found: ArticlesRead) -> None:
        if found.integration_id == self._context.integration_id:
            self.read.emit(found)

    def _was_tried(self, found: Tried) -> None:
        if found.integration_id == self._context.integration_id:
            self.tried.emit(found)

    def _was_taken(self, _: object) -> None:
        self.taken.emit()
        self._context.data_changed.emit("store")
