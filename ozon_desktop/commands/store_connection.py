"""store connect|check|pull|states|disconnect: where goods come from and orders go to, without the window."""

import argparse
import asyncio
from collections.abc import Callable
from typing import Any

from ozon_desktop.commands import store_exchange
from ozon_desktop.commands.cabinet import read_secret, show_import
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.store_connection import DEFAULT_INTERVAL_MIN, ConnectionCheck, ConnectionKind, OrderStage, StoreConnection
from ozon_desktop.errors import WrongInput
from ozon_desktop.wording.store_connection import (
    NOTHING_NEW,
    check_text,
    connection_text,
    held_text,
    interval_text,
    pulled_text,
    stage_text,
)

Add = Callable[..., argparse.ArgumentParser]


def add_commands(add: Add, group: Any, minutes: Callable[[str], int]) -> None:
    """Says what `store` takes of connections. add: (name, help, handler, group); minutes: reads an interval."""
    connect = group.add_parser("connect", help="подключить магазин: товары приходят и заказы уходят сами")
    kinds = connect.add_subparsers(dest="connection", required=True, metavar="ЧЕМ")
    link = add("link", "ссылка на выгрузку: YML, CommerceML, прайс-лист или zip", connect_link, kinds)
    link.add_argument("address", metavar="URL")
    link.add_argument("--login", default="", metavar="NAME", help="логин, если адрес его спрашивает; пароль — со стандартного ввода")
    link.add_argument("--every", type=minutes, default=DEFAULT_INTERVAL_MIN, metavar="MINUTES", help="как часто загружать (обычно 5)")
    moysklad = add("moysklad", "МойСклад; токен или пароль — со стандартного ввода", connect_moysklad, kinds)
    moysklad.add_argument("--login", default="", metavar="NAME", help="логин сотрудника; без него со стандартного ввода читается токен")
    moysklad.add_argument("--address", default="", metavar="URL", help="адрес песочницы вместо сервиса")
    moysklad.add_argument("--every", type=minutes, default=DEFAULT_INTERVAL_MIN, metavar="MINUTES", help="как часто загружать (обычно 5)")
    store_exchange.add_commands(add, group, kinds)
    add("connection", "как подключён магазин", show, group)
    add("check", "проверить подключение магазина", check, group)
    pull = add("pull", "загрузить из подключённого магазина то, что изменилось", pull_goods, group)
    pull.add_argument("--full", action="store_true", help="загрузить всё заново")
    add("orders", "как заказы стоят в магазине и чего он ещё не получил", show_orders, group)
    stages = ", ".join(stage.value for stage in OrderStage)
    states = add("states", f"состояния заказов в магазине: {stages}", set_states, group)
    states.add_argument("pairs", nargs="*", metavar="STAGE=STATE", help="id или название состояния в магазине; пусто — не менять")
    add("disconnect", "отключить магазин: снова файлы", disconnect, group)


async def connect_link(command: Command) -> Exit:
    args = command.args
    connection = StoreConnection(ConnectionKind.LINK, args.address, args.login, interval_min=args.every)
    password = await asyncio.to_thread(read_secret, "Пароль: ") if args.login else ""
    if args.login and not password:
        raise WrongInput("password", detail="required")
    return await connected(command, connection, password)


async def connect_moysklad(command: Command) -> Exit:
    args = command.args
    connection = StoreConnection(ConnectionKind.MOYSKLAD, args.address, args.login, interval_min=args.every)
    secret = await asyncio.to_thread(read_secret, "Пароль: " if args.login else "Токен: ")
    if not secret:
        raise WrongInput("password", detail="required")
    return await connected(command, connection, secret)


async def connected(command: Command, connection: StoreConnection, secret: str) -> Exit:
    """Checks and keeps a connection, whichever it is; says what is missing."""
    found = await command.application.store_connection.connect(connection, secret or None, command.output.progress)
    return _say_check(command, connection, found)


async def show(command: Command) -> Exit:
    state = await command.application.store_connection.state()
    connection = state.connection
    command.output.document(
        {
            "kind": connection.kind,
            "address": connection.address,
            "login": connection.login,
            "port": connection.port if connection.kind is ConnectionKind.ONEC else None,
            "open_to_network": connection.open_to_network,
            "interval_min": connection.interval_min,
            "pulled_at": state.pulls.pulled_at,
            "full_at": state.pulls.full_at,
        }
    )
    command.output.line(connection_text(connection))
    if connection.is_pulled:
        command.output.line(f"{pulled_text(state.pulls.pulled_at, command.application.clock())}, {interval_text(connection.interval_min)}")
    return Exit.DONE


async def check(command: Command) -> Exit:
    service = command.application.store_connection
    found = await service.check()
    return _say_check(command, await service.current(), found)


def _say_check(command: Command, connection: StoreConnection, found: ConnectionCheck) -> Exit:
    command.output.document({"kind": connection.kind, "company": found.company, "missing": found.missing})
    command.output.line(connection_text(connection))
    for line in check_text(found):
        command.output.line(line)
    return Exit.PROBLEMS if found.missing else Exit.DONE


async def pull_goods(command: Command) -> Exit:
    result = await command.application.store_connection.pull(command.output.progress, full=command.args.full)
    if result.counts is None:
        command.output.document({"changed": False, "requests": result.requests})
        command.output.line(NOTHING_NEW)
        return Exit.DONE
    return show_import(command, result.counts, {"changed": True, "full": result.full, "requests": result.requests})


async def show_orders(command: Command) -> Exit:
    service, id_ = command.application.store_orders, command.integration.id
    placed, waiting, problems = await service.placed(id_), await service.count_waiting(id_), await service.problems(id_)
    listed = [
        {
            "posting_number": kept.posting_number,
            "own_number": kept.own_number,
            "stage": kept.set_stage,
            "problem": kept.problem,
            **({} if kept.placed is None else {"store": kept.placed}),
        }
        for kept in placed
    ]
    held = await service.held()
    command.output.document({"orders": listed, "waiting": waiting, "held": held, "problems": problems})
    for kept in placed:
        there = kept.placed
        assert there is not None, "only placed orders are listed"
        stage = stage_text(kept.set_stage) if kept.set_stage is not None else ""
        command.output.line(f"{kept.posting_number}  {there.number or kept.own_number}  {stage}  {there.state}")
    for number, problem in problems.items():
        command.output.note(f"{number}: {problem}")
    command.output.line(f"В магазине: {len(placed)}, ждут: {waiting}")
    if held is not None:
        command.output.note(held_text(held))
    return Exit.PROBLEMS if problems else Exit.DONE


async def set_states(command: Command) -> Exit:
    """Changes the states that are named, and shows all."""
    service = command.application.store_orders
    states = await service.states()
    for pair in command.args.pairs:
        name, sign, state = pair.partition("=")
        if not sign or name not in set(OrderStage):
            raise WrongInput("states", detail=pair)
        states[OrderStage(name)] = state
    if command.args.pairs:
        await service.set_states(states)
        states = await service.states()
    known = await command.application.store_connection.order_states()
    command.output.document({"states": {stage: states.get(stage, "") for stage in OrderStage}, "known": known})
    for stage in OrderStage:
        command.output.line(f"{stage_text(stage)}: {states.get(stage) or 'состояние в магазине не меняется'}")
    if known:
        command.output.note(f"В магазине есть: {', '.join(known)}")
    return Exit.DONE


async def disconnect(command: Command) -> Exit:
    await command.application.store_connection.disconnect()
    command.output.document({"kind": ConnectionKind.FILES})
    command.output.line("Магазин отключён: товары загружаются файлами, всё загруженное осталось")
    return Exit.DONE
