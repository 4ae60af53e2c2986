"""A desk that keeps a shop in memory, for tests of the protocol alone."""

import asyncio
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ozon_desktop.backoffice.onec.desk import FileLook, GivenOrders
from ozon_desktop.domain.onec_exchange import ExchangeEvent
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.errors import BrokenFile

ORDER = (
    "<Документ><Ид>{0}</Ид><Номер>{0}</Номер><ХозОперация>Заказ товара</ХозОперация><Валюта>RUB</Валюта><Контрагенты><Контрагент>"
    "<Наименование>Покупатель</Наименование></Контрагент></Контрагенты><Товары><Товар><Ид>p</Ид></Товар></Товары></Документ>"
)
FULL = re.compile(rb'"false"')


@dataclass
class MemoryDesk:
    """goods: ids by what the last portions and wholes said; hold: an event an import waits for."""

    goods: set[str] = field(default_factory=set)
    orders: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    portions: list[str] = field(default_factory=list)
    wholes: list[list[str]] = field(default_factory=list)
    events: list[tuple[ExchangeEvent, str, str]] = field(default_factory=list)
    contacts: int = 0
    hold: asyncio.Event | None = None
    began: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: Exception | None = None

    async def look(self, path: Path) -> FileLook:
        content = path.read_bytes()
        goods = any(word.encode() in content for word in ("<Каталог ", "<ПакетПредложений ", "<Классификатор>"))
        return FileLook(full=FULL.search(content) is not None, goods=goods)

    async def take_portion(self, path: Path, progress: Progress) -> str:
        progress(ProgressUpdate(Stage.READING_FILE, 500, None, path.name))
        self.began.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.trouble is not None:
            raise self.trouble
        self.goods |= ids_in(path)
        self.portions.append(path.name)
        return f"Загружено: {path.name}"

    async def take_whole(self, paths: list[Path]) -> None:
        if self.trouble is not None:
            raise self.trouble
        found: set[str] = set()
        for path in paths:
            found |= ids_in(path)
        self.goods = found
        self.wholes.append([path.name for path in paths])

    async def give_orders(self, most: int, encoding: str, *, contained: bool) -> GivenOrders:
        waiting = [number for number in self.orders if number not in self.confirmed][:most]
        written = (ORDER.format(number) for number in waiting)
        body = "".join(f"<Контейнер>{each}</Контейнер>" if contained else each for each in written)
        head = f'<?xml version="1.0" encoding="{encoding}"?><КоммерческаяИнформация>'
        return GivenOrders(f"{head}{body}</КоммерческаяИнформация>".encode(encoding), waiting, len(waiting))

    async def confirm_orders(self, given: GivenOrders) -> None:
        assert isinstance(given.receipt, list)
        self.confirmed += given.receipt

    async def is_whole(self, path: Path) -> bool:
        content = path.read_bytes()
        return zipfile.is_zipfile(path) if content.startswith(b"PK") else content.endswith("</КоммерческаяИнформация>".encode())

    async def take_documents(self, path: Path) -> str:
        try:
            root = etree.parse(path).getroot()
        except etree.XMLSyntaxError as error:
            raise BrokenFile(path.name) from error
        numbers = [str(number.text) for number in root.iter("{*}Номер")]
        self.documents += numbers
        return f"Заказов: {len(numbers)}" if numbers else ""

    async def reference(self, encoding: str) -> bytes:
        return b"<?xml version='1.0' encoding='windows-1251'?><a/>"

    async def note(self, event: ExchangeEvent, subject: str, detail: str = "") -> None:
        self.events.append((event, subject, detail))

    async def exchanged(self) -> None:
        self.contacts += 1


def ids_in(path: Path) -> set[str]:
    """Ids of goods in a file. BrokenFile."""
    try:
        root = etree.parse(path).getroot()
    except etree.XMLSyntaxError as error:
        raise BrokenFile(path.name, detail=str(error)) from error
    return {str(product.findtext("{*}Ид")) for product in root.iter("{*}Товар")}
