"""sync, run: sending without the window."""

import asyncio
from dataclasses import asdict, replace
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands import sync_steps
from ozon_desktop.commands.change_texts import change_text, shown_changes
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.ending import ends_on_signals
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.holds import OF_PRICES, confirmed
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import PriceGuard
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Hold, Part, PlanItem
from ozon_desktop.errors import NotConfirmed, WrongInput
from ozon_desktop.services.sync.preview import ALL_PARTS, Preview
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from ozon_desktop.wording.existing_cards import losses_text

SIZED = ("price", "stock:")
KINDS = ("create", "update", "archive", "price", "timer", "stock", "skip")


def parts_of(text: str | None) -> frozenset[Part]:
    """The parts named in --only, comma separated; all without it. WrongInput."""
    if not text:
        return ALL_PARTS
    try:
        return frozenset(Part(name.strip()) for name in text.split(","))
    except ValueError as error:
        raise WrongInput("--only", detail=f"{text}; возможно: {', '.join(Part)}") from error


async def sync(command: Command) -> Exit:
    """Sends what changed; with --dry-run only says it, with --retry only what had problems the last time."""
    parts = parts_of(command.args.only)
    if command.args.retry:
        return await _retry(command)
    if command.args.take_back is None and command.args.dry_run:
        return await _dry_run(command, parts)
    # Who has this command started by a timer has no window that makes the copy of the day.
    await command.application.backups.look()
    try:
        if command.args.take_back is not None:
            return await sync_steps.take_back(command, command.args.take_back)
        if command.args.first_five:
            return await _send_five(command)
        return await _send(command, parts)
    except NotConfirmed as error:
        command.output.error(error)
        command.output.document({"sent": False, "plan": error.detail or None, "error": wording.error_text(error).title})
        return Exit.PROBLEMS


async def _preview(command: Command, parts: frozenset[Part]) -> Preview:
    args = command.args
    service = command.application.previews
    preview = await service.preview(command.integration.id, command.output.progress, parts, against_ozon=args.against_ozon)
    return replace(preview, plan=confirmed(preview.plan, OF_PRICES)) if args.confirm_prices else preview


async def _dry_run(command: Command, parts: frozenset[Part]) -> Exit:
    preview = await _preview(command, parts)
    counts = preview.plan.counts()
    problems = [problem for item in preview.plan.of(ActionKind.SKIP) for problem in _problems(item)]
    numbers = {kind: counts[ActionKind(kind)] for kind in KINDS}
    uses = [{"name": use.limit.name, "wanted": use.wanted, "left": use.limit.left, "limit": use.limit.limit} for use in preview.limit_uses]
    undecided = preview.plan.undecided
    document = {"plan": preview.plan_id, "first": preview.first, **numbers, "held": len(undecided)}
    document |= {"failed": 0, "orders": 0, "requests": preview.requests, "problems": problems, "limits": uses}
    document["held_items"] = [_held(item) for item in preview.plan.held]
    document["turns"] = [{"kind": turn.kind, "days": turn.days, "beyond": turn.beyond} for turn in preview.turns]
    items = [_item(item) for item in preview.plan.items]
    document |= {"lost": preview.plan.losses, "losses": [loss for item in preview.plan.items for loss in _losses(item)]}
    command.output.document({**document, "guard": _guard(preview.guard), "against_ozon": preview.against_ozon, "items": items})
    command.output.line("Предварительный просмотр: ничего не отправлено")
    for kind in KINDS:
        command.output.line(f"  {wording.action_text(ActionKind(kind))}: {numbers[kind]}")
    command.output.line(f"  {losses_text(preview.plan.losses)}")
    for use in preview.limit_uses:
        command.output.line(f"  {wording.limit_use_text(use.limit.name, use.wanted, use.limit.left)}")
    for turn in preview.turns:
        if turn.waits:
            command.output.line(f"  {wording.turn_text(turn)}")
    for item in preview.plan.items:
        if not item.waits:
            _show(command, item, preview)
    for item in preview.plan.held:
        _show_held(command, item, preview)
    for line in preview.news:
        command.output.note(line)
    _show_guard(command, preview)
    _show_next_step(command, preview)
    if preview.offline is not None:
        command.output.error(preview.offline)
    return Exit.PROBLEMS if problems or undecided or preview.offline is not None else Exit.DONE


