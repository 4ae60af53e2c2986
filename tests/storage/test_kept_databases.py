"""Databases of releases that were in use, upgraded to the newest schema: nothing lost, sound, and the program works on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.storage import schema
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.table_base import metadata
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.storage.kept_databases import RELEASES, Allowed, Row, Tables, losses, read, unpack_postgresql, unpack_sqlite
from tests.storage.old_databases import own_postgresql
from tests.storage.test_database import SEARCH_ONLY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_migrations")]

NOWHERE = "http://127.0.0.1:9"
NEWEST = schema.REVISIONS[-1]
LATER_KINDS = {"r0009": {RunKind.STORE_ORDERS, RunKind.STORE_CREATE, RunKind.FBS}}
"""Kinds of runs that a release did not know yet."""

BOTH = [f"{release} {kind}" for release in RELEASES for kind in ("sqlite", "postgresql")]


@pytest.fixture
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of one of them, as it was left."""
    release, _, kind = request.param.partition(" ")
    if kind == "sqlite":
        yield unpack_sqlite(release, tmp_path / "kept" / "shop.sqlite3")
        return
    server = request.getfixturevalue("postgresql_url")
    with psycopg.connect(server) as connection:
        if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchall():
            pytest.skip("this server has no pg_trgm, which the dump was made with")
    with own_postgresql(server) as url:
        unpack_postgresql(release, url)
        yield url


def upgrade(url: str) -> None:
    database = Database(url)
    database.open()
    database.close()


def age_lease(url: str) -> None:
    """The killed process may have been alive a moment ago by the clock of the machine that made the database; here it is long dead."""
    statement = "UPDATE run_leases SET expires_ms = 1"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(statement)
            connection.commit()
        return
    with psycopg.connect(url) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_kept_has_something_of_everything(release: str, tmp_path: Path) -> None:
    tables = read(unpack_sqlite(release, tmp_path / "shop.sqlite3"))
    assert [name for name, rows in tables.items() if not rows] == []
    kinds = set(RunKind) - LATER_KINDS[release]
    assert {(row["kind"], row["result"]) for row in tables["runs"]} >= {(kind, result) for kind in kinds for result in RunResult}
    assert {row["kind"] for row in tables["intents"]} >= {ActionKind.UPDATE, ActionKind.PRICE, ActionKind.STOCK}
    assert len(tables["integrations"]) == 2
    assert len([row for row in tables["store_products"] if row["parent_id"]]) > 1_000
    assert any("ё" in str(row["description"]) and '"' in str(row["description"]) for row in tables["store_products"])


@pytest.mark.parametrize("kept", BOTH, indirect=True)
def test_an_upgrade_loses_nothing(kept: str) -> None:
    before = read(kept)
    upgrade(kept)
    assert losses(before, read(kept), NEWEST) == []
    upgrade(kept)
    assert losses(before, read(kept), NEWEST) == []


