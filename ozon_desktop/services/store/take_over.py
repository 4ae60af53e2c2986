"""Going on with another source of the store's goods whose ids differ: looked at first, done in one transaction, and undone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import msgspec

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import STORE_PULL_LEASE
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.domain.take_over import Goods, Kind, Matching, StoreSide, TakenOver, cannot_be_chosen, match, plan_id
from ozon_desktop.domain.take_over_preview import LostSetting, TakeOverPreview, Thing
from ozon_desktop.errors import NothingTakenOver, NotPossibleYet, TakeOverChanged, WrongInput
from ozon_desktop.services.orders.store_orders import STATES
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock, Revision
from ozon_desktop.services.store.connection import KEY, NEXT, ORDER_STATES, PULLS, PullState, StoreConnectionService, connection_of
from ozon_desktop.services.store.importing import after_import
from ozon_desktop.services.store.parts.garbage import seldom_collected
from ozon_desktop.services.store.parts.staging import Staged, staging
from ozon_desktop.services.store.repeated import KEY as LAST_IMPORT
from ozon_desktop.services.store.unproved_ids import KEY as UNPROVED_IDS
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.store_connection import connection_text
from ozon_desktop.wording.take_over import cannot_pair_text, files_text, taken_over_text, undone_text

KEPT = (KEY, PULLS, LAST_IMPORT, STATES, ORDER_STATES, UNPROVED_IDS)
"""Preferences that are the old source's, put back when a take-over is undone."""

SETTINGS = (
    ("catalog_structure_id", Kind.STRUCTURE),
    ("price_type_id", Kind.PRICE_TYPE),
    ("organization_id", Kind.ORGANIZATION),
    ("responsible_employee_id", Kind.EMPLOYEE),
    ("order_direction_id", Kind.DIRECTION),
)


