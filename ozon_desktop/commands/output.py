"""How a command speaks: text or one JSON document, errors in words, progress on standard error, exit codes."""

import dataclasses
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import TextIO

from ozon_desktop import wording
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.errors import AppError


class Exit(IntEnum):
    """COULD_NOT: an expected failure, which the message explains, or a mistake of the program, whose trace is in the log."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    COULD_NOT = 3


class Output:
    """Where a command writes. With `as_json` standard output holds one document and nothing else."""

    def __init__(self, as_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.as_json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._stage: Stage | None = None

    def line(self, text: str = "") -> None:
        """A line for people; nothing with JSON."""
        if not self.as_json:
            print(text, file=self._out, flush=True)

    def note(self, text: str) -> None:
        """A line beside the result."""
        print(text, file=self._err, flush=True)

    def document(self, value: object) -> None:
        if self.as_json:
            json.dump(plain(value), self._out, ensure_ascii=False, indent=1)
            self._out.write("\n")
            self._out.flush()

    def error(self, error: AppError) -> None:
        text = wording.error_text(error)
        self.note(f"{text.title}. {text.text}")
        if text.action:
            self.note(text.action)

    def unexpected(self, log: str) -> None:
        """One sentence for a mistake of the program. log: the file with its trace, "" = it could not be written."""
        self.note(wording.unexpected_text(log))

    @property
    def progress(self) -> Progress:
        """Notes each new stage once on standard error."""
        return self._progress

    def _progress(self, update: ProgressUpdate) -> None:
        if update.stage is not self._stage:
            self._stage = update.stage
            self.note(f"… {wording.stage_text(update.stage)}")


def plain(value: object) -> object:
    """The value as JSON has it: dataclasses as objects, keys as texts, times in ISO form, money as texts."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (Decimal, Path)):
        return str(value)
    return value
