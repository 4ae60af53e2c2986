"""What the program imports is installed with it: a package of the tests alone is missing on a manager's computer."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.places import ROOT

PROGRAM = ROOT / "ozon_desktop"
OPTIONAL = {"psycopg"}
"""Imported where an extra was chosen."""


def imported(folder: Path) -> set[str]:
    """Top-level names of everything that is imported anywhere in a folder, the standard library and the program itself left out."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    return {name for name in found if name not in sys.stdlib_module_names and name != PROGRAM.name}


def plain(name: str) -> str:
    """The name of a distribution as it is compared."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", name)[0]).casefold()


def missing(names: set[str], declared: set[str]) -> list[str]:
    """Imported names that none of the declared distributions gives."""
    given = packages_distributions()
    return sorted(name for name in names if declared.isdisjoint(map(plain, given.get(name, ()))))


@pytest.fixture(scope="module")
def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {plain(requirement) for requirement in project["dependencies"]}


def test_everything_imported_is_a_dependency(declared: set[str]) -> None:
    assert missing(imported(PROGRAM) - OPTIONAL, declared) == []


def test_a_package_of_the_tests_alone_is_found(declared: set[str]) -> None:
    assert missing({"hypothesis", "httpx"}, declared) == ["hypothesis"]
