"""Any course of events between a store, the program and Ozon; what must hold after each step, and at a quiet end.

Never more is promised on Ozon than the store was known to have, less what was sold and is not counted there; whoever is killed raises
nothing above that either. In the end prices, names, stocks and cards are those of the store, and the store has each order once.
"""

import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.backoffice.moysklad import api
from ozon_desktop.backoffice.onec.site import Timing
from ozon_desktop.domain.integration import Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Verdict
from ozon_desktop.errors import AppError
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store import importing
from ozon_desktop.services.sync.sync import SyncResult
from tests.e2e.sides.link import LinkSide
from tests.e2e.sides.mortal import Lives, MortalRoad, was_killed
from tests.e2e.sides.moysklad import MoySkladSide
from tests.e2e.sides.onec import PASSWORD, OnecSide
from tests.e2e.sides.store import Names, StoreSide, Told
from tests.services.conftest import connect
from tests.services.shop import QUICK, SHIRT, URL, WRITING, MovingClock, first_sending_confirmed, make_sandbox

STORES = ("link", "1c", "moysklad")
WARES = 14
WAITING, GIVEN_BACK = frozenset({"awaiting_packaging", "awaiting_deliver"}), "cancelled"
TROUBLES = ("network", "500", "html", "lost", "500 after work")
HASTY = Timing(hold_s=0.02, unasked_s=3_600, quiet_s=3_600, after_orders_s=0.0, look_every_s=0.02)
RULES = PriceRules(guard=GuardLimits(active=False, single=Decimal(1000)))
MOST_EFFECTS = 120
Job = Callable[[Application], Awaitable[object]]


