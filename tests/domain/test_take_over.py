"""Which product is which once another source takes the place of the old one."""

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.store_catalog import StoreCategory
from ozon_desktop.domain.take_over import Goods, Kind, MatchedBy, StoreSide, cannot_be_chosen, match, plan_id


def goods(id_: str, article: str = "", name: str = "Рубашка", **more: object) -> Goods:
    return Goods(id_, name, article=article, **more)  # type: ignore[arg-type]


def side(*products: Goods, categories: tuple[StoreCategory, ...] = (), **names: dict[str, str]) -> StoreSide:
    return StoreSide(products, categories, {Kind(kind): of_kind for kind, of_kind in names.items()})


def found(old: StoreSide, new: StoreSide, kind: Kind = Kind.PRODUCT) -> dict[str, tuple[str, MatchedBy]]:
    return {pair.old: (pair.new, pair.by) for pair in match(old, new).of(kind)}


def test_products_are_matched_by_article_then_barcode() -> None:
    old = side(goods("1", "A"), goods("2", "", "Брюки", barcodes=("460",)), goods("3", "C", "Шарф"))
    new = side(goods("x", "A"), goods("y", "Y", "Брюки чёрные", barcodes=("460", "461")), goods("z", "Z", "Перчатки"))
    assert found(old, new) == {"1": ("x", MatchedBy.ARTICLE), "2": ("y", MatchedBy.BARCODE)}
    matching = match(old, new)
    assert matching.only_old[Kind.PRODUCT] == ("3",)
    assert matching.only_new[Kind.PRODUCT] == ("z",)
    assert not matching.fits


def test_the_same_article_twice_is_decided_by_what_is_left_or_by_a_person() -> None:
    old = side(goods("1", "A", barcodes=("11",)), goods("2", "A", barcodes=("22",)), goods("3", "B"))
    new = side(goods("x", "A", barcodes=("22",)), goods("y", "A", barcodes=("11",)), goods("z", "B"), goods("w", "B"))
    matching = match(old, new)
    assert found(old, new) == {"1": ("y", MatchedBy.BARCODE), "2": ("x", MatchedBy.BARCODE)}
    assert [(doubt.by, doubt.old, doubt.new) for doubt in matching.doubts] == [(MatchedBy.ARTICLE, ("3",), ("w", "z"))]
    assert matching.doubtful == {"w", "z"}


def test_what_a_person_has_paired_is_the_same_and_leaves_no_doubt() -> None:
    old = side(goods("1", "A", name="Платье"), goods("2", "B"), goods("z", "C"))
    new = side(goods("x", "A", name="Юбка"), goods("y", "A", name="Брюки"), goods("z", "C"))
    matching = match(old, new, {"1": "y", "2": "z"})
    assert {(pair.old, pair.new) for pair in matching.of(Kind.PRODUCT) if pair.by is MatchedBy.PERSON} == {("1", "y"), ("2", "z")}
    assert len(matching.of(Kind.PRODUCT)) == 2, "neither id nor article takes the partner away that was chosen"
    assert not matching.doubts
    assert plan_id(matching, "") != plan_id(match(old, new), "")


def test_pairs_that_cannot_be_are_named() -> None:
    old = side(goods("1"), goods("2"), goods("3"), goods("head"), goods("head#a", parent_id="head"), goods("gone", deleted=True))
    new = side(goods("x"), goods("y"), goods("top"), goods("top#a", parent_id="top"))
    assert cannot_be_chosen(old, new, {"1": "x", "head": "top", "head#a": "top#a"}) == ()
    assert cannot_be_chosen(old, new, {"1": "x", "2": "x", "3": "y"}) == ("1", "2")
    assert cannot_be_chosen(old, new, {"1": "top", "head": "x", "gone": "y", "nobody": "y", "3": "nobody"}) == (
        *("1", "3", "gone", "head", "nobody"),
    )


def test_two_barcodes_that_lead_to_two_products_are_a_doubt() -> None:
    old, new = side(goods("1", barcodes=("11", "22"))), side(goods("x", "X", barcodes=("11",)), goods("y", "Y", barcodes=("22",)))
    assert found(old, new) == {}
    assert match(old, new).doubtful == {"x", "y"}


