"""Exports spoilt at random, from a seed: some as shops' programs spoil them, so that nothing is lost, some beyond repair."""

import codecs
from collections.abc import Callable
from pathlib import Path
from random import Random

from ozon_desktop.domain.import_problems import ImportProblem
from ozon_desktop.domain.store_catalog import StoreRecord
from ozon_desktop.errors import StoreFileError, UnknownFormat
from ozon_desktop.store.source import open_source

Mutation = Callable[[Random, str], bytes]


def _inside(random: Random, text: str, sign: str) -> str:
    """The text with a sign put behind some tag's end, where text stands."""
    places = [number for number, each in enumerate(text) if each == ">" and not text.startswith(("<", "\n"), number + 1)]
    place = random.choice(places[1:-1]) + 1
    return text[:place] + sign + text[place:]


def _declared(text: str, name: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>{text.partition("?>")[2]}'


HARMLESS: dict[str, Mutation] = {
    "blank line first": lambda random, text: ("\n" * random.randint(1, 3) + text).encode(),
    "marks first": lambda random, text: codecs.BOM_UTF8 * random.randint(1, 3) + text.encode(),
    "control character": lambda random, text: _inside(random, text, random.choice("\x00\x01\x0b\x1f")).encode(),
    "its reference": lambda random, text: _inside(random, text, random.choice(["&#0;", "&#x1f;", "&#11;"])).encode(),
    "comment": lambda random, text: _inside(random, text, "<!-- & -->".replace("&", "и")).encode(),
    "encoding named wrongly": lambda random, text: _declared(text, random.choice(["windows-1251", "utf-16", "ANSI", "нет"])).encode(),
    "windows-1251 under another name": lambda random, text: _declared(text, random.choice(["utf-8", "ANSI", "cp-1251"])).encode("cp1251"),
    "utf-16": lambda random, text: text.encode(random.choice(["utf-16", "utf-16-le", "utf-16-be"])),
    "line ends": lambda random, text: text.replace("\n", "\r\n").encode(),
}
TOKENS = (
    *(b"&", b"<", b">", b"]]>", b"<![CDATA[", b"&nbsp;", b"\x00", b"\xff", b"\xd0"),
    *(b"<!--", b"-->", b'"', b"<b>", b"</b>", b"1,234", b"-"),
)


def spoil(random: Random, data: bytes) -> bytes:
    """A few random changes, each of which may break anything."""
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(data))
        match random.randrange(4):
            case 0:
                data = data[:place] + data[place + random.randint(1, 40) :]
            case 1:
                data = data[:place] + random.choice(TOKENS) + data[place:]
            case 2:
                data = data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]
            case _:
                other = random.randrange(len(data))
                data = data[:place] + data[other : other + random.randint(1, 200)] + data[place:]
    return data or b" "


def facts(path: Path) -> list[StoreRecord]:
    """What an export says, without remarks on how it is written."""
    return [record for record in open_source(path).read(path) if not isinstance(record, ImportProblem)]


def outcome(path: Path) -> list[StoreRecord] | StoreFileError:
    """The facts, or the refusal; a refusal that names no place raises AssertionError, anything else what it raises."""
    try:
        return facts(path)
    except StoreFileError as error:
        if not error.line and not isinstance(error, UnknownFormat):
            raise AssertionError(f"{error!r} has no line") from error
        return error
