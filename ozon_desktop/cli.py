"""The command line: its parser, and which command or window it starts."""

import argparse
import asyncio
import contextlib
import functools
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import ozon_desktop
from ozon_desktop.application import Application, Options, build
from ozon_desktop.commands import (
    cabinet,
    cabinet_cards,
    card_pictures,
    card_rules,
    cards,
    catalog,
    held_items,
    mapping,
    notifications,
    orders,
    store,
    store_connection,
    store_creating,
    sync,
    sync_rules,
    take_over,
    tools,
)
from ozon_desktop.commands.context import Command, choose_integration
from ozon_desktop.commands.demo import Demo
from ozon_desktop.commands.option_types import MOST_DAYS, duration, share, time_after, time_or_never, within
from ozon_desktop.commands.output import Exit, Output
from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.domain.store_connection import LONGEST_INTERVAL_MIN, SHORTEST_INTERVAL_MIN
from ozon_desktop.errors import AppError, WrongInput
from ozon_desktop.logs import log_unexpected, start_logging, stop_logging
from ozon_desktop.paths import DataPaths, NoHome
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.facts import assumptions
from ozon_desktop.sandbox.ozon.import_item import CURRENCIES
from ozon_desktop.sandbox.ozon.lifecycle import REJECT_MARK
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.time_zone import settle_zone
from ozon_desktop.wording.errors import error_line, unexpected_line
from ozon_desktop.wording.missing_qt import NO_WINDOW, missing_qt_lines, unknown_platform_text
from ozon_desktop.wording.runs import SCHEDULE_STOPPED
from ozon_desktop.wording.unexpected import UNEXPECTED_TITLE

Handler = Callable[[Command], Awaitable[Exit]]

SANDBOX_TEXT = """\
Отвечает вместо Ozon, пока её не остановить (Ctrl+C); всё помнит только до этого. Печатает свой адрес:
его дают другим командам как --api-url. Client ID {client_id}, ключ {key}.

Большой кабинет: --scale 23 даёт 13 409 типов товара и 200 000 брендов.
С ключом --of moysklad отвечает вместо МоегоСклада: адрес дают команде store connect moysklad --address."""

CLIENT_ID_LIMIT = 2**63 - 1
FAULTS_TEXT = """\
Сбои перечисляют через запятую:
  429=P               доля P (от 0 до 1) запросов получает 429 «слишком часто»
  500=P               … внутреннюю ошибку
  html=P              … страницу HTML вместо ответа, код 502
  timeout=P[:S]       … исполняется, но ответа нет S секунд (обычно 120)
  cut=P               … исполняется, но ответ обрывается на середине
  slow=P[:S]          … исполняется, но ответ начинается через S секунд (обычно 3)
  burst=N/M           из каждых M запросов последние N подряд получают 429
  circle=PATH:S[@N]   метод S секунд отвечает «Circle is open» начиная с его N-го запроса (обычно с первого), один раз
  revoked=after:N     после N запросов ключ отозван
  reject=P            модерация отклоняет долю P принятых карточек; одну — «{reject_mark}» в её названии
  obsolete=PATH       метод выключен

Отказы по товарам: --refuse КОД=АРТИКУЛ, в артикуле * — любые знаки, ? — один знак; можно повторять. Код принимает
каждый метод, который его знает; МЕТОД:КОД=АРТИКУЛ называет один и разрешает любой код. Методы:
  import              карточка не принята
  moderation          карточка принята, а ошибка найдена потом
  price, stock        цена или остаток не приняты
  unarchive, archive  товар не вернулся из архива, не убрался в архив
  request             отклоняется весь запрос на изменение, в котором есть этот товар
Без отказов по коду фотографии не загружаются с адресов, где сайт кончается на .invalid, и не обрабатываются
в папках unprocessable.

Например:
  --faults 429=0.05,500=0.02,burst=10/200,timeout=0.01:30,circle=/v1/description-category/attribute:30@100,revoked=after:5000
  --refuse SPU_already_exists=KR-* --refuse stock:NOT_FOUND_ERROR=A-1

Чего не говорят ни документация Ozon, ни записанные ответы и что песочница предполагает:
{assumptions}"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program; gives the exit code: 0 done, 1 done with problems, 2 usage, 3 could not.

    A mistake of the program is never a trace on the terminal: that goes to the log, whose path is said.
    """
    args = make_parser().parse_args(argv)
    output = Output(args.json)
    settle_zone()
    logs = Path()
    try:
        logs = (DataPaths(args.data_dir) if args.data_dir else DataPaths.default()).logs
        with _threads_report(output, logs):
            code = _start(args, output)
            sys.stdout.flush()
            return code
    except AppError as error:
        output.error(error)
    except NoHome:
        output.error(WrongInput("--data-dir", detail="у этого пользователя нет домашней папки (HOME): назовите папку данных сами"))
    except KeyboardInterrupt:
        output.note("Остановлено")
    except BrokenPipeError:
        _leave_the_pipe()
    except Exception as error:
        output.unexpected(log_unexpected(error, logs))
    return Exit.COULD_NOT


