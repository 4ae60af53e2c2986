"""Rules of single files that no linter knows: their length, what they may call, what they may name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

SOURCES = sorted((ROOT / "ozon_desktop").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
# Built of pieces, so that this file does not name what it forbids.
MACHINE_PATH = re.compile(
    "|".join(["/" + "work/", "/" + "root/", r"/home/\w+/", "/" + "Users/", r"[A-Z]:\\\\?" + r"Users\\", "/" + "tmp/"])
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[str]:
    """Dotted names of everything called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 100
    assert len(TESTS) > 50


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_file_is_short_says_what_it_is_for_and_neither_sleeps_nor_starts_qt_threads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 400, "too long"
    assert ast.get_docstring(tree), "no docstring"
    assert "time.sleep" not in set(calls(tree)), "a wait that cannot be cancelled"
    assert not re.search(r"\bQThread\b(?!Pool)", text.replace("QThread.currentThread", "")), "a thread beside the worker's"
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text), "unfinished"
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [node.name for node in functions if (node.end_lineno or node.lineno) - node.lineno >= 50]
    assert not long, f"functions of 50 lines or more: {long}"


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name)
def test_file_names_no_place_of_one_machine(path: Path) -> None:
    found = MACHINE_PATH.search(path.read_text(encoding="utf-8"))
    assert found is None, f"{found and found.group()!r}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_exceptions_are_not_swallowed(path: Path) -> None:
    """`except: pass` without a word why."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: a bare except"
            if all(isinstance(part, ast.Pass) for part in node.body):
                text = "\n".join(lines[node.lineno - 1 : node.body[-1].end_lineno])
                assert "#" in text, f"line {node.lineno}: nobody says why nothing is done"