def _problems(item: PlanItem) -> list[dict[str, object]]:
    of_card = [(problem.field, problem.code.value, wording.problem_text(problem)) for problem in item.problems if problem.blocking]
    of_prices = [(problem.field, problem.fault.value, wording.price_problem_text(problem)) for problem in item.price_problems]
    return [{"offer_id": item.offer_id, "field": field, "code": code, "text": text} for field, code, text in (*of_card, *of_prices)]


def _item(item: PlanItem) -> dict[str, object]:
    reason = {"reason": item.reason, "reason_text": wording.reason_text(item.reason)}
    hold = {"hold": item.hold, "verdict": item.verdict}
    return {"kind": item.kind, "offer_id": item.offer_id, "name": item.name, **reason, **hold, "changes": item.changes}


def _held(item: PlanItem) -> dict[str, object]:
    """One held change; old, new: of the field it is held for, None where the whole product is."""
    main: Any = next((change for change in item.changes if change.field == "price"), next(iter(item.changes), None))
    old, new = (main.old, main.new) if main is not None else (None, None)
    why = {"why": item.hold, "text": wording.hold_text(item.hold or Hold.UNANSWERED), "verdict": item.verdict}
    return {"offer_id": item.offer_id, "kind": item.kind, **why, "old": old, "new": new}


def _show_held(command: Command, item: PlanItem, preview: Preview) -> None:
    changes = ", ".join(_change_text(change, item.hold, preview) for change in shown_changes(item))
    why = wording.hold_text(item.hold or Hold.UNANSWERED)
    told = f"{why} ({wording.verdict_text(item.verdict)})" if item.verdict is not None else why
    command.output.line(f"{'придержано':<18} {item.offer_id:<20} {f'{changes}: ' if changes else ''}{told}")


def _change_text(change: FieldChange, hold: Hold | None, preview: Preview) -> str:
    size = wording.change_size_text(change.old, change.new, hold) if hold is not None and change.field.startswith(SIZED) else ""
    text = f"{_label(change, preview)} {change.old or '—'} → {change.new or '—'}"
    return f"{text} ({size})" if size else text


def _show_next_step(command: Command, preview: Preview) -> None:
    """How the plan is sent: a first one, or one of which something is held, by its id."""
    if preview.offline is not None or not (preview.plan.changes or preview.plan.undecided):
        return
    command.output.line(f"Номер просмотра: {preview.plan_id}")
    if preview.plan.undecided:
        command.output.note(f"{wording.held_line(preview.plan.undecided)}. Остальное отправит sync; решать по одному — sync held")
    if preview.first:
        command.output.note(f"В этот кабинет ещё ничего не отправляли. Если всё верно: sync --confirm {preview.plan_id}")
    elif preview.plan.undecided:
        command.output.note(f"Отправить всё вместе с придержанным: sync --confirm {preview.plan_id}")


def _losses(item: PlanItem) -> list[dict[str, object]]:
    """What an item takes away on Ozon, also while it is held back."""
    return [
        {"offer_id": item.offer_id, "field": change.field, "values": change.lost, "held": item.hold is not None} for change in item.lost
    ]


def _guard(guard: PriceGuard | None) -> dict[str, object] | None:
    if guard is None:
        return None
    return {"stopped": guard.stopped, "prices": guard.prices, "large": guard.large, "limits": guard.limits, "examples": guard.examples}


def _label(change: FieldChange, preview: Preview) -> str:
    return wording.change_label(change.field, preview.attribute_names, preview.warehouses)


