"""After stocks were sent: whether Ozon shows them, warehouse by warehouse. What it does not show yet, the next run looks at again."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ozon_desktop.domain.cabinet import WarehouseStock, shown_on
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.stock_rules import Pairs
from ozon_desktop.domain.sync_plan import UNSURE_STOCK, Accepted
from ozon_desktop.errors import MethodSwitchedOff, MissingRole, NetworkError, OzonError
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.sync.outcome import Patience, Sleep, Waiting
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

Sent = Mapping[str, Pairs]
"""Stocks that Ozon accepted, by article."""


@dataclass(frozen=True, slots=True)
class Checked:
    """missing: what Ozon does not show; late: articles it did not show the time before either. problem: why it could not be asked."""

    missing: Sent
    late: frozenset[str]
    problem: RunProblem | None = None


class StockConfirmation:
    """The check of one run of one integration."""

    def __init__(self, storage: Database, client: OzonClient, integration_id: int, patience: Patience, sleep: Sleep) -> None:
        self._storage = storage
        self._client = client
        self._key = f"stocks/not_shown/{integration_id}"
        self._patience = patience
        self._sleep = sleep
        self._late: frozenset[str] = frozenset()

    async def before(self, accepted: Mapping[str, Accepted]) -> list[Accepted]:
        """Looks again at what the run before did not find: what Ozon still does not show is to be set anew. OzonError, NetworkError."""
        kept = {offer: pairs for offer, pairs in (await self._storage.run(self._read)).items() if offer in accepted}
        if not kept:
            return []
        try:
            seen = await self._client.warehouse_stocks(list(kept))
        except (MissingRole, MethodSwitchedOff):
            # Never to be answered by this key; the check after sending says so in the journal.
            return []
        missing = _not_shown(kept, seen)
        unsure = [_unsure(accepted[offer], pairs) for offer, pairs in missing.items()]
        self._late = frozenset(missing)
        return [known for known in unsure if known != accepted[known.offer_id]]

    async def after(self, sent: Sent) -> Checked:
        """What Ozon does not show of what it has just accepted; a failure of the question is no failure of the run, and noted."""
        problem: RunProblem | None = None
        missing = sent
        try:
            missing = await self._ask(sent)
        except (MissingRole, MethodSwitchedOff) as error:
            problem, missing = RunProblem("", "", type(error).__name__, ""), {}
        except (OzonError, NetworkError) as error:
            problem = RunProblem("", "", type(error).__name__, "")
        kept = missing
        await self._storage.run(lambda unit: self._write(unit, kept))
        return Checked(missing if problem is None else {}, self._late, problem)

    async def _ask(self, sent: Sent) -> Sent:
        waiting = Waiting(self._patience, self._sleep)
        missing = sent
        while missing:
            missing = _not_shown(missing, await self._client.warehouse_stocks(list(missing)))
            if not missing or not await waiting.goes_on(self._patience.stock_shown_s):
                break
        return missing

    def _read(self, unit: UnitOfWork) -> dict[str, Pairs]:
        text = unit.preferences.get(self._key)
        kept: dict[str, list[list[int]]] = json.loads(text) if text else {}
        return {offer: tuple((house, pieces) for house, pieces in pairs) for offer, pairs in kept.items()}

    def _write(self, unit: UnitOfWork, missing: Sent) -> None:
        if missing:
            unit.preferences.set(self._key, json.dumps(missing, ensure_ascii=False))
        else:
            unit.preferences.remove(self._key)


def _not_shown(sent: Sent, seen: Mapping[str, Collection[WarehouseStock]]) -> dict[str, Pairs]:
    found: dict[str, Pairs] = {}
    for offer, pairs in sent.items():
        missing = tuple(pair for pair in pairs if not shown_on(seen.get(offer, ()), pair[0]).shows(pair[1]))
        if missing:
            found[offer] = missing
    return found


def _unsure(known: Accepted, pairs: Pairs) -> Accepted:
    """With these stocks not known any more, unless others were sent since."""
    lost = set(pairs)
    return replace(known, stocks=tuple((house, UNSURE_STOCK if (house, pieces) in lost else pieces) for house, pieces in known.stocks))
