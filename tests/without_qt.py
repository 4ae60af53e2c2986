"""The suite where Qt cannot be loaded: what needs no window runs, the rest is skipped and says why."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest


def _missing() -> str:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return f"no window here, Qt cannot be loaded: {error}"
    return ""


NO_QT = _missing()
"""Why there can be no window; "" where there can."""

MARKS = ("PySide6", "pytestqt", "shiboken6")


def is_of_qt(error: BaseException | None) -> bool:
    """Whether an import failed because of Qt."""
    while error is not None:
        if isinstance(error, ImportError) and ((error.name or "").startswith(MARKS) or (str(error) and str(error) in NO_QT)):
            return True
        error = error.__cause__ or error.__context__
    return False


def leave_out(conftest: Path) -> None:
    """pytest loads the shared fixtures of a folder even though the folder is skipped: an empty module takes their place."""
    name = ".".join(conftest.relative_to(Path(__file__).parents[1]).with_suffix("").parts)
    empty = ModuleType(name)
    empty.__file__ = str(conftest)
    sys.modules[name] = empty


class WindowModule(pytest.Module):
    """A file of tests: skipped as a whole when it imports Qt."""

    def _getobj(self) -> object:
        try:
            return super()._getobj()  # type: ignore[no-untyped-call]
        except self.CollectError as error:
            if is_of_qt(error):
                pytest.skip(NO_QT, allow_module_level=True)
            raise


class WindowFolder(pytest.Directory):
    """The tests of the window: nothing of them can be collected."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        pytest.skip(NO_QT, allow_module_level=True)
        yield from ()
