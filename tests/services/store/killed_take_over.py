"""A program that takes the store over until it is killed, and the one that kills it: afterwards all is as before, or all is done.

killed_take_over.py, and for each life a line of standard input: FOLDER EXPORT PLAN STATEMENT. Each life is a fork of this process, which
has imported everything. PLAN: «-» = only look. STATEMENT: at which of the confirmation it kills itself, 0 = at none.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, event

from ozon_desktop.application import Options, build
from ozon_desktop.domain.progress import silent
from ozon_desktop.paths import DataPaths
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store.take_over import NewSource
from ozon_desktop.storage.table_base import metadata
from ozon_desktop.storage.taking_over import TakingOver
from tests.places import ROOT

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
KEPT_APART = "run_leases"
"""What a killed process leaves there is found to be nobody's."""

Rows = dict[str, list[tuple[Any, ...]]]


# --- the program that is killed --------------------------------------------------------------------------------------------


class Fate:
    """Counts what a confirmation asks of the store's database, from its first change on to its end, and dies at one of them."""

    def __init__(self, database: Path, fatal: int) -> None:
        self._database = str(database)
        self._fatal = fatal
        self._begun = False
        self.counted = 0

    def begin(self) -> None:
        self._begun = True
        say(f"begun {os.getpid()}")

    def statement(self, connection: Any, *_: object) -> None:
        """An event of SQLAlchemy, also that of a commit."""
        if self._begun and connection.engine.url.database == self._database:
            self.counted += 1
            if self.counted == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def live(folder: Path, export: Path, plan: str, fatal: int) -> None:
    fate = Fate(DataPaths(folder).database, fatal)
    event.listen(Engine, "before_cursor_execute", fate.statement)
    event.listen(Engine, "commit", fate.statement)
    begin = TakingOver.begin

    def begun(taking: TakingOver, preferences: Any) -> None:
        fate.begin()
        begin(taking, preferences)

    setattr(TakingOver, "begin", begun)  # noqa: B010
    application = await build(Options(folder, secret_store=MemoryStore(), clock=lambda: NOW))
    try:
        source = NewSource(files=(export,))
        if plan == "-":
            say((await application.store_take_over.preview(source, silent)).plan_id)
        else:
            await application.store_take_over.confirm(source, plan, silent)
            say(f"done {fate.counted}")
    finally:
        await application.close()


def main() -> None:
    """A life for each line."""
    for line in sys.stdin:
        folder, export, plan, fatal = line.split()
        life = os.fork()
        if life == 0:
            asyncio.run(live(Path(folder), Path(export), plan, int(fatal)))
            return
        os.waitpid(life, 0)
        say("ended")


# --- the one that kills -----------------------------------------------------------------------------------------------------


class Lives:
    """Lives of that program, one after the other."""

    def __init__(self, export: Path) -> None:
        self._export = export
        environment, words = {**os.environ, "PYTHONPATH": str(ROOT)}, [sys.executable, __file__]
        self._process = subprocess.Popen(words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def live(self, folder: Path, plan: str = "-", fatal: int = 0, *, killed_after_s: float | None = None) -> list[str]:
        """What one life said before it ended. killed_after_s: seconds from the first change on, None = it is left alone."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder} {self._export} {plan} {fatal}\n")
        self._process.stdin.flush()
        said: list[str] = []
        killer: threading.Timer | None = None
        while (line := self._process.stdout.readline().strip()) != "ended":
            assert line, "the program that has the lives is dead"
            said.append(line)
            if line.startswith("begun") and killed_after_s is not None:
                killer = threading.Timer(killed_after_s, _kill, [int(line.split()[1])])
                killer.start()
        if killer is not None:
            killer.cancel()
            killer.join()
        return said

    def end(self) -> None:
        self._process.communicate()


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        # It was done first.
        return


@contextmanager
def lives(export: Path) -> Iterator[Lives]:
    """The program, as long as it is wanted."""
    found = Lives(export)
    try:
        yield found
    finally:
        found.end()


def rows(folder: Path) -> Rows:
    """Everything in the database of this data folder."""
    with closing(sqlite3.connect(DataPaths(folder).database)) as connection:
        names = metadata.tables.keys() - {KEPT_APART}
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def differing(one: Rows, other: Rows) -> set[str]:
    """Tables that are not the same."""
    return {name for name in one if one[name] != other[name]}


def kill_take_overs(data: Path, export: Path, folder: Path, seed: int, kills: int, *, by_clock: float = 0.0) -> tuple[int, int]:
    """Kills confirmations of the take-over by this export, of copies of a data folder; how many were undone, and how many done, by then.

    by_clock: this share is killed from outside after a part of the time one takes, the others by themselves at one of their statements.
    Whatever was killed is taken over by the next life.
    """
    chance, data = Random(seed), shutil.copytree(data, folder / "before")
    before = rows(data)
    undone = done = 0
    with lives(export) as program:
        [plan] = program.live(data)
        whole = shutil.copytree(data, folder / "whole")
        begun = datetime.now(UTC)
        statements = int(program.live(whole, plan)[-1].split()[1])
        seconds = (datetime.now(UTC) - begun).total_seconds()
        after = rows(whole)
        assert differing(before, after) >= {"store_products", "take_overs", "runs"}
        for number in range(kills):
            copy = shutil.copytree(data, folder / f"kill-{number}")
            if chance.random() < by_clock:
                program.live(copy, plan, killed_after_s=chance.uniform(0, seconds))
            else:
                fatal = chance.randint(1, statements)
                assert not program.live(copy, plan, fatal)[1:], f"it outlived statement {fatal} of {statements}"
            found = rows(copy)
            if differing(found, before):
                assert not differing(found, after), (number, differing(found, after))
                done += 1
            else:
                undone += 1
                assert program.live(copy, plan)[-1].startswith("done"), number
                assert not differing(rows(copy), after), (number, differing(rows(copy), after))
            shutil.rmtree(copy)
    return undone, done


if __name__ == "__main__":
    main()
