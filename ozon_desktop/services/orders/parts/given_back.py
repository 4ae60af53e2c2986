"""Ozon offers the pieces of a cancelled order again by itself: what is known of that stock is then not sure any more."""

from collections.abc import Collection
from dataclasses import replace

from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.orders import Posting
from ozon_desktop.domain.sold_pieces import GIVEN_BACK
from ozon_desktop.domain.sync_plan import Accepted, unsure
from ozon_desktop.services.runs.edits import edited_key
from ozon_desktop.storage.unit_of_work import UnitOfWork


def frees_goods(posting: Posting) -> bool:
    """Whether Ozon has put its pieces back on the seller's warehouse."""
    return posting.scheme != "fbo" and posting.status in GIVEN_BACK


def doubt_stocks(unit: UnitOfWork, integration_id: int, postings: Collection[Posting]) -> None:
    """The next run sends the stocks of these postings' products again, whatever was sent last: the store may have fewer by now.

    A product that is gone from the store, or of which the store has none left, would else be on sale with the pieces that came back.
    """
    houses: dict[str, set[int]] = {}
    for posting in postings:
        for line in posting.products:
            houses.setdefault(line.offer_id, set()).add(posting.warehouse_id)
    known = unit.plan.accepted_whole(integration_id, houses) if houses else {}
    doubtful = [found for offer_id, accepted in known.items() if (found := _doubted(accepted, houses[offer_id])) != accepted]
    if not doubtful:
        return
    unit.sync.save_accepted(integration_id, doubtful)
    if unit.integrations.get(integration_id).settings.update_trigger is UpdateTrigger.ON_CHANGE:
        unit.preferences.set(edited_key(integration_id), "1")


def _doubted(accepted: Accepted, houses: Collection[int]) -> Accepted:
    return replace(accepted, stocks=unsure(accepted.stocks, houses))
