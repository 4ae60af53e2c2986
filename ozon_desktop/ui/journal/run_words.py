"""The numbers of a run in words, the same in the table, the chart and the exported file."""

from collections.abc import Mapping

from ozon_desktop import wording
from ozon_desktop.domain.journal import ProblemAction, Run, RunProblem, RunResult, problem_action


def result_text(run: Run) -> str:
    """How a run ended; one that only waits for Ozon does not claim errors."""
    counts = dict(run.counts)
    if run.result is RunResult.PARTIAL and counts.get("waiting") and not counts.get("failed"):
        return "часть ждёт Ozon"
    return wording.run_result_text(run.result)


def done_text(run: Run) -> str:
    """What a run has done and why it did not do more; "" when there is nothing to say."""
    return " · ".join(part for part in (wording.counts_text(run.counts), run.reason) if part)


def duration_text(run: Run) -> str:
    """How long it took; "" while it runs."""
    return wording.duration((run.finished_at - run.started_at).total_seconds()) if run.finished_at is not None else ""


def error_count(run: Run) -> int:
    """Products that failed, as the run counted them; of a run that does not count them, its problems."""
    counted = dict(run.counts).get("failed")
    return len(run.problems) if counted is None else counted


class ExportWords:
    """The words of the exported table. Satisfies `services.journal_export.RunWords`; actions: the words of each."""

    def __init__(self, actions: Mapping[ProblemAction, str]) -> None:
        self._actions = actions

    def run(self, run: Run) -> tuple[str, str, str, str]:
        """When, what, why and how it ended."""
        return (
            wording.exact(run.started_at),
            wording.run_kind_text(run.kind),
            wording.run_cause_text(run.cause),
            result_text(run),
        )

    def numbers(self, run: Run) -> tuple[str, str, str, str]:
        """What was done, errors, requests, duration."""
        return done_text(run), str(error_count(run)), str(run.requests), duration_text(run)

    def problem(self, problem: RunProblem) -> tuple[str, str, str, str]:
        """Field, what happened, code, what to do."""
        return wording.field_label(problem.field), wording.run_problem_text(problem), problem.code, self._actions[problem_action(problem)]
