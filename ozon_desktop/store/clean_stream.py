"""Makes of the bytes of an XML export UTF-8 that a strict parser can read, where that is certain: encoding, stray signs, HTML's entities.

Lines stay where they are: what is taken away holds no line end. What was changed is kept as notes.
"""

import codecs
import re
from functools import partial
from html.entities import html5
from typing import Final

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.errors import BrokenFile
from ozon_desktop.store.readable import Readable

CHUNK: Final = 64 * 1024
MAX_NOTES: Final = 100
"""Notes kept of one kind: a file that is spoilt in every line says so often enough."""
LONGEST_PROLOG: Final = 4096
LONGEST_LETTER: Final = 4
LONGEST_TOKEN: Final = 48
"""No entity, and no mark that opens or closes CDATA, is longer: as much is held back where a chunk ends."""

MIXED_ENCODINGS: Final = "encoding: mixed"
"""detail of BrokenFile where one part of a file is UTF-8 and another is not."""

UTF_8_BOM, CDATA_START, CDATA_END = codecs.BOM_UTF8, b"<![CDATA[", b"]]>"
DECLARATION = re.compile(rb"<\?xml\b[^<>]*>")
DECLARED_ENCODING = re.compile(rb"""encoding\s*=\s*["']?([^"'?>]*)""")
BLANK = b" \t\r\n"
HIGH = re.compile(rb"[\x80-\xff]")
UTF_8_LETTERS = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")
CONTROLS = bytes(code for code in range(32) if code not in {9, 10, 13})
NO_CHARACTERS = re.compile("\ufffe|\uffff".encode())
AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)(?:#([0-9]{1,12}|[xX][0-9a-fA-F]{1,12});|([A-Za-z][A-Za-z0-9]{0,39});)?")
UNFINISHED = re.compile(rb"&[#A-Za-z0-9]{0,40}\Z|<!?\[?[CDAT]{0,5}\Z|\]{1,2}\Z")
XML_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
ODD_NAMES = {"ansi": "cp1251", "win": "cp1251", "win1251": "cp1251", "windows1251": "cp1251", "cp1251": "cp1251", "1251": "cp1251"}
"""Names of encodings as shops write them, without signs and in small letters."""
WEAK_CODECS = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7"})
"""Encodings that a file may name while its bytes are Russian letters of windows-1251."""


class CleanStream:
    """The bytes of `stream` as UTF-8 without byte order marks, XML declaration and control characters.

    A bare «&» becomes «&amp;», an entity of HTML its character, an encoding declared wrongly what the bytes are; CDATA keeps its
    ampersands. name: of the file, for errors. BrokenFile when the bytes are text in no one encoding.
    """

    def __init__(self, stream: Readable, name: str) -> None:
        self.notes: list[tuple[ImportProblemKind, int, str]] = []
        self._stream = stream
        self._name = name
        self._line = 1
        self._started = False
        self._ended = False
        self._declared = ""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._decided = False
        self._against = False
        self._in_cdata = False
        self._held = b""
        self._ready = b""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes of clean UTF-8; empty at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._ready += self._next()
        if size < 0:
            size = len(self._ready)
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _next(self) -> bytes:
        raw = self._stream.read(CHUNK)
        self._ended = not raw
        if not self._started:
            self._started = True
            # An archive gives what it has: the declaration may come in pieces.
            while not self._ended and len(raw) < LONGEST_PROLOG:
                more = self._stream.read(CHUNK)
                self._ended = not more
                raw += more
            raw = self._without_prolog(raw)
        return self._clean(self._decoded(raw))

    # --- encoding ---------------------------------------------------------------------------------------------------

    def _without_prolog(self, raw: bytes) -> bytes:
        """The first bytes without marks, blanks and declaration, but with their line ends."""
        wide = _wide_codec(raw)
        if wide:
            self._decided = True
            self._decoder = codecs.getincrementaldecoder(wide)()
            raw = self._with(self._decoder, raw)
        start = 0
        while (raw[start : start + 1].strip(BLANK) == b"" and start < len(raw)) or raw.startswith(UTF_8_BOM, start):
            start += len(UTF_8_BOM) if raw.startswith(UTF_8_BOM, start) else 1
        declaration = DECLARATION.match(raw, start)
        if declaration is not None:
            named = DECLARED_ENCODING.search(declaration.group())
            self._declared = named.group(1).decode("latin-1").strip() if named is not None else ""
            start = declaration.end()
        rest = b"\n" * raw.count(b"\n", 0, start) + raw[start:]
        if not wide:
            return rest
        # Decoded already: it may not go through the decoder once more.
        self._held = rest
        return b""

    def _decoded(self, raw: bytes) -> bytes:
        if not self._decided and (high := HIGH.search(raw)) is not None:
            if high.start() > len(raw) - LONGEST_LETTER:
                # The first letter may be cut: more has to be seen.
                raw += self._stream.read(CHUNK)
            self._decide(raw)
        if self._decoder is None:
            return raw
        if self._against and HIGH.search(raw) and _is_utf_8(raw):
            raise self._unreadable(MIXED_ENCODINGS)
        return self._with(self._decoder, raw)

    def _with(self, decoder: codecs.IncrementalDecoder, raw: bytes) -> bytes:
        try:
            return decoder.decode(raw, self._ended).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            self._line += raw.count(b"\n", 0, error.start)
            raise self._unreadable(f"encoding: {error.encoding}") from error

    def _decide(self, raw: bytes) -> None:
        """What the first letters that are not ASCII say of the encoding; the declaration only where they leave it open."""
        self._decided = True
        declared = _codec(self._declared)
        if _is_utf_8(raw):
            if declared != "utf-8" and self._declared:
                self._note(ImportProblemKind.ENCODING, f"{self._declared} → utf-8")
            return
        codec = declared
        if declared is None or declared in WEAK_CODECS:
            codec = "cp1251" if _is_single_byte(raw) else "utf-8"
            if codec == "utf-8":
                return
            self._against = bool(self._declared)
            if self._declared:
                self._note(ImportProblemKind.ENCODING, f"{self._declared} → windows-1251")
        self._decoder = codecs.getincrementaldecoder(codec or "cp1251")()

    def _unreadable(self, detail: str) -> BrokenFile:
        return BrokenFile(self._name, detail=detail, line=self._line)

    # --- signs ------------------------------------------------------------------------------------------------------

    def _clean(self, data: bytes) -> bytes:
        data = self._held + data
        self._held = b""
        if not self._ended:
            unfinished = UNFINISHED.search(data, max(len(data) - LONGEST_TOKEN, 0))
            if unfinished is not None:
                data, self._held = data[: unfinished.start()], data[unfinished.start() :]
        bare = data.translate(None, CONTROLS)
        if len(bare) != len(data):
            self._note_controls(data)
            data = bare
        if NO_CHARACTERS.search(data):
            data = NO_CHARACTERS.sub(b"", data)
            self._note(ImportProblemKind.CONTROL_CHARACTERS, "U+FFFE")
        cleaned = self._without_bare_ampersands(data) if b"&" in data or self._in_cdata or CDATA_START in data else data
        self._line += data.count(b"\n")
        return cleaned

    def _note_controls(self, data: bytes) -> None:
        for number, line in enumerate(data.split(b"\n")):
            found = sorted(set(line) & set(CONTROLS))
            if found:
                self._note(ImportProblemKind.CONTROL_CHARACTERS, ", ".join(f"U+{code:04X}" for code in found), self._line + number)

    def _without_bare_ampersands(self, data: bytes) -> bytes:
        parts: list[bytes] = []
        position = 0
        while position < len(data):
            mark = CDATA_END if self._in_cdata else CDATA_START
            found = data.find(mark, position)
            end = len(data) if found < 0 else found + len(mark)
            part = data[position:end]
            if not self._in_cdata and b"&" in part:
                part = AMPERSAND.sub(partial(self._replaced, part, data.count(b"\n", 0, position)), part)
            parts.append(part)
            if found >= 0:
                self._in_cdata = not self._in_cdata
            position = end
        return b"".join(parts)

    def _replaced(self, part: bytes, before: int, match: re.Match[bytes]) -> bytes:
        number, name = match.groups()
        if number is not None:
            return self._numbered(match, number.decode("ascii"), part, before)
        if name is not None:
            character = html5.get(f"{name.decode('ascii')};")
            if character is not None:
                return "".join(XML_ENTITIES.get(sign, sign) for sign in character).encode()
            line = self._line + before + part.count(b"\n", 0, match.start())
            self._note(ImportProblemKind.UNKNOWN_ENTITY, match.group().decode("ascii"), line)
        return b"&amp;" + match.group()[1:]

    def _numbered(self, match: re.Match[bytes], number: str, part: bytes, before: int) -> bytes:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        if 0x80 <= code <= 0x9F:
            # HTML reads these as windows-1252: &#150; is a dash.
            try:
                return bytes([code]).decode("cp1252").encode()
            except UnicodeDecodeError:
                return match.group()
        if code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF:
            return match.group()
        line = self._line + before + part.count(b"\n", 0, match.start())
        self._note(ImportProblemKind.CONTROL_CHARACTERS, match.group().decode("ascii"), line)
        return b""

    def _note(self, kind: ImportProblemKind, text: str, line: int = 0) -> None:
        if sum(1 for note in self.notes if note[0] is kind) < MAX_NOTES:
            self.notes.append((kind, line or self._line, text))


def _wide_codec(raw: bytes) -> str:
    """UTF-16 by its byte order mark, or by the zeros around the first sign; "" for anything else."""
    if raw.startswith(codecs.BOM_UTF16_LE) or raw.startswith(codecs.BOM_UTF16_BE):
        return "utf-16"
    if raw[:2] == b"<\x00":
        return "utf-16-le"
    return "utf-16-be" if raw[:2] == b"\x00<" else ""


def _codec(declared: str) -> str | None:
    """Python's name of an encoding that a file declares; None for one nobody knows."""
    bare = re.sub(r"[^a-z0-9]", "", declared.casefold())
    if bare in ODD_NAMES:
        return ODD_NAMES[bare]
    try:
        return codecs.lookup(declared).name if declared else None
    except (LookupError, ValueError):
        return None


def _is_utf_8(raw: bytes) -> bool:
    """Whether it is UTF-8; its last letter may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _is_single_byte(raw: bytes) -> bool:
    """Whether letters are bytes: in UTF-8 with a spoilt letter nearly all others are whole, in windows-1251 hardly any looks so."""
    high = len(HIGH.findall(raw))
    whole = sum(len(found) for found in UTF_8_LETTERS.findall(raw))
    return whole * 10 < high
