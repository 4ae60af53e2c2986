"""What the frame shows (cabinet, counters, status): read in one go beside the window, and put into words here."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ozon_desktop.domain.integration import Integration, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.wording import capital, exact, plural, run_result_text, when

if TYPE_CHECKING:
    from ozon_desktop.application import Application
    from ozon_desktop.services.overview import Overview


@dataclass(frozen=True, slots=True)
class FrameData:
    """One reading. `organization`: name of the chosen organization, "" = none."""

    integration: Integration
    all: tuple[Integration, ...]
    organization: str
    overview: "Overview"
    now: datetime

    @property
    def cabinet(self) -> str:
        """How the cabinet is called in the switcher."""
        return self.organization or cabinet_name(self.integration)


@dataclass(frozen=True, slots=True)
class Status:
    """The one true thing the status line says. kind: good | attention | error | neutral; the exact times are for the tooltips."""

    kind: str
    text: str
    detail: str = ""
    exact: str = ""
    detail_exact: str = ""


async def read_frame(application: "Application", integration_id: int) -> FrameData:
    """Reads everything the frame shows. NotFound when the integration is gone."""
    page = await application.integrations.page(integration_id)
    chosen = page.integration.settings.organization_id
    organization = next((item.name for item in page.organizations if item.id == chosen), "")
    return FrameData(
        page.integration,
        tuple(await application.integrations.all()),
        organization,
        await application.overview.overview(integration_id),
        application.clock(),
    )


async def add_cabinet(application: "Application") -> Integration:
    """A new cabinet with a name that is still free."""
    service = application.integrations
    taken = {integration.name for integration in await service.all()}
    number = len(taken) + 1
    while f"Кабинет {number}" in taken:
        number += 1
    return await service.add(f"Кабинет {number}")


def cabinet_name(integration: Integration) -> str:
    """The company as Ozon names it, else the name given here."""
    return integration.connection.company if integration.connection is not None and integration.connection.company else integration.name


def cabinet_line(integration: Integration) -> str:
    """«Ozon 100500 · FBS»."""
    settings = integration.settings
    parts = [f"Ozon {settings.client_id}" if settings.client_id is not None else "Client ID не введён"]
    if settings.scheme is not None:
        parts.append(settings.scheme.value)
    return " · ".join(parts)


def status_of(data: FrameData) -> Status:
    """The status line: never green when something failed or the network is away."""
    overview, now = data.overview, data.now
    following = _next_text(data)
    if overview.offline_since is not None:
        last = f"Последняя отправка {_short(overview.last_success, now)}" if overview.last_success else following
        return Status("attention", f"Нет связи с Ozon: {when(overview.offline_since, now)}", last, exact(overview.offline_since))
    if not data.integration.enabled:
        return Status("neutral", "Интеграция выключена", "Ничего не отправляется")
    if overview.last_run is None:
        return Status("neutral", "Ещё не синхронизировано", following)
    run = overview.last_run
    kind, text = _run_status(run, overview.needs_attention, now)
    following_exact = exact(overview.next_run) if overview.next_run is not None else ""
    return Status(kind, text, following, exact(run.finished_at or run.started_at), following_exact)


def _run_status(run: Run, problems: int, now: datetime) -> tuple[str, str]:
    moment = _short(run.finished_at or run.started_at, now)
    failures = plural(problems, "ошибка", "ошибки", "ошибок")
    if run.result is RunResult.DONE:
        return ("attention", f"Отправлено {moment}: {failures}") if problems else ("good", f"Отправлено {moment}")
    if run.result is RunResult.PARTIAL:
        return "attention", f"Отправлено не всё: {failures}" if problems else f"Отправлено не всё {moment}"
    if run.result is RunResult.FAILED:
        return "error", f"Не удалось отправить {moment}"
    if run.result is RunResult.RUNNING:
        return "neutral", "Идёт синхронизация"
    return "attention", f"{capital(run_result_text(run.result))} {moment}"


def _next_text(data: FrameData) -> str:
    if not data.integration.enabled:
        return ""
    if data.overview.next_run is not None:
        if data.overview.next_run <= data.now:
            return "Следующий запуск сейчас"
        return f"Следующий запуск {_short(data.overview.next_run, data.now)}"
    if data.integration.settings.update_trigger is UpdateTrigger.ON_CHANGE:
        return "Запуск при изменении товаров"
    return ""


def _short(moment: datetime, now: datetime) -> str:
    """The sidebar is narrow: a time without a day is one of today."""
    return when(moment, now).removeprefix("сегодня ")
