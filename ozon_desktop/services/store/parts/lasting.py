"""A failure that lasts: one line of the journal and one message to the owner, however often it is met and the program started."""

from dataclasses import replace

from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.storage.unit_of_work import UnitOfWork


def note_failure(unit: UnitOfWork, key: str, failed: Run) -> Run | None:
    """Keeps a failed run; gives its new line, None = it is known, and its line lasts until now where nothing came after it.

    key: of the preference that remembers it until `note_success`.
    """
    last = unit.journal.last(failed.integration_id, failed.kind)
    if unit.preferences.get(key) == failed.reason:
        if last is not None and last.result is RunResult.FAILED and last.reason == failed.reason:
            unit.journal.finish(replace(last, finished_at=failed.finished_at))
        return None
    written = replace(failed, id=unit.journal.start(failed))
    unit.journal.finish(written)
    unit.preferences.set(key, failed.reason)
    return written


def note_success(unit: UnitOfWork, key: str) -> None:
    """It is over: the next failure is news."""
    unit.preferences.remove(key)
