"""Databases of earlier releases, brought to the newest schema with what is in them."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.storage import schema, value_search
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_migrations")]

BRANDS, COLOURS = DictionaryKey(85), DictionaryKey(1494, TypeKey(22, 6))
VALUES = [
    *((1, DictionaryValue(number, f"Бренд {number:05}", "о нём", "https://example.org/1.png")) for number in range(12_000)),
    (2, DictionaryValue(7, "Тёмно-зелёный")),
    (2, DictionaryValue(8, "зелень 100%")),
]


def make_old(engine: Engine) -> None:
    """What release 1 left behind: its schema, its own way of writing values."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    columns = ("dictionary", "id", "value", "folded", "info", "picture")
    rows = [dict(zip(columns, (number, v.id, v.value, fold(v.value), v.info, v.picture), strict=True)) for number, v in VALUES]
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO preferences VALUES ('theme', 'dark')"))
        added = "INSERT INTO ozon_dictionaries (id, dictionary_id, category_id, type_id, partial, value_count) VALUES "
        connection.execute(text(added + "(1, 85, 0, 0, false, 12000), (2, 1494, 22, 6, true, 2)"))
        connection.execute(text("INSERT INTO ozon_values VALUES (:dictionary, :id, :value, :folded, :info, :picture)"), rows)
    engine.dispose()


@pytest.fixture
def old_sqlite(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    make_old(create_engine(url))
    return url


@pytest.fixture
def old_postgresql(postgresql_url: str) -> Iterator[str]:
    """A database of its own: the shared one is at the newest schema already."""
    name = f"ozon_desktop_old_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = postgresql_url.rpartition("/")[0] + "/" + name
        make_old(create_engine(make_url(url).set(drivername="postgresql+psycopg")))
        yield url
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["old_sqlite", "old_postgresql"])
def old(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


def test_values_of_the_first_release_are_kept_and_found(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_search, "_FEW_VALUES", 0)
    database = Database(old)
    database.open()
    by_name = database.run_sync(lambda unit: unit.ozon.search_values(BRANDS, "1999"))
    greens = database.run_sync(lambda unit: unit.ozon.search_values(COLOURS, "ЗЕЛЕ"))
    assert by_name == [VALUES[1999][1], VALUES[11_999][1]]
    assert greens == [VALUES[12_001][1], VALUES[12_000][1]]
    assert database.run_sync(lambda unit: unit.preferences.get("theme")) == "dark"
    assert database.run_sync(lambda unit: unit.ozon.dictionary_state(COLOURS)) == DictionaryState(COLOURS, True, 2, None)
    database.close()


def test_an_upgraded_dictionary_goes_on_growing(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_search, "_FEW_VALUES", 0)
    database = Database(old)
    database.open()
    new = [DictionaryValue(5, "Бренд новый"), DictionaryValue(20_000, "Бренд новейший"), VALUES[6][1]]
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, new))
    database.run_sync(lambda unit: unit.ozon.finish_dictionary(BRANDS, False, NOW))
    assert database.run_sync(lambda unit: unit.ozon.search_values(BRANDS, "нов")) == [new[1], new[0]]
    assert database.run_sync(lambda unit: unit.ozon.search_values(BRANDS, "00005")) == []
    assert database.run_sync(lambda unit: unit.ozon.search_values(BRANDS, "00006")) == [VALUES[6][1]]
    assert database.run_sync(lambda unit: unit.ozon.dictionary_state(BRANDS)) == DictionaryState(BRANDS, False, 12_001, NOW)
    database.close()


def test_products_that_share_an_article_are_found_without_reading_all(old_sqlite: str) -> None:
    database = Database(old_sqlite)
    database.open()
    queries: list[str] = []

    def explained(unit: UnitOfWork) -> list[str]:
        connection = unit.store._connection
        remember = lambda *call: queries.append(call[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", remember)
        unit.store.sharing("RU-1", "4600000000001")
        event.remove(connection, "before_cursor_execute", remember)
        return [str(connection.exec_driver_sql("EXPLAIN QUERY PLAN " + query, ("x",) * query.count("?")).all()) for query in queries]

    plans = database.run_sync(explained)
    database.close()
    assert len(plans) == 2
    assert "ix_store_products_offer_id" in plans[0]
    assert "ix_store_products_sold_as" in plans[0]
    assert "ix_store_products_barcodes" in plans[1]


def test_a_copy_of_the_old_file_stays_beside_it(old_sqlite: str, tmp_path: Path) -> None:
    database = Database(old_sqlite)
    database.open()
    database.open()
    database.close()
    copies = list(tmp_path.glob("*.backup"))
    assert [copy.name for copy in copies] == ["shop.sqlite3.0001.1.backup"]
    with closing(sqlite3.connect(copies[0])) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT count(*) FROM ozon_values").fetchone() == (len(VALUES),)
        assert connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'ozon@_value@_%' ESCAPE '@'").fetchall() == []


def trigram_indexes(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT indexname FROM pg_indexes WHERE indexname = 'ix_ozon_values_folded_trigrams'").fetchall()


def test_postgresql_gets_an_index_of_trigrams(old_postgresql: str) -> None:
    with psycopg.connect(old_postgresql) as connection:
        available = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchall()
    if not available:
        pytest.skip("this server has no pg_trgm")
    database = Database(old_postgresql)
    database.open()
    database.close()
    assert len(trigram_indexes(old_postgresql)) == 1
    with psycopg.connect(old_postgresql) as connection:
        connection.execute("ANALYZE ozon_values")
        connection.execute("SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off")
        plan = connection.execute("EXPLAIN SELECT value_id FROM ozon_values WHERE folded LIKE '%00123%'").fetchall()
    assert "ix_ozon_values_folded_trigrams" in str(plan)


def test_postgresql_that_grants_no_extension_searches_without(old_postgresql: str, caplog: pytest.LogCaptureFixture) -> None:
    """A shop's account often owns tables only: creating an extension needs a right on the whole database."""
    role = f"shop_{uuid.uuid4().hex}"
    database_name = old_postgresql.rpartition("/")[2]
    with psycopg.connect(old_postgresql, autocommit=True) as server:
        name = sql.Identifier(role)
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'only-tables'").format(name))
        server.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database_name)))
        server.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(name))
        tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            server.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), name))
        try:
            database = Database(make_url(old_postgresql).set(username=role, password="only-tables"))
            database.open()
            found = database.run_sync(lambda unit: unit.ozon.search_values(BRANDS, "0123"))
            database.close()
        finally:
            server.execute(sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(name))
            server.execute(sql.SQL("DROP OWNED BY {}").format(name))
            server.execute(sql.SQL("DROP ROLE {}").format(name))
    assert trigram_indexes(old_postgresql) == []
    assert "pg_trgm" in caplog.text
    # Those with a word that begins so come first: 01230 to 01239, then 00123 and 10123.
    assert [value.id for value in found] == [*range(1230, 1240), 123, 10_123]
