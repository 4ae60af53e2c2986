"""Takes uploaded files one after another: each as changes at once, an export that is over as a whole."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ozon_desktop.backoffice.onec.area import Area, Upload, UploadRefused, Uploads
from ozon_desktop.backoffice.onec.desk import ExchangeDesk
from ozon_desktop.backoffice.onec.file_names import is_archive, is_document
from ozon_desktop.backoffice.onec.gathering import Gathering, Place, digest_of
from ozon_desktop.backoffice.onec.unpacking import unpack
from ozon_desktop.domain.onec_exchange import ExchangeEvent, Refusal
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.errors import AppError, StoreFileError
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.onec import NOTHING_FOR_US, TAKEN_BEFORE, refusal_text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How taking a file ended. text: for the user of 1C; again: it may get through later; stopped: a person did not want it now."""

    done: bool
    text: str = ""
    again: bool = False
    stopped: bool = False


class Importing:
    """One at a time, in the order they were asked for, whatever session asks. The area must be prepared."""

    def __init__(self, area: Area, desk: ExchangeDesk) -> None:
        self._area = area
        self._desk = desk
        self._turn = asyncio.Lock()
        self._running = 0
        self._stopping = False
        self.gathering = Gathering(area.whole)
        self.update: ProgressUpdate | None = None

    @property
    def busy(self) -> bool:
        return self._running > 0

    @property
    def stopping(self) -> bool:
        """Whether what is taken now ends at its next step."""
        return self._stopping

    def stop(self) -> None:
        """What is taken now is taken back as a whole; a file that is nearly through may get through. What follows is not stopped."""
        self._stopping = self.busy

    async def take(self, uploads: Uploads, name: str) -> Outcome:
        """Takes one file of the session, out of an archive of it if need be. Raises nothing."""

        async def lose(outcome: Outcome) -> None:
            upload = uploads.get(name)
            if upload is not None and not outcome.again:
                upload.failed = True
            if outcome.stopped:
                await self._desk.note(ExchangeEvent.STOPPED, name)
            if upload is None or not upload.of_orders:
                await self.lose(name)

        return await self._in_turn(name, lambda: self._take(uploads, name), lose)

    async def lose(self, name: str) -> None:
        """A file of the goods could not be taken, or not even uploaded. The export is whole without a picture."""
        if is_document(name) or is_archive(name):
            await asyncio.to_thread(self.gathering.lose, name)

    async def take_waiting(self, uploads: Uploads) -> Outcome | None:
        """Takes what was uploaded and never asked for; what cannot be taken is told to the manager, and given up.

        Gives why it stopped in the middle: the rest may get through later. None = all is done.
        """
        for upload in uploads.waiting():
            if upload.taken or upload.failed:
                continue
            outcome = await self.take(uploads, upload.name)
            if outcome.again:
                return outcome
            if not outcome.done and not outcome.stopped:
                await self._desk.note(ExchangeEvent.UPLOAD_LOST, upload.name, outcome.text)
        return None

    async def close(self) -> None:
        """The export is over: takes it as a whole. It is kept for the next time where the database could not be reached."""

        async def work() -> Outcome:
            await self._close()
            return Outcome(True)

        await self._in_turn("", work)

    async def _in_turn(
        self, name: str, work: Callable[[], Awaitable[Outcome]], lose: Callable[[Outcome], Awaitable[None]] | None = None
    ) -> Outcome:
        self._running += 1
        try:
            async with self._turn:
                self.update, self._stopping = None, False
                outcome = await self._guarded(name, work)
                if not outcome.done and lose is not None:
                    await lose(outcome)
                return outcome
        finally:
            self._running -= 1
            self._stopping = self._stopping and self.busy

    @staticmethod
    async def _guarded(name: str, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        try:
            return await work()
        except UploadRefused as refused:
            return Outcome(False, refusal_text(refused.refusal, refused.subject), stopped=refused.refusal is Refusal.STOPPED)
        except AppError as error:
            return Outcome(False, error_line(error), error.retryable)
        except Exception:
            # Nobody foresaw it: 1C is told so, and the next exchange may get through.
            log.exception("exchange with 1C: %s", name)
            return Outcome(False, refusal_text(Refusal.UNEXPECTED))

    async def _take(self, uploads: Uploads, name: str) -> Outcome:
        upload = uploads.get(name)
        if upload is None or is_archive(upload.name):
            inside = await self._unpacked(uploads)
            if upload is not None:
                return await self._take_all(uploads, inside)
            upload = uploads.get(name)
        if upload is None:
            raise UploadRefused(Refusal.NOT_UPLOADED, name)
        if upload.taken:
            return Outcome(True, TAKEN_BEFORE)
        await self._keep_pictures(uploads)
        return await self._take_file(uploads, upload)

    async def _keep_pictures(self, uploads: Uploads) -> None:
        """They come before the goods are read, and are shown as soon as those are there."""
        try:
            async with uploads.lock:
                await asyncio.to_thread(uploads.keep_pictures)
        except OSError:
            # Goods do not wait for pictures: those that are left go with the end of the session.
            log.warning("exchange with 1C: pictures not kept", exc_info=True)

    async def _unpacked(self, uploads: Uploads) -> list[str]:
        """The documents of all archives of the session."""
        names: list[str] = []
        for archive in [upload for upload in uploads.waiting() if is_archive(upload.name)]:
            names += await asyncio.to_thread(unpack, uploads, archive)
        return sorted(name for name in names if is_document(name))

    async def _take_all(self, uploads: Uploads, names: list[str]) -> Outcome:
        """For a client that names the archive; usually it names what is inside, one by one."""
        texts: list[str] = []
        await self._keep_pictures(uploads)
        for name in names:
            upload = uploads.get(name)
            if upload is not None and not upload.taken:
                texts.append((await self._take_file(uploads, upload)).text)
        return Outcome(True, ". ".join(dict.fromkeys(texts)) or TAKEN_BEFORE)

    async def _take_file(self, uploads: Uploads, upload: Upload) -> Outcome:
        path, generation = uploads.path(upload), uploads.folder.name
        look = await self._desk.look(path)
        if not look.goods:
            return await self._documents(uploads, upload)
        digest = await asyncio.to_thread(digest_of, path)
        place = self.gathering.place(upload.name, digest, generation, full=look.full)
        if place is Place.AFTER:
            await self._close()
        text = await self._desk.take_portion(path, lambda update: self._note(update, upload.name))
        if place is Place.JOINS:
            freed = await asyncio.to_thread(self.gathering.add, path, upload.name, digest, generation, full=look.full)
            self._area.used -= freed
            upload.taken = True
        else:
            await asyncio.to_thread(uploads.drop, upload)
        return Outcome(True, text)

    async def _documents(self, uploads: Uploads, upload: Upload) -> Outcome:
        text = await self._desk.take_documents(uploads.path(upload))
        await asyncio.to_thread(uploads.drop, upload)
        return Outcome(True, text or NOTHING_FOR_US)

    async def _close(self) -> None:
        if not self.gathering:
            return
        lacks = self.gathering.lacks
        if not lacks:
            try:
                await self._desk.take_whole(self.gathering.paths)
            except StoreFileError as error:
                lacks = error_line(error)
            except AppError:
                raise
            except Exception:
                # The same export must not stand in the way of all that come after it.
                log.exception("a whole export of 1C")
                lacks = refusal_text(Refusal.UNEXPECTED)
        if lacks:
            await self._desk.note(ExchangeEvent.NOT_WHOLE, lacks)
        self._area.used -= await asyncio.to_thread(self.gathering.clear)

    def _note(self, update: ProgressUpdate, name: str) -> None:
        """Called within the transaction, which ends with what is raised here: UploadRefused once somebody has stopped it."""
        self.update = update
        if self._stopping:
            raise UploadRefused(Refusal.STOPPED, name)
