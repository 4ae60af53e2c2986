"""The eight steps of the guide: what is done, what comes next, and why a button cannot be used yet."""

from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.integration import Integration, settings_problems


class Step(StrEnum):
    PAGE_OPENED = "page_opened"
    CREDENTIALS = "credentials"
    FIELDS = "fields"
    BASE_CATEGORIES = "base_categories"
    CHILD_CATEGORIES = "child_categories"
    CATEGORY_SETTINGS = "category_settings"
    ENABLED = "enabled"
    MAPPED = "mapped"


class Action(StrEnum):
    """Actions of the page that have a gate."""

    CHECK = "check"
    FETCH_BASE = "fetch_base"
    FETCH_CHILDREN = "fetch_children"
    FETCH_SETTINGS = "fetch_settings"
    ENABLE = "enable"
    MAP = "map"
    SYNCHRONIZE = "synchronize"


class Missing(StrEnum):
    CREDENTIALS = "credentials"
    FIELDS = "fields"
    BASE_CATEGORIES = "base_categories"
    BASE_SELECTION = "base_selection"
    CHILD_CATEGORIES = "child_categories"
    CATEGORY_SETTINGS = "category_settings"
    ENABLED = "enabled"
    MAPPING = "mapping"
    STORE_CONNECTION = "store_connection"
    CABINET_CARDS = "cabinet_cards"


@dataclass(frozen=True, slots=True)
class StepState:
    """One line of the checklist. `count`: base categories, mapped categories … where the step has one."""

    step: Step
    done: bool
    current: bool
    count: int | None = None


def checklist(integration: Integration, base_count: int, mapped_count: int) -> tuple[StepState, ...]:
    """The eight steps; the first one not done is the current one."""
    problems = settings_problems(integration.settings, integration.has_key)
    done = {
        Step.PAGE_OPENED: True,
        Step.CREDENTIALS: integration.has_key and integration.connection is not None,
        Step.FIELDS: not problems,
        Step.BASE_CATEGORIES: integration.base_fetched_at is not None,
        Step.CHILD_CATEGORIES: integration.children_fetched_at is not None,
        Step.CATEGORY_SETTINGS: integration.settings_fetched_at is not None,
        Step.ENABLED: integration.enabled,
        Step.MAPPED: mapped_count > 0,
    }
    counts = {Step.BASE_CATEGORIES: base_count or None, Step.MAPPED: mapped_count or None}
    current = next((step for step in Step if not done[step]), None)
    return tuple(StepState(step, done[step], step is current, counts.get(step)) for step in Step)


def missing_for(action: Action, integration: Integration, mapped_count: int) -> tuple[Missing, ...]:
    """What `action` still waits for, nearest first; empty = it may run."""
    settings = integration.settings
    has_credentials = settings.client_id is not None and integration.has_key
    waits: list[Missing] = [] if has_credentials else [Missing.CREDENTIALS]
    if action in {Action.CHECK, Action.FETCH_BASE}:
        return tuple(waits)
    if action in {Action.FETCH_CHILDREN, Action.FETCH_SETTINGS}:
        if integration.base_fetched_at is None:
            waits.append(Missing.BASE_CATEGORIES)
        elif not integration.selected_base_ids:
            waits.append(Missing.BASE_SELECTION)
        if action is Action.FETCH_SETTINGS and integration.base_fetched_at and integration.children_fetched_at is None:
            waits.append(Missing.CHILD_CATEGORIES)
        return tuple(waits)
    if settings_problems(settings, integration.has_key):
        waits.append(Missing.FIELDS)
    if action is Action.ENABLE:
        return tuple(dict.fromkeys(waits))
    if not integration.enabled:
        waits.append(Missing.ENABLED)
    if integration.children_fetched_at is None:
        waits.append(Missing.CHILD_CATEGORIES)
    if action is Action.SYNCHRONIZE and mapped_count == 0:
        waits.append(Missing.MAPPING)
    return tuple(dict.fromkeys(waits))
