"""import, connect, check, integration: the store's data and the integration page without the window."""

import asyncio
import getpass
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.integration import IntegrationSettings, Scheme, UpdateTrigger, parse_vat
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    Employee,
    ImportCounts,
    OrderDirection,
    Organization,
    PriceType,
    ReferenceKind,
    fold,
)
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.integration.answers_report import document
from ozon_desktop.services.integration.connection import missing_functions
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.services.store.importing import lacks_much
from ozon_desktop.wording.store_import import import_problem_text, import_remarks, import_text

Choice = TypeVar("Choice")
Named = CatalogStructure | OrderDirection | Organization | Employee | PriceType

FIELDS = {
    "client_id": "client_id",
    "scheme": "scheme",
    "catalog_structure": "catalog_structure_id",
    "structure": "catalog_structure_id",
    "order_direction": "order_direction_id",
    "direction": "order_direction_id",
    "organization": "organization_id",
    "responsible_employee": "responsible_employee_id",
    "responsible": "responsible_employee_id",
    "employee": "responsible_employee_id",
    "price_type": "price_type_id",
    "vat_rate": "vat_rate",
    "vat": "vat_rate",
    "vat_of_product": "vat_of_product",
    "update_trigger": "update_trigger",
    "trigger": "update_trigger",
}
YES_OR_NO = {"yes": True, "no": False, "да": True, "нет": False, "true": True, "false": False, "1": True, "0": False}
REFERENCES: dict[str, ReferenceKind] = {
    "organization_id": "organization",
    "responsible_employee_id": "employee",
    "order_direction_id": "direction",
}


async def import_files(command: Command) -> Exit:
    counts = await command.application.store_import.import_files([Path(name) for name in command.args.files], command.output.progress)
    return show_import(command, counts)


def show_import(command: Command, counts: ImportCounts, more: Mapping[str, object] | None = None) -> Exit:
    """What an import came to. more: what the document says beside it."""
    much = lacks_much(counts)
    command.output.document({**asdict(counts), "lacks_much": much, **(more or {})})
    command.output.line(import_text(counts))
    for remark in import_remarks(counts):
        command.output.line(remark)
    for problem in counts.lines:
        command.output.note(import_problem_text(problem))
    told = sum(1 for problem in counts.lines if problem.costs)
    if told < counts.problems:
        command.output.note(f"… и ещё {counts.problems - told}")
    if much:
        command.output.note(wording.lacks_text(counts))
    return Exit.PROBLEMS if counts.problems else Exit.DONE


async def connect(command: Command) -> Exit:
    """Keeps Client ID and key, then checks them."""
    key = await asyncio.to_thread(read_secret, "Ключ API: ")
    if not key:
        raise WrongInput("api_key", detail="required")
    settings = replace(command.integration.settings, client_id=command.args.client_id)
    await command.application.integrations.save(command.integration.id, settings, key)
    command.output.note(f"Ключ хранится: {command.application.secrets.place}")
    return await _check_connection(command)


def read_secret(prompt: str) -> str:
    """A secret typed without echo, or the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt).strip()
    return sys.stdin.readline().strip()


async def check(command: Command) -> Exit:
    """Who the key belongs to and what it may do; with a file for it, what Ozon's answers look like."""
    if command.application.secrets.place.startswith("Переменная"):
        command.output.note(f"Ключ: {command.application.secrets.place}")
    return await (_report_answers(command, command.args.report) if command.args.report else _check_connection(command))


async def _report_answers(command: Command, path: Path) -> Exit:
    report = await command.application.answers_report.make(command.integration.id)
    await command.application.answers_report.write(report, path)
    command.output.document(document(report))
    for method in report.methods:
        command.output.line(wording.method_report_text(method))
        for difference in wording.difference_texts(method.differences):
            command.output.line(f"    {difference}")
    command.output.line(wording.answers_report_text(report))
    command.output.line(f"Записано без данных магазина: {path}")
    return Exit.DONE if report.as_expected else Exit.PROBLEMS


async def _check_connection(command: Command) -> Exit:
    report = await command.application.connection.check(command.integration.id)
    now = command.application.clock()
    command.output.document(
        {
            "company": report.company,
            "currency": report.currency,
            "roles": report.roles,
            "missing_methods": report.missing_methods,
            "missing_functions": missing_functions(report),
            "expires_at": report.expires_at,
            "limits": {limit.name: {"limit": limit.limit, "usage": limit.usage, "reset_at": limit.reset_at} for limit in report.limits},
        }
    )
    command.output.line(f"Компания: {report.company or 'ключ не даёт узнать'}")
    command.output.line(f"Валюта: {report.currency or '—'}")
    command.output.line(f"Роли: {', '.join(report.roles) or '—'}")
    if report.expires_at is not None:
        command.output.line(f"Ключ действует до {wording.exact(report.expires_at)}")
    for function, paths in missing_functions(report).items():
        command.output.line(wording.missing_function_text(function, paths))
    for limit in report.limits:
        command.output.line(wording.limit_left_text(limit))
    soon = wording.key_expiry_text(report, now)
    if soon:
        command.output.line(f"{soon}: создайте новый в кабинете Ozon (Настройки → Seller API)")
    return Exit.PROBLEMS if report.missing_methods or soon else Exit.DONE


