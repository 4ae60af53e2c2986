"""Makes the databases of `tests/storage/data`: a used program as it was at one commit, as a SQLite file and a dump of PostgreSQL.

Not part of the run. A database of a new release is made with that release's own code, through its own services, never by hand:

    git archive COMMIT | tar -x -C /tmp/old
    PYTHONPATH=/tmp/old python tests/storage/make_old_database.py sqlite tests/storage/data/r0009.sqlite3.xz
    PYTHONPATH=/tmp/old python tests/storage/make_old_database.py postgresql tests/storage/data/r0009.postgresql.sql.xz

Within: the demo store, set up, mapped and sent to the sandbox, with cards loaded from it and decided on, field rules, orders handed
over; an import of some 3,000 products with variants, many of them mapped; a second cabinet; a journal with every kind and
result; and a run killed in the middle of sending, with its lease and its open intents. PostgreSQL: a server at
OZON_DESKTOP_TEST_POSTGRESQL where databases may be made, and `pg_dump`.
"""

import asyncio
import lzma
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import psycopg

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.integration import IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.price_rules import PriceRule, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.stock_rules import StockException, StockRules
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.sandbox.ozon.model import utc_now
from ozon_desktop.sandbox.ozon.refusals import Refusals
from ozon_desktop.storage.unit_of_work import UnitOfWork

SERVER = os.environ.get("OZON_DESKTOP_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")
BRAND = 85
WORDS = re.findall(
    r"\S+",
    "Тёплый свитер мужской из шерсти мериноса с высоким воротом плотной вязки для осени и зимы ещё мягче прежнего "
    "подойдёт каждому рукав манжета пуговица карман подкладка подол кокетка лён хлопок вискоза эластан",
)


# --- A large export -------------------------------------------------------------------------------------------------


def text_of(chance: random.Random, words: int) -> str:
    """So many words, with what exports have in them: quotes, «ё», dashes, ampersands, emoji, odd spaces, right-to-left letters."""
    odd = ('"в кавычках"', "«ёлочки»", "A&B", "<b>жирный</b>", "—", "100 %", "№ 5", "🧶", "it's", "שלום", "é", "\\n", "5×7", "ﬁ", "\u00a0")
    return " ".join(chance.choice(odd) if chance.random() < 0.06 else chance.choice(WORDS) for _ in range(words))


def write_export(folder: Path, products: int) -> list[Path]:
    """CommerceML in two files: a catalogue, and its offers, where every fifth product has variants."""
    chance = random.Random(9)
    groups = "".join(f"<Группа><Ид>lg{n}</Ид><Наименование>Свитера, серия {n}</Наименование></Группа>" for n in range(40))
    goods, offers = [], []
    for number in range(products):
        id_, name = f"large-{number:05}", f"Свитер «Ёж» {number} {text_of(chance, 3)}"
        article = f"LG-{number:05}{'/1' if number % 50 == 0 else ''}"
        description = text_of(chance, 600 if number % 200 == 0 else chance.randint(3, 14))
        goods.append(
            f"<Товар><Ид>{id_}</Ид><Штрихкод>{2_000_000_000_000 + number}</Штрихкод><Артикул>{article}</Артикул>"
            f"<Наименование>{escape(name)}</Наименование><Группы><Ид>lg{number % 40}</Ид></Группы>"
            f"<Описание>{escape(description)}</Описание><Картинка>https://shop.example/{number}.jpg</Картинка>"
            f"<ЗначенияСвойств><ЗначенияСвойства><Ид>lp1</Ид><Значение>{escape(text_of(chance, 1))}</Значение></ЗначенияСвойства>"
            f"<ЗначенияСвойства><Ид>lp2</Ид><Значение>{number % 7},{number % 10} кг</Значение></ЗначенияСвойства></ЗначенияСвойств>"
            "<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>22</Ставка></СтавкаНалога></СтавкиНалогов></Товар>"
        )
        for variant in ("S", "M", "3XL") if number % 5 == 0 else ("",):
            characteristic = (
                "<ХарактеристикиТовара><ХарактеристикаТовара><Наименование>Размер</Наименование>"
                f"<Значение>{variant}</Значение></ХарактеристикаТовара></ХарактеристикиТовара>"
            )
            offers.append(
                f"<Предложение><Ид>{id_}{'#' + variant if variant else ''}</Ид><Артикул>{article}{variant}</Артикул>"
                f"<Наименование>{escape(name)}</Наименование>{characteristic if variant else ''}"
                f"<Цены><Цена><ИдТипаЦены>large-retail</ИдТипаЦены><ЦенаЗаЕдиницу>{500 + number}.{number % 100:02}</ЦенаЗаЕдиницу>"
                f"<Валюта>руб</Валюта></Цена></Цены><Склад ИдСклада={quoteattr('large-w')} КоличествоНаСкладе='{number % 13}.500'/>"
                "</Предложение>"
            )
    head = '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.07">'
    catalogue, rest = folder / "import.xml", folder / "offers.xml"
    catalogue.write_text(
        f"{head}<Классификатор><Ид>large</Ид><Наименование>Большой каталог</Наименование><Группы>{groups}</Группы><Свойства>"
        "<Свойство><Ид>lp1</Ид><Наименование>Цвет</Наименование><ТипЗначений>Строка</ТипЗначений></Свойство>"
        "<Свойство><Ид>lp2</Ид><Наименование>Вес упаковки</Наименование><ТипЗначений>Строка</ТипЗначений></Свойство></Свойства>"
        '</Классификатор><Каталог СодержитТолькоИзменения="false"><Ид>large-c</Ид><ИдКлассификатора>large</ИдКлассификатора>'
        f"<Наименование>Большой каталог</Наименование><Товары>{''.join(goods)}</Товары></Каталог></КоммерческаяИнформация>",
        encoding="utf-8",
    )
    rest.write_text(
        f'{head}<ПакетПредложений СодержитТолькоИзменения="false"><Ид>large-c#</Ид><Наименование>Предложения</Наименование>'
        "<ИдКаталога>large-c</ИдКаталога><ИдКлассификатора>large</ИдКлассификатора><ТипыЦен><ТипЦены><Ид>large-retail</Ид>"
        "<Наименование>Розница большого каталога</Наименование><Валюта>руб</Валюта></ТипЦены></ТипыЦен><Склады><Склад>"
        f"<Ид>large-w</Ид><Наименование>Склад на Лесной</Наименование></Склад></Склады><Предложения>{''.join(offers)}"
        "</Предложения></ПакетПредложений></КоммерческаяИнформация>",
        encoding="utf-8",
    )
    return [catalogue, rest]


