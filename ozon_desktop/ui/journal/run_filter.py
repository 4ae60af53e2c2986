"""Which runs the journal shows: by kind, result, days and text; pure, so that the table and the chart agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.wording.runs import result_text


@dataclass(frozen=True, slots=True)
class RunFilter:
    """None = any. first and last: local days, both shown. text: every word of it stands somewhere in its `search_text`."""

    kind: RunKind | None = None
    result: RunResult | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""

    def of_days(self, first: date | None, last: date | None) -> "RunFilter":
        return replace(self, first=first, last=last)

    def lets(self, texts: Mapping[int, str]) -> Callable[[Run], bool]:
        """Which runs are let through; `texts`: `search_text` of each by its id."""
        words = self.text.casefold().split()

        def lets(run: Run) -> bool:
            if self.kind not in {None, run.kind} or self.result not in {None, run.result}:
                return False
            day = local_day(run)
            if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
                return False
            text = texts.get(run.id, "") if words else ""
            return all(word in text for word in words)

        return lets


def local_day(run: Run) -> date:
    """The day on which a run began, as the manager's clock shows it."""
    return run.started_at.astimezone().date()


def last_days(today: date, days: int) -> tuple[date, date]:
    """First and last of so many days that end today."""
    return today - timedelta(days=days - 1), today


def search_text(run: Run) -> str:
    """Everything a run can be found by, folded: articles, codes and texts of its problems included."""
    parts = [wording.run_kind_text(run.kind), wording.run_cause_text(run.cause), result_text(run), run.reason]
    parts += [wording.counts_text(run.counts), wording.exact(run.started_at)]
    texts = {(problem.code, problem.field, problem.text): problem for problem in run.problems}
    parts += dict.fromkeys(problem.offer_id for problem in run.problems)
    parts += [f"{problem.code} {wording.field_label(problem.field)} {wording.run_problem_text(problem)}" for problem in texts.values()]
    return "\n".join(parts).casefold()
