"""The program behind the site 1C comes to: goods go to the importer, orders to 1C, and everything into the journal in words."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ozon_desktop.backoffice.onec.desk import FileLook, GivenOrders
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.onec_exchange import ExchangeEvent
from ozon_desktop.domain.progress import Progress, silent
from ozon_desktop.domain.store_connection import StoreOrder
from ozon_desktop.errors import AppError, StoreFileError
from ozon_desktop.services.orders.store_orders import StoreOrders, unknown_lines
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.services.store.parts.folder_scan import is_whole
from ozon_desktop.services.store.unproved_ids import end_doubt
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.exchange_files import look_at
from ozon_desktop.store.exchange_orders import OnecOrder, exchange_document, fault_of, last_moment, reference_document
from ozon_desktop.store.order_elements import OrderNames
from ozon_desktop.store.returned_orders import read_returned
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.onec import event_text, given_text, order_fault_text, returned_text, taken_text

log = logging.getLogger(__name__)

CONTACT = "store/onec/contact"
"""When somebody last got in, by this computer's clock."""
OF_GOODS = frozenset({ExchangeEvent.UPLOAD_LOST, ExchangeEvent.NOT_WHOLE, ExchangeEvent.STOPPED})
UNTOLD = frozenset({ExchangeEvent.WRONG_LOGIN, ExchangeEvent.STOPPED})
"""Events the owner need not hear of: many are harmless, or they were the owner's own doing."""
MOST_LOOKED = 5_000
"""Orders 1C would refuse are kept out: so many are looked through for a hundred that it takes."""


class ExchangeDeskOf1C:
    """An `ExchangeDesk` over the database. opened: called when an exchange begins, so that no run plans on half of it."""

    def __init__(
        self,
        storage: Database,
        imports: StoreImportService,
        orders: StoreOrders,
        leases: Leases,
        clock: Clock,
        tell_owner: Callable[[str, str], object],
        opened: Callable[[], Awaitable[None]],
    ) -> None:
        self._storage = storage
        self._imports = imports
        self._orders = orders
        self._leases = leases
        self._clock = clock
        self._tell_owner = tell_owner
        self._opened = opened

    # --- goods ----------------------------------------------------------------------------------------------------------

    async def look(self, path: Path) -> FileLook:
        found = await asyncio.to_thread(look_at, path)
        return FileLook(found.full, found.goods)

    async def take_portion(self, path: Path, progress: Progress) -> str:
        await self._opened()
        try:
            return taken_text(await self._imports.import_portion(path, progress))
        except StoreFileError as error:
            await self._imports.journal_failure(RunCause.CONNECTION, f"{path.name}: {error_line(error)}")
            raise

    async def take_whole(self, paths: list[Path]) -> None:
        await self._imports.import_files(paths, silent, RunCause.CONNECTION)
        # The store is what 1C has exported: what was there before under other ids is gone.
        await self._storage.run(end_doubt)

    # --- orders ---------------------------------------------------------------------------------------------------------

    async def give_orders(self, most: int, encoding: str, *, contained: bool) -> GivenOrders:
        async with self._leases.hold(self._orders.lease, lambda unit: 0):
            waiting = [] if await self._orders.held() is not None else await self._orders.waiting(MOST_LOOKED)
            described = await self._storage.run(lambda unit: list(_described(unit, waiting)))
            clean = [order for order in described if fault_of(order) is None][:most]
            await self._orders.asked([order.order for order in clean])
        await self._keep_out([order for order in described if fault_of(order) is not None])
        document = exchange_document(clean, last_moment(clean), encoding, contained=contained)
        return GivenOrders(document, tuple(order.order for order in clean), len(clean))

    async def confirm_orders(self, given: GivenOrders) -> None:
        orders = given.receipt
        assert isinstance(orders, tuple), "the receipt is this desk's own"
        if not orders:
            return
        known = await self._storage.run(lambda unit: _confirmed_before(unit, orders))
        await self._orders.confirmed(orders)
        fresh = [order for order in orders if order.own_number not in known]
        problems = [problem for order in fresh for problem in unknown_lines(order)]
        await self._journal(RunResult.PARTIAL if problems else RunResult.DONE, given_text(orders), (("handed", len(orders)),), problems)

    async def _keep_out(self, refused: Sequence[OnecOrder]) -> None:
        """Told once: they are kept for the next query, and hold up no other."""
        problems: list[RunProblem] = []
        for order in refused:
            fault = fault_of(order)
            assert fault is not None, "only orders 1C would refuse are kept out"
            text = order_fault_text(fault, order.order.posting_number)
            if await self._orders.refused(order.order, text):
                problems.append(RunProblem("", order.order.posting_number, fault.value, text))
        if problems:
            await self._journal(RunResult.PARTIAL, problems[0].text, (("not_exported", len(problems)),), problems)
            self._tell_owner("1С", problems[0].text)

    async def is_whole(self, path: Path) -> bool:
        return await asyncio.to_thread(is_whole, path)

    async def take_documents(self, path: Path) -> str:
        seen_at = self._clock()
        found = await asyncio.to_thread(lambda: dict(read_returned(path, seen_at)))
        if not found:
            return ""
        changed = await self._orders.seen(found)
        if changed:
            await self._journal(RunResult.DONE, returned_text(found, changed), (("updated", changed),), ())
        return returned_text(found, changed)

    async def reference(self, encoding: str) -> bytes:
        return reference_document(encoding)

    # --- the manager ----------------------------------------------------------------------------------------------------

    async def note(self, event: ExchangeEvent, subject: str, detail: str = "") -> None:
        text = event_text(event, subject, detail)
        log.warning("exchange with 1C: %s %s", event, subject)
        kind = RunKind.STORE_IMPORT if event in OF_GOODS else RunKind.STORE_ORDERS
        try:
            news = await self._storage.run(lambda unit: _drawn_out(unit, self._run(kind, RunResult.FAILED, text), self._clock()))
        except AppError as error:
            log.warning("exchange with 1C: not journalled: %s", type(error).__name__)
            return
        if news and event not in UNTOLD:
            self._tell_owner("1С", text)

    async def exchanged(self) -> None:
        now = self._clock().isoformat()
        try:
            await self._storage.run(lambda unit: unit.preferences.set(CONTACT, now))
        except AppError as error:
            # 1C may go on: only the time of its last contact is not shown.
            log.warning("exchange with 1C: %s", type(error).__name__)

    async def _journal(self, result: RunResult, reason: str, counts: tuple[tuple[str, int], ...], problems: Sequence[RunProblem]) -> None:
        run = self._run(RunKind.STORE_ORDERS, result, reason, counts, tuple(problems))

        def work(unit: UnitOfWork) -> None:
            unit.journal.finish(replace(run, id=unit.journal.start(run)))

        await self._storage.run(work)

    def _run(
        self,
        kind: RunKind,
        result: RunResult,
        reason: str,
        counts: tuple[tuple[str, int], ...] = (),
        problems: tuple[RunProblem, ...] = (),
    ) -> Run:
        now = self._clock()
        return Run(0, None, kind, RunCause.CONNECTION, now, now, result, counts=counts, reason=reason, problems=problems)


