"""Changes of Ozon's tree between two fetches."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.tree_changes import ChangeKind, TreeChange, base_changes, new_places, tree_changes

CATEGORIES = [OzonCategory(1, None, "Обувь"), OzonCategory(11, 1, "Летняя"), OzonCategory(12, 1, "Зимняя"), OzonCategory(2, None, "Книги")]
BOOTS, SANDALS, SHOES = TypeKey(12, 100), TypeKey(11, 101), TypeKey(11, 102)
TYPES = [OzonType(BOOTS, "Сапоги"), OzonType(SANDALS, "Сандалии"), OzonType(SHOES, "Туфли")]


def tree(types: list[OzonType], categories: list[OzonCategory] | None = None) -> OzonTree:
    return OzonTree.build(categories or CATEGORIES, types)


def kinds(types: list[OzonType], categories: list[OzonCategory] | None = None) -> dict[TypeKey | int, ChangeKind]:
    return {change.key: change.kind for change in tree_changes(tree(TYPES), tree(types, categories), [1])}


def test_same_tree_has_no_changes() -> None:
    assert tree_changes(tree(TYPES), tree(TYPES), [1]) == ()
    assert base_changes(tree(TYPES), tree(TYPES)) == ()


def test_first_fetch_says_no_changes() -> None:
    bases = [CATEGORIES[0], CATEGORIES[3]]
    assert tree_changes(tree([], bases), tree(TYPES), [1]) == ()
    assert base_changes(OzonTree.build([], []), tree(TYPES)) == ()


def test_base_that_is_chosen_later_says_nothing_of_what_it_brings() -> None:
    more = [*CATEGORIES, OzonCategory(21, 2, "Для детей")]
    novel = OzonType(TypeKey(21, 200), "Сказки")
    assert tree_changes(tree(TYPES), tree([*TYPES, novel], more), [1, 2]) == ()


def test_every_kind_of_change_is_reported_with_its_paths() -> None:
    after = [replace(TYPES[0], disabled=True), OzonType(SANDALS, "Босоножки"), OzonType(TypeKey(12, 103), "Унты")]
    assert tree_changes(tree(TYPES), tree(after), [1]) == (
        TreeChange(ChangeKind.GONE, SHOES, ("Обувь", "Летняя", "Туфли")),
        TreeChange(ChangeKind.DISABLED, BOOTS, ("Обувь", "Зимняя", "Сапоги"), ("Обувь", "Зимняя", "Сапоги")),
        TreeChange(ChangeKind.RENAMED, SANDALS, ("Обувь", "Летняя", "Сандалии"), ("Обувь", "Летняя", "Босоножки")),
        TreeChange(ChangeKind.NEW, TypeKey(12, 103), (), ("Обувь", "Зимняя", "Унты")),
    )


def test_type_and_category_that_ozon_opens_again_are_reported() -> None:
    closed = [CATEGORIES[0], replace(CATEGORIES[1], disabled=True), *CATEGORIES[2:]]
    before = tree([replace(TYPES[0], disabled=True), *TYPES[1:]], closed)
    found = {change.key: change.kind for change in tree_changes(before, tree(TYPES), [1])}
    assert found == {BOOTS: ChangeKind.ENABLED, 11: ChangeKind.ENABLED}


def test_type_moves_into_a_base_that_is_fetched_for_the_first_time() -> None:
    more = [*CATEGORIES, OzonCategory(21, 2, "Для детей")]
    moved = OzonType(TypeKey(21, 101), "Сандалии")
    assert tree_changes(tree(TYPES), tree([TYPES[0], moved, TYPES[2]], more), [1, 2]) == (
        TreeChange(ChangeKind.MOVED, SANDALS, ("Обувь", "Летняя", "Сандалии"), ("Книги", "Для детей", "Сандалии")),
    )


def test_two_types_that_left_for_one_place_moved_only_once() -> None:
    before = tree([*TYPES, OzonType(TypeKey(12, 101), "Сандалии")])
    third = OzonType(TypeKey(1, 101), "Сандалии")
    found = {change.key: change.kind for change in tree_changes(before, tree([TYPES[0], TYPES[2], third]), [1])}
    assert found == {SANDALS: ChangeKind.MOVED, TypeKey(12, 101): ChangeKind.GONE}


def test_type_that_appears_in_one_other_category_has_moved() -> None:
    moved = OzonType(TypeKey(12, 101), "Сандалии")
    assert kinds([TYPES[0], moved, TYPES[2]]) == {SANDALS: ChangeKind.MOVED}
    assert new_places([SANDALS], tree([TYPES[0], moved, replace(TYPES[1], gone=True)])) == {SANDALS: moved.key}


def test_type_that_appears_in_two_other_categories_is_gone_and_new() -> None:
    places = [OzonType(TypeKey(12, 101), "Сандалии"), OzonType(TypeKey(1, 101), "Сандалии")]
    found = kinds([TYPES[0], TYPES[2], *places])
    assert found == {SANDALS: ChangeKind.GONE, places[0].key: ChangeKind.NEW, places[1].key: ChangeKind.NEW}
    assert new_places([SANDALS], tree([TYPES[0], *places])) == {}


def test_renamed_category_is_reported_once_and_not_for_each_type() -> None:
    renamed = [CATEGORIES[0], OzonCategory(11, 1, "Для лета"), *CATEGORIES[2:]]
    assert tree_changes(tree(TYPES), tree(TYPES, renamed), [1]) == (
        TreeChange(ChangeKind.RENAMED, 11, ("Обувь", "Летняя"), ("Обувь", "Для лета")),
    )


def test_categories_come_go_move_and_are_disabled() -> None:
    changed = [CATEGORIES[0], OzonCategory(12, 1, "Зимняя", disabled=True), CATEGORIES[3], OzonCategory(13, 1, "Домашняя")]
    assert kinds([TYPES[0]], changed) == {
        11: ChangeKind.GONE,
        12: ChangeKind.DISABLED,
        13: ChangeKind.NEW,
        SANDALS: ChangeKind.GONE,
        SHOES: ChangeKind.GONE,
    }
    moved = [*CATEGORIES[:2], OzonCategory(12, 11, "Зимняя"), CATEGORIES[3]]
    assert kinds(TYPES, moved) == {12: ChangeKind.MOVED}


def test_base_categories_are_compared_by_themselves() -> None:
    after = tree(TYPES, [replace(CATEGORIES[0], name="Вся обувь"), *CATEGORIES[1:3], OzonCategory(3, None, "Еда")])
    assert base_changes(tree(TYPES), after) == (
        TreeChange(ChangeKind.GONE, 2, ("Книги",)),
        TreeChange(ChangeKind.RENAMED, 1, ("Обувь",), ("Вся обувь",)),
        TreeChange(ChangeKind.NEW, 3, (), ("Еда",)),
    )


@given(st.sets(st.tuples(st.sampled_from([11, 12]), st.integers(1, 5))), st.sets(st.tuples(st.sampled_from([11, 12]), st.integers(1, 5))))
def test_changes_account_for_every_type_that_came_or_went(old: set[tuple[int, int]], new: set[tuple[int, int]]) -> None:
    before, after = (tree([OzonType(TypeKey(*pair), "Тип") for pair in sorted(pairs)]) for pairs in (old, new))
    found = tree_changes(before, after, [1])
    moved = {change.key for change in found if change.kind is ChangeKind.MOVED}
    left = {change.key for change in found if change.kind is ChangeKind.GONE} | moved
    assert left == {TypeKey(*pair) for pair in old - new}
    assert sum(change.kind is ChangeKind.NEW for change in found) == len(new - old) - len(moved)


def test_only_the_fetched_bases_count() -> None:
    assert tree_changes(tree(TYPES), tree([]), [2]) == ()
