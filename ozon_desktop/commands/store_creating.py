"""store create: cards that exist only on Ozon become products of the store, by a preview; for files and 1C a catalogue file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.new_products import Creation, NewProductsPreview
from ozon_desktop.errors import NewProductsChanged, WrongInput
from ozon_desktop.wording.new_products import FILE_NOTE, STOCK_NOTE, created_lines, created_text, file_text, preview_lines, summary_text

Add = Callable[..., Any]
SHOWN = 20
"""Lines of each list for people; with --json there are all."""


def add_commands(add: Add, group: Any) -> None:
    """Says what `store create` takes. add: (name, help, handler, group)."""
    command = add("create", "создать в магазине товары из карточек, которые есть только на Ozon", create, group)
    what = command.add_mutually_exclusive_group()
    what.add_argument("--preview", action="store_true", help="только показать (так и без ключей)")
    what.add_argument("--confirm", metavar="ID", help="создать то, что показал просмотр с этим номером")
    command.add_argument("--file", metavar="FILE", help="не создавать, а записать файл каталога CommerceML 2 (для 1С и файлов)")
    command.add_argument("--encoding", choices=("utf-8", "windows-1251"), default="utf-8", help="кодировка файла (обычно utf-8)")


async def create(command: Command) -> Exit:
    args, service, id_ = command.args, command.application.store_creating, command.integration.id
    if args.file and args.preview:
        raise WrongInput("--file", detail="нельзя вместе с --preview")
    try:
        if args.file:
            preview = await service.preview(id_)
            path = Path(args.file)
            await service.write_file(id_, args.confirm or preview.plan_id, path, args.encoding)
            return _show_file(command, preview, path)
        if args.confirm:
            return _show_created(command, await service.confirm(id_, args.confirm, command.output.progress))
    except NewProductsChanged as error:
        command.output.error(error)
        command.output.document({"done": False, "plan": error.detail, "error": wording.error_text(error).title})
        return Exit.PROBLEMS
    return _show(command, await service.preview(id_))


def _show(command: Command, preview: NewProductsPreview) -> Exit:
    command.output.document({"done": False, **_document(preview)})
    command.output.line(f"{summary_text(preview)}. Ничего не изменено")
    for line in preview_lines(preview, SHOWN):
        command.output.line(f"  {line}")
    if preview.products:
        command.output.line(f"Номер просмотра: {preview.plan_id}")
        if preview.can_make:
            command.output.note(STOCK_NOTE)
            command.output.note(f"Если всё верно: store create --confirm {preview.plan_id}")
        else:
            command.output.note(f"{FILE_NOTE}: store create --file КАТАЛОГ.xml")
    return Exit.PROBLEMS if preview.doubtful else Exit.DONE


def _show_created(command: Command, creation: Creation) -> Exit:
    document = {"made": creation.made, "refused": creation.refused, "unreached": creation.unreached, "failure": creation.failure or None}
    command.output.document({"done": True, **document})
    command.output.line(created_text(creation))
    for line in created_lines(creation, SHOWN):
        command.output.line(f"  {line}")
    return Exit.DONE if creation.complete else Exit.PROBLEMS


def _show_file(command: Command, preview: NewProductsPreview, path: Path) -> Exit:
    command.output.document({"done": True, "file": str(path), **_document(preview)})
    command.output.line(file_text(str(path), len(preview.products)))
    for line in preview_lines(preview, 0)[1:]:
        command.output.note(line)
    return Exit.PROBLEMS if preview.doubtful else Exit.DONE


def _document(preview: NewProductsPreview) -> dict[str, object]:
    return {
        "plan": preview.plan_id,
        "into": preview.into,
        "can_make": preview.can_make,
        "products": preview.products,
        "left_out": preview.left_out,
    }
