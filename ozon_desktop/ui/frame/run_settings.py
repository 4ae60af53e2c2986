"""«Запуски и трей»: when runs begin by themselves, and what the program does with its window closed; every choice is saved at once."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import time
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QMenu, QMenuBar, QVBoxLayout, QWidget

from ozon_desktop.application import Application
from ozon_desktop.domain.schedule import DEFAULT_ORDER_MINUTES, LONGEST_ORDER_MINUTES, SHORTEST_ORDER_MINUTES, parse_times
from ozon_desktop.errors import WrongInput
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.autostart import Autostart, autostart
from ozon_desktop.ui.frame.frame_data import cabinet_name
from ozon_desktop.ui.frame.run_watch import RunReading, RunWatch
from ozon_desktop.ui.frame.tray import Tray, stay_when_closed, stays_when_closed
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Field, WrappedLabel
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog, bring_up_one

WIDTH = 520
ORDERS_HINT = "Независимо от расписания и его приостановки."


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What is chosen now. order_minutes: how often orders are fetched."""

    cabinet: str
    times: tuple[time, ...]
    starts_with_system: bool
    order_minutes: int = DEFAULT_ORDER_MINUTES


async def read_settings(application: Application, integration_id: int, starter: Autostart) -> RunSettings:
    """Reads everything the dialog shows. StorageError."""
    scheduler = application.scheduler
    integration = next((known for known in await application.integrations.all() if known.id == integration_id), None)
    return RunSettings(
        cabinet_name(integration) if integration is not None else "",
        await scheduler.times(integration_id),
        await asyncio.to_thread(starter.enabled),
        await application.orders_clock.minutes(integration_id),
    )


