"""sync, run, orders: sending without the window."""

import asyncio
from dataclasses import asdict
from pathlib import Path

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.sync_plan import ActionKind, Part
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.sync import ALL_PARTS

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


async def _dry_run(command: Command, parts: frozenset[Part]) -> Exit:
    preview = await command.application.sync.preview(command.integration.id, command.output.progress, parts)
    counts = preview.plan.counts()
    problems = [
        {"offer_id": item.offer_id, "field": problem.field, "code": problem.code, "text": wording.problem_text(problem)}
        for item in preview.plan.of(ActionKind.SKIP)
        for problem in item.problems
        if problem.blocking
    ]
    numbers = {kind: counts[ActionKind(kind)] for kind in KINDS}
    command.output.document({**numbers, "failed": 0, "orders": 0, "requests": preview.requests, "problems": problems})
    command.output.line("Предварительный просмотр: ничего не отправлено")
    for kind in KINDS:
        command.output.line(f"  {wording.action_text(ActionKind(kind))}: {numbers[kind]}")
    for item in preview.plan.items:
        first = item.changes[:4]
        changes = "; ".join(f"{wording.field_label(change.field)}: {change.old or '—'} → {change.new or '—'}" for change in first)
        command.output.line(f"{wording.action_text(item.kind):<18} {item.offer_id:<20} {changes or wording.reason_text(item.reason)}")
    for line in preview.news:
        command.output.note(line)
    if preview.offline is not None:
        command.output.error(preview.offline)
    return Exit.PROBLEMS if problems or preview.offline is not None else Exit.DONE


async def _send(command: Command, parts: frozenset[Part]) -> Exit:
    result = await command.application.sync.run(command.integration.id, command.output.progress, parts=parts)
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
    good = result.run.result is RunResult.DONE and not problems
    return Exit.DONE if good else Exit.PROBLEMS


async def run(command: Command) -> Exit:
    """Runs the schedule until it is interrupted."""
    command.output.note("Работаю по расписанию; Ctrl+C — остановить")
    try:
        await command.application.scheduler.run()
    except asyncio.CancelledError:
        command.output.note("Остановлено")
        raise
    return Exit.DONE


async def list_orders(command: Command) -> Exit:
    """Orders newest first."""
    view = await command.application.orders.view(command.integration.id)
    command.output.document(
        {
            "orders": [
                {
                    "posting_number": order.posting.posting_number,
                    "status": order.posting.status,
                    "scheme": order.posting.scheme,
                    "total": order.posting.total,
                    "created_at": order.posting.created_at,
                    "organization": view.organizations.get(order.organization_id or ""),
                    "direction": view.directions.get(order.direction_id or ""),
                    "responsible": view.employees.get(order.responsible_id or ""),
                    "products": order.posting.products,
                }
                for order in view.orders
            ]
        }
    )
    for order in view.orders:
        posting = order.posting
        total = wording.money(posting.total, posting.products[0].currency if posting.products else "RUB")
        command.output.line(f"{posting.posting_number}  {wording.posting_status_text(posting.status)}  {total}")
    if not view.orders:
        command.output.line("Заказов ещё нет")
    return Exit.DONE


async def export_orders(command: Command) -> Exit:
    """Writes the orders as CommerceML into a folder."""
    path = await command.application.orders.export(command.integration.id, Path(command.args.folder))
    command.output.document({"file": path})
    command.output.line(f"Записано: {path}")
    return Exit.DONE
