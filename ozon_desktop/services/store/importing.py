"""Reading store exports into the database: a file is taken whole or not at all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

from ozon_desktop.domain.holds import much_is_missing
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage, silent
from ozon_desktop.domain.store_catalog import ImportCounts, Product, StoreRecord
from ozon_desktop.errors import StoreFileError
from ozon_desktop.services.shared import Clock, Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.store_import import StoreImporter
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.demo import DemoStore
from ozon_desktop.store.source import open_source
from ozon_desktop.wording.holds import lacks_text

REPORT_EVERY = 500


class StoreImportService:
    """Imports exports. tell_owner: given (title, text) when nobody is looking, as for a file of the watched folder."""

    def __init__(
        self, storage: Database, clock: Clock, revision: Revision, tell_owner: Callable[[str, str], object] = lambda title, text: None
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._revision = revision
        self._tell_owner = tell_owner

    async def import_files(self, paths: Sequence[Path], progress: Progress, cause: RunCause = RunCause.MANUAL) -> ImportCounts:
        """Reads the files in one transaction: an error in any of them changes nothing. StoreFileError.

        An export that lacks much of what was there is announced: see `lacks_much` for who shows it, the journal and the owner for others.
        """

        def work(unit: UnitOfWork) -> ImportCounts:
            # One importer for all: a product named in any part of an export in several files is not gone.
            importer = unit.store.importer(", ".join(path.name for path in paths))
            for path in paths:
                progress(ProgressUpdate(Stage.READING_FILE, 0, None, path.name))
                _write(importer, path.name, open_source(path).read(path), progress)
            counts = importer.finish()
            _choose_only_ones(unit)
            return counts

        started = self._clock()
        try:
            counts = await self._storage.run(work)
        except StoreFileError as error:
            await self._journal(started, cause, RunResult.FAILED, (), f"{error.subject}: {error.detail}")
            raise
        finally:
            self._revision.bump()
        numbers = tuple((field.name, getattr(counts, field.name)) for field in fields(counts) if field.name != "before")
        names = ", ".join(path.name for path in paths)
        said = lacks_text(counts) if lacks_much(counts) else ""
        await self._journal(started, cause, RunResult.DONE, numbers, f"{names}. {said}" if said else names)
        if said and cause is not RunCause.MANUAL:
            self._tell_owner(names, said)
        return counts

    async def load_demo(self, path: Path) -> ImportCounts:
        def work(unit: UnitOfWork) -> ImportCounts:
            importer = unit.store.importer(path.name)
            _write(importer, path.name, DemoStore(path).read(), silent)
            return importer.finish()

        counts = await self._storage.run(work)
        self._revision.bump()
        return counts

    async def _journal(
        self, started: datetime, cause: RunCause, result: RunResult, counts: tuple[tuple[str, int], ...], reason: str
    ) -> None:
        run = Run(0, None, RunKind.STORE_IMPORT, cause, started, counts=counts, reason=reason)

        def work(unit: UnitOfWork) -> None:
            started_run = replace(run, id=unit.journal.start(run))
            unit.journal.finish(replace(started_run, finished_at=self._clock(), result=result))

        await self._storage.run(work)


def lacks_much(counts: ImportCounts) -> bool:
    """Whether the export lacks so much of what was there that somebody should look at it."""
    return much_is_missing(counts.vanished, counts.before)


def _write(importer: StoreImporter, name: str, records: Iterable[StoreRecord], progress: Progress) -> None:
    products = 0
    for record in records:
        importer.write(record)
        if isinstance(record, Product):
            products += 1
            if products % REPORT_EVERY == 0:
                progress(ProgressUpdate(Stage.READING_FILE, products, None, name))


def _choose_only_ones(unit: UnitOfWork) -> None:
    """Where the store has exactly one structure, price type or organization, there is nothing to choose."""
    only = {
        "catalog_structure_id": _only([entry.id for entry in unit.store.structures()]),
        "price_type_id": _only([entry.id for entry in unit.store.price_types()]),
        "organization_id": _only([entry.id for entry in unit.store.organizations()]),
    }
    for integration in unit.integrations.all():
        chosen = {name: value for name, value in only.items() if value is not None and getattr(integration.settings, name) is None}
        if chosen:
            unit.integrations.save(replace(integration, settings=replace(integration.settings, **chosen)))  # type: ignore[arg-type]


def _only(ids: list[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None
