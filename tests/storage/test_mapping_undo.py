"""Undo and redo of the mapping against a simple model: any changes, in any order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.storage.database import Database
from tests.storage.conftest import NOW

PLACES = [MappingPlace("a"), MappingPlace("b"), MappingPlace("a", "Сезон", "Зима"), MappingPlace("a", "Сезон", "Лето")]
KEYS = [TypeKey(1, 1), TypeKey(1, 2), TypeKey(17_028_922, 9_007_199_254_740_993)]
Change = dict[MappingPlace, TypeKey | None]
State = dict[MappingPlace, TypeKey]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples, each of which has an integration of its own."""
    folder: Path = tmp_path_factory.mktemp("undo")
    database = Database.in_file(folder / "undo.sqlite3")
    database.open()
    yield database
    database.close()


def stored(database: Database, integration_id: int) -> State:
    own, parts = database.run_sync(lambda unit: (unit.mappings.own(integration_id), unit.mappings.parts(integration_id)))
    found = {MappingPlace(category): key for category, key in own.items()}
    for category, inside in parts.items():
        found |= {MappingPlace(category, part.property_name, part.value): part.key for part in inside}
    return found


class Model:
    """The same as lists of states."""

    def __init__(self) -> None:
        self.past: list[State] = []
        self.future: list[State] = []
        self.now: State = {}

    def undo(self) -> bool:
        if self.past:
            self.future.append(self.now)
            self.now = self.past.pop()
            return True
        return False

    def redo(self) -> bool:
        if self.future:
            self.past.append(self.now)
            self.now = self.future.pop()
            return True
        return False

    def apply(self, change: Change) -> None:
        wanted = {place: key for place, key in {**self.now, **change}.items() if key is not None}
        if wanted != self.now:
            self.past.append(self.now)
            self.future.clear()
            self.now = wanted


changes = st.dictionaries(st.sampled_from(PLACES), st.one_of(st.none(), st.sampled_from(KEYS)), min_size=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(["undo", "redo"]), changes), max_size=12))
def test_any_changes_are_undone_and_redone_exactly(kept: Database, walk: list[str | Change]) -> None:
    integration = kept.run_sync(lambda unit: unit.integrations.add(f"Кабинет {len(unit.integrations.all())}")).id
    model = Model()
    for step in walk:
        if isinstance(step, dict):
            model.apply(step)
            kept.run_sync(lambda unit, step=step: unit.mappings.apply(integration, "шаг", step, NOW, "я"))  # type: ignore[misc]
        else:
            moved = kept.run_sync(lambda unit, step=step: getattr(unit.mappings, step)(integration))  # type: ignore[misc]
            assert (moved is not None) == getattr(model, step)()
        assert stored(kept, integration) == model.now
    history = kept.run_sync(lambda unit: unit.mappings.history(integration))
    assert [change.undone for change in history] == [True] * len(model.future) + [False] * len(model.past)
