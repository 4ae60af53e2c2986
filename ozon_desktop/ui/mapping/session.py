"""The mapping of the chosen cabinet as the categories page works on it: read, changed with undo, asked for suggestions."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.catalog.view import SettingsResult
from ozon_desktop.services.mapping.view import MappingView, Proposals
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.carry_over.question import CarryOverQuestion
from ozon_desktop.ui.mapping.recent_types import RecentTypes
from ozon_desktop.ui.mapping.trees.ozon_rows import OzonRows
from ozon_desktop.ui.worker import Callback, Job

Work = Callable[[], Coroutine[Any, Any, Any]]


class MappingSession(QObject):
    """Knows no widget. One change at a time; nothing changes before `question` about entered fields is answered.

    shown: a MappingView, and the OzonRows of its tree when it is another one than before, else None.
    changed: a change was made and has been shown. proposed: the Proposals of a search. suggested: of the same search {category id:
    suggestions, the best first}. learned: the Proposals for what is still open, after a change.
    failed: an exception, and a callable that tries again or None.
    """

    shown = Signal(object, object)
    changed = Signal()
    proposed = Signal(object)
    suggested = Signal(object)
    learned = Signal(object)
    busy_changed = Signal()
    failed = Signal(object, object)
    step_taken = Signal(str, bool)
    """name of the step that was taken back, or done again (True)"""

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view: MappingView | None = None
        self._reading: Job | None = None
        self._changing: Job | None = None
        self._learning: Job | None = None
        self._suggesting = False
        self._taken: tuple[str, bool] | None = None
        self.recent = RecentTypes(context)
        self.question = CarryOverQuestion(context, self)
        self.question.failed.connect(self.failed)

    @property
    def view(self) -> MappingView | None:
        """What is shown; None until it has been read."""
        return self._view

    @property
    def busy(self) -> bool:
        """Whether a change, or a search for suggestions, is under way."""
        return self._changing is not None

    @property
    def suggesting(self) -> bool:
        return self._suggesting

    @property
    def can_suggest(self) -> bool:
        """Whether there is something to suggest types for, and time for it."""
        return self._view is not None and bool(self._view.categories) and bool(self._view.tree.types) and not self.busy

    @property
    def can_map(self) -> bool:
        """Whether nothing that belongs to the whole cabinet stands against mapping."""
        return self._view is not None and not self._view.can_map

    @property
    def moved(self) -> dict[str, TypeKey]:
        """New places of the types that Ozon has moved, by the category that has such a type as its own."""
        view = self._view
        return {category: view.moved[key] for category, key in view.own.items() if key in view.moved} if view is not None else {}

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the mapping again; an answer under way is replaced."""
        integration_id = self._context.integration_id
        if not integration_id or self.busy:
            return
        self._stop_reading()
        work = self._read(integration_id, self._view.tree if self._view is not None else None)
        self._reading = self._context.worker.run(work, on_done=self._show_read, on_failed=self._reading_failed)

    async def _read(self, integration_id: int, known: OzonTree | None) -> tuple[MappingView, OzonRows | None]:
        """The rows of ten thousand types take a while to make, so they are made here, and only of another tree."""
        view = await self._context.application.mapping.view(integration_id)
        return view, await asyncio.to_thread(OzonRows, view.tree) if view.tree != known else None

    def _show_read(self, read: tuple[MappingView, OzonRows | None]) -> None:
        self._show(*read)

    def _show(self, view: MappingView, rows: OzonRows | None = None) -> None:
        self._reading = None
        self._view = view
        self.shown.emit(view, rows)

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.failed.emit(error, self.refresh)

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    # --- changing ---------------------------------------------------------------------------------------------------

    def map_to(self, category_ids: Sequence[str], key: TypeKey) -> None:
        """Map these categories to one type that was chosen by hand."""
        if category_ids and self.can_map:
            self.recent.remember(key)
            service, integration_id = self._context.application.mapping, self._context.integration_id
            self._ask_and_change(dict.fromkeys(category_ids, key), lambda: service.map(integration_id, category_ids, key))

    def map_each(self, keys: Mapping[str, TypeKey]) -> None:
        """Map each category to a type of its own, as one change that «Отменить» takes back at once."""
        if keys and self.can_map:
            service, integration_id = self._context.application.mapping, self._context.integration_id
            self._ask_and_change(keys, lambda: service.map_each(integration_id, keys))

    def accept_moved(self) -> None:
        """Map every category whose type has moved to the type's new place."""
        self.map_each(self.moved)

    def unmap(self, category_ids: Sequence[str]) -> None:
        """Take the own mappings of these categories away; below a mapped parent they inherit again."""
        if category_ids:
            service, integration_id = self._context.application.mapping, self._context.integration_id
            self._ask_and_change(dict.fromkeys(category_ids), lambda: service.unmap(integration_id, category_ids))

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back; None while nothing is read."""
        return self._view.undo_label if self._view is not None else None

    @property
    def redo_label(self) -> str | None:
        return self._view.redo_label if self._view is not None else None

    def undo(self) -> None:
        if self._view is not None and self._view.undo_label is not None:
            self._step(self._context.application.mapping.undo, self._view.undo_label, again=False)

    def redo(self) -> None:
        if self._view is not None and self._view.redo_label is not None:
            self._step(self._context.application.mapping.redo, self._view.redo_label, again=True)

    def _step(self, take: Callable[[int], Coroutine[Any, Any, MappingView]], label: str, *, again: bool) -> None:
        if not self.busy:
            self._taken = (label, again)
            self._change(partial(take, self._context.integration_id))

    def show_changed(self, view: MappingView) -> None:
        """Take the mapping as a window of the page has changed it, and let the other pages know."""
        self._show(view)
        self._context.data_changed.emit("mapping")
        self.changed.emit()

    def _ask_and_change(self, keys: Mapping[str, TypeKey | None], work: Work) -> None:
        after = {MappingPlace(category_id): key for category_id, key in keys.items()}
        self.question.ask(after, partial(self._change, work))

    def _change(self, work: Work) -> None:
        if not self.busy:
            # What is being read is older than the change.
            self._stop_reading()
            self._stop_learning()
            self._start(work, self._changed, self._change_failed)

    def _start(self, work: Work, on_done: Callback, on_failed: Callback) -> None:
        self._changing = self._context.worker.run(work(), on_done=on_done, on_failed=on_failed, on_cancelled=self._end)
        self.busy_changed.emit()

    def _end(self) -> None:
        self._changing, self._suggesting = None, False
        self.busy_changed.emit()

    def _changed(self, view: MappingView) -> None:
        self._show(view)
        # Announced while busy: this page has its answer already and need not ask again.
        self._context.data_changed.emit("mapping")
        self._end()
        self.changed.emit()
        taken, self._taken = self._taken, None
        if taken is not None:
            self.step_taken.emit(*taken)

    def _change_failed(self, error: object) -> None:
        self._taken = None
        self._end()
        self.failed.emit(error, None)
        self.refresh()

    # --- suggestions and settings -----------------------------------------------------------------------------------

    def suggest(self) -> None:
        """Search for suggestions; nothing is mapped by them."""
        if self._view is not None and not self.busy:
            self._suggesting = True
            self._stop_learning()
            work = partial(self._context.application.mapping.propose, self._context.integration_id)
            self._start(work, self._suggested, self._not_suggested)

    def _suggested(self, found: Proposals) -> None:
        self._end()
        self.proposed.emit(found)
        self.suggested.emit(found.suggestions)

    def _not_suggested(self, error: object) -> None:
        self._end()
        self.failed.emit(error, self.suggest)

    def learn(self, category_ids: Sequence[str]) -> None:
        """Ask again about categories that are still open, beside everything else; the next change makes the answer old."""
        self._stop_learning()
        if category_ids and self._view is not None:
            asked = self._context.application.mapping.propose(self._context.integration_id, category_ids)
            self._learning = self._context.worker.run(asked, on_done=self._learned, on_failed=self._not_learned)

    def _learned(self, found: Proposals) -> None:
        self._learning = None
        self.learned.emit(found)

    def _not_learned(self, error: object) -> None:
        self._learning = None
        self.failed.emit(error, None)

    def _stop_learning(self) -> None:
        if self._learning is not None:
            self._learning.cancel()
            self._learning = None

    def fetch_settings(self, wanted: TypeKey | int) -> None:
        """Collect the settings of one type, or of all types below an Ozon category (its id), as a long job."""
        service, integration_id = self._context.application.catalog, self._context.integration_id

        def work(progress: Progress) -> Coroutine[Any, Any, SettingsResult]:
            if isinstance(wanted, TypeKey):
                return service.fetch_settings(integration_id, progress, [wanted])
            return service.fetch_settings(integration_id, progress, below=[wanted])

        self._context.run_job("Получение настроек", work, on_done=self._settings_fetched, on_failed=self._settings_failed)

    def _settings_fetched(self, result: SettingsResult) -> None:
        if result.failed:
            self.failed.emit(result.failed[0][1], None)
        self._context.data_changed.emit("settings")

    def _settings_failed(self, error: object) -> None:
        self.failed.emit(error, None)
