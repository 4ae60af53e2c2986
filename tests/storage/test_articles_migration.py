"""A store filled before products had articles given to them: all of it is there afterwards, and sold as before."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from ozon_desktop.domain.store_catalog import Product, Stock
from ozon_desktop.storage import schema
from ozon_desktop.storage.database import Database
from tests.storage.exports import load

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_migrations")]

ROW = """
INSERT INTO store_products (id, offer_id, name, structure_id, parent_id, category_ids, description, barcodes, pictures, vat, vendor, unit,
  properties, deleted, has_card, seen)
VALUES (:id, :offer_id, 'Слипоны «ё»', 's', :parent_id, '["к"]', 'О''них', '["46"]', '["1.jpg"]', '20', 'Бренд', 'шт',
  :properties, false, :has_card, 1)
"""
ROWS: list[dict[str, str | bool | None]] = [
    {"id": "t", "offer_id": "SL", "parent_id": None, "properties": "[]", "has_card": True},
    {"id": "t#a", "offer_id": "", "parent_id": "t", "properties": '[["Размер","37"]]', "has_card": False},
    {"id": "t#b", "offer_id": "", "parent_id": "t", "properties": '[["Размер","38"]]', "has_card": False},
    {"id": "1", "offer_id": "A-1", "parent_id": None, "properties": '[["Цвет","синий"]]', "has_card": True},
]


def fill(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        connection.execute(text(ROW), ROWS)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        fill(create_engine(url))
        yield url
        return
    shared = make_url(request.getfixturevalue("postgresql_url"))
    name = f"ozon_desktop_old_{uuid.uuid4().hex}"
    with psycopg.connect(shared.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = shared.set(database=name, drivername="postgresql+psycopg").render_as_string(hide_password=False)
        fill(create_engine(url))
        yield url.replace("+psycopg", "")
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_products_are_kept_and_get_articles_with_the_next_import(old_url: str) -> None:
    database = Database(old_url)
    database.open()
    try:
        found = {each.id: each for each in database.run_sync(lambda unit: unit.store.products(None))}
        assert found["1"] == Product(
            "1", "A-1", "Слипоны «ё»", "s", None, ("к",), "О'них", ("46",), ("1.jpg",), "20", "Бренд", "шт", (("Цвет", "синий"),)
        )
        load(database, [Stock("t#a", "w", Decimal(1)), Stock("t#b", "w", Decimal(1))])
        articles = {each.id: each.offer_id for each in database.run_sync(lambda unit: unit.store.products(None))}
        assert articles == {"1": "A-1", "t#a": "SL-37", "t#b": "SL-38"}
    finally:
        database.close()
