"""A dictionary that is not cached whole is marked in the list of attributes, and a search in it says what it looked into."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryState, TypeKey
from ozon_desktop.services.catalog.view import TypeDetails, ValueSearch
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.type_details.panel import TypePanel
from tests.ui.mapping.fakes import BOOTS, MOMENT, FakeCatalog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


class PartialCatalog(FakeCatalog):
    """Its brands are cached in part; `online` and `offline` are what its searches came to."""

    online = offline = False

    async def type_details(self, key: TypeKey) -> TypeDetails:
        details = await super().type_details(key)
        states = {85: self._state(28, partial=True), 10096: self._state(7, partial=False)}
        return replace(details, dictionaries=states)

    async def search_values(self, integration_id: int, key: TypeKey, attribute: Attribute, text: str, *, limit: int = 50) -> ValueSearch:
        found = await super().search_values(integration_id, key, attribute, text, limit=limit)
        return replace(found, online=self.online, offline=self.offline)

    @staticmethod
    def _state(dictionary_id: int, *, partial: bool) -> DictionaryState:
        return DictionaryState(DictionaryKey(dictionary_id), partial, 3, MOMENT)


@pytest.fixture
def catalog(context: WindowContext) -> PartialCatalog:
    application: Any = context.application
    application.catalog = PartialCatalog(application.mapping)
    found: PartialCatalog = application.catalog
    return found


@pytest.fixture
def panel(context: WindowContext, catalog: PartialCatalog, qtbot: QtBot) -> TypePanel:
    """The panel with boots shown."""
    panel = TypePanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_type(catalog.mapping.tree.types[BOOTS])
    qtbot.waitUntil(lambda: panel.attribute_list.isVisible())
    return panel


def test_attributes_with_a_part_of_their_dictionary_are_marked(panel: TypePanel) -> None:
    model = panel.attribute_list.model()
    kinds = [model.index(row, 1).data() for row in range(3)]
    assert kinds == ["справочник; загружен частично", "текст", "справочник, несколько значений"]
    assert "загружен частично" in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize(
    ("typed", "online", "offline", "said"),
    [
        ("nik", False, True, "Справочник загружен частично, а связи с Ozon сейчас нет: показано только то, что уже загружено."),
        ("пугов", False, True, "Не найдено: справочник загружен частично, а связи с Ozon сейчас нет."),
        ("nik", True, False, "Справочник загружен частично: остальное ищется на Ozon."),
        ("пугов", True, False, "В справочнике Ozon такого значения нет."),
    ],
)
def test_search_says_what_it_looked_into(
    panel: TypePanel, catalog: PartialCatalog, qtbot: QtBot, typed: str, online: bool, offline: bool, said: str
) -> None:
    catalog.online, catalog.offline = online, offline
    panel.attribute_list.selectRow(0)
    panel.value_search.setText(typed)
    qtbot.waitUntil(lambda: panel.partial.text() == said)


def test_whole_dictionary_needs_no_words(panel: TypePanel, catalog: PartialCatalog, qtbot: QtBot) -> None:
    catalog.partial = False
    panel.attribute_list.selectRow(2)
    qtbot.waitUntil(lambda: panel.value_list.model().rowCount() == 3)
    assert panel.partial.isHidden()
