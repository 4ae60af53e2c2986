"""What Ozon has sold since its stocks were last set: it holds that much less by itself, whatever was sent."""

import json
from collections.abc import Collection, Iterable, Mapping

from ozon_desktop.domain.orders import Posting
from ozon_desktop.domain.sold_pieces import GIVEN_BACK
from ozon_desktop.storage.unit_of_work import UnitOfWork

Houses = Mapping[str, frozenset[int]]
"""Ozon warehouses by article; 0 = it is not known which."""


def sold_since(unit: UnitOfWork, integration_id: int) -> Houses:
    """Where stocks were sold from after they had been set."""
    text = unit.preferences.get(_key(integration_id))
    return {offer_id: frozenset(houses) for offer_id, houses in json.loads(text).items()} if text else {}


def note_sold(unit: UnitOfWork, integration_id: int, postings: Iterable[Posting]) -> None:
    """Keeps it of postings that were not known before, for stocks that were set."""
    houses: dict[str, set[int]] = {}
    for posting in postings:
        if posting.scheme != "fbo" and posting.status not in GIVEN_BACK:
            for line in posting.products:
                houses.setdefault(line.offer_id, set()).add(posting.warehouse_id)
    known = unit.plan.accepted_whole(integration_id, houses) if houses else {}
    fresh = {offer_id: houses[offer_id] for offer_id, accepted in known.items() if accepted.stocks}
    if fresh:
        before = sold_since(unit, integration_id)
        _write(unit, integration_id, {**before, **{offer: before.get(offer, frozenset()) | houses for offer, houses in fresh.items()}})


def forget_sold(unit: UnitOfWork, integration_id: int, offer_ids: Collection[str]) -> None:
    """Their stocks were set anew."""
    before = sold_since(unit, integration_id)
    left = {offer_id: houses for offer_id, houses in before.items() if offer_id not in offer_ids}
    if left != before:
        _write(unit, integration_id, left)


def _write(unit: UnitOfWork, integration_id: int, houses: Houses) -> None:
    if houses:
        unit.preferences.set(_key(integration_id), json.dumps({offer: sorted(found) for offer, found in houses.items()}))
    else:
        unit.preferences.remove(_key(integration_id))


def _key(integration_id: int) -> str:
    return f"stocks/sold_since/{integration_id}"
