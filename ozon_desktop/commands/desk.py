"""orders todo, ship, split, marks, carriage, cancel, returns, deliver: work on FBS orders without the window."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.fbs import Need, OwnDelivery
from ozon_desktop.domain.fbs_todo import Step, Urgency
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.orders.desk_view import CarriageDone, Done, PieceSlot, ShipReport
from ozon_desktop.wording.fbs import (
    cost_text,
    mark_problem_text,
    need_text,
    needs_text,
    no_reason_text,
    outcome_text,
    rating_text,
    step_text,
    urgency_text,
)

Add = Callable[..., argparse.ArgumentParser]
KINDS = tuple(need.value for need in Need if need not in (Need.COUNTRY, Need.POSSIBLE_MARK))
GOODS = "ARTICLE=N[,ARTICLE=N…]"


def add_commands(add: Add, group: Any) -> None:
    """Says what the commands of the desk take. add: (name, help, handler, group)."""
    todo = add("todo", "что собрать и отгрузить: по сроку, с ценой опоздания", show_todo, group)
    todo.add_argument("--warehouse", action="append", default=[], metavar="ID", help="только этот склад Ozon")
    todo.add_argument("--pick", action="store_true", help="лист подбора: что взять и сколько для всех этих отправлений")
    ship = add("ship", "собрать отправления", ship_postings, group)
    ship.add_argument("numbers", nargs="*", metavar="NUMBER", help="номер отправления")
    ship.add_argument("--due", action="store_true", help="все, что просрочены или на сегодня и готовы к сборке")
    ship.add_argument(
        "--parcel", action="append", default=[], metavar=GOODS, help="упаковка; несколько — несколько посылок, вместе весь заказ"
    )
    ship.add_argument("--part", metavar=GOODS, help="собрать только это, остальное ждёт")
    split = add("split", "разделить отправление без сборки", split_posting, group)
    split.add_argument("number", metavar="NUMBER")
    split.add_argument("--parcel", action="append", required=True, metavar=GOODS, help="часть; вместе они весь заказ")
    marks = add("marks", "маркировка экземпляров: внести, отправить, посмотреть", show_marks, group)
    marks.add_argument("number", metavar="NUMBER")
    marks.add_argument("--enter", action="append", default=[], metavar="CODE", help="внести код; «-» — по коду на строку из ввода")
    marks.add_argument("--article", metavar="ARTICLE", help="экземпляр этого товара")
    marks.add_argument("--piece", type=int, metavar="N", help="какой по счёту экземпляр, с 1")
    marks.add_argument("--kind", choices=KINDS, help="что это за код")
    marks.add_argument("--drop", action="store_true", help="убрать код из названного места")
    marks.add_argument("--country", metavar="CODE", help="страна-изготовитель товара --article, две буквы")
    marks.add_argument("--send", action="store_true", help="отправить Ozon и дождаться проверки")
    carriage = add("carriage", "отгрузка: список, состав, подтверждение, документы", carry, group)
    carriage.add_argument("action", choices=("list", "gather", "approve", "documents", "cancel"))
    carriage.add_argument("id", nargs="?", type=int, metavar="ID", help="способ доставки для gather, иначе номер отгрузки")
    carriage.add_argument("numbers", nargs="*", metavar="NUMBER", help="только эти отправления")
    carriage.add_argument("--file", metavar="FILE", help="куда записать документы, PDF")
    cancel = add("cancel", "отменить отправление или часть; без --reason — какие причины примет Ozon", cancel_posting, group)
    cancel.add_argument("number", metavar="NUMBER")
    cancel.add_argument("--reason", type=int, metavar="ID")
    cancel.add_argument("--message", default="", metavar="TEXT", help="пояснение: для причины 402 и для отмены части")
    cancel.add_argument("--items", metavar=GOODS, help="отменить только это")
    returns = add("returns", "возвраты: где они и с какого дня платное хранение", show_returns, group)
    chosen = returns.add_mutually_exclusive_group()
    chosen.add_argument("--received", type=int, metavar="ID", help="товар вернулся на склад")
    chosen.add_argument("--written-off", type=int, metavar="ID", help="товар списан")
    deliver = add("deliver", "rFBS: статус своей доставки", deliver_own, group)
    deliver.add_argument("step", choices=[step.value for step in OwnDelivery])
    deliver.add_argument("numbers", nargs="+", metavar="NUMBER")
    track = add("track", "rFBS: трек-номера", track_own, group)
    track.add_argument("tracking", nargs="+", metavar="NUMBER=TRACK")


async def show_todo(command: Command) -> Exit:
    desk, integration = command.application.desk, command.integration.id
    try:
        houses = frozenset(int(text) for text in command.args.warehouse)
    except ValueError as error:
        raise WrongInput("--warehouse", detail="номер склада — число") from error
    view = await desk.todo(integration, houses)
    numbers = [line.posting.posting_number for line in view.lines]
    pick = await desk.picking(integration, numbers) if command.args.pick else []
    rows = [
        {
            "posting_number": line.posting.posting_number,
            "deadline": line.deadline,
            "urgency": line.urgency,
            "step": line.step,
            "needs": line.needs,
            "failed": line.failed,
            "warehouse": line.posting.warehouse_name,
            "method": line.posting.method_name,
            "cost": cost_text(line.cost),
            "next_cost": cost_text(line.next_cost),
            "products": line.posting.products,
        }
        for line in view.lines
    ]
    command.output.document({"postings": rows, "picking": pick, "fetched_at": view.last_fetch})
    for line in view.lines:
        deadline = wording.exact(line.deadline) if line.deadline is not None else "—"
        words = [urgency_text(line.urgency), step_text(line.step), needs_text(line.needs) if line.needs else "", cost_text(line.cost)]
        command.output.line(f"{deadline}  {line.posting.posting_number}  {', '.join(word for word in words if word)}")
    for item in pick:
        parts = ", ".join(f"{number} ×{count}" for number, count in item.parts)
        command.output.line(f"{item.quantity} × {item.offer_id}  {item.name}  ({parts})")
    if not view.lines:
        command.output.line("Собирать и отгружать нечего")
    return Exit.DONE


async def ship_postings(command: Command) -> Exit:
    args, desk, integration = command.args, command.application.desk, command.integration.id
    numbers = list(args.numbers)
    if args.due:
        lines = (await desk.todo(integration)).lines
        due = (Urgency.OVERDUE, Urgency.TODAY)
        numbers += [one.posting.posting_number for one in lines if one.step is Step.ASSEMBLE and one.urgency in due]
    if (args.parcel or args.part) and len(numbers) != 1:
        raise WrongInput("--parcel", detail="упаковки называют для одного отправления")
    if args.part:
        done = await desk.ship_part(integration, numbers[0], await _pieces(command, numbers[0], args.part))
        return _one(command, numbers[0], done)
    packages = {numbers[0]: [await _pieces(command, numbers[0], text) for text in args.parcel]} if args.parcel else None
    report = await desk.ship(integration, numbers, packages) if numbers else ShipReport(())
    command.output.document({"assembled": report.assembled, "requests": report.requests, "postings": report.outcomes})
    for one in report.outcomes:
        parcels = f" ({', '.join(one.parcels)})" if len(one.parcels) > 1 else ""
        command.output.line(f"{one.posting_number}  {outcome_text(one.state, one.detail, one.needs)}{parcels}")
    if not numbers:
        command.output.line("Собирать нечего")
    return Exit.DONE if report.assembled == len(report.outcomes) else Exit.PROBLEMS


async def split_posting(command: Command) -> Exit:
    number = command.args.number
    parts = [await _pieces(command, number, text) for text in command.args.parcel]
    return _one(command, number, await command.application.desk.split(command.integration.id, number, parts))


async def show_marks(command: Command) -> Exit:
    """Enters, takes out, sends as asked, then shows the places; codes themselves are never written out."""
    args, desk, integration = command.args, command.application.desk, command.integration.id
    number, problems = args.number, list[str]()
    sku = await _sku(command, number, args.article) if args.article else None
    piece = args.piece - 1 if args.piece is not None else None
    kind = Need(args.kind) if args.kind else None
    if args.country:
        if sku is None:
            raise WrongInput("--country", detail="назовите товар: --article")
        command.output.note((await desk.set_country(integration, number, sku, args.country)).detail or "страна записана")
    if args.drop:
        if sku is None or piece is None or kind is None:
            raise WrongInput("--drop", detail="назовите место: --article, --piece и --kind")
        await desk.drop_mark(integration, number, sku, piece, kind)
    for text in _codes(args.enter):
        entered = await desk.enter_mark(integration, number, text, sku=sku, piece=piece, kind=kind)
        if entered.problem is not None:
            problems.append(mark_problem_text(entered.problem, entered.other))
        elif entered.slot is None:
            problems.append("для этого кода в отправлении нет свободного места")
    may_ship = None
    if args.send and not problems:
        checked = await desk.send_marks(integration, number)
        may_ship = checked.may_ship
        problems += ["Ozon ещё проверяет: посмотрите позже"] if checked.waiting else []
    slots = await desk.slots(integration, number)
    command.output.document({"places": [_slot(slot) for slot in slots], "may_ship": may_ship, "problems": problems})
    for slot in slots:
        command.output.line(_slot_text(slot))
    for words in problems:
        command.output.note(words)
    wrong = problems or may_ship is False
    return Exit.PROBLEMS if wrong else Exit.DONE


def _codes(entered: Sequence[str]) -> list[str]:
    """The codes of the command line; those of standard input, a line each, in place of «-»."""
    found: list[str] = []
    for text in entered:
        # GS would end a line for str.splitlines.
        found += [line.strip("\r") for line in sys.stdin.read().split("\n") if line.strip()] if text == "-" else [text]
    return found


def _slot(slot: PieceSlot) -> dict[str, object]:
    mark = slot.mark
    return {
        "article": slot.offer_id,
        "piece": slot.piece + 1,
        "kind": slot.kind,
        "required": slot.required,
        "state": mark.state if mark is not None else "missing",
        "errors": mark.errors if mark is not None else (),
        "sha256": mark.digest if mark is not None else "",
    }


def _slot_text(slot: PieceSlot) -> str:
    states = {"entered": "внесён", "sent": "проверяется", "passed": "принят", "refused": "отказано"}
    state = states[slot.mark.state.value] if slot.mark is not None else "нет"
    errors = f": {', '.join(slot.mark.errors)}" if slot.mark is not None and slot.mark.errors else ""
    return f"{slot.offer_id} №{slot.piece + 1}  {need_text(slot.kind)}: {state}{errors}"


async def carry(command: Command) -> Exit:
    args, desk, integration = command.args, command.application.desk, command.integration.id
    file = Path(args.file) if args.file else None
    if args.action == "list":
        methods = await desk.carriage_methods(integration)
        command.output.document({"methods": methods})
        for one in methods:
            open_ = f", открыта отгрузка {one.carriage_id}" if one.carriage_id else ""
            command.output.line(f"{one.method_id}  {one.name}: собрано {one.packed} из {one.waiting}{open_}")
        return Exit.DONE
    if args.id is None:
        raise WrongInput("ID", detail="назовите способ доставки или номер отгрузки")
    if args.action == "cancel":
        words = await desk.cancel_carriage(integration, args.id)
        command.output.document({"cancelled": not words, "detail": words})
        command.output.line(words or "Отгрузка удалена")
        return Exit.PROBLEMS if words else Exit.DONE
    if args.action == "gather":
        return _carriage(command, await desk.gather_carriage(integration, args.id, args.numbers))
    work = desk.approve_carriage if args.action == "approve" else desk.carriage_documents
    return _carriage(command, await work(integration, args.id, file))


def _carriage(command: Command, done: CarriageDone) -> Exit:
    command.output.document(done)
    command.output.line(f"Отгрузка {done.carriage_id}")
    for number, words in done.not_taken:
        command.output.note(f"{number}: {words}")
    if done.act is not None:
        command.output.line(f"В отгрузке: {', '.join(done.act.postings)}")
        if done.act.has_next:
            command.output.line("Есть собранные отправления для следующей отгрузки")
    if done.barcode:
        command.output.line(f"Штрихкод: {done.barcode}")
    if done.file is not None:
        command.output.line(f"Записано: {done.file}")
    elif done.act is not None and done.act.status != "ready":
        command.output.note("Документы ещё готовятся: повторите позже (carriage documents)")
    return Exit.PROBLEMS if done.not_taken or (done.act is not None and done.act.status != "ready") else Exit.DONE


async def cancel_posting(command: Command) -> Exit:
    args, desk, integration = command.args, command.application.desk, command.integration.id
    if args.reason is None:
        reasons = await desk.cancel_reasons(integration, args.number)
        command.output.document({"reasons": reasons})
        for one in reasons:
            command.output.line(f"{one.id}  {one.title}")
        command.output.line(rating_text() if reasons else no_reason_text())
        return Exit.DONE if reasons else Exit.PROBLEMS
    items = await _pieces(command, args.number, args.items) if args.items else None
    return _one(command, args.number, await desk.cancel(integration, args.number, args.reason, args.message, items))


async def show_returns(command: Command) -> Exit:
    args, desk, integration = command.args, command.application.desk, command.integration.id
    if args.received is not None or args.written_off is not None:
        number = args.received if args.received is not None else args.written_off
        await desk.settle_return(integration, number, written_off=args.written_off is not None)
    lines = await desk.returns(integration)
    command.output.document({"returns": lines})
    here = {"": "", "received": ", принят на склад", "written_off": ", списан"}
    for line in lines:
        entry = line.entry
        paid = f", хранение платное с {wording.exact(entry.paid_from)}" if entry.paid_from is not None else ""
        place = f", {entry.place}" if entry.place else ""
        command.output.line(
            f"{entry.id}  {entry.posting_number}  {entry.quantity} × {entry.offer_id}: {entry.status}{place}{paid}{here[line.here]}"
        )
    if not lines:
        command.output.line("Возвратов нет")
    return Exit.DONE


async def deliver_own(command: Command) -> Exit:
    step = OwnDelivery(command.args.step)
    return _each(command, await command.application.desk.move(command.integration.id, step, command.args.numbers))


async def track_own(command: Command) -> Exit:
    pairs = [text.partition("=") for text in command.args.tracking]
    if any(not track for _, _, track in pairs):
        raise WrongInput("NUMBER=TRACK", detail="после знака «=» — трек-номер")
    return _each(command, await command.application.desk.track(command.integration.id, {number: track for number, _, track in pairs}))


def _one(command: Command, number: str, done: Done) -> Exit:
    command.output.document({"posting_number": number, "done": done.done, "detail": done.detail, "postings": done.result})
    command.output.line(f"{number}: {done.detail or 'сделано'}")
    if len(done.result) > 1:
        command.output.line(f"Отправления: {', '.join(done.result)}")
    return Exit.DONE if done.done else Exit.PROBLEMS


def _each(command: Command, done: Mapping[str, Done]) -> Exit:
    command.output.document({"postings": done})
    for number, one in done.items():
        command.output.line(f"{number}: {'сделано' if one.done else one.detail}")
    return Exit.DONE if all(one.done for one in done.values()) else Exit.PROBLEMS


async def _skus(command: Command, number: str) -> dict[str, int]:
    view = await command.application.orders.view(command.integration.id)
    order = next((one for one in view.orders if one.posting.posting_number == number), None)
    if order is None:
        raise NotFound(number)
    return {fold(line.offer_id): line.sku for line in order.posting.products}


async def _sku(command: Command, number: str, article: str) -> int:
    found = (await _skus(command, number)).get(fold(article))
    if found is None:
        raise NotFound(article)
    return found


async def _pieces(command: Command, number: str, text: str) -> dict[int, int]:
    """«A=1,B=2» as pieces by SKU. WrongInput; NotFound for an article that is not in the posting."""
    known, pieces = await _skus(command, number), dict[int, int]()
    for part in text.split(","):
        article, _, count = part.rpartition("=")
        if not (count.strip().isascii() and count.strip().isdigit()) or not article.strip():
            raise WrongInput(part, detail="пишите артикул=количество")
        sku = known.get(fold(article.strip()))
        if sku is None:
            raise NotFound(article.strip())
        pieces[sku] = pieces.get(sku, 0) + int(count)
    return pieces