class CheckLine(QWidget):
    """A choice with a hint below it, or with what went wrong."""

    def __init__(self, text: str, name: str, hint: str) -> None:
        super().__init__()
        self._hint = hint
        self.check = QCheckBox(text)
        self.check.setObjectName(name)
        self.below = WrappedLabel(hint, role="hint")
        self.below.setContentsMargins(26, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.check)
        layout.addWidget(self.below)
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Says what went wrong instead of the hint; "" takes it away."""
        set_role(self.below, "error" if text else "hint")
        self.below.setText(text or self._hint)
        self.check.setAccessibleDescription(text or self._hint)

    def set_hint(self, text: str) -> None:
        self._hint = text
        self.set_error("")


class RunSettingsDialog(ToolDialog):
    """Beside the window, blocks nothing. starter: how the program is started with the system, None = the way of this system."""

    def __init__(self, context: WindowContext, watch: RunWatch, parent: QWidget | None = None, *, starter: Autostart | None = None) -> None:
        super().__init__(context, "run_settings_dialog", "Запуски и трей", parent, heading="", of_cabinet=False)
        self._watch = watch
        self._starter = starter or autostart()
        self._known: RunSettings | None = None
        self._build_fields()
        self._build_choices()
        self._lay_out()
        self._connect()
        self._enable(False)
        self._read()

    @classmethod
    def bring_up(cls, context: WindowContext, watch: RunWatch, parent: QWidget) -> "RunSettingsDialog":
        """The dialog of this window: the one that is open already comes to the front."""
        return bring_up_one(cls, parent, lambda: cls(context, watch, parent))

    def _build_fields(self) -> None:
        self.first, self.second = QLineEdit(), QLineEdit()
        for line, name in ((self.first, "run_time_first"), (self.second, "run_time_second")):
            line.setObjectName(name)
            line.setMaxLength(5)
            line.setPlaceholderText("чч:мм")
        self.times = Field("&Дважды в день: первый запуск", self.first)
        self.second_time = Field("&Второй запуск", self.second)
        self.times_error = WrappedLabel("", role="hint")
        self.times_error.setObjectName("run_times_hint")
        self.minutes = QLineEdit()
        self.minutes.setObjectName("order_minutes")
        self.minutes.setMaxLength(3)
        self.orders_every = Field("Получать заказы, раз в … &минут", self.minutes, hint=ORDERS_HINT)
        for field in (self.times, self.second_time, self.orders_every):
            # The editor's name is read aloud: without the mark of the mnemonic.
            field.editor.setAccessibleName(field.label.text().replace("&", ""))

    def _build_choices(self) -> None:
        self.paused = CheckLine(
            "&Приостановить расписание",
            "schedule_paused",
            "Для всех кабинетов. Запуск вручную работает, заказы получаются; пропущенное выполнится один раз, когда расписание "
            "продолжится.",
        )
        self.stays = CheckLine(
            "Оставаться в &трее, когда окно закрыто",
            "stay_in_tray",
            "Запуски по расписанию продолжаются, окно открывается значком в области уведомлений.",
        )
        self.starts = CheckLine("Запускать вместе с &системой", "start_with_system", "Только для вашего пользователя этого компьютера.")
        if not Tray.available():
            self.stays.check.setEnabled(False)
            self.stays.set_hint("В этой системе нет области уведомлений: закрытое окно завершает программу.")
        self.stays.check.setChecked(stays_when_closed(self.context.state))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.times, 1)
        row.addWidget(self.second_time, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.times_error)
        self.body.addWidget(self.orders_every)
        for choice in (self.paused, self.stays, self.starts):
            self.body.addWidget(choice)
        self.body.addStretch(1)
        self.finish(None, "", WIDTH)

    def _connect(self) -> None:
        self.context.integration_changed.connect(self._read)
        self._watch.read.connect(self._runs_read)
        self._watch.failed.connect(self._not_paused)
        for line in (self.first, self.second):
            line.editingFinished.connect(self._save_times)
        self.minutes.editingFinished.connect(self._save_minutes)
        self.paused.check.clicked.connect(self._pause)
        self.stays.check.clicked.connect(self._stay)
        self.starts.check.clicked.connect(self._start_with_system)

    # --- reading --------------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        work = read_settings(self.context.application, self.context.integration_id, self._starter)
        self._run(work, self._show, self._not_read)
        self._watch.look()

    def _show(self, settings: RunSettings) -> None:
        self._known = settings
        self._enable(True)
        self._show_times(settings)
        self._show_minutes(settings)
        self.starts.check.setChecked(settings.starts_with_system)

    def _enable(self, enabled: bool) -> None:
        for part in (self.times, self.second_time, self.orders_every, self.starts):
            part.setEnabled(enabled)

    def _show_times(self, settings: RunSettings) -> None:
        for line, moment in zip((self.first, self.second), settings.times, strict=False):
            line.setText(f"{moment:%H:%M}")
        self._times_hint()

    def _not_read(self, error: object) -> None:
        self._show_times_line(self.context.explain(error).line)

    def _runs_read(self, reading: RunReading) -> None:
        self.paused.check.setChecked(reading.paused)
        self.paused.set_error("")

    # --- times ----------------------------------------------------------------------------------------------------------

    def _times_hint(self) -> None:
        cabinet = self._known.cabinet if self._known is not None else ""
        text = "Кабинет «{0}». Время этого компьютера; действует, если выбрано обновление дважды в день."
        self._show_times_line("", text.format(cabinet))

    def _show_times_line(self, error: str, hint: str = "") -> None:
        set_role(self.times_error, "error" if error else "hint")
        self.times_error.setText(error or hint)
        for line in (self.first, self.second):
            line.setAccessibleDescription(error or hint)

    def _save_times(self) -> None:
        if self._known is None:
            return
        found = [parse_times(line.text()) for line in (self.first, self.second)]
        if not all(len(times) == 1 for times in found):
            self._show_times_line("Введите время в часах и минутах, например 9:30.")
            return
        times = tuple(sorted({*found[0], *found[1]}))
        if len(times) < 2:
            self._show_times_line("Выберите два разных времени.")
        elif times == self._known.times:
            self._times_hint()
        else:
            self._run(self._keep_times(self.context.integration_id, times), self._times_kept, self._times_not_kept)

    async def _keep_times(self, integration_id: int, times: tuple[time, ...]) -> RunSettings:
        await self.context.application.scheduler.set_times(integration_id, times)
        return await read_settings(self.context.application, integration_id, self._starter)

    def _times_kept(self, settings: RunSettings) -> None:
        self._known = settings
        if not (self.first.hasFocus() or self.second.hasFocus()):
            # Whoever goes on typing is not interrupted.
            self._show_times(settings)
        self._times_hint()
        self.context.data_changed.emit("integration")

    def _times_not_kept(self, error: object) -> None:
        self._show_times_line(self.context.explain(error).line)

    # --- orders ---------------------------------------------------------------------------------------------------------

    def _show_minutes(self, settings: RunSettings) -> None:
        self.minutes.setText(str(settings.order_minutes))
        self.orders_every.set_error(None)

    def _save_minutes(self) -> None:
        text = self.minutes.text().strip()
        if self._known is None or text == str(self._known.order_minutes):
            self.orders_every.set_error(None)
        elif not (text.isascii() and text.isdigit()):
            self.orders_every.set_error(f"Введите число минут от {SHORTEST_ORDER_MINUTES} до {LONGEST_ORDER_MINUTES}.")
        else:
            self._run(self._keep_minutes(self.context.integration_id, int(text)), self._minutes_kept, self._minutes_not_kept)

    async def _keep_minutes(self, integration_id: int, minutes: int) -> RunSettings:
        await self.context.application.orders_clock.set_minutes(integration_id, minutes)
        return await read_settings(self.context.application, integration_id, self._starter)

    def _minutes_kept(self, settings: RunSettings) -> None:
        self._known = settings
        if self.minutes.hasFocus():
            # Whoever goes on typing is not interrupted.
            self.orders_every.set_error(None)
        else:
            self._show_minutes(settings)

    def _minutes_not_kept(self, error: object) -> None:
        refused = f"От {SHORTEST_ORDER_MINUTES} до {LONGEST_ORDER_MINUTES} минут."
        self.orders_every.set_error(refused if isinstance(error, WrongInput) else self.context.explain(error).line)

    # --- choices --------------------------------------------------------------------------------------------------------

    def _pause(self, paused: bool) -> None:
        self._watch.set_paused(paused)

    def _not_paused(self, error: object) -> None:
        self.paused.set_error(self.context.explain(error).line)

    def _stay(self, stays: bool) -> None:
        stay_when_closed(self.context.state, stays)
        self.context.state.flush()

    def _start_with_system(self, starts: bool) -> None:
        self.starts.set_error("")
        self._run(self._keep_start(starts), self._start_kept, self._start_not_kept)

    async def _keep_start(self, starts: bool) -> bool:
        await asyncio.to_thread(self._starter.enable if starts else self._starter.disable)
        return await asyncio.to_thread(self._starter.enabled)

    def _start_kept(self, starts: bool) -> None:
        self.starts.check.setChecked(starts)

    def _start_not_kept(self, error: object) -> None:
        self.starts.check.setChecked(not self.starts.check.isChecked())
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            self.starts.set_error(f"Система не дала изменить автозапуск: {reason}")
        else:
            self.starts.set_error(self.context.explain(error).line)

    def _run(self, work: Coroutine[Any, Any, Any], on_done: Callable[[Any], object], on_failed: Callable[[Any], object]) -> None:
        # Every choice is a job of its own: none waits for another.
        self.context.worker.run(work, on_done=on_done, on_failed=on_failed)


def add_to_menu(bar: QMenuBar, before: QAction, text: str) -> QAction:
    """The action that opens the dialog, in the menu and just above the line that follows `before`."""
    action = QAction(text, bar)
    action.setObjectName("run_settings")
    menu = next(menu for menu in bar.findChildren(QMenu) if before in menu.actions())
    actions = menu.actions()
    menu.insertAction(actions[actions.index(before) + 1], action)
    return action
