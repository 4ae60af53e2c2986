"""A window context over a fake synchronization service, and plans to show."""

import asyncio
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.first_five import FieldCheck
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.integration import LimitUsage, Scheme
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Part, PlanItem, Reason, SyncPlan, Verdict
from ozon_desktop.domain.take_back import Lasting
from ozon_desktop.errors import AppError
from ozon_desktop.services.cabinet.existing_cards import ExistingCards
from ozon_desktop.services.sync.first_five import FiveSent
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.rules import SyncRules
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from ozon_desktop.services.sync.take_back import TakeBackPreview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.sync.page import SyncPage
from ozon_desktop.ui.worker import Worker
from tests.ui.sync.showing import Page, settled

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
WAREHOUSE = 1020000000000001


def make_items() -> tuple[PlanItem, ...]:
    """One product to create, one price, one stock, and one skipped for two reasons."""
    price, stock = FieldChange("price", "4990", "4490"), FieldChange(f"stock:{WAREHOUSE}", "5", "3")
    brand = (FieldChange("name", "", "Чайник Ёлка"), FieldChange("attribute:85", "", "Русь"), FieldChange("price", "", "1234.5"))
    why = (CardProblem(ProblemCode.REQUIRED_EMPTY, "Бренд", 85), CardProblem(ProblemCode.WEIGHT_MISSING, "weight"))
    return (
        PlanItem(ActionKind.CREATE, "KT-1", "Чайник Ёлка", Reason.NEW_PRODUCT, brand, product_id="p1"),
        PlanItem(ActionKind.PRICE, "KR-1042", "Кроссовки Atlas", Reason.PRICE_CHANGED, (price,), product_id="p2"),
        PlanItem(
            ActionKind.STOCK,
            "KR-1043",
            "Кроссовки Atlas",
            Reason.STOCK_CHANGED,
            (stock,),
            product_id="p3",
        ),
        PlanItem(ActionKind.SKIP, "SP-2201", "Сапоги зимние", Reason.NOT_READY, problems=why, product_id="p4"),
    )


def make_preview(items: tuple[PlanItem, ...] | None = None, offline: AppError | None = None) -> Preview:
    """A preview of these items."""
    plan = SyncPlan(make_items() if items is None else items)
    limits = (LimitUsage("daily_create", 1500, 12),)
    return Preview(plan, limits, 7, {WAREHOUSE: "Основной"}, {85: "Бренд"}, "Розничная", offline)


def make_result(
    *outcomes: ItemOutcome, result: RunResult = RunResult.DONE, new_orders: int = 0, counts: tuple[tuple[str, int], ...] = ()
) -> SyncResult:
    """How a run ended."""
    run = Run(1, 1, RunKind.SYNC, RunCause.MANUAL, NOW, NOW, result, counts)
    return SyncResult(run, outcomes, new_orders)


SENT = ItemOutcome("KR-1042", "Кроссовки Atlas", ActionKind.PRICE, OutcomeState.SENT)
FAILED = ItemOutcome(
    "KT-1", "Чайник Ёлка", ActionKind.CREATE, OutcomeState.FAILED, (RunProblem("KT-1", "Бренд", "error_attribute_values_empty", "x"),)
)


class FakeSync:
    """Answers with what the test put in; `hold` keeps a run open until it is cancelled or released."""

    def __init__(self) -> None:
        self.answer: Preview | AppError = make_preview()
        self.result: SyncResult | AppError = make_result(SENT)
        self.previews: list[frozenset[Part]] = []
        self.compared: list[bool] = []
        self.reported: ProgressUpdate | None = None
        self.wait = False
        self.runs: list[dict[str, Any]] = []
        self.hold = False

    async def preview(self, integration_id: int, progress: Progress, parts: frozenset[Part], *, against_ozon: bool = False) -> Preview:
        """The preview that was put in."""
        self.previews.append(parts)
        self.compared.append(against_ozon)
        if self.reported is not None:
            progress(self.reported)
        if self.wait:
            await asyncio.Event().wait()
        if isinstance(self.answer, AppError):
            raise self.answer
        return self.answer

    async def of_plan(self, integration_id: int, plan: SyncPlan) -> Preview:
        """The plan with the names the test knows."""
        return make_preview(plan.items)

    async def run(self, integration_id: int, progress: Progress, request: SyncRequest) -> SyncResult:
        """The result that was put in."""
        self.runs.append(
            {"integration_id": integration_id, **{name: getattr(request, name) for name in ("plan", "parts", "only_offers", "confirm")}}
        )
        progress(ProgressUpdate(Stage.PRICES, 3, 12))
        if self.hold:
            await asyncio.Event().wait()
        if isinstance(self.result, AppError):
            raise self.result
        return self.result


class FakeRules:
    """Rules of a store that has nothing to name."""

    async def view(self, integration_id: int) -> SyncRules:
        """Never set."""
        return SyncRules(PriceRules(), None, Scheme.FBS, (), (), (), ())

    async def example(self, integration_id: int, article: str = "") -> None:
        """No product has a price."""

    async def save(self, integration_id: int, prices: PriceRules, stocks: object) -> None:
        """Takes them."""


