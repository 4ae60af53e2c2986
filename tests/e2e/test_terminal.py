"""The program as a terminal starts it: odd environments, readers that have enough."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-m", "ozon_desktop"]


def test_an_empty_platform_of_qt_counts_as_not_set() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": ""}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    done = subprocess.run([*PROGRAM, "--smoke-test"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_has_enough_ends_a_command_quietly(tmp_path: Path) -> None:
    command = subprocess.Popen(
        [*PROGRAM, "--data-dir", str(tmp_path), "--json", "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    said = command.stderr.read()
    command.stderr.close()
    command.wait()
    assert said == ""
