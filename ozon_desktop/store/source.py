"""What a store source is, and how the right one is found for a file: by its content, never by its name alone."""

import gzip
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from ozon_desktop.domain.archives import LOCKED_ARCHIVE, MAX_ENTRIES, MAX_UNPACKED, is_bomb
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.store_catalog import StoreRecord
from ozon_desktop.errors import BrokenFile, FileNotReadable, StoreFileError, UnknownFormat, UnsafeFile
from ozon_desktop.store.commerceml import ROOT as COMMERCEML_ROOT
from ozon_desktop.store.commerceml import ROOTS as COMMERCEML_ROOTS
from ozon_desktop.store.commerceml import Book, read_commerceml
from ozon_desktop.store.price_list import read_price_list
from ozon_desktop.store.readable import Readable
from ozon_desktop.store.xml_stream import HeadedStream, looks_like_xml, root_name
from ozon_desktop.store.yml import ROOT as YML_ROOT
from ozon_desktop.store.yml import read_yml

_PARTS = re.compile(r"<(?:\w+:)?(Классификатор|Каталог|ПакетПредложений|ИзмененияПакетаПредложений)[\s/>]")

READING_STAGES = (
    ("groups", "properties", "pricelists", "storages", "units"),
    ("import", "goods"),
    ("offers",),
    ("prices",),
    ("rests",),
)
"""Beginnings of the names 1C gives the parts of one export, in the order they need each other."""

Opener = Callable[[HeadedStream, str, Book], Iterator[StoreRecord]]


class StoreSource(Protocol):
    def read(self, path: Path, book: Book | None = None) -> Iterator[StoreRecord]:
        """Streams the records in file order. book: what is known from the parts before.

        StoreFileError with file name, line, element and product when the file is bad.
        """
        ...


class XmlSource:
    """An XML export; the root element says which kind."""

    def read(self, path: Path, book: Book | None = None) -> Iterator[StoreRecord]:
        with opened(path) as stream:
            yield from _read_xml(HeadedStream(stream, path.name, lambda: opened(path)), path.name, book or Book())


class GzipSource:
    """An XML export packed by gzip."""

    def __init__(self, max_unpacked: int = MAX_UNPACKED) -> None:
        self._max_unpacked = max_unpacked

    def read(self, path: Path, book: Book | None = None) -> Iterator[StoreRecord]:
        """Streams the records of what is packed. UnsafeFile beyond the limits."""
        with self._unpacked(path) as stream:
            yield from _read_xml(HeadedStream(stream, path.name, partial(self._unpacked, path)), path.name, book or Book())

    @contextmanager
    def _unpacked(self, path: Path) -> Iterator[Readable]:
        with opened(path) as packed, gzip.open(packed) as stream:
            yield _Limited(cast(Readable, stream), path.name, self._max_unpacked, path.stat().st_size)


class PriceListSource:
    """A table whose columns are known by their headings."""

    def read(self, path: Path, book: Book | None = None) -> Iterator[StoreRecord]:
        """Streams a product for each row, or a variant where rows share an article. NoHeadings when there are none."""
        yield from read_price_list(path, (book or Book()).columns)


class ZipSource:
    """A zip with XML exports; parts of one export know each other's properties and price types."""

    def __init__(self, max_entries: int = MAX_ENTRIES, max_unpacked: int = MAX_UNPACKED) -> None:
        self._max_entries = max_entries
        self._max_unpacked = max_unpacked

    def read(self, path: Path, book: Book | None = None) -> Iterator[StoreRecord]:
        """Streams the records of all XML members, catalogues before offers. UnsafeFile beyond the limits."""
        with opened(path) as stream:
            try:
                with zipfile.ZipFile(stream) as archive:
                    yield from self._members(archive, path.name, book or Book())
            except zipfile.BadZipFile as error:
                raise BrokenFile(path.name, detail=str(error)) from error
            except LOCKED_ARCHIVE as error:
                raise FileNotReadable(path.name, detail=str(error)) from error

    def _members(self, archive: zipfile.ZipFile, name: str, book: Book) -> Iterator[StoreRecord]:
        entries = archive.infolist()
        if len(entries) > self._max_entries:
            raise UnsafeFile(name, detail=f"{len(entries)} > {self._max_entries}")
        members = sorted((entry for entry in entries if _is_export(entry)), key=lambda entry: _reading_order(entry.filename))
        if not members:
            raise UnknownFormat(name)
        if sum(entry.file_size for entry in members) > self._max_unpacked:
            raise UnsafeFile(name, detail=f"> {self._max_unpacked}")
        left, passed_over = self._max_unpacked, 0
        for entry in members:
            member_name = f"{name}/{entry.filename}"
            with archive.open(entry) as member:
                limited = _Limited(member, member_name, left, entry.compress_size)
                headed = HeadedStream(limited, member_name, partial(archive.open, entry))
                try:
                    yield from _read_xml(headed, member_name, book)
                except UnknownFormat as error:
                    # A folder of 1C holds counterparties and orders beside the goods.
                    if error.element != COMMERCEML_ROOT or (passed_over := passed_over + 1) == len(members):
                        raise
                    yield ImportProblem(ImportProblemKind.NO_GOODS, member_name)
                left -= limited.taken


