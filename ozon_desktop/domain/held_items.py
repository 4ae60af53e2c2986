"""What waits for a person, as it is kept between runs, and what a run sent beside what was there before."""

from dataclasses import dataclass
from datetime import datetime

from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.sync_plan import Accepted, FieldChange, Hold, PlanItem, Verdict


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One held change. verdict None = undecided; told: the owner has heard of it; since: UTC."""

    key: HeldKey
    hold: Hold
    name: str
    changes: tuple[FieldChange, ...]
    verdict: Verdict | None = None
    told: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentValue:
    """One item of a run, and what Ozon held of the product before it."""

    item: PlanItem
    before: Accepted
