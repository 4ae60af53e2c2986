"""The store's catalogue and Ozon's: variants, property names, paths, and the tree of categories and types."""

from dataclasses import replace

import pytest

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import Product, StoreCategory, category_paths, fold, merge_variant

PARENT = Product(
    "p", "RU", "Рубашка", "s", None, ("c1",), "Описание", ("111",), ("https://shop.example/1.jpg",), "20", "Ромашка", "шт",
    (("Цвет", "белый"), ("Состав", "лён")),
)  # fmt: skip
VARIANT = Product("p#1", "", "", parent_id="p", properties=(("цвет", "чёрный"), ("Размер", "44")))
TREE = OzonTree.build(
    [OzonCategory(1, None, "Одежда"), OzonCategory(2, 1, "Рубашки"), OzonCategory(3, None, "Дом")],
    [OzonType(TypeKey(2, 20), "Рубашка"), OzonType(TypeKey(1, 20), "Рубашка"), OzonType(TypeKey(3, 30), "Коврик")],
)


def test_variant_takes_over_what_it_lacks() -> None:
    merged = merge_variant(PARENT, VARIANT)
    assert (merged.id, merged.parent_id, merged.offer_id, merged.name) == ("p#1", "p", "RU", "Рубашка")
    assert (merged.category_ids, merged.barcodes, merged.vat, merged.vendor) == (("c1",), ("111",), "20", "Ромашка")
    assert merged.properties == (("цвет", "чёрный"), ("Размер", "44"), ("Состав", "лён"))
    assert merge_variant(PARENT, replace(VARIANT, offer_id="RU-44", barcodes=("222",))).barcodes == ("222",)


def test_variant_of_a_deleted_product_is_deleted() -> None:
    assert merge_variant(replace(PARENT, deleted=True), VARIANT).deleted
    assert merge_variant(PARENT, replace(VARIANT, deleted=True)).deleted
    assert not merge_variant(PARENT, VARIANT).deleted


def test_property_names_are_compared_as_people_read_them() -> None:
    product = replace(PARENT, properties=(("Тип_ткани", "лён"), ("ОБЪЁМ", "1 л")))
    assert product.property_value("тип  ткани") == "лён"
    assert product.property_value("объем") == "1 л"
    assert product.property_value("Вес") is None


@pytest.mark.parametrize(("left", "right"), [("Ёлка", "елка"), ("a_b", "A  b"), (" х ", "Х")])
def test_fold_makes_equal_what_reads_equal(left: str, right: str) -> None:
    assert fold(left) == fold(right)


def test_paths_run_from_the_top_and_end_at_a_broken_link() -> None:
    rows = (
        StoreCategory("3", "s", "2", "В"),
        StoreCategory("2", "s", "1", "Б"),
        StoreCategory("1", "s", None, "А"),
        StoreCategory("9", "s", "8", "Г"),
    )
    assert category_paths(rows) == {"3": ("А", "Б", "В"), "2": ("А", "Б"), "1": ("А",), "9": ("Г",)}


def test_one_type_in_two_categories_is_two_types() -> None:
    assert TREE.type_path(TypeKey(2, 20)) == ("Одежда", "Рубашки", "Рубашка")
    assert TREE.type_path(TypeKey(1, 20)) == ("Одежда", "Рубашка")
    assert TREE.type_path(TypeKey(3, 20)) == ()


def test_tree_knows_bases_and_what_lies_below() -> None:
    assert [base.id for base in TREE.base] == [1, 3]
    assert (TREE.base_of(2), TREE.base_of(3)) == (1, 3)
    assert [type_.key for type_ in TREE.types_below([1])] == [TypeKey(1, 20), TypeKey(2, 20)]
    assert [type_.key for type_ in TREE.types_below([1, 2, 1])] == [TypeKey(1, 20), TypeKey(2, 20)]
    with pytest.raises(KeyError):
        TREE.base_of(77)


@pytest.mark.parametrize("text", ["17", "a:b", "1:", ""])
def test_text_that_is_no_type_key(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        TypeKey.parse(text)


def test_editor_follows_the_attribute() -> None:
    kinds = {Attribute(1, "x", type=kind).kind for kind in ("String", "multiline", "Integer", "Decimal", "Boolean", "URL", "ImageURL")}
    assert kinds == {"text", "multiline", "integer", "decimal", "boolean", "url"}
    assert Attribute(1, "x", type="Integer", dictionary_id=5).kind == "dictionary"


def test_dictionary_is_shared_unless_it_depends_on_the_category() -> None:
    key = TypeKey(2, 20)
    assert DictionaryKey.of(Attribute(1, "x", dictionary_id=5), key) == DictionaryKey(5)
    assert DictionaryKey.of(Attribute(1, "x", dictionary_id=5, category_dependent=True), key) == DictionaryKey(5, key)
