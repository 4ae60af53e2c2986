"""Words both sides of the exchange with 1C share: what an upload is refused for, and what the journal is told."""

from enum import StrEnum


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
    LOCKED = "locked"
    WRONG_LOGIN = "wrong_login"
    NO_LOGIN = "no_login"
    UNKNOWN_MODE = "unknown_mode"
    UNKNOWN_ADDRESS = "unknown_address"
    POST_NEEDED = "post_needed"
    NO_METHOD = "no_method"
    UNEXPECTED = "unexpected"


class ExchangeEvent(StrEnum):
    """What the journal is told of beside imports and orders. NOT_WHOLE: an export ended without all of its portions."""

    WRONG_LOGIN = "wrong_login"
    LOCKED = "locked"
    UPLOAD_LOST = "upload_lost"
    NOT_WHOLE = "not_whole"
