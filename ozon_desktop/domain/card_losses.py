"""What a card on Ozon would hold no more: the parts of an old value that its new value does not have.

A value that takes the place of another one is a change; what only goes, or gets shorter, is a loss.
"""

import re

from ozon_desktop.domain.cabinet import PdfFile
from ozon_desktop.domain.field_values import Values

_PIECES = re.compile(r"(?<=[.!?…;])\s+|<br\s*/?>|</?p>|</?li>|[\r\n]+", re.IGNORECASE)


def lost_items(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Of lists (pictures, barcodes): what is in the old one and not in the new one."""
    kept = set(new)
    return tuple(item for item in old if item not in kept)


def lost_files(old: tuple[PdfFile, ...], new: tuple[PdfFile, ...]) -> tuple[str, ...]:
    """Documents that go, by their names, or their addresses where they have none."""
    kept = {pdf.address for pdf in new}
    return tuple(pdf.name or pdf.address for pdf in old if pdf.address not in kept)


def lost_text(old: str, new: str) -> tuple[str, ...]:
    """Sentences and lines that go when a text vanishes or gets shorter; one that only changes loses nothing."""
    before, after = old.split(), new.split()
    if not before or len("".join(after)) >= len("".join(before)):
        return ()
    if not after:
        return (old.strip(),)
    whole = " ".join(after)
    gone = [plain for piece in _PIECES.split(old) if (plain := " ".join(piece.split())) and plain not in whole]
    return tuple(gone) or (old.strip(),)


def lost_values(old: Values, new: Values) -> tuple[str, ...]:
    """Of the values of one attribute: those that go from a list of several, all of them when it is emptied, what a text loses."""
    if len(old) == 1 and len(new) == 1:
        (old_id, old_text), (new_id, new_text) = old[0], new[0]
        return () if old_id or new_id else lost_text(old_text, new_text) if len(old_text.split()) > 1 or not new_text.strip() else ()
    ids = {value_id for value_id, _ in new if value_id}
    texts = {_plain(text) for _, text in new}
    return tuple(text or str(value_id) for value_id, text in old if not (value_id in ids if value_id else _plain(text) in texts))


def lost_size(old: int, new: int) -> tuple[str, ...]:
    """A size that is emptied."""
    return (str(old),) if old and not new else ()


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
