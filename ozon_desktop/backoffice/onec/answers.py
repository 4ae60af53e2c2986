"""Answers as 1C's own clients read them, byte for byte: the first line decides, lines end with LF, and nothing follows the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

COOKIE = "ozon_exchange"
SCHEMA_VERSION = "2.09"
XML_START = b"<?xml"


class AnswerCharset(StrEnum):
    """Old clients read an answer without a byte order mark as windows-1251; Bitrix' module wants UTF-8."""

    WINDOWS_1251 = "windows-1251"
    UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """challenge: the client is asked for login and password."""

    body: bytes
    status: int = 200
    content_type: str = "text/plain; charset=windows-1251"

    @property
    def challenge(self) -> bool:
        return self.status == 401


class Answers:
    """Answers in one charset."""

    def __init__(self, charset: AnswerCharset = AnswerCharset.WINDOWS_1251) -> None:
        self._charset = charset

    def lines(self, first: str, *more: str, status: int = 200) -> Answer:
        """first: ASCII, so that any charset reads it."""
        # What windows-1251 lacks becomes «?»: these are words for a person.
        body = "\n".join((first, *more)).encode(self._charset, "replace")
        return Answer(body, status, f"text/plain; charset={self._charset}")

    def success(self, text: str = "") -> Answer:
        """Without a text it is one line: a second one is taken for a message."""
        return self.lines("success", *([text] if text else []))

    def failure(self, text: str, status: int = 200) -> Answer:
        """1C shows the whole answer to its user: the text is our only way to explain."""
        return self.lines("failure", text, status=status)

    def progress(self, text: str) -> Answer:
        return self.lines("progress", text)

    def session(self, token: str, extra: Sequence[str] = ()) -> Answer:
        """extra: fourth and fifth line, for Bitrix' module alone."""
        return self.lines("success", COOKIE, token, *extra)

    def limits(self, file_limit: int, extra: Sequence[str] = ()) -> Answer:
        """Two lines and no more, or 1C refuses the whole upload. extra: for clients that have named their version."""
        return self.lines("zip=no", f"file_limit={file_limit}", *extra)

    @staticmethod
    def document(xml: bytes, charset: AnswerCharset) -> Answer:
        """xml: declares the charset it is in."""
        assert xml.startswith(XML_START), "1C refuses whatever begins otherwise"
        return Answer(xml, 200, f"text/xml; charset={charset}")
