"""The settings of the chosen cabinet: reading, storing, checking the connection, fetching Ozon's categories, the reference lists."""

from collections.abc import Callable, Coroutine
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.integration import ConnectionReport, IntegrationSettings
from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.services.catalog.view import FetchResult, SettingsResult
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Callback
from ozon_desktop.wording import running_text

ReferenceKind = Literal["organization", "employee", "direction"]


class IntegrationSession(QObject):
    """Other pages hear of a change after the listeners here.

    read(IntegrationPage): as read, or as it is after another base or the switch; unread(error).
    saving; saved(IntegrationPage); credentials_saved(IntegrationPage): the check stored them and goes on; not_saved(error).
    checked(ConnectionReport), check_failed(error). fetched(Action, FetchResult | SettingsResult).
    changes_found(LastChanges | None). refused(error): something else failed, the page is read again.
    reference_added(id); reference_refused.
    """

    read = Signal(object)
    unread = Signal(object)
    saving = Signal()
    saved = Signal(object)
    credentials_saved = Signal(object)
    not_saved = Signal(object)
    checked = Signal(object)
    check_failed = Signal(object)
    fetched = Signal(object, object)
    changes_found = Signal(object)
    refused = Signal(object)
    reference_added = Signal(str)
    reference_refused = Signal()

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.page: IntegrationPage | None = None
        self._fetching = Action.FETCH_BASE

    def refresh(self) -> None:
        if self._context.integration_id:
            self._run(self._context.application.integrations.page(self._context.integration_id), self._read, self.unread)

    def _read(self, page: IntegrationPage) -> None:
        if self._keep(page):
            self.read.emit(page)

    def _keep(self, page: IntegrationPage) -> bool:
        """False when another cabinet has been chosen meanwhile."""
        if page.integration.id != self._context.integration_id:
            return False
        self.page = page
        return True

    # --- storing and checking ---------------------------------------------------------------------------------------

    def save(self, settings: IntegrationSettings, key: str | None) -> None:
        """Stores the settings. key: a newly typed one, None = it stays."""
        self._store(settings, key, self._saved)

    def _store(self, settings: IntegrationSettings, key: str | None, on_done: Callback) -> None:
        self.saving.emit()
        self._run(self._context.application.integrations.save(self._context.integration_id, settings, key), on_done, self.not_saved)

    def _saved(self, page: IntegrationPage) -> None:
        self._keep(page)
        self.saved.emit(page)
        self._context.data_changed.emit("integration")

    def check(self, client_id: int, key: str | None) -> None:
        """Asks Ozon with the typed credentials, which are stored first when they are new; other fields are not."""
        if self.page is None:
            return
        stored = self.page.integration.settings
        if client_id == stored.client_id and key is None:
            self._ask_ozon()
            return
        values = {name: getattr(stored, name) for name in IntegrationSettings.__slots__ if name != "client_id"}
        self._store(IntegrationSettings(client_id=client_id, **values), key, self._credentials_saved)

    def _credentials_saved(self, page: IntegrationPage) -> None:
        self._keep(page)
        self.credentials_saved.emit(page)
        self._ask_ozon()

    def _ask_ozon(self) -> None:
        self._run(self._context.application.connection.check(self._context.integration_id), self._checked, self.check_failed)

    def _checked(self, report: ConnectionReport) -> None:
        self.checked.emit(report)
        self._context.data_changed.emit("integration")

    # --- categories and the switch ----------------------------------------------------------------------------------

    def fetch(self, action: Action) -> None:
        """Fetches base categories, categories or their settings as a long job."""
        service, integration_id = self._context.application.catalog, self._context.integration_id
        calls: dict[Action, Callable[[Progress], Coroutine[Any, Any, Any]]] = {
            Action.FETCH_BASE: lambda progress: service.fetch_base(integration_id, progress),
            Action.FETCH_CHILDREN: lambda progress: service.fetch_children(integration_id, progress),
            Action.FETCH_SETTINGS: lambda progress: service.fetch_settings(integration_id, progress),
        }
        job = self._context.run_job(running_text(action), calls[action], on_done=self._fetched, on_failed=self._refused)
        if job is not None:
            self._fetching = action
            # What came before is kept, and the page says how much it is.
            job.cancelled.connect(self._broke_off)
            job.failed.connect(self._broke_off)

    def _fetched(self, result: FetchResult | SettingsResult) -> None:
        self.fetched.emit(self._fetching, result)
        self._context.data_changed.emit("settings" if self._fetching is Action.FETCH_SETTINGS else "tree")

    def _broke_off(self, *_: object) -> None:
        self._context.data_changed.emit("settings" if self._fetching is Action.FETCH_SETTINGS else "tree")

    def ask_changes(self) -> None:
        """What the last fetch found to be different."""
        self._run(self._context.application.catalog.last_changes(self._context.integration_id), self.changes_found, self._refused)

    def choose_bases(self, base_ids: frozenset[int]) -> None:
        service = self._context.application.integrations
        self._run(service.select_bases(self._context.integration_id, base_ids), self._bases_chosen, self._refused)

    def _bases_chosen(self, page: IntegrationPage) -> None:
        self._read(page)
        self._context.data_changed.emit("tree")

    def set_enabled(self, enabled: bool) -> None:
        service = self._context.application.integrations
        self._run(service.set_enabled(self._context.integration_id, enabled), self._switched, self._refused)

    def set_read_only(self, read_only: bool) -> None:
        service = self._context.application.sending
        self._run(service.set_read_only(self._context.integration_id, read_only), self._reading_switched, self._refused)

    def _reading_switched(self, _: object) -> None:
        self.refresh()
        self._context.data_changed.emit("integration")

    def _switched(self, page: IntegrationPage) -> None:
        self._read(page)
        self._context.data_changed.emit("integration")

    def _refused(self, error: object) -> None:
        self.refused.emit(error)
        self.refresh()

    # --- the reference lists ----------------------------------------------------------------------------------------

    def add_reference(self, kind: ReferenceKind, name: str) -> None:
        """Stores another entry; the page with it is read again."""
        self._run(self._context.application.integrations.add_reference(kind, name), self._reference_added, self._reference_refused)

    def rename_reference(self, kind: ReferenceKind, reference_id: str, name: str) -> None:
        work = self._context.application.integrations.rename_reference(kind, reference_id, name)
        self._run(work, self._references_stored, self._reference_refused)

    def remove_reference(self, kind: ReferenceKind, reference_id: str) -> None:
        work = self._context.application.integrations.remove_reference(kind, reference_id)
        self._run(work, self._references_stored, self._reference_refused)

    def _reference_added(self, reference_id: str) -> None:
        self.reference_added.emit(reference_id)
        self._references_stored()

    def _references_stored(self, _: object = None) -> None:
        self._context.data_changed.emit("integration")

    def _reference_refused(self, error: object) -> None:
        self._context.failure.emit(error)
        self.reference_refused.emit()

    def _run(self, work: Coroutine[Any, Any, Any], on_done: Callback, on_failed: Callback) -> None:
        self._context.worker.run(work, on_done=on_done, on_failed=on_failed)
