"""The session of the categories page without any widget: one change at a time, and what it reports."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.errors import DatabaseBusy
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.session import MappingSession
from tests.ui.mapping.fakes import BOOTS, TV, FakeMapping


class SlowMapping(FakeMapping):
    """Changes wait until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.held = False

    async def map(self, integration_id: int, category_ids: Sequence[str], key: TypeKey) -> MappingView:
        while self.held:
            await asyncio.sleep(0.005)
        return await super().map(integration_id, category_ids, key)


class Heard(QObject):
    """What a session has reported."""

    def __init__(self, session: MappingSession) -> None:
        super().__init__(session)
        self.views: list[MappingView] = []
        self.rows: list[object] = []
        self.errors: list[object] = []
        self.again: Callable[[], object] | None = None
        session.shown.connect(self._shown)
        session.failed.connect(self._failed)

    def _shown(self, view: MappingView, rows: object) -> None:
        self.views.append(view)
        self.rows.append(rows)

    def _failed(self, error: object, again: Callable[[], object] | None) -> None:
        self.errors.append(error)
        self.again = again


@pytest.fixture
def mapping() -> SlowMapping:
    return SlowMapping()


@pytest.fixture
def session(context: WindowContext) -> MappingSession:
    return MappingSession(context)


@pytest.fixture
def heard(session: MappingSession) -> Heard:
    return Heard(session)


@pytest.fixture
def read(session: MappingSession, heard: Heard, qtbot: QtBot) -> MappingSession:
    """A session that has read the mapping."""
    session.refresh()
    qtbot.waitUntil(lambda: session.view is not None)
    return session


def changes(mapping: FakeMapping) -> list[Any]:
    return [call for call in mapping.calls if call[0] != "view"]


def test_rows_come_with_another_tree_only(read: MappingSession, heard: Heard, mapping: SlowMapping, qtbot: QtBot) -> None:
    read.refresh()
    qtbot.waitUntil(lambda: len(heard.views) == 2)
    mapping.tree = OzonTree.build(mapping.tree.categories.values(), [])
    read.refresh()
    qtbot.waitUntil(lambda: len(heard.views) == 3)
    assert [rows is not None for rows in heard.rows] == [True, False, True]


def test_second_change_is_dropped_while_one_is_under_way(read: MappingSession, mapping: SlowMapping, qtbot: QtBot) -> None:
    mapping.held = True
    read.map_to(["boots"], BOOTS)
    qtbot.waitUntil(lambda: read.busy)
    read.map_to(["tv"], TV)
    qtbot.waitUntil(lambda: not read.question.pending)
    read.suggest()
    mapping.held = False
    qtbot.waitUntil(lambda: not read.busy)
    assert changes(mapping) == [("map", ("boots",), BOOTS)]
    assert mapping.suggested_for == []


def test_change_is_announced_to_other_pages_while_busy(
    read: MappingSession, context: WindowContext, mapping: SlowMapping, qtbot: QtBot
) -> None:
    busy: list[bool] = []
    context.data_changed.connect(lambda topic: busy.append(read.busy))
    with qtbot.waitSignal(read.changed):
        read.map_to(["boots"], BOOTS)
    assert busy == [True]
    assert not read.busy
    assert read.recent.keys() == [BOOTS]


def test_failed_reading_can_be_tried_again(session: MappingSession, heard: Heard, mapping: SlowMapping, qtbot: QtBot) -> None:
    mapping.error = DatabaseBusy("база")
    session.refresh()
    qtbot.waitUntil(lambda: heard.errors == [mapping.error])
    assert session.view is None
    mapping.error = None
    assert heard.again is not None
    heard.again()
    qtbot.waitUntil(lambda: session.view is not None)


def test_failed_change_is_reported_and_the_mapping_read_anew(
    read: MappingSession, heard: Heard, mapping: SlowMapping, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(integration_id: int, keys: Mapping[str, TypeKey]) -> MappingView:
        raise DatabaseBusy("база")

    monkeypatch.setattr(mapping, "map_each", refuse)
    read.map_each({"boots": BOOTS})
    qtbot.waitUntil(lambda: len(heard.views) == 2)
    assert [type(error) for error in heard.errors] == [DatabaseBusy]
    assert heard.again is None
    assert not read.busy


def test_nothing_is_mapped_while_something_is_missing(read: MappingSession, mapping: SlowMapping, qtbot: QtBot) -> None:
    mapping.missing = (Missing.ENABLED,)
    read.refresh()
    qtbot.waitUntil(lambda: not read.can_map)
    read.map_to(["boots"], BOOTS)
    read.map_each({"boots": BOOTS})
    assert not read.question.pending
    assert changes(mapping) == []
