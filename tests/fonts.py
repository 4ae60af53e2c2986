"""The font that tests measure with: they bring it, and see no other one, so what the machine has installed decides nothing."""

import atexit
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def bring_font() -> None:
    """Before Qt starts: Roboto of the test extra in place of the fonts of a Linux machine. Windows and macOS have their own, always."""
    package = importlib.util.find_spec("font_roboto")
    if sys.platform != "linux" or package is None or package.origin is None or "FONTCONFIG_FILE" in os.environ:
        return
    folder = tempfile.TemporaryDirectory(prefix="fonts-of-tests-")
    atexit.register(folder.cleanup)
    file = Path(folder.name) / "fonts.conf"
    fonts = Path(package.origin).parent / "files"
    file.write_text(CONFIGURATION.format(fonts=fonts, cache=Path(folder.name) / "cache"), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(file)
