"""Imports the exports that appear in the watched folder.

The folder is looked into rather than listened to: exports usually come over a network share, which announces no changes.
"""

import asyncio
import json
import logging
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ozon_desktop.domain.journal import RunCause
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.watched_folder import FileTrouble, FolderFault, WatchedState
from ozon_desktop.errors import FileNotReadable, StorageError, StoreFileError, WrongInput
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.services.store.parts.folder_scan import (
    Scan,
    Signature,
    folder_fault,
    grouped,
    is_whole,
    reading_order,
    scan_folder,
    with_portions,
)
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.own_files import is_own
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.watching import UNEXPECTED_IN_FILE, folder_unreachable_text

log = logging.getLogger(__name__)

QUIET_S = 10.0
GIVE_UP_S = 600.0
AGAIN_S = 60.0
LONGEST_S = 3600.0
"""A file that the system did not give (locked, no rights, a broken connection) is tried again after AGAIN_S, then ever more rarely."""

Group = tuple[str, ...]
"""Files that are one export, by relative path."""


@dataclass(slots=True)
class _Seen:
    signature: Signature
    since: float


@dataclass(frozen=True, slots=True)
class _Failed:
    """What was said of a file, and whether it may be taken later though it did not change."""

    signature: Signature
    text: str
    again: bool


@dataclass(slots=True)
class _Memory:
    """What is remembered from one look to the next, also when the program was closed between them."""

    taken: dict[str, Signature] = field(default_factory=dict)
    failed: dict[str, _Failed] = field(default_factory=dict)
    fault: FolderFault | None = None

    def forget_gone(self, scan: Scan) -> None:
        """A file that is gone is forgotten: when it is back, it is new."""
        kept = {name for name in (*self.taken, *self.failed) if name in scan.files or name in scan.hidden or scan.may_hold(name)}
        self.taken = {name: signature for name, signature in self.taken.items() if name in kept}
        self.failed = {name: failed for name, failed in self.failed.items() if name in kept}


