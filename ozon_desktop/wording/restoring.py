"""Going back to a copy of the database."""

from collections.abc import Sequence
from datetime import UTC, datetime

from ozon_desktop.wording.formats import when

MOST_BACKUPS_SHOWN = 5
RESTORE_BUTTON = "Вернуть последнюю целую копию"


def restored_text(name: str, made_at: datetime, kept: str) -> str:
    """What was put back, where the former file is, and what to expect. kept: "" = there was none."""
    before = f" Прежний файл: {kept}." if kept else ""
    return (
        f"Возвращена копия {name}: {when(made_at, datetime.now(UTC))}.{before} "
        "Отправка на Ozon ждёт вашего просмотра: в копии нет того, что было после неё"
    )


def way_back(backups: Sequence[datetime]) -> str:
    """What can be done about a damaged database. backups: when its copies were made, the newest first."""
    if not backups:
        return "Копий рядом с базой нет. Верните файл или базу сервера из своей копии, или начните в другой папке: --data-dir"
    shown = ", ".join(when(moment, datetime.now(UTC)) for moment in backups[:MOST_BACKUPS_SHOWN])
    more = f" и ещё {len(backups) - MOST_BACKUPS_SHOWN}" if len(backups) > MOST_BACKUPS_SHOWN else ""
    return f"Есть копии: {shown}{more}. Вернуть последнюю целую: ozon-desktop doctor --restore; то, что лежит сейчас, останется рядом"
