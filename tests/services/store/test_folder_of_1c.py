"""A folder that 1C writes holds more than goods, and says one property in several files."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ozon_desktop.application import Application
from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import UnknownFormat
from ozon_desktop.wording.store_import import import_problem_text

NOBODY = "00000000-0000-0000-0000-000000000000"


def written(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"<КоммерческаяИнформация ВерсияСхемы='3.1'>{body}</КоммерческаяИнформация>", encoding="utf-8")
    return path


def brand(property_id: str, values: Sequence[str]) -> str:
    entries = "".join(f"<Справочник><ИдЗначения>{value}</ИдЗначения><Значение>Ромашка</Значение></Справочник>" for value in values)
    kind = "<ТипЗначений>Справочник</ТипЗначений>"
    inside = f"<Ид>{property_id}</Ид><Наименование>Бренд</Наименование>{kind}<ВариантыЗначений>{entries}</ВариантыЗначений>"
    return f"<Классификатор><Ид>k</Ид><Наименование>К</Наименование><Свойства><Свойство>{inside}</Свойство></Свойства></Классификатор>"


def goods(*values: str) -> str:
    said = "".join(f"<ЗначенияСвойства><Ид>b</Ид><Значение>{value}</Значение></ЗначенияСвойства>" for value in values)
    one = f"<Товар><Ид>t</Ид><Артикул>A</Артикул><Наименование>Крем</Наименование><ЗначенияСвойств>{said}</ЗначенияСвойств></Товар>"
    catalog = f"<ИдКлассификатора>k</ИдКлассификатора><Товары>{one}</Товары>"
    return f"<Каталог СодержитТолькоИзменения='false'>{catalog}</Каталог>"


COUNTERPARTIES = "<Контрагенты><Контрагент><Ид>c</Ид><Наименование>Иванов</Наименование></Контрагент></Контрагенты>"


@pytest.mark.parametrize("packed", [False, True])
async def test_counterparties_beside_the_goods_are_passed_over(application: Application, tmp_path: Path, packed: bool) -> None:
    files = [written(tmp_path, "contragents.xml", COUNTERPARTIES), written(tmp_path, "goods.xml", goods("x"))]
    if packed:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            for path in files:
                archive.write(path, path.name)
        files = [tmp_path / "export.zip"]
    counts = await application.store_import.import_files(files, silent)
    assert (counts.products, counts.problems) == (1, 0)
    [line] = counts.lines
    assert line.kind is ImportProblemKind.NO_GOODS
    assert import_problem_text(line).endswith("contragents.xml: в файле нет товаров, цен и остатков, он пропущен")


async def test_counterparties_alone_are_no_export(application: Application, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        await application.store_import.import_files([written(tmp_path, "contragents.xml", COUNTERPARTIES)], silent)


async def test_two_ids_of_one_word_in_a_directory_are_one_value(application: Application, tmp_path: Path) -> None:
    """The directory comes after the goods, so that the ids are resolved when the product is read."""
    await application.store_import.import_files([written(tmp_path, "goods.xml", brand("b", []) + goods("v1", "v2"))], silent)
    await application.store_import.import_files([written(tmp_path, "properties.xml", brand("b", ["v1", "v2"]))], silent)
    [product] = await application.store_listing.products()
    assert product.properties == {"Бренд": "Ромашка"}


async def test_the_empty_reference_of_1c_is_no_value(application: Application, tmp_path: Path) -> None:
    await application.store_import.import_files([written(tmp_path, "goods.xml", brand("b", ["v1"]) + goods(NOBODY))], silent)
    [product] = await application.store_listing.products()
    assert product.properties == {}
