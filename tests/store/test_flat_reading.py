"""Products read out of their texts alone: the same records, problems and lines as out of their trees."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from ozon_desktop.domain.store_catalog import StoreRecord
from ozon_desktop.errors import StoreFileError
from ozon_desktop.store import lifted, shapes
from ozon_desktop.store.commerceml_plan import GoodsPlan, GoodsPlans
from ozon_desktop.store.shapes import Cut, Shape, Shapes
from ozon_desktop.store.source import open_source
from ozon_desktop.store.texts import FlatTexts, TextReader
from tests.store.mutations import spoil

GOODS = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация><Классификатор><Ид>s</Ид><Наименование>Магазин</Наименование><Свойства>
<Свойство><Ид>p1</Ид><Наименование>Цвет</Наименование></Свойство><Свойство><Ид>p2</Ид><Наименование>Бренд</Наименование></Свойство>
<Свойство><Ид>p3</Ид><Наименование>Размер</Наименование><ТипЗначений>Справочник</ТипЗначений><ВариантыЗначений><Справочник>
<ИдЗначения>v1</ИдЗначения><Значение>42</Значение></Справочник></ВариантыЗначений></Свойство></Свойства></Классификатор>
<Каталог СодержитТолькоИзменения="{changes}"><Ид>s</Ид><Товары>{products}</Товары></Каталог>
</КоммерческаяИнформация>"""
PRODUCT = """<Товар><Ид>{n}</Ид><Штрихкод>460000000{n:04}</Штрихкод><Артикул> A  {n}</Артикул><Наименование>Чай {name}</Наименование>
<БазоваяЕдиница Код="796" НаименованиеПолное="Штука">{unit}</БазоваяЕдиница><Группы><Ид>g{n}</Ид><Ид>g1</Ид></Группы>
<Описание> Вкусный {name}. </Описание><Картинка>{n}.jpg</Картинка><Картинка>{n}.jpg</Картинка><Картинка/>
<Изготовитель><Ид>b</Ид><Наименование>{vendor}</Наименование></Изготовитель>
<ЗначенияСвойств><ЗначенияСвойства><Ид>p1</Ид><Значение>{value}</Значение></ЗначенияСвойства>
<ЗначенияСвойства><Ид>{property}</Ид><Значение>v1</Значение></ЗначенияСвойства></ЗначенияСвойств>
<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>20</Ставка></СтавкаНалога></СтавкиНалогов>
<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>{requisite}</Наименование><Значение>{value}</Значение></ЗначениеРеквизита>
<ЗначениеРеквизита><Наименование>Вес</Наименование><Значение>0.35</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Товар>"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация><ПакетПредложений><Ид>s#</Ид><ТипыЦен><ТипЦены><Ид>retail</Ид><Наименование>Р</Наименование>{types}</ТипЦены></ТипыЦен>
<Предложения>{offers}</Предложения></ПакетПредложений></КоммерческаяИнформация>"""
PRICED = """<Предложение><Ид>{n}{mark}</Ид><Артикул>A-{n}</Артикул><Наименование>Чай {name}</Наименование>
<Цены><Цена><Представление>{price} RUB</Представление><ИдТипаЦены>{type}</ИдТипаЦены><ЦенаЗаЕдиницу>{price}</ЦенаЗаЕдиницу>
<Валюта>{currency}</Валюта><Единица>шт</Единица><Коэффициент>{factor}</Коэффициент></Цена><Цена><ИдТипаЦены>опт</ИдТипаЦены>
<ЦенаЗаЕдиницу>90</ЦенаЗаЕдиницу><Валюта/></Цена></Цены><Количество>{stock}</Количество>
<Склад ИдСклада="{warehouse}" КоличествоНаСкладе="{stock}"/><Склад КоличествоНаСкладе="2" ИдСклада="main"/></Предложение>"""
YML = """<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="2026-11-24 10:00"><shop><name>М</name><company>О</company><categories><category id="1">К</category></categories>
<offers>{products}</offers></shop></yml_catalog>"""
OFFER = """<offer id="{n}" available="{available}" group_id="{n}">
<price>{price}</price><oldprice>{old}</oldprice><currencyId>RUR</currencyId>
<categoryId>1</categoryId><picture>{n}.jpg</picture><picture/><name>Чай  {name}</name>
<vendor>{vendor}</vendor><vendorCode>A-{n}</vendorCode>
<description> Вкусный {name}. </description><barcode>460000000{n:04}</barcode><count>{count}</count><weight>0.5</weight>
<param name="Цвет ">{value}</param><param name="Вес" unit="кг">{count}</param><param name="Цвет ">белый</param><param name=""/></offer>"""
NAMES = (
    *("зелёный", "чёрный", "белый", "красный", "Ассам", "Пуэр", "Улун", "Сенча", "Дарджилинг", "Юньнань", "Кимун", "Матча", "Ганпаудер"),
    "«№1»",
    "5 > 3",
    "Tom &amp; Jerry",
    "&amp;quot;X&amp;quot;",
    "&#1047;",
    "  с краю ",
    "a\n b",
    "&lt;p&gt;б&lt;/p&gt;",
    "x\u00a0y",
)
VALUES = ("белый", "", " ", "a:0:{}", "00000000-0000-0000-0000-000000000000", "Tom &amp; Jerry", "да", "true", "v1")


