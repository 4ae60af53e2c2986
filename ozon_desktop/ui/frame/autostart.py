"""Starts the program with the system when the manager wants it: a file or a registry value of this user, never of the computer."""

import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

NAME = "ozon-desktop"
TITLE = "Ozon Desktop"
LABEL = "desktop.ozon.agent"
WINDOWS_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Autostart(Protocol):
    """Whether the program starts with the system. OSError when the system does not let it be changed."""

    def enabled(self) -> bool:
        """Whether it does now."""
        ...

    def enable(self) -> None:
        """From now on it does; also brings an older entry up to date."""
        ...

    def disable(self) -> None:
        """From now on it does not."""
        ...


class XdgAutostart:
    """Linux: a desktop entry in the user's autostart folder."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = command
        self._file = folder / f"{NAME}.desktop"

    def enabled(self) -> bool:
        """Whether there is an entry that is not switched off by the system's own settings."""
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        off = {"hidden=true", "x-gnome-autostart-enabled=false"}
        return not any(line.replace(" ", "").casefold() in off for line in lines)

    def enable(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        words = " ".join(_desktop_word(word) for word in self._command)
        text = f"[Desktop Entry]\nType=Application\nName={TITLE}\nExec={words}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
        self._file.write_text(text, encoding="utf-8")

    def disable(self) -> None:
        self._file.unlink(missing_ok=True)


class LaunchAgentAutostart:
    """macOS: an agent of the user that runs at login."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = command
        self._file = folder / f"{LABEL}.plist"

    def enabled(self) -> bool:
        try:
            agent = plistlib.loads(self._file.read_bytes())
        except (OSError, plistlib.InvalidFileException, ValueError):
            return False
        return isinstance(agent, dict) and agent.get("RunAtLoad") is True and not agent.get("Disabled", False)

    def enable(self) -> None:
        """Writes the agent; it takes effect at the next login."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        agent = {"Label": LABEL, "ProgramArguments": list(self._command), "RunAtLoad": True, "ProcessType": "Interactive"}
        self._file.write_bytes(plistlib.dumps(agent))

    def disable(self) -> None:
        self._file.unlink(missing_ok=True)


class RegistryAutostart:
    """Windows: a value in the user's Run key."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def enabled(self) -> bool:
        if sys.platform != "win32":
            return False
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, WINDOWS_KEY) as key:
                return bool(winreg.QueryValueEx(key, NAME)[0])
        except FileNotFoundError:
            return False

    def enable(self) -> None:
        if sys.platform != "win32":
            return
        import subprocess
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, WINDOWS_KEY) as key:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(self._command))

    def disable(self) -> None:
        if sys.platform != "win32":
            return
        import contextlib
        import winreg

        with contextlib.suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, WINDOWS_KEY, 0, winreg.KEY_SET_VALUE) as key:
            winreg.DeleteValue(key, NAME)


def autostart(command: Sequence[str] | None = None, platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Autostart:
    """The way of this system. command: what is started, None = this program."""
    words = list(command) if command is not None else own_command()
    if platform == "win32":
        return RegistryAutostart(words)
    if platform == "darwin":
        return LaunchAgentAutostart(words, Path.home() / "Library" / "LaunchAgents")
    chosen = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(chosen) if chosen and Path(chosen).is_absolute() else Path.home() / ".config"
    return XdgAutostart(words, folder / "autostart")


def own_command() -> list[str]:
    """What starts this program again: the packaged file, or the interpreter with the module."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    interpreter = Path(sys.executable)
    # Without a console window.
    quiet = interpreter.with_name("pythonw.exe")
    return [str(quiet if sys.platform == "win32" and quiet.exists() else interpreter), "-m", "ozon_desktop"]


def _desktop_word(word: str) -> str:
    r"""Quoted as the Desktop Entry Specification wants: " ` $ \ escaped, the backslash doubled once more by the file, % doubled."""
    quoted = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word).replace("\\", "\\\\").replace("%", "%%")
    return f'"{quoted}"'
