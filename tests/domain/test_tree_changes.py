"""Changes of Ozon's tree between two fetches."""

from dataclasses import replace

from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.tree_changes import ChangeKind, TreeChange, new_places, tree_changes

CATEGORIES = [OzonCategory(1, None, "Обувь"), OzonCategory(11, 1, "Летняя"), OzonCategory(12, 1, "Зимняя"), OzonCategory(2, None, "Книги")]
BOOTS, SANDALS, SHOES = TypeKey(12, 100), TypeKey(11, 101), TypeKey(11, 102)
TYPES = [OzonType(BOOTS, "Сапоги"), OzonType(SANDALS, "Сандалии"), OzonType(SHOES, "Туфли")]


def tree(types: list[OzonType], categories: list[OzonCategory] | None = None) -> OzonTree:
    return OzonTree.build(categories or CATEGORIES, types)


def kinds(types: list[OzonType], categories: list[OzonCategory] | None = None) -> dict[TypeKey, ChangeKind]:
    return {change.key: change.kind for change in tree_changes(tree(TYPES), tree(types, categories), [1])}


def test_same_tree_has_no_changes() -> None:
    assert tree_changes(tree(TYPES), tree(TYPES), [1]) == ()


def test_first_fetch_tells_no_changes() -> None:
    assert tree_changes(tree([]), tree(TYPES), [1]) == ()


def test_every_kind_of_change_is_told_with_its_paths() -> None:
    after = [replace(TYPES[0], disabled=True), OzonType(SANDALS, "Босоножки"), OzonType(TypeKey(12, 103), "Унты")]
    assert tree_changes(tree(TYPES), tree(after), [1]) == (
        TreeChange(ChangeKind.GONE, SHOES, ("Обувь", "Летняя", "Туфли")),
        TreeChange(ChangeKind.DISABLED, BOOTS, ("Обувь", "Зимняя", "Сапоги"), ("Обувь", "Зимняя", "Сапоги")),
        TreeChange(ChangeKind.RENAMED, SANDALS, ("Обувь", "Летняя", "Сандалии"), ("Обувь", "Летняя", "Босоножки")),
        TreeChange(ChangeKind.NEW, TypeKey(12, 103), (), ("Обувь", "Зимняя", "Унты")),
    )


def test_type_that_appears_in_one_other_category_has_moved() -> None:
    moved = OzonType(TypeKey(12, 101), "Сандалии")
    assert kinds([TYPES[0], moved, TYPES[2]]) == {SANDALS: ChangeKind.MOVED}
    assert new_places([SANDALS], tree([TYPES[0], moved, replace(TYPES[1], gone=True)])) == {SANDALS: moved.key}


def test_type_that_appears_in_two_other_categories_is_gone_and_new() -> None:
    places = [OzonType(TypeKey(12, 101), "Сандалии"), OzonType(TypeKey(1, 101), "Сандалии")]
    found = kinds([TYPES[0], TYPES[2], *places])
    assert found == {SANDALS: ChangeKind.GONE, places[0].key: ChangeKind.NEW, places[1].key: ChangeKind.NEW}
    assert new_places([SANDALS], tree([TYPES[0], *places])) == {}


def test_renamed_category_shows_in_the_paths_of_its_types() -> None:
    renamed = [CATEGORIES[0], OzonCategory(11, 1, "Для лета"), *CATEGORIES[2:]]
    assert kinds(TYPES, renamed) == {SANDALS: ChangeKind.RENAMED, SHOES: ChangeKind.RENAMED}


def test_only_the_fetched_bases_count() -> None:
    assert tree_changes(tree(TYPES), tree([]), [2]) == ()
