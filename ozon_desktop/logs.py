"""The rotating log file, with keys redacted whatever writes them."""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

KEY_PATTERN = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
MASK = "********"
LOG_NAME = "ozon-desktop.log"
MAX_BYTES, BACKUPS = 1_000_000, 5


def redact(text: str) -> str:
    """The text with everything that looks like an API key masked."""
    return KEY_PATTERN.sub(MASK, text)


class RedactingFormatter(logging.Formatter):
    """Masks keys in the finished line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_logging(folder: Path, level: int = logging.INFO) -> RotatingFileHandler:
    """Sends the program's log to `folder`; the caller removes the handler at the end. OSError when the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / LOG_NAME, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("ozon_desktop")
    logger.setLevel(level)
    logger.addHandler(handler)
    return handler


def log_unexpected(error: BaseException, folder: Path) -> str:
    """Writes the trace of a mistake into the log of `folder`; gives the file, "" when it cannot be written."""
    try:
        handler = start_logging(folder)
        # Opened here, or a disk that is full would be a second trace on the terminal.
        handler.stream = handler._open()
    except OSError:
        return ""
    try:
        logging.getLogger("ozon_desktop").error("unexpected failure", exc_info=error)
    finally:
        stop_logging(handler)
    return handler.baseFilename


def stop_logging(handler: logging.Handler) -> None:
    """Takes the handler off again and closes its file."""
    logging.getLogger("ozon_desktop").removeHandler(handler)
    handler.close()