# --- A used program -------------------------------------------------------------------------------------------------


class Maker:
    """Works through what a shop does in its first weeks."""

    def __init__(self, application: Application, folder: Path) -> None:
        self.application = application
        self.folder = folder
        self.first = 0

    async def work(self) -> None:
        self.first = (await self.application.integrations.ensure_one()).id
        await self._set_up()
        await self._map_and_fill()
        await self._send()
        await self._orders()
        await self._cabinet()
        await self._large_import()
        await self._second_cabinet()
        await self.application.storage.run(self._journal)
        await self._kill()

    async def _set_up(self) -> None:
        application = self.application
        page = await application.integrations.page(self.first)
        settings = replace(
            page.integration.settings,
            scheme=Scheme.FBS,
            catalog_structure_id=next(entry.id for entry in page.structures if entry.name == "ОЗОН"),
            order_direction_id=page.directions[0].id,
            organization_id=page.organizations[0].id,
            responsible_employee_id=page.employees[0].id,
            price_type_id=next(entry.id for entry in page.price_types if entry.name == "Розничная"),
            vat_rate=VatRate.VAT_22,
            update_trigger=UpdateTrigger.TWICE_A_DAY,
        )
        await application.integrations.save(self.first, settings, None)
        await application.connection.check(self.first)
        await application.catalog.fetch_base(self.first, silent)
        page = await application.integrations.page(self.first)
        await application.integrations.select_bases(self.first, frozenset(base.id for base in page.bases))
        await application.catalog.fetch_children(self.first, silent)
        await application.catalog.fetch_settings(self.first, silent)
        await application.integrations.set_enabled(self.first, True)

    async def _map_and_fill(self) -> None:
        application = self.application
        best = {category: found[0].key for category, found in (await application.mapping.suggest(self.first)).items() if found}
        await application.mapping.map_each(self.first, best)
        category, key = next(iter(best.items()))
        await application.mapping.map_places(self.first, {MappingPlace(category, "Цвет", "чёрный"): key})
        await application.mapping.unmap(self.first, [category])
        await application.mapping.undo(self.first)
        await application.cards.resolve_values(self.first, silent)
        brands = next(DictionaryKey.of(attribute, key) for attribute in await self._attributes(key) if attribute.id == BRAND)
        no_brand = (await application.storage.run(lambda unit: unit.ozon.search_values(brands, "Нет бренда")))[0]
        await application.cards.field_rules.save(
            self.first,
            [
                FieldRule("", BRAND, RuleKind.CONSTANT, ((no_brand.id, no_brand.value),)),
                FieldRule(category, 4191, RuleKind.TEMPLATE, template="{Бренд} {Наименование} — «лучшее»"),
                FieldRule(category, 4383, RuleKind.UNITS, property_name="Вес", factor=Decimal("1000.5")),
                FieldRule(category, 10096, RuleKind.TABLE, property_name="Цвет", table=(("тёмно-синий", (61574, "синий")),)),
            ],
        )
        for text, value in (("Рога и «Копыта»", no_brand), ("Ёлка", None)):
            await application.cards.field_rules.decide_value(self.first, brands, text, value)
        for row in (await application.cards.view(self.first)).rows[:5]:
            details = await application.cards.details(self.first, row.product_id)
            addresses = details.card.product.pictures
            if addresses:
                choice = PictureChoice(row.product_id, tuple(reversed(addresses)), addresses[-1])
                await application.cards.save_pictures(self.first, choice)
            if details.card.type is not None:
                values = {4191: ((0, "Своё «описание»,\nв две строки, с ё"),)}
                fields = SavedFields(row.product_id, details.card.type.key, values, Dimensions(300, 200, 40, 350))
                await application.cards.save_fields(self.first, fields)

    async def _attributes(self, key: TypeKey) -> list[Attribute]:
        return await self.application.storage.run(lambda unit: unit.ozon.attributes(key))

    async def _send(self) -> None:
        application = self.application
        rules = PriceRules(PriceRule(markup=Decimal("25.5"), step=Decimal(10), ending_nine=True), PriceRule(markup=Decimal(-10)))
        stocks = StockRules(reserve=1, exceptions=(StockException(product_id="нет такого", reserve=3),))
        await application.sync_rules.save(self.first, rules, stocks)
        plan = (await application.previews.preview(self.first, silent)).plan
        refused, hidden = [item.offer_id for item in plan.items if item.kind is ActionKind.CREATE][:2]
        assert application.sandbox is not None
        application.sandbox.memory.refusals = Refusals([f"SPU_already_exists={refused}", f"moderation:SOME_ERROR={hidden}"])
        await application.sync.run(self.first, silent)
        await application.sync.run(self.first, silent)

    async def _orders(self) -> None:
        application, sandbox = self.application, self.application.sandbox
        assert sandbox is not None
        await application.orders.save_export(self.first, ExportSettings(str(self.folder / "orders"), again=True))
        on_sale = [offer for offer, product in sandbox.products.items() if product.is_created and product.free > 2]
        numbers = [sandbox.place_order(offer, 1 + place % 2) for place, offer in enumerate(on_sale[:8])]
        await application.orders.fetch(self.first, silent)
        for number, status in zip(numbers, ("awaiting_deliver", "delivering", "delivered", "cancelled"), strict=False):
            sandbox.set_posting_status(number, status)
        await application.orders.fetch(self.first, silent)
        sandbox.place_order(on_sale[0])
        await application.orders.save_export(self.first, ExportSettings())
        await application.orders.fetch(self.first, silent)

    async def _cabinet(self) -> None:
        application = self.application
        await application.cabinet_cards.load(self.first, silent)
        report = await application.cabinet_cards.report(self.first)
        one, other, third, *_ = [(card.product.product_id, card.offer_id) for card in report.matched if card.product is not None]
        await application.cabinet_cards.confirm(self.first, *one)
        await application.cabinet_cards.choose(self.first, Side.OZON, product_ids=[other[0]])
        await application.cabinet_cards.choose(self.first, Side.STORE, field="name")
        await application.cabinet_cards.reject(self.first, third[0], other[1])

    async def _large_import(self) -> None:
        application = self.application
        await application.store_import.import_files(write_export(self.folder, 3_000), silent)
        await application.integrations.add_reference("employee", "Ёлкина «Мария»")
        await application.scheduler.set_times(self.first, (time(7, 30), time(19, 45)))
        watched = application.scheduler.watched
        assert watched is not None
        await watched.set_folder(self.folder)

    async def _second_cabinet(self) -> None:
        application = self.application
        second = (await application.integrations.add("Второй «кабинет» Ё")).id
        settings = IntegrationSettings(
            200600, Scheme.RFBS, "large", price_type_id="large-retail", vat_rate=VatRate.NONE, update_trigger=UpdateTrigger.ON_CHANGE
        )
        await application.integrations.save(second, settings, None)
        first = await application.storage.run(lambda unit: unit.integrations.get(self.first))

        def fetched(unit: UnitOfWork) -> None:
            # Its key would be another one: what was fetched with the first is the same for both.
            known = unit.integrations.get(second)
            moments = {
                name: getattr(first, name)
                for name in ("selected_base_ids", "base_fetched_at", "children_fetched_at", "settings_fetched_at")
            }
            unit.integrations.save(replace(known, has_key=True, **moments))

        await application.storage.run(fetched)
        key = await application.storage.run(lambda unit: unit.mappings.keys(self.first)[0])
        groups = [f"lg{number}" for number in range(0, 40, 4)]
        await application.storage.run(lambda unit: unit.mappings.apply(second, "Свитера", dict.fromkeys(groups, key), utc_now(), "Анна"))
        await application.cards.view(second)

    def _journal(self, unit: UnitOfWork) -> None:
        """Every kind with every result; RUNNING ones were left by other processes that were killed."""
        problem = RunProblem("LG-00001", "price", "INVALID", "Ozon не принял цену: «ё»")
        moment = datetime(2026, 11, 20, 6, tzinfo=UTC)
        for kind in RunKind:
            for number, result in enumerate(RunResult):
                moment += timedelta(minutes=1, microseconds=17)
                run = Run(0, self.first, kind, list(RunCause)[number % len(RunCause)], moment)
                started = replace(run, id=unit.journal.start(run), requests=number)
                ended = replace(started, finished_at=moment + timedelta(seconds=3), result=result, problems=(problem,) * number)
                if result is not RunResult.RUNNING:
                    unit.journal.finish(replace(ended, counts=(("update", number), ("failed", 1)), reason=f"почему: {result}"))

    async def _kill(self) -> None:
        """A run that waits for Ozon to take its cards when the process ends; beside them batches of prices, stocks and an archive."""
        application, sandbox = self.application, self.application.sandbox
        assert sandbox is not None
        sandbox.memory.timing.import_delay = timedelta(days=1)
        rules = PriceRules(PriceRule(markup=Decimal(40)))
        await application.sync_rules.save(self.first, rules, StockRules(reserve=2))
        rule = FieldRule("", 4191, RuleKind.TEMPLATE, template="{Наименование}: новое описание")
        await application.cards.field_rules.save(self.first, [rule])
        plan = (await application.previews.preview(self.first, silent)).plan
        run = asyncio.create_task(application.sync.run(self.first, silent))
        while not any(intent.task_id for intent in await self._open()):
            if run.done():
                raise SystemExit(f"nothing was left to be killed: {run.result().run}")
            await asyncio.sleep(0.01)
        (known, *_) = await self._open()
        for kind in (ActionKind.PRICE, ActionKind.STOCK):
            items = tuple(replace(item, kind=kind) for item in plan.items[:3])
            intent = Intent(0, self.first, known.run_id, kind, items, None, utc_now())
            await application.storage.run(partial(_add_intent, intent))

    async def _open(self) -> list[Intent]:
        return await self.application.storage.run(lambda unit: unit.sync.open_intents(self.first))