@pytest.mark.parametrize("kept", BOTH, indirect=True)
def test_an_upgraded_database_is_sound_and_like_a_new_one(kept: str) -> None:
    def differences(unit: UnitOfWork) -> list[object]:
        opts = {"compare_type": True, "include_object": lambda _, name, *__: not name.startswith(SEARCH_ONLY)}
        return list(compare_metadata(MigrationContext.configure(unit.preferences._connection, opts=opts), metadata))

    database = Database(kept)
    database.open()
    assert database.run_sync(differences) == []
    database.close()
    if kept.startswith("sqlite"):
        with closing(sqlite3.connect(kept.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def numbers(tables: Tables, table: str, integration: int, column: str = "integration_id") -> int:
    return sum(1 for row in tables[table] if row[column] == integration)


def for_sale(tables: Tables, structure: str | None) -> set[object]:
    """The products of a structure, variants in place of what has variants."""
    known = [row for row in tables["store_products"] if not row["deleted"]]
    inside = {row["id"] for row in known if row["structure_id"] == structure and row["has_card"]}
    variants = {row["id"]: row["parent_id"] for row in known if row["parent_id"] in inside}
    return (inside - set(variants.values())) | set(variants)


async def seen_by_the_program(application: Application, before: Tables) -> None:
    """Every page lists what the tables hold."""
    first, second = await application.integrations.all()
    assert (first.settings.client_id, second.name) == (KNOWN_CLIENT_ID, "Второй «кабинет» Ё")
    for integration in (first, second):
        page = await application.integrations.page(integration.id)
        assert page.type_count > 0
        cards = await application.cards.view(integration.id)
        assert {row.product_id for row in cards.rows} >= for_sale(before, integration.settings.catalog_structure_id)
        for row in cards.rows[:3]:
            assert (await application.cards.details(integration.id, row.product_id)).card.offer_id == row.offer_id
        assert len((await application.orders.view(integration.id)).orders) == numbers(before, "orders", integration.id)
        assert len(await application.cards.field_rules.all(integration.id)) == numbers(before, "field_rules", integration.id)
        assert len(await application.mapping.history(integration.id)) == numbers(before, "mapping_changes", integration.id)
        assert len((await application.mapping.view(integration.id)).own) == numbers(before, "category_mappings", integration.id)
        await application.sync_rules.view(integration.id)
    report = await application.cabinet_cards.report(first.id)
    assert len(report.matched) + len(report.only_ozon) > 100
    assert report.complete
    await application.cabinet_cards.differences(first.id)
    runs = await application.journal.runs(None, 1_000)
    assert len(runs) == len(before["runs"])
    assert not [run for run in runs if run.result is RunResult.RUNNING]
    assert (await application.scheduler.times(first.id))[0].isoformat() == "07:30:00"
    await application.notifications.load()
    await application.overview.statuses()


@pytest.mark.parametrize("kept", BOTH, indirect=True)
async def test_the_program_opens_lists_and_previews_what_was_left(kept: str, tmp_path: Path) -> None:
    before = read(kept)
    age_lease(kept)
    secrets = MemoryStore(fallback=ADMIN_KEY)
    application = await build(Options(tmp_path / "data", kept, NOWHERE, secret_store=secrets))
    try:
        await seen_by_the_program(application, before)
        first, _ = await application.integrations.all()
        preview = await application.previews.preview(first.id, silent)
        assert preview.offline is not None
        assert len(preview.plan.items) > 100
        intents = await application.storage.run(lambda unit: unit.sync.open_intents(first.id))
        assert [len(intent.payload) for intent in intents] == [100, 84, 3, 3]
        assert [intent.task_id is None for intent in intents] == [False, False, True, True]
    finally:
        await application.close()


# --- The comparison itself ------------------------------------------------------------------------------------------

BEFORE: Tables = {"a": [{"id": 1, "text": "ё"}, {"id": 2, "text": "2"}], "b": [{"id": 1}], "empty": []}


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        ({**BEFORE, "new": [{"id": 1}]}, 0),
        (
            {
                "a": [{"id": 1, "text": "ё", "new": None}, {"id": 2, "text": "2", "new": 5}, {"id": 3, "text": "3", "new": 5}],
                "b": [{"id": 1}],
            },
            0,
        ),
        ({"a": BEFORE["a"]}, 1),
        ({"a": [{"id": 1, "text": "е"}, {"id": 2, "text": "2"}], "b": [{"id": 1}]}, 1),
        ({"a": [{"id": 1, "text": "ё"}, {"id": 2, "text": 2}], "b": [{"id": 1}]}, 1),
        ({"a": [{"id": 1, "text": "ё"}], "b": [{"id": 1}]}, 1),
        ({"a": [{"id": 1}, {"id": 2}], "b": [{"id": 1}]}, 1),
        ({"a": [], "b": []}, 2),
    ],
)
def test_a_loss_is_seen(after: Tables, lost: int) -> None:
    assert len(losses(BEFORE, after, "0010")) == lost


def test_a_declared_change_is_asked_for_from_its_revision_on() -> None:
    def longer(row: Row) -> object:
        return f"{row['text']}!"

    declared = [Allowed("0011", "a", "text", "an example", longer), Allowed("0011", "b", "", "rows go", lambda row: False)]
    changed: Tables = {"a": [{"id": 1, "text": "ё!"}, {"id": 2, "text": "2!"}], "b": []}
    assert losses(BEFORE, changed, "0011", declared) == []
    assert len(losses(BEFORE, changed, "0010", declared)) == 3
    assert len(losses(BEFORE, BEFORE, "0011", declared)) == 2


def test_a_loss_in_a_real_database_is_seen(tmp_path: Path) -> None:
    url = unpack_sqlite(RELEASES[0], tmp_path / "shop.sqlite3")
    before = read(url)
    with closing(sqlite3.connect(tmp_path / "shop.sqlite3")) as connection:
        connection.execute("DELETE FROM order_statuses WHERE id = (SELECT min(id) FROM order_statuses)")
        connection.execute("UPDATE store_prices SET value = value || '0' WHERE product_id = 'large-00001'")
        connection.execute("ALTER TABLE field_rules DROP COLUMN factor")
        connection.commit()
    found = losses(before, read(url), NEWEST, ())
    assert sorted(line.partition(":")[0] for line in found) == ["field_rules", "order_statuses", "store_prices"]
