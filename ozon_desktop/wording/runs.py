"""A run in words, the same in the table, the chart, the exported file and the notices of the schedule."""

from ozon_desktop.domain.journal import ProblemAction, Run, RunProblem, RunResult, problem_action
from ozon_desktop.wording.formats import duration
from ozon_desktop.wording.sync import counts_text, run_result_text

SCHEDULE_PAUSED = "Расписание приостановлено"
SCHEDULE_STOPPED = "Расписание не работает"
PARTLY_SENT = "Синхронизация прошла не полностью, подробности в журнале"
_ACTIONS = {
    ProblemAction.CARD: "открыть карточку",
    ProblemAction.MAP: "сопоставить категорию",
    ProblemAction.SETTINGS: "проверить настройки интеграции",
    ProblemAction.RETRY: "повторить отправку",
    ProblemAction.NOTHING: "",
}


def result_text(run: Run) -> str:
    """How a run ended; one that only waits for Ozon does not claim errors."""
    counts = dict(run.counts)
    if run.result is RunResult.PARTIAL and counts.get("waiting") and not counts.get("failed"):
        return "часть ждёт Ozon"
    return run_result_text(run.result)


def done_text(run: Run) -> str:
    """What a run has done and why it did not do more; "" when there is nothing to say."""
    return " · ".join(part for part in (counts_text(run.counts), run.reason) if part)


def duration_text(run: Run) -> str:
    """How long it took; "" while it runs, and of one that was skipped: its times say since when and till when it was."""
    if run.finished_at is None or run.result is RunResult.SKIPPED:
        return ""
    return duration((run.finished_at - run.started_at).total_seconds())


def error_count(run: Run) -> int:
    """Products that failed, as the run counted them; of a run that does not count them, its problems."""
    counted = dict(run.counts).get("failed")
    return len(run.problems) if counted is None else counted


def problem_action_text(problem: RunProblem) -> str:
    """What can be done about a problem; "" = nothing from here."""
    return _ACTIONS[problem_action(problem)]
