"""sandbox, doctor: the built-in stand-ins of Ozon and МойСклад, and what this installation is made of."""

import argparse
import importlib.metadata
import platform
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import ozon_desktop
from ozon_desktop import wording
from ozon_desktop.commands.cabinet import read_secret
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit, Output
from ozon_desktop.errors import FileNotReadable, WrongInput
from ozon_desktop.paths import DataPaths
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.sandbox.moysklad.shop import fill
from ozon_desktop.sandbox.ozon.catalog import UnreadableTree
from ozon_desktop.sandbox.ozon.refusals import WrongRefusal
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import Served, serve
from ozon_desktop.services.backups import restore_for
from ozon_desktop.services.database_address import database_address, keep_database_address
from ozon_desktop.services.secrets import system_store
from ozon_desktop.time_zone import zone_trouble

MOYSKLAD_VARIANTS, MOYSKLAD_BUNDLES = 0.15, 0.02
"""Shares of the goods in the shop that the stand-in of МойСклад has."""
PACKAGES = ("PySide6-Essentials", "httpx", "SQLAlchemy", "alembic", "keyring", "lxml", "msgspec", "starlette")


def add_stand_in_options(parser: argparse.ArgumentParser, within: Callable[[int, int], Callable[[str], int]]) -> None:
    """Which stand-in is served, and the options of that of МойСклад. within: a type of numbers between two."""
    parser.add_argument("--of", choices=("ozon", "moysklad"), default="ozon", help="вместо чего отвечать (обычно ozon)")
    most = within(1, 200_000)
    parser.add_argument("--products", type=most, default=300, metavar="N", help="с --of moysklad: сколько товаров (обычно 300)")


def run_sandbox(args: argparse.Namespace, output: Output) -> Exit:
    """Serves a stand-in until it is interrupted; once ready a line with its URL. FileNotReadable, WrongInput."""
    stand_in: Served
    if args.of == "moysklad":
        stand_in, told = _moysklad(args), f"логин {ADMIN_LOGIN}, пароль {ADMIN_PASSWORD}\n"
    else:
        stand_in, told = _ozon(args), ""
    try:
        serve(stand_in, args.port, on_ready=lambda url: print(f"{url}\n{told}", end="", flush=True))
    except OSError as error:
        raise WrongInput("--port", detail=f"{args.port}: {error.strerror}") from error
    except KeyboardInterrupt:
        output.note("Остановлено")
    return Exit.DONE


def _moysklad(args: argparse.Namespace) -> MoySklad:
    account = MoySklad()
    account.set_latency(args.latency / 1000)
    fill(account, args.products, variants=MOYSKLAD_VARIANTS, bundles=MOYSKLAD_BUNDLES, seed=args.seed)
    return account


def _ozon(args: argparse.Namespace) -> Sandbox:
    if args.tree is not None and not Path(args.tree).is_file():
        raise FileNotReadable(args.tree)
    try:
        return Sandbox(
            tree_file=Path(args.tree) if args.tree else None,
            latency_ms=args.latency,
            scale=args.scale,
            brands=args.brands,
            faults=args.faults,
            seed=args.seed,
            moderation_s=args.moderation,
            timing=_timing(args),
            currency=args.currency,
            refuse=args.refuse,
            certified_brands=args.certified_brand,
            all_warehouses=args.all_warehouses,
        )
    except UnreadableTree as error:
        raise WrongInput("--tree", detail=str(error)) from error
    except WrongRefusal as error:
        raise WrongInput("--refuse", detail=str(error)) from error
    except ValueError as error:
        raise WrongInput("--faults", detail=str(error)) from error


def _timing(args: argparse.Namespace) -> dict[str, timedelta | None]:
    """What takes time in the cabinet; what is not named keeps its usual time."""
    seconds = {"task_memory": args.task_memory, "auto_archive": args.auto_archive}
    asked: dict[str, timedelta | None] = {name: timedelta(seconds=each) for name, each in seconds.items() if each is not None}
    times = {
        "assembling": args.assemble,
        "ship_delay": args.ship_delay,
        "shipment_after": args.ship_within,
        "label_delay": args.label_delay,
    }
    asked |= {name: each for name, each in times.items() if each is not None}
    if args.cancel_unshipped is not None:
        asked["cancel_unshipped"] = None if args.cancel_unshipped == "never" else args.cancel_unshipped
    return asked


def add_doctor_options(parser: argparse.ArgumentParser) -> None:
    """What mends instead of looking."""
    ways = parser.add_mutually_exclusive_group()
    back = "вернуть копию базы: последнюю целую или названную; то, что лежит сейчас, останется рядом"
    ways.add_argument("--restore", nargs="?", const="", metavar="FILE", help=back)
    keep = "прочитать адрес базы данных со стандартного ввода и хранить в хранилище ключей; пустая строка — снова файл"
    ways.add_argument("--keep-database-url", action="store_true", help=keep)


def mend(args: argparse.Namespace, output: Output) -> Exit:
    """Puts a copy of the database back, or keeps its address. StorageError, SecretStoreError, WrongInput, NotFound."""
    paths = DataPaths(args.data_dir) if args.data_dir else DataPaths.default()
    if args.keep_database_url:
        address = read_secret("Адрес базы данных: ")
        keep_database_address(address, paths.database_elsewhere, system_store())
        output.document({"kept": bool(address)})
        output.line("Адрес базы — в хранилище ключей" if address else "База — снова файл в папке данных")
        return Exit.DONE
    there = database_address(args.database_url, paths.database_elsewhere, system_store())
    done = restore_for(there, paths.database, Path(args.restore) if args.restore else None)
    restored = {"restored": done.backup.path, "made_at": done.backup.made_at, "kept": done.kept}
    output.document(restored)
    output.line(wording.restored_text(done.backup.path.name, done.backup.made_at, str(done.kept or "")))
    return Exit.DONE


async def doctor(command: Command) -> Exit:
    """Versions, where secrets and data lie, whether both can be used and are whole."""
    application = command.application
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    integrations = await application.integrations.all()
    problems = [] if application.secrets.lasting else ["Ключи не сохраняются между запусками: в системе нет хранилища"]
    problems += [f"Часовой пояс TZ={name} не известен: время считается по UTC" for name in [zone_trouble()] if name]
    broken, copies = await application.backups.check(), await application.backups.all()
    problems += [f"База данных повреждена ({found}): вернуть копию — doctor --restore FILE" for found in broken]
    facts = {
        "program": ozon_desktop.__version__,
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "packages": versions,
        "secrets": application.secrets.place,
        "database": application.storage.url_for_people,
        "integrity": "damaged" if broken else "ok" if application.storage.file is not None else "server",
        "backups": [copy.path.name for copy in copies],
        "logs": str(application.paths.logs),
        "api": application.api_url,
        "integrations": [integration.name for integration in integrations],
        "problems": problems,
    }
    command.output.document(facts)
    for name, value in facts.items():
        command.output.line(f"{name}: {_line(value)}")
    return Exit.PROBLEMS if problems else Exit.DONE


def _line(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {version}" for name, version in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
