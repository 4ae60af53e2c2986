"""The protocol «1С, Обмен с сайтом», with the program as the site: one request in, one answer out.

Whatever 1C asks for may be asked again, and may be asked by a client that was cut off anywhere: uploads are taken once by content,
orders count as handed over only by the `success` of the session that was shown them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass

from ozon_desktop.backoffice.onec.answers import Answer, AnswerCharset, Answers
from ozon_desktop.backoffice.onec.area import Area, Upload, UploadRefused, Uploads
from ozon_desktop.backoffice.onec.calls import Call, is_served, parse_call
from ozon_desktop.backoffice.onec.desk import MOST_ORDERS, ExchangeDesk
from ozon_desktop.backoffice.onec.importing import Importing, Outcome
from ozon_desktop.backoffice.onec.login import Credentials, Pauses, basic
from ozon_desktop.backoffice.onec.sessions import Session, Sessions, token_of
from ozon_desktop.domain.onec_exchange import ExchangeEvent, Refusal
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.errors import AppError
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.onec import TAKEN_BEFORE, refusal_text, working_text

log = logging.getLogger(__name__)

HOLD_S = 20.0
"""So long an import is waited for before `progress` is said: УТ asks again at once, without a pause."""
QUIET_S = 600.0
"""After so long without goods an export is over, if nothing said so before."""
AFTER_ORDERS_S = 15.0
"""Orders follow the goods. The whole is taken when the exchange has come to its end: it would hold up what 1C still asks for."""
UNASKED_S = 60.0
"""After so long an upload is taken without an `import`: 1C can be set not to wait for it."""
LOOK_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Request:
    """query: as it came, without «?». peer: the other computer's address. body: of a POST."""

    method: str
    path: str
    query: bytes
    peer: str
    authorization: str = ""
    cookie: str = ""
    body: AsyncIterator[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds; see the constants."""

    hold_s: float = HOLD_S
    quiet_s: float = QUIET_S
    after_orders_s: float = AFTER_ORDERS_S
    unasked_s: float = UNASKED_S
    look_every_s: float = LOOK_EVERY_S


class OnecSite:
    """The site. clock: seconds of a steady clock. `start` before the first request, `close` after the last."""

    def __init__(
        self,
        desk: ExchangeDesk,
        area: Area,
        credentials: Credentials,
        clock: Callable[[], float],
        timing: Timing | None = None,
        charset: AnswerCharset = AnswerCharset.WINDOWS_1251,
    ) -> None:
        self._desk = desk
        self._area = area
        self._credentials = credentials
        self._clock = clock
        self._timing = timing or Timing()
        self._charset = charset
        self._answers = Answers(charset)
        self._sessions = Sessions()
        self._pauses = Pauses()
        self._jobs: dict[tuple[str, str], asyncio.Task[Outcome]] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._goods_at = clock()
        self._orders_at: float | None = None
        self._importing: Importing | None = None
        self._left: list[Uploads] = []
        self._leaving = asyncio.Lock()

    # --- life -----------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Takes up what an earlier life of the program left. OSError when the area cannot be used."""
        self._left = await asyncio.to_thread(self._area.prepare)
        self._importing = await asyncio.to_thread(Importing, self._area, self._desk)
        self._goods_at = self._clock()
        if self._left:
            self._in_background(self._take_left())

    async def watch(self) -> None:
        """Looks after what no request asks for, until it is cancelled."""
        while True:
            await asyncio.sleep(self._timing.look_every_s)
            try:
                await self.look()
            except Exception:
                # Whatever it was, the next look may get through.
                log.exception("exchange with 1C")

    async def look(self) -> None:
        """Ends idle sessions, takes what was uploaded and not asked for, and ends an export that has gone quiet."""
        now = self._clock()
        if self._left and not self._background:
            await self._take_left()
        for session in self._sessions:
            if self._left:
                # What came before is taken before.
                break
            if session.uploads.waiting() and not self._works_for(session) and now - session.seen >= self._timing.unasked_s:
                await self._imports.take_waiting(session.uploads)
        for session in self._sessions.idle(now):
            self._sessions.end(session)
            self._leave(session)
        if self._export_is_over(now):
            self._orders_at, self._goods_at = None, now
            await self._imports.close()

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        while self._background or self._jobs:
            await asyncio.wait([*self._background, *self._jobs.values()])
            self._jobs = {key: job for key, job in self._jobs.items() if not job.done()}

    async def close(self) -> None:
        """Ends what is under way; a transaction that has begun comes to its end. What is left is found by the next start."""
        tasks = [*self._background, *self._jobs.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    @property
    def busy(self) -> bool:
        """Whether an exchange is open: what is in the store may be half of what comes."""
        return self._imports.busy or self._sessions.busy(self._clock())

    @property
    def loading(self) -> ProgressUpdate | None:
        """How far the taking of goods is; None = nothing is being taken."""
        return (self._imports.update or ProgressUpdate(Stage.READING_FILE)) if self._imports.busy else None

    def stop_import(self) -> None:
        """What is being taken now is not taken; 1C is told so. Nothing happens when nothing is."""
        self._imports.stop()

    # --- requests -------------------------------------------------------------------------------------------------------

    async def handle(self, request: Request) -> Answer:
        """The answer. Raises nothing but what breaks the connection: the body's own error."""
        if not is_served(request.path):
            return self._refused(Refusal.UNKNOWN_ADDRESS, status=404)
        if request.method == "HEAD":
            return self._answers.success()
        if request.method not in {"GET", "POST"}:
            return self._refused(Refusal.NO_METHOD, status=405)
        call = parse_call(request.query)
        try:
            session = await self._session(request, call)
            return session if isinstance(session, Answer) else await self._answer(session, call, request)
        except UploadRefused as refused:
            if call.mode == "file":
                await self._lost(call, refused)
            return self._refused(refused.refusal, refused.subject)
        except AppError as error:
            return self._answers.failure(error_line(error))
        except OSError:
            log.exception("exchange with 1C: %s %s", call.type, call.mode)
            return self._refused(Refusal.NOT_WRITTEN, call.filename)

    def unexpected(self) -> Answer:
        """The answer to a request that failed in a way nobody foresaw."""
        return self._refused(Refusal.UNEXPECTED)

    async def _answer(self, session: Session, call: Call, request: Request) -> Answer:
        session.seen = self._clock()
        session.versioned = session.versioned or call.versioned
        try:
            if call.mode == "checkauth":
                return await self._checkauth(session, call)
            step = self._step(session, call, request)
            if step is None:
                return self._refused(Refusal.UNKNOWN_MODE, f"type={call.type}, mode={call.mode}")
            session.exchanging = True
            return await step
        finally:
            session.seen = self._clock()
            self._orders_at = session.seen if (call.type or session.type) == "sale" else None

    def _step(self, session: Session, call: Call, request: Request) -> Awaitable[Answer] | None:
        match call.type or session.type, call.mode:
            case "catalog" | "sale", "init":
                return self._init(session, call)
            case "catalog", "file":
                return self._file(session, call, request)
            case "catalog", "import":
                return self._import(session, call)
            case "catalog", "deactivate" | "complete":
                return self._complete()
            case "sale", "query":
                return self._query(session)
            case "sale", "success":
                return self._success(session)
            case "sale", "file":
                return self._sale_file(session, call, request)
            case "sale", "import":
                return self._sale_import(session, call)
            case "sale", "info":
                return self._info(session)
            case "sale", "deactivate" | "complete":
                return self._done()
        return None

    # --- logging in -----------------------------------------------------------------------------------------------------

    async def _session(self, request: Request, call: Call) -> Session | Answer:
        """The session of the request, or why there is none."""
        now, peer = self._clock(), request.peer
        token = token_of(request.cookie)
        known = self._sessions.by_token(token, peer) if token else None
        if known is None or call.mode == "checkauth":
            refusal = await self._checked(request, now)
            if refusal is not None:
                return refusal
        other = self._sessions.in_the_way(peer, now)
        if other is not None:
            return self._refused(Refusal.OTHER_EXCHANGE, other.peer)
        if call.mode != "checkauth":
            if known is not None:
                return known
            if token and self._sessions.was_replaced(token, peer):
                return self._refused(Refusal.REPLACED)
            # Whoever shows the password needs no cookie; that of an earlier life of the program is as good as none.
            current = self._sessions.of_peer(peer, call.type)
            if current is not None:
                return current
        await self._desk.exchanged()
        return await self._begin(peer, call.type, now)

    async def _checked(self, request: Request, now: float) -> Answer | None:
        """Why the login is not let in; None = it is."""
        peer = request.peer
        left_s = self._pauses.left_s(peer, now)
        given = basic(request.authorization)
        if not given:
            return self._refused(Refusal.NO_LOGIN, status=401)
        if left_s:
            return self._refused(Refusal.LOCKED, str(int(left_s // 60) + 1))
        if any(self._credentials.fit(login, password) for login, password in given):
            self._pauses.right(peer)
            return None
        tries, locked = self._pauses.wrong(peer, now)
        await self._desk.note(ExchangeEvent.LOCKED if locked else ExchangeEvent.WRONG_LOGIN, peer, str(tries))
        return self._refused(Refusal.WRONG_LOGIN, status=401)

    async def _begin(self, peer: str, type_: str, now: float) -> Session:
        uploads = await asyncio.to_thread(self._area.new)
        session, before = self._sessions.begin(peer, type_, now, uploads)
        if before is not None:
            self._leave(before)
        return session

    def _export_is_over(self, now: float) -> bool:
        """Whether nothing of it is still to be read, and orders were asked for after it, or nothing came for long."""
        if not self._imports.gathering or self._imports.busy or self._left:
            return False
        if any(session.uploads.waiting() or self._works_for(session) for session in self._sessions):
            return False
        after_orders = self._orders_at is not None and now - self._orders_at >= self._timing.after_orders_s
        return after_orders or now - self._goods_at >= self._timing.quiet_s

    def _leave(self, session: Session) -> None:
        """What it has brought and not asked for is taken all the same: 1C can be set to ask for nothing."""
        self._jobs = {key: job for key, job in self._jobs.items() if key[0] != session.token or not job.done()}
        self._left.append(session.uploads)
        self._in_background(self._take_left())

    async def _take_left(self) -> Outcome | None:
        """What earlier sessions left; gives why it stopped in the middle, None = nothing is left."""
        async with self._leaving:
            while self._left:
                stopped = await self._imports.take_waiting(self._left[0])
                if stopped is not None:
                    return stopped
                uploads = self._left.pop(0)
                try:
                    await asyncio.to_thread(uploads.remove)
                except OSError:
                    # Somebody has a file of it open: what was read is known, and the next start of the program removes it.
                    log.warning("exchange with 1C: uploads not removed", exc_info=True)
        return None

    async def _take_in_order(self, session: Session, name: str) -> Outcome:
        """What came before is read before: an older export must not take the place of a newer one."""
        return await self._take_left() or await self._imports.take(session.uploads, name)

    async def _checkauth(self, session: Session, call: Call) -> Answer:
        extra = (f"sessid={session.token}", f"timestamp={int(self._clock())}") if call.bitrix else ()
        return self._answers.session(session.token, extra)

    # --- goods ----------------------------------------------------------------------------------------------------------

    async def _init(self, session: Session, call: Call) -> Answer:
        extra = (f"sessid={session.token}", "version=2.09") if call.versioned else ()
        return self._answers.limits(self._area.limits.chunk, extra)

    async def _file(self, session: Session, call: Call, request: Request) -> Answer:
        upload = await self._uploaded(session, call, request)
        if isinstance(upload, Answer):
            return upload
        self._goods_at = self._clock()
        return self._answers.success()

    async def _uploaded(self, session: Session, call: Call, request: Request) -> Upload | Answer:
        if request.method != "POST" or request.body is None:
            return self._refused(Refusal.POST_NEEDED)
        upload = await session.uploads.append(call.filename, request.body)
        upload.of_orders = (call.type or session.type) == "sale"
        session.answered.pop(upload.name, None)
        return upload

    async def _import(self, session: Session, call: Call) -> Answer:
        self._goods_at = self._clock()
        upload = session.uploads.get(call.filename)
        if upload is not None and upload.taken and upload.name in session.answered:
            return self._answers.success(session.answered[upload.name])
        key = (session.token, call.filename.casefold())
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = asyncio.create_task(self._take_in_order(session, call.filename))
        await asyncio.wait([job], timeout=self._timing.hold_s)
        self._goods_at = self._clock()
        if not job.done():
            return self._answers.progress(working_text(self._imports.update))
        self._jobs.pop(key, None)
        outcome = job.result()
        if not outcome.done:
            return self._answers.failure(outcome.text)
        upload = session.uploads.get(call.filename)
        if upload is not None:
            session.answered[upload.name] = outcome.text
        return self._answers.success(outcome.text)

    async def _complete(self) -> Answer:
        """Both say that the export is over. Whatever becomes of it, 1C has done its part."""
        closing = self._in_background(self._end_export())
        await asyncio.wait([closing], timeout=self._timing.hold_s)
        return self._answers.success()

    async def _end_export(self) -> None:
        if await self._take_left() is None:
            await self._imports.close()

    # --- orders ---------------------------------------------------------------------------------------------------------

    async def _query(self, session: Session) -> Answer:
        if session.given is None:
            session.given = await self._desk.give_orders(MOST_ORDERS, self._charset_of(session), contained=session.versioned)
        return self._answers.document(session.given.document, self._charset_of(session))

    def _charset_of(self, session: Session) -> AnswerCharset:
        """Old clients read what has no mark as windows-1251; whoever names its version reads UTF-8, and Bitrix' module nothing else."""
        return AnswerCharset.UTF_8 if session.versioned else self._charset

    async def _success(self, session: Session) -> Answer:
        """Only what this very session was shown is confirmed; after a restart of the program that is nothing."""
        if session.given is not None:
            await self._desk.confirm_orders(session.given)
            session.given = None
        return self._answers.success()

    async def _sale_file(self, session: Session, call: Call, request: Request) -> Answer:
        """Old clients never ask for the import: what is whole is taken at once."""
        upload = await self._uploaded(session, call, request)
        if isinstance(upload, Answer):
            return upload
        if await self._desk.is_whole(session.uploads.path(upload)):
            outcome = await self._imports.take(session.uploads, upload.name)
            if not outcome.done:
                return self._answers.failure(outcome.text)
            session.answered[upload.name] = outcome.text
        return self._answers.success()

    async def _sale_import(self, session: Session, call: Call) -> Answer:
        upload = session.uploads.get(call.filename)
        if upload is None and session.answered:
            # It named the archive's inside, which was taken when the archive came.
            return self._answers.success(TAKEN_BEFORE)
        return await self._import(session, call)

    async def _info(self, session: Session) -> Answer:
        charset = self._charset_of(session)
        return self._answers.document(await self._desk.reference(charset), charset)

    async def _done(self) -> Answer:
        return self._answers.success()

    # --- helpers --------------------------------------------------------------------------------------------------------

    @property
    def _imports(self) -> Importing:
        assert self._importing is not None, "the site was not started"
        return self._importing

    def _works_for(self, session: Session) -> bool:
        return any(key[0] == session.token and not job.done() for key, job in self._jobs.items())

    async def _lost(self, call: Call, refused: UploadRefused) -> None:
        if call.type != "sale":
            await self._imports.lose(call.filename)
        await self._desk.note(ExchangeEvent.UPLOAD_LOST, call.filename, refusal_text(refused.refusal, refused.subject))

    def _refused(self, refusal: Refusal, subject: str = "", status: int = 200) -> Answer:
        return self._answers.failure(refusal_text(refusal, subject), status)

    def _in_background(self, work: Coroutine[object, object, object]) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except Exception:
                # It is nobody's answer, and what is left is found by the next look or start.
                log.exception("exchange with 1C")

        task = asyncio.create_task(guarded())
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task