def _start(args: argparse.Namespace, output: Output) -> int:
    if args.command == "sandbox":
        return tools.run_sandbox(args, output)
    if args.handler is None:
        return _window(args, output)
    if args.command == "doctor" and (args.restore is not None or args.keep_database_url):
        # Without the program: it cannot be built over what is to be mended.
        return tools.mend(args, output)
    return asyncio.run(_run(args, output))


async def _run(args: argparse.Namespace, output: Output) -> int:
    options = Options(args.data_dir, args.database_url, args.api_url, record_dir=args.record)
    application = await build(options)
    handler = start_logging(application.paths.logs)
    asyncio.get_running_loop().set_exception_handler(partial(_unheard, application, output, Path(handler.baseFilename)))
    application.notifications.listen(lambda title, text: output.note(f"{title}: {text}"))
    try:
        creates = args.command == "connect"
        integration = await choose_integration(application, args.integration, create=creates)
        run: Handler = args.handler
        return await run(Command(args, application, integration, output))
    except Exception as error:
        if args.command == "run":
            # Nobody looks at it: the owner hears that the schedule has ended. Letters are waited for when the program closes.
            line = error_line(error) if isinstance(error, AppError) else unexpected_line(type(error).__name__)
            application.notifications.notify_owner(SCHEDULE_STOPPED, line)
        raise
    finally:
        stop_logging(handler)
        await application.close()