CLIENT_ID_DIGITS = 19


async def show(command: Command) -> Exit:
    page = await command.application.integrations.page(command.integration.id)
    values = page_values(page)
    command.output.document(
        {
            "name": page.integration.name,
            "enabled": page.integration.enabled,
            **values,
            "problems": {name: wording.field_problem_text(problem) for name, problem in page.problems.items()},
            "steps": [{"step": step.step, "done": step.done} for step in page.checklist],
        }
    )
    command.output.line(f"{page.integration.name}: {'включена' if page.integration.enabled else 'выключена'}")
    for name, value in values.items():
        problem = page.problems.get(FIELDS.get(name, name))
        suffix = f"  ({wording.field_problem_text(problem)})" if problem is not None else ""
        command.output.line(f"  {name} = {value if value not in (None, '') else '—'}{suffix}")
    return Exit.PROBLEMS if page.problems else Exit.DONE


def page_values(page: IntegrationPage) -> dict[str, object]:
    """The page's fields as people name them."""
    settings = page.integration.settings
    lists = (page.structures, page.directions, page.organizations, page.employees, page.price_types)
    names = {entry.id: entry.name for rows in lists for entry in rows}
    return {
        "client_id": settings.client_id,
        "api_key": f"…{page.key_hint}" if page.key_hint else ("есть" if page.integration.has_key else ""),
        "scheme": settings.scheme.value if settings.scheme else None,
        "catalog_structure": names.get(settings.catalog_structure_id or ""),
        "order_direction": names.get(settings.order_direction_id or ""),
        "organization": names.get(settings.organization_id or ""),
        "responsible_employee": names.get(settings.responsible_employee_id or ""),
        "price_type": names.get(settings.price_type_id or ""),
        "vat_rate": settings.vat_rate.value if settings.vat_rate else None,
        "vat_of_product": settings.vat_of_product,
        "update_trigger": settings.update_trigger.value if settings.update_trigger else None,
    }


async def set_fields(command: Command) -> Exit:
    """Sets fields given as KEY=VALUE; all of them are checked before anything is saved."""
    page = await command.application.integrations.page(command.integration.id)
    settings = page.integration.settings
    for pair in command.args.pairs:
        key, separator, value = pair.partition("=")
        name = FIELDS.get(key.strip().replace("-", "_").casefold())
        if not separator or name is None:
            raise WrongInput(key, detail=f"известны: {', '.join(FIELDS)}")
        settings = await _set(command, page, settings, name, value.strip())
    await command.application.integrations.save(command.integration.id, settings, None)
    return await show(command)


async def _set(command: Command, page: IntegrationPage, settings: IntegrationSettings, name: str, value: str) -> IntegrationSettings:
    if name == "client_id":
        if not (value.isascii() and value.isdigit()) or len(value) > CLIENT_ID_DIGITS:
            raise WrongInput("client_id", detail=value[: CLIENT_ID_DIGITS + 1])
        return replace(settings, client_id=int(value))
    if name == "scheme":
        return replace(settings, scheme=_one_of(name, value, {scheme.value: scheme for scheme in Scheme}))
    if name == "update_trigger":
        triggers = {trigger.value: trigger for trigger in UpdateTrigger}
        triggers |= {wording.trigger_text(trigger): trigger for trigger in UpdateTrigger}
        return replace(settings, update_trigger=_one_of(name, value, triggers))
    if name == "vat_rate":
        rate = parse_vat(value)
        if rate is None:
            raise WrongInput("vat_rate", detail=value)
        return replace(settings, vat_rate=rate)
    if name == "vat_of_product":
        return replace(settings, vat_of_product=_one_of(name, value, YES_OR_NO))
    lists: dict[str, Sequence[Named]] = {
        "catalog_structure_id": page.structures,
        "order_direction_id": page.directions,
        "organization_id": page.organizations,
        "responsible_employee_id": page.employees,
        "price_type_id": page.price_types,
    }
    found = next((entry.id for entry in lists[name] if entry.id == value or fold(entry.name) == fold(value)), None)
    if found is None and name in REFERENCES and value:
        # The store's export may lack these lists: a name not known yet is added, as in the window.
        found = await command.application.integrations.add_reference(REFERENCES[name], value)
        command.output.note(f"Добавлено в список: {value}")
    if found is None:
        raise NotFound(value, detail=", ".join(entry.name for entry in lists[name]))
    return replace(settings, **{name: found})  # type: ignore[arg-type]


def _one_of(name: str, value: str, choices: dict[str, Choice]) -> Choice:
    for text, choice in choices.items():
        if fold(text) == fold(value):
            return choice
    raise WrongInput(name, detail=f"{value}; возможно: {', '.join(choices)}")


async def enable(command: Command) -> Exit:
    return await _switch(command, True)


async def disable(command: Command) -> Exit:
    return await _switch(command, False)


async def _switch(command: Command, enabled: bool) -> Exit:
    await command.application.integrations.set_enabled(command.integration.id, enabled)
    command.output.line("Интеграция включена" if enabled else "Интеграция выключена")
    command.output.document({"enabled": enabled})
    return Exit.DONE
