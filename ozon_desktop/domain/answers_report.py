"""What became of asking every reading method of Ozon once: the forms of the answers against what the program knows, nothing of the data."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one method. UNREADABLE: it answered, and the program cannot read the answer."""

    ANSWERED = "answered"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    SKIPPED = "skipped"


class Lacking(StrEnum):
    """What a method is asked with, and no earlier answer gave."""

    TYPE = "type"
    DICTIONARY = "dictionary"
    VALUE = "value"
    PRODUCT = "product"
    POSTING = "posting"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Differences:
    """Places of fields as «postings/products/price», positions in lists do not count.

    unknown: "place: kinds of value", neither the program nor its stand-in knows the field. missing: the program reads the field, and no
    object at its place had it. types: "place: what came instead of what".
    """

    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unknown or self.missing or self.types)


@dataclass(frozen=True, slots=True)
class MethodReport:
    """One method. status, code and message only of a refusal; message: Ozon's words if they are documented ones, else ""."""

    method: str
    outcome: Outcome
    differences: Differences = Differences()
    status: int = 0
    code: int | str = 0
    message: str = ""
    lacking: Lacking | None = None

    @property
    def as_expected(self) -> bool:
        """What was skipped says nothing against Ozon."""
        return self.outcome is Outcome.SKIPPED or (self.outcome is Outcome.ANSWERED and not self.differences)


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """program: its version; not_asked: methods that change something."""

    program: str
    day: date
    methods: tuple[MethodReport, ...]
    not_asked: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        return all(method.as_expected for method in self.methods)
