"""The store as people work in it, whatever its program is, and what it has told of its goods so far."""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from ozon_desktop.application import Application
from tests.e2e.sides.mortal import Lives
from tests.services.shop import MovingClock


@dataclass
class Ware:
    """price in roubles; shelf: pieces that really lie in the store."""

    article: str
    name: str
    price: int
    shelf: int
    gone: bool = False


@dataclass(frozen=True)
class Told:
    """What the store said of its goods at one moment: stocks by article. counted: postings whose pieces these hold no more."""

    stocks: Mapping[str, int]
    counted: frozenset[str] = frozenset()


class StoreSide(ABC):
    """The store. sold: by posting number the article and pieces of all that Ozon ever sold; shipped: those that have left the shelf.

    known: what the program may have heard, the newest last; it has heard of no older one.
    """

    category = ""
    price_type = ""

    def __init__(self, rng: random.Random, clock: MovingClock, lives: Lives, patch: pytest.MonkeyPatch) -> None:
        self.rng, self.clock, self.lives, self.patch = rng, clock, lives, patch
        self.wares: dict[str, Ware] = {}
        self.sold: dict[str, tuple[str, int]] = {}
        self.shipped: set[str] = set()
        self.known: list[Told] = []

    # --- people ---------------------------------------------------------------------------------------------------------

    def add(self, ware: Ware) -> None:
        self.wares[ware.article] = ware

    def change(self, ware: Ware, *, price: int, shelf: int, name: str) -> None:
        ware.price, ware.shelf, ware.name = price, shelf, name

    def delete(self, ware: Ware) -> None:
        ware.gone = True

    def ship(self, number: str) -> None:
        """Its pieces leave the shelf."""
        article, pieces = self.sold[number]
        self.wares[article].shelf -= pieces
        self.shipped.add(number)

    def person(self) -> None:  # noqa: B027 - in most stores there is nothing to change
        """Somebody changes how an order stands."""

    def publish(self) -> None:  # noqa: B027 - most stores answer with what is now
        """The store writes its file anew."""

    def trouble(self) -> None:  # noqa: B027 - 1C is the one that comes
        """The store's server answers badly for a while."""

    def mend(self) -> None:  # noqa: B027
        """It answers again."""

    # --- what it tells --------------------------------------------------------------------------------------------------

    def told(self) -> Told:
        """What it would say now. Stocks of a store that subtracts an order when the parcel leaves."""
        stocks = {ware.article: ware.shelf for ware in self.wares.values() if not ware.gone}
        return Told(stocks, frozenset(self.shipped))

    @property
    def waits(self) -> bool:
        """Whether there is more to be told than was."""
        return False

    # --- the program ----------------------------------------------------------------------------------------------------

    @abstractmethod
    async def connect(self, application: Application, integration: int) -> None:
        """Makes it the program's store, with all its goods."""

    async def begin(self, application: Application) -> None:  # noqa: B027
        """A life of the program has begun."""

    async def end(self) -> None:  # noqa: B027
        """It is over."""

    async def exchange(self, application: Application) -> None:
        """Goods come by themselves, if this store's do not wait for a run."""
        await application.store_connection.pull(lambda update: None, full=self.rng.random() < 0.2)

    async def finish(self, application: Application, integration: int) -> None:  # noqa: B027
        """What a store does by itself in quiet times."""

    def knows(self, article: str) -> bool:
        """Whether an order can name it. What cannot be named stands in the comment."""
        return True

    # --- orders ---------------------------------------------------------------------------------------------------------

    @abstractmethod
    def orders(self) -> dict[str, Counter[str]]:
        """Pieces by article of each posting the store has; AssertionError when one is there twice."""

    def check_orders(self, cancelled: set[str]) -> None:
        """Whether each is there as it has to be in the end. cancelled: before they were shipped."""
        found = self.orders()
        missing = {number for number in self.sold if number not in cancelled} - found.keys()
        assert not missing, ("orders that the store has not got", missing)
        assert found.keys() <= self.sold.keys()
        for number, lines in found.items():
            article, pieces = self.sold[number]
            assert lines == Counter({article: pieces} if self.knows(article) else {}), (number, lines)


@dataclass
class Names:
    """Articles and names nobody has used."""

    number: int = 0
    articles: list[str] = field(default_factory=list)

    def ware(self, rng: random.Random) -> Ware:
        self.number += 1
        article = f"A-{self.number:03}"
        self.articles.append(article)
        return Ware(article, f"Рубашка {article}", rng.randint(900, 3_000), rng.randint(0, 20))
