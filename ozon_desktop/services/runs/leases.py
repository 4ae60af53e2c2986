"""Keeps a run to one process at a time, on one computer or several over one database, and notices when the other one was killed."""

import asyncio
import contextlib
import logging
import os
import platform
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ozon_desktop.domain.journal import RunKind
from ozon_desktop.domain.lease import Lease, Owner
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.errors import AlreadyRunning, StorageError
from ozon_desktop.services.shared import user_name
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.status import holder_text

log = logging.getLogger(__name__)

LEASE_S = 30.0
"""How long a run whose process is gone keeps others out. With the scheduler's looks it is taken over within a minute."""
BEAT_S = 5.0


class RunIsHeld(AlreadyRunning):
    """Somebody else runs it. holder: who, and since when."""

    def __init__(self, subject: str, holder: Lease) -> None:
        super().__init__(subject, detail=holder_text(holder))
        self.holder = holder


@dataclass(slots=True)
class Held:
    """A lease of ours. `lost`: somebody else took it, because this computer slept or the database was out of reach."""

    name: str
    run_id: int
    lost: Lease | None = None
    update: ProgressUpdate | None = None
    renewed: float = field(default_factory=time.monotonic)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)
    _wall: float = field(default_factory=time.time)

    def note(self, update: ProgressUpdate) -> None:
        """Where the run is: written with the next renewal. After a sleep of the computer that is at once: the lease may be lost."""
        self.update = update
        if not 0 <= time.time() - self._wall < 2 * BEAT_S:
            self._hurry.set()

    async def pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), seconds)
        self._hurry.clear()

    def was_renewed(self) -> None:
        """The lease is ours for another while."""
        self.renewed, self._wall = time.monotonic(), time.time()


class Leases:
    """Leases of this process. length_s: seconds a lease lasts without renewal; beat_s: how often it is renewed.

    gone: whether the owner of a lease is known to be dead, so that a program started again need not wait.
    """

    def __init__(
        self,
        storage: Database,
        owner: Owner | None = None,
        length_s: float = LEASE_S,
        beat_s: float = BEAT_S,
        gone: Callable[[Owner], bool] | None = None,
    ) -> None:
        self._storage = storage
        self.owner = owner or this_process()
        self._length_s = length_s
        self._beat_s = beat_s
        self._gone = gone or process_gone

    @asynccontextmanager
    async def hold(self, name: str, start: Callable[[UnitOfWork], int]) -> AsyncIterator[Held]:
        """Holds the lease while the block runs. `start` writes the run in the same transaction and gives its id. RunIsHeld.

        When the lease is lost, the task that holds it is cancelled, with `lost` set.
        """
        held = await self._storage.run(lambda unit: self._take(unit, name, start))
        task = asyncio.current_task()
        assert task is not None
        beat = asyncio.create_task(self._beat(held, task))
        try:
            yield held
        finally:
            beat.cancel()
            await asyncio.wait([beat])
            with contextlib.suppress(StorageError):
                await asyncio.shield(self._storage.run(lambda unit: unit.leases.release(name, self.owner.token)))

    def _take(self, unit: UnitOfWork, name: str, start: Callable[[UnitOfWork], int]) -> Held:
        before = unit.leases.get(name)
        dead = [before.owner.token] if before is not None and self._gone(before.owner) else []
        holder = unit.leases.take(name, self.owner, 0, self._length_s, dead)
        if holder is not None:
            raise RunIsHeld(name, holder)
        run_id = start(unit)
        unit.leases.set_run(name, self.owner.token, run_id)
        return Held(name, run_id)

    async def _beat(self, held: Held, task: asyncio.Task[object]) -> None:
        """Renews until it is cancelled, or the lease is lost."""
        while held.lost is None:
            await held.pause(self._beat_s)
            try:
                held.lost = await self._storage.run(lambda unit: self._renew(unit, held))
            except StorageError as error:
                log.warning("lease %s not renewed: %s", held.name, type(error).__name__)
                if time.monotonic() - held.renewed > self._length_s:
                    held.lost = Lease(held.name, Owner(""), held.run_id, datetime.now().astimezone(), 0.0)
            else:
                held.was_renewed()
        task.cancel()

    def _renew(self, unit: UnitOfWork, held: Held) -> Lease | None:
        """None = renewed, else who holds it now."""
        at = held.update
        where = (at.stage.value, at.done, at.total) if at is not None else ("", 0, None)
        if unit.leases.renew(held.name, self.owner.token, self._length_s, *where):
            return None
        nobody = Lease(held.name, Owner(""), held.run_id, datetime.now().astimezone(), 0.0)
        return unit.leases.get(held.name) or nobody

    def is_alive(self, lease: Lease) -> bool:
        """Whether its owner still works, as far as this process can know."""
        return 0 < lease.left_s <= 2 * max(self._length_s, LEASE_S) and not self._gone(lease.owner)

    def interrupt_dead(self, unit: UnitOfWork, integration_id: int | None, now: datetime, kind: RunKind | None = None) -> int:
        """Marks the runs in the journal that nobody works on any more; gives how many."""
        alive = [lease.run_id for lease in unit.leases.all() if self.is_alive(lease)]
        return unit.journal.interrupt_running(integration_id, now, alive=alive, kind=kind)

    def sweep(self, unit: UnitOfWork) -> None:
        """Drops the leases of dead owners."""
        for lease in unit.leases.all():
            if not self.is_alive(lease):
                unit.leases.release(lease.name, lease.owner.token)


# --- who we are -----------------------------------------------------------------------------------------------------


def this_process() -> Owner:
    """This life of this process."""
    return Owner(uuid.uuid4().hex, platform.node(), user_name(), this_machine(), os.getpid())


def this_machine() -> str:
    """Names the space in which a process number means something: other containers and computers have others."""
    if sys.platform == "linux":
        try:
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            return f"{boot} {os.readlink('/proc/self/ns/pid')}"
        except OSError:
            return ""
    return f"{platform.node()} {uuid.getnode()}"


def process_gone(owner: Owner) -> bool:
    """Whether the process is known to have ended; False when it cannot be known, as for another computer."""
    if not owner.pid or not owner.machine or owner.machine != this_machine():
        return False
    return not _runs(owner.pid)


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        return _runs_on_windows(pid)
    if sys.platform == "linux":
        try:
            # After the name, which may hold anything: Z and X are dead, only nobody has asked how they ended.
            return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in {"Z", "X"}
        except FileNotFoundError:
            return False
        except (OSError, IndexError):
            return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _runs_on_windows(pid: int) -> bool:
    if sys.platform != "win32":
        return True
    import ctypes

    # os.kill with 0 would be Ctrl+C there.
    query_limited, no_such_process, still_active = 0x1000, 87, 259
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(query_limited, False, pid)
    if not handle:
        return ctypes.get_last_error() != no_such_process
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return not known or code.value == still_active
