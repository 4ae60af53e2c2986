"""Lists read page by page while people change them: pages overlap, and whatever does not fit together is read again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from ozon_desktop.backoffice.moysklad.api import Api
from ozon_desktop.backoffice.moysklad.models import BadRow, Page, read_page, read_rows
from ozon_desktop.errors import BackOfficeAnswerUnreadable, BackOfficeFailed

LONGEST_PAGE, LONGEST_EXPANDED = 1000, 100
OVERLAP = 100
"""One row of so many is asked for again: the first of a page must be known from the page before."""
STEPS_BACK = 20
ROUNDS = 2
ALL = "archived=true;archived=false"
"""The filter without which lists are silent about what is archived."""


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=HasId)


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """New rows of one page. size: of the whole list, as the service counts it now."""

    good: list[Row]
    bad: list[BadRow]
    size: int


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """What is asked for. subject: in words; query: beside limit and offset; limit: at most 100 where something is expanded."""

    subject: str
    path: str
    shape: type[Row]
    query: Mapping[str, str]
    limit: int = LONGEST_PAGE
    headers: Mapping[str, str] | None = None


async def pages(api: Api, listing: Listing[Row]) -> AsyncIterator[Rows[Row]]:
    """The rows of a list, each once, page by page. BackOfficeError; BackOfficeFailed when it changes faster than it can be read."""
    reader = _Reader(api, listing)
    for _ in range(ROUNDS):
        async for rows in reader.round():
            yield rows
        if reader.is_whole:
            return
    raise BackOfficeFailed(listing.subject, detail="список меняется быстрее, чем читается")


async def every(api: Api, listing: Listing[Row]) -> list[Row]:
    """All readable rows of a short list. BackOfficeError."""
    return [row async for rows in pages(api, listing) for row in rows.good]


async def count(api: Api, listing: Listing[Row]) -> int:
    """How many rows the list has. BackOfficeError."""
    body = await api.get(listing.subject, listing.path, {**listing.query, "limit": 1}, listing.headers)
    return read_page(listing.subject, body).meta.size


class _Reader(Generic[Row]):
    def __init__(self, api: Api, listing: Listing[Row]) -> None:
        self._api = api
        self._listing = listing
        self._decoder = msgspec.json.Decoder(listing.shape)
        self._seen: set[str] = set()
        self._nameless = 0
        self._size = 0

    @property
    def is_whole(self) -> bool:
        """Whether as many rows were seen as the list has: less means that rows moved past the reader."""
        return len(self._seen) + self._nameless >= self._size

    async def round(self) -> AsyncIterator[Rows[Row]]:
        """From the beginning to the end; rows known from an earlier round are not given again."""
        offset, steps, idle = 0, 0, 0
        self._nameless = 0
        while True:
            page = await self._page(offset)
            self._size = page.meta.size
            rows, first = await asyncio.to_thread(self._read, page)
            given = len(page.rows)
            if not given and offset < self._size:
                raise BackOfficeAnswerUnreadable(self._listing.subject, detail=f"страница {offset} пуста, хотя строк {self._size}")
            is_joined = not offset or not first or first in self._seen
            fresh = self._keep(rows)
            if fresh.good or fresh.bad:
                yield fresh
            if not is_joined and steps < STEPS_BACK:
                # Rows before it were deleted meanwhile: what moved into their place was not read yet.
                steps += 1
                offset = max(0, offset - self._listing.limit // 2)
                continue
            if offset + given >= self._size and page.meta.next_href is None:
                return
            idle = 0 if fresh.good or fresh.bad else idle + 1
            if idle > ROUNDS:
                raise BackOfficeAnswerUnreadable(self._listing.subject, detail="страницы повторяются")
            offset += max(1, given - self._listing.limit // OVERLAP)

    async def _page(self, offset: int) -> Page:
        listing = self._listing
        query: dict[str, str | int] = {**listing.query, "limit": listing.limit, "offset": offset}
        return read_page(listing.subject, await self._api.get(listing.subject, listing.path, query, listing.headers))

    def _read(self, page: Page) -> tuple[Rows[Row], str]:
        """The rows of the page and the id of the first, "" when that cannot be read."""
        good, bad = read_rows(page.rows, self._decoder)
        first = read_rows(page.rows[:1], self._decoder)
        ids = [row.id for row in first[0]] + [row.id for row in first[1]]
        return Rows(good, bad, page.meta.size), ids[0] if ids else ""

    def _keep(self, rows: Rows[Row]) -> Rows[Row]:
        """Those not seen before."""
        good = [row for row in rows.good if row.id not in self._seen]
        bad = [row for row in rows.bad if not row.id or row.id not in self._seen]
        self._seen.update(row.id for row in good)
        self._seen.update(row.id for row in bad if row.id)
        self._nameless += sum(not row.id for row in bad)
        return Rows(good, bad, rows.size)