def test_names_count_only_in_the_same_category() -> None:
    shirts, gifts = StoreCategory("1", "s", None, "Рубашки"), StoreCategory("2", "s", None, "Подарки")
    old = side(goods("a", name="Белая", category_ids=("1",)), goods("b", name="Белая", category_ids=("2",)), categories=(shirts, gifts))
    new = side(
        goods("u", name="белая", category_ids=("7",)),
        goods("v", name="Белая ", category_ids=("9",)),
        categories=(replace(gifts, id="7"), replace(shirts, id="9")),
    )
    assert found(old, new) == {"a": ("v", MatchedBy.PATH), "b": ("u", MatchedBy.PATH)}
    assert found(old, new, Kind.CATEGORY) == {"1": ("9", MatchedBy.PATH), "2": ("7", MatchedBy.PATH)}


def test_a_tree_with_another_trunk_is_known_by_its_products() -> None:
    old = side(
        *(goods(str(number), f"A-{number}", category_ids=("leaf",)) for number in range(4)),
        categories=(StoreCategory("trunk", "s", None, "Одежда"), StoreCategory("leaf", "s", "trunk", "Рубашки")),
    )
    new = side(
        *(goods(f"n{number}", f"A-{number}", category_ids=("3",)) for number in range(4)),
        categories=(
            StoreCategory("1", "t", None, "Каталог"),
            StoreCategory("2", "t", "1", "Одежда и обувь"),
            StoreCategory("3", "t", "2", "Рубашки мужские"),
        ),
    )
    assert found(old, new, Kind.CATEGORY) == {"leaf": ("3", MatchedBy.PRODUCTS), "trunk": ("2", MatchedBy.PRODUCTS)}


def test_variants_go_with_their_product_by_what_tells_them_apart() -> None:
    old = side(goods("p", "A"), *(goods(f"p{size}", "A", parent_id="p", characteristic=size) for size in ("37", "38")))
    new = side(goods("q", "A"), *(goods(f"q{size}", "", parent_id="q", characteristic=size) for size in ("38", "39")))
    assert found(old, new) == {"p": ("q", MatchedBy.ARTICLE), "p38": ("q38", MatchedBy.CHARACTERISTIC)}


def test_sizes_listed_one_by_one_become_variants_of_a_product() -> None:
    old = side(goods("1", "A-37"), goods("2", "A-38"))
    new = side(goods("q", "A"), *(goods(f"q{size}", "A", parent_id="q", characteristic=size, sold_as=f"A-{size}") for size in ("37", "38")))
    assert found(old, new) == {"1": ("q37", MatchedBy.ARTICLE), "2": ("q38", MatchedBy.ARTICLE)}


def test_lists_go_by_name_and_the_only_one_of_its_kind_whatever_it_is_called() -> None:
    old = side(goods("1", "A"), price_type={"price": "price"}, warehouse={"a": "Склад", "b": "Лес"}, employee={"1": "Иванова"})
    new = side(goods("2", "A"), price_type={"77": "Цена продажи"}, warehouse={"8": "лес", "9": "Поле"}, employee={"5": "Петров"})
    assert found(old, new, Kind.PRICE_TYPE) == {"price": ("77", MatchedBy.ONLY)}
    assert found(old, new, Kind.WAREHOUSE) == {"b": ("8", MatchedBy.NAME)}
    assert found(old, new, Kind.EMPLOYEE) == {}


def test_equal_ids_of_sources_that_count_from_one_say_nothing() -> None:
    old = side(goods("1", "A", "Рубашка"), goods("2", "B", "Брюки"))
    new = side(goods("2", "A", "Рубашка"), goods("1", "C", "Чайник"))
    assert found(old, new) == {"1": ("2", MatchedBy.ARTICLE)}
    assert not match(old, new).same_ids


def test_where_most_ids_are_the_same_a_renamed_product_keeps_its_own() -> None:
    old = side(*(goods(f"u{number}", f"A-{number}") for number in range(5)))
    new = side(*(goods(f"u{number}", f"A-{number}") for number in range(4)), goods("u4", "Z-1", "Шапка"))
    matching = match(old, new)
    assert matching.fits
    assert found(old, new)["u4"] == ("u4", MatchedBy.ID)


