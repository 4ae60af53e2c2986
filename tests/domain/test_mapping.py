"""Mapping of categories: inheritance, states, coverage, for any forest of categories."""

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.mapping import MappingPart, MappingState, coverage, key_of_product, products_below, resolve
from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import Product, StoreCategory, category_paths

GOOD, OFF, GONE = TypeKey(1, 10), TypeKey(1, 11), TypeKey(1, 12)
NOT_IN_TREE = TypeKey(9, 99)
TREE = OzonTree.build(
    [OzonCategory(1, None, "Одежда")],
    [OzonType(GOOD, "Рубашка"), OzonType(OFF, "Жилет", disabled=True), OzonType(GONE, "Камзол", gone=True)],
)


def category(number: int, parent: int | None) -> StoreCategory:
    return StoreCategory(str(number), "s", None if parent is None else str(parent), f"К{number}", number)


@st.composite
def forests(draw: st.DrawFn) -> list[StoreCategory]:
    """Any parent links at all: trees, links to nowhere, and circles."""
    count = draw(st.integers(1, 12))
    parents = draw(st.lists(st.one_of(st.none(), st.integers(0, count + 1)), min_size=count, max_size=count))
    return [category(number, parent) for number, parent in enumerate(parents)]


@st.composite
def mapped_forests(draw: st.DrawFn) -> tuple[list[StoreCategory], dict[str, TypeKey]]:
    categories = draw(forests())
    ids = st.sampled_from([entry.id for entry in categories])
    return categories, draw(st.dictionaries(ids, st.sampled_from([GOOD, OFF, GONE, NOT_IN_TREE])))


@given(mapped_forests())
def test_nearest_mapping_upwards_decides(drawn: tuple[list[StoreCategory], dict[str, TypeKey]]) -> None:
    categories, own = drawn
    by_id = {entry.id: entry for entry in categories}
    resolved = resolve(categories, own, TREE)
    assert resolved.keys() == by_id.keys()
    for entry in categories:
        above, seen = entry, {entry.id}
        while above.id not in own and above.parent_id in by_id and above.parent_id not in seen:
            above = by_id[above.parent_id or ""]
            seen.add(above.id)
        found = resolved[entry.id]
        assert found.key == own.get(above.id)
        assert found.inherited_from == (above.id if above.id != entry.id and above.id in own else None)


@given(mapped_forests())
def test_own_mapping_is_never_taken_over_by_another(drawn: tuple[list[StoreCategory], dict[str, TypeKey]]) -> None:
    categories, own = drawn
    resolved = resolve(categories, own, TREE)
    assert all(resolved[category_id].key == key for category_id, key in own.items())


@given(mapped_forests(), st.lists(st.integers(0, 50), min_size=12, max_size=12))
def test_coverage_counts_each_product_once(drawn: tuple[list[StoreCategory], dict[str, TypeKey]], numbers: list[int]) -> None:
    categories, own = drawn
    products = {entry.id: numbers[index] for index, entry in enumerate(categories)}
    cover = coverage(resolve(categories, own, TREE), products)
    assert cover.products == sum(products.values())
    assert 0 <= cover.mapped_products <= cover.products
    assert 0 <= cover.mapped_categories <= cover.categories <= len(categories)
    assert (cover.product_percent == 100) == (cover.products > 0 and cover.mapped_products == cover.products)


@given(forests())
def test_paths_and_sums_end_for_any_links(categories: list[StoreCategory]) -> None:
    paths = category_paths(tuple(categories))
    assert {entry.id: paths[entry.id][-1] for entry in categories} == {entry.id: entry.name for entry in categories}
    below = products_below(categories, {entry.id: 1 for entry in categories})
    assert all(1 <= number <= len(categories) for number in below.values())


def test_states_say_what_is_the_matter() -> None:
    categories = [category(0, None), category(1, 0), category(2, 1), category(3, 0), category(4, 0), category(5, None), category(6, 0)]
    resolved = resolve(categories, {"1": GOOD, "3": OFF, "4": GONE, "6": NOT_IN_TREE}, TREE)
    assert {number: resolved[number].state for number in resolved} == {
        "0": MappingState.PARTIAL,
        "1": MappingState.MAPPED,
        "2": MappingState.INHERITED,
        "3": MappingState.TYPE_DISABLED,
        "4": MappingState.TYPE_GONE,
        "5": MappingState.NONE,
        "6": MappingState.TYPE_GONE,
    }
    assert resolved["2"].inherited_from == "1"


def test_products_below_are_summed_up_the_tree() -> None:
    categories = [category(0, None), category(1, 0), category(2, 1), category(3, None)]
    assert products_below(categories, {"1": 2, "2": 5, "3": 1, "unknown": 9}) == {"0": 7, "1": 7, "2": 5, "3": 1}


def test_type_key_reads_what_it_writes() -> None:
    assert TypeKey.parse(str(TypeKey(17, 970))) == TypeKey(17, 970)


SHIRT = Product("p", "A-1", "Рубашка", properties=(("Сезон", "Зима"), ("Цвет", "Жёлтый")))


@given(mapped_forests())
def test_without_parts_every_product_has_the_type_of_its_category(drawn: tuple[list[StoreCategory], dict[str, TypeKey]]) -> None:
    categories, own = drawn
    by_id = {entry.id: entry for entry in categories}
    resolved = resolve(categories, own, TREE)
    for entry in categories:
        assert key_of_product(SHIRT, entry.id, by_id, own, {}) == resolved[entry.id].key


@given(mapped_forests(), st.data())
def test_nearest_category_decides_and_there_the_part_before_the_whole(
    drawn: tuple[list[StoreCategory], dict[str, TypeKey]], data: st.DataObject
) -> None:
    categories, own = drawn
    by_id = {entry.id: entry for entry in categories}
    holder = data.draw(st.sampled_from(categories)).id
    parts = {holder: (MappingPart("цвет", "Синий", OFF), MappingPart("Цвет", "желтый", NOT_IN_TREE))}
    for entry in categories:
        line: list[str] = []
        current = entry.id
        while current in by_id and current not in line:
            line.append(current)
            current = by_id[current].parent_id or ""
        nearest = next((name for name in line if name in own or name == holder), None)
        wanted = None if nearest is None else NOT_IN_TREE if nearest == holder else own[nearest]
        assert key_of_product(SHIRT, entry.id, by_id, own, parts) == wanted


def test_category_mapped_by_parts_alone_is_partial_and_covers_what_the_parts_have() -> None:
    categories = [category(0, None), category(1, 0)]
    resolved = resolve(categories, {}, TREE, {"1": (MappingPart("Сезон", "Зима", GOOD),)})
    assert {entry.state for entry in resolved.values()} == {MappingState.PARTIAL}
    some = coverage(resolved, {"1": 10}, {"1": 4})
    assert (some.mapped_categories, some.mapped_products, some.product_percent) == (0, 4, 40)
    assert coverage(resolved, {"1": 10}, {"1": 10}).mapped_categories == 1
