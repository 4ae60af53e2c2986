"""Small CommerceML files for the tests of the import."""

from pathlib import Path

COLOURS = (
    "<Свойства><Свойство><Ид>p-col</Ид><Наименование>Цвет товара</Наименование><ТипЗначений>Справочник</ТипЗначений><ВариантыЗначений>"
    "<Справочник><ИдЗначения>v-red</ИдЗначения><Значение>Красный</Значение></Справочник></ВариантыЗначений></Свойство></Свойства>"
)
GROUPS = "<Группы><Группа><Ид>g-1</Ид><Наименование>Обувь</Наименование></Группа></Группы>"
RED = "<ЗначенияСвойств><ЗначенияСвойства><Ид>p-col</Ид><Значение>v-red</Значение></ЗначенияСвойства></ЗначенияСвойств>"


def requisite(name: str, value: str) -> str:
    inside = f"<Наименование>{name}</Наименование><Значение>{value}</Значение>"
    return f"<ЗначенияРеквизитов><ЗначениеРеквизита>{inside}</ЗначениеРеквизита></ЗначенияРеквизитов>"


def write(path: Path, body: str) -> Path:
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация>{body}</КоммерческаяИнформация>', encoding="utf-8")
    return path


def classifier(inside: str = GROUPS) -> str:
    return f"<Классификатор><Ид>k</Ид><Наименование>Каталог</Наименование>{inside}</Классификатор>"


def goods(*products: str, changes: bool = False) -> str:
    flag = "true" if changes else "false"
    return (
        f'<Каталог СодержитТолькоИзменения="{flag}"><Ид>c</Ид><ИдКлассификатора>k</ИдКлассификатора><Наименование>К</Наименование>'
        f"<Товары>{''.join(products)}</Товары></Каталог>"
    )


def product(product_id: str, article: str = "", more: str = "", *, name: str = "Слипоны", group: bool = True) -> str:
    written = f"<Артикул>{article}</Артикул>" if article else ""
    groups = "<Группы><Ид>g-1</Ид></Группы>" if group else ""
    return f"<Товар><Ид>{product_id}</Ид>{written}<Наименование>{name}</Наименование>{groups}{more}</Товар>"


def offers(*entries: str, changes: bool = False) -> str:
    tag = "ИзмененияПакетаПредложений" if changes else "ПакетПредложений"
    types = "<ТипыЦен><ТипЦены><Ид>r</Ид><Наименование>Розница</Наименование><Валюта>BYN</Валюта></ТипЦены></ТипыЦен>"
    types = "" if changes else types
    return f"<{tag}><Ид>o</Ид><ИдКлассификатора>k</ИдКлассификатора>{types}<Предложения>{''.join(entries)}</Предложения></{tag}>"


def offer(offer_id: str, more: str = "", *, price: str = "100", count: str = "5") -> str:
    prices = f"<Цены><Цена><ИдТипаЦены>r</ИдТипаЦены><ЦенаЗаЕдиницу>{price}</ЦенаЗаЕдиницу></Цена></Цены>" if price else ""
    counted = f"<Количество>{count}</Количество>" if count else ""
    return f"<Предложение><Ид>{offer_id}</Ид>{more}{prices}{counted}</Предложение>"


def size(value: str, name: str = "Размер") -> str:
    return (
        f"<ХарактеристикиТовара><ХарактеристикаТовара><Наименование>{name}</Наименование><Значение>{value}</Значение>"
        "</ХарактеристикаТовара></ХарактеристикиТовара>"
    )
