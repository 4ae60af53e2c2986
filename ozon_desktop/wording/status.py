"""What the status line and the tray say about the synchronization."""

from datetime import datetime

from ozon_desktop.domain.lease import Lease
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.wording.formats import clock_time, number, plural, when
from ozon_desktop.wording.holds import WAITS_FOR_REVIEW


def status_text(status: RunStatus, now: datetime) -> str:
    """The state in one line: «идёт: 120 из 340», «ждём лимит Ozon до 14:05», «нет связи с Ozon: сегодня в 13:40»."""
    match status.state:
        case RunState.RUNNING:
            return _running(status)
        case RunState.OFFLINE:
            since = f": {when(status.since, now)}" if status.since is not None else ""
            return f"Нет связи с Ozon{since}"
        case RunState.READ_ONLY:
            return "Только чтение"
        case RunState.WAITING_FOR_REVIEW:
            return WAITS_FOR_REVIEW
        case RunState.PAUSED:
            return "Расписание приостановлено"
        case RunState.WAITING_FOR_LIMIT:
            return f"Ждём лимит Ozon до {_until(status.until, now)}" if status.until is not None else "Ждём лимит Ozon"
        case RunState.NEEDS_ATTENTION:
            return f"Нужно внимание: {plural(status.problems, 'ошибка', 'ошибки', 'ошибок')}"
        case RunState.OFF:
            return "Интеграция выключена"
        case RunState.IDLE:
            return (
                "Всё отправлено" if status.last_run is not None and status.last_run.finished_at is not None else "Ещё не синхронизировано"
            )


def status_detail(status: RunStatus, now: datetime) -> str:
    """The second line: who runs it, when Ozon is asked again, when the next run is; "" when there is nothing to add."""
    if status.state is RunState.RUNNING:
        return holder_line(status) if status.holder is not None else ""
    if status.state is RunState.WAITING_FOR_REVIEW:
        return "Расписание ждёт «Отправить»"
    if status.state is RunState.READ_ONLY:
        return "На Ozon ничего не отправляется"
    if status.state is RunState.OFFLINE and status.until is not None:
        return f"Проверим снова {when(status.until, now).removeprefix('сегодня ')}"
    if status.state in {RunState.OFF, RunState.PAUSED} or status.next_run is None:
        return ""
    if status.next_run <= now:
        return "Следующий запуск сейчас"
    return f"Следующий запуск {when(status.next_run, now).removeprefix('сегодня ')}"


def holder_line(status: RunStatus) -> str:
    """«Запущено на компьютере KASSA, пользователь anna, в 12:05»; "" when it is this process."""
    lease = status.holder
    return f"Запущено {_joined('на компьютере', lease, f'в {clock_time(lease.since)}')}" if lease is not None else ""


def holder_text(lease: Lease) -> str:
    """«компьютер KASSA, пользователь anna, с 12:05»."""
    return _joined("компьютер", lease, f"с {clock_time(lease.since)}")


def _joined(where: str, lease: Lease, since: str) -> str:
    owner = lease.owner
    parts = (f"{where} {owner.host}" if owner.host else "", f"пользователь {owner.user}" if owner.user else "", since)
    return ", ".join(part for part in parts if part)


def _running(status: RunStatus) -> str:
    update = status.progress
    if update is None:
        return "Идёт синхронизация"
    if update.total:
        return f"Идёт синхронизация: {number(update.done)} из {number(update.total)}"
    return f"Идёт синхронизация: {number(update.done)}" if update.done else "Идёт синхронизация"


def _until(moment: datetime, now: datetime) -> str:
    """«14:05», «завтра 03:00», «26 ноября 03:00»."""
    text = when(moment, now)
    return text.removeprefix("сегодня в ").replace(" в ", " ")
