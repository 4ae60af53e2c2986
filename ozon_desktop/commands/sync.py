"""sync, run: sending without the window."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_hold import release_prices
from ozon_desktop.domain.price_rules import PriceGuard
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Part, PlanItem, Reason
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.sync.preview import ALL_PARTS, Preview
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.wording.existing_cards import losses_text, lost_text

SHOWN = 4
"""Changes of an item that its line shows."""

KINDS = ("create", "update", "archive", "price", "stock", "skip")


def parts_of(text: str | None) -> frozenset[Part]:
    """The parts named in --only, comma separated; all without it. WrongInput."""
    if not text:
        return ALL_PARTS
    try:
        return frozenset(Part(name.strip()) for name in text.split(","))
    except ValueError as error:
        raise WrongInput("--only", detail=f"{text}; возможно: {', '.join(Part)}") from error


async def sync(command: Command) -> Exit:
    """Sends what changed; with --dry-run only says it."""
    parts = parts_of(command.args.only)
    return await (_dry_run(command, parts) if command.args.dry_run else _send(command, parts))


async def _preview(command: Command, parts: frozenset[Part]) -> Preview:
    args = command.args
    service = command.application.previews
    preview = await service.preview(command.integration.id, command.output.progress, parts, against_ozon=args.against_ozon)
    return replace(preview, plan=release_prices(preview.plan)) if args.confirm_prices else preview


async def _dry_run(command: Command, parts: frozenset[Part]) -> Exit:
    preview = await _preview(command, parts)
    counts = preview.plan.counts()
    problems = [problem for item in preview.plan.of(ActionKind.SKIP) for problem in _problems(item)]
    numbers = {kind: counts[ActionKind(kind)] for kind in KINDS}
    uses = [{"name": use.limit.name, "wanted": use.wanted, "left": use.limit.left, "limit": use.limit.limit} for use in preview.limit_uses]
    document = {**numbers, "failed": 0, "orders": 0, "requests": preview.requests, "problems": problems, "limits": uses}
    items = [_item(item) for item in preview.plan.items]
    document |= {"lost": preview.plan.losses, "losses": [loss for item in preview.plan.items for loss in _losses(item)]}
    command.output.document({**document, "guard": _guard(preview.guard), "against_ozon": preview.against_ozon, "items": items})
    command.output.line("Предварительный просмотр: ничего не отправлено")
    for kind in KINDS:
        command.output.line(f"  {wording.action_text(ActionKind(kind))}: {numbers[kind]}")
    command.output.line(f"  {losses_text(preview.plan.losses)}")
    for use in preview.limit_uses:
        command.output.line(f"  {wording.limit_use_text(use.limit.name, use.wanted, use.limit.left)}")
    for item in preview.plan.items:
        _show(command, item)
    for line in preview.news:
        command.output.note(line)
    held = _show_guard(command, preview)
    if preview.offline is not None:
        command.output.error(preview.offline)
    return Exit.PROBLEMS if problems or held or preview.offline is not None else Exit.DONE


def _problems(item: PlanItem) -> list[dict[str, object]]:
    of_card = [(problem.field, problem.code.value, wording.problem_text(problem)) for problem in item.problems if problem.blocking]
    of_prices = [(problem.field, problem.fault.value, wording.price_problem_text(problem)) for problem in item.price_problems]
    return [{"offer_id": item.offer_id, "field": field, "code": code, "text": text} for field, code, text in (*of_card, *of_prices)]


def _item(item: PlanItem) -> dict[str, object]:
    reason = {"reason": item.reason, "reason_text": wording.reason_text(item.reason)}
    return {"kind": item.kind, "offer_id": item.offer_id, "name": item.name, **reason, "changes": item.changes}


def _losses(item: PlanItem) -> list[dict[str, object]]:
    """What an item takes away on Ozon, also while it is held back."""
    return [
        {"offer_id": item.offer_id, "field": change.field, "values": change.lost, "held": item.hold is not None} for change in item.lost
    ]


def _guard(guard: PriceGuard | None) -> dict[str, object] | None:
    if guard is None:
        return None
    return {"stopped": guard.stopped, "prices": guard.prices, "large": guard.large, "limits": guard.limits, "examples": guard.examples}


def _always(change: FieldChange) -> bool:
    """Prices and losses are never left out."""
    return bool(change.lost) or change.field in {"price", "old_price"}


def _change(change: FieldChange) -> str:
    text = f"{wording.field_label(change.field)}: {change.old or '—'} → {change.new or '—'}"
    return f"{text} (пропадёт: {lost_text(change.lost)})" if change.lost else text


def _show(command: Command, item: PlanItem) -> None:
    changes = "; ".join(_change(change) for place, change in enumerate(item.changes) if place < SHOWN or _always(change))
    text = changes or wording.reason_text(item.reason)
    if changes and item.kind is ActionKind.SKIP:
        text = f"{changes} ({wording.reason_text(item.reason)})"
    command.output.line(f"{wording.action_text(item.kind):<18} {item.offer_id:<20} {text}")


def _show_guard(command: Command, preview: Preview) -> bool:
    if preview.guard is None or not preview.guard.stopped or command.args.confirm_prices:
        return False
    command.output.note(wording.guard_text(preview.guard))
    command.output.note(f"{wording.GUARD_ACTION} Подтвердить: sync --confirm-prices")
    return True


async def _send(command: Command, parts: frozenset[Part]) -> Exit:
    plan = None
    if command.args.confirm_prices or command.args.against_ozon:
        preview = await _preview(command, parts)
        if preview.offline is not None:
            # Without a look into the cabinet it would miss warehouses and cards that exist.
            raise preview.offline
        _show_guard(command, preview)
        plan = preview.plan
    result = await command.application.sync.run(command.integration.id, command.output.progress, SyncRequest(plan, parts))
    counts = dict(result.run.counts)
    problems = [asdict(problem) for problem in result.run.problems]
    numbers = {name: counts.get(name, 0) for name in (*KINDS, "failed", "waiting", "orders")}
    command.output.document({**numbers, "requests": result.run.requests, "problems": problems})
    command.output.line(wording.run_result_text(result.run.result))
    for kind in KINDS:
        command.output.line(f"  {wording.action_text(ActionKind(kind))}: {numbers[kind]}")
    command.output.line(f"  ошибок: {numbers['failed']}, ждут Ozon: {numbers['waiting']}, новых заказов: {numbers['orders']}")
    for problem in problems:
        command.output.line(f"  {problem['offer_id']}: {problem['text']}")
    if any(problem["code"] == Reason.PRICES_HELD for problem in problems):
        command.output.note(f"{wording.GUARD_ACTION} Подтвердить: sync --confirm-prices")
    good = result.run.result is RunResult.DONE and not problems
    return Exit.DONE if good else Exit.PROBLEMS


async def run(command: Command) -> Exit:
    """Runs the schedule until it is asked to end (Ctrl+C, SIGTERM): a run under way is stopped, what it did is kept and journalled."""
    command.output.note("Работаю по расписанию; Ctrl+C — остановить")
    with _ends_on_signals() as asked:
        try:
            await command.application.scheduler.run()
        except asyncio.CancelledError:
            if not asked:
                raise
    command.output.note("Остановлено")
    return Exit.DONE


@contextmanager
def _ends_on_signals() -> Iterator[list[int]]:
    """Cancels this task on Ctrl+C and SIGTERM, on Windows on Ctrl+Break as well; gives the signals that came."""
    loop, task, came = asyncio.get_running_loop(), asyncio.current_task(), list[int]()

    def end(number: int) -> None:
        # A second one is not to break off the journalling of the first.
        if not came and task is not None:
            task.cancel()
        came.append(number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    before: dict[int, object] = {}
    if sys.platform == "win32":
        for number in [*numbers, signal.SIGBREAK]:
            before[number] = signal.signal(number, lambda raised, _: loop.call_soon_threadsafe(end, raised) and None)
    else:
        for number in numbers:
            loop.add_signal_handler(number, end, number)
    try:
        yield came
    finally:
        for changed, handler in before.items():
            signal.signal(changed, handler)  # type: ignore[arg-type]
        if sys.platform != "win32":
            for number in numbers:
                loop.remove_signal_handler(number)
