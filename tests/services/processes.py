"""The program in a process of its own, against a sandbox that is served."""

import os
import subprocess
import sys
from pathlib import Path

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import ENVIRONMENT_KEY
from tests.places import ROOT


def start(served: SandboxThread, data: Path, *options: str, command: str = "sync") -> subprocess.Popen[bytes]:
    """Starts a command; its standard error can be read."""
    words = [sys.executable, "-m", "ozon_desktop", "--data-dir", str(data), "--api-url", served.url, *options, command]
    environment = {**os.environ, ENVIRONMENT_KEY: ADMIN_KEY, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
