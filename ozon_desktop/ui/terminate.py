"""SIGTERM while the window's loop runs: Python's handlers wait for Python code, and Qt's loop may execute none for long."""

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

from PySide6.QtCore import QSocketNotifier


@contextlib.contextmanager
def ends_on_terminate(end: Callable[[], None]) -> Iterator[None]:
    """Calls `end` in the window's thread whenever the system asks the program to end. In another thread nothing can be caught."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)

    def came() -> None:
        with contextlib.suppress(BlockingIOError):
            numbers = reading.recv(64)
            if signal.SIGTERM in numbers:
                end()

    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(came)
    try:
        # The handler itself does nothing: that there is one makes Python write the signal's number into the socket.
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        fd_before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    except ValueError:
        before = fd_before = None
    try:
        yield
    finally:
        if fd_before is not None:
            signal.set_wakeup_fd(fd_before)
            signal.signal(signal.SIGTERM, before)
        notifier.setEnabled(False)
        reading.close()
        writing.close()
