"""store take-over: the store goes on with another source of its goods, by a preview, and back."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.take_over import Doubt, Kind
from ozon_desktop.errors import TakeOverChanged, WrongInput
from ozon_desktop.services.store.take_over import TakeOverPreview, Thing
from ozon_desktop.wording.take_over import counts_text, lost_text, matched_by_text, taken_over_text, undone_text

Add = Callable[..., Any]
SHOWN = 10
"""Lines of each list for people; with --json there are all."""


def add_commands(add: Add, group: Any) -> None:
    """Says what `store take-over` takes. add: (name, help, handler, group)."""
    command = add("take-over", "перенести магазин на другой источник товаров: что с чем совпадёт", take_over, group)
    source = command.add_mutually_exclusive_group()
    source.add_argument("--file", action="append", metavar="FILE", help="выгрузка другой программы; можно повторять")
    source.add_argument("--connection", action="store_true", help="подключение, которое ждёт переноса или уже есть (так и без ключей)")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--preview", action="store_true", help="только показать (так и без ключей)")
    what.add_argument("--confirm", metavar="ID", help="сделать то, что показал просмотр с этим номером")
    what.add_argument("--undo", action="store_true", help="вернуть прежний источник и прежние id")


async def take_over(command: Command) -> Exit:
    args, service = command.args, command.application.store_take_over
    if args.undo:
        if args.file or args.connection:
            raise WrongInput("--undo", detail="нельзя вместе с --file и --connection")
        undone = await service.undo()
        command.output.document({"undone": undone.plan_id, "source": undone.came_from})
        command.output.line(undone_text(undone))
        return Exit.DONE
    source = await service.source([Path(name) for name in args.file or ()])
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
    for kind in Kind:
        if matching.of(kind) or matching.only_old[kind] or matching.only_new[kind]:
            command.output.line(f"  {counts_text(matching, kind)}")
    _list(command, "Неясно, что с чем совпадает", [_doubt(doubt, preview) for doubt in matching.doubts])
    gone = _named(preview, Kind.PRODUCT, matching.only_old, old=True)
    _list(command, "Нет в новом источнике: карточки на Ozon останутся, решать — sync held", gone)
    _list(command, "Только в новом источнике", _named(preview, Kind.PRODUCT, matching.only_new, old=False))
    _list(command, "Артикул тот же, а название другое", [_unlike(preview, pair.old, pair.new) for pair in matching.unlike])
    for lost in preview.lost:
        command.output.note(lost_text(lost.integration, lost.kind, lost.name))
    if not done:
        command.output.line(f"Номер просмотра: {preview.plan_id}")
        command.output.note(f"Если всё верно: store take-over{_again(command)} --confirm {preview.plan_id}")
    return Exit.PROBLEMS if matching.doubts or preview.lost else Exit.DONE


def _again(command: Command) -> str:
    return "".join(f" --file {name}" for name in command.args.file or ())


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
    unlike = [{"article": pair.old, "text": _unlike(preview, pair.old, pair.new)} for pair in matching.unlike]
    source = {"from": preview.came_from, "to": preview.goes_on_with, "fits": matching.fits}
    return {**source, "kinds": kinds, "doubts": doubts, "unlike": unlike, "lost": preview.lost}


def _things(names: Mapping[Kind, Mapping[str, Thing]], kind: Kind, ids: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": id_, "article": names[kind][id_].article, "name": names[kind][id_].name} for id_ in ids if id_ in names[kind]]


def _named(preview: TakeOverPreview, kind: Kind, ids: Mapping[Kind, tuple[str, ...]], *, old: bool) -> list[str]:
    names = (preview.old if old else preview.new)[kind]
    return [_line(names[id_]) for id_ in ids[kind] if id_ in names]


def _line(thing: Thing) -> str:
    return f"{thing.article or 'без артикула'}  {thing.name}"


def _doubt(doubt: Doubt, preview: TakeOverPreview) -> str:
    old = ", ".join(_line(preview.old[Kind.PRODUCT][id_]) for id_ in doubt.old)
    new = ", ".join(_line(preview.new[Kind.PRODUCT][id_]) for id_ in doubt.new)
    return f"{matched_by_text(doubt.by)}: {old} → {new}"


def _unlike(preview: TakeOverPreview, old: str, new: str) -> str:
    return f"{_line(preview.old[Kind.PRODUCT][old])} → {preview.new[Kind.PRODUCT][new].name}"


def _list(command: Command, heading: str, lines: list[str]) -> None:
    if not lines:
        return
    command.output.line(f"{heading}: {len(lines)}")
    for line in lines[:SHOWN]:
        command.output.line(f"  {line}")
    if len(lines) > SHOWN:
        command.output.line(f"  … и ещё {len(lines) - SHOWN}")