@dataclass(frozen=True, slots=True)
class NewSource:
    """What the store goes on with. files: exports that are read now, () = the connection is asked.

    A connection of ConnectionKind.FILES with files: exports of another program from now on. chosen: products a person has paired, new id
    by old id.
    """

    connection: StoreConnection = field(default_factory=StoreConnection)
    files: tuple[Path, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Compared:
    preview: TakeOverPreview
    staged: Staged
    import_number: int


class TakeOverService:
    """forget: called after ids have changed, for what is remembered of them while the program runs."""

    def __init__(
        self,
        storage: Database,
        connection: StoreConnectionService,
        clock: Clock,
        revision: Revision,
        leases: Leases,
        forget: Callable[[], object] = lambda: None,
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._clock = clock
        self._revision = revision
        self._leases = leases
        self._forget = forget

    async def source(self, files: Sequence[Path] = ()) -> NewSource:
        """The connection that waits for its take-over, else the one there is, or exports: 1C's where 1C brings the goods.

        NotPossibleYet when there is neither.
        """
        connection = await self._connection.next() or await self._connection.current()
        if files:
            return NewSource(connection if connection.kind is ConnectionKind.ONEC else StoreConnection(), tuple(files))
        if not connection.is_pulled:
            raise NotPossibleYet("take_over", missing=(Missing.STORE_CONNECTION.value,))
        return NewSource(connection)

    async def preview(self, source: NewSource, progress: Progress) -> TakeOverPreview:
        """Reads the new source beside the store and compares them; nothing changes.

        RunIsHeld: the store is being pulled. BackOfficeError, StoreFileError; WrongInput for a source without a product, and for a pair
        that cannot be.
        """
        async with self._leases.hold(STORE_PULL_LEASE, lambda unit: 0), self._compared(source, progress) as compared:
            return compared.preview

    async def confirm(self, source: NewSource, confirmed: str, progress: Progress) -> TakeOverPreview:
        """Does what the preview of this id showed, in one transaction: ids, cards, the new source's goods, the connection.

        As `preview`; TakeOverChanged when the source or the store is another one by now, and nothing has changed.
        """
        async with self._leases.hold(STORE_PULL_LEASE, lambda unit: 0), self._compared(source, progress) as compared:
            preview = compared.preview
            if preview.plan_id != confirmed:
                raise TakeOverChanged(preview.goes_on_with, detail=preview.plan_id)
            progress(ProgressUpdate(Stage.READING_FILE))
            began = self._clock()
            await self._storage.run(lambda unit: self._take_over(unit, source, compared, began))
        self._changed()
        return preview

    async def last(self) -> TakenOver | None:
        """The last take-over; None = there was none."""
        return await self._storage.run(lambda unit: unit.take_overs.last())

    async def undo(self) -> TakenOver:
        """Gives everything its ids back, and the connection of before. NothingTakenOver.

        Goods keep the prices and stocks they have now; what only the new source had is held back, and cards wait for the old source's
        next export to change.
        """
        began = self._clock()

        def work(unit: UnitOfWork) -> TakenOver:
            last = unit.take_overs.last()
            if last is None or not last.can_be_undone:
                raise NothingTakenOver()
            unit.take_overs.undo(began)
            unit.preferences.remove(NEXT)
            _journal(unit, began, self._clock(), undone_text(last), ())
            return last

        async with self._leases.hold(STORE_PULL_LEASE, lambda unit: 0):
            last = await self._storage.run(work)
        self._changed()
        return last

    def _changed(self) -> None:
        self._forget()
        self._revision.bump()

    # --- comparing --------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _compared(self, source: NewSource, progress: Progress) -> AsyncIterator[_Compared]:
        async with staging(self._storage, self._clock) as staged:
            if source.files:
                await staged.take_files(source.files, progress)
            else:
                await self._connection.read_into(staged, source.connection, progress)
            theirs = await staged.side()
            if not any(not one.deleted for one in theirs.products):
                raise WrongInput("take_over", detail="в новом источнике нет ни одного товара")
            number, ours = await self._storage.run(lambda unit: (unit.store.import_number(), unit.take_overs.side()))
            progress(ProgressUpdate(Stage.PLAN))
            if source.chosen and (wrong := cannot_be_chosen(ours, theirs, source.chosen)):
                raise WrongInput("take_over", detail=cannot_pair_text([(id_, source.chosen[id_]) for id_ in wrong]))
            matching = await asyncio.to_thread(match, ours, theirs, source.chosen)
            preview = await self._storage.run(lambda unit: _previewed(unit, source, matching, ours, theirs))
            yield _Compared(preview, staged, number)

    # --- doing ------------------------------------------------------------------------------------------------------------

    def _take_over(self, unit: UnitOfWork, source: NewSource, compared: _Compared, began: datetime) -> None:
        preview = compared.preview
        if unit.store.import_number() != compared.import_number:
            raise TakeOverChanged(preview.goes_on_with, detail="")
        prices, stocks, made_at = compared.staged.numbers()
        taking = unit.take_overs.taking_over(preview.matching)
        taking.begin(KEPT)
        taking.forget_numbers(prices=prices, stocks=stocks)
        importer = unit.store.importer(preview.goes_on_with)
        with seldom_collected():
            for record in compared.staged.records():
                importer.write(record)
            counts = importer.finish()
        if made_at is not None:
            unit.store.note_stocks_made(importer.number, made_at)
        taking.finish(preview.plan_id, preview.came_from, preview.goes_on_with, began, importer.number)
        after_import(unit, self._clock())
        _go_on_with(unit, source.connection, compared.staged, began)
        _journal(unit, began, self._clock(), taken_over_text(preview.came_from, preview.goes_on_with), _numbers(preview.matching, counts))


def _go_on_with(unit: UnitOfWork, connection: StoreConnection, staged: Staged, began: datetime) -> None:
    """The new source is the store's from now on; what it brought needs no second pull."""
    before = connection_of(unit)
    if (before.kind, before.address) != (connection.kind, connection.address):
        unit.preferences.remove(STATES)
        unit.preferences.remove(ORDER_STATES)
    for key in (PULLS, LAST_IMPORT, NEXT, UNPROVED_IDS):
        unit.preferences.remove(key)
    if connection.kind is ConnectionKind.FILES:
        unit.preferences.remove(KEY)
    else:
        unit.preferences.set(KEY, msgspec.json.encode(connection).decode())
    if staged.pulled is not None:
        state = PullState(staged.pulled.cursor, began, began if staged.pulled.full else None)
        unit.preferences.set(PULLS, msgspec.json.encode(state).decode())


def _journal(unit: UnitOfWork, began: datetime, ended: datetime, reason: str, numbers: tuple[tuple[str, int], ...]) -> None:
    run = Run(0, None, RunKind.STORE_IMPORT, RunCause.MANUAL, began, ended, RunResult.DONE, numbers, reason=reason)
    unit.journal.finish(replace(run, id=unit.journal.start(run)))


def _numbers(matching: Matching, counts: ImportCounts) -> tuple[tuple[str, int], ...]:
    return (
        ("products", counts.products),
        ("prices", counts.prices),
        ("stocks", counts.stocks),
        ("vanished", len(matching.only_old[Kind.PRODUCT])),
    )


# --- showing --------------------------------------------------------------------------------------------------------------


def _previewed(unit: UnitOfWork, source: NewSource, matching: Matching, ours: StoreSide, theirs: StoreSide) -> TakeOverPreview:
    came_from = connection_text(connection_of(unit))
    named = files_text([path.name for path in source.files])
    by_files = source.connection.kind is ConnectionKind.FILES
    goes_on_with = named if by_files else connection_text(source.connection)
    unlike = [pair.old for pair in matching.unlike], [pair.new for pair in matching.unlike]
    return TakeOverPreview(
        plan_id(matching, goes_on_with),
        came_from,
        goes_on_with,
        matching,
        _things(ours, matching.only_old, unlike[0], lambda one: one.sold_as or one.article),
        # Two that have the same article there were given others to be sold by: a person knows them by what is written.
        _things(theirs, matching.only_new, unlike[1], lambda one: one.article or one.sold_as),
        tuple(_lost(unit, matching, ours)),
    )


def _things(
    side: StoreSide, only: Mapping[Kind, tuple[str, ...]], unlike: Iterable[str], article: Callable[[Goods], str]
) -> dict[Kind, dict[str, Thing]]:
    wanted = {kind: set(ids) for kind, ids in only.items()}
    wanted[Kind.PRODUCT].update(unlike)
    goods = {one.id: Thing(one.name, article(one)) for one in side.products if one.id in wanted[Kind.PRODUCT]}
    categories = {one.id: Thing(one.name) for one in side.categories if one.id in wanted[Kind.CATEGORY]}
    found = {Kind.PRODUCT: goods, Kind.CATEGORY: categories}
    for kind, names in side.names.items():
        found[kind] = {id_: Thing(name) for id_, name in names.items() if id_ in wanted[kind]}
    return found


def _lost(unit: UnitOfWork, matching: Matching, ours: StoreSide) -> list[LostSetting]:
    """Settings and rules that name what the new source does not have, of lists that it has: what it says nothing of goes on as it is."""
    found: list[LostSetting] = []
    for integration in unit.integrations.all():
        named = [(kind, getattr(integration.settings, name)) for name, kind in SETTINGS]
        stocks, prices = unit.sync_rules.stocks(integration.id), unit.sync_rules.prices(integration.id)
        named += [(Kind.PRICE_TYPE, type_id) for type_id in prices.price_types]
        if stocks is not None:
            named += [(Kind.WAREHOUSE, id_) for rule in stocks.warehouses for id_ in rule.store_ids]
        for kind, id_ in dict.fromkeys(named):
            if matching.new_ids[kind] and id_ in matching.only_old[kind]:
                found.append(LostSetting(integration.name, kind, ours.names[kind][id_]))
    return found
