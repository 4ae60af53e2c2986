"""Who imports whom, and who holds whom: no circle, also not for types, and nobody keeps what built it."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.places import ROOT

PACKAGE = ROOT / "ozon_desktop"


def modules(package: Path) -> dict[str, ast.Module]:
    """Syntax trees by dotted name; a package stands for its __init__."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(name: str, is_package: bool, tree: ast.AST) -> Iterator[str]:
    """Every imported name, wherever the import stands: at the top, in a function, under TYPE_CHECKING."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = name.split(".")[: None if is_package and node.level == 1 else -(node.level - is_package)]
                base = ".".join([*parents, base] if base else parents)
            yield from (f"{base}.{alias.name}" for alias in node.names)
            yield base


def edges(name: str, tree: ast.AST, names: Collection[str], packages: Collection[str]) -> set[str]:
    """The modules of the package that a module imports; `from package import name` means the module `name` where there is one."""
    found = {other for other in imported(name, name in packages, tree) if other in names and other != name}
    # `from a.b import c` yields both a.b.c and a.b: a package that only hands out its modules is no dependency.
    return {other for other in found if not (other in packages and any(more.startswith(f"{other}.") for more in found))}


def graph(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """module → the modules it imports."""
    packages = {name.rpartition(".")[0] for name in trees}
    return {name: edges(name, tree, trees.keys(), packages) for name, tree in trees.items()}


def circle(imports: Mapping[str, Collection[str]]) -> list[str]:
    """One circle of imports, [] when there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


BUILDERS = re.compile(r"(Page|Panel|Window|Dialog|Card|Sidebar|Sandbox)( \| None)?$")
ACTS_ON_THE_WINDOW = {"ozon_desktop.ui.tour": "plays the manager: it stands beside the window, and nothing in the window knows of it"}


def kept_builders(trees: Mapping[str, ast.Module]) -> list[str]:
    """Objects that keep a page, panel, window, dialog or sandbox given to them: `self._page = page`. A Qt parent is only passed on."""
    found = []
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef) or node.name not in {"__init__", "__post_init__"}:
                continue
            arguments = [*node.args.args, *node.args.kwonlyargs]
            given = {
                each.arg for each in arguments if each.annotation is not None and BUILDERS.search(ast.unparse(each.annotation).strip("'"))
            }
            for line in ast.walk(node):
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Name) and line.value.id in given:
                    found += [f"{name}: {ast.unparse(line)}" for target in line.targets if isinstance(target, ast.Attribute)]
    return found


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return modules(PACKAGE)


@pytest.fixture(scope="module")
def imports(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    return graph(trees)


def test_no_circle_of_imports_also_not_for_types(imports: dict[str, set[str]]) -> None:
    assert len(imports) > 300
    assert circle(imports) == []


@pytest.mark.parametrize(
    "line",
    [
        "from ozon_desktop.services.sync.sync import SyncService",
        "if TYPE_CHECKING:\n    from ozon_desktop.services.sync.sync import SyncService",
        "def late():\n    import ozon_desktop.services.sync.sync",
        "from ozon_desktop.services.sync import sync",
    ],
)
def test_a_circle_is_noticed(imports: dict[str, set[str]], line: str) -> None:
    above = "ozon_desktop.services.sync.sync"
    below = next(name for name in sorted(imports[above]) if ".services.sync." in name)
    added = edges(below, ast.parse(line), imports.keys(), {"ozon_desktop.services.sync"})
    assert {above, below} <= set(circle({**imports, below: imports[below] | added}))


def test_a_relative_circle_is_noticed() -> None:
    package = {"p": "", "p.a": "from .b import x", "p.b": "from . import a", "p.c": "from .a import y"}
    assert set(circle(graph({name: ast.parse(text) for name, text in package.items()}))) == {"p.a", "p.b"}
    assert circle(graph({name: ast.parse(text) for name, text in {**package, "p.b": ""}.items()})) == []


def test_nothing_keeps_the_page_panel_or_window_that_built_it(trees: dict[str, ast.Module]) -> None:
    window = {name: tree for name, tree in trees.items() if name.startswith("ozon_desktop.ui.") and name not in ACTS_ON_THE_WINDOW}
    assert kept_builders(window) == []


def test_a_kept_builder_is_noticed() -> None:
    part = "class Part:\n    def __init__(self, page: MappingPage):\n        super().__init__(page)\n        self._page = page\n"
    assert kept_builders({"part": ast.parse(part)}) == ["part: self._page = page"]
