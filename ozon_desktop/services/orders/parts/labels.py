"""Labels of FBS postings as PDF: Ozon prints them in a task of its own, which is waited for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from ozon_desktop.domain.fbs_todo import TO_HAND_OVER, picking_order
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
ROUNDS = 4
AGAIN_S = 20.0
"""Between two askings for labels that are not ready: Ozon's help says 45 to 60 seconds after the assembling."""

NOT_READY = "aren't ready"
NONE_OF_THEM = "NO_POSTINGS_FOR_BATCH_DOWNLOAD"
NOT_PRINTED = "aren't printed"
"""A label that Ozon left out without a word, four times."""


class OrderLabels:
    """Prints labels."""

    def __init__(self, storage: Database, clients: Clients, sleep: Sleep = asyncio.sleep) -> None:
        self._storage = storage
        self._clients = clients
        self._sleep = sleep

    async def print(self, integration_id: int, posting_numbers: Sequence[str], path: Path, *, small: bool = False) -> LabelsPrinted:
        """Writes the labels into `path`, in the order of the picking list; beyond 100 postings into further files beside it.

        What was asked for and did not come is asked for again, and named when it does not come at all.

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
        order = [one.posting_number for one in picking_order([entry.posting for entry in known])]
        wanted.sort(key=order.index)
        files: list[Path] = []
        missing = list(wanted)
        for round_ in range(ROUNDS):
            printed, again = await self._print_round(client, missing, statuses, refused, path, files, small=small)
            missing = again
            if not again or round_ == ROUNDS - 1:
                break
            # Ozon prints a posting some time after its assembling, or leaves one out without a word.
            await self._sleep(AGAIN_S if not printed else FIRST_PAUSE_S)
        refused += [(number, label_refusal_text(NOT_PRINTED, statuses.get(number, ""))) for number in missing]
        if wanted and not files:
            raise RequestRefused(endpoints.LABELS.path, detail=no_label_reasons_text(refused), status=200)
        return LabelsPrinted(tuple(files), len(numbers) - len(refused), tuple(refused))

    async def _print_round(
        self,
        client: OzonClient,
        numbers: list[str],
        statuses: dict[str, str],
        refused: list[tuple[str, str]],
        path: Path,
        files: list[Path],
        *,
        small: bool,
    ) -> tuple[int, list[str]]:
        """Asks for these labels, a file for each hundred. Gives how many came, and which are to be asked for again."""
        size, came = endpoints.CREATE_LABELS.item_limit, 0
        again: list[str] = []
        for start in range(0, len(numbers), size):
            chunk = numbers[start : start + size]
            task = await self._printed(client, chunk, small=small)
            unprinted = dict(task.unprinted or (tuple((number, task.error) for number in chunk) if task.error else ()))
            later = [number for number, why in unprinted.items() if _comes_later(why, statuses.get(number, ""))]
            again += later
            refused += [(one, label_refusal_text(why, statuses.get(one, ""))) for one, why in unprinted.items() if one not in later]
            if task.error:
                continue
            expected = len(chunk) - len(unprinted)
            if task.printed is not None and task.printed < expected and expected > 1:
                # Which are in the file is not said: the halves tell.
                rest = [number for number in chunk if number not in unprinted]
                for half in (rest[: expected // 2], rest[expected // 2 :]):
                    more, missed = await self._print_round(client, half, statuses, refused, path, files, small=small)
                    came += more
                    again += missed
                continue
            if task.printed is not None and task.printed < expected:
                again += [number for number in chunk if number not in unprinted]
                continue
            files.append(await self._put(task, path, len(files)))
            came += expected
        return came, again

    async def _put(self, task: LabelTask, path: Path, place: int) -> Path:
        document = await download(task.url, endpoints.LABELS.path)
        if not document.startswith(b"%PDF"):
            raise UnexpectedAnswer(endpoints.LABELS.path, detail="the file of labels is no PDF", status=200)
        file = path if not place else path.with_stem(f"{path.stem}-{place + 1}")
        await asyncio.to_thread(put_file, document, file)
        return file

    async def _printed(self, client: OzonClient, numbers: list[str], *, small: bool) -> LabelTask:
        task_id = await client.create_labels(numbers, small=small)
        pause, waited = FIRST_PAUSE_S, 0.0
        while waited < PATIENCE_S:
            await self._sleep(pause)
            waited += pause
            task = await client.labels(task_id)
            if task.ready or task.error:
                return task
            pause = min(pause * 1.5, LONGEST_PAUSE_S)
        raise AnswerTimeout(endpoints.LABELS.path, sent=True)


def _comes_later(reason: str, status: str) -> bool:
    """Whether a label is only not ready yet. status: the last one known; an unassembled posting has no label however long one waits."""
    return status == TO_HAND_OVER and any(words in reason for words in (NOT_READY, NONE_OF_THEM))
