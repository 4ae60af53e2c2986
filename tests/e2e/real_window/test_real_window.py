"""What only a real window shows: the points of `points_*.py` under X11, each file on a screen and in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.real_window.screen import screen, why_none

WHY_NONE = why_none()
ROOT = Path(__file__).parents[3]
SCREENS = {
    "1366x768": (1366, 768, ""),
    "1280x720": (1280, 720, ""),
    "1920x1080 at 200 %": (1920, 1080, "2"),
}
FILES = sorted(path.name for path in Path(__file__).parent.glob("points_*.py"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.skipif(WHY_NONE is not None, reason=str(WHY_NONE))]


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("file", FILES)
def test_points_hold_in_a_real_window(file: str, size: str) -> None:
    width, height, scale = SCREENS[size]
    with screen(width, height) as environment:
        # Not of the run around it: its workers, its coverage, its random order.
        own = {name: value for name, value in environment.items() if not name.startswith(("PYTEST_", "COV_", "COVERAGE_"))}
        if scale:
            own["QT_SCALE_FACTOR"] = scale
        own["PYTHONPATH"] = os.pathsep.join((str(ROOT), own.get("PYTHONPATH", "")))
        command = [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", f"{Path(__file__).parent / file}"]
        done = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
