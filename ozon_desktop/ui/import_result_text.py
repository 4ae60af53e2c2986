"""What came of loading the store, for the window and for the page «Интеграция»."""

from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.services.store.importing import lacks_much
from ozon_desktop.wording.holds import lacks_text
from ozon_desktop.wording.store_import import import_problem_text, import_remarks, import_text

SHOWN_PROBLEMS = 3


def import_message(counts: ImportCounts, *more: str) -> tuple[str, str]:
    """What the bar says and of what kind, never greener than it was. more: sentences without a full stop, at the end."""
    much = lacks_much(counts)
    shown = [import_text(counts), *import_remarks(counts)]
    shown += [import_problem_text(problem) for problem in counts.lines[:SHOWN_PROBLEMS]]
    if len(counts.lines) > SHOWN_PROBLEMS:
        shown.append("Остальное — в журнале")
    if much:
        shown.append(lacks_text(counts))
    doubtful = counts.problems or counts.missing or much
    return " ".join(f"{line}." for line in (*shown, *more)), "attention" if doubtful else "good"
