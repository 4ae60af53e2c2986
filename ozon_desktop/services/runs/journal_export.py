"""Runs and their problems as one XLSX table: a row per problem, so that it can be filtered in a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ozon_desktop.domain.journal import Run, RunProblem
from ozon_desktop.services.spreadsheets import write_table

TITLE = "Журнал"
RUN = ("Когда", "Что", "Почему", "Итог")
NUMBERS = ("Что сделано", "Ошибки", "Запросы", "Длительность")
PROBLEM = ("Артикул", "Поле", "Что случилось", "Код", "Что сделать")
HEADINGS = (*RUN, *NUMBERS, *PROBLEM)
MOST_ROWS = 1_000_000
"""A sheet ends at 1,048,576 rows; what lies beyond would be lost without a word."""


class RunWords(Protocol):
    """How the window tells a run: the columns of RUN, of NUMBERS, and of PROBLEM without the article."""

    def run(self, run: Run) -> Sequence[str]: ...

    def numbers(self, run: Run) -> Sequence[str]: ...

    def problem(self, problem: RunProblem) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the file; left_out: rows that no sheet has room for, of the oldest runs."""

    runs: int
    problems: int
    left_out: int = 0


async def export_journal(path: Path, runs: Sequence[Run], words: RunWords) -> Written:
    """Writes these runs in their order. FileNotReadable when the place cannot be written."""
    rows = list(journal_rows(runs, words))
    await write_table(path, TITLE, HEADINGS, rows[:MOST_ROWS])
    return Written(len(runs), sum(len(run.problems) for run in runs), max(0, len(rows) - MOST_ROWS))


def journal_rows(runs: Sequence[Run], words: RunWords) -> Iterator[tuple[str, ...]]:
    """A row per problem, one for a run without any. Every row names its run; only the first has its numbers, lest a sum count twice."""
    for run in runs:
        named, numbers = tuple(words.run(run)), tuple(words.numbers(run))
        if not run.problems:
            yield (*named, *numbers, *("" for _ in PROBLEM))
        for place, problem in enumerate(run.problems):
            yield (*named, *(("" for _ in NUMBERS) if place else numbers), problem.offer_id, *words.problem(problem))
