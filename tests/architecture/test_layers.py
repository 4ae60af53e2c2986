"""The layers hold, and the contracts that say so notice when they do not."""

import importlib.util
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.places import ROOT

if importlib.util.find_spec("importlinter") is None:
    pytest.skip("import-linter is not installed: it belongs to the extra «check»", allow_module_level=True)

import grimp
from importlinter.application.app_config import settings
from importlinter.application.use_cases import create_report, read_user_options
from importlinter.configuration import configure
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import registry

pytestmark = pytest.mark.slow

BREAKS = {
    "Layers: window and command line > application": ("services.runs.journal", "ozon_desktop.application"),
    "Only the front of a use case is known outside": ("services.cabinet.cards", "ozon_desktop.services.cards.parts.table"),
    "Wording is a leaf above domain and errors": ("wording.status", "ozon_desktop.logs"),
    "The domain imports nothing else of the package": ("domain.orders", "ozon_desktop.paths"),
    "The sandbox knows nothing of the client": ("sandbox.ozon.auth", "ozon_desktop.ozon.credentials"),
    "The window and the commands reach Ozon": ("commands.catalog", "ozon_desktop.storage.tables"),
    "Pages do not know each other": ("ui.sync.page", "ozon_desktop.ui.rules.window"),
    "PySide6 only in ui": ("services.shared", "PySide6"),
    "httpx only where a server is asked": ("ozon.limits", "httpx"),
    "sqlalchemy and alembic only in storage": ("services.spreadsheets", "sqlalchemy"),
    "keyring only in services/secrets.py": ("services.integration.connection", "keyring"),
}
"""An import, from and of what, that breaks the contract of this name."""

KINDS: dict[str, type[Any]] = {
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
}


class Built:
    """Gives import-linter the graph of imports that was built already."""

    def __init__(self, graph: grimp.ImportGraph) -> None:
        self.graph = graph

    def build(self, *_: object, **__: object) -> grimp.ImportGraph:
        return deepcopy(self.graph)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """All imports of the program."""
    return grimp.build_graph("ozon_desktop", include_external_packages=True, cache_dir=None)


@pytest.fixture
def linter(graph: grimp.ImportGraph) -> Iterator[Built]:
    configure()
    for name, kind in KINDS.items():
        registry.register(kind, name)
    built = Built(deepcopy(graph))
    settings.configure(GRAPH_BUILDER=built)
    yield built
    configure()


def broken(contract: str = "") -> tuple[list[str], int]:
    """(names of broken contracts, number of contracts looked at); those whose name begins so."""
    options = read_user_options(str(ROOT / "pyproject.toml"))
    options.contracts_options = [found for found in options.contracts_options if str(found["name"]).startswith(contract)]
    report: Any = create_report(options, cache_dir=None)
    checks = [check for _, check in report.get_contracts_and_checks()]
    names = [found.name for found, check in report.get_contracts_and_checks() if not check.kept]
    return names, len(checks)


def test_every_contract_holds_and_has_a_test_that_it_can_fail(linter: Built) -> None:
    assert broken() == ([], len(BREAKS))


@pytest.mark.parametrize("contract", BREAKS)
def test_contract_notices_a_forbidden_import(linter: Built, contract: str) -> None:
    importer, imported = BREAKS[contract]
    assert {f"ozon_desktop.{importer}", imported} <= linter.graph.modules
    linter.graph.add_import(importer=f"ozon_desktop.{importer}", imported=imported)
    names, looked_at = broken(contract)
    assert looked_at == 1
    assert [name.startswith(contract) for name in names] == [True]
