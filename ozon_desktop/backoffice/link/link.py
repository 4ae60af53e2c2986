"""Fetches the file behind a link when it has changed: YML, CommerceML, a price list or a zip of them."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from ozon_desktop.backoffice.http import Limits, Reply, Web, checked_address, joined, origin, refusal
from ozon_desktop.backoffice.protocol import Pulled
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_connection import ConnectionCheck, StoreConnection
from ozon_desktop.errors import BackOfficeAnswerUnreadable, BackOfficeNotTrusted, FileNotReadable, WrongInput

REDIRECTS = 5
LARGEST = Limits(size=2 * 1024**3, deadline_s=1800.0)
BEGINNING = Limits(size=1024, deadline_s=60.0)
NOT_MODIFIED, PARTIAL = 304, 206
UNKNOWN_END = (
    "сервер не сообщает длину файла, и нельзя узнать, дошёл ли он целиком. Отдавайте прайс как YML, XLSX или в архиве ZIP "
    "либо настройте на сервере заголовок Content-Length"
)
ARCHIVES, OLD_WORKBOOK = (b"PK", b"\x1f\x8b"), b"\xd0\xcf\x11\xe0"
TEXT_TABLES = frozenset({".csv", ".tsv"})

_NAME = re.compile(r'filename\s*=\s*"?([^";]+)"?', re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w.\- ]+")
_SUFFIXES = {
    "application/zip": ".zip",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


class _Cursor(msgspec.Struct, omit_defaults=True):
    """What the last answer said of itself. address: the one that was asked; another file has a history of its own."""

    address: str = ""
    etag: str = ""
    last_modified: str = ""


class Link:
    """The file behind one address. password: "" where none is asked."""

    def __init__(self, web: Web, connection: StoreConnection, password: str) -> None:
        self._web = web
        self._address = checked_address(connection.address)
        self._login, self._password = connection.login, password

    async def probe(self) -> ConnectionCheck:
        """Asks for the beginning of the file. BackOfficeError."""
        reply = await self._follow(None, {"Range": "bytes=0-0"})
        if not reply.served:
            raise refusal(self._subject, reply.status)
        return ConnectionCheck(company=urlsplit(self._address).hostname or "")

    async def pull(self, cursor: str, folder: Path, progress: Progress) -> Pulled:
        """The file, nothing when the server says that it is the one of the cursor. BackOfficeError, FileNotReadable."""
        progress(ProgressUpdate(Stage.READING_FILE, detail=self._subject))
        known = _decoded(cursor)
        asked = {}
        if known.address == self._address:
            asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        into = folder / "file"
        reply = await self._follow(into, {name: value for name, value in asked.items() if value})
        if reply.status == NOT_MODIFIED and any(asked.values()):
            return Pulled(cursor)
        if not reply.served:
            raise refusal(self._subject, reply.status)
        if reply.status == PARTIAL:
            raise BackOfficeAnswerUnreadable(self._subject, detail="сервер отдал только часть файла")
        if into.stat().st_size == 0:
            raise BackOfficeAnswerUnreadable(self._subject, detail="файл пуст")
        path = folder / file_name(self._address, reply.headers)
        into.rename(path)
        if not reply.end_known and not _shows_its_end(path):
            raise BackOfficeAnswerUnreadable(self._subject, detail=UNKNOWN_END)
        next_ = _Cursor(self._address, reply.headers.get("etag", ""), _lasting_date(reply.headers))
        answered_at = _moment(reply.headers.get("date", ""))
        return Pulled(msgspec.json.encode(next_).decode(), files=(path,), made_at=_made_at(reply.headers), answered_at=answered_at)

    @property
    def _subject(self) -> str:
        """The address without what may be secret in it."""
        parts = urlsplit(self._address)
        return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"

    async def _follow(self, into: Path | None, headers: Mapping[str, str]) -> Reply:
        """The answer at the end of the redirects. The password goes to the origin it was given for alone, and never on from https."""
        address = self._address
        for _ in range(REDIRECTS + 1):
            sent = dict(headers)
            if origin(address) == origin(self._address):
                sent |= self._authorization()
            try:
                if into is None:
                    reply = await self._web.ask(self._subject, "GET", address, headers=sent, limits=BEGINNING, whole=False)
                else:
                    reply = await self._web.save(self._subject, address, into, headers=sent, limits=LARGEST)
            except OSError as error:
                raise FileNotReadable(str(into), detail=error.strerror or str(error)) from error
            if not reply.is_redirect:
                return reply
            before, address = address, self._next(address, reply.headers["location"])
            if before.startswith("https:") and not address.startswith("https:"):
                raise BackOfficeNotTrusted(self._subject, detail=address)
        raise BackOfficeAnswerUnreadable(self._subject, detail="адрес переводит с места на место без конца")

    def _next(self, address: str, location: str) -> str:
        try:
            return joined(address, location)
        except WrongInput as error:
            raise BackOfficeAnswerUnreadable(self._subject, detail=location) from error

    def _authorization(self) -> dict[str, str]:
        if not self._login:
            return {}
        pair = base64.b64encode(f"{self._login}:{self._password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}


def file_name(address: str, headers: Mapping[str, str]) -> str:
    """A safe name whose ending tells the readers what they need: as the server names the file, else as the address does."""
    named = _NAME.search(headers.get("content-disposition", ""))
    text = named.group(1) if named is not None else unquote(urlsplit(address).path).rpartition("/")[2]
    name = _UNSAFE.sub("_", text.replace("\\", "/").rpartition("/")[2]).strip(". ")[-100:] or "export"
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    return name if "." in name else name + _SUFFIXES.get(kind, ".xml")


def _shows_its_end(path: Path) -> bool:
    """Whether readers see by themselves that a file of this kind was cut: XML by its last tag, archives and workbooks by their last bytes.

    Of a text table any line may be the last one; of an old workbook nobody knows what a reader makes.
    """
    with path.open("rb") as file:
        first = file.read(len(OLD_WORKBOOK))
    return first.startswith(ARCHIVES) or (path.suffix.lower() not in TEXT_TABLES and first != OLD_WORKBOOK)


def _decoded(cursor: str) -> _Cursor:
    """An empty one for a text that is none."""
    try:
        return msgspec.json.decode(cursor, type=_Cursor) if cursor else _Cursor()
    except msgspec.DecodeError:
        return _Cursor()


def _lasting_date(headers: Mapping[str, str]) -> str:
    """Last-Modified, unless the file was written in the very second of the answer: another one of that second has the same date.

    RFC 9110, 8.8.2.2.
    """
    named = headers.get("last-modified", "")
    modified, answered = _moment(named), _moment(headers.get("date", ""))
    return "" if modified is not None and answered is not None and modified >= answered else named


def _made_at(headers: Mapping[str, str]) -> datetime | None:
    """When the file was made, by the server: never later than it answered."""
    return _moment(headers.get("last-modified", "")) or _moment(headers.get("date", ""))


def _moment(text: str) -> datetime | None:
    """A date of a header; None for a text that is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
