"""Reading store exports into the database: a file is taken whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from ozon_desktop.domain.holds import much_is_missing
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage, silent
from ozon_desktop.domain.store_catalog import ExportScope, ImportCounts, KnownElement, Product, StoreRecord
from ozon_desktop.errors import FileNotReadable, StoreFileError, TakeOverNeeded, UnknownFormat
from ozon_desktop.services.orders.sold import settle
from ozon_desktop.services.shared import Clock, Revision
from ozon_desktop.services.store.articles import apply_rules
from ozon_desktop.services.store.columns import chosen_columns
from ozon_desktop.services.store.parts.folder_scan import PORTION
from ozon_desktop.services.store.parts.garbage import seldom_collected
from ozon_desktop.services.store.repeated import digest_of, remember, taken_before
from ozon_desktop.services.store.unproved_ids import note_refused, note_taken
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.store_import import StoreImporter
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.commerceml import ROOT, Book
from ozon_desktop.store.commerceml_goods import Words
from ozon_desktop.store.demo import DemoStore
from ozon_desktop.store.known import KnownElements
from ozon_desktop.store.source import in_reading_order, open_source
from ozon_desktop.wording.holds import lacks_text
from ozon_desktop.wording.store_import import missing_part_text, run_problem
from ozon_desktop.wording.take_over import doubled_text

REPORT_EVERY = 500


class _From(Enum):
    """Whose files they are: a person's, who may well want what another program has beside what is there, or the store's own."""

    PERSON = 1
    FOLDER = 2
    CONNECTION = 3


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
        origin = {RunCause.MANUAL: _From.PERSON, RunCause.CONNECTION: _From.CONNECTION}.get(cause, _From.FOLDER)
        return (await self._import(paths, progress, cause, None, origin))[0]

    async def import_pulled(
        self, paths: Sequence[Path], progress: Progress, cause: RunCause, made_at: datetime | None
    ) -> ImportCounts | None:
        """As `import_files`, of files a connection brought; None, and nothing journalled, when they are those of the last time.

        made_at: when the stocks in them were counted, by the other side; None = it does not say.
        """
        counts, known = await self._import(paths, progress, cause, made_at or self._clock(), _From.CONNECTION)
        return None if known else counts

    async def import_portion(self, path: Path, progress: Progress) -> ImportCounts:
        """Takes one portion of an export whose other portions come by themselves: nothing is gone by it. StoreFileError, StorageError."""
        return (await self._import([path], progress, RunCause.CONNECTION, None, _From.CONNECTION, portion=True))[0]

    async def import_records(
        self, name: str, records: Callable[[], Iterator[StoreRecord]], progress: Progress, cause: RunCause, made_at: datetime | None
    ) -> ImportCounts:
        """Takes records a connection brought, in one transaction. name: of the store, for the journal.

        TakeOverNeeded when they are of another source; whatever `records` raises.
        """
        counted = made_at or self._clock()

        def work(unit: UnitOfWork) -> ImportCounts:
            importer = unit.store.importer(name)
            with seldom_collected():
                stocks = _write(importer, name, records(), progress)
                counts = importer.finish()
            _check_ids(unit, importer, name, _From.CONNECTION)
            if stocks:
                unit.store.note_stocks_made(importer.number, counted)
            after_import(unit, self._clock())
            return counts

        return await self._taken(name, cause, _From.CONNECTION, work)

    async def _import(
        self,
        paths: Sequence[Path],
        progress: Progress,
        cause: RunCause,
        made_at: datetime | None,
        origin: _From,
        *,
        portion: bool = False,
    ) -> tuple[ImportCounts, bool]:
        """What the files came to, and whether they were those of the last import."""
        known = False

        def work(unit: UnitOfWork) -> ImportCounts:
            nonlocal known
            digest = digest_of(paths, f"{sorted(chosen_columns(unit).items())!r}{portion}")
            counts = taken_before(unit, digest)
            known = counts is not None
            if counts is None:
                with seldom_collected():
                    counts = _take(unit, paths, progress, made_at, origin, portion=portion)
                remember(unit, digest, counts)
            elif origin is _From.CONNECTION:
                note_taken(unit, counts.products + counts.variants, 0)
            after_import(unit, self._clock())
            return counts

        def is_news() -> bool:
            return not known or cause is not RunCause.CONNECTION

        counts = await self._taken(", ".join(path.name for path in paths), cause, origin, work, is_news)
        return counts, known

    async def _taken(
        self,
        names: str,
        cause: RunCause,
        origin: _From,
        work: Callable[[UnitOfWork], ImportCounts],
        is_news: Callable[[], bool] = lambda: True,
    ) -> ImportCounts:
        """Does the import, and keeps in the journal what it came to. Of a connection's failures its clock keeps account."""
        started = self._clock()
        try:
            counts = await self._storage.run(work)
        except StoreFileError as error:
            if origin is _From.CONNECTION and isinstance(error, TakeOverNeeded):
                await self._storage.run(note_refused)
            if cause is not RunCause.CONNECTION:
                await self._journal(started, cause, RunResult.FAILED, (), f"{error.subject}: {error.detail}")
            raise
        finally:
            self._revision.bump()
        if not is_news():
            return counts
        said = lacks_text(counts) if lacks_much(counts) else ""
        await self._journal_taken(started, cause, counts, f"{names}. {said}" if said else names)
        if said and cause is not RunCause.MANUAL:
            self._tell_owner(names, said)
        return counts

    async def _journal_taken(self, started: datetime, cause: RunCause, counts: ImportCounts, names: str) -> None:
        """What was taken, and a line for each thing that was not."""
        numbers = tuple(
            (field.name, value)
            for field in fields(counts)
            if field.name != "before" and isinstance(value := getattr(counts, field.name), int)
        )
        problems = [run_problem(line) for line in counts.lines]
        problems += [RunProblem("", part, f"{part}_missing", missing_part_text(part)) for part in counts.missing]
        await self._journal(started, cause, RunResult.DONE, numbers, names, problems)

    async def journal_failure(self, cause: RunCause, reason: str) -> None:
        """Keeps in the journal that an import could not even begin. StorageError."""
        await self._journal(self._clock(), cause, RunResult.FAILED, (), reason)

    async def load_demo(self, path: Path) -> ImportCounts:
        def work(unit: UnitOfWork) -> ImportCounts:
            importer = unit.store.importer(path.name)
            _write(importer, path.name, DemoStore(path).read(), silent)
            return importer.finish()

        counts = await self._storage.run(work)
        self._revision.bump()
        return counts

    async def _journal(
        self,
        started: datetime,
        cause: RunCause,
        result: RunResult,
        counts: tuple[tuple[str, int], ...],
        reason: str,
        problems: Sequence[RunProblem] = (),
    ) -> None:
        run = Run(0, None, RunKind.STORE_IMPORT, cause, started, counts=counts, reason=reason, problems=tuple(problems))

        def work(unit: UnitOfWork) -> None:
            started_run = replace(run, id=unit.journal.start(run))
            unit.journal.finish(replace(started_run, finished_at=self._clock(), result=result))

        await self._storage.run(work)


