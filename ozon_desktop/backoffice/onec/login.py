"""Who may exchange: login and password by Basic, and a pause for whoever guesses."""

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass

MOST_WRONG = 10
PAUSE_S = 600.0
MOST_PEERS = 1_000
"""Peers with wrong tries that are remembered; the one longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the manager typed into 1C, the password as a hash only."""

    login: str
    digest: bytes

    @classmethod
    def of(cls, login: str, password: str) -> "Credentials":
        return cls(login, _digest(password))

    def fit(self, login: str, password: str) -> bool:
        """Takes the same time whatever is wrong."""
        same_login = hmac.compare_digest(_digest(self.login), _digest(login))
        return hmac.compare_digest(self.digest, _digest(password)) and same_login


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def basic(header: str) -> list[tuple[str, str]]:
    """Login and password of an Authorization header, in each encoding they may be meant in; [] when there are none."""
    kind, _, packed = header.strip().partition(" ")
    if kind.casefold() != "basic":
        return []
    try:
        raw = base64.b64decode(packed.strip(), validate=True)
    except (binascii.Error, ValueError):
        return []
    found: list[tuple[str, str]] = []
    for encoding in ("utf-8", "cp1251"):
        try:
            login, colon, password = raw.decode(encoding).partition(":")
        except UnicodeDecodeError:
            continue
        if colon and (login, password) not in found:
            found.append((login, password))
    return found


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    until: float = 0.0


class Pauses:
    """Counts wrong tries of each peer; after `MOST_WRONG` in a row it has to wait. Times in seconds of any steady clock."""

    def __init__(self, most_wrong: int = MOST_WRONG, pause_s: float = PAUSE_S) -> None:
        self._most_wrong = most_wrong
        self._pause_s = pause_s
        self._peers: OrderedDict[str, _Tries] = OrderedDict()

    def left_s(self, peer: str, now: float) -> float:
        """How long the peer still waits; 0 = it may try."""
        tries = self._peers.get(peer)
        return max(tries.until - now, 0.0) if tries is not None else 0.0

    def wrong(self, peer: str, now: float) -> tuple[int, bool]:
        """Counts one; gives how many there were, and whether the pause begins with it."""
        tries = self._peers.pop(peer, _Tries())
        if tries.until and tries.until <= now:
            tries = _Tries()
        tries.wrong += 1
        begins = tries.wrong >= self._most_wrong
        if begins:
            tries.until = now + self._pause_s
        self._peers[peer] = tries
        while len(self._peers) > MOST_PEERS:
            self._peers.popitem(last=False)
        return tries.wrong, begins

    def right(self, peer: str) -> None:
        self._peers.pop(peer, None)
