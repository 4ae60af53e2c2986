"""Notifies that something ended: whoever listens (the window, the tray, the command line), and the owner by letter."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any

from ozon_desktop.domain.journal import Run, RunKind, RunProblem, RunResult
from ozon_desktop.domain.notification import Letter, MailSecurity, MailSettings, mail_problems
from ozon_desktop.errors import AppError, MailPasswordMissing, WrongInput
from ozon_desktop.services.mail import Mailer
from ozon_desktop.services.secrets import ENVIRONMENT_MAIL_PASSWORD, SecretsService, mail_secret
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.letters import NOT_SENT, letter_of_run, mail_problem_text, notice_letter, trial_letter

log = logging.getLogger(__name__)
Listener = Callable[[str, str], None]

SHORT_JOB_S = 30.0
"""Whoever starts a job that ends sooner still looks at the window, which shows its end itself."""

LAST_LETTERS_S = 5.0
SETTINGS = "mail"
OF_COLLECTING = frozenset({RunKind.CATEGORIES, RunKind.SETTINGS})
ENDED = frozenset({RunResult.DONE, RunResult.PARTIAL, RunResult.FAILED})
"""A job the manager stopped is no news."""


@dataclass(frozen=True, slots=True)
class MailPage:
    """What «Уведомления» shows. password_place: in Russian, where the password is kept."""

    settings: MailSettings
    has_password: bool
    password_place: str


class NotificationsService:
    """Passes (title, text) on to its listeners, and writes letters when that is set up.

    A letter never holds up or fails the job it is about: it is sent beside it, and its failure is notified and journalled.
    short_job_s: seconds; jobs that ended sooner get no letter.
    """

    def __init__(self, storage: Database, secrets: SecretsService, mailer: Mailer, short_job_s: float = SHORT_JOB_S) -> None:
        self._storage = storage
        self._secrets = secrets
        self._mailer = mailer
        self._short_job_s = short_job_s
        self._listeners: list[Listener] = []
        self._letters: set[asyncio.Task[None]] = set()

    def listen(self, listener: Listener) -> None:
        """Adds a listener; it is called on the thread that notifies."""
        self._listeners.append(listener)

    def notify(self, title: str, text: str) -> None:
        for listener in self._listeners:
            listener(title, text)

    # --- settings ---------------------------------------------------------------------------------------------------

    async def load(self) -> MailPage:
        """The settings, and whether their password is kept. SecretStoreError."""
        settings = await self._storage.run(_read)
        password = await self._password(settings) if settings.user and settings.server else ""
        return MailPage(settings, bool(password), self._place())

    async def save(self, settings: MailSettings, password: str | None = None) -> MailPage:
        """Keeps the settings; password None = the kept one stays. WrongInput names the first field that is wrong; SecretStoreError."""
        await self._check(settings, password, complete=None)
        before = await self._storage.run(_read)
        if password and settings.user and settings.server:
            await self._secrets.keep_secret(mail_secret(settings.user, settings.server), password)
        left, kept = mail_secret(before.user, before.server), mail_secret(settings.user, settings.server)
        if before.user and left != kept:
            await self._secrets.forget_secret(left)
        await self._storage.run(partial(_write, settings))
        return await self.load()

    async def send_test(self, settings: MailSettings | None = None, password: str | None = None) -> MailSettings:
        """Sends a trial letter with these settings (None = the kept ones); gives them. WrongInput, MailError, SecretStoreError."""
        used = settings if settings is not None else await self._storage.run(_read)
        await self._check(used, password, complete=True)
        await self._mailer.send(used, password or await self._password(used), trial_letter())
        return used

    async def _check(self, settings: MailSettings, password: str | None, *, complete: bool | None) -> None:
        has_password = bool(password) or bool(settings.user and settings.server and await self._password(settings))
        problems = mail_problems(settings, has_password, complete=complete)
        for name, problem in problems.items():
            raise WrongInput(name, detail=mail_problem_text(problem))

    async def _password(self, settings: MailSettings) -> str:
        if not settings.user:
            return ""
        return await self._secrets.secret(mail_secret(settings.user, settings.server)) or ""

    def _place(self) -> str:
        if self._secrets.lasting:
            return self._secrets.place
        return f"Только в памяти, до закрытия программы; без окна — переменная {ENVIRONMENT_MAIL_PASSWORD}"

    # --- notifying the owner ----------------------------------------------------------------------------------------

    def notify_owner(self, title: str, text: str, run: Run | None = None) -> None:
        """Notifies all listeners, and writes a letter: about the run when there is one, else with this text."""
        self.notify(title, text)
        if run is None:
            self._beside(self._write_notice(notice_letter(title, text)))
        else:
            self._beside(self._write_of(run))

    def notify_trouble(self, title: str, text: str, cause: str, run: Run | None) -> None:
        """Notifies all listeners that a run went wrong. Of each cause one letter is written, however often it comes.

        It is written again once the cause is another one, or came back after a run in which all was good.
        """
        if run is None:
            self.notify_owner(title, text)
            return
        self.notify(title, text)
        self._beside(self._write_of(run, cause=cause))

    def run_ended(self, run: Run) -> None:
        """A collection of categories or settings ended: a letter, unless it was short. The window notifies by itself."""
        if run.kind in OF_COLLECTING and run.result in ENDED:
            self._beside(self._write_of(run, spare_short=True))

    async def close(self) -> None:
        """Waits for the letters under way, a few seconds at most: a mail server that hangs must not keep the program from ending."""
        if self._letters:
            await asyncio.wait(self._letters, timeout=LAST_LETTERS_S)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._letters.add(task)
        task.add_done_callback(self._letters.discard)

    async def _write_notice(self, letter: Letter) -> None:
        try:
            settings = await self._storage.run(_read)
        except AppError as error:
            self.notify(NOT_SENT, error_line(error))
            return
        if settings.enabled:
            await self._send(settings, letter, None)

    async def _write_of(self, run: Run, *, spare_short: bool = False, cause: str = "") -> None:
        try:
            settings, cabinet = await self._storage.run(partial(_read_with_cabinet, run.integration_id))
            known = bool(cause) and await self._storage.run(partial(_was_notified, run, cause))
        except AppError as error:
            self.notify(NOT_SENT, error_line(error))
            return
        spared = spare_short and not settings.short_jobs and _lasted(run) < self._short_job_s
        if settings.enabled and not spared and not known:
            await self._send(settings, letter_of_run(run, cabinet), run, cause)

    async def _send(self, settings: MailSettings, letter: Letter, run: Run | None, cause: str = "") -> None:
        try:
            password = await self._password(settings)
            if settings.user and not password:
                raise MailPasswordMissing(settings.user)
            await self._mailer.send(settings, password, letter)
            if run is not None and cause:
                await self._storage.run(partial(_remember_notice, run, cause))
        except AppError as error:
            log.warning("letter not sent: %s", type(error).__name__)
            line = error_line(error)
            if run is not None:
                problem = RunProblem("", "", type(error).__name__, f"{NOT_SENT}: {line}")
                await self._storage.run(partial(_add_problem, run.id, problem))
            self.notify(NOT_SENT, line)


def _lasted(run: Run) -> float:
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at is not None else 0.0


def _read(unit: UnitOfWork) -> MailSettings:
    text = unit.preferences.get(SETTINGS)
    if text is None:
        return MailSettings()
    known = {field.name for field in fields(MailSettings)}
    settings = MailSettings(**{name: value for name, value in json.loads(text).items() if name in known})
    return replace(settings, security=MailSecurity(settings.security))


def _write(settings: MailSettings, unit: UnitOfWork) -> None:
    unit.preferences.set(SETTINGS, json.dumps(asdict(settings), ensure_ascii=False))


def _read_with_cabinet(integration_id: int | None, unit: UnitOfWork) -> tuple[MailSettings, str]:
    name = "" if integration_id is None else unit.integrations.get(integration_id).name
    return _read(unit), name


def _was_notified(run: Run, cause: str, unit: UnitOfWork) -> bool:
    """Whether the owner was written to of this cause, and nothing has been all good since."""
    text = unit.preferences.get(_notice_key(run))
    last: dict[str, Any] = json.loads(text) if text is not None else {"cause": ""}
    if last["cause"] != cause:
        return False
    later = (known for known in unit.journal.runs(run.integration_id) if known.id > last["run"])
    return not any(known.kind is run.kind and known.result is RunResult.DONE for known in later)


def _remember_notice(run: Run, cause: str, unit: UnitOfWork) -> None:
    unit.preferences.set(_notice_key(run), json.dumps({"cause": cause, "run": run.id}))


def _notice_key(run: Run) -> str:
    return f"mail/told/{run.kind}/{run.integration_id}"


def _add_problem(run_id: int, problem: RunProblem, unit: UnitOfWork) -> None:
    run = unit.journal.get(run_id)
    unit.journal.finish(replace(run, problems=(*run.problems, problem)))
