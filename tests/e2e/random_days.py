"""Days in which anything happens in any order; at no moment more is promised than exists, and in the end Ozon holds what the store has."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from ozon_desktop.application import Application
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Verdict
from ozon_desktop.errors import AppError
from tests.e2e.first_day import FirstDay
from tests.e2e.first_day_schedule import Days
from tests.e2e.first_day_shop import good_of
from tests.services.shop import WRITING

PATHS = (*sorted(WRITING), "/v4/posting/fbs/list", "/v3/product/info/list", "/v4/product/info/limit", "/v1/product/import/info", "*")
TROUBLES = ("network", "500", "html", "lost", "500 after work", "400")
REFUSALS = ("import:NO_SUCH_RULE", "moderation:all_image_failed", "price:NO_SUCH_PRICE", "archive:NO", "request:NO_REQUEST", "unarchive:NO")
WAITING = frozenset({"awaiting_packaging", "awaiting_deliver"})


class RandomDays(Days):
    """One random course of events. happened: how often each kind did."""

    def __init__(self, story: FirstDay, application: Application, integration: int, seed: int) -> None:
        super().__init__(story, application, integration)
        self.rng = random.Random(seed)
        self.happened: Counter[str] = Counter()
        self.numbers = story.size.products

    async def live(self, events: int) -> None:
        """So many things happen, with some time between them."""
        kinds: list[Callable[[], object]] = [
            *(self.trade, self.trade, self.trade, self.order, self.order, self.order_in_a_run, self.ship, self.cancel),
            *(self.delete, self.bring_back, self.add, self.cut_export, self.decide, self.take_back),
            *(self.trouble, self.mend, self.refuse, self.forgive),
        ]
        for _ in range(events):
            kind = self.rng.choice(kinds)
            self.happened[kind.__name__] += 1
            done = kind()
            if done is not None:
                await done  # type: ignore[misc]
            await self.pass_time()

    async def pass_time(self) -> None:
        story = self.story
        for _ in range(self.rng.randint(1, 4)):
            story.clock.now += timedelta(minutes=self.rng.choice([1, 10, 10, 40]))
            await self.application.scheduler.tick()
        for offer_id, before in story.alone.items():
            assert story.now(offer_id) == before, offer_id
        if story.road.calm and (await self.runs(RunKind.SYNC))[-1].result in {RunResult.DONE, RunResult.PARTIAL} and not self._unsent():
            story.assert_never_more_promised()

    def _unsent(self) -> bool:
        """Whether requests are refused as a whole: then a lower stock may not have got through."""
        return self.refusing or self.troubled

    refusing = troubled = False

    # --- what happens -----------------------------------------------------------------------------------------------------

    async def trade(self) -> None:
        """The shop sells and buys, prices change a little or a lot; an export tells it."""
        for good in self.rng.sample(self.story.store.alive(), 4):
            price = round(good.price * self.rng.choice([1, 1, 1.05, 0.93, 0.5]))
            self.story.store.change(
                good.article, stock=self._at_least_waiting(good.article, self.rng.randint(0, 20)), price=max(price, 700)
            )
        await self.exports()

    def _at_least_waiting(self, article: str, stock: int) -> int:
        return stock + self.waiting()[article]

    def waiting(self) -> Counter[str]:
        found = Counter[str]()
        for number, (article, pieces, _) in self.story.sold.items():
            if self.story.sandbox.memory.postings[number].status in WAITING:
                found[article] += pieces
        return found

    def order(self) -> None:
        story = self.story
        free = [good.article for good in story.store.goods.values() if self._free(good.article) > 0]
        if free:
            article = self.rng.choice(free)
            story.buys(article, self.rng.randint(1, self._free(article)))

    def _free(self, article: str) -> int:
        product = self.story.sandbox.products.get(self.story.offer(article))
        return 0 if product is None or product.archived or not product.is_created else product.free

    async def order_in_a_run(self) -> None:
        self.story.road.before[self.rng.choice(sorted(WRITING))] = self.order
        await self.trade()
        self.story.road.before.clear()

    def _some_posting(self) -> str | None:
        postings = self.story.sandbox.memory.postings
        open_ = [number for number in self.story.sold if postings[number].status == "awaiting_packaging"]
        return self.rng.choice(open_) if open_ else None

    def ship(self) -> None:
        number = self._some_posting()
        if number is not None:
            self.story.ships(number)

    def cancel(self) -> None:
        number = self._some_posting()
        if number is not None:
            self.story.sandbox.set_posting_status(number, "cancelled")

    async def delete(self) -> None:
        for good in self.rng.sample(self.story.store.alive(), 2):
            self.story.store.change(good.article, deleted=True)
        await self.exports()

    async def bring_back(self) -> None:
        gone = [good.article for good in self.story.store.goods.values() if good.deleted]
        if gone:
            self.story.store.change(self.rng.choice(gone), deleted=False)
            await self.exports()

    async def add(self) -> None:
        good = good_of(self.numbers)
        self.numbers += 1
        self.story.store.goods[good.article] = good
        await self.exports()

    async def cut_export(self) -> None:
        await self.exports(self.story.store.alive()[::10])

    def trouble(self) -> None:
        self.troubled = True
        self.story.road.break_at(self.rng.choice(PATHS), self.rng.choice(TROUBLES), after=self.rng.choice([0, 0, 1, 2]))

    def mend(self) -> None:
        self.troubled = False
        self.story.road.mend()

    def refuse(self) -> None:
        self.refusing = True
        offer_id = self.story.offer(self.rng.choice(sorted(self.story.store.goods)))
        self.story.sandbox.memory.refusals.add(f"{self.rng.choice(REFUSALS)}={offer_id}")

    def forgive(self) -> None:
        self.refusing = False
        self.story.sandbox.memory.refusals.clear()

    async def decide(self) -> None:
        """A person releases everything that is held."""
        held = self.application.held_items
        await held.decide(self.integration, [item.key for item in await held.view(self.integration)], Verdict.SEND)

    async def take_back(self) -> None:
        """A person puts back what one of the last runs replaced. One that archived is left: its goods are really gone."""
        runs = [run for run in (await self.runs(RunKind.SYNC))[-5:] if not dict(run.counts).get("archive")]
        if not runs:
            return
        chosen, service = self.rng.choice(runs).id, self.application.take_back
        with suppress(AppError):
            preview = await service.preview(self.integration, chosen)
            await service.send(self.integration, chosen, silent, preview.plan_id)

    # --- the end ----------------------------------------------------------------------------------------------------------

    async def come_right(self) -> None:
        """Everything works again, a whole export comes, a person decides; parcels leave: Ozon holds what the store has."""
        story = self.story
        self.mend()
        self.forgive()
        story.road.before.clear()
        for number in [number for number in story.sold if story.sandbox.memory.postings[number].status == "awaiting_packaging"]:
            story.ships(number)
            story.sandbox.set_posting_status(number, "delivered")
        for more in ("", " (новая партия)", ""):
            # What was refused for its content is tried again when that changes.
            for good in story.store.alive():
                story.store.change(good.article, more_name=more or good.more_name)
            story.clock.now += timedelta(hours=30)
            await self.application.scheduler.tick()
            await self.exports()
            await self.decide()
        await self.exports()
        self._assert_as_in_the_store()
        story.road.mend()
        await self.exports()
        # A price that Ozon's own lowest price forbids is tried with every run.
        again = WRITING & set(story.road.paths) - {"/v1/product/import/prices"}
        assert not again, again
        story.assert_never_more_promised()
        unwritten = await self.application.storage.run(lambda unit: unit.sync.open_intents(self.integration))
        assert unwritten == []

    def _assert_as_in_the_store(self) -> None:
        story, products, waiting = self.story, self.story.sandbox.products, self.waiting()
        wrong: list[tuple[object, ...]] = []
        for good in story.store.goods.values():
            product = products.get(story.offer(good.article))
            if product is None:
                if not good.deleted:
                    wrong.append((good, "not there"))
            elif good.deleted:
                if not product.archived:
                    wrong.append((good, "not archived", product.free, product.reserved))
            elif product.archived or not product.is_created or product.free != max(good.stock - waiting[good.article], 0):
                wrong.append((good, product.archived, product.status, dict(product.stocks), waiting[good.article]))
            elif product.price != good.price and product.min_price <= good.price <= product.min_price * 2:
                wrong.append((good, product.price, product.old_price, product.min_price))
        assert not wrong, wrong
