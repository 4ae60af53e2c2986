"""Words all sides of the exchange with 1C share: what is refused and why, and what the journal is told."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ExchangeAddress:
    """Where 1C finds the program. url: for programs of this computer; network: for others, "" = they are not let in."""

    url: str
    network: str = ""


class Refusal(StrEnum):
    """Why an upload or a step of an exchange is refused."""

    NAME = "name"
    CHUNK_TOO_LARGE = "chunk_too_large"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_FILES = "too_many_files"
    NO_ROOM = "no_room"
    EMPTY = "empty"
    BROKEN_ARCHIVE = "broken_archive"
    BOMB = "bomb"
    NOT_UPLOADED = "not_uploaded"
    NOT_WRITTEN = "not_written"
    OTHER_EXCHANGE = "other_exchange"
    REPLACED = "replaced"
    STOPPED = "stopped"
    LOCKED = "locked"
    WRONG_LOGIN = "wrong_login"
    NO_LOGIN = "no_login"
    UNKNOWN_MODE = "unknown_mode"
    UNKNOWN_ADDRESS = "unknown_address"
    POST_NEEDED = "post_needed"
    NO_METHOD = "no_method"
    UNEXPECTED = "unexpected"


class ExchangeEvent(StrEnum):
    """What the journal is told of beside imports and orders.

    NOT_WHOLE: an export ended without all of its portions; STOPPED: a person did not want it now.
    """

    WRONG_LOGIN = "wrong_login"
    LOCKED = "locked"
    UPLOAD_LOST = "upload_lost"
    NOT_WHOLE = "not_whole"
    STOPPED = "stopped"


class OrderFault(StrEnum):
    """Why 1C would refuse an order, and all that came with it."""

    NO_LINES = "no_lines"
    NO_KNOWN_LINES = "no_known_lines"
    NO_CURRENCY = "no_currency"
    TWO_CURRENCIES = "two_currencies"
    WRONG_NUMBER = "wrong_number"
    WRONG_QUANTITY = "wrong_quantity"
