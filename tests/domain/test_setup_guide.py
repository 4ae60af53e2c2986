"""The eight steps: what is done, what comes next, and what each button still waits for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ozon_desktop.domain.integration import ConnectionReport, Integration, IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.setup_guide import Action, Missing, Step, checklist, missing_for

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NEW = Integration(1, "Ozon")
FULL = IntegrationSettings(100500, Scheme.FBS, "s", None, "o", "e", "p", VatRate.VAT_22, UpdateTrigger.HOURLY)
READY = Integration(1, "Ozon", FULL, True, True, ConnectionReport("К", "RUB", ("Admin",), (), None, NOW), frozenset({17}), NOW, NOW, NOW)


def current(integration: Integration, mapped: int = 0) -> Step | None:
    states = checklist(integration, 5, mapped)
    assert [state.step for state in states] == list(Step)
    return next((state.step for state in states if state.current), None)


def test_steps_follow_one_another() -> None:
    assert current(NEW) is Step.CREDENTIALS
    assert current(replace(READY, connection=None)) is Step.CREDENTIALS
    assert current(replace(READY, settings=replace(FULL, scheme=None))) is Step.FIELDS
    assert current(replace(READY, base_fetched_at=None)) is Step.BASE_CATEGORIES
    assert current(replace(READY, children_fetched_at=None)) is Step.CHILD_CATEGORIES
    assert current(replace(READY, settings_fetched_at=None)) is Step.CATEGORY_SETTINGS
    assert current(replace(READY, enabled=False)) is Step.ENABLED
    assert current(READY) is Step.MAPPED
    assert current(READY, mapped=3) is None


def test_counts_stand_at_their_steps() -> None:
    counts = {state.step: state.count for state in checklist(READY, 5, 3)}
    assert {step: count for step, count in counts.items() if count is not None} == {Step.BASE_CATEGORIES: 5, Step.MAPPED: 3}


@pytest.mark.parametrize("action", Action)
def test_everything_may_be_done_when_all_is_there(action: Action) -> None:
    assert missing_for(action, READY, 1) == ()


@pytest.mark.parametrize("action", Action)
def test_without_credentials_they_are_named_first(action: Action) -> None:
    assert missing_for(action, NEW, 0)[0] is Missing.CREDENTIALS
    assert missing_for(action, replace(READY, has_key=False), 1)[0] is Missing.CREDENTIALS


@pytest.mark.parametrize(
    ("action", "changes", "missing"),
    [
        (Action.FETCH_CHILDREN, {"base_fetched_at": None}, (Missing.BASE_CATEGORIES,)),
        (Action.FETCH_CHILDREN, {"selected_base_ids": frozenset()}, (Missing.BASE_SELECTION,)),
        (Action.FETCH_SETTINGS, {"children_fetched_at": None}, (Missing.CHILD_CATEGORIES,)),
        (Action.FETCH_SETTINGS, {"base_fetched_at": None, "children_fetched_at": None}, (Missing.BASE_CATEGORIES,)),
        (Action.ENABLE, {"settings": replace(FULL, vat_rate=VatRate.VAT_18)}, (Missing.FIELDS,)),
        (Action.MAP, {"enabled": False}, (Missing.ENABLED,)),
        (Action.MAP, {"enabled": False, "children_fetched_at": None}, (Missing.ENABLED, Missing.CHILD_CATEGORIES)),
        (Action.SYNCHRONIZE, {"enabled": False}, (Missing.ENABLED,)),
    ],
)
def test_what_is_missing_is_named(action: Action, changes: dict[str, object], missing: tuple[Missing, ...]) -> None:
    assert missing_for(action, replace(READY, **changes), 1) == missing  # type: ignore[arg-type]


def test_nothing_is_sent_before_something_is_mapped() -> None:
    assert missing_for(Action.SYNCHRONIZE, READY, 0) == (Missing.MAPPING,)
    assert missing_for(Action.MAP, READY, 0) == ()
