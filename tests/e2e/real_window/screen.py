"""A screen of a given size with a window manager on it, or the reason why this machine has none."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

NEEDED = ("Xvfb", "openbox", "xdotool")
STARTS_WITHIN_S = 30.0


def why_none() -> str | None:
    """Why no real window can be tried on this machine; None = it can."""
    if sys.platform != "linux":
        return "a real window is tried under X11 only"
    if importlib.util.find_spec("PySide6") is None:
        return "PySide6 is not installed"
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"not on this machine: {', '.join(missing)}"
    return _why_no_x11()


def _why_no_x11() -> str | None:
    """Qt's X11 part needs more of the system than a window that is nowhere. In a process of its own: what is loaded stays."""
    code = (
        "import ctypes, pathlib, PySide6; from PySide6 import QtCore, QtGui; "
        "ctypes.CDLL(str(next(pathlib.Path(PySide6.__file__).parent.rglob('libqxcb.so'))))"
    )
    tried = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"Qt cannot be loaded for X11: {tried.stderr.strip().splitlines()[-1]}"


@contextmanager
def screen(width: int, height: int) -> Iterator[Mapping[str, str]]:
    """A new X display with a window manager; gives the environment in which programs appear on it."""
    reading, writing = os.pipe()
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-dpi", "96"]
    server = subprocess.Popen(command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as said:
            number = said.readline().decode().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        # A desktop's settings would reach into the screen: its portal, its session bus, its scale.
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_CURRENT_DESKTOP", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR"):
            environment.pop(name, None)
        manager = subprocess.Popen(["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for_manager(environment)
            yield environment
        finally:
            manager.terminate()
            manager.wait()
    finally:
        server.terminate()
        server.wait()


def _wait_for_manager(environment: Mapping[str, str]) -> None:
    """A window that came before its manager would be without a frame."""
    end = time.monotonic() + STARTS_WITHIN_S
    while True:
        # Answered by window managers only.
        asked = subprocess.run(["xdotool", "get_num_desktops"], env=environment, capture_output=True)
        if asked.returncode == 0:
            return
        if time.monotonic() > end:
            raise RuntimeError("the window manager did not start")
        time.sleep(0.05)
