"""A site on 1С-Битрикс writes fields of its products among the properties: they are read as fields."""

from pathlib import Path

import pytest

from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.store.bitrix_fields import plain_text
from ozon_desktop.store.source import open_source


def product(folder: Path, properties: dict[str, str], fields: str = "", *, changes: bool = False) -> Product:
    values = "".join(
        f"<ЗначенияСвойства><Ид>{name}</Ид><Значение>{value}</Значение></ЗначенияСвойства>" for name, value in properties.items()
    )
    goods = f"<Товар><Ид>t</Ид><Наименование>Крем</Наименование>{fields}<ЗначенияСвойств>{values}</ЗначенияСвойств></Товар>"
    only = "true" if changes else "false"
    path = folder / "import.xml"
    path.write_text(
        "<КоммерческаяИнформация><Классификатор><Ид>k</Ид><Наименование>К</Наименование></Классификатор>"
        f'<Каталог СодержитТолькоИзменения="{only}"><ИдКлассификатора>k</ИдКлассификатора><Товары>{goods}</Товары></Каталог>'
        "</КоммерческаяИнформация>",
        encoding="utf-8",
    )
    [found] = [record for record in open_source(path).read(path) if isinstance(record, Product)]
    return found


SITE = {
    "CML2_ARTICLE": "КР-7",
    "CML2_BAR_CODE": "4601234567893",
    "CML2_MANUFACTURER": "Ромашка",
    "CML2_PREVIEW_TEXT": "Коротко",
    "CML2_DETAIL_TEXT": "&lt;p class=&quot;x&quot;&gt;Подробно&lt;/p&gt;",
    "CML2_PREVIEW_PICTURE": "import_files/7.jpg",
    "CML2_CODE": "krem-7",
    "CML2_SORT": "500",
    "VOLUME": "50 мл",
}


def test_fields_among_the_properties_are_fields(tmp_path: Path) -> None:
    found = product(tmp_path, SITE)
    assert (found.offer_id, found.barcodes, found.vendor) == ("КР-7", ("4601234567893",), "Ромашка")
    assert (found.description, found.pictures) == ("<p>Подробно</p>", ("import_files/7.jpg",))
    assert found.properties == (("VOLUME", "50 мл"),)


def test_the_short_text_stands_for_a_long_one_that_is_missing(tmp_path: Path) -> None:
    assert product(tmp_path, {"CML2_PREVIEW_TEXT": "Коротко"}).description == "Коротко"


def test_what_the_product_says_itself_wins(tmp_path: Path) -> None:
    own = "<Артикул>СВОЙ</Артикул><Штрихкод>4601234567909</Штрихкод><Описание>Своё</Описание><Картинка>own.jpg</Картинка>"
    found = product(tmp_path, SITE, own)
    assert (found.offer_id, found.barcodes, found.description, found.pictures) == ("СВОЙ", ("4601234567909",), "Своё", ("own.jpg",))


def test_a_barcode_with_letters_stays_a_property(tmp_path: Path) -> None:
    found = product(tmp_path, {"CML2_BAR_CODE": "KR603"})
    assert (found.barcodes, found.properties) == ((), (("CML2_BAR_CODE", "KR603"),))


def test_changes_that_say_a_field_so_have_said_it(tmp_path: Path) -> None:
    assert {"description", "offer_id"}.isdisjoint(product(tmp_path, SITE, changes=True).unsaid)
    assert "description" in product(tmp_path, {"VOLUME": "50 мл"}, changes=True).unsaid


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('a:2:{s:4:"TEXT";s:12:"Нанести на кожу";s:4:"TYPE";s:4:"text";}', "Нанести на кожу"),
        ('a:2:{s:4:"TEXT";s:9:"<b class=1>Вода</b>; соль";s:4:"TYPE";s:4:"html";}', "<b>Вода</b>; соль"),
        ('a:2:{s:4:"TEXT";s:9:"без конца', 'a:2:{s:4:"TEXT";s:9:"без конца'),
        ("a: вода", "a: вода"),
    ],
)
def test_texts_in_the_notation_of_php_are_texts(written: str, text: str) -> None:
    assert plain_text(written) == text


def test_a_property_kept_with_markup_is_its_text(tmp_path: Path) -> None:
    found = product(tmp_path, {"USE": 'a:2:{s:4:"TEXT";s:12:"Нанести";s:4:"TYPE";s:4:"html";}'})
    assert found.properties == (("USE", "Нанести"),)
