"""Turns errors into what the window shows; the only place of the window that does.

Expected failures become plain words; anything else is a bug: it is logged, and its details can be copied.
"""

import logging
import traceback
from dataclasses import dataclass

from ozon_desktop.errors import AppError
from ozon_desktop.wording import UNEXPECTED_TITLE, error_text, unexpected_action

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """Texts of one failure. `details`: a stack trace for «Подробности», "" for an expected failure."""

    title: str
    text: str
    action: str = ""
    retryable: bool = False
    details: str = ""

    @property
    def line(self) -> str:
        """Everything in one paragraph."""
        parts = [self.title, self.text, self.action]
        return " ".join(part if part.endswith((".", "!", "?", "…", ":")) else f"{part}." for part in parts if part)


class Presenter:
    """log: the file that gets the traces of unexpected failures, "" when there is none."""

    def __init__(self, log: str = "") -> None:
        self._log = log

    def explain(self, error: object) -> Shown:
        """The texts for an exception; an unexpected one is written to the log first."""
        if isinstance(error, AppError):
            words = error_text(error)
            return Shown(words.title, words.text, words.action, error.retryable)
        if not isinstance(error, BaseException):
            raise TypeError(f"not an exception: {error!r}")
        logger.error("unexpected failure", exc_info=error)
        details = "".join(traceback.format_exception(error))
        return Shown(
            UNEXPECTED_TITLE,
            "Ваши данные не пострадали: то, что уже сохранено, осталось на месте.",
            unexpected_action(self._log),
            details=details,
        )
