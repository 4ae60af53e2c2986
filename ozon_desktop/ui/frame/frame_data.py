"""What the frame shows (cabinet, counters, status): read in one go beside the window, and put into words here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ozon_desktop.application import Application
from ozon_desktop.domain.integration import Integration, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.services.runs.overview import Overview
from ozon_desktop.wording import capital, exact, run_result_text, when
from ozon_desktop.wording.status import status_detail, status_text


@dataclass(frozen=True, slots=True)
class FrameData:
    """One reading. `organization`: name of the chosen organization, "" = none; `statuses`: by the integration's id, of all cabinets."""

    integration: Integration
    all: tuple[Integration, ...]
    organization: str
    overview: "Overview"
    now: datetime
    statuses: Mapping[int, RunStatus] = field(default_factory=dict)

    @property
    def cabinet(self) -> str:
        """How the chosen cabinet is called in the switcher."""
        return self.name_of(self.integration)

    def name_of(self, integration: Integration) -> str:
        """How a cabinet is called: the organization of the chosen one, the company as Ozon names it, the name given here."""
        chosen = integration.id == self.integration.id
        return (self.organization if chosen else "") or cabinet_name(integration)


@dataclass(frozen=True, slots=True)
class Status:
    """The one true thing the status line says. kind: good | attention | error | neutral; the exact times are for the tooltips."""

    kind: str
    text: str
    detail: str = ""
    exact: str = ""
    detail_exact: str = ""
    waits_for_review: bool = False


async def read_frame(application: Application, integration_id: int) -> FrameData:
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
        await application.overview.statuses(),
    )


async def add_cabinet(application: Application) -> Integration:
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
    """The status line of the chosen cabinet: never green when something failed or the network is away."""
    status = data.statuses.get(data.integration.id) or data.overview.status
    if status is None:
        return Status("neutral", "Ещё не синхронизировано")
    shown = run_status(status, data.now)
    if not shown.detail:
        shown = replace(shown, detail=_instead_of_next(data, status))
    return shown


def run_status(status: RunStatus, now: datetime) -> Status:
    """The state of one cabinet's synchronization in words, with the exact times for the tooltips."""
    run = status.last_run
    kind, text, detail = _KINDS[status.state], status_text(status, now), status_detail(status, now)
    moment = status.since or status.until
    if run is not None and status.state in {RunState.IDLE, RunState.NEEDS_ATTENTION}:
        # The last run says more than the state: when it was, and that one that failed left no problem of a product.
        kind, text = _ended(run, status.problems, now) or (kind, text)
        moment = run.finished_at or run.started_at
        if run.result is RunResult.SKIPPED and run.reason and not status.problems:
            # What was skipped and why says more than when it is tried again.
            detail = capital(run.reason)
    detail_moment = status.until if status.state is RunState.OFFLINE else status.next_run
    return Status(
        kind,
        text,
        detail,
        exact(moment) if moment is not None else "",
        exact(detail_moment) if detail_moment is not None else "",
        status.state is RunState.WAITING_FOR_REVIEW,
    )


_KINDS = {
    RunState.RUNNING: "neutral",
    RunState.OFFLINE: "attention",
    RunState.READ_ONLY: "attention",
    RunState.WAITING_FOR_REVIEW: "attention",
    RunState.PAUSED: "attention",
    RunState.WAITING_FOR_LIMIT: "attention",
    RunState.NEEDS_ATTENTION: "attention",
    RunState.OFF: "neutral",
    RunState.IDLE: "neutral",
}


def _ended(run: Run, problems: int, now: datetime) -> tuple[str, str] | None:
    """Kind and words of the last run; None when the words of the state are the ones."""
    moment = _short(run.finished_at or run.started_at, now)
    if run.result is RunResult.FAILED:
        return "error", f"Не удалось отправить {moment}"
    if problems:
        return None
    if run.result is RunResult.DONE:
        return "good", f"Отправлено {moment}"
    if run.result is RunResult.PARTIAL:
        return "attention", f"Отправлено не всё {moment}"
    if run.result is RunResult.SKIPPED:
        return "attention", f"Запуск пропущен {moment}"
    return "attention", f"{capital(run_result_text(run.result))} {moment}"


def _instead_of_next(data: FrameData, status: RunStatus) -> str:
    match status.state:
        case RunState.OFF:
            return "Ничего не отправляется"
        case RunState.OFFLINE if data.overview.last_success is not None:
            return f"Последняя отправка {_short(data.overview.last_success, data.now)}"
        case RunState.IDLE | RunState.NEEDS_ATTENTION if data.integration.settings.update_trigger is UpdateTrigger.ON_CHANGE:
            return "Запуск при изменении товаров"
    return ""


def _short(moment: datetime, now: datetime) -> str:
    """The sidebar is narrow: a time without a day is one of today."""
    return when(moment, now).removeprefix("сегодня ")
