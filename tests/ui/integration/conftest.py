"""Fake services behind the integration page; gates and checklist are the real rules."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.articles import AUTOMATIC, ArticleSource
from ozon_desktop.domain.integration import ConnectionReport, Integration, IntegrationSettings, VatRate, settings_problems
from ozon_desktop.domain.ozon_catalog import OzonCategory
from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Action, checklist, missing_for
from ozon_desktop.domain.store_catalog import CatalogStructure, Employee, OrderDirection, Organization, PriceType
from ozon_desktop.domain.store_connection import StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.services.catalog.tree_history import LastChanges
from ozon_desktop.services.catalog.view import FetchResult, SettingsResult
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.services.store.articles import ArticlePreview
from ozon_desktop.services.store.columns import Column, Sheet
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker
from tests.ui.integration.store_fakes import FakeStore, store_services
from tests.ui.run_fakes import FakeSchedule

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
REPORT = ConnectionReport("ООО «Ромашка»", "RUB", ("Admin",), (), NOW + timedelta(days=89), NOW)


class FakeCabinet:
    """Integrations, connection and catalogue in one; keeps what it is given."""

    def __init__(self) -> None:
        self.integration = Integration(1, "Ozon")
        self.key = ""
        self.bases: tuple[OzonCategory, ...] = ()
        self.organizations = [Organization("o1", "ООО «Ромашка»")]
        self.structures = [CatalogStructure("s1", "ОЗОН")]
        self.report: ConnectionReport | Exception = REPORT
        self.failure: Exception | None = None
        self.changes: LastChanges | None = None
        self.vat_rates: frozenset[VatRate] = frozenset()
        self.saved: list[IntegrationSettings] = []

    async def page(self, integration_id: int) -> IntegrationPage:
        """The page by the real rules."""
        known = replace(self.integration, has_key=bool(self.key))
        return IntegrationPage(
            integration=known,
            structures=tuple(self.structures),
            directions=(OrderDirection("d1", "Основное направление"),),
            organizations=tuple(self.organizations),
            employees=(Employee("e1", "Смирнова Анна"),),
            price_types=(PriceType("p1", "Розничная"),) if self.structures else (),
            bases=self.bases,
            key_place="Диспетчер учётных данных Windows",
            key_hint=self.key[-4:],
            checklist=checklist(known, len(self.bases), 0),
            problems=settings_problems(known.settings, bool(self.key)),
            missing={action: missing_for(action, known, 0) for action in Action},
            type_count=0,
            settings_count=0,
            value_count=0,
            tree_changed_at=self.changes.at if self.changes is not None else None,
            vat_rates=self.vat_rates,
        )

    async def save(self, integration_id: int, settings: IntegrationSettings, api_key: str | None) -> IntegrationPage:
        """Keeps settings and key."""
        if self.failure is not None:
            raise self.failure
        self.saved.append(settings)
        self.integration = replace(self.integration, settings=settings, connection=None if api_key else self.integration.connection)
        self.key = api_key or self.key
        return await self.page(integration_id)

    async def set_enabled(self, integration_id: int, enabled: bool) -> IntegrationPage:
        """Switches."""
        if self.failure is not None:
            raise self.failure
        self.integration = replace(self.integration, enabled=enabled)
        return await self.page(integration_id)

    async def select_bases(self, integration_id: int, base_ids: frozenset[int]) -> IntegrationPage:
        """Chooses base categories."""
        self.integration = replace(self.integration, selected_base_ids=base_ids)
        return await self.page(integration_id)

    async def add_reference(self, kind: str, name: str) -> str:
        """Only organizations are edited in these tests."""
        self.organizations.append(Organization(f"o{len(self.organizations) + 1}", name))
        return self.organizations[-1].id

    async def rename_reference(self, kind: str, reference_id: str, name: str) -> None:
        """Renames an organization."""
        self.organizations = [replace(entry, name=name) if entry.id == reference_id else entry for entry in self.organizations]

    async def remove_reference(self, kind: str, reference_id: str) -> None:
        """Removes an organization."""
        self.organizations = [entry for entry in self.organizations if entry.id != reference_id]

    async def check(self, integration_id: int) -> ConnectionReport:
        """The report, or the failure put in."""
        if isinstance(self.report, Exception):
            raise self.report
        self.integration = replace(self.integration, connection=self.report)
        return self.report

    async def fetch_base(self, integration_id: int, progress: Progress) -> FetchResult:
        """Ten base categories."""
        progress(ProgressUpdate(Stage.BASE_CATEGORIES))
        if self.failure is not None:
            raise self.failure
        self.bases = tuple(OzonCategory(number, None, f"Раздел {number}") for number in range(1, 11))
        self.integration = replace(self.integration, base_fetched_at=NOW)
        return FetchResult(10, 0, 0, 1)

    async def fetch_children(self, integration_id: int, progress: Progress) -> FetchResult:
        """Some children."""
        self.integration = replace(self.integration, children_fetched_at=NOW)
        return FetchResult(1, 5, 21, 1)

    async def last_changes(self, integration_id: int) -> LastChanges | None:
        """The changes put in."""
        return self.changes

    async def fetch_settings(self, integration_id: int, progress: Progress) -> SettingsResult:
        """Some settings."""
        self.integration = replace(self.integration, settings_fetched_at=NOW)
        return SettingsResult(21, 300, 4, 5000, 30)


class FakeArticles:
    """Article rules over a store of `products`; a rule by code leaves one product without an article."""

    def __init__(self) -> None:
        self.products = 0
        self.rule: tuple[ArticleSource, ...] | None = None
        self.best: tuple[ArticleSource, ...] = AUTOMATIC

    async def chosen(self, integration_id: int) -> tuple[ArticleSource, ...] | None:
        """The rule that was taken."""
        return self.rule

    async def proposed(self, integration_id: int) -> ArticlePreview:
        """The best rule."""
        return await self.preview(integration_id, self.best)

    async def preview(self, integration_id: int, rule: tuple[ArticleSource, ...]) -> ArticlePreview:
        """All have an article but one by code."""
        without = int(rule[0] is ArticleSource.CODE and self.products > 0)
        return ArticlePreview(rule, self.products, self.products - without, without, 0, (("id-1", "A-1"),))

    async def choose(self, integration_id: int, rule: tuple[ArticleSource, ...] | None) -> None:
        """Takes it."""
        self.rule = rule


class FakeColumns:
    """A table of two columns; keeps the roles it is given."""

    def __init__(self) -> None:
        self.roles = {"Артикул": ColumnRole.ARTICLE, "Цена опт": ColumnRole.PROPERTY}
        self.failure: Exception | None = None

    async def preview(self, path: Path) -> list[Sheet]:
        """The roles kept; two sheets share a heading."""
        if self.failure is not None:
            raise self.failure
        columns = tuple(Column(heading, role, ("007", "8")) for heading, role in self.roles.items())
        return [Sheet("Обувь", "k1", columns), Sheet("Шапки", "k2", (*columns[:1], Column("Пусто", ColumnRole.NOTHING, ())))]

    async def choose(self, path: Path, roles: Mapping[str, ColumnRole]) -> list[Sheet]:
        """Keeps them."""
        self.roles.update(roles)
        return await self.preview(path)


@pytest.fixture
def columns() -> FakeColumns:
    """The fake columns of a price list."""
    return FakeColumns()


@pytest.fixture
def articles() -> FakeArticles:
    """The fake article rules."""
    return FakeArticles()


@pytest.fixture
def cabinet() -> FakeCabinet:
    """The fake services."""
    return FakeCabinet()


@pytest.fixture
def store() -> FakeStore:
    """The fake store: nothing is connected, nothing was loaded."""
    return FakeStore(NOW, StoreOverview(1, StoreConnection(), StoreHealth.FILES, NOW))


@pytest.fixture
def schedule() -> FakeSchedule:
    """The watched folder."""
    return FakeSchedule()


@pytest.fixture
def context(
    qtbot: QtBot,
    tmp_path: Path,
    cabinet: FakeCabinet,
    articles: FakeArticles,
    columns: FakeColumns,
    store: FakeStore,
    schedule: FakeSchedule,
) -> Iterator[WindowContext]:
    """A context over the fakes."""
    application: Any = SimpleNamespace(
        integrations=cabinet,
        connection=cabinet,
        catalog=cabinet,
        clock=lambda: NOW,
        article_rules=articles,
        price_list_columns=columns,
        **store_services(store, schedule),
    )
    theme, worker = Theme(ThemeMode.LIGHT), Worker()
    theme.apply()
    yield WindowContext(application, worker, theme, WindowState(tmp_path / "window.ini"), presenter=Presenter(), integration_id=1)
    worker.stop()


@pytest.fixture
def view(qtbot: QtBot, context: WindowContext) -> IntegrationPageView:
    """The page, shown and loaded."""
    view = IntegrationPageView(context)
    qtbot.addWidget(view)
    view.resize(1142, 700)
    view.show()
    settle(qtbot, context)
    return view


def settle(qtbot: QtBot, context: WindowContext) -> None:
    """Waits until nothing runs."""
    qtbot.waitUntil(lambda: context.worker.pending == 0)
