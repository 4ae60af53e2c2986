"""What is said of the folder that is watched for exports."""

from pathlib import Path

from ozon_desktop.domain.watched_folder import FileTrouble, FolderFault
from ozon_desktop.wording.formats import plural

WATCHED_HINT = "Новая выгрузка в этой папке загружается сама. Свои файлы — заказы и выгрузки карточек — программа узнаёт и не загружает."
UNEXPECTED_IN_FILE = "При чтении файла случилась непредвиденная ошибка, подробности — в журнале программы"
SHOWN = 3
"""Files named one by one; more are counted."""

_FAULTS = {
    FolderFault.MISSING: "Папка сейчас недоступна: её нет, либо отключён диск или сеть.",
    FolderFault.NO_RIGHTS: "Папка сейчас недоступна: нет прав на чтение.",
    FolderFault.UNREADABLE: "Папка сейчас недоступна: система не может её прочитать.",
}


def watched_text(folder: Path | None) -> str:
    """Which folder exports are taken from."""
    return "Папка выгрузок не задана" if folder is None else f"Папка выгрузок: {folder}"


def folder_fault_text(fault: FolderFault) -> str:
    """Why the folder cannot be read, and that it goes on by itself."""
    return f"{_FAULTS[fault]} Как только она откроется, новые выгрузки загрузятся."


def folder_unreachable_text(fault: FolderFault, folder: str) -> str:
    """The same as the journal keeps it."""
    return f"{_FAULTS[fault]} {folder}"


def file_troubles_text(troubles: tuple[FileTrouble, ...]) -> str:
    """Which files were not taken and why, that the others were, and what happens next; "" when there are none."""
    if not troubles:
        return ""
    lines = [f"«{trouble.name}»: {trouble.text}" for trouble in troubles[:SHOWN]]
    more = len(troubles) - SHOWN
    if more > 0:
        lines.append(f"и ещё {plural(more, 'файл', 'файла', 'файлов')}")
    return "\n".join(["Не загружено, остальные файлы загружаются; попробую снова, когда файл изменится или откроется:", *lines])
