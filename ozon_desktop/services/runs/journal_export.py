"""Runs and their problems as one XLSX table: a row per problem, so that it can be filtered in a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ozon_desktop.domain.journal import Run
from ozon_desktop.services.spreadsheets import write_table
from ozon_desktop.wording.formats import exact
from ozon_desktop.wording.runs import done_text, duration_text, error_count, problem_action_text, result_text
from ozon_desktop.wording.setup import field_label
from ozon_desktop.wording.sync import run_cause_text, run_kind_text, run_problem_text, who_text

TITLE = "Журнал"
RUN = ("Когда", "Что", "Почему", "Кто", "Итог")
NUMBERS = ("Что сделано", "Ошибки", "Запросы", "Длительность")
PROBLEM = ("Артикул", "Поле", "Что случилось", "Код", "Что сделать")
HEADINGS = (*RUN, *NUMBERS, *PROBLEM)
MOST_ROWS = 1_000_000
"""A sheet ends at 1,048,576 rows; what lies beyond would be lost without a word."""


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the file; left_out: rows that no sheet has room for, of the oldest runs."""

    runs: int
    problems: int
    left_out: int = 0


async def export_journal(path: Path, runs: Sequence[Run]) -> Written:
    rows = list(journal_rows(runs))
    await write_table(path, TITLE, HEADINGS, rows[:MOST_ROWS])
    return Written(len(runs), sum(len(run.problems) for run in runs), max(0, len(rows) - MOST_ROWS))


def journal_rows(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """A row per problem, one for a run without any. Every row names its run; only the first has its numbers, lest a sum count twice."""
    for run in runs:
        named = (exact(run.started_at), run_kind_text(run.kind), run_cause_text(run.cause), who_text(run), result_text(run))
        numbers = (done_text(run), str(error_count(run)), str(run.requests), duration_text(run))
        if not run.problems:
            yield (*named, *numbers, *("" for _ in PROBLEM))
        for place, problem in enumerate(run.problems):
            columns = problem.offer_id, field_label(problem.field), run_problem_text(problem), problem.code, problem_action_text(problem)
            yield (*named, *(("" for _ in NUMBERS) if place else numbers), *columns)