def after_import(unit: UnitOfWork, now: datetime) -> None:
    """What follows from any import, in its transaction."""
    _choose_only_ones(unit)
    apply_rules(unit)
    unit.new_products.note_counted()
    settle(unit, now)


def lacks_much(counts: ImportCounts) -> bool:
    """Whether the export lacks so much of what was there that somebody should look at it."""
    return much_is_missing(counts.vanished, counts.before)


def _made_at(path: Path) -> datetime:
    """When the file was written. FileNotReadable."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise FileNotReadable(path.name, detail=error.strerror or "") from error


def _write(importer: StoreImporter, name: str, records: Iterable[StoreRecord], progress: Progress) -> bool:
    """Whether there were stocks among the records."""
    products, before, write = 0, importer.stocks, importer.write
    for record in records:
        write(record)
        kind = type(record)
        if kind is Product or kind is KnownElement:
            products += 1
            if products % REPORT_EVERY == 0:
                progress(ProgressUpdate(Stage.READING_FILE, products, None, name))
    return importer.stocks > before


def _take(
    unit: UnitOfWork, paths: Sequence[Path], progress: Progress, made_at: datetime | None, origin: _From, *, portion: bool
) -> ImportCounts:
    """made_at: when all of them were made; None = when each was written. TakeOverNeeded, see `_check_ids`."""
    # One importer for all: a product named in any part of an export in several files is not gone.
    importer = unit.store.importer(", ".join(path.name for path in paths))
    names = [path.name for path in paths]
    book, pieces = known_book(unit, importer.elements), set(names) if portion else pieces_of_more(names)
    made: list[datetime] = []
    passed_over = 0
    for path in in_reading_order(paths):
        progress(ProgressUpdate(Stage.READING_FILE, 0, None, path.name))
        records = open_source(path).read(path, book)
        try:
            with_stocks = _write(importer, path.name, changes_only(records) if path.name in pieces else records, progress)
        except UnknownFormat as error:
            # A folder of 1C holds counterparties and orders beside the goods.
            if error.element != ROOT or (passed_over := passed_over + 1) == len(paths):
                raise
            importer.write(ImportProblem(ImportProblemKind.NO_GOODS, path.name))
            continue
        if with_stocks:
            made.append(made_at or _made_at(path))
    counts = importer.finish()
    _check_ids(unit, importer, paths[0].name, origin)
    if made:
        unit.store.note_stocks_made(importer.number, min(made))
    # What one portion lacks comes with the next: only the whole may be told to lack something.
    return replace(counts, missing=()) if portion else counts


def _check_ids(unit: UnitOfWork, importer: StoreImporter, name: str, origin: _From) -> None:
    """TakeOverNeeded when what was taken is of another source than the store's, and no person wants that."""
    if importer.doubled and origin is not _From.PERSON:
        raise TakeOverNeeded(name, detail=doubled_text(importer.doubled))
    if origin is _From.CONNECTION:
        note_taken(unit, importer.named, importer.added)