class WatchedFolder:
    """Imports exports from a folder once they are complete: unchanged for `quiet_s` seconds, and whole.

    Parts of one export go together; other files stand for themselves, and one that cannot be taken holds up no other: it is journalled,
    named in `state`, and tried again when it changes. A file that stays cut is tried after `give_up_s` all the same, so that
    it is named. What was imported is remembered, so changes made while the program was closed are found. The folder is one of
    this computer. Files the program wrote itself are known by their content and left alone.
    """

    def __init__(
        self,
        storage: Database,
        imports: StoreImportService,
        quiet_s: float = QUIET_S,
        give_up_s: float = GIVE_UP_S,
        monotonic: Callable[[], float] = time.monotonic,
        host: str = "",
    ) -> None:
        self._storage = storage
        self._imports = imports
        self._quiet_s = quiet_s
        self._give_up_s = give_up_s
        self._monotonic = monotonic
        self._host = host or platform.node()
        self._seen: dict[str, _Seen] = {}
        self._waits: dict[str, tuple[float, float]] = {}
        self._own: dict[str, Signature] = {}

    async def folder(self) -> Path | None:
        """The watched folder; None = none is watched."""
        text = await self._storage.run(lambda unit: unit.preferences.get(self._key("folder")))
        return Path(text) if text else None

    async def state(self) -> WatchedState:
        """The folder as it is now, and the files of it that could not be taken. StorageError."""
        folder = await self.folder()
        if folder is None:
            return WatchedState()
        memory = await self._storage.run(self._remembered)
        troubles = tuple(FileTrouble(name, failed.text) for name, failed in sorted(memory.failed.items()))
        return WatchedState(folder, await asyncio.to_thread(folder_fault, folder), troubles)

    async def set_folder(self, folder: Path | None) -> None:
        """Watches this folder from now on, None = none; the exports that lie in it are imported. WrongInput when it cannot be read."""
        if folder is not None and await asyncio.to_thread(folder_fault, folder) is not None:
            raise WrongInput("folder", detail=str(folder))

        def work(unit: UnitOfWork) -> None:
            for name in ("files", "failed", "fault", "folder"):
                unit.preferences.remove(self._key(name))
            if folder is not None:
                unit.preferences.set(self._key("folder"), str(folder))

        await self._storage.run(work)
        self._seen.clear()
        self._waits.clear()
        self._own.clear()

    async def look(self) -> list[Path]:
        """Imports what is new and complete; gives its files. What goes wrong is journalled and shown, and stops nothing. StorageError."""
        folder = await self.folder()
        if folder is None:
            return []
        scan = await asyncio.to_thread(scan_folder, folder)
        memory = await self._storage.run(self._remembered)
        await self._note_fault(folder, memory, scan.fault)
        if scan.fault is not None:
            return []
        memory.forget_gone(scan)
        for place, error in scan.hidden.items():
            await self._note(memory, [place], {place: (0, 0)}, error_line(_not_readable(place, error)), again=True)
        changed = {name: signature for name, signature in scan.files.items() if memory.taken.get(name) != signature}
        changed = with_portions(changed, scan.files)
        ready = await asyncio.to_thread(self._ready, folder, changed, memory)
        taken = await self._take(folder, ready, changed, memory)
        await self._storage.run(lambda unit: self._remember(unit, memory))
        return [folder / name for name in sorted(taken, key=reading_order)]

    # --- which files --------------------------------------------------------------------------------------------------

    def _ready(self, folder: Path, changed: Mapping[str, Signature], memory: _Memory) -> list[Group]:
        """The exports that can be taken now. Reads the beginnings and ends of files."""
        own = {name for name, signature in changed.items() if self._is_own(folder, name, signature)}
        foreign = [name for name in changed if name not in own]
        memory.failed = {name: failed for name, failed in memory.failed.items() if name not in own}
        now = self._monotonic()
        self._seen = {name: seen for name, seen in self._seen.items() if name in changed}
        for name in foreign:
            seen = self._seen.get(name)
            if seen is None or seen.signature != changed[name]:
                self._seen[name] = _Seen(changed[name], now)
        return [group for group in grouped(foreign) if self._is_due(group, changed, memory) and self._is_complete(folder, group)]

    def _is_own(self, folder: Path, name: str, signature: Signature) -> bool:
        if self._own.get(name) == signature:
            return True
        try:
            own = is_own(folder / name)
        except OSError:
            # The import says what it is.
            return False
        if own:
            self._own[name] = signature
        return own

    def _is_due(self, group: Group, changed: Mapping[str, Signature], memory: _Memory) -> bool:
        """Whether it was not tried yet as it is now, or may be tried again as it is."""
        said = [memory.failed[name] for name in group if name in memory.failed and memory.failed[name].signature == changed[name]]
        if len(said) < len(group):
            return True
        waits = max((self._waits.get(name, (0.0, 0.0))[0] for name in group), default=0.0)
        return any(failed.again for failed in said) and self._monotonic() >= waits

    def _is_complete(self, folder: Path, group: Group) -> bool:
        """Whether all of it has come: parts of one export belong together."""
        quiet = min(self._monotonic() - self._seen[name].since for name in group)
        if quiet < self._quiet_s:
            return False
        try:
            return quiet >= self._give_up_s or all(is_whole(folder / name) for name in group)
        except OSError:
            # Locked, or gone since: the import says which.
            return True

    # --- taking them --------------------------------------------------------------------------------------------------

    async def _take(self, folder: Path, groups: Sequence[Group], changed: Mapping[str, Signature], memory: _Memory) -> list[str]:
        """Imports exports that came together at once, all but those that cannot be; gives the files taken."""
        names = [name for group in groups for name in group]
        if not names:
            return []
        try:
            await self._imports.import_files([folder / name for name in sorted(names, key=reading_order)], silent, RunCause.FOLDER)
        except StorageError:
            raise
        except StoreFileError as error:
            log.warning("watched folder: %s %s: %s", type(error).__name__, error.subject, error.detail)
            guilty = _guilty(groups, error)
            if guilty is not None:
                again = isinstance(error, FileNotReadable) and isinstance(error.__cause__, OSError)
                await self._note(memory, guilty, changed, error_line(error), again=again, journalled=True)
                return await self._take(folder, [group for group in groups if group != guilty], changed, memory)
        except Exception:
            # A mistake of the program met in one file must not keep the others out, nor end the schedule.
            log.exception("watched folder: %s", ", ".join(names))
            if len(groups) == 1:
                await self._note(memory, groups[0], changed, UNEXPECTED_IN_FILE, again=False)
                return []
        else:
            for name in names:
                memory.taken[name] = changed[name]
                memory.failed.pop(name, None)
                self._seen.pop(name, None)
                self._waits.pop(name, None)
            return names
        # Nobody knows whose fault it was: each by itself.
        return [name for group in groups for name in await self._take(folder, [group], changed, memory)]

    async def _note(
        self,
        memory: _Memory,
        names: Sequence[str],
        signatures: Mapping[str, Signature],
        text: str,
        *,
        again: bool,
        journalled: bool = False,
    ) -> None:
        """Remembers what is wrong with an export; the journal gets it once, however often it is tried again."""
        known = all(name in memory.failed and memory.failed[name].text == text for name in names)
        for name in names:
            memory.failed[name] = _Failed(signatures[name], text, again)
            memory.taken.pop(name, None)
            pause = min(self._waits.get(name, (0.0, AGAIN_S / 2))[1] * 2, LONGEST_S)
            self._waits[name] = (self._monotonic() + pause, pause)
        if not known and not journalled:
            await self._imports.journal_failure(RunCause.FOLDER, f"{', '.join(names)}: {text}")

    async def _note_fault(self, folder: Path, memory: _Memory, fault: FolderFault | None) -> None:
        """Journals once that the folder is out of reach."""
        if fault is memory.fault:
            return
        memory.fault = fault
        await self._storage.run(lambda unit: self._remember(unit, memory))
        if fault is not None:
            log.warning("watched folder: %s: %s", folder, fault)
            await self._imports.journal_failure(RunCause.FOLDER, folder_unreachable_text(fault, str(folder)))

    # --- memory -------------------------------------------------------------------------------------------------------

    def _remembered(self, unit: UnitOfWork) -> _Memory:
        files, failed = (json.loads(unit.preferences.get(self._key(name)) or "{}") for name in ("files", "failed"))
        fault = unit.preferences.get(self._key("fault"))
        return _Memory(
            {name: (entry[0], entry[1]) for name, entry in files.items()},
            {name: _Failed((entry[0], entry[1]), entry[2], entry[3]) for name, entry in failed.items()},
            FolderFault(fault) if fault else None,
        )

    def _remember(self, unit: UnitOfWork, memory: _Memory) -> None:
        failed = {name: (*known.signature, known.text, known.again) for name, known in memory.failed.items()}
        texts = {
            "files": json.dumps(memory.taken),
            "failed": json.dumps(failed, ensure_ascii=False) if failed else "",
            "fault": memory.fault or "",
        }
        for name, text in texts.items():
            if text:
                unit.preferences.set(self._key(name), text)
            else:
                unit.preferences.remove(self._key(name))

    def _key(self, name: str) -> str:
        return f"watched/{self._host}/{name}"


def _guilty(groups: Sequence[Group], error: StoreFileError) -> Group | None:
    """The export the error is about; None when its name does not tell."""
    if len(groups) == 1:
        return groups[0]
    name = error.subject.partition("/")[0]
    found = [group for group in groups if any(member.rpartition("/")[2] == name for member in group)]
    return found[0] if len(found) == 1 else None


def _not_readable(name: str, error: OSError) -> FileNotReadable:
    return FileNotReadable(name, detail=error.strerror or str(error))
