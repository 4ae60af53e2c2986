"""Whatever writes to the log, no key arrives there: not in messages, not in tracebacks, not in the rotated files."""

import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from ozon_desktop.logs import BACKUPS, MASK, redact, start_logging, stop_logging

KEY = "7d4a1b2c-0f3e-4a5b-8c9d-e0f123456789"


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[RotatingFileHandler]:
    handler = start_logging(tmp_path / "logs", logging.DEBUG)
    yield handler
    stop_logging(handler)


def written(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((folder / "logs").iterdir()))


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        KEY.upper(),
        f"Api-Key: {KEY}",
        f"{{'Api-Key': '{KEY}'}}",
        f"key={KEY}&x=1",
        f"client-100500:{KEY}@host",
        f"api_key_{KEY}_end",
        f"ключ{KEY}.",
        f"{KEY} {KEY}",
    ],
)
def test_key_is_masked_wherever_it_stands(text: str) -> None:
    masked = redact(text)
    assert KEY not in masked.lower()
    assert MASK in masked


def test_other_texts_stay() -> None:
    text = "/v3/product/import 200 35 ms trace 0123456789abcdef0123456789abcdef, товар KR-1042, 2026-11-24"
    assert redact(text) == text


def test_message_and_arguments_are_redacted(handler: RotatingFileHandler, tmp_path: Path) -> None:
    logging.getLogger("ozon_desktop.somewhere").info("sent %s with %r", KEY, {"Api-Key": KEY})
    assert KEY not in written(tmp_path)
    assert f"sent {MASK} with" in written(tmp_path)


def test_traceback_is_redacted(handler: RotatingFileHandler, tmp_path: Path) -> None:
    try:
        try:
            raise ValueError(f"bad key {KEY}")
        except ValueError as error:
            raise RuntimeError(f"while sending {KEY}") from error
    except RuntimeError:
        logging.getLogger("ozon_desktop").exception("failed")
    text = written(tmp_path)
    assert KEY not in text
    assert f"ValueError: bad key {MASK}" in text
    assert f"RuntimeError: while sending {MASK}" in text


def test_rotated_files_are_few_and_redacted(handler: RotatingFileHandler, tmp_path: Path) -> None:
    handler.maxBytes = 2_000
    for number in range(300):
        logging.getLogger("ozon_desktop").warning("line %d of %s", number, KEY)
    assert len(list((tmp_path / "logs").iterdir())) == BACKUPS + 1
    assert KEY not in written(tmp_path)


def test_level_is_kept_and_the_handler_goes_away_again(tmp_path: Path) -> None:
    logger = logging.getLogger("ozon_desktop")
    before = list(logger.handlers)
    handler = start_logging(tmp_path / "logs")
    logger.debug("unseen")
    logger.info("seen")
    stop_logging(handler)
    logger.warning("after the end")
    assert logger.handlers == before
    assert "seen" in written(tmp_path)
    assert "unseen" not in written(tmp_path)
    assert "after the end" not in written(tmp_path)


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(OSError, match="logs"):
        start_logging(tmp_path / "logs")
