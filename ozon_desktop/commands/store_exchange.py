"""store connect 1c, store serve: 1C comes by itself, «Обмен с сайтом»."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import Any

from ozon_desktop.commands.cabinet import read_secret
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.ending import ends_on_signals
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.domain.orders import ExportEncoding
from ozon_desktop.domain.store_connection import DEFAULT_PORT, ConnectionKind, StoreConnection
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.store.exchange import new_password
from ozon_desktop.wording.onec import INSTRUCTIONS, LOGIN, PASSWORD_ONCE, SERVE_IT, address_lines
from ozon_desktop.wording.store_connection import connection_text

Add = Callable[..., argparse.ArgumentParser]
LAST_PORT = 65_535


def add_commands(add: Add, group: Any, kinds: Any) -> None:
    """Says what `store` takes of 1C. group: of `store`, kinds: of `store connect`."""
    onec = add("1c", "1С «Обмен с сайтом»: УТ, УНФ, Розница приходят сами; пароль — со стандартного ввода", connect, kinds)
    onec.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="N", help=f"какой порт слушать (обычно {DEFAULT_PORT})")
    onec.add_argument("--login", default=LOGIN, metavar="NAME", help=f"пользователь, которого вписывают в 1С (обычно {LOGIN})")
    onec.add_argument("--network", action="store_true", help="пустить и другие компьютеры сети; иначе 1С — только на этом компьютере")
    encodings = [encoding.value for encoding in ExportEncoding]
    onec.add_argument("--encoding", choices=encodings, default=ExportEncoding.WINDOWS_1251.value, help="ответы для 1С, обычно windows-1251")
    add("serve", "принимать обмен с 1С, пока не остановят (Ctrl+C); первая строка — адрес для 1С", serve, group)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"порт — число от 1 до {LAST_PORT}")
    return int(text)


async def connect(command: Command) -> Exit:
    """Keeps the connection and says what to copy into 1C; a password is made where nobody has typed one."""
    args, exchange = command.args, command.application.onec
    kind, encoding = ConnectionKind.ONEC, ExportEncoding(args.encoding)
    connection = StoreConnection(kind, login=args.login, port=args.port, open_to_network=args.network, encoding=encoding)
    typed = await asyncio.to_thread(read_secret, "Пароль (пусто — придумает программа): ")
    made = "" if typed or not _at_terminal() else new_password()
    if not typed and not made:
        raise WrongInput("password", detail="required")
    await exchange.connect(connection, typed or made)
    address = exchange.address_of(connection)
    document = {"kind": connection.kind, "address": address.url, "network": address.network, "login": connection.login}
    command.output.document(document)
    command.output.line(connection_text(connection))
    for line in address_lines(address.url, address.network, connection.login):
        command.output.line(line)
    if made:
        command.output.note(f"{PASSWORD_ONCE}: {made}")
    for program, steps in INSTRUCTIONS.items():
        command.output.line(f"{program}:")
        for number, step in enumerate(steps, start=1):
            command.output.line(f"  {number}. {step}")
    command.output.note(SERVE_IT)
    return Exit.DONE


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _say_address(address: ExchangeAddress) -> None:
    """At once: whoever started it may be reading a pipe."""
    print(address.url, flush=True)
    if address.network:
        print(address.network, flush=True)


async def serve(command: Command) -> Exit:
    """Serves 1C alone until it is asked to end."""
    with ends_on_signals() as asked:
        try:
            await command.application.onec.serve(_say_address)
        except asyncio.CancelledError:
            if not asked:
                raise
    return Exit.DONE
