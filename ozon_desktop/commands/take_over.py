"""store take-over: the store goes on with another source of its goods, by a preview, and back."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.take_over import Kind
from ozon_desktop.domain.take_over_preview import TakeOverPreview, Thing
from ozon_desktop.errors import TakeOverChanged, WrongInput
from ozon_desktop.wording.take_over import preview_lines, taken_over_text, undone_text, unlike_text

Add = Callable[..., Any]
SHOWN = 10
"""Lines of each list for people; with --json there are all."""


def add_commands(add: Add, group: Any) -> None:
    """Says what `store take-over` takes. add: (name, help, handler, group)."""
    command = add("take-over", "перенести магазин на другой источник товаров: что с чем совпадёт", take_over, group)
    source = command.add_mutually_exclusive_group()
    source.add_argument("--file", action="append", metavar="FILE", help="выгрузка другой программы; можно повторять")
    source.add_argument("--connection", action="store_true", help="подключение, которое ждёт переноса или уже есть (так и без ключей)")
    pair_help = "это один и тот же товар: id в магазине = id в новом источнике; можно повторять"
    command.add_argument("--pair", action="append", metavar="ID=ID", type=_pair, default=[], help=pair_help)
    what = command.add_mutually_exclusive_group()
    what.add_argument("--preview", action="store_true", help="только показать (так и без ключей)")
    what.add_argument("--confirm", metavar="ID", help="сделать то, что показал просмотр с этим номером")
    what.add_argument("--undo", action="store_true", help="вернуть прежний источник и прежние id")


async def take_over(command: Command) -> Exit:
    args, service = command.args, command.application.store_take_over
    if args.undo:
        if args.file or args.connection or args.pair:
            raise WrongInput("--undo", detail="нельзя вместе с --file, --connection и --pair")
        undone = await service.undo()
        command.output.document({"undone": undone.plan_id, "source": undone.came_from})
        command.output.line(undone_text(undone))
        return Exit.DONE
    if len(dict(args.pair)) < len(args.pair):
        raise WrongInput("--pair", detail="товар магазина назван дважды")
    source = replace(await service.source([Path(name) for name in args.file or ()]), chosen=dict(args.pair))
    if not args.confirm:
        return _show(command, await service.preview(source, command.output.progress), done=False)
    try:
        return _show(command, await service.confirm(source, args.confirm, command.output.progress), done=True)
    except TakeOverChanged as error:
        command.output.error(error)
        command.output.document({"done": False, "plan": error.detail or None, "error": wording.error_text(error).title})
        return Exit.PROBLEMS


def _show(command: Command, preview: TakeOverPreview, *, done: bool) -> Exit:
    matching = preview.matching
    command.output.document({"done": done, "plan": preview.plan_id, **_document(preview)})
    if done:
        command.output.line(taken_over_text(preview.came_from, preview.goes_on_with))
    else:
        command.output.line(f"{preview.came_from} → {preview.goes_on_with}. Ничего не изменено")
    for line in preview_lines(preview, SHOWN):
        command.output.line(f"  {line}")
    if not done:
        if matching.doubts:
            command.output.note("Решить самому: --pair ID=ID — id товара в магазине и id того же товара в новом источнике")
        command.output.line(f"Номер просмотра: {preview.plan_id}")
        command.output.note(f"Если всё верно: store take-over{_again(command)} --confirm {preview.plan_id}")
    return Exit.PROBLEMS if matching.doubts or preview.lost else Exit.DONE


def _again(command: Command) -> str:
    files, pairs = command.args.file or (), command.args.pair
    return "".join([*(f" --file {name}" for name in files), *(f" --pair {old}={new}" for old, new in pairs)])


def _pair(written: str) -> tuple[str, str]:
    """Of `--pair`. ArgumentTypeError."""
    old, sign, new = (part.strip() for part in written.partition("="))
    if not (old and sign and new):
        raise ArgumentTypeError(f"«{written}»: нужно ID=ID")
    return old, new


def _document(preview: TakeOverPreview) -> dict[str, object]:
    matching = preview.matching
    kinds = {
        kind: {
            "matched": matching.counts(kind),
            "only_old": _things(preview.old, kind, matching.only_old[kind]),
            "only_new": _things(preview.new, kind, matching.only_new[kind]),
        }
        for kind in Kind
    }
    doubts = [
        {"by": doubt.by, "old": _things(preview.old, Kind.PRODUCT, doubt.old), "new": _things(preview.new, Kind.PRODUCT, doubt.new)}
        for doubt in matching.doubts
    ]
    unlike = [{"id": pair.old, "text": unlike_text(preview, pair)} for pair in matching.unlike]
    source = {"from": preview.came_from, "to": preview.goes_on_with, "fits": matching.fits}
    return {**source, "kinds": kinds, "doubts": doubts, "unlike": unlike, "lost": preview.lost}


def _things(names: Mapping[Kind, Mapping[str, Thing]], kind: Kind, ids: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": id_, "article": names[kind][id_].article, "name": names[kind][id_].name} for id_ in ids if id_ in names[kind]]
