"""Goods as 1C writes them, with all that a card on Ozon needs, in portions: the first says that it is the whole, the others are changes."""

from collections.abc import Sequence
from datetime import datetime

from tests.e2e.sides.store import Ware

GROUP, PRICE_TYPE = "g", "retail"
CLASSIFIER = (
    f"<Классификатор><Ид>k</Ид><Наименование>Каталог</Наименование><Группы><Группа><Ид>{GROUP}</Ид><Наименование>Рубашки</Наименование>"
    "</Группа></Группы></Классификатор>"
)
KINDS = (
    f"<ТипыЦен><ТипЦены><Ид>{PRICE_TYPE}</Ид><Наименование>Розничная</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен>"
    "<Склады><Склад><Ид>w1</Ид><Наименование>Основной склад</Наименование></Склад></Склады>"
)


def export_files(goods: Sequence[Ware], at: datetime, *, full: bool, size: int) -> list[tuple[str, bytes]]:
    """Name and content of each file: goods, then offers, so many wares in each. full: what it does not name is gone."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.10" '
        f'ДатаФормирования="{at:%Y-%m-%dT%H:%M:%S}">'
    )
    parts = [goods[start : start + size] for start in range(0, len(goods), size)] or [[]]
    catalogues = [(f"import0_{n}.xml", _catalogue(head, part, full=full and n == 1, first=n == 1)) for n, part in enumerate(parts, start=1)]
    return catalogues + [(f"offers0_{n}.xml", _offers(head, part, full=full and n == 1)) for n, part in enumerate(parts, start=1)]


def _catalogue(head: str, goods: Sequence[Ware], *, full: bool, first: bool) -> bytes:
    rows = "".join(
        f"<Товар><Ид>id-{ware.article}</Ид><Артикул>{ware.article}</Артикул><Наименование>{ware.name}</Наименование>"
        f"<Группы><Ид>{GROUP}</Ид></Группы><Картинка>https://shop.example/{ware.article}.jpg</Картинка>"
        "<Изготовитель><Ид>m</Ид><Наименование>Ромашка</Наименование></Изготовитель><ЗначенияРеквизитов>"
        "<ЗначениеРеквизита><Наименование>Вес</Наименование><Значение>0.35</Значение></ЗначениеРеквизита>"
        "<ЗначениеРеквизита><Наименование>Габариты упаковки, см</Наименование><Значение>30x20x4</Значение></ЗначениеРеквизита>"
        "</ЗначенияРеквизитов></Товар>"
        for ware in goods
    )
    said = "false" if full else "true"
    body = (
        f'{CLASSIFIER if first else ""}<Каталог СодержитТолькоИзменения="{said}"><Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора>'
        f"<Наименование>Каталог</Наименование><Товары>{rows}</Товары></Каталог>"
    )
    return f"{head}{body}</КоммерческаяИнформация>".encode()


def _offers(head: str, goods: Sequence[Ware], *, full: bool) -> bytes:
    rows = "".join(
        f"<Предложение><Ид>id-{ware.article}</Ид><Цены><Цена><ИдТипаЦены>{PRICE_TYPE}</ИдТипаЦены><ЦенаЗаЕдиницу>{ware.price}</ЦенаЗаЕдиницу>"
        f'<Валюта>RUB</Валюта></Цена></Цены><Склад ИдСклада="w1" КоличествоНаСкладе="{ware.shelf}"/>'
        f"<Количество>{ware.shelf}</Количество></Предложение>"
        for ware in goods
    )
    body = (
        f'<ПакетПредложений СодержитТолькоИзменения="{"false" if full else "true"}"><Ид>c#</Ид><Наименование>Пакет</Наименование>'
        f"<ИдКаталога>c</ИдКаталога><ИдКлассификатора>k</ИдКлассификатора>{KINDS}<Предложения>{rows}</Предложения></ПакетПредложений>"
    )
    return f"{head}{body}</КоммерческаяИнформация>".encode()