def known_book(unit: UnitOfWork, known: KnownElements | None = None) -> Book:
    """What earlier exports have told: parts of one may be loaded days apart. known: elements that need not be read again."""
    definitions = unit.store.property_definitions()
    names, types = {each.id: each.name for each in definitions}, {each.id: each.value_type for each in definitions}
    currencies = {price_type.id: price_type.currency for price_type in unit.store.price_types()}
    warehouses = {warehouse.id: warehouse.name for warehouse in unit.store.warehouses()}
    words = Words(names, types, unit.store.directories())
    return Book(words, currencies, warehouses, columns=chosen_columns(unit), described=unit.store.described_products(), known=known)


def pieces_of_more(names: Sequence[str]) -> set[str]:
    """Names of files that are numbered portions of an export whose other portions are not here.

    Only the whole says by its silence that a product is gone: «import0_2.xml» without «import0_1.xml» does not.
    """
    portions: dict[str, dict[int, str]] = {}
    for name in names:
        found = PORTION.search(name)
        if found is not None:
            portions.setdefault(found.group("part").casefold(), {})[int(found.group("number"))] = name
    return {name for numbered in portions.values() if sorted(numbered) != list(range(1, len(numbered) + 1)) for name in numbered.values()}


def changes_only(records: Iterable[StoreRecord]) -> Iterator[StoreRecord]:
    """The records of a portion: what it does not mention stays."""
    for record in records:
        yield replace(record, portion=True) if isinstance(record, ExportScope) else record


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