def goods(random: Random) -> str:
    """A catalogue of a few products of one shape, each with other texts."""
    products = [
        PRODUCT.format(
            n=number,
            name=random.choice(NAMES),
            unit=random.choice(("шт", "", "796", " кг ")),
            vendor=random.choice((*NAMES, "")),
            value=random.choice(VALUES),
            property=random.choice(("p1", "p1", "p2", "p3", "неизвестно", "", "CML2_ARTICLE")),
            requisite=random.choice(("Вид", "Вес", "Полное наименование", "ПометкаУдаления", "ОписаниеВФорматеHTML", "Код", "")),
        )
        for number in range(12)
    ]
    return GOODS.format(changes=random.choice(("true", "false")), products="\n".join(products))


def packages(random: Random) -> str:
    """Offers of such goods."""
    products = [
        PRICED.format(
            n=number,
            mark=random.choice(("", "", "", "#", f"#v{number}")),
            name=random.choice(NAMES),
            price=random.choice(("100", "1499.50", "0", "1 200,50 руб.", "1,234", "", "-5", "нет", "1.234")),
            type=random.choice(("retail", "retail", "retail", "default", "", "иная")),
            currency=random.choice(("RUB", "руб", "", "USD")),
            factor=random.choice(("1", "1", "1", "12", "", "x", "0")),
            warehouse=random.choice(("main", "main", "default", "")),
            stock=random.choice(("3", "7.5", "", ">10", "много", "-1")),
        )
        for number in range(12)
    ]
    return PACKAGE.format(types=random.choice(("", "<Валюта>EUR</Валюта>")), offers="\n".join(products))


def offers(random: Random) -> str:
    """The same as YML."""
    products = [
        OFFER.format(
            n=number,
            name=random.choice(NAMES),
            available=random.choice(("true", "false", "")),
            price=random.choice(("100", "1 200,50 руб.", "1,234", "", "-5", "нет")),
            old=random.choice(("", "150", "x")),
            count=random.choice(("3", ">10", "", "0", "1.5", "много")),
            vendor=random.choice((*NAMES, "")),
            value=random.choice(VALUES),
        )
        for number in range(12)
    ]
    return YML.format(products="\n".join(products))


def read(path: Path) -> list[StoreRecord] | tuple[str, int, str]:
    """All the file gives, its problems too, or what the refusal says."""
    try:
        return list(open_source(path).read(path))
    except StoreFileError as error:
        return type(error).__name__, error.line, error.detail


def patched(monkeypatch: pytest.MonkeyPatch, path: Path) -> list[StoreRecord] | tuple[str, int, str]:
    """As `read`, every product out of its tree."""

    def no_plan(plans: GoodsPlans, shape: Shape) -> GoodsPlan | None:
        return None

    def no_texts(reader: TextReader, cut: Cut) -> FlatTexts | None:
        return None

    with monkeypatch.context() as without:
        without.setattr(GoodsPlans, "plan", no_plan)
        without.setattr(TextReader, "texts", no_texts)
        return read(path)


@pytest.fixture
def by_pattern(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Patterns are made at once, and products come few at a time; some of them must have been found by a pattern."""
    found = 0
    known = shapes._Pattern.found

    def counted(pattern: shapes._Pattern, text: str) -> tuple[Sequence[str], Sequence[str]] | None:
        nonlocal found
        texts = known(pattern, text)
        found += texts is not None
        return texts

    monkeypatch.setattr(shapes, "MANY", 1)
    monkeypatch.setattr(lifted, "CHUNK", 2_000)
    monkeypatch.setattr(shapes._Pattern, "found", counted)
    yield
    assert found > 20


@pytest.mark.usefixtures("by_pattern")
@pytest.mark.parametrize("export", [goods, packages, offers])
def test_texts_alone_say_what_the_tree_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, export: Callable[[Random], str]) -> None:
    path = tmp_path / "export.xml"
    for seed in range(60):
        path.write_text(export(Random(seed)), encoding="utf-8")
        assert read(path) == patched(monkeypatch, path), seed


@pytest.mark.usefixtures("by_pattern")
@pytest.mark.parametrize("export", [goods, packages, offers])
def test_of_what_is_spoilt_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, export: Callable[[Random], str]) -> None:
    path = tmp_path / "export.xml"
    for seed in range(120):
        random = Random(seed)
        path.write_bytes(spoil(random, export(random).encode()))
        assert read(path) == patched(monkeypatch, path), seed


def test_a_pattern_finds_what_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is made, it gives the same texts as cutting, or leaves the product to it."""
    monkeypatch.setattr(shapes, "MANY", 1)
    product = PRODUCT.format(n=1, name="a", unit="шт", vendor="b", value="c", property="p1", requisite="Вид").encode()
    found = 0
    for seed in range(400):
        known, fresh = Shapes(), Shapes()
        first = known.cut(product, cdata=False)
        assert first is not None
        first.shape.flat = True
        assert known.cut(product, cdata=False) is not None
        random = Random(seed)
        text = product.decode().replace(random.choice(("a", "b", "шт")), random.choice(("Я", "x\ny", "", "1 > 0", "&lt;", "]]>")))
        written = text.encode() if seed % 2 else spoil(random, text.encode())
        one, other = (each.cut(written, cdata=b"<![CDATA[" in written) for each in (known, fresh))
        assert (one is None) == (other is None), written
        if one is not None and other is not None:
            found += 1
            assert (list(one.leaves), list(one.values)) == (list(other.leaves), list(other.values)), written
    assert found > 100
