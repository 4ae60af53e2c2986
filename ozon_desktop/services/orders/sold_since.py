"""What Ozon has sold since its stocks were last set: it holds that much less by itself, whatever was sent."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from ozon_desktop.domain.orders import Posting
from ozon_desktop.domain.sold_pieces import GIVEN_BACK
from ozon_desktop.storage.unit_of_work import UnitOfWork

SoldSince = Mapping[str, Mapping[int, int]]
"""Pieces by Ozon warehouse, 0 = it is not known which, by article."""


def sold_since(unit: UnitOfWork, integration_id: int) -> SoldSince:
    """What was sold of stocks after they had been set; of orders that came while they were set it is not known whether before or after."""
    text = unit.preferences.get(_key(integration_id))
    kept: dict[str, dict[str, int]] = json.loads(text) if text else {}
    return {offer_id: {int(house): pieces for house, pieces in houses.items()} for offer_id, houses in kept.items()}


def note_sold(unit: UnitOfWork, integration_id: int, postings: Iterable[Posting]) -> None:
    """Keeps it of postings that were not known before, for stocks that were set."""
    sold: dict[str, Counter[int]] = {}
    for posting in postings:
        if posting.scheme != "fbo" and posting.status not in GIVEN_BACK:
            for line in posting.products:
                sold.setdefault(line.offer_id, Counter())[posting.warehouse_id] += line.quantity
    known = unit.plan.accepted_whole(integration_id, sold) if sold else {}
    fresh = {offer_id: sold[offer_id] for offer_id, accepted in known.items() if accepted.stocks}
    if fresh:
        before = sold_since(unit, integration_id)
        _write(unit, integration_id, {**before, **{offer: Counter(before.get(offer, {})) + pieces for offer, pieces in fresh.items()}})


def forget_sold(unit: UnitOfWork, integration_id: int, offer_ids: Collection[str]) -> None:
    """Their stocks were set anew."""
    before = sold_since(unit, integration_id)
    left = {offer_id: houses for offer_id, houses in before.items() if offer_id not in offer_ids}
    if left != before:
        _write(unit, integration_id, left)


def _write(unit: UnitOfWork, integration_id: int, sold: SoldSince) -> None:
    if sold:
        unit.preferences.set(_key(integration_id), json.dumps(sold))
    else:
        unit.preferences.remove(_key(integration_id))


def _key(integration_id: int) -> str:
    return f"stocks/sold_since/{integration_id}"
