"""What the exchange needs of the rest of the program. Every call may be repeated after a kill, and changes nothing the second time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ozon_desktop.domain.onec_exchange import ExchangeEvent
from ozon_desktop.domain.progress import Progress

MOST_ORDERS = 100


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a file is before it is read. full: its catalogue or package says that it is the whole, though portions may follow.

    goods: it holds goods, prices or stocks at all, rather than orders, partners or units.
    """

    full: bool = False
    goods: bool = True


@dataclass(frozen=True, slots=True)
class GivenOrders:
    """Orders as one session was shown them. document: XML for 1C; receipt: the desk's own words of what they were; count: how many."""

    document: bytes
    receipt: object
    count: int = 0


class ExchangeDesk(Protocol):
    """The program behind the site. Methods raise AppError for what was expected to go wrong; its text is shown to the user of 1C."""

    async def look(self, path: Path) -> FileLook:
        """What an uploaded XML is. StoreFileError when it is none."""

    async def take_portion(self, path: Path, progress: Progress) -> str:
        """Takes what the file holds; what it does not mention stays. Gives what was taken, in words. StoreFileError, StorageError."""

    async def take_whole(self, paths: list[Path]) -> None:
        """Takes all portions of one export again, together: what none of them mentions is gone. StoreFileError, StorageError."""

    async def give_orders(self, most: int, encoding: str, *, contained: bool) -> GivenOrders:
        """The orders 1C has not confirmed, at most so many; a document without any when there are none, or they are held. StorageError.

        contained: as Bitrix' module wants them, each in a container.
        """

    async def confirm_orders(self, given: GivenOrders) -> None:
        """1C has what it was given. StorageError."""

    async def is_whole(self, path: Path) -> bool:
        """Whether the file has its end, or more chunks are to come. OSError."""

    async def take_documents(self, path: Path) -> str:
        """Takes how orders stand in 1C. Gives what was taken, in words. BrokenFile when the file is cut, StorageError."""

    async def reference(self, encoding: str) -> bytes:
        """The lists of statuses, for 1C's settings, as XML."""

    async def note(self, event: ExchangeEvent, subject: str, detail: str = "") -> None:
        """Tells the manager. subject: a peer's address or a file's name. Never raises."""

    async def exchanged(self) -> None:
        """Somebody got in: shown as the last contact. Never raises."""
