"""What was asked of Ozon with postings, before and after the answer, and the codes on their pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from ozon_desktop.domain.fbs import ActionEnd, FbsAction, FbsIntent, KeptMark, MarkState, Need
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.orders import CANCELLED
from ozon_desktop.storage.fbs_tables import fbs_actions, fbs_marks
from ozon_desktop.storage.order_tables import orders
from ozon_desktop.storage.sql import batches, upsert
from ozon_desktop.storage.tables import runs

TOLD = "told"


class FbsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- actions ----------------------------------------------------------------------------------------------------

    def begin(self, intents: Sequence[FbsIntent]) -> list[FbsIntent]:
        """Writes what is about to be asked; gives the same with their ids."""
        statement = insert(fbs_actions).returning(fbs_actions.c.id)
        return [replace(one, id=self._connection.execute(statement, _action_row(one)).scalar_one()) for one in intents]

    def end(self, intent: FbsIntent) -> None:
        """What became of it, as `end`, `detail`, `result` and `answered_at` say."""
        values = {"answered_at": intent.answered_at, "outcome": intent.end.value, "detail": intent.detail, "result": intent.result}
        self._connection.execute(update(fbs_actions).where(fbs_actions.c.id == intent.id).values(values))

    def open(self, integration_id: int) -> list[FbsIntent]:
        """What was asked for and never answered, oldest first."""
        table = fbs_actions.c
        query = select(fbs_actions).where(table.integration_id == integration_id, table.answered_at.is_(None)).order_by(table.id)
        return [_intent(row) for row in self._connection.execute(query)]

    def of_subject(self, integration_id: int, subject: str) -> list[FbsIntent]:
        """All that was ever done with it, oldest first."""
        table = fbs_actions.c
        query = select(fbs_actions).where(table.integration_id == integration_id, table.subject == subject).order_by(table.id)
        return [_intent(row) for row in self._connection.execute(query)]

    def untold(self, integration_id: int, action: FbsAction, subject: str, run_id: int) -> list[FbsIntent]:
        """What was done in runs that were cut short, so that nobody was told; not those of the run that asks."""
        table = fbs_actions.c
        cut = select(runs.c.id).where(runs.c.result.not_in((RunResult.DONE, RunResult.PARTIAL)), runs.c.id != run_id)
        same = (table.integration_id == integration_id, table.action == action.value, table.subject == subject)
        query = select(fbs_actions).where(*same, table.outcome == ActionEnd.DONE.value, table.detail != TOLD, table.run_id.in_(cut))
        return [_intent(row) for row in self._connection.execute(query.order_by(table.id))]

    def tell(self, intent: FbsIntent) -> None:
        """Whoever asked was told now."""
        self._connection.execute(update(fbs_actions).where(fbs_actions.c.id == intent.id).values(detail=TOLD))

    def of_kind(self, integration_id: int, action: FbsAction) -> list[FbsIntent]:
        """All of a kind, oldest first."""
        table = fbs_actions.c
        query = select(fbs_actions).where(table.integration_id == integration_id, table.action == action.value).order_by(table.id)
        return [_intent(row) for row in self._connection.execute(query)]

    # --- codes on pieces --------------------------------------------------------------------------------------------

    def marks(self, integration_id: int, posting_numbers: Iterable[str]) -> list[KeptMark]:
        """Those of these postings, by posting, SKU and piece."""
        table, found = fbs_marks.c, []
        for batch in batches(dict.fromkeys(posting_numbers)):
            query = select(fbs_marks).where(table.integration_id == integration_id, table.posting_number.in_(batch))
            query = query.order_by(table.posting_number, table.sku, table.piece, table.kind)
            found += [_mark(row) for row in self._connection.execute(query)]
        return found

    def put_marks(self, marks: Sequence[KeptMark]) -> None:
        """Keeps them; one of the same piece and kind is replaced."""
        upsert(self._connection, fbs_marks, [_mark_row(one) for one in marks])

    def drop_mark(self, mark: KeptMark) -> None:
        table = fbs_marks.c
        same = (table.integration_id == mark.integration_id, table.posting_number == mark.posting_number)
        piece = (table.sku == mark.sku, table.piece == mark.piece, table.kind == mark.kind.value)
        self._connection.execute(delete(fbs_marks).where(*same, *piece))

    def with_digest(self, integration_id: int, digest: str) -> list[KeptMark]:
        """Pieces that have this code, of postings that were not cancelled."""
        table = fbs_marks.c
        cancelled = select(orders.c.posting_number).where(orders.c.integration_id == integration_id, orders.c.status.in_(sorted(CANCELLED)))
        query = select(fbs_marks).where(
            table.integration_id == integration_id, table.digest == digest, table.posting_number.not_in(cancelled)
        )
        return [_mark(row) for row in self._connection.execute(query)]

    def forget_codes(self, before: datetime) -> int:
        """Leaves only the digests of parcels that left, or were cancelled, before a moment; gives how many codes were forgotten."""
        columns, table = orders.c, fbs_marks.c
        over = or_(columns.shipped_at < before, columns.status.in_(sorted(CANCELLED)) & (columns.seen_at < before))
        gone = select(columns.posting_number).where(columns.integration_id == table.integration_id, over)
        statement = update(fbs_marks).where(table.code.is_not(None), table.posting_number.in_(gone)).values(code=None)
        return self._connection.execute(statement).rowcount


def _action_row(intent: FbsIntent) -> dict[str, Any]:
    return {
        "integration_id": intent.integration_id,
        "run_id": intent.run_id,
        "action": intent.action.value,
        "subject": intent.subject,
        "asked": intent.asked,
        "who": intent.who,
        "asked_at": intent.asked_at,
        "answered_at": intent.answered_at,
        "outcome": intent.end.value,
        "detail": intent.detail,
        "result": intent.result,
    }


def _intent(row: Row[Any]) -> FbsIntent:
    return FbsIntent(
        row.id,
        row.integration_id,
        row.run_id,
        FbsAction(row.action),
        row.subject,
        row.asked,
        row.who,
        row.asked_at,
        row.answered_at,
        ActionEnd(row.outcome),
        row.detail,
        row.result,
    )


def _mark_row(mark: KeptMark) -> dict[str, Any]:
    return {
        "integration_id": mark.integration_id,
        "posting_number": mark.posting_number,
        "sku": mark.sku,
        "piece": mark.piece,
        "kind": mark.kind.value,
        "code": mark.code or None,
        "digest": mark.digest,
        "state": mark.state.value,
        "errors": mark.errors,
        "entered_at": mark.entered_at,
        "who": mark.who,
    }


def _mark(row: Row[Any]) -> KeptMark:
    return KeptMark(
        row.integration_id,
        row.posting_number,
        row.sku,
        row.piece,
        Need(row.kind),
        row.code or "",
        row.digest,
        MarkState(row.state),
        row.errors,
        row.entered_at,
        row.who,
    )
