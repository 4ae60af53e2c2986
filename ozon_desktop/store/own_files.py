"""How the program knows the files it wrote itself, CommerceML and tables, whatever they are called: they are no exports of the store."""

import zipfile
from pathlib import Path

from lxml import etree

from ozon_desktop.domain.archives import DAMAGED_ARCHIVE, LOCKED_ARCHIVE
from ozon_desktop.store.xml_stream import HEAD_SIZE, local

MARK = " Ozon Desktop "
"""The text of the comment before the root element of every file the program writes; readers pass over it."""


BOOK_PROPERTIES = "docProps/core.xml"
BOOK_MARK = {"comments": MARK.strip()}
"""Properties of every workbook the program writes."""


def mark() -> etree._Comment:
    """The comment, to be put before the root."""
    return etree.Comment(MARK)


def is_own(path: Path) -> bool:
    """Whether the program wrote this file, or it holds nothing but orders, as the files from before the mark. OSError."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_SIZE)
    if head.startswith(b"PK"):
        return _is_own_book(path)
    parser = etree.XMLPullParser(events=("start", "comment"), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        parser.feed(head)
    except etree.XMLSyntaxError:
        # No XML, or broken: the import says so.
        return False
    names: list[str] = []
    for event, node in parser.read_events():
        if event == "comment":
            if not names and str(node.text) == MARK:  # type: ignore[union-attr]
                return True
            continue
        names.append(local(node))  # type: ignore[arg-type]
        if len(names) == 2:
            break
    return names == ["КоммерческаяИнформация", "Документ"]


def _is_own_book(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as book, book.open(BOOK_PROPERTIES) as properties:
            return MARK.strip().encode() in properties.read(HEAD_SIZE)
    except (*DAMAGED_ARCHIVE, *LOCKED_ARCHIVE, KeyError):
        # No workbook, or a damaged one: the import says so.
        return False
