"""Going back to a copy of the database."""

from datetime import UTC, datetime

from ozon_desktop.wording.formats import when

RESTORE_BUTTON = "Вернуть последнюю целую копию"


def restored_text(name: str, made_at: datetime, kept: str) -> str:
    """What was put back, where the former file is, and what to expect. kept: "" = there was none."""
    before = f" Прежний файл: {kept}." if kept else ""
    return (
        f"Возвращена копия {name}: {when(made_at, datetime.now(UTC))}.{before} "
        "Отправка на Ozon ждёт вашего просмотра: в копии нет того, что было после неё"
    )