def _add_intent(intent: Intent, unit: UnitOfWork) -> None:
    unit.sync.add_intent(intent)


def use(folder: Path, url: str | None) -> None:
    """Runs in a process of its own that ends in the middle of a synchronization, without any clean-up."""

    async def work() -> None:
        options = Options(folder / "data", url, demo=True, demo_order_interval_s=0)
        await Maker(await build(options), folder).work()
        sys.stderr.flush()
        os._exit(0)

    asyncio.run(work())


# --- The files ------------------------------------------------------------------------------------------------------


def packed(content: bytes, target: Path) -> None:
    target.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    sys.stderr.write(f"{target}: {len(content):,} bytes, packed {target.stat().st_size:,}\n")


def make_sqlite(folder: Path, target: Path) -> None:
    subprocess.run([sys.executable, __file__, "use", str(folder)], check=True)
    file = next((folder / "data").glob("*.sqlite3"))
    with closing(sqlite3.connect(file)) as connection:
        # What the killed process left in the write-ahead log belongs to the one file that is kept.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    packed(file.read_bytes(), target)


def make_postgresql(folder: Path, target: Path) -> None:
    name = f"ozon_desktop_made_{uuid.uuid4().hex}"
    url = SERVER.rpartition("/")[0] + "/" + name
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'".encode())
        try:
            subprocess.run([sys.executable, __file__, "use", str(folder), url], check=True)
            # INSERTs, so that a client without psql reads it as well.
            options = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200", "--encoding=UTF8"]
            dump = subprocess.run(["pg_dump", *options, url], check=True, stdout=subprocess.PIPE).stdout
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    # Commands of psql itself (newer dumps have them) are no SQL.
    packed(b"".join(line for line in dump.splitlines(keepends=True) if not line.startswith((b"\\restrict", b"\\unrestrict"))), target)


def main() -> None:
    kind, place, *more = sys.argv[1:]
    if kind == "use":
        use(Path(place), more[0] if more else None)
        return
    with tempfile.TemporaryDirectory(prefix="ozon-desktop-made-") as folder:
        (make_sqlite if kind == "sqlite" else make_postgresql)(Path(folder), Path(place))


if __name__ == "__main__":
    main()
