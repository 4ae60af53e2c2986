"""Cards that exist only on Ozon, made products of the store: seen first, made once each, and linked so that no second card is made of them.

Over a connection that makes products it is done here; for files and 1C the same products are written as a catalogue file.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ozon_desktop.backoffice.protocol import ProductMaker, ProductMaking
from ozon_desktop.domain.journal import RunKind, RunProblem
from ozon_desktop.domain.lease import STORE_CREATE_LEASE
from ozon_desktop.domain.new_products import Creation, MadeProduct, NewProduct, NewProductsPreview, plan_id
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.errors import (
    AlreadyRunning,
    BackOfficeError,
    BackOfficeNotFound,
    BackOfficeRefused,
    NewProductsChanged,
    NotPossibleYet,
    StoreFileError,
    WrongInput,
)
from ozon_desktop.services.cabinet.card_export import CardExport
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.runs.journalled import Journalled, RunReport
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock, Revision
from ozon_desktop.services.store.connection import StoreConnectionService, connection_of, pulls_of
from ozon_desktop.services.store.parts.new_products import collect
from ozon_desktop.services.store.parts.settling import link_made
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.catalog_export import write_catalog_file
from ozon_desktop.store.stable_ids import with_stable_ids
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.new_products import TOO_MANY_REFUSED, taken_text
from ozon_desktop.wording.store_connection import connection_text

log = logging.getLogger(__name__)
AT_ONCE = 40
"""Products that are looked for together before they are made one by one."""
MOST_REFUSALS = 20
"""So many one after the other mean that the rest would be refused as well: the service shuts out who goes on."""


@dataclass(slots=True)
class _Done:
    made: dict[str, MadeProduct] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    in_a_row: int = 0
    failure: str = ""


class StoreCreating:
    """Makes products of cards in the connected store, one process at a time."""

    def __init__(
        self,
        storage: Database,
        connection: StoreConnectionService,
        cards: CabinetCardsService,
        clock: Clock,
        revision: Revision,
        leases: Leases,
        journalled: Journalled,
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._cards = cards
        self._clock = clock
        self._revision = revision
        self._leases = leases
        self._journalled = journalled

    async def preview(self, integration_id: int) -> NewProductsPreview:
        """What would be made of the cabinet's cards as last read, and what would not; works offline. NotPossibleYet."""
        report = await self._cards.report(integration_id)

        def work(unit: UnitOfWork) -> NewProductsPreview:
            connection = connection_of(unit)
            found = collect(unit, integration_id, report, pulls_of(unit).full_at)
            into = connection_text(connection)
            return NewProductsPreview(plan_id(into, found.products), into, connection.makes_products, found.products, found.left_out)

        return await self._storage.run(work)

    async def confirm(self, integration_id: int, confirmed: str, progress: Progress) -> Creation:
        """Makes what the preview of this id showed, then takes it from the store with the next change of goods.

        NewProductsChanged when it is another one by now; nothing was made then. RunIsHeld: another process makes products. NotPossibleYet
        for a store in which none can be made; BackOfficeError when it could not even begin. What was made before a failure or a stop is
        kept, and never made again.
        """
        async with self._leases.hold(STORE_CREATE_LEASE, lambda unit: 0):
            preview = await self.preview(integration_id)
            if preview.plan_id != confirmed:
                raise NewProductsChanged(preview.into, detail=preview.plan_id)
            maker = await self._connection.product_maker()
            if maker is None:
                raise NotPossibleYet("store_create", missing=(Missing.STORE_CONNECTION.value,))
            if not preview.products:
                return Creation()
            done = _Done()

            async def job(_: object) -> Creation:
                await self._make_all(integration_id, maker, preview.products, done, progress)
                return _creation(preview.products, done)

            ended = await self._journalled.run(
                integration_id, RunKind.STORE_CREATE, job, _report, broke_off=lambda: _report(_creation(preview.products, done))
            )
        if ended.result.made:
            await self._take(progress)
        return ended.result

    async def _take(self, progress: Progress) -> None:
        """The new products come into the program at once where they can; otherwise with the next pull, which the clock makes."""
        self._revision.bump()
        try:
            await self._connection.pull(progress)
        except AlreadyRunning:
            log.info("the store is being pulled: new products come with it or after it")
        except (BackOfficeError, StoreFileError) as error:
            # They are made and linked; that the store fell silent now is said by its next pull.
            log.warning("new products were not pulled: %s", type(error).__name__)

    async def write_file(self, integration_id: int, confirmed: str, path: Path, encoding: str = "utf-8") -> NewProductsPreview:
        """Writes what the preview of this id showed as one CommerceML 2 file, for stores that take a catalogue. NewProductsChanged.

        WrongInput for an encoding that is none, nothing to write, or a place that cannot be written.
        """
        preview = await self.preview(integration_id)
        if preview.plan_id != confirmed:
            raise NewProductsChanged(preview.into, detail=preview.plan_id)
        if not preview.products:
            raise WrongInput("store_create", detail="писать нечего: карточек, которых нет в магазине, не нашлось")
        wanted = {product.offer_id: product.creation_id for product in preview.products}

        def work(unit: UnitOfWork) -> None:
            export = CardExport(unit.ozon.tree(), lambda key: {item.id: item.name for item in unit.ozon.attributes(key)})
            cards = [card for card in unit.cabinet.cards(integration_id, list(wanted)) if not card.gone]
            catalog, products = with_stable_ids(export.catalog(cards), list(map(export.product, cards)), wanted)
            write_catalog_file(catalog, products, path, encoding)

        await self._storage.run(work)
        return preview

    # --- making -----------------------------------------------------------------------------------------------------

    async def _make_all(
        self, integration_id: int, maker: ProductMaker, products: Sequence[NewProduct], done: _Done, progress: Progress
    ) -> None:
        """Errors of the whole end it: of what was not reached nobody was asked."""
        making = await maker.making()
        for start in range(0, len(products), AT_ONCE):
            batch = products[start : start + AT_ONCE]
            try:
                await self._make_some(integration_id, maker, making, batch, done)
            except BackOfficeError as error:
                if not done.made and not done.refused:
                    raise
                done.failure = error_line(error)
                return
            if done.in_a_row >= MOST_REFUSALS:
                done.failure = TOO_MANY_REFUSED
                return
            progress(ProgressUpdate(Stage.STORE_PRODUCTS, len(done.made) + len(done.refused), len(products)))

    async def _make_some(
        self, integration_id: int, maker: ProductMaker, making: ProductMaking, products: Sequence[NewProduct], done: _Done
    ) -> None:
        by_id = {product.creation_id: product for product in products}
        for creation, there in (await maker.made(list(by_id))).items():
            await self._keep(integration_id, by_id[creation], there, done)
        left = [product for product in products if product.offer_id not in done.made]
        for offer_id, taken in (await making.taken(left)).items():
            done.refused[offer_id] = taken_text(taken)
        for product in left:
            if done.in_a_row >= MOST_REFUSALS:
                return
            if product.offer_id not in done.refused:
                await self._make(integration_id, making, product, done)

    async def _make(self, integration_id: int, making: ProductMaking, product: NewProduct, done: _Done) -> None:
        now = self._clock()
        await self._storage.run(lambda unit: unit.new_products.ask(integration_id, product.offer_id, product.creation_id, now))
        try:
            made = await making.make(product)
        except (BackOfficeRefused, BackOfficeNotFound) as error:
            problem = error_line(error)
            await self._storage.run(lambda unit: unit.new_products.refuse(integration_id, product.offer_id, problem))
            done.refused[product.offer_id] = problem
            done.in_a_row += 1
            return
        done.in_a_row = 0
        await self._keep(integration_id, product, made, done)

    async def _keep(self, integration_id: int, product: NewProduct, made: MadeProduct, done: _Done) -> None:
        now = self._clock()

        def work(unit: UnitOfWork) -> None:
            known = unit.new_products.of(integration_id).get(product.offer_id)
            if known is None or known.store_id != made.id:
                unit.new_products.ask(integration_id, product.offer_id, product.creation_id, now)
            link_made(unit, integration_id, product.offer_id, made, now)

        await self._storage.run(work)
        done.made[product.offer_id] = made


def _creation(products: Sequence[NewProduct], done: _Done) -> Creation:
    unreached = tuple(product.offer_id for product in products if product.offer_id not in {*done.made, *done.refused})
    return Creation(dict(done.made), dict(done.refused), unreached, done.failure)


def _report(creation: Creation) -> RunReport:
    """For the journal: what became of the products, and why not of each that was not made."""
    problems = [RunProblem(offer_id, "", "not_made", text) for offer_id, text in creation.refused.items()]
    if creation.failure:
        problems.append(RunProblem("", "", "not_made", creation.failure))
    counts = (("made", len(creation.made)), ("unmade", len(creation.refused) + len(creation.unreached)))
    return RunReport(counts, 0, tuple(problems), partial=not creation.complete)
