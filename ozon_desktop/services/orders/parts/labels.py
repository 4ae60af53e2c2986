"""Labels of FBS postings as PDF: Ozon prints them in a task of its own, which is waited for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from ozon_desktop.domain.orders import LabelTask
from ozon_desktop.errors import AnswerTimeout, NotFound, RequestRefused, UnexpectedAnswer
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.files import download
from ozon_desktop.services.orders.view import LabelsPrinted
from ozon_desktop.services.shared import Clients, put_file
from ozon_desktop.storage.database import Database
from ozon_desktop.wording.orders import label_refusal_text, no_label_reasons_text

Sleep = Callable[[float], Awaitable[None]]
FIRST_PAUSE_S, LONGEST_PAUSE_S, PATIENCE_S = 1.0, 5.0, 120.0
MADE_OF = "fbo"


class OrderLabels:
    """Prints labels."""

    def __init__(self, storage: Database, clients: Clients, sleep: Sleep = asyncio.sleep) -> None:
        self._storage = storage
        self._clients = clients
        self._sleep = sleep

    async def print(self, integration_id: int, posting_numbers: Sequence[str], path: Path) -> LabelsPrinted:
        """Writes the labels into `path`; beyond 100 postings into further files beside it.

        NotFound for a number that is no known order. RequestRefused when Ozon prints none, with the reason in words as detail;
        AnswerTimeout when it takes longer than two minutes; FileNotReadable when the file cannot be written; other OzonError, NetworkError.
        """
        numbers = list(dict.fromkeys(posting_numbers))
        known = await self._storage.run(lambda unit: unit.orders.some(integration_id, numbers))
        schemes = {order.posting.posting_number: order.posting.scheme for order in known}
        statuses = {order.posting.posting_number: order.posting.status for order in known}
        for number in numbers:
            if number not in schemes:
                raise NotFound(number)
        wanted = [number for number in numbers if schemes[number] != MADE_OF]
        refused = [(number, "") for number in numbers if schemes[number] == MADE_OF]
        client = await self._clients.client(integration_id)
        files: list[Path] = []
        size = endpoints.CREATE_LABELS.item_limit
        for start in range(0, len(wanted), size):
            chunk = wanted[start : start + size]
            task = await self._printed(client, chunk)
            unprinted = task.unprinted or (tuple((number, task.error) for number in chunk) if task.error else ())
            refused += [(number, label_refusal_text(why, statuses.get(number, ""))) for number, why in unprinted]
            if task.error:
                continue
            document = await download(task.url, endpoints.LABELS.path)
            if not document.startswith(b"%PDF"):
                raise UnexpectedAnswer(endpoints.LABELS.path, detail="the file of labels is no PDF", status=200)
            file = path if start == 0 else path.with_stem(f"{path.stem}-{start // size + 1}")
            await asyncio.to_thread(put_file, document, file)
            files.append(file)
        if wanted and not files:
            raise RequestRefused(endpoints.LABELS.path, detail=no_label_reasons_text(refused), status=200)
        return LabelsPrinted(tuple(files), len(numbers) - len(refused), tuple(refused))

    async def _printed(self, client: OzonClient, numbers: list[str]) -> LabelTask:
        task_id = await client.create_labels(numbers)
        pause, waited = FIRST_PAUSE_S, 0.0
        while waited < PATIENCE_S:
            await self._sleep(pause)
            waited += pause
            task = await client.labels(task_id)
            if task.ready or task.error:
                return task
            pause = min(pause * 1.5, LONGEST_PAUSE_S)
        raise AnswerTimeout(endpoints.LABELS.path, sent=True)
