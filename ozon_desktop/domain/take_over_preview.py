"""What a take-over of the store would do, as it is shown before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from ozon_desktop.domain.take_over import Kind, Matching


@dataclass(frozen=True, slots=True)
class Thing:
    """A product, category … as it is shown. article: of products."""

    name: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class LostSetting:
    """What a cabinet is set to and the new source does not have. integration: its name; name: of what is missing."""

    integration: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class TakeOverPreview:
    """What a take-over would do. old, new: names of everything that is not matched as a matter of course, by kind and id."""

    plan_id: str
    came_from: str
    goes_on_with: str
    matching: Matching
    old: Mapping[Kind, Mapping[str, Thing]]
    new: Mapping[Kind, Mapping[str, Thing]]
    lost: tuple[LostSetting, ...] = ()
