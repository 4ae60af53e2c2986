"""What the tests of the synchronization page share: waiting for its work, and which body it shows."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.page import SyncPage

Page = Callable[[], SyncPage]


def settled(qtbot: QtBot, context: WindowContext) -> None:
    """Waits until no work is under way."""
    qtbot.waitUntil(lambda: context.worker.pending == 0)


def shown(page: SyncPage) -> str:
    """Which body is shown."""
    body = page.stack.currentWidget()
    assert body is not None
    return body.objectName() or type(body).__name__


def send_text(page: SyncPage) -> str:
    """What the button says it sends, without its key."""
    return page.send.text().partition("   ")[0]
