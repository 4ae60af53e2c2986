"""Exports as 1C makes them, in portions: the first says that it is the whole, the others that they are changes."""

from collections.abc import Iterable, Mapping

BOM = "\ufeff".encode()


def import_xml(products: Mapping[str, str], *, full: bool = True, classifier: bool = True) -> bytes:
    """A catalogue. products: names by id."""
    described = (
        "<Классификатор><Ид>k</Ид><Наименование>Каталог</Наименование><Группы><Группа><Ид>g</Ид>"
        "<Наименование>Всё</Наименование></Группа></Группы></Классификатор>"
        if classifier
        else ""
    )
    goods = "".join(
        f"<Товар><Ид>{id_}</Ид><Артикул>A-{id_}</Артикул><Наименование>{name}</Наименование><Группы><Ид>g</Ид></Группы></Товар>"
        for id_, name in products.items()
    )
    return _document(
        f'{described}<Каталог СодержитТолькоИзменения="{_changes(full)}"><Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора>'
        f"<Наименование>Каталог</Наименование><Товары>{goods}</Товары></Каталог>"
    )


def offers_xml(offers: Mapping[str, tuple[float, int]], *, full: bool = True) -> bytes:
    """A package of offers. offers: price and stock by the product's id."""
    rows = "".join(
        f"<Предложение><Ид>{id_}</Ид><Цены><Цена><ИдТипаЦены>retail</ИдТипаЦены><ЦенаЗаЕдиницу>{price}</ЦенаЗаЕдиницу>"
        f'<Валюта>RUB</Валюта></Цена></Цены><Склад ИдСклада="w1" КоличествоНаСкладе="{stock}"/><Количество>{stock}</Количество>'
        "</Предложение>"
        for id_, (price, stock) in offers.items()
    )
    return _document(
        f'<ПакетПредложений СодержитТолькоИзменения="{_changes(full)}"><Ид>c#</Ид><Наименование>Пакет</Наименование>'
        "<ИдКаталога>c</ИдКаталога><ИдКлассификатора>k</ИдКлассификатора><ТипыЦен><ТипЦены><Ид>retail</Ид>"
        "<Наименование>Розничная</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен><Склады><Склад><Ид>w1</Ид>"
        f"<Наименование>Основной</Наименование></Склад></Склады><Предложения>{rows}</Предложения></ПакетПредложений>"
    )


def full_export(ids: Iterable[str], portion: int, *, stock: int = 5) -> list[dict[str, bytes]]:
    """Portions of so many goods each: catalogues, then offers, as УТ names them."""
    wanted = list(ids)
    parts = [wanted[start : start + portion] for start in range(0, len(wanted), portion)]
    goods = [
        {f"import0_{n}.xml": import_xml({id_: f"Товар {id_}" for id_ in part}, full=n == 1, classifier=n == 1)}
        for n, part in enumerate(parts, start=1)
    ]
    offers = [{f"offers0_{n}.xml": offers_xml(dict.fromkeys(part, (100, stock)), full=n == 1)} for n, part in enumerate(parts, start=1)]
    return goods + offers


def documents_xml(*documents: str) -> bytes:
    """Orders as they come back."""
    return _document("".join(documents))


def returned(number: str, requisites: Mapping[str, str], *, tail: str = "") -> str:
    """A document as УТ and УНФ write it: our number, its own in a requisite; goods have requisites of the same names."""
    rows = "".join(
        f"<ЗначениеРеквизита><Наименование>{name}</Наименование><Значение>{value}</Значение></ЗначениеРеквизита>"
        for name, value in requisites.items()
    )
    return (
        f"<Документ><Ид>9d7f8a4e-1111-11ee-8000-00155d000001</Ид><Номер>{number}</Номер><Дата>2026-11-30</Дата><Время>12:00:00</Время>"
        "<ХозОперация>Заказ товара</ХозОперация><Товары><Товар><Ид>p1</Ид><ЗначенияРеквизитов><ЗначениеРеквизита>"
        "<Наименование>Отменен</Наименование><Значение>true</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Товар></Товары>"
        f"<ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>{tail}</Документ>"
    )


def _document(inside: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.10">'
    return BOM + f"{head}{inside}</КоммерческаяИнформация>".encode()


def _changes(full: bool) -> str:
    return "false" if full else "true"
