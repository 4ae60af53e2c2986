"""orders: list, fetch, history, settings of the export, handing over, labels, without the window."""

import argparse
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands import desk
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.orders import ExportEncoding, Order
from ozon_desktop.services.orders.view import OrdersView
from ozon_desktop.wording.orders import labels_text, new_orders_text, not_exported_text, order_state_text
from ozon_desktop.wording.store_connection import handed_over_text

Add = Callable[..., argparse.ArgumentParser]


def add_commands(add: Add, group: Any) -> None:
    """Says what `orders` takes. add: (name, help, handler, group)."""
    add("list", "показать", list_orders, group)
    add("fetch", "получить из Ozon; новые записать в папку магазина, если она задана", fetch_orders, group)
    history = add("history", "статусы одного отправления и когда они замечены", show_history, group)
    history.add_argument("number", metavar="NUMBER", help="номер отправления")
    add("export", "записать все заказы для магазина в эту папку", export_orders, group).add_argument("folder", metavar="DIR")
    settings = add("settings", "куда и как записываются новые заказы", set_export, group)
    settings.add_argument("--folder", metavar="DIR", help="папка магазина; пусто — не записывать")
    settings.add_argument("--encoding", choices=[encoding.value for encoding in ExportEncoding], help="кодировка CommerceML")
    settings.add_argument("--again", choices=("yes", "no"), help="записывать заказ снова, когда меняется его статус")
    settings.add_argument("--every", type=int, metavar="MINUTES", help="как часто получать заказы, от 5 до 120 минут")
    add("hand-over", "записать то, чего магазин ещё не получил", hand_over, group)
    counted = add("in-store", "магазин уже учёл эти заказы в остатках: больше их не вычитать", mark_in_store, group)
    counted.add_argument("numbers", nargs="+", metavar="NUMBER", help="номер отправления")
    labels = add("labels", "этикетки отправлений FBS в файл PDF", print_labels, group)
    labels.add_argument("numbers", nargs="+", metavar="NUMBER", help="номер отправления")
    labels.add_argument("file", metavar="FILE", help="файл PDF")
    labels.add_argument("--small", action="store_true", help="маленькие этикетки")
    desk.add_commands(add, group)


async def list_orders(command: Command) -> Exit:
    view = await command.application.orders.view(command.integration.id)
    command.output.document({"orders": [_document(order, view) for order in view.orders]})
    for order in view.orders:
        posting = order.posting
        total = wording.money(posting.total, posting.products[0].currency if posting.products else "RUB")
        command.output.line(f"{posting.posting_number}  {order_state_text(order.state)}  {total}")
    if not view.orders:
        command.output.line("Заказов ещё нет")
    return Exit.DONE


def _document(order: Order, view: OrdersView) -> dict[str, object]:
    posting = order.posting
    return {
        "posting_number": posting.posting_number,
        "status": posting.status,
        "state": order.state,
        "scheme": posting.scheme,
        "total": posting.total,
        "created_at": posting.created_at,
        "organization": view.organizations.get(order.organization_id or ""),
        "direction": view.directions.get(order.direction_id or ""),
        "responsible": view.employees.get(order.responsible_id or ""),
        "products": posting.products,
        "returns": order.returns,
        "exported_at": order.exported_at,
    }


async def fetch_orders(command: Command) -> Exit:
    fetched = await command.application.orders.fetch(command.integration.id, command.output.progress)
    numbers = {"new": fetched.new, "updated": fetched.updated, "returns": fetched.returns, "exported": fetched.exported}
    command.output.document({**numbers, "requests": fetched.requests})
    command.output.line(f"{new_orders_text(fetched.new)}, обновлено прежних: {fetched.updated}, записано для магазина: {fetched.exported}")
    if fetched.not_exported is not None:
        command.output.note(not_exported_text(fetched.not_exported))
    return Exit.DONE if fetched.not_exported is None else Exit.PROBLEMS


async def show_history(command: Command) -> Exit:
    states = await command.application.orders.history(command.integration.id, command.args.number)
    command.output.document({"history": [{"at": at, "state": state} for at, state in states]})
    for at, state in states:
        command.output.line(f"{wording.exact(at)}  {order_state_text(state)}")
    if not states:
        command.output.line("Такого отправления программа не знает")
    return Exit.DONE if states else Exit.PROBLEMS


async def export_orders(command: Command) -> Exit:
    path = await command.application.orders.export(command.integration.id, Path(command.args.folder))
    command.output.document({"file": path, "table": path.with_suffix(".xlsx")})
    command.output.line(f"Записано: {path}")
    return Exit.DONE


async def set_export(command: Command) -> Exit:
    """Changes what is named, and shows the settings."""
    service, args = command.application.orders, command.args
    settings = await service.export_settings(command.integration.id)
    if args.folder is not None:
        settings = replace(settings, folder=str(Path(args.folder).absolute()) if args.folder else "")
    if args.encoding is not None:
        settings = replace(settings, encoding=ExportEncoding(args.encoding))
    if args.again is not None:
        settings = replace(settings, again=args.again == "yes")
    clock = command.application.orders_clock
    if args.every is not None:
        await clock.set_minutes(command.integration.id, args.every)
    minutes = await clock.minutes(command.integration.id)
    await service.save_export(command.integration.id, settings)
    command.output.document({**asdict(settings), "every": minutes})
    command.output.line(f"Папка магазина: {settings.folder or 'не задана, заказы не записываются'}")
    command.output.line(f"Кодировка CommerceML: {settings.encoding.value}")
    command.output.line(f"Снова при смене статуса: {'да' if settings.again else 'нет'}")
    command.output.line(f"Получать заказы: раз в {wording.plural(minutes, 'минуту', 'минуты', 'минут')}")
    return Exit.DONE


async def mark_in_store(command: Command) -> Exit:
    marked = await command.application.orders.mark_in_store(command.integration.id, command.args.numbers)
    command.output.document({"marked": marked})
    command.output.line(f"Больше не вычитается заказов: {marked}")
    return Exit.DONE


async def hand_over(command: Command) -> Exit:
    """Over the connection of the store where there is one, else into the folder of the settings."""
    done = await command.application.orders.hand_over(command.integration.id)
    connection = await command.application.store_connection.current()
    over_it = {"waiting": done.waiting, "held": done.held, "problems": done.problems} if connection.takes_orders else {}
    command.output.document({"orders": done.orders, "files": done.files, **over_it})
    for file in done.files:
        command.output.line(f"Записано: {file}")
    for problem in done.problems:
        command.output.note(problem.text)
    if connection.takes_orders:
        command.output.line(handed_over_text(done.orders, done.waiting, done.held))
    elif not done.files:
        command.output.line("Записывать нечего: магазин получил всё, или папка не задана (orders settings --folder)")
    return Exit.PROBLEMS if done.problems or done.held else Exit.DONE


async def print_labels(command: Command) -> Exit:
    done = await command.application.orders.labels(
        command.integration.id, command.args.numbers, Path(command.args.file), small=command.args.small
    )
    refused = [{"posting_number": number, "reason": reason} for number, reason in done.refused]
    command.output.document({"files": done.files, "printed": done.printed, "refused": refused})
    command.output.line(labels_text(done.printed, done.refused))
    for file in done.files:
        command.output.line(f"Записано: {file}")
    return Exit.PROBLEMS if refused else Exit.DONE
