"""Rules of single files that no linter knows: their length, what they may call, what they may name."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.places import ROOT

# Built of pieces, so that this file does not name what it forbids.
MACHINE_PATH = re.compile(
    "|".join(["/" + "work/", "/" + "root/", r"/home/\w+/", "/" + "Users/", r"[A-Z]:\\\\?" + r"Users\\", "/" + "tmp/"])
)
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
LONGEST_FILE, LONGEST_FUNCTION = 600, 50
REASON = re.compile(r"^(# )?Long: \S", re.MULTILINE)
"""A line in the head of a file of more lines: «Long: one table of all methods»."""


@dataclass(frozen=True)
class Source:
    """One file, read and parsed once for all rules."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))


Rule = Callable[[Source], Iterator[str]]


def too_long(source: Source) -> Iterator[str]:
    lines = source.text.splitlines()
    first = next((node.lineno for node in source.tree.body[1:]), len(lines))
    if len(lines) > LONGEST_FILE and not REASON.search("\n".join(lines[: first - 1])):
        yield f"{len(lines)} lines and no reason for them in the head"


def long_functions(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION:
            yield f"{node.name} has {LONGEST_FUNCTION} lines or more"


def without_docstring(source: Source) -> Iterator[str]:
    if not ast.get_docstring(source.tree):
        yield "does not say what it is for"


def sleeping(source: Source) -> Iterator[str]:
    if any(isinstance(node, ast.Call) and ast.unparse(node.func) == "time.sleep" for node in source.nodes):
        yield "a wait that cannot be cancelled"


def qt_threads(source: Source) -> Iterator[str]:
    if re.search(r"\bQThread\b(?!Pool)", source.text.replace("QThread.currentThread", "")):
        yield "a thread beside the worker's"


def unfinished(source: Source) -> Iterator[str]:
    if found := UNFINISHED.search(source.text):
        yield f"unfinished: {found.group()}"


def swallowed_exceptions(source: Source) -> Iterator[str]:
    """`except: pass` without a word why."""
    lines = source.text.splitlines()
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield f"line {node.lineno}: a bare except"
            if all(isinstance(part, ast.Pass) for part in node.body):
                text = "\n".join(lines[node.lineno - 1 : node.body[-1].end_lineno])
                if "#" not in text:
                    yield f"line {node.lineno}: nobody says why nothing is done"


def places_of_one_machine(source: Source) -> Iterator[str]:
    if found := MACHINE_PATH.search(source.text):
        yield f"names {found.group()!r}"


def untyped_ignores(source: Source) -> Iterator[str]:
    if re.search("# type:" + r" ignore(?!\[)", source.text):
        yield "an ignored type error without its code"


OF_THE_PROGRAM: list[Rule] = [without_docstring, sleeping, qt_threads, swallowed_exceptions, long_functions, unfinished]
OF_ALL: list[Rule] = [too_long, places_of_one_machine, untyped_ignores]
EXAMPLES: list[tuple[Rule, str]] = [
    (too_long, '"""Says what it is for."""\n' + "a = 1\n" * LONGEST_FILE),
    (long_functions, "def f():\n" + "    a = 1\n" * LONGEST_FUNCTION),
    (without_docstring, "a = 1\n"),
    (sleeping, "import time\ntime.sleep(1)\n"),
    (qt_threads, "from PySide6.QtCore import QThread\n"),
    (unfinished, "# TO" + "DO: the rest\n"),
    (swallowed_exceptions, "try:\n    a()\nexcept ValueError:\n    pass\n"),
    (swallowed_exceptions, "try:\n    a()\nexcept:\n    b()\n"),
    (places_of_one_machine, "DATA = '/" + "root/data'\n"),
    (untyped_ignores, "a = b  # type:" + " ignore\n"),
]
"""What each rule has to find."""


def read(folder: str) -> list[Source]:
    return [Source(path, path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.fixture(scope="module")
def program() -> list[Source]:
    return read("ozon_desktop")


@pytest.fixture(scope="module")
def tests() -> list[Source]:
    return read("tests")


def found(rule: Rule, sources: list[Source]) -> list[str]:
    return [f"{source.path.relative_to(ROOT).as_posix()}: {text}" for source in sources for text in rule(source)]


def test_there_is_something_to_look_at(program: list[Source], tests: list[Source]) -> None:
    assert len(program) > 100
    assert len(tests) > 50


@pytest.mark.parametrize("rule", OF_THE_PROGRAM, ids=lambda rule: rule.__name__)
def test_no_file_of_the_program_breaks_the_rule(rule: Rule, program: list[Source]) -> None:
    assert found(rule, program) == []


@pytest.mark.parametrize("rule", OF_ALL, ids=lambda rule: rule.__name__)
def test_no_file_breaks_the_rule(rule: Rule, program: list[Source], tests: list[Source]) -> None:
    assert found(rule, [*program, *tests]) == []


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=lambda part: getattr(part, "__name__", ""))
def test_rule_finds_what_it_forbids(rule: Rule, text: str) -> None:
    assert list(rule(Source(Path("example.py"), text)))


def test_every_rule_is_shown_to_find_something() -> None:
    assert {rule for rule, _ in EXAMPLES} == {*OF_THE_PROGRAM, *OF_ALL}


def test_a_long_file_may_say_why() -> None:
    lines = "a = 1\n" * LONGEST_FILE
    for head in ('"""Methods of the API.\n\nLong: one table of all of them.\n"""\n', '"""Methods."""\n# Long: one table of all of them.\n'):
        assert not list(too_long(Source(Path("example.py"), head + lines)))