def _unheard(application: Application, output: Output, log: Path, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A task beside the command failed and nobody waits for it."""
    error = context.get("exception")
    logging.getLogger(__name__).error("beside the command: %s", context.get("message"), exc_info=error)
    if isinstance(error, AppError):
        output.error(error)
    elif error is not None:
        output.unexpected(str(log))
        application.notifications.notify_owner(UNEXPECTED_TITLE, unexpected_line(type(error).__name__))


@contextlib.contextmanager
def _threads_report(output: Output, logs: Path) -> Iterator[None]:
    """Mistakes in other threads are logged and said like those of the command."""
    before = threading.excepthook

    def report(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None:
            output.unexpected(log_unexpected(failed.exc_value, logs))

    threading.excepthook = report
    try:
        yield
    finally:
        threading.excepthook = before


def _leave_the_pipe() -> None:
    """Whoever read the output has enough of it: Python must not complain of that at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# --- the window -----------------------------------------------------------------------------------------------------


def _window(args: argparse.Namespace, output: Output) -> int:
    if not os.environ.get("QT_QPA_PLATFORM", "x").strip():
        # Set to nothing: Qt would look for an output without a name, and abort.
        del os.environ["QT_QPA_PLATFORM"]
    headless = not has_display()
    if args.smoke_test or headless:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if headless and not (args.demo or args.smoke_test or args.screenshots):
        output.note("Здесь нет экрана: окно открыть нельзя. Команды без окна: ozon-desktop --help; показ без экрана: ozon-desktop --demo")
        return Exit.COULD_NOT
    # Qt is loaded only when a window is wanted: the commands work where its libraries are missing.
    try:
        from ozon_desktop.ui import app, tour
    except ImportError as error:
        if not _of_qt(error):
            raise
        return _without_qt(args, output, error)
    if unknown := app.unknown_platform():
        output.note(unknown_platform_text(*unknown))
        return Exit.COULD_NOT

    app.route_qt_log()
    throwaway = (args.demo or args.smoke_test) and args.data_dir is None
    with _data_folder(throwaway, args.data_dir) as folder:
        paths = DataPaths(folder)
        options = Options(
            folder,
            args.database_url,
            args.api_url,
            demo=args.demo,
            secret_store=MemoryStore() if args.smoke_test else None,
            demo_order_interval_s=3.0 if headless or args.screenshots else 20.0,
            record_dir=args.record,
            own_database=throwaway,
        )
        handler = start_logging(paths.logs)
        try:
            if args.smoke_test:
                return app.smoke(lambda: build(options), paths)
            if args.demo and (headless or args.screenshots):
                pictures = Path(args.screenshots or tempfile.mkdtemp(prefix="ozon-desktop-pictures-"))
                return tour.run_tour(lambda: build(options), paths, pictures, output.line)
            if args.screenshots:
                return app.screenshots(lambda: build(options), paths, Path(args.screenshots))
            return app.run_window(lambda: build(options), paths)
        finally:
            stop_logging(handler)


def _of_qt(error: ImportError) -> bool:
    """Whether it is Qt that cannot be loaded: it is not there, or a library of the system it needs is not."""
    name = (error.name or "").partition(".")[0]
    return name in {"PySide6", "shiboken6"} or "cannot open shared object file" in str(error) or "DLL load failed" in str(error)


def _without_qt(args: argparse.Namespace, output: Output, error: ImportError) -> int:
    """Says what is missing; the demonstration does its whole work all the same, through the services."""
    for line in missing_qt_lines(str(error)):
        output.note(line)
    if not args.demo:
        output.note(NO_WINDOW)
        return Exit.COULD_NOT
    with _data_folder(args.data_dir is None, args.data_dir) as folder:
        return asyncio.run(_demo(Options(folder, args.database_url, args.api_url, demo=True, record_dir=args.record), output))


async def _demo(options: Options, output: Output) -> int:
    application = await build(options)
    handler = start_logging(application.paths.logs)
    try:
        return await Demo(application, output).run()
    finally:
        stop_logging(handler)
        await application.close()


@contextlib.contextmanager
def _data_folder(throwaway: bool, chosen: Path | None) -> Iterator[Path]:
    if throwaway:
        with tempfile.TemporaryDirectory(prefix="ozon-desktop-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    else:
        yield chosen or DataPaths.default().root


def has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# --- the parser -----------------------------------------------------------------------------------------------------


@functools.cache
def make_parser() -> argparse.ArgumentParser:
    """The parser, made once: it has some fifty commands. Common options may stand before or after the command."""
    common = argparse.ArgumentParser(add_help=False)
    _add_common(common, argparse.SUPPRESS)
    parser = argparse.ArgumentParser(prog="ozon-desktop", description="Соединяет учётную систему магазина с кабинетом Ozon.")
    parser.add_argument("--version", action="version", version=ozon_desktop.__version__)
    _add_common(parser, None)
    parser.add_argument("--demo", action="store_true", help="демонстрация: учебный магазин и песочница вместо Ozon")
    parser.add_argument("--smoke-test", action="store_true", help="построить окно без экрана, открыть каждую страницу и выйти")
    parser.add_argument("--screenshots", metavar="DIR", help="сохранить снимки страниц в папку и выйти")
    parser.set_defaults(handler=None, command=None)
    commands = parser.add_subparsers(dest="command", metavar="КОМАНДА")

    def add(name: str, help_text: str, handler: Handler | None, group: Any = commands) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = group.add_parser(name, help=help_text, parents=[common])
        command.set_defaults(handler=handler)
        return command

    def group(name: str, help_text: str) -> Any:
        return commands.add_parser(name, help=help_text, parents=[common]).add_subparsers(dest="action", required=True, metavar="ДЕЙСТВИЕ")

    add("import", "загрузить выгрузку магазина", cabinet.import_files).add_argument("files", nargs="+", metavar="FILE")
    add("connect", "сохранить Client ID и ключ (ключ — со стандартного ввода)", cabinet.connect).add_argument(
        "--client-id", type=within(1, CLIENT_ID_LIMIT), required=True, metavar="N"
    )
    report = "спросить каждый метод чтения и записать, чем изменились ответы Ozon, — без данных магазина"
    add("check", "проверить подключение", cabinet.check).add_argument("--report", type=Path, metavar="FILE", help=report)
    _add_store(add, group("store", "магазин"))
    _add_integration(add, group("integration", "страница интеграции без окна"))
    _add_catalog(add, group)
    _add_mapping(add, group("mapping", "соответствие категорий"))
    _add_cards(add, group("cards", "карточки товаров"))
    _add_sync(add, group)
    _add_notifications(add, group("notifications", "письма владельцу"))
    _add_sandbox(add("sandbox", "песочница вместо Ozon или МоегоСклада на этом компьютере", None))
    tools.add_doctor_options(add("doctor", "версии, хранилище ключей, база данных и цела ли она, копии, журнал", tools.doctor))
    return parser


def _add_common(parser: argparse.ArgumentParser, default: Any) -> None:
    parser.add_argument("--data-dir", type=Path, metavar="DIR", default=default, help="папка данных")
    parser.add_argument(
        "--database-url",
        metavar="URL",
        default=default,
        help="база данных вместо файла в папке данных; с паролем лучше переменной OZON_DESKTOP_DATABASE_URL",
    )
    parser.add_argument("--api-url", metavar="URL", default=default, help="другой адрес вместо Ozon, например песочница")
    parser.add_argument(
        "--record", type=Path, metavar="DIR", default=default, help="записать ответы Ozon в папку для проверок — без ключей и личных данных"
    )
    parser.add_argument("--integration", metavar="NAME", default=default, help="какой кабинет, если их несколько")
    parser.add_argument("--json", action="store_true", default=default or False, help="один документ JSON на стандартном выводе")


def _add_store(add: Any, group: Any) -> None:
    listing = add("products", "товары магазина, как они есть сейчас", store.products, group)
    listing.add_argument("--article", action="append", metavar="АРТИКУЛ", help="только с этим артикулом; можно повторять")
    rule = add("articles", "по каким артикулам кабинет продаёт товары", store.articles, group)
    rule.add_argument(
        "--rule",
        metavar="ЧТО,…",
        help="по порядку: article, code, barcode, id — чего нет, то берётся из следующего; store — как в магазине",
    )
    rule.add_argument("--apply", action="store_true", help="продавать так; без этого правило только показывается")

    roles = ", ".join(role.value for role in ColumnRole)
    columns = add("columns", "за что принимаются столбцы прайс-листа", store.columns, group)
    columns.add_argument("file", metavar="FILE")
    columns.add_argument("--set", action="append", metavar="ЗАГОЛОВОК=ЧТО", help=f"принимать столбец за другое, и впредь; что: {roles}")
    watched = add("folder", "папка, из которой run загружает выгрузки сам: показать или задать", store.folder, group)
    watched.add_argument("folder", metavar="DIR", nargs="?", help='"" — больше не следить')
    store_connection.add_commands(add, group, within(SHORTEST_INTERVAL_MIN, LONGEST_INTERVAL_MIN))
    take_over.add_commands(add, group)
    store_creating.add_commands(add, group)


def _add_integration(add: Any, group: Any) -> None:
    add("show", "показать", cabinet.show, group)
    add("set", "изменить поля", cabinet.set_fields, group).add_argument("pairs", nargs="+", metavar="KEY=VALUE")
    add("enable", "включить", cabinet.enable, group)
    add("disable", "выключить", cabinet.disable, group)
    switch = add("read-only", "только чтение: на Ozon ничего не отправляется, просмотр и заказы работают", held_items.read_only, group)
    switch.add_argument("state", nargs="?", choices=("on", "off"), help="включить или выключить; без него — показать")


def _add_catalog(add: Any, group: Any) -> None:
    for name, text, handler in (
        ("categories", "базовые и дочерние категории Ozon", catalog.fetch_categories),
        ("settings", "типы товара, характеристики и значения", catalog.fetch_settings),
    ):
        actions = group(name, text)
        fetch = add("fetch", "получить", handler, actions)
        fetch.add_argument("--base", action="append", metavar="NAME", help="базовая категория")
        if name == "categories":
            add("changes", "что изменилось при последнем обновлении", catalog.show_changes, actions)
        if name == "settings":
            fetch.add_argument(
                "--older-than", type=within(1, MOST_DAYS), default=30, metavar="DAYS", help="получить снова то, что старше (30 дней)"
            )
            fetch.add_argument("--category", action="append", metavar="PATH", help="только типы ниже этой категории Ozon")


def _add_mapping(add: Any, group: Any) -> None:
    suggest = add("suggest", "подобрать", mapping.suggest, group)
    suggest.add_argument("--category", metavar="PATH")
    suggest.add_argument("--limit", type=within(1, 1_000), default=5)
    suggest.add_argument("--accept", type=share, metavar="CONFIDENCE", help="сопоставить те, где уверенность не меньше")
    one = add("set", "сопоставить категорию магазина с типом Ozon", mapping.set_mapping, group)
    one.add_argument("category", metavar="PATH")
    one.add_argument("--where", metavar="NAME=VALUE", help="только товары с этим значением свойства")
    one.add_argument("type", nargs="?", default="", metavar="TYPE", help="путь типа или номера category:type; пусто — убрать")
    add("list", "показать", mapping.list_mapping, group)
    add("export", "записать XLSX", mapping.export, group).add_argument("file")
    read = add("import", "прочитать XLSX", mapping.import_mapping, group)
    read.add_argument("file")
    read.add_argument("--dry-run", action="store_true", help="показать, что изменится, и ничего не менять")
    add("undo", "отменить последнее изменение", mapping.undo, group)
    add("redo", "вернуть отменённое", mapping.redo, group)
    add("history", "кто, когда и что изменил", mapping.history, group)


def _add_cards(add: Any, group: Any) -> None:
    add("list", "показать", cards.list_cards, group)
    add("check", "проверить готовность", cards.check, group)
    one = add("set", "заполнить поля товара", cards.set_fields, group)
    one.add_argument("offer_id")
    one.add_argument("pairs", nargs="+", metavar="FIELD=VALUE")
    photos = add("pictures", "фотографии товара: порядок и главная", card_pictures.pictures, group)
    photos.add_argument("offer_id")
    change = photos.add_mutually_exclusive_group()
    change.add_argument("--main", type=within(1, 1_000), metavar="N", help="сделать главной фотографию с этим номером")
    change.add_argument("--order", metavar="N,N…", help="новый порядок по номерам; неназванные остаются после")
    change.add_argument("--reset", action="store_true", help="вернуть порядок магазина")
    _add_card_rules(add, group)
    for name, text, handler in (("export", "записать XLSX", cards.export), ("import", "прочитать XLSX", cards.import_cards)):
        exchange = add(name, text, handler, group)
        exchange.add_argument("file")
        exchange.add_argument("--category", required=True, metavar="PATH")
    # The last one is that of reading.
    exchange.add_argument("--dry-run", action="store_true", help="показать, что изменится, и ничего не менять")
    _add_cabinet_cards(add, group)


def _add_card_rules(add: Any, group: Any) -> None:
    rule = add("rule", "откуда берётся значение поля во всей категории", card_rules.rule, group)
    rule.add_argument("--category", metavar="PATH")
    rule.add_argument("--default", action="store_true", help="для всех категорий кабинета")
    rule.add_argument("--attribute", metavar="NAME")
    rule.add_argument("--value", action="append", help="постоянное значение, или МАГАЗИН=OZON — строка таблицы значений (можно повторять)")
    rule.add_argument("--constant", metavar="VALUE", help="постоянное значение")
    rule.add_argument("--property", metavar="NAME", help="свойство магазина")
    rule.add_argument("--template", metavar="TEXT", help="шаблон, например «{Бренд} {Наименование}»")
    rule.add_argument(
        "--unit-factor", nargs="?", const="", metavar="N", help="перевести единицы свойства: умножить на N, без числа — по названиям единиц"
    )
    rule.add_argument("--delete", action="store_true")
    proposals = add("propose", "подобрать свойства магазина к полям категории", card_rules.propose, group)
    proposals.add_argument("--category", required=True, metavar="PATH")
    proposals.add_argument("--accept", type=share, metavar="CONFIDENCE", help="принять те, где уверенность не меньше (от 0 до 1)")
    values = add("doubtful", "значения магазина, которых точно нет в справочниках Ozon", card_rules.doubtful, group)
    values.add_argument("--decide", action="append", metavar="TEXT=VALUE", help="запомнить ответ; пустое VALUE — такого значения нет")
    lists = add("switch", "переключить дополнительные поля на тип категории", card_rules.switch, group)
    lists.add_argument("offer_ids", nargs="*", metavar="OFFER_ID")
    lists.add_argument("--dry-run", action="store_true", help="показать, что перенесётся, и ничего не менять")


def _add_cabinet_cards(add: Any, group: Any) -> None:
    adopt = add("adopt", "загрузить карточки с Ozon и найти их товары", cabinet_cards.adopt, group)
    adopt.add_argument("--offline", action="store_true", help="не загружать: показать, что уже загружено")
    adopt.add_argument("--list", action="store_true", help="показать каждую карточку и каждый товар")
    adopt.add_argument("--prefer", choices=tuple(cabinet_cards.PREFERENCES), help="содержание: как на Ozon, как в магазине, дополнить")
    adopt.add_argument("--prices", choices=tuple(cabinet_cards.SIDES), help="чьи цены верны")
    adopt.add_argument("--stocks", choices=tuple(cabinet_cards.SIDES), help="чьи остатки верны")
    adopt.add_argument("--forget", action="store_true", help="снять ответы: карточки снова ждут решения")
    differ = add("differences", "чем карточки на Ozon отличаются от товаров", cabinet_cards.differences, group)
    differ.add_argument("--product", action="append", metavar="ARTICLE", help="только этот товар")
    differ.add_argument("--field", metavar="FIELD", help="только это поле: name, price, attribute:85 …")
    sides = "чьи значения верны (forget — отменить выбор); без --product — правило для поля у всех товаров"
    differ.add_argument("--take", choices=("ozon", "store", "forget"), help=sides)
    pair = add("confirm", "карточка на Ozon и товар магазина — одно и то же", cabinet_cards.confirm, group)
    pair.add_argument("product", metavar="ARTICLE", help="артикул или номер товара магазина")
    pair.add_argument("offer_id", help="артикул карточки на Ozon")
    answers = pair.add_mutually_exclusive_group()
    answers.add_argument("--reject", action="store_true", help="нет, это разные товары")
    answers.add_argument("--forget", action="store_true", help="снять решение об этой паре")
    export = add("export-ozon", "записать карточки, которых нет в магазине: CommerceML и XLSX", cabinet_cards.export_ozon, group)
    export.add_argument("folder", metavar="DIR")
    export.add_argument("--encoding", choices=("utf-8", "windows-1251"), default="utf-8", help="кодировка CommerceML (utf-8)")
    export.add_argument("--archived", action="store_true", help="вместе с карточками из архива Ozon")


def _add_sync(add: Any, group: Any) -> None:
    command = add("sync", "синхронизировать", sync.sync)
    command.add_argument("--dry-run", action="store_true", help="только показать, что будет отправлено")
    command.add_argument("--only", metavar="PARTS", help="products,prices,stocks,orders")
    command.add_argument("--against-ozon", action="store_true", help="сравнить и с тем, что Ozon показывает сейчас")
    command.add_argument("--confirm-prices", action="store_true", help="отправить цены, даже если слишком многие сильно меняются")
    command.add_argument("--confirm", metavar="ID", help="отправить просмотренное: номер даёт --dry-run; с ним уходит и придержанное")
    command.add_argument("--retry", action="store_true", help="повторить только товары, с которыми в прошлый раз были ошибки")
    command.add_argument(
        "--first-five", action="store_true", help="с --confirm: отправить пять товаров просмотра, прочитать их с Ozon и сравнить"
    )
    command.add_argument(
        "--take-back", type=within(1, 2**31 - 1), metavar="RUN", help="вернуть то, что было до запуска с этим номером; сначала просмотр"
    )
    _add_sync_rules(add, command.add_subparsers(dest="action", metavar="ДЕЙСТВИЕ"))
    add("run", "работать по расписанию без окна", sync.run)
    orders.add_commands(add, group("orders", "заказы"))


def _add_sync_rules(add: Any, actions: Any) -> None:
    check = add("verify", "сверить остатки с тем, что показывает Ozon", sync_rules.verify, actions)
    check.add_argument("--all", action="store_true", help="показать и те, что совпали")
    decide = add("held", "придержанные изменения: показать и решить; об исчезнувших товарах решают сразу о всех", held_items.held, actions)
    for name, text in (("send", "верно, отправить"), ("keep", "не отправлять"), ("undecided", "снять решение")):
        decide.add_argument(f"--{name}", action="append", default=[], metavar="ARTICLE", help=f"{text}; можно повторять")
    rules = add("rules", "правила цен и остатков", sync_rules.show, actions).add_subparsers(dest="rules_action", metavar="ДЕЙСТВИЕ")
    add("show", "показать", sync_rules.show, rules)
    keys = "изменить: old_markup=20 old_step=10 old_nine=on min_type=ТИП guard_share=30 reserve=1 limit=2 'warehouse:СКЛАД=sum: A, B'"
    add("set", keys, sync_rules.set_rules, rules).add_argument("pairs", nargs="+", metavar="KEY=VALUE")


def _add_notifications(add: Any, group: Any) -> None:
    add("show", "показать", notifications.show, group)
    change = add("set", "изменить: enabled, recipient, server, port, security, user, sender, short_jobs", notifications.set_fields, group)
    change.add_argument("pairs", nargs="*", metavar="KEY=VALUE")
    change.add_argument("--password", action="store_true", help="прочитать пароль со стандартного ввода")
    add("test", "отправить пробное письмо", notifications.test, group)


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = SANDBOX_TEXT.format(client_id=KNOWN_CLIENT_ID, key=ADMIN_KEY)
    listed = "\n".join(f"  - {text}" for text in assumptions())
    parser.epilog = FAULTS_TEXT.format(reject_mark=REJECT_MARK, assumptions=listed).replace("%", "%%")
    tools.add_stand_in_options(parser, within)
    parser.add_argument("--port", type=PORT, default=8642, metavar="N", help="порт на этом компьютере; 0 — любой свободный (обычно 8642)")
    parser.add_argument("--tree", metavar="FILE", help="записанный ответ /v1/description-category/tree вместо своего дерева")
    parser.add_argument("--latency", type=LATENCY, default=0, metavar="MS", help="каждый ответ позже на столько миллисекунд (обычно 0)")
    parser.add_argument(
        "--scale",
        type=within(1, 1_000),
        default=1,
        metavar="N",
        help="типов товара в N раз больше: 583 × N; от 2 — брендов 200 000 (обычно 1)",
    )
    parser.add_argument("--brands", type=within(1, 10_000_000), metavar="N", help="значений в справочнике брендов")
    parser.add_argument(
        "--moderation", type=duration, default=1.0, metavar="TIME", help="сколько длится модерация: 2s, 15m, 3h, 1d (обычно 1s)"
    )
    parser.add_argument(
        "--task-memory", type=duration, default=86_400.0, metavar="TIME", help="через сколько забывается задание на импорт (обычно 1d)"
    )
    parser.add_argument(
        "--auto-archive", type=duration, metavar="TIME", help="через сколько карточка без остатка уходит в автоархив (обычно никогда)"
    )
    parser.add_argument("--faults", default="", metavar="SPEC", help="сбои, смотрите ниже")
    parser.add_argument("--refuse", action="append", default=[], metavar="CODE=OFFER", help="отказ по товару, смотрите ниже")
    parser.add_argument("--currency", choices=CURRENCIES, default=CURRENCIES[0], help="валюта кабинета (обычно RUB)")
    parser.add_argument(
        "--certified-brand", action="append", default=[], metavar="NAME", help="бренд, который продают только с сертификатом"
    )
    parser.add_argument("--all-warehouses", action="store_true", help="ещё и склады новые, на паузе, для КГТ и без КГТ")
    parser.add_argument("--seed", type=SEED, default=1, metavar="N", help="то же число — те же сбои и заказы (обычно 1)")
    _add_order_times(parser)


def _add_order_times(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("заказы FBS и rFBS", "AFTER — время: 10s, 5m, 2h, 4d")
    texts = {
        "--assemble": "собирать за продавца каждый заказ через это время; без ключа заказы ждут вызова /v4/posting/fbs/ship",
        "--ship-delay": "от принятого вызова /v4/posting/fbs/ship до смены статуса (обычно 1s)",
        "--ship-within": "от заказа до shipment_date (обычно 20h)",
        "--cancel-unshipped": "от shipment_date до отмены несобранного заказа (обычно 4d); never — не отменять",
        "--label-delay": "сколько готовится файл с этикетками (обычно 1s)",
    }
    for option, text in texts.items():
        kind = time_or_never if option == "--cancel-unshipped" else time_after
        group.add_argument(option, type=kind, metavar="AFTER", help=text)


PORT, LATENCY, SCALE, SEED = within(0, 65_535), within(0, 3_600_000), within(1, 1_000), within(0, CLIENT_ID_LIMIT)
