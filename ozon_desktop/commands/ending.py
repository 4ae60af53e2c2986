"""Commands that run until they are asked to end."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ends_on_signals() -> Iterator[list[int]]:
    """Cancels this task on Ctrl+C and SIGTERM, on Windows on Ctrl+Break as well; gives the signals that came."""
    loop, task, came = asyncio.get_running_loop(), asyncio.current_task(), list[int]()

    def end(number: int) -> None:
        # A second one is not to break off the journalling of the first.
        if not came and task is not None:
            task.cancel()
        came.append(number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    before: dict[int, object] = {}
    if sys.platform == "win32":
        for number in [*numbers, signal.SIGBREAK]:
            before[number] = signal.signal(number, lambda raised, _: loop.call_soon_threadsafe(end, raised) and None)
    else:
        for number in numbers:
            loop.add_signal_handler(number, end, number)
    try:
        yield came
    finally:
        for changed, handler in before.items():
            signal.signal(changed, handler)  # type: ignore[arg-type]
        if sys.platform != "win32":
            for number in numbers:
                loop.remove_signal_handler(number)
