"""What an export says again is not read again, and the store is what it would be if it were."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.services.runs.edits import EditedRevision
from ozon_desktop.services.store import importing
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.guard_tables import store_absences
from ozon_desktop.storage.tables import (
    store_categories,
    store_elements,
    store_price_types,
    store_prices,
    store_products,
    store_stocks,
    store_structures,
    store_warehouses,
)
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.lifted import Lifted, Whole
from tests.services.store.commerceml_files import COLOURS, GROUPS, RED, classifier, goods, offer, offers, product, size, write

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TABLES = (
    *(store_products, store_prices, store_stocks, store_categories, store_absences),
    *(store_price_types, store_warehouses, store_structures),
)
KINDS = ("whole", "goods", "offers", "changed goods", "changed offers", "stocks", "yml")


class Shop:
    """A store in a database. reads_all: it does not ask for elements it knows."""

    def __init__(self, folder: Path, *, reads_all: bool = False) -> None:
        self.database = Database.in_file(folder / f"{'all' if reads_all else 'known'}.sqlite3")
        self.database.open()
        self._reads_all = reads_all

    async def take(self, monkeypatch: pytest.MonkeyPatch, *paths: Path) -> ImportCounts:
        """Imports these files as one export."""
        with monkeypatch.context() as patched:
            if self._reads_all:
                known_book = importing.known_book
                patched.setattr(importing, "known_book", lambda unit, known=None: known_book(unit))
            return await StoreImportService(self.database, lambda: NOW, EditedRevision()).import_files(paths, silent)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All that is kept of the store, but which import wrote a product."""

        def work(unit: UnitOfWork) -> dict[str, list[tuple[object, ...]]]:
            connection = unit.store._connection
            found = {}
            for table in TABLES:
                columns = [column for column in table.columns if (table, column.name) != (store_products, "seen")]
                found[table.name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
            return found

        return self.database.run_sync(work)

    def known(self) -> int:
        """How many elements it knows."""
        return self.database.run_sync(lambda unit: len(unit.store._connection.execute(select(store_elements)).all()))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the elements that were read, as they come."""
    found: list[str] = []
    whole = Lifted.whole

    def noting(lifted: Lifted) -> Whole:
        inside = whole(lifted)
        found.append(inside.root.findtext("Ид") or inside.root.get("id") or "")
        return inside

    monkeypatch.setattr(Lifted, "whole", noting)
    return found


def yml(*entries: str) -> str:
    return (
        '<?xml version="1.0"?><yml_catalog><shop><name>М</name><categories><category id="1">К</category></categories>'
        f"<offers>{''.join(entries)}</offers></shop></yml_catalog>"
    )


async def test_only_what_changed_is_read_again(shop: Shop, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def export(price: str, name: str) -> tuple[Path, Path]:
        products = [product(f"p{number}", f"A{number}", RED, name=name if number == 3 else "Слипоны") for number in range(6)]
        entries = [offer(f"p{number}", price=price if number == 4 else "100") for number in range(6)]
        return (
            write(tmp_path / "import.xml", classifier(GROUPS + COLOURS) + goods(*products)),
            write(tmp_path / "offers.xml", offers(*entries)),
        )

    first = await shop.take(monkeypatch, *export("100", "Слипоны"))
    read.clear()
    second = await shop.take(monkeypatch, *export("200", "Кеды"))
    # The first offer told of the warehouse. Of a product that changed the offer is read, too.
    assert sorted(read) == ["p0", "p3", "p3", "p4"]
    assert (second.products, second.prices, second.stocks) == (first.products, first.prices, first.stocks) == (6, 6, 6)
    rows = shop.rows()
    assert {row[1] for row in rows["store_prices"] if str(row[2]) == "200"} == {"p4"}
    assert {row[-1] for row in rows["store_stocks"]} == {2}


async def test_an_export_of_yml_is_read_where_it_changed(
    shop: Shop, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.yml"
    for price in (100, 200):
        read.clear()
        prices = [price if number == 3 else 100 for number in range(5)]
        entries = [f'<offer id="{number}"><price>{each}</price><name>Чай</name></offer>' for number, each in enumerate(prices)]
        path.write_text(yml(*entries), encoding="utf-8")
        counts = await shop.take(monkeypatch, path)
        assert counts.products == 5
    assert read == ["3"]


async def test_an_id_given_twice_is_said_each_time_also_when_one_of_the_two_is_new(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.yml"
    first, other, second = (
        f'<offer id="{id_}"><price>1</price><name>{name}</name></offer>' for id_, name in (("1", "Чай"), ("2", "Кофе"), ("1", "Какао"))
    )
    for entries, problems in (((first, other), 0), ((first, other, second), 1), ((first, other, second), 1), ((other, second), 0)):
        path.write_text(yml(*entries), encoding="utf-8")
        counts = await shop.take(monkeypatch, path)
        assert [line.kind for line in counts.lines] == [ImportProblemKind.REPEATED_ID] * problems
        assert counts.problems == problems


async def test_other_words_of_properties_are_another_reading(
    shop: Shop, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for colours in (COLOURS, COLOURS.replace("Красный", "Алый")):
        read.clear()
        await shop.take(monkeypatch, write(tmp_path / "import.xml", classifier(GROUPS + colours) + goods(product("p", "A", RED))))
        assert read == ["p"]
    assert "Алый" in str(shop.rows()["store_products"])


async def test_what_vanished_and_is_back_is_read_again(
    shop: Shop, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [product("p", "A"), product("q", "B")]
    for products in (both, both[:1], both):
        read.clear()
        counts = await shop.take(monkeypatch, write(tmp_path / "import.xml", classifier() + goods(*products)))
    assert read == ["q"]
    assert counts.products == 2
    assert not any(row[13] for row in shop.rows()["store_products"])


async def test_two_elements_that_disagree_are_read_each_time(
    shop: Shop, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever comes last counts, so none of them can be passed over."""
    for more in ("", "<!-- -->"):
        read.clear()
        twice = offers(offer("q"), offer("p", price="100"), offer("p", price="200")) + more
        await shop.take(monkeypatch, write(tmp_path / "import.xml", classifier() + goods(product("p", "A"), product("q", "B")) + twice))
    assert sorted(read) == ["p", "p", "q"]
    assert {str(row[2]) for row in shop.rows()["store_prices"] if row[1] == "p"} == {"200"}


class Random_(Random):
    """Exports of a small shop whose products change now and then."""

    def export(self, folder: Path, texts: dict[str, tuple[str, str, str]]) -> list[Path]:
        """The files of one export, of parts of what the shop has."""
        for product_id in texts:
            if self.random() < 0.3:
                texts[product_id] = self.said(product_id)
        ids = [product_id for product_id in texts if self.random() < 0.9]
        kind = self.choice(KINDS)
        words = classifier(GROUPS + (COLOURS if self.random() < 0.8 else COLOURS.replace("Красный", "Алый")))
        of_goods = goods(*(texts[each][0] for each in ids), changes=kind == "changed goods")
        of_offers = offers(*(texts[each][1] for each in ids), changes=kind == "changed offers")
        if kind == "yml":
            path = folder / "shop.yml"
            path.write_text(yml(*(texts[each][2] for each in ids)), encoding="utf-8")
            return [path]
        bodies = {
            "whole": (words + of_goods, of_offers),
            "goods": (words + of_goods,),
            "offers": (of_offers,),
            "changed goods": (of_goods,),
            "changed offers": (of_offers,),
            "stocks": (offers(*(offer(each, price="", count=str(self.randint(0, 2))) for each in ids)),),
        }[kind]
        return [write(folder / f"part{number}.xml", body) for number, body in enumerate(bodies)]

    def said(self, product_id: str) -> tuple[str, str, str]:
        """What a catalogue, an offers file and a YML say of a product."""
        more = self.choice(
            ["", RED, "<Картинка>a.jpg</Картинка>", "<Статус>Удален</Статус>", "<Цена>7</Цена>", "<Описание><![CDATA[5 > 3]]></Описание>"]
        )
        in_goods = product(product_id, self.choice(["", "A", f"A-{product_id}"]), more, name=self.choice(["Слипоны", "Кеды"]))
        price, count = self.choice(["", "100", "1,234", "200"]), self.choice(["", "0", "5"])
        which = self.randrange(6)
        if which == 0:
            in_offers = "".join(offer(f"{product_id}#{mark}", size(mark), price=price, count=count) for mark in "SM")
        elif which == 1:
            in_offers = "".join(offer(product_id, size(mark), price=price, count=count) for mark in self.choice(["S", "SM"]))
        elif which == 2:
            in_offers = offer(product_id, "<Статус>Удален</Статус>", price=price, count=count)
        elif which == 3:
            in_offers = offer(product_id, '<Склад ИдСклада="w" КоличествоНаСкладе="3"/>', price=price, count="")
        else:
            in_offers = offer(product_id, price=price, count=count) + (offer(product_id, price="", count="1") if which == 4 else "")
        group = self.choice(["", ' group_id="g"'])
        in_yml = f'<offer id="{product_id}"{group}><price>{price}</price><name>{more and "Чай"}</name><count>{count}</count></offer>'
        return in_goods, in_offers, in_yml


@pytest.mark.parametrize("seed", range(6))
async def test_the_store_is_what_it_would_be_if_all_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    random = Random_(seed)
    texts = {product_id: random.said(product_id) for product_id in ("p", "q", "r", "s", "t")}
    shops = Shop(tmp_path), Shop(tmp_path, reads_all=True)
    knew = 0
    for _ in range(25):
        paths = random.export(tmp_path, texts)
        counts = [await shop.take(monkeypatch, *paths) for shop in shops]
        assert counts[0] == counts[1]
        assert shops[0].rows() == shops[1].rows()
        knew += shops[0].known()
    assert knew > 0
    assert shops[1].known() == 0
    for shop in shops:
        shop.database.close()