def test_a_source_of_entirely_other_goods_does_not_fit() -> None:
    assert not match(side(goods("1", "A")), side(goods("2", "B", "Чайник"))).fits
    assert match(side(), side(goods("2", "B"))).fits


def test_a_product_that_is_back_in_the_store_is_known_again() -> None:
    old = side(goods("1", "A"), goods("2", "B", deleted=True))
    assert found(old, side(goods("x", "A"), goods("y", "B")))["2"] == ("y", MatchedBy.ARTICLE)


def test_pairs_whose_names_have_nothing_in_common_are_told() -> None:
    matching = match(side(goods("1", "100", "Рубашка белая")), side(goods("x", "100", "Чайник")))
    assert [(pair.old, pair.new) for pair in matching.unlike] == [("1", "x")]


texts = st.sampled_from(["", "A", "B", "C", "A-1"])
one = st.builds(
    Goods,
    id=st.sampled_from([str(number) for number in range(12)]),
    name=st.sampled_from(["", "Рубашка", "Брюки", "Шарф"]),
    parent_id=st.sampled_from([None, None, "0", "1"]),
    article=texts,
    sold_as=texts,
    barcodes=st.lists(st.sampled_from(["1", "2", "3"]), max_size=2).map(tuple),
    category_ids=st.lists(st.sampled_from(["1", "2"]), max_size=1).map(tuple),
    characteristic=st.sampled_from(["", "37", "38"]),
    deleted=st.booleans(),
)
categories = st.lists(
    st.builds(
        StoreCategory,
        id=st.sampled_from(["1", "2", "3"]),
        structure_id=st.just("s"),
        parent_id=st.sampled_from([None, "1", "2", "3"]),
        name=st.sampled_from(["Одежда", "Обувь"]),
    ),
    max_size=3,
    unique_by=lambda category: category.id,
).map(tuple)
sides = st.builds(
    StoreSide,
    products=st.lists(one, max_size=10, unique_by=lambda product: product.id).map(tuple),
    categories=categories,
    names=st.fixed_dictionaries({Kind.WAREHOUSE: st.dictionaries(st.sampled_from("123"), texts)}),
)


@given(sides, sides, st.integers())
def test_each_has_one_partner_at_most_whatever_the_order(old: StoreSide, new: StoreSide, seed: int) -> None:
    matching = match(old, new)
    for kind in Kind:
        pairs = matching.of(kind)
        assert max(Counter(pair.old for pair in pairs).values(), default=1) == 1
        assert max(Counter(pair.new for pair in pairs).values(), default=1) == 1
        assert not {pair.old for pair in pairs} & set(matching.only_old[kind])
        assert not {pair.new for pair in pairs} & set(matching.only_new[kind])
    assert all(set(doubt.old) <= set(matching.only_old[Kind.PRODUCT]) for doubt in matching.doubts)
    mixed = random.Random(seed)
    one, other = (replace(each, products=tuple(mixed.sample(each.products, len(each.products)))) for each in (old, new))
    again = match(one, other)
    assert again == matching
    assert plan_id(again, "1С") == plan_id(matching, "1С")


@given(sides)
def test_a_source_fits_itself(store: StoreSide) -> None:
    matching = match(store, store)
    assert all(pair.old == pair.new for pair in matching.pairs)


@given(sides, st.integers())
def test_other_ids_alone_move_everything_that_can_be_told_apart(store: StoreSide, seed: int) -> None:
    """Products with articles of their own meet their own again, whatever they are called by the new source."""
    alive = [replace(one, article=f"ART-{one.id}", deleted=False) for one in store.products if one.parent_id is None]
    other = random.Random(seed).sample(range(100), len(alive))
    renamed = [replace(one, id=f"{number}", name=f"{one.name} новая") for one, number in zip(alive, other, strict=True)]
    matching = match(StoreSide(tuple(alive)), StoreSide(tuple(renamed)))
    assert {(pair.old, pair.new) for pair in matching.of(Kind.PRODUCT)} == {(a.id, b.id) for a, b in zip(alive, renamed, strict=True)}