class _Limited:
    """A member of a zip that may not unpack to more than allowed, whatever its header says."""

    def __init__(self, stream: Readable, name: str, limit: int, packed: int) -> None:
        self._stream = stream
        self._name = name
        self._limit = limit
        self._packed = packed
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.taken += len(data)
        if self.taken > self._limit or is_bomb(self.taken, self._packed):
            raise UnsafeFile(self._name, detail=f"> {self._limit}")
        return data


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file open for reading; FileNotReadable when it is missing, a folder, or not allowed."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise FileNotReadable(path.name, detail=error.strerror or str(error)) from error
    with stream:
        yield stream


def open_source(path: Path) -> StoreSource:
    """The source that reads this file. UnknownFormat when none does, FileNotReadable when it cannot be opened."""
    with opened(path) as stream:
        mark = _first_bytes(stream, path.name)
        if mark.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip_source(path)
        if mark.startswith(b"\x1f\x8b"):
            return GzipSource()
        if mark.startswith(b"\xd0\xcf\x11\xe0"):
            return PriceListSource()
        head = HeadedStream(stream, path.name, lambda: opened(path)).head
    if looks_like_xml(head):
        root = root_name(head, path.name)
        if root and root not in READERS:
            raise UnknownFormat(path.name, detail=root, line=1, element=root)
        return XmlSource()
    if path.suffix.lower() in {".xml", ".yml"}:
        # Its name promises XML: the reading then says that it is broken, and where.
        return XmlSource()
    if path.suffix.lower() in {".csv", ".tsv"}:
        return PriceListSource()
    raise UnknownFormat(path.name)


def _first_bytes(stream: BinaryIO, name: str) -> bytes:
    try:
        mark = stream.read(4)
        stream.seek(0)
    except OSError as error:
        raise FileNotReadable(name, detail=error.strerror or str(error)) from error
    return mark


def _zip_source(path: Path) -> StoreSource:
    with opened(path) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile as error:
            raise BrokenFile(path.name, detail=str(error)) from error
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names):
        return PriceListSource()
    return ZipSource()


def _is_export(entry: zipfile.ZipInfo) -> bool:
    hidden = entry.filename.startswith("__MACOSX/") or entry.filename.rpartition("/")[2].startswith(".")
    return not entry.is_dir() and not hidden and entry.filename.lower().endswith((".xml", ".yml"))


def in_reading_order(paths: Sequence[Path]) -> list[Path]:
    """The files of one import in the order they need each other: directories, goods, offers; what their texts say, then their names."""
    return sorted(paths, key=lambda path: (_stage(path), _reading_order(path.name)))


def _stage(path: Path) -> int:
    """0 for a file with a classifier, 1 with goods alone or of another kind, 2 with offers. An unreadable file says so when it is read."""
    try:
        with opened(path) as stream:
            if _first_bytes(stream, path.name).startswith((b"PK", b"\x1f\x8b")):
                return 1
            head = HeadedStream(stream, path.name, lambda: opened(path)).head.decode("utf-8", errors="ignore")
    except StoreFileError:
        return 1
    parts = {match.group(1) for match in _PARTS.finditer(head)}
    if parts == {"Классификатор"} or parts >= {"Классификатор", "Каталог"}:
        return 0
    return 1 if "Каталог" in parts or not parts else 2


def _reading_order(name: str) -> tuple[int, list[tuple[int, int | str]]]:
    """What others refer to first; numbers in names count as numbers (import0_2 before import0_10)."""
    base = name.rpartition("/")[2].lower()
    stage = next((rank for rank, starts in enumerate(READING_STAGES) if base.startswith(starts)), len(READING_STAGES))
    parts: list[tuple[int, int | str]] = []
    digits = ""
    for sign in [*base, ""]:
        if sign.isdecimal():
            digits += sign
            continue
        if digits:
            parts.append((0, int(digits)))
            digits = ""
        parts.append((1, sign))
    return stage, parts


def _read_xml(stream: HeadedStream, name: str, book: Book) -> Iterator[StoreRecord]:
    root = root_name(stream.head, name)
    reader = READERS.get(root or COMMERCEML_ROOT)
    if reader is None:
        raise UnknownFormat(name, detail=root, line=1, element=root)
    yield from reader(stream, name, book)
    yield from (ImportProblem(kind, name, line, written=written) for kind, line, written in stream.notes)


def _yml(stream: HeadedStream, name: str, book: Book) -> Iterator[StoreRecord]:
    return read_yml(stream, name, book.known)


READERS: dict[str, Opener] = {**dict.fromkeys(COMMERCEML_ROOTS, read_commerceml), YML_ROOT: _yml}
"""Reader of each kind of XML export by the local name of its root element."""
