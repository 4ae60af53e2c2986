"""Fakes of what the tab «Магазин» asks: the connection, how everything stands, the states, the secrets, the watched folder."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from ozon_desktop.domain.new_products import Creation, LeftOut, MadeProduct, NewProduct, NewProductsPreview, NotMade
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, OrderStage, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.domain.take_over import Goods, Kind, StoreSide, TakenOver, match
from ozon_desktop.domain.take_over_preview import TakeOverPreview, Thing
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.store.connection import PullResult
from ozon_desktop.services.store.exchange import ExchangeState
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.services.store.take_over import NewSource
from tests.ui.run_fakes import FakeSchedule


@dataclass
class FakeStore:
    """One connection with everything around it. failure: what the next question to the store raises; holds: a pull waits until stopped."""

    now: datetime
    overview: StoreOverview
    kinds: frozenset[ConnectionKind] = frozenset(ConnectionKind)
    check_result: ConnectionCheck = field(default_factory=lambda: ConnectionCheck("ООО «Ромашка»"))
    failure: Exception | None = None
    unread: Exception | None = None
    secrets: dict[str, str] = field(default_factory=dict)
    connections: list[tuple[StoreConnection, str | None]] = field(default_factory=list)
    pulls: list[bool] = field(default_factory=list)
    holds: bool = False
    result: PullResult = field(default_factory=lambda: PullResult(None, False, 1))
    stopped_imports: int = 0
    kept_states: dict[OrderStage, str] = field(default_factory=dict)
    place: str = "Хранится в Windows"
    exchange: ExchangeState = field(default_factory=ExchangeState)
    take_over: "FakeTakeOver" = field(default_factory=lambda: FakeTakeOver())
    creating: "FakeCreating" = field(default_factory=lambda: FakeCreating())

    async def read(self, integration_id: int) -> StoreOverview:
        """As the true one, of what is put in."""
        if self.unread is not None:
            raise self.unread
        secret = bool(self.secrets.get(self.overview.connection.secret_name))
        return replace(self.overview, integration_id=integration_id, secret=secret, states=dict(self.kept_states), secret_place=self.place)

    async def check(self) -> ConnectionCheck:
        if self.failure is not None:
            raise self.failure
        return self.check_result

    async def connect(self, connection: StoreConnection, secret: str | None = None) -> ConnectionCheck:
        """Keeps it, unless it fails."""
        await self.check()
        self.connections.append((connection, secret))
        if secret is not None:
            self.secrets[connection.secret_name] = secret
        self.overview = replace(self.overview, connection=connection, health=StoreHealth.NEVER, last_at=None)
        return self.check_result

    async def set_interval(self, minutes: int) -> None:
        if not 1 <= minutes <= 1440:
            raise WrongInput("interval", detail=str(minutes))
        self.overview = replace(self.overview, connection=replace(self.overview.connection, interval_min=minutes))

    async def disconnect(self) -> None:
        self.secrets.pop(self.overview.connection.secret_name, None)
        self.overview = replace(self.overview, connection=StoreConnection(), health=StoreHealth.FILES)

    async def pull(self, progress: Progress, *, full: bool = False) -> PullResult:
        """Remembers what was asked for."""
        self.pulls.append(full)
        progress(ProgressUpdate(Stage.READING_FILE, 500, 1_000))
        if self.holds:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure
        return self.result

    async def state(self) -> ExchangeState:
        """Of the site for 1C."""
        if self.failure is not None:
            raise self.failure
        return self.exchange

    async def stop_import(self) -> None:
        """Of what 1C has sent."""
        self.stopped_imports += 1

    async def secret(self, connection: StoreConnection) -> str:
        return self.secrets.get(connection.secret_name, "")

    async def set_states(self, states: Mapping[OrderStage, str]) -> None:
        self.kept_states = {stage: text for stage, text in states.items() if text}


@dataclass
class FakeTakeOver:
    """The take-over of the store. failure: what the next question raises."""

    failure: Exception | None = None
    files: list[tuple[Path, ...]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    taken: TakenOver | None = None
    preview_result: TakeOverPreview = field(default_factory=lambda: a_preview())

    async def last(self) -> TakenOver | None:
        return self.taken

    async def source(self, files: Sequence[Path] = ()) -> NewSource:
        return NewSource(files=tuple(files))

    async def preview(self, source: NewSource, progress: Progress) -> TakeOverPreview:
        self.files.append(source.files)
        if self.failure is not None:
            raise self.failure
        return self.preview_result

    async def confirm(self, source: NewSource, confirmed: str, progress: Progress) -> TakeOverPreview:
        if self.failure is not None:
            raise self.failure
        self.confirmed.append(confirmed)
        self.taken = TakenOver(1, confirmed, "Файлы", "Ссылка", datetime(2026, 12, 5, tzinfo=UTC), None, can_be_undone=True)
        return self.preview_result

    async def undo(self) -> TakenOver:
        assert self.taken is not None
        undone, self.taken = self.taken, None
        return undone


@dataclass
class FakeCreating:
    """Products of cards. failure: what the next question raises; holds: the making waits until it is stopped."""

    preview_result: NewProductsPreview = field(default_factory=lambda: new_products())
    result: Creation = field(default_factory=lambda: Creation({"A-1": MadeProduct("x")}))
    failure: Exception | None = None
    holds: bool = False
    looked: int = 0
    confirmed: list[str] = field(default_factory=list)
    files: list[tuple[str, Path]] = field(default_factory=list)

    async def preview(self, integration_id: int) -> NewProductsPreview:
        self.looked += 1
        if self.failure is not None:
            raise self.failure
        return self.preview_result

    async def confirm(self, integration_id: int, confirmed: str, progress: Progress) -> Creation:
        self.confirmed.append(confirmed)
        progress(ProgressUpdate(Stage.STORE_PRODUCTS, 1, 2))
        if self.holds:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure
        return self.result

    async def write_file(self, integration_id: int, confirmed: str, path: Path, encoding: str = "utf-8") -> NewProductsPreview:
        self.files.append((confirmed, path))
        return self.preview_result


def new_products(*, can_make: bool = True) -> NewProductsPreview:
    """One that would be made, and one that is left to a person."""
    left = (LeftOut("B-1", "Шарф", NotMade.ARTICLE, "Шарф (b-1)"),)
    return NewProductsPreview("plan-1", "МойСклад", can_make, (NewProduct("id", "A-1", "Платье", ("Одежда",)),), left)


def a_preview() -> TakeOverPreview:
    """Two products of one article, and one that the new source has not."""
    products = (Goods("1", "Рубашка", article="A-1"), Goods("2", "Шарф", article="A-2"))
    matching = match(StoreSide(products), StoreSide((Goods("x", "Рубашка", article="A-1"),)))
    names = {kind: {one.id: Thing(one.name, one.article) for one in products} if kind is Kind.PRODUCT else {} for kind in Kind}
    return TakeOverPreview("abc123", "Файлы", "Ссылка: https://shop.example/price.yml", matching, names, {kind: {} for kind in Kind})


def store_services(store: FakeStore, schedule: FakeSchedule) -> dict[str, object]:
    """What an application has of them."""
    return {
        "store_connection": store,
        "store_take_over": store.take_over,
        "store_creating": store.creating,
        "onec": store,
        "store_overview": store,
        "store_orders": store,
        "scheduler": SimpleNamespace(watched=schedule.watched),
    }
