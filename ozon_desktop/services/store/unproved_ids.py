"""Whether the ids of the connected store were seen to be those the program knows: until then no order goes out.

A source that is asked is compared before it is connected. 1C comes by itself: whether its ids are those of the source before it shows
with its first goods, and an order that went out before would name products it does not have, of which it makes new ones.
"""

import msgspec

from ozon_desktop.domain.store_connection import OrdersHeld
from ozon_desktop.storage.unit_of_work import UnitOfWork

KEY = "store/unproved_ids"


class _Unproved(msgspec.Struct, omit_defaults=True):
    """added: products that came since it is unknown; refused: goods came under other ids, and were not taken."""

    added: int = 0
    refused: bool = False


def begin_doubt(unit: UnitOfWork) -> None:
    """Another source brings the goods from now on; a store without products knows no other ids."""
    if unit.take_overs.has_products():
        _keep(unit, _Unproved())
    else:
        end_doubt(unit)


def end_doubt(unit: UnitOfWork) -> None:
    """The ids are those of the store."""
    unit.preferences.remove(KEY)


def note_refused(unit: UnitOfWork) -> None:
    """The connected store brought goods that are the store's under other ids."""
    known = _known(unit) or _Unproved()
    known.refused = True
    _keep(unit, known)


def note_taken(unit: UnitOfWork, named: int, added: int) -> None:
    """An import was taken that named so many products, `added` of them for the first time.

    Whoever names more known products than came since the doubt began names one of those that were there before.
    """
    known = _known(unit)
    if known is None:
        return
    if named - added > known.added:
        end_doubt(unit)
    elif added:
        known.added += added
        _keep(unit, known)


def held_orders(unit: UnitOfWork) -> OrdersHeld | None:
    """Why no order may go to the store now; None = they may."""
    known = _known(unit)
    if known is None:
        return None
    return OrdersHeld.OTHER_IDS if known.refused else OrdersHeld.NO_GOODS_YET


def _known(unit: UnitOfWork) -> _Unproved | None:
    text = unit.preferences.get(KEY)
    return msgspec.json.decode(text, type=_Unproved) if text else None


def _keep(unit: UnitOfWork, unproved: _Unproved) -> None:
    unit.preferences.set(KEY, msgspec.json.encode(unproved).decode())