class FakeCatalog:
    """A tree of one type."""

    async def tree(self) -> OzonTree:
        """The tree."""
        return OzonTree.build([OzonCategory(17, None, "Техника")], [OzonType(TypeKey(17, 970), "Чайник")])


class FakeHeld:
    """Keeps what was decided, in the order in which it came."""

    def __init__(self) -> None:
        self.decided: list[tuple[str, Verdict | None]] = []

    async def decide(self, integration_id: int, keys: Iterable[HeldKey], verdict: Verdict) -> int:
        """Notes the articles."""
        self.decided += [(key.offer_id, verdict) for key in keys]
        return 1

    async def take_back(self, integration_id: int, keys: Iterable[HeldKey]) -> int:
        """Notes the articles."""
        self.decided += [(key.offer_id, None) for key in keys]
        return 1


class FakeExisting:
    """Cards that were on Ozon before; none unless a test says so."""

    def __init__(self) -> None:
        self.shown = ExistingCards(0, None, None, None, None, {})

    async def view(self, integration_id: int) -> ExistingCards:
        """What the test put in, or what was answered."""
        return self.shown

    async def answer(self, integration_id: int, *, content: Content, prices: Side, stocks: Side) -> None:
        """Takes the answer."""
        self.shown = replace(self.shown, answered_at=NOW, content=content, prices=prices, stocks=stocks)


class FakeCards:
    """Notes which of Ozon's values are kept."""

    def __init__(self) -> None:
        self.chosen: list[tuple[Side | None, tuple[str, ...], str]] = []

    async def choose(self, integration_id: int, side: Side | None, *, product_ids: Sequence[str] = (), field: str = "") -> int:
        """Notes the choice."""
        self.chosen.append((side, tuple(product_ids), field))
        return 1


class FakeFive:
    """Two fields of one product, one of which Ozon does not show as it was sent."""

    def __init__(self) -> None:
        self.confirmed: list[str] = []

    async def send(self, integration_id: int, progress: Progress, preview: Preview, confirm: str) -> FiveSent:
        """Notes what was confirmed."""
        self.confirmed.append(confirm)
        checks = (FieldCheck("KT-1", "Чайник", "name", "А", "А", True), FieldCheck("KT-1", "Чайник", "price", "100", "99", False))
        return FiveSent(("KT-1",), make_result(SENT), checks)


class FakeBack:
    """One price to be put back, and one card that cannot be."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []

    async def preview(self, integration_id: int, run_id: int) -> TakeBackPreview:
        """The old price."""
        old = PlanItem(
            ActionKind.PRICE, "KR-1042", "Кроссовки", Reason.TAKEN_BACK, (FieldChange("price", "4490", "4990"),), product_id="p2"
        )
        return TakeBackPreview(SyncPlan((old,)), "old1", (("H-1", Lasting.CARD_UNKNOWN),))

    async def send(self, integration_id: int, run_id: int, progress: Progress, confirm: str) -> SyncResult:
        """Notes what was confirmed."""
        self.sent.append((run_id, confirm))
        return make_result(SENT)


@pytest.fixture
def service() -> FakeSync:
    """The fake service behind the context."""
    return FakeSync()


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path, service: FakeSync) -> Iterator[WindowContext]:
    """A context whose application is nothing but the fake."""
    application: Any = SimpleNamespace(
        sync=service,
        previews=service,
        catalog=FakeCatalog(),
        sync_rules=FakeRules(),
        held_items=FakeHeld(),
        existing_cards=FakeExisting(),
        cabinet_cards=FakeCards(),
        first_five=FakeFive(),
        take_back=FakeBack(),
        clock=lambda: NOW,
    )
    theme = Theme(ThemeMode.LIGHT)
    worker = Worker()
    state = WindowState(tmp_path / "window.ini")
    yield WindowContext(application, worker, theme, state, presenter=Presenter(), integration_id=1)
    worker.stop()
    # Jobs are deleted here: left to the garbage collector, they could be deleted in the next test's services thread. All are young.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)


@pytest.fixture
def open_page(qtbot: QtBot, context: WindowContext) -> Page:
    """Opens the page and waits until it has its preview, or says why not."""

    def opened() -> SyncPage:
        page = SyncPage(context, RulesWindow)
        qtbot.addWidget(page)
        page.show()
        settled(qtbot, context)
        return page

    return opened


@pytest.fixture
def plan_items() -> tuple[PlanItem, ...]:
    """One item of most kinds."""
    return make_items()


@pytest.fixture
def preview_of() -> Callable[..., Preview]:
    """Makes previews."""
    return make_preview


@pytest.fixture
def result_of() -> Callable[..., SyncResult]:
    """Makes results."""
    return make_result


@pytest.fixture
def failed_outcome() -> ItemOutcome:
    """A product Ozon did not accept."""
    return FAILED
