"""What every test shares: Qt without a display, so that the README's test command needs no settings of its own."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
