"""Sessions of 1C: it keeps no cookies of its own, opens a new session for every portion, and never closes one."""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ozon_desktop.backoffice.onec.answers import COOKIE
from ozon_desktop.backoffice.onec.area import Uploads
from ozon_desktop.backoffice.onec.desk import GivenOrders

IDLE_S = 3_600.0
BUSY_S = 180.0
"""A client waits so long for an answer at most: an exchange that is silent for longer holds up no other."""
SETTLED_S = 30.0
"""So long after its last request an exchange counts as open that has nothing left to do: УТ opens a session for every portion."""
MOST_REPLACED = 200


@dataclass(eq=False, slots=True)
class Session:
    """One login of one client. exchanging: it did more than log in; versioned: it has named the version of the format it speaks.

    given: orders it was shown and has not confirmed.
    """

    token: str
    peer: str
    type: str
    started: float
    seen: float
    uploads: Uploads
    exchanging: bool = False
    versioned: bool = False
    given: GivenOrders | None = None
    answered: dict[str, str] = field(default_factory=dict)
    """What was said of each file that was taken, by its name."""

    def is_busy(self, now: float) -> bool:
        unfinished = self.given is not None or bool(self.uploads.waiting())
        return self.exchanging and now - self.seen < (BUSY_S if unfinished else SETTLED_S)


class Sessions:
    """The sessions that are open, of each computer at most one for goods and one for orders. An exchange keeps other computers out."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Session] = {}
        self._replaced: OrderedDict[str, str] = OrderedDict()

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._open.values()))

    def by_token(self, token: str, peer: str) -> Session | None:
        """The open session of this token, if it is the peer's own."""
        return next((each for each in self._open.values() if each.peer == peer and hmac.compare_digest(each.token, token)), None)

    def of_peer(self, peer: str, type_: str) -> Session | None:
        """The session a client without a cookie means."""
        return self._open.get((peer, type_))

    def was_replaced(self, token: str, peer: str) -> bool:
        """Whether the peer itself has opened another session after this one."""
        return self._replaced.get(token) == peer

    def in_the_way(self, peer: str, now: float) -> Session | None:
        """An exchange of another computer that is under way."""
        return next((each for each in self._open.values() if each.peer != peer and each.is_busy(now)), None)

    def begin(self, peer: str, type_: str, now: float, uploads: Uploads) -> tuple[Session, Session | None]:
        """A new session, and the one whose place it takes."""
        before = self._open.get((peer, type_))
        if before is not None:
            self._replaced[before.token] = peer
            while len(self._replaced) > MOST_REPLACED:
                self._replaced.popitem(last=False)
        session = Session(secrets.token_hex(16), peer, type_, now, now, uploads)
        self._open[peer, type_] = session
        return session, before

    def end(self, session: Session) -> None:
        del self._open[session.peer, session.type]

    def idle(self, now: float) -> list[Session]:
        """Sessions nobody has used for an hour."""
        return [each for each in self._open.values() if now - each.seen >= IDLE_S]

    def busy(self, now: float) -> bool:
        return any(each.is_busy(now) for each in self._open.values())


def token_of(header: str) -> str:
    """Our token in a Cookie header, "" when there is none."""
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value.strip().strip('"')
    return ""