def _show(command: Command, item: PlanItem, preview: Preview) -> None:
    changes = "; ".join(change_text(change, _label(change, preview)) for change in shown_changes(item))
    text = changes or wording.reason_text(item.reason)
    if changes and item.kind is ActionKind.SKIP:
        text = f"{changes} ({wording.reason_text(item.reason)})"
    command.output.line(f"{wording.action_text(item.kind):<18} {item.offer_id:<20} {text}")


def _show_guard(command: Command, preview: Preview) -> None:
    if preview.guard is None or not preview.guard.stopped or command.args.confirm_prices:
        return
    command.output.note(wording.guard_text(preview.guard))
    command.output.note(f"{wording.GUARD_ACTION} Подтвердить: sync --confirm-prices")


async def _send(command: Command, parts: frozenset[Part]) -> Exit:
    plan, confirm = None, command.args.confirm
    if command.args.confirm_prices or command.args.against_ozon or confirm:
        preview = await _preview(command, parts)
        if preview.offline is not None:
            # Without a look into the cabinet it would miss warehouses and cards that exist.
            raise preview.offline
        if not confirm:
            _show_guard(command, preview)
        plan = preview.plan
    request = SyncRequest(plan, parts, confirm=confirm, release=confirm is not None)
    return _report(command, await command.application.sync.run(command.integration.id, command.output.progress, request))


async def _retry(command: Command) -> Exit:
    """Products with problems in the last run once more, also cards that Ozon refused and that have not changed since. WrongInput."""
    given = [name for name in ("dry_run", "only", "against_ozon", "confirm_prices", "confirm") if getattr(command.args, name)]
    if given:
        raise WrongInput("--retry", detail=f"нельзя вместе с --{given[0].replace('_', '-')}")
    result = await command.application.sync.retry_last(command.integration.id, command.output.progress)
    if result is None:
        command.output.document({**dict.fromkeys((*KINDS, "failed", "waiting", "orders"), 0), "requests": 0, "problems": []})
        command.output.line("Повторять нечего: в последней синхронизации ошибок не было")
        return Exit.DONE
    return _report(command, result)


def _report(command: Command, result: SyncResult) -> Exit:
    counts = dict(result.run.counts)
    problems = [asdict(problem) for problem in result.run.problems]
    numbers = {name: counts.get(name, 0) for name in (*KINDS, "held", "failed", "waiting", "orders")}
    command.output.document({"run": result.run.id, **numbers, "requests": result.run.requests, "problems": problems})
    command.output.line(wording.run_result_text(result.run.result))
    for kind in KINDS:
        command.output.line(f"  {wording.action_text(ActionKind(kind))}: {numbers[kind]}")
    command.output.line(f"  ошибок: {numbers['failed']}, ждут Ozon: {numbers['waiting']}, новых заказов: {numbers['orders']}")
    command.output.line(f"  номер запуска: {result.run.id}; вернуть, как было: sync --take-back {result.run.id}")
    for problem in problems:
        command.output.line(f"  {problem['offer_id']}: {problem['text']}")
    codes = {problem["code"] for problem in problems}
    if Hold.MANY_PRICES in codes:
        command.output.note(f"{wording.GUARD_ACTION} Подтвердить: sync --confirm-prices")
    if codes & set(Hold):
        command.output.note("Посмотреть придержанное: sync --dry-run; решать по одному: sync held")
    good = result.run.result is RunResult.DONE and not problems
    return Exit.DONE if good else Exit.PROBLEMS


async def _send_five(command: Command) -> Exit:
    if not command.args.confirm:
        raise NotConfirmed(command.integration.name)
    preview = await _preview(command, ALL_PARTS)
    if preview.offline is not None:
        raise preview.offline
    return await sync_steps.send_five(command, preview)


async def run(command: Command) -> Exit:
    """Runs the schedule until it is asked to end (Ctrl+C, SIGTERM): a run under way is stopped, what it did is kept and journalled."""
    command.output.note("Работаю по расписанию; Ctrl+C — остановить")
    with ends_on_signals() as asked:
        try:
            await command.application.run()
        except asyncio.CancelledError:
            if not asked:
                raise
    command.output.note("Остановлено")
    return Exit.DONE
