"""Who is running what right now: a lease that its owner keeps renewing, and that runs out when the owner is killed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """One life of one process. machine: names the computer since its last start; a pid means something only there."""

    token: str
    host: str = ""
    user: str = ""
    machine: str = ""
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as stored. left_s: seconds until it runs out, ≤ 0 = it has; done of total (None = not known) of what is run.

    since: UTC, by the clock of the database.
    """

    name: str
    owner: Owner
    run_id: int
    since: datetime
    left_s: float
    stage: str = ""
    done: int = 0
    total: int | None = None


STORE_ORDERS_LEASE = "store:orders"
"""The lease of handing orders over to the connected store, of whichever cabinet."""

STORE_EXCHANGE_LEASE = "store:exchange"
"""The lease of an exchange that 1C has open: what is in the store may be half of what comes."""

STORE_PULL_LEASE = "store:pull"
"""The lease of taking goods from the connected store."""

STORE_CREATE_LEASE = "store:create"
"""The lease of making products in the connected store."""


def sync_lease(integration_id: int) -> str:
    """The lease of an integration's synchronization: whoever holds it is the only one to run it."""
    return f"sync:{integration_id}"


def orders_lease(integration_id: int) -> str:
    """The lease of fetching an integration's orders by the clock."""
    return f"orders:{integration_id}"


def fbs_lease(integration_id: int) -> str:
    """The lease of work on an integration's postings: whoever holds it is the only one to ask Ozon for it."""
    return f"fbs:{integration_id}"


def run_lease(token: str) -> str:
    """The lease of any other run, named like no other: it keeps nobody out, it only shows that the run is alive."""
    return f"run:{token}"
