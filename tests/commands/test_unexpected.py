"""Mistakes of the program met by a command: logged with their trace, said in one sentence, exit code 3, never a trace on the terminal."""

import asyncio
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop import cli
from ozon_desktop.commands import tools
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.errors import NoConnection
from ozon_desktop.logs import LOG_NAME, log_unexpected
from tests.places import ROOT

KEY = "0a1b2c3d-0000-1111-2222-333344445555"


def say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main([*words])
    said = capsys.readouterr()
    return code, said.out, said.err


def log_of(data: Path) -> str:
    return (data / "logs" / LOG_NAME).read_text(encoding="utf-8")


async def makes_a_mistake(command: Command) -> Exit:
    raise ZeroDivisionError(f"made to fail with {KEY}")


def broken(monkeypatch: pytest.MonkeyPatch, doctor: Callable[[Command], Any]) -> None:
    """Puts this command in the place of `doctor`: in a parser of its own, for the program makes one for all its commands."""
    monkeypatch.setattr(tools, "doctor", doctor)
    monkeypatch.setattr(cli, "make_parser", cli.make_parser.__wrapped__)


def test_a_mistake_in_a_command_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken(monkeypatch, makes_a_mistake)
    code, out, err = say(capsys, "--data-dir", str(tmp_path), "doctor", "--json")
    assert (code, out) == (3, "")
    assert err.count("\n") == 1
    assert str(tmp_path / "logs" / LOG_NAME) in err
    assert "Traceback" not in err
    assert "ZeroDivisionError: made to fail" in log_of(tmp_path)
    assert "makes_a_mistake" in log_of(tmp_path)
    assert KEY not in log_of(tmp_path)


def test_a_mistake_before_the_program_stands_is_one_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def build(options: object) -> None:
        raise RecursionError("while it is built")

    monkeypatch.setattr(cli, "build", build)
    code, _, err = say(capsys, "--data-dir", str(tmp_path), "doctor")
    assert (code, err.count("\n")) == (3, 1)
    assert "while it is built" in log_of(tmp_path)


def test_a_log_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def build(options: object) -> None:
        raise RecursionError("while it is built")

    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr(cli, "build", build)
    code, _, err = say(capsys, "--data-dir", str(tmp_path), "doctor")
    assert (code, err.count("\n")) == (3, 1)
    assert "журнал записать не удалось" in err
    assert log_unexpected(ValueError("x"), tmp_path / "logs") == ""


def test_a_task_that_nobody_waits_for_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    async def leaves_it(command: Command) -> Exit:
        async def fails(error: Exception) -> None:
            raise error

        tasks = [asyncio.create_task(fails(error)) for error in (ZeroDivisionError("beside"), NoConnection("/v1/roles"))]
        await asyncio.wait(tasks)
        tasks.clear()
        return Exit.DONE

    broken(monkeypatch, leaves_it)
    code, _, err = say(capsys, "--data-dir", str(tmp_path), "doctor")
    assert code == 0
    assert "Внутренняя ошибка программы" in err
    assert "Traceback" not in err
    assert "ZeroDivisionError: beside" in log_of(tmp_path)


def test_a_mistake_in_another_thread_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = threading.excepthook

    async def starts_it(command: Command) -> Exit:
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        await asyncio.to_thread(thread.join)
        return Exit.DONE

    broken(monkeypatch, starts_it)
    _, _, err = say(capsys, "--data-dir", str(tmp_path), "doctor")
    assert "Внутренняя ошибка программы" in err
    assert "ZeroDivisionError" in log_of(tmp_path)
    assert threading.excepthook is before


def test_ctrl_c_is_no_mistake(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    async def interrupted(command: Command) -> Exit:
        raise KeyboardInterrupt

    broken(monkeypatch, interrupted)
    assert say(capsys, "--data-dir", str(tmp_path), "doctor") == (3, "", "Остановлено\n")
    assert not [handler for handler in logging.getLogger("ozon_desktop").handlers if isinstance(handler, logging.FileHandler)]


@pytest.mark.slow
def test_a_reader_that_has_enough_ends_the_command_in_silence(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "ozon_desktop", "--data-dir", str(tmp_path), "doctor"]
    reading, writing = os.pipe()
    process = subprocess.Popen(words, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True)
    # Nobody reads it from the first sign on.
    os.close(reading)
    os.close(writing)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (3, "")
    assert not (tmp_path / "logs" / LOG_NAME).exists()
