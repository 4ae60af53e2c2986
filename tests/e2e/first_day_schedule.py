"""The four days of the story after its first sending: the schedule works by itself, and all that can go wrong does."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ozon_desktop.application import Application, build
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.sync_plan import ActionKind, Hold
from ozon_desktop.services.runs.scheduler import LOOK_EVERY_S
from ozon_desktop.services.store.watching import WatchedFolder
from tests.e2e.first_day import FirstDay
from tests.e2e.first_day_shop import Good

ORDERS_EVERY = timedelta(minutes=10)
LOOK = timedelta(seconds=LOOK_EVERY_S)
STOCKS = "/v2/products/stocks"
WRONG_PRICE, RIGHT_PRICE = 199, 1_990
OUTAGE_BEGINS, OUTAGE_ENDS = datetime(2026, 12, 2, 21, tzinfo=UTC), datetime(2026, 12, 3, 5, tzinfo=UTC)
HAS_RESERVES, NO_PICTURES = "PRODUCT_HAS_RESERVES", "all_image_failed"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


class Days:
    """The program with its schedule, looked at as often as it looks itself when something happens."""

    def __init__(self, story: FirstDay, application: Application, integration: int) -> None:
        self.story, self.application, self.integration = story, application, integration
        # Six goods with a part of their own, three of them with a card from before.
        rich, new = list(story.on_ozon), [article for article in story.store.goods if article not in story.on_ozon]
        self.mistyped, self.refused_archive, self.plain = rich[7], rich[5], rich[9]
        there = [article for article in new if article in story.sandbox.products]
        self.reserved, self.bought, self.raced = there[1], there[2], there[3]
        self.unpictured = next(article for article in new if article not in story.sandbox.products)

    # --- time -------------------------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """The schedule looks once; then what must always hold is looked at."""
        story = self.story
        await self.application.scheduler.tick()
        assert story.sandbox.products[story.offer(self.mistyped)].price > WRONG_PRICE
        for offer_id, before in story.alone.items():
            assert story.now(offer_id) == before, offer_id

    async def until(self, moment: datetime, *, quiet: bool = False) -> None:
        """The time up to then passes. quiet: nothing happens in it, so the looks may be rare where the story is told small."""
        step = max(self.story.size.quiet, ORDERS_EVERY) if quiet else ORDERS_EVERY
        clock = self.story.clock
        assert clock.now < moment, (clock.now, moment)
        while clock.now < moment:
            await self.look()
            clock.now = max(clock.now, min(moment, clock.now + step))
        await self.look()

    async def exports(self, goods: Iterable[Good] | None = None, prices: dict[str, int] | None = None) -> None:
        """The store drops an export into the watched folder: it is taken when it has been quiet, and sent."""
        story = self.story
        path = story.exports / f"shop {story.clock.now:%d %H-%M}.xml"
        story.store.export(path, story.clock.now, goods, prices)
        for _ in range(3):
            await self.look()
            story.clock.now += LOOK

    # --- the journal --------------------------------------------------------------------------------------------------------

    async def runs(self, kind: RunKind) -> list[Run]:
        """Oldest first."""
        found = await self.application.journal.runs(None, 5_000)
        return sorted((run for run in found if run.kind is kind), key=lambda run: run.id)

    async def last(self) -> Run:
        return (await self.runs(RunKind.SYNC))[-1]

    # --- the days -------------------------------------------------------------------------------------------------------------

    async def first_day(self) -> None:
        story = self.story
        await self.until(at(1, 11, 3))
        story.buys(self.bought, 2)
        await self.until(at(1, 13))
        story.store.change(self.mistyped, price=RIGHT_PRICE)
        story.store.change(self.plain, stock=1)
        await self.exports()
        story.assert_never_more_promised()
        assert story.sandbox.products[story.offer(self.mistyped)].price == RIGHT_PRICE
        await self.until(at(1, 15, 2))
        numbers = [story.buys(self.refused_archive, 2), story.buys(self.reserved, 1)]
        await self.until(at(1, 16))
        self.reserves = numbers
        await self._two_are_deleted()

    async def _two_are_deleted(self) -> None:
        """Ozon keeps both out of its archive, one by refusing the request; everything else goes on."""
        story = self.story
        story.sandbox.memory.refusals.add(f"archive:{HAS_RESERVES}={story.offer(self.refused_archive)}")
        for article in (self.refused_archive, self.reserved):
            story.store.change(article, deleted=True)
        story.store.change(self.plain, price=story.store.goods[self.plain].price + 40)
        await self.exports()
        run = await self.last()
        assert run.result is RunResult.PARTIAL
        told = {problem.offer_id: problem.text for problem in run.problems}
        assert HAS_RESERVES in told[story.offer(self.refused_archive)]
        assert self.reserved in told
        for article in (self.refused_archive, self.reserved):
            product = story.sandbox.products[story.offer(article)]
            assert (product.free, product.archived) == (0, False)
        assert story.sandbox.products[story.offer(self.plain)].price == story.store.goods[self.plain].price
        story.assert_never_more_promised()

    async def second_day(self) -> None:
        story = self.story
        story.sandbox.memory.refusals.add(f"moderation:{NO_PICTURES}={self.unpictured}")
        await self.until(at(2, 0, 5), quiet=True)
        await self.until(at(2, 9), quiet=True)
        codes = {(one.offer_id, one.code) for run in await self.runs(RunKind.SYNC) for one in run.problems}
        assert (self.unpictured, NO_PICTURES) in codes
        await self._a_price_is_mistyped()
        await self._somebody_orders_in_the_middle_of_a_run()

    async def _a_price_is_mistyped(self) -> None:
        story = self.story
        stock = story.store.goods[self.mistyped].stock - 1
        story.store.change(self.mistyped, stock=stock)
        await self.exports(prices={self.mistyped: WRONG_PRICE})
        offer_id = story.offer(self.mistyped)
        run = await self.last()
        assert (offer_id, Hold.PRICE_JUMP) in {(one.offer_id, one.code) for one in run.problems}
        product = story.sandbox.products[offer_id]
        assert (product.price, product.free) == (Decimal(RIGHT_PRICE), stock)
        assert [item.hold for item in await self.application.held_items.view(self.integration)] == [Hold.PRICE_JUMP]
        await self.until(at(2, 14))

    async def _somebody_orders_in_the_middle_of_a_run(self) -> None:
        """Orders are read before stocks are computed; what is sold in between must not be offered again."""
        story = self.story
        story.store.change(self.raced, stock=story.store.goods[self.raced].stock - 1)
        story.road.before[STOCKS] = lambda: story.buys(self.raced, 2)
        await self.exports(prices={self.mistyped: WRONG_PRICE})
        assert not story.road.before, "nobody ordered in the middle"
        story.assert_never_more_promised()
        await self.until(OUTAGE_BEGINS, quiet=True)

    async def night(self) -> None:
        """No network over midnight, when Ozon begins to count anew, and an order meanwhile."""
        story = self.story
        story.road.break_at("*", "network")
        await self.until(at(2, 23, 31), quiet=True)
        self.in_the_dark = story.buys(self.bought, 1)
        await self.until(OUTAGE_ENDS, quiet=True)
        story.road.mend()
        await self.until(OUTAGE_ENDS + timedelta(hours=1))
        story.assert_never_more_promised()

    async def third_day(self) -> None:
        story = self.story
        await self.until(at(3, 10), quiet=True)
        goods = story.store.alive()
        before = {offer_id: dict(product.stocks) for offer_id, product in story.sandbox.products.items()}
        await self.exports(goods[::10], prices={self.mistyped: WRONG_PRICE})
        await self.until(at(3, 13))
        archived = {offer_id for offer_id, product in story.sandbox.products.items() if product.archived}
        assert not archived
        assert {offer_id: dict(product.stocks) for offer_id, product in story.sandbox.products.items()} == before
        assert {item.hold for item in await self.application.held_items.view(self.integration)} >= {Hold.VANISHED}
        story.sandbox.memory.refusals.clear()
        for number in self.reserves:
            story.ships(number)
            story.sandbox.set_posting_status(number, "delivered")
        story.store.change(self.unpictured, more_name=", лён")
        await self.exports()
        assert await self.application.held_items.view(self.integration) == []
        story.assert_never_more_promised()

    async def fourth_day(self) -> None:
        story = self.story
        await self.until(at(4, 0, 5), quiet=True)
        await self.until(at(4, 11), quiet=True)
        for number in [number for number, (article, _, _) in story.sold.items() if article == self.bought]:
            story.ships(number)
        # An export counts as newer than a shipment that was seen before it.
        await self.until(at(4, 12))
        await self.exports()
        await self.until(at(4, 18), quiet=True)

    # --- the end -----------------------------------------------------------------------------------------------------------

    async def assert_all_is_there(self) -> None:
        story = self.story
        products = story.sandbox.products
        deleted = {good.article for good in story.store.goods.values() if good.deleted}
        assert deleted == {self.refused_archive, self.reserved}
        wrong = {
            good.article: (product.status, product.archived, product.price, product.free)
            for good in story.store.goods.values()
            if (product := products[story.offer(good.article)]).archived is not good.deleted or not product.is_created
        }
        assert not wrong, wrong
        assert len(products) == story.size.products + story.size.cards - story.size.matched, "a product twice"
        waiting = Counter[str]()
        for number, (article, pieces, _) in story.sold.items():
            if story.sandbox.memory.postings[number].status in {"awaiting_packaging", "awaiting_deliver"}:
                waiting[article] += pieces
        differing = {
            good.article: (good, product.price, product.free)
            for good in story.store.alive()
            if (product := products[story.offer(good.article)]).free != good.stock - waiting[good.article]
            or (product.price != good.price and good.article != story.below_lowest)
        }
        assert not differing, differing
        story.assert_never_more_promised()

    async def assert_orders_came_in_time(self) -> None:
        for number, (_, _, placed) in self.story.sold.items():
            (seen, _), *_ = await self.application.orders.history(self.integration, number)
            since = OUTAGE_ENDS if OUTAGE_BEGINS < placed < OUTAGE_ENDS else placed
            assert seen - since <= ORDERS_EVERY + LOOK, (number, placed, seen)

    async def assert_the_journal_tells_all(self) -> None:
        story = self.story
        runs = await self.runs(RunKind.SYNC)
        failed = [run for run in runs if run.result not in {RunResult.DONE, RunResult.PARTIAL, RunResult.SKIPPED}]
        assert all(run.started_at > OUTAGE_BEGINS and run.finished_at and run.finished_at < OUTAGE_ENDS for run in failed), failed
        created = Counter[int]()
        for run in runs:
            created[run.started_at.day] += dict(run.counts).get("create", 0)
        # One of the second day's was created and refused by moderation.
        first, second, *others = story.days_of_creations(story.size.daily_create - 5)
        assert [created[day] for day in (1, 2, 3, 4)] == [first + 5, second - 1, *others]
        assert {run.cause for run in runs if dict(run.counts).get("create") and run.started_at.day > 1} <= {RunCause.RESUMED}
        codes = {(one.offer_id, one.code) for run in runs for one in run.problems}
        assert (story.offer(self.mistyped), Hold.PRICE_JUMP) in codes
        assert Hold.VANISHED in {code for _, code in codes}
        imports = await self.runs(RunKind.STORE_IMPORT)
        assert sum("исчезнут" in run.reason for run in imports) == 1
        assert {run.result for run in imports} == {RunResult.DONE}
        for run in runs:
            sent = await self.application.storage.run(lambda unit, run=run: unit.guards.sent(self.integration, run.id))  # type: ignore[misc]
            for value in sent:
                archived = ["archived"] if value.item.kind is ActionKind.ARCHIVE else []
                story.told.changed(value.item.offer_id, [*archived, *(change.field for change in value.item.changes)])
        story.assert_all_changes_were_shown()

    def assert_the_owner_was_told_once(self) -> None:
        told = self.story.told.owner
        for words in ("исчезнут", "Нет связи"):
            assert sum(words in text for text in told) == 1, (words, told)


@asynccontextmanager
async def program(story: FirstDay, make: Callable[[FirstDay, Application, int], "Days"] = Days) -> AsyncIterator[Days]:
    """The program as it lies in the tray: its schedule, the watched folder, a folder for orders."""
    application = await build(story.options)
    application.notifications.listen(lambda title, text: story.told.owner.append(f"{title}: {text}"))
    integration = (await application.integrations.ensure_one()).id
    watched = WatchedFolder(application.storage, application.store_import, monotonic=lambda: story.clock.now.timestamp())
    await watched.set_folder(story.exports)
    application.scheduler.watched = watched
    orders = story.folder / "orders"
    orders.mkdir()
    await application.orders.save_export(integration, ExportSettings(str(orders)))
    try:
        yield make(story, application, integration)
    finally:
        await application.close()


async def live_four_days(story: FirstDay) -> None:
    """From the first sending to the evening of the fourth day, and what must be so then."""
    async with program(story) as days:
        await days.first_day()
        await days.second_day()
        await days.night()
        await days.third_day()
        await days.fourth_day()
        await days.assert_all_is_there()
        await days.assert_orders_came_in_time()
        await days.assert_the_journal_tells_all()
        days.assert_the_owner_was_told_once()
