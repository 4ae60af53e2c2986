"""Everything CommerceML's schema knows of goods, prices and stocks is read, or listed as not read with a reason."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest

from ozon_desktop.store.commerceml_scope import NOT_READ
from tests.places import ROOT, SHARED

SCHEMA = SHARED / "samples/commerceml/commerceml-2.10.xsd"
XSD = "{http://www.w3.org/2001/XMLSchema}"
TYPES = (
    "Классификатор",
    "Каталог",
    "ПакетПредложений",
    "ИзмененияПакетаПредложений",
    "Группа",
    "Свойство",
    "ЗначенияСвойства",
    "ТипЦены",
    "Склад",
    "ОстаткиПоСкладам",
    "Товар",
    "Цена",
    "ХарактеристикиТовара",
)
UNDER_ANY_NAME = frozenset({"ВариантыЗначений", "ХарактеристикаТовара"})
"""Around what is read; the readers look at what stands inside, whatever this is called."""


def named(node: ET.Element) -> Iterator[str]:
    """Elements and attributes that stand directly in a type, not what stands in them."""
    for inner in node:
        if inner.tag in {f"{XSD}element", f"{XSD}attribute"}:
            yield str(inner.get("name") or inner.get("ref"))
        else:
            yield from named(inner)


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the shared schema is not here")
def test_nothing_of_the_schema_is_passed_over_in_silence() -> None:
    types = {each.get("name"): each for each in ET.parse(SCHEMA).getroot().iter(f"{XSD}complexType")}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "ozon_desktop/store").glob("commerceml*.py"))
        if "scope" not in path.name
    )
    passed_over = [
        f"{type_name}/{name}"
        for type_name in TYPES
        for name in named(types[type_name])
        if f'"{name}"' not in source and name not in UNDER_ANY_NAME | NOT_READ.get(type_name, {}).keys()
    ]
    assert passed_over == []


def test_each_thing_that_is_not_read_has_a_reason() -> None:
    assert all(reason.strip() for reasons in NOT_READ.values() for reason in reasons.values())
