"""sync --first-five, sync --take-back: sending a little first, and putting back what was there before."""

from dataclasses import asdict

from ozon_desktop import wording
from ozon_desktop.commands.change_texts import change_text, shown_changes
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.first_five import FieldCheck
from ozon_desktop.domain.sync_plan import PlanItem
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncResult
from ozon_desktop.services.sync.take_back import TakeBackPreview


async def send_five(command: Command, preview: Preview) -> Exit:
    """Sends five products of the confirmed preview and says field by field whether Ozon shows them so."""
    service = command.application.first_five
    five = await service.send(command.integration.id, command.output.progress, preview, command.args.confirm)
    problems = [asdict(problem) for problem in five.result.run.problems]
    checks = {"checked": len(five.checks), "different": len(five.different), "checks": five.checks}
    command.output.document({"run": five.result.run.id, "offers": five.offers, **checks, "problems": problems})
    command.output.line(f"Отправлено товаров: {len(five.offers)}; полей сверено: {len(five.checks)}, не совпало: {len(five.different)}")
    for check in five.checks:
        command.output.line(_check_line(check, preview))
    for problem in problems:
        command.output.line(f"  {problem['offer_id']}: {problem['text']}")
    command.output.note("Остальное ждёт вашего просмотра: sync --dry-run, затем sync --confirm НОМЕР")
    return Exit.PROBLEMS if five.different or problems else Exit.DONE


def _check_line(check: FieldCheck, preview: Preview) -> str:
    field = wording.change_label(check.field, preview.attribute_names, preview.warehouses)
    if check.matches:
        return f"{check.offer_id:<20} совпало      {field}: {check.sent}"
    return f"{check.offer_id:<20} не совпало   {field}: отправлено {check.sent}, на Ozon {check.shown or '—'}"


async def take_back(command: Command, run_id: int) -> Exit:
    """Shows what would be put back; with the id of that preview puts it back."""
    service, id_ = command.application.take_back, command.integration.id
    preview = await service.preview(id_, run_id)
    if command.args.confirm and not command.args.dry_run:
        return _show_sent(command, await service.send(id_, run_id, command.output.progress, command.args.confirm), preview)
    lasting = [{"offer_id": offer, "code": why, "text": wording.lasting_text(why)} for offer, why in preview.lasting]
    items = [{"kind": item.kind, "offer_id": item.offer_id, "name": item.name, "changes": item.changes} for item in preview.plan.items]
    command.output.document({"plan": preview.plan_id, "run": run_id, "items": items, "lasting": lasting})
    command.output.line(f"Возврат запуска {run_id}: ничего ещё не отправлено")
    for item in preview.plan.items:
        command.output.line(_item_line(item))
    for entry in lasting:
        command.output.line(f"{entry['offer_id']:<20} {entry['text']}")
    if preview.plan.items:
        command.output.line(f"Номер просмотра: {preview.plan_id}")
        command.output.note(f"Вернуть: sync --take-back {run_id} --confirm {preview.plan_id}")
    else:
        command.output.line("Возвращать нечего: на Ozon уже прежние значения")
    return Exit.PROBLEMS if lasting else Exit.DONE


def _item_line(item: PlanItem) -> str:
    changes = "; ".join(change_text(change, wording.change_label(change.field, {}, {})) for change in shown_changes(item))
    return f"{wording.action_text(item.kind):<18} {item.offer_id:<20} {changes}".rstrip()


def _show_sent(command: Command, result: SyncResult, preview: TakeBackPreview) -> Exit:
    problems = [asdict(problem) for problem in result.run.problems]
    sent = {name: number for name, number in result.run.counts if number}
    command.output.document({"run": result.run.id, "counts": sent, "problems": problems})
    command.output.line(f"Возвращено: {wording.counts_text(result.run.counts) or 'ничего'}")
    for problem in problems:
        command.output.line(f"  {problem['offer_id']}: {problem['text']}")
    command.output.note("Новые значения магазина не уйдут сами, пока они те же; решить иначе: sync held")
    return Exit.PROBLEMS if problems or preview.lasting else Exit.DONE
