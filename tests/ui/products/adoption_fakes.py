"""A cabinet beside a small store, and its service in memory, for the windows of the cabinet's cards."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ozon_desktop.domain.adoption import Decision, MatchedBy
from ozon_desktop.domain.card import Origin
from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.services.cabinet.cards import ExportedFiles
from ozon_desktop.services.cabinet.report import AdoptionReport, ReportedCard, StoreProduct
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
LOADED = NOW - timedelta(hours=1)
BOOTS = StoreProduct("p1", "SP-2201", "Сапоги зимние женские")
SHOES = StoreProduct("p2", "KR-1042", "Кроссовки беговые Atlas, синие")
SHOES_2 = StoreProduct("p3", "KR-1043", "Кроссовки беговые Atlas, серые")
COOKER = StoreProduct("p4", "MV-0007", "Мультиварка 5 л")
POT = StoreProduct("p5", "KA-0001", "Кастрюля")
SNEAKERS = ReportedCard("OZ-2", 2, "Кроссовки Atlas беговые", False, candidates=((SHOES, 92.4), (SHOES_2, 88.0)))
PAN = ReportedCard("OZ-5", 5, "Кастрюля эмалированная", False, candidates=((POT, 86.0),))
REPORT = AdoptionReport(
    matched=(
        ReportedCard("SP-2201", 1, "Сапоги зимние", False, BOOTS, MatchedBy.ARTICLE),
        ReportedCard("OZ-4", 4, "Мультиварка на 5 литров", True, COOKER, MatchedBy.BARCODE),
    ),
    only_ozon=(ReportedCard("OZ-6", 6, "Чайник", False), ReportedCard("OZ-7", 7, "Утюг старый", True)),
    only_store=(StoreProduct("p6", "TV-1", "Телевизор"),),
    doubtful=(SNEAKERS, PAN),
    several=(ReportedCard("KR-1050", 8, "Кеды", False, candidates=((StoreProduct("p8", "KR-1050", "Кеды детские"), 100.0),)),),
    gone=(ReportedCard("OZ-9", 9, "Лампа", False),),
    loaded_at=LOADED,
    complete=True,
)
DIFFERENCES = (
    CardDifference("p1", "SP-2201", "name", "Сапоги зимние женские", "Сапоги зимние"),
    CardDifference("p1", "SP-2201", "attribute:85", "Ромашка", "", None, "Бренд", Origin.CATEGORY, "Обувь"),
    CardDifference("p1", "SP-2201", "price", "7450", "7990"),
    CardDifference("p1", "SP-2201", "type_key", "Обувь / Повседневная обувь / Сапоги", "Обувь / Повседневная обувь / Полусапоги"),
    CardDifference("p4", "OZ-4", "price", "5200", "4990", Side.OZON),
    CardDifference("p4", "OZ-4", "description", "Мультиварка\nс десятью программами", "Мультиварка " * 40),
)


def rejected(decision: Decision) -> ReportedCard:
    """The pair as the report lists it."""
    cards = {card.offer_id: card for card in (*REPORT.doubtful, *REPORT.several)}
    card = cards[decision.offer_id]
    product = next(product for product, _ in card.candidates if product.product_id == decision.product_id)
    return ReportedCard(card.offer_id, card.ozon_id, card.name, card.archived, product)


class FakeCabinet:
    """The service over a report and a list of differences."""

    def __init__(self) -> None:
        self.known = AdoptionReport()
        self.rows: list[CardDifference] = []
        self.rules: dict[str, Side] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.error: Exception | None = None
        self.load_error: Exception | None = None
        self.before: AdoptionReport | None = None
        self.held: asyncio.Event | None = None

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    async def load(self, integration_id: int, progress: Progress) -> AdoptionReport:
        self.calls.append(("load",))
        progress(ProgressUpdate(Stage.CABINET, 250, 1000))
        if self.held is not None:
            await self.held.wait()
        if self.load_error is not None:
            raise self.load_error
        self.known = REPORT
        return self.known

    async def report(self, integration_id: int) -> AdoptionReport:
        self._fail()
        return self.known

    async def decide(self, integration_id: int, decisions: Sequence[Decision]) -> None:
        self._fail()
        self._step(len(decisions))
        for one in decisions:
            self.calls.append(("confirm" if one.same else "reject", one.product_id, one.offer_id))
            self._take(one.offer_id, "" if one.same else one.product_id)
            if not one.same:
                self.known = replace(self.known, rejected=(*self.known.rejected, rejected(one)))

    async def take_back(self, integration_id: int, decisions: Sequence[Decision]) -> None:
        self._fail()
        self._step(len(decisions))
        gone = {(one.product_id, one.offer_id) for one in decisions}
        self.calls += [("take_back", *pair) for pair in sorted(gone)]
        kept = tuple(card for card in self.known.rejected if card.product and (card.product.product_id, card.offer_id) not in gone)
        self.known = replace(self.known, rejected=kept)

    async def assign(self, integration_id: int, product_id: str, offer_id: str) -> None:
        self._fail()
        self._step(1)
        self.calls.append(("assign", product_id, offer_id))
        self.known = replace(self.known, only_ozon=tuple(card for card in self.known.only_ozon if card.offer_id != offer_id))

    async def undo(self, integration_id: int) -> int:
        self._fail()
        self.calls.append(("undo",))
        undone, (self.known, self.before) = self.known.undoable, (self.before or self.known, None)
        return undone

    def _step(self, count: int) -> None:
        self.before = self.known
        self.known = replace(self.known, undoable=count)

    def _take(self, offer_id: str, product_id: str = "") -> None:
        left = []
        for card in self.known.doubtful:
            if card.offer_id == offer_id:
                kept = tuple(pair for pair in card.candidates if product_id and pair[0].product_id != product_id)
                left += [replace(card, candidates=kept)] if kept else []
            else:
                left.append(card)
        self.known = replace(self.known, doubtful=tuple(left))

    async def export_only_on_ozon(
        self, integration_id: int, folder: Path, *, encoding: str = "utf-8", with_archived: bool = False
    ) -> ExportedFiles:
        self._fail()
        self.calls.append(("export", folder, encoding, with_archived))
        count = 2 if with_archived else 1
        return ExportedFiles(folder / "import.xml", folder / "offers.xml", folder / "ozon-cards.xlsx", count, 2 - count)

    async def differences(
        self, integration_id: int, product_ids: Collection[str] | None = None, fields: Collection[str] | None = None
    ) -> list[CardDifference]:
        self._fail()
        self.calls.append(("differences", None if product_ids is None else tuple(product_ids)))
        rows = (row for row in self.rows if product_ids is None or row.product_id in product_ids)
        return [replace(row, side=self.rules[row.field]) if row.field in self.rules and row.side is None else row for row in rows]

    async def choose(self, integration_id: int, side: Side | None, *, product_ids: Sequence[str] = (), field: str = "") -> int:
        self._fail()
        self.calls.append(("choose", side, tuple(product_ids), field))
        if not product_ids:
            self.rules = {name: kept for name, kept in self.rules.items() if name != field} | ({field: side} if side is not None else {})
            return sum(row.field == field for row in self.rows)
        owners = set(product_ids)
        hit = [row.product_id in owners and field in {"", row.field} for row in self.rows]
        self.rows = [replace(row, side=side) if wanted else row for row, wanted in zip(self.rows, hit, strict=True)]
        return len({row.product_id for row, wanted in zip(self.rows, hit, strict=True) if wanted})


def make_context(app: Any, worker: Worker, folder: Path, cabinet: FakeCabinet, mode: ThemeMode = ThemeMode.LIGHT) -> WindowContext:
    """A window context over this cabinet."""
    theme = Theme(mode)
    app.setFont(window_font())
    theme.apply()
    application: Any = SimpleNamespace(cabinet_cards=cabinet, clock=lambda: NOW)
    return WindowContext(application, worker, theme, WindowState(folder / "window.ini"), presenter=Presenter(), integration_id=1)
