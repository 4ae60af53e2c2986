"""How long the window is kept from answering while settings are collected beside it.

Run alone: python -m pytest tests/benchmarks/test_window_stall.py -o addopts="" -q -s -p no:randomly
"""

import time
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ozon_desktop.application import Options, build
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui.app import Session, prepare_qt
from ozon_desktop.ui.look.theme import ThemeMode

LONGEST_STALL_S = 0.050
TICK_MS = 5


def test_longest_stall_of_the_window_thread_during_collection(qtbot: QtBot, tmp_path: Path) -> None:
    prepare_qt()
    session = Session(lambda: build(Options(tmp_path, demo=True)), DataPaths(tmp_path), theme_mode=ThemeMode.LIGHT, quiet=True)
    session.start()
    window = session.wait_for_window()
    assert window is not None
    context = window.context
    application = context.application

    async def prepare() -> None:
        integration = context.integration_id
        await application.catalog.fetch_base(integration, lambda _: None)
        tree = await application.catalog.tree()
        await application.integrations.select_bases(integration, frozenset(base.id for base in tree.base[:4]))
        await application.catalog.fetch_children(integration, lambda _: None)

    job = context.worker.run(prepare())
    qtbot.waitUntil(lambda: not job.running, timeout=30_000)
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0] - TICK_MS / 1000)
        last[0] = now

    timer = QTimer()
    timer.setInterval(TICK_MS)
    timer.timeout.connect(tick)

    def watch() -> list[float]:
        gaps.clear()
        last[0] = time.perf_counter()
        timer.start()
        return gaps

    # The reference: the same window with nothing to do.
    watch()
    qtbot.wait(3_000)
    timer.stop()
    idle = sorted(gaps)
    collecting = context.run_job(
        "Получить настройки",
        lambda progress: application.catalog.fetch_settings(context.integration_id, progress),
        on_done=lambda _: None,
        on_failed=lambda _: None,
    )
    assert collecting is not None
    watch()
    qtbot.waitUntil(lambda: not collecting.running, timeout=120_000)
    timer.stop()
    busy = sorted(gaps)
    session.end()
    print(
        f"\nlongest stall {busy[-1] * 1000:.1f} ms, p99 {busy[int(len(busy) * 0.99)] * 1000:.1f} ms over {len(busy)} ticks; "
        f"idle window {idle[-1] * 1000:.1f} ms: {busy[-1] / max(idle[-1], 0.001):.1f} times"
    )
    assert busy[-1] < LONGEST_STALL_S
