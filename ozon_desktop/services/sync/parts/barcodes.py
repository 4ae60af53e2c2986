"""Barcodes beside the one an import carries: those a card does not show after it are added, and each refusal is its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ozon_desktop.domain.cabinet import CabinetProduct, ItemError
from ozon_desktop.errors import MissingRole, RequestRefused
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.requests import BarcodeUpdate

FIELD = "barcode"


@dataclass(slots=True)
class AddedBarcodes:
    """What became of the barcodes of one card. on_ozon: those it has; waiting: the card is not created yet, so they go later.

    errors: the barcode and why it was refused.
    """

    on_ozon: tuple[str, ...]
    waiting: bool = False
    asked_in_vain: bool = False
    errors: list[tuple[str, ItemError]] = field(default_factory=list)


async def add_barcodes(
    client: OzonClient, wanted: Mapping[str, tuple[str, ...]], infos: Mapping[str, CabinetProduct]
) -> dict[str, AddedBarcodes]:
    """Adds what is missing. wanted: by article; infos: the cards as they are after their import. OzonError, NetworkError.

    A request that is refused as a whole is that of its cards; they are asked for again by the next run.
    """
    found: dict[str, AddedBarcodes] = {}
    updates: list[tuple[str, BarcodeUpdate]] = []
    for offer_id, codes in wanted.items():
        info = infos.get(offer_id)
        shown = () if info is None else tuple(code for code in codes if code in info.barcodes)
        missing = [code for code in codes if code not in shown]
        found[offer_id] = AddedBarcodes(shown, waiting=bool(missing) and (info is None or not info.sku))
        if info is not None and info.sku:
            updates += [(offer_id, BarcodeUpdate(info.sku, code)) for code in missing]
    for batch in _batches(updates):
        await _add(client, batch, found)
    return found


async def _add(client: OzonClient, batch: list[tuple[str, BarcodeUpdate]], found: dict[str, AddedBarcodes]) -> None:
    try:
        refused = {(one.sku, one.barcode): one for one in await client.add_barcodes([update for _, update in batch])}
    except (RequestRefused, MissingRole) as error:
        for offer_id, update in batch:
            found[offer_id].asked_in_vain = True
            found[offer_id].errors.append((update.barcode, ItemError(str(error.code or ""), error.detail, FIELD)))
        return
    for offer_id, update in batch:
        why = refused.get((update.sku, update.barcode))
        if why is None:
            found[offer_id].on_ozon += (update.barcode,)
        else:
            found[offer_id].errors.append((update.barcode, ItemError(why.code, why.message, FIELD)))


def _batches(updates: list[tuple[str, BarcodeUpdate]]) -> Iterator[list[tuple[str, BarcodeUpdate]]]:
    size = endpoints.ADD_BARCODES.item_limit
    for start in range(0, len(updates), size):
        yield updates[start : start + size]
