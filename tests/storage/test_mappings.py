"""Mapping changes, and taking them back."""

from datetime import timedelta

from sqlalchemy import Text, cast, select

from ozon_desktop.domain.mapping import MappingPart, MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.mapping_tables import mapping_changes
from tests.storage.conftest import NOW

KNIFE, FORK, SPOON = TypeKey(17_028_922, 9_007_199_254_740_993), TypeKey(17, 2), TypeKey(17, 3)


def own(database: Database, integration_id: int) -> dict[str, TypeKey]:
    return database.run_sync(lambda unit: unit.mappings.own(integration_id))


def apply(database: Database, integration_id: int, label: str, **after: TypeKey | None) -> int:
    return database.run_sync(lambda unit: unit.mappings.apply(integration_id, label, after, NOW, "я")).id


def labels(database: Database, integration_id: int) -> tuple[str | None, str | None]:
    return database.run_sync(lambda unit: (unit.mappings.undo_label(integration_id), unit.mappings.redo_label(integration_id)))


def test_a_change_knows_what_was_before(database: Database, integration_id: int) -> None:
    apply(database, integration_id, "ножи", a=KNIFE, b=FORK)
    change = database.run_sync(
        lambda unit: unit.mappings.apply(integration_id, "правка", {"a": FORK, "b": None, "c": SPOON}, NOW + timedelta(hours=1), "она")
    )
    assert change.before == ((MappingPlace("a"), KNIFE), (MappingPlace("b"), FORK), (MappingPlace("c"), None))
    assert change.after == ((MappingPlace("a"), FORK), (MappingPlace("b"), None), (MappingPlace("c"), SPOON))
    assert own(database, integration_id) == {"a": FORK, "c": SPOON}
    history = database.run_sync(lambda unit: unit.mappings.history(integration_id, 10))
    assert [item.label for item in history] == ["правка", "ножи"]
    assert history[0] == change


def test_undo_and_redo_go_back_and_forth(database: Database, integration_id: int) -> None:
    apply(database, integration_id, "первое", a=KNIFE)
    apply(database, integration_id, "второе", a=None, b=FORK)
    states = [own(database, integration_id)]
    for step in ("undo", "undo", "undo", "redo", "redo", "redo"):
        database.run_sync(lambda unit, step=step: getattr(unit.mappings, step)(integration_id))  # type: ignore[misc]
        states.append(own(database, integration_id))
    assert states == [{"b": FORK}, {"a": KNIFE}, {}, {}, {"a": KNIFE}, {"b": FORK}, {"b": FORK}]


def test_labels_name_the_next_step(database: Database, integration_id: int) -> None:
    assert labels(database, integration_id) == (None, None)
    apply(database, integration_id, "первое", a=KNIFE)
    apply(database, integration_id, "второе", a=FORK)
    assert labels(database, integration_id) == ("второе", None)
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    assert labels(database, integration_id) == ("первое", "второе")
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    assert labels(database, integration_id) == (None, "первое")


def test_a_new_change_ends_redoing(database: Database, integration_id: int) -> None:
    apply(database, integration_id, "первое", a=KNIFE)
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    apply(database, integration_id, "новое", a=SPOON)
    assert database.run_sync(lambda unit: unit.mappings.redo(integration_id)) is None
    assert own(database, integration_id) == {"a": SPOON}
    assert labels(database, integration_id) == ("новое", None)


def test_a_change_of_nothing_is_no_step(database: Database, integration_id: int) -> None:
    apply(database, integration_id, "первое", a=KNIFE)
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    assert apply(database, integration_id, "пустое", b=None) == 0
    assert labels(database, integration_id) == (None, "первое")


def test_integrations_do_not_share_mappings(database: Database, integration_id: int) -> None:
    other = database.run_sync(lambda unit: unit.integrations.add("Другой")).id
    apply(database, integration_id, "первое", a=KNIFE)
    assert own(database, other) == {}
    assert database.run_sync(lambda unit: unit.mappings.undo(other)) is None
    assert own(database, integration_id) == {"a": KNIFE}


def test_a_thousand_categories_at_once(database: Database, integration_id: int) -> None:
    after: dict[str, TypeKey | None] = {f"категория {number}": KNIFE for number in range(1200)}
    database.run_sync(lambda unit: unit.mappings.apply(integration_id, "все", after, NOW, "я"))
    assert own(database, integration_id) == after
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    assert own(database, integration_id) == {}


def test_parts_stand_beside_the_whole_and_are_undone_with_it(database: Database, integration_id: int) -> None:
    winter, summer = MappingPlace("a", "Сезон", "Зима"), MappingPlace("a", "Сезон", "Лето")

    def parts() -> dict[str, tuple[MappingPart, ...]]:
        return database.run_sync(lambda unit: unit.mappings.parts(integration_id))

    both = {MappingPlace("a"): KNIFE, winter: FORK, summer: SPOON}
    database.run_sync(lambda unit: unit.mappings.apply(integration_id, "части", both, NOW, "я"))
    assert own(database, integration_id) == {"a": KNIFE}
    assert parts() == {"a": (MappingPart("Сезон", "Зима", FORK), MappingPart("Сезон", "Лето", SPOON))}
    database.run_sync(lambda unit: unit.mappings.apply(integration_id, "без зимы", {winter: None, summer: KNIFE}, NOW, "я"))
    assert parts() == {"a": (MappingPart("Сезон", "Лето", KNIFE),)}
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    assert len(parts()["a"]) == 2
    database.run_sync(lambda unit: unit.mappings.undo(integration_id))
    assert (parts(), own(database, integration_id)) == ({}, {})
    database.run_sync(lambda unit: unit.mappings.redo(integration_id))
    assert len(parts()["a"]) == 2
    history = database.run_sync(lambda unit: unit.mappings.history(integration_id))
    assert [(change.label, change.undone) for change in history] == [("без зимы", True), ("части", False)]


def test_whole_categories_are_stored_as_before_parts_existed(database: Database, integration_id: int) -> None:
    """An older history has ids where a place stands now: both are read."""
    apply(database, integration_id, "старое", a=KNIFE)
    stored = database.run_sync(lambda unit: unit.mappings._connection.scalar(select(cast(mapping_changes.c.after, Text))))
    assert str(stored).startswith('[["a",')
    [change] = database.run_sync(lambda unit: unit.mappings.history(integration_id))
    assert change.after == ((MappingPlace("a"), KNIFE),)
