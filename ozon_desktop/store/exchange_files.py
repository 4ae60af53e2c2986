"""What a file of an exchange is, before it is read: goods or something else, the whole of an export or changes."""

from dataclasses import dataclass
from pathlib import Path

from ozon_desktop.store.commerceml import PACKAGES, ROOT, is_full
from ozon_desktop.store.source import READERS, opened
from ozon_desktop.store.xml_stream import ElementStream, HeadedStream, local, parent_name, root_name

TAGS = ("Классификатор", "Каталог", *sorted(PACKAGES))


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """goods: it holds goods, categories, prices or stocks; full: it says that it is the whole, though portions may follow."""

    goods: bool
    full: bool


def look_at(path: Path) -> ExchangeFile:
    """Reads as far as the first catalogue or package begins. BrokenFile, UnsafeFile, FileNotReadable."""
    with opened(path) as stream:
        headed = HeadedStream(stream, path.name, lambda: opened(path))
        root = root_name(headed.head, path.name)
        if root and root not in READERS:
            return ExchangeFile(goods=False, full=False)
        if root not in {"", ROOT, *TAGS}:
            return ExchangeFile(goods=True, full=True)
        goods = False
        for event, element in ElementStream(headed, path.name, TAGS, frozenset(), ()):
            if event != "start" or parent_name(element) not in {"", ROOT}:
                continue
            goods, tag = True, local(element)
            if tag != "Классификатор":
                return ExchangeFile(goods=True, full=tag != "ИзмененияПакетаПредложений" and is_full(element))
        return ExchangeFile(goods, full=False)
