"""«check --report»: asks Ozon every reading method once and writes how its answers differ from what the program knows."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ozon_desktop import __version__
from ozon_desktop.domain.answers_report import AnswersReport, MethodReport, Outcome
from ozon_desktop.errors import (
    HeadersMissing,
    InvalidClientId,
    InvalidKey,
    KeyDeactivated,
    KeyRestrictedToIp,
    NetworkError,
    OzonError,
    UnexpectedAnswer,
)
from ozon_desktop.ozon.answer_forms import differences
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.endpoints import ENDPOINTS
from ozon_desktop.ozon.errors import known_words
from ozon_desktop.ozon.harmless import HIGHEST_CODE, of_api_words
from ozon_desktop.ozon.models import decoder
from ozon_desktop.ozon.questions import QUESTIONS, Found, Question
from ozon_desktop.services.shared import Clients, Clock, put_file

KEY_OF_NO_USE = (HeadersMissing, InvalidClientId, InvalidKey, KeyDeactivated, KeyRestrictedToIp)


class AnswersReportService:
    """known_fields: the file of places of fields by method, as Ozon had them when the program was made."""

    def __init__(self, clients: Clients, clock: Clock, known_fields: Path) -> None:
        self._clients = clients
        self._clock = clock
        self._known_fields = known_fields

    async def make(self, integration_id: int) -> AnswersReport:
        """Asks Ozon. What one method is refused with goes into the report; NetworkError and a key that opens nothing end it, when the first
        method meets them. KeyMissing, NotPossibleYet and errors of the secret store.
        """
        client = await self._clients.client(integration_id)
        known = await asyncio.to_thread(_read_fields, self._known_fields)
        found = Found(self._clock())
        methods = [await _ask(client, question, found, known) for question in QUESTIONS]
        not_asked = tuple(endpoint.path for endpoint in ENDPOINTS if not endpoint.reads)
        return AnswersReport(__version__, found.now.date(), tuple(methods), not_asked)

    @staticmethod
    async def write(report: AnswersReport, path: Path) -> None:
        """One JSON document in place of the file, or nothing: FileNotReadable."""
        content = json.dumps(document(report), ensure_ascii=False, indent=1) + "\n"
        await asyncio.to_thread(put_file, content.encode(), path)


def document(report: AnswersReport) -> dict[str, Any]:
    """What is in the file."""
    return {
        "program": report.program,
        "date": report.day.isoformat(),
        "as_expected": report.as_expected,
        "methods": [_entry(method) for method in report.methods],
        "not_asked": list(report.not_asked),
    }


def _entry(method: MethodReport) -> dict[str, Any]:
    entry: dict[str, Any] = {"method": method.method, "outcome": method.outcome.value}
    if method.outcome is Outcome.REFUSED:
        entry |= {"status": method.status, "code": method.code, "message": method.message}
    if method.lacking is not None:
        entry["lacking"] = method.lacking.value
    if method.outcome in {Outcome.ANSWERED, Outcome.UNREADABLE}:
        found = method.differences
        entry |= {"unknown": list(found.unknown), "missing": list(found.missing), "types": list(found.types)}
    return entry


async def _ask(client: OzonClient, question: Question, found: Found, known: Mapping[str, frozenset[str]]) -> MethodReport:
    path = question.endpoint.path
    query = question.query(found)
    if query is None:
        return MethodReport(path, Outcome.SKIPPED, lacking=question.lacking)
    try:
        answer = await client.answer(question.endpoint, query)
    except UnexpectedAnswer:
        return MethodReport(path, Outcome.UNREADABLE)
    except OzonError as error:
        if question is QUESTIONS[0] and isinstance(error, KEY_OF_NO_USE):
            raise
        return MethodReport(path, Outcome.REFUSED, status=error.status, code=_harmless(error.code), message=known_words(error.detail))
    except NetworkError:
        if question is QUESTIONS[0]:
            raise
        return MethodReport(path, Outcome.NO_ANSWER)
    return await asyncio.to_thread(_look_at, answer, question, found, known.get(path, frozenset()))


def _look_at(answer: bytes, question: Question, found: Found, known: frozenset[str]) -> MethodReport:
    differs = differences(msgspec.json.decode(answer), question.answer, known)
    outcome = Outcome.ANSWERED
    try:
        read = decoder(question.answer)(answer)
        if question.learn is not None:
            question.learn(read, found)
    except (msgspec.MsgspecError, ValueError):
        outcome = Outcome.UNREADABLE
    return MethodReport(question.endpoint.path, outcome, differs)


def _harmless(code: int | str) -> int | str:
    """The code unless it could be anything else."""
    if isinstance(code, int):
        return code if 0 <= code <= HIGHEST_CODE else 0
    return code if of_api_words(code) else ""


def _read_fields(path: Path) -> dict[str, frozenset[str]]:
    return {method: frozenset(places) for method, places in json.loads(path.read_text(encoding="utf-8")).items()}