def _drawn_out(unit: UnitOfWork, run: Run, now: datetime) -> bool:
    """Keeps a failure; one that goes on is one line. Gives whether it is news."""
    last = unit.journal.last(None, run.kind)
    if last is not None and last.result is RunResult.FAILED and last.reason == run.reason:
        unit.journal.finish(replace(last, finished_at=now))
        return False
    unit.journal.finish(replace(run, id=unit.journal.start(run)))
    return True


def _confirmed_before(unit: UnitOfWork, orders: Sequence[StoreOrder]) -> set[int]:
    """Own numbers of those 1C has confirmed in an earlier state."""
    found: set[int] = set()
    for order in orders:
        kept = unit.store_orders.some(order.order.integration_id, [order.posting_number]).get(order.posting_number)
        if kept is not None and kept.set_stage is not None:
            found.add(kept.own_number)
    return found


def _described(unit: UnitOfWork, orders: Sequence[StoreOrder]) -> Iterable[OnecOrder]:
    """The orders with names, rates of VAT and the warehouse the goods are taken from."""
    names = OrderNames(
        {entry.id: entry.name for entry in unit.store.organizations()},
        {entry.id: entry.name for entry in unit.store.directions()},
        {entry.id: entry.name for entry in unit.store.employees()},
    )
    integrations = {integration.id: integration for integration in unit.integrations.all()}
    ids = {product_id for order in orders for product_id in order.product_ids.values()}
    stated = {product.id: product.vat for product in unit.store.sold(None, ids)}
    warehouses = {warehouse.id: warehouse for warehouse in unit.store.warehouses()}
    for order in orders:
        settings = integrations[order.order.integration_id].settings
        rates = {offer_id: settings.vat_for(stated.get(product_id)) for offer_id, product_id in order.product_ids.items()}
        known = {offer_id: rate for offer_id, rate in rates.items() if rate is not None}
        place = next((warehouses[id_] for id_ in order.warehouse_ids if id_ in warehouses), None)
        yield OnecOrder(order, names, known, place)


def last_contact(unit: UnitOfWork) -> datetime | None:
    """When somebody last got in; None = never."""
    text = unit.preferences.get(CONTACT)
    return datetime.fromisoformat(text) if text else None
