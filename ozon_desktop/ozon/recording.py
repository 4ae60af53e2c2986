"""Writes what Ozon was asked and what it answered into files for tests, without keys and personal data."""

import threading
from itertools import count
from pathlib import Path

import msgspec

from ozon_desktop.errors import WrongInput
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.scrubbing import Scrubber

PER_METHOD = 20


class Recording:
    """`Recording(folder)` is a `recorder` of the transport: each exchange makes one file `v4_posting_fbs_list-001.json`.

    A file is `{"method", "status", "request", "answer"}`; `answer` is null when it was no JSON. Headers are never seen here, so
    the key cannot get in. At most `per_method` files are written for a method (a collection of settings asks thousands of
    times), files of an earlier recording stay, numbers go on behind them. Raises WrongInput when the folder cannot be written.
    """

    def __init__(self, folder: Path, per_method: int = PER_METHOD) -> None:
        self._folder = folder
        self._per_method = per_method
        self._written: dict[str, int] = {}
        self._scrubber = Scrubber()
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongInput("--record", detail=f"{folder}: {error.strerror}") from error

    def __call__(self, endpoint: Endpoint, request: bytes, status: int, answer: bytes) -> None:
        """May be called from several threads at once."""
        with self._lock:
            written = self._written.get(endpoint.path, 0)
            if written >= self._per_method:
                return
            self._written[endpoint.path] = written + 1
            document = {
                "method": endpoint.path,
                "status": status,
                "request": self._scrubber.request(endpoint.path, _json(request)),
                "answer": self._scrubber.answer(endpoint.path, status, _json(answer)),
            }
            self._write(endpoint.path, msgspec.json.format(msgspec.json.encode(document), indent=1))

    def _write(self, path: str, content: bytes) -> None:
        stem = path.strip("/").replace("/", "_")
        for number in count(1):
            try:
                with (self._folder / f"{stem}-{number:03d}.json").open("xb") as file:
                    file.write(content + b"\n")
            except FileExistsError:
                continue
            except OSError as error:
                raise WrongInput("--record", detail=f"{self._folder}: {error.strerror}") from error
            return


def _json(body: bytes) -> object:
    """The decoded body; None for anything else, whose text could hold whatever."""
    try:
        decoded: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return decoded