class World:
    """edits: how often people or buyers did something; kills; ends: how runs ended. skew: how wrong the computer's clock is."""

    def __init__(self, folder: Path, seed: int, store: str, patch: pytest.MonkeyPatch) -> None:
        self.seed, self.rng, self.clock, self.skew = seed, random.Random(seed), MovingClock(), timedelta()
        self.lives = Lives(patch)
        self.sandbox = make_sandbox(clock=self.clock)  # type: ignore[arg-type]
        self.sandbox.memory.timing.cancel_unshipped = None
        self.road = MortalRoad(self.sandbox)
        self.road.lives = self.lives
        connect(self.road, patch)
        patch.setattr(api, "FIRST_WAIT_S", 0.001)
        # Files get their times from the clock of the computer, too.
        patch.setattr(importing, "_made_at", lambda path: self.now())
        self.store = self._store(store, folder, patch)
        self.names = Names()
        self.edits, self.kills = 0, 0
        self.ends: Counter[str] = Counter()
        self.troubled = False
        secrets = MemoryStore(fallback=ADMIN_KEY, store_fallback=PASSWORD)
        self.options = Options(
            folder / "data",
            api_url=URL,
            secret_store=secrets,
            patience=QUICK,
            item_limits=ItemLimits(stock_every_s=0),
            clock=self.now,
            exchange_timing=HASTY,
        )
        self.integration = 0
        self._application: Application | None = None

    def _store(self, store: str, folder: Path, patch: pytest.MonkeyPatch) -> StoreSide:
        if store == "link":
            return LinkSide(self.rng, self.clock, self.lives, patch, folder / "orders")
        kind = OnecSide if store == "1c" else MoySkladSide
        return kind(self.rng, self.clock, self.lives, patch)

    def now(self) -> datetime:
        """The time as this computer has it."""
        return self.clock() + self.skew

    @property
    def application(self) -> Application:
        assert self._application is not None
        return self._application

    # --- a shop that works ------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """The store connected, the cabinet set up, the first sending long done."""
        self._application = application = await build(self.options)
        self.integration = (await application.integrations.ensure_one()).id
        for _ in range(WARES):
            self.store.add(self.names.ware(self.rng))
        await self.store.connect(application, self.integration)
        await self._set_up()
        await application.sync_rules.save(self.integration, RULES, None)
        result = await application.sync.run(self.integration, silent)
        assert result.run.result is RunResult.DONE, result.run
        self._heard()
        self.check_bounds()
        assert len(self._on_sale()) > WARES // 2

    async def _set_up(self) -> None:
        application, id_ = self.application, self.integration
        # Somebody the store does not know.
        employee = await application.integrations.add_reference("employee", "Иванова Мария")
        page = await application.integrations.page(id_)
        known = [organization.id for organization in page.organizations]
        organization = known[0] if known else await application.integrations.add_reference("organization", "ООО «Пуговка»")
        settings = replace(
            page.integration.settings,
            client_id=KNOWN_CLIENT_ID,
            scheme=Scheme.FBS,
            organization_id=organization,
            responsible_employee_id=employee,
            price_type_id=self.store.price_type,
            vat_rate=VatRate.VAT_22,
            update_trigger=UpdateTrigger.ON_CHANGE,
        )
        await application.integrations.save(id_, settings, ADMIN_KEY)
        await application.connection.check(id_)
        await application.catalog.fetch_base(id_, silent)
        await application.integrations.select_bases(id_, frozenset({100}))
        await application.catalog.fetch_children(id_, silent)
        await application.catalog.fetch_settings(id_, silent)
        await application.integrations.set_enabled(id_, True)
        await application.mapping.map(id_, [self.store.category], SHIRT)
        await first_sending_confirmed(application, id_)

    async def close(self) -> None:
        await self.store.end()
        await self.application.close()

    # --- what happens -----------------------------------------------------------------------------------------------------

    async def event(self) -> None:
        """One thing happens, a minute or some hours after the last one."""
        self.clock.now += timedelta(minutes=self.rng.choice([2, 2, 11, 40, 300]))
        people: tuple[Callable[[], object], ...] = (
            *(self.trade, self.trade, self.trade, self.add, self.delete, self.order, self.order, self.order, self.ship, self.ship),
            *(self.cancel, self.store.person, self.store.publish, self.store.publish),
        )
        if self.rng.random() < 0.55:
            self.edits += 1
            self.rng.choice(people)()
            return
        kind = self.rng.choices(
            (self.run, self.run_with_buyer, self.look, self.exchange, self.trouble, self.mend, self.set_clock, self.decide),
            (6, 2, 5, 4, 1, 2, 1, 1),
        )[0]
        await kind()

    def trade(self) -> None:
        """The shop sells at its counter, buys, and gives goods other prices and names."""
        alive = self._alive()
        for ware in self.rng.sample(alive, min(3, len(alive))):
            price = ware.price if self.rng.random() < 0.5 else max(700, round(ware.price * self.rng.choice([1.04, 0.95, 1.3])))
            name = ware.name if self.rng.random() < 0.8 else f"Рубашка {ware.article} {self.rng.randint(1, 99)}"
            shelf = self.rng.randint(0, 20) + self._held(ware.article)
            self.store.change(ware, price=price, shelf=shelf if self.rng.random() < 0.7 else ware.shelf, name=name)

    def add(self) -> None:
        self.store.add(self.names.ware(self.rng))

    def delete(self) -> None:
        """A shop keeps what is ordered."""
        free = [ware for ware in self._alive() if not self._held(ware.article)]
        if len(self._alive()) > WARES - 4 and free:
            self.store.delete(self.rng.choice(free))

    def order(self) -> None:
        found = [article for article, free in self.promised().items() if free > 0]
        if found:
            article = self.rng.choice(found)
            pieces = self.rng.randint(1, min(3, self.promised()[article]))
            self.store.sold[self.sandbox.place_order(article, pieces)] = (article, pieces)

    def ship(self) -> None:
        """The store packs and hands over what it has an order for."""
        number = self._some_waiting()
        if number is not None and number in self.store.orders():
            self._sent_off(number)

    def _sent_off(self, number: str) -> None:
        self.store.ship(number)
        for status in ("awaiting_deliver", "delivering"):
            self.sandbox.set_posting_status(number, status)

    def cancel(self) -> None:
        number = self._some_waiting()
        if number is not None:
            self.sandbox.set_posting_status(number, GIVEN_BACK)

    async def run(self) -> None:
        await self._mortal(self._run)

    async def run_with_buyer(self) -> None:
        """Somebody orders in the middle of it."""
        self.road.before[self.rng.choice(sorted(WRITING))] = self.order
        await self._mortal(self._run)
        self.road.before.clear()

    async def look(self) -> None:
        """The schedule does what is due."""
        await self._mortal(lambda application: application.scheduler.tick())

    async def exchange(self) -> None:
        """Goods come, and with 1C orders go."""
        await self._mortal(self._exchange)

    async def trouble(self) -> None:
        self.troubled = True
        if self.rng.random() < 0.4:
            self.store.trouble()
        else:
            path = self.rng.choice([*sorted(WRITING), "/v4/posting/fbs/list", "/v3/product/info/list", "*"])
            self.road.break_at(path, self.rng.choice(TROUBLES), after=self.rng.choice([0, 0, 1]))

    async def mend(self) -> None:
        self.troubled = False
        self.store.mend()
        self.road.mend()

    async def set_clock(self) -> None:
        """The computer's clock goes wrong, or right."""
        self.skew = self.rng.choice([timedelta(), timedelta(minutes=7), timedelta(hours=3), timedelta(minutes=-7), timedelta(hours=-3)])

    async def decide(self) -> None:
        """A person releases everything that is held."""
        held = self.application.held_items
        await held.decide(self.integration, [item.key for item in await held.view(self.integration)], Verdict.SEND)

    # --- the program ------------------------------------------------------------------------------------------------------

    async def _run(self, application: Application) -> None:
        asked = self._store_requests()
        result = await application.sync.run(self.integration, silent)
        self.ends[result.run.result.value] += 1
        # A card with orders waits for them before it can be archived; its stock is nought by then.
        sound = {problem.code for problem in result.run.problems} <= {"archive_not_done"}
        if sound and not self.troubled and (asked != self._store_requests() or not self._is_pulled()):
            self._heard()
            held = {item.key.offer_id for item in await application.held_items.view(self.integration)}
            self.check_bounds(held)

    async def _exchange(self, application: Application) -> None:
        with suppress(*([AppError] if self.troubled else [])):
            await self.store.exchange(application)

    async def _mortal(self, job: Job) -> None:
        """A part of the program's work, in which it may be killed. Whatever becomes of it, nothing is promised above what exists."""
        fate, before = self.lives.fate, self.promised()
        self._note()
        if self.rng.random() < 0.45:
            fate.dies_after(self.rng.randint(0, self.rng.choice([12, MOST_EFFECTS])))
        try:
            await job(self.application)
        except AppError as error:
            if not self.troubled:
                raise AssertionError(f"{type(error).__name__}: {error}") from error
        except BaseException as error:
            if not (fate.dead and was_killed(error)):
                raise
        fate.lives_on()
        if fate.dead:
            self.kills += 1
            await self.store.end()
            await self.lives.end(self.application)
            self._application = await build(self.options)
            await self.store.begin(self.application)
        self._note()
        self._check_nothing_raised(before)

    def _note(self) -> None:
        """What a store that is asked would say now: the program may hear it at any moment of its work."""
        if isinstance(self.store, MoySkladSide):
            self.store.known.append(self.store.told())

    def _heard(self) -> None:
        """The program knows the newest of what was told."""
        self._note()
        if not isinstance(self.store, OnecSide):
            del self.store.known[:-1]

    def _is_pulled(self) -> bool:
        return not isinstance(self.store, OnecSide)

    def _store_requests(self) -> int:
        match self.store:
            case LinkSide():
                return len(self.store.server.asked)
            case MoySkladSide():
                return len(self.store.there.requests)
        return 0

    # --- what must hold ---------------------------------------------------------------------------------------------------

    def promised(self) -> dict[str, int]:
        """What may be bought on Ozon, by article."""
        return {
            offer_id: 0 if product.archived or not product.is_created else product.free
            for offer_id, product in self.sandbox.products.items()
        }

    def bound(self, article: str, told: Told) -> int:
        """What there is of it by what was told, less what was sold and is not counted in that."""
        uncounted = sum(
            pieces
            for number, (sold, pieces) in self.store.sold.items()
            if sold == article and number not in told.counted and self._status(number) != GIVEN_BACK
        )
        return max(told.stocks.get(article, 0) - uncounted, 0)

    def check_bounds(self, held: set[str] | frozenset[str] = frozenset()) -> None:
        """After a run that was done. held: what waits for a person stays as it was."""
        for article, free in self.promised().items():
            most = max(self.bound(article, told) for told in self.store.known)
            assert free <= most or article in held, (self.seed, article, free, most)

    def _check_nothing_raised(self, before: dict[str, int]) -> None:
        for article, free in self.promised().items():
            most = max(self.bound(article, told) for told in self.store.known)
            assert free <= max(most, before.get(article, 0)), (self.seed, article, before.get(article), free, most)

    async def end(self) -> None:
        """Everything works again and nobody changes anything: all three sides come to the same."""
        await self.mend()
        self.skew = timedelta()
        await self._quiet_round()
        await self._quiet_round()
        for number in self.store.sold:
            if self._status(number) in WAITING:
                self._sent_off(number)
                self.sandbox.set_posting_status(number, "delivered")
        await self._quiet_round()
        await self._quiet_round()
        result = await self._quiet_round()
        assert result.run.result is RunResult.DONE, result.run
        self._heard()
        self.check_bounds()
        self._check_equal()
        self.store.check_orders({number for number in self.store.sold if self._status(number) == GIVEN_BACK})
        orders = await self.application.storage.run(lambda unit: unit.orders.all(self.integration))
        assert Counter(order.posting.posting_number for order in orders) == Counter(list(self.store.sold))
        assert await self.application.storage.run(lambda unit: unit.sync.open_intents(self.integration)) == []
        await self._check_quiet()

    async def _quiet_round(self) -> SyncResult:
        """A day passes in which everybody does what is usual."""
        self.clock.now += timedelta(hours=26)
        self.store.publish()
        await self.store.finish(self.application, self.integration)
        await self.decide()
        return await self.application.sync.run(self.integration, silent)

    def _check_equal(self) -> None:
        products = self.sandbox.products
        for ware in self.store.wares.values():
            product = products.get(ware.article)
            if ware.gone:
                assert product is None or product.archived, (self.seed, ware)
                continue
            assert product is not None, (self.seed, ware)
            waiting = self._held(ware.article)
            seen = (product.archived, product.name, int(product.price), product.free)
            assert seen == (False, ware.name, ware.price, max(ware.shelf - waiting, 0)), (self.seed, ware, waiting, seen)
        assert len(self.sandbox.memory.by_id) == len(products), "a card twice"
        assert set(products) <= set(self.names.articles)

    async def _check_quiet(self) -> None:
        self.clock.now += timedelta(minutes=20)
        self.sandbox.reset_requests()
        await self.application.sync.run(self.integration, silent)
        again = WRITING & {request.path for request in self.sandbox.requests}
        assert not again, (self.seed, again)

    # --- looking ----------------------------------------------------------------------------------------------------------

    def _alive(self) -> list:  # type: ignore[type-arg]
        return [ware for ware in self.store.wares.values() if not ware.gone]

    def _on_sale(self) -> list[str]:
        return [article for article, free in self.promised().items() if free > 0]

    def _status(self, number: str) -> str:
        return self.sandbox.memory.postings[number].status

    def _held(self, article: str) -> int:
        """Pieces of it that buyers wait for."""
        return sum(pieces for number, (sold, pieces) in self.store.sold.items() if sold == article and self._status(number) in WAITING)

    def _some_waiting(self) -> str | None:
        waiting = [number for number in self.store.sold if self._status(number) == "awaiting_packaging"]
        return self.rng.choice(waiting) if waiting else None


async def run_course(folder: Path, seed: int, store: str, events: int) -> World:
    """One course of so many events with its quiet end; gives what has happened."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as patch:
        world = World(folder, seed, store, patch)
        await world.begin()
        for _ in range(events):
            await world.event()
        await world.end()
        await world.close()
    return world
