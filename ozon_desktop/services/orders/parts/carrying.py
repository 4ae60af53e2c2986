"""Handing parcels over: a carriage of one delivery method, its postings, its approval, its documents.

A carriage is never made without its method: Ozon would take everything there is.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from ozon_desktop.domain.fbs import ActionAsked, ActionEnd, CarriageMethod, FbsAction
from ozon_desktop.errors import AppError, PostingUnknown, WrongInput
from ozon_desktop.services.orders.desk_view import CarriageDone
from ozon_desktop.services.orders.parts.ladder import Ladder
from ozon_desktop.services.shared import put_file


class Carrying:
    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder

    async def methods(self) -> list[CarriageMethod]:
        return await self._ladder.fbs.carriage_methods()

    async def gather(self, method_id: int, numbers: Sequence[str] = ()) -> CarriageDone:
        """The open carriage of a delivery method, made where there is none; with exactly these postings when they are named.

        WrongInput when the method has nothing to hand over.
        """
        ladder = self._ladder
        method = next((one for one in await self.methods() if one.method_id == method_id), None)
        if method is None:
            raise WrongInput(str(method_id), detail="у этого способа доставки нечего отгружать")
        carriage_id = method.carriage_id or await self._create(method_id)
        if not numbers:
            return CarriageDone(carriage_id)
        intent = await ladder.begin(FbsAction.CARRIAGE_POSTINGS, str(carriage_id), ActionAsked(numbers=tuple(numbers)))
        try:
            answers = await ladder.fbs.set_carriage_postings(carriage_id, numbers)
        except AppError as error:
            await ladder.failed(intent, error)
            raise
        not_taken = tuple((one.posting_number, one.error) for one in answers if one.error)
        silent = set(numbers) - {one.posting_number for one in answers}
        not_taken += tuple((number, "нет ответа") for number in numbers if number in silent)
        taken = [number for number in numbers if number not in dict(not_taken)]
        await ladder.end(intent, ActionEnd.DONE, result=taken, seen=await ladder.read_all(taken))
        return CarriageDone(carriage_id, not_taken=not_taken)

    async def approve(self, carriage_id: int, file: Path | None = None) -> CarriageDone:
        """Closes the list of a carriage for good, then waits for its documents. file: where they go."""
        ladder = self._ladder
        if await ladder.just_done(FbsAction.APPROVE, str(carriage_id)) is not None:
            return await self.documents(carriage_id, file)
        intent = await ladder.begin(FbsAction.APPROVE, str(carriage_id))
        try:
            await ladder.fbs.approve_carriage(carriage_id)
        except AppError as error:
            await ladder.failed(intent, error)
            raise
        await ladder.end(intent, ActionEnd.DONE)
        return await self.documents(carriage_id, file)

    async def documents(self, carriage_id: int, file: Path | None = None) -> CarriageDone:
        """The act, the barcode and the composition; without a file while Ozon still makes them."""
        ladder = self._ladder
        act = await ladder.fbs.act(carriage_id)
        for pause in ladder.patience.pauses(ladder.patience.act_s):
            if act.status != "in_process":
                break
            await ladder.sleep(pause)
            act = await ladder.fbs.act(carriage_id)
        await ladder.keep(await ladder.read_all(act.postings))
        if act.status != "ready":
            return CarriageDone(carriage_id, act)
        barcode = await ladder.fbs.act_barcode(carriage_id)
        if file is not None:
            await asyncio.to_thread(put_file, await ladder.fbs.act_pdf(carriage_id), file)
        return CarriageDone(carriage_id, act, barcode, file)

    async def cancel(self, carriage_id: int) -> str:
        """Takes a carriage that was not approved apart. Gives why it was not, "" = it was."""
        if await self._ladder.just_done(FbsAction.CANCEL_CARRIAGE, str(carriage_id)) is not None:
            return ""
        intent = await self._ladder.begin(FbsAction.CANCEL_CARRIAGE, str(carriage_id))
        try:
            words = await self._ladder.fbs.cancel_carriage(carriage_id)
        except AppError as error:
            await self._ladder.failed(intent, error)
            raise
        await self._ladder.end(intent, ActionEnd.REFUSED if words else ActionEnd.DONE, words)
        return words

    async def _create(self, method_id: int) -> int:
        ladder = self._ladder
        intent = await ladder.begin(FbsAction.CARRIAGE, str(method_id))
        try:
            carriage_id = await ladder.fbs.create_carriage(method_id, ladder.clock())
        except PostingUnknown as error:
            await ladder.failed(intent, error)
            raise WrongInput(str(method_id), detail="новых собранных отправлений нет") from error
        except AppError as error:
            await ladder.failed(intent, error)
            raise
        await ladder.end(intent, ActionEnd.DONE, result=[str(carriage_id)])
        return carriage_id
