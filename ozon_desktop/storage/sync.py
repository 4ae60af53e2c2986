"""What Ozon last accepted, which Ozon article belongs to which product, and batches that are being sent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Executable, Row, delete, insert, select, update

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import Accepted, ActionKind
from ozon_desktop.storage.sql import batches, of_integration, prepared, upsert
from ozon_desktop.storage.tables import accepted_offers, cabinet_articles, intents, product_links

_NEW_INTENT = insert(intents).returning(intents.c.id)


class SyncRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accepted(self, integration_id: int) -> dict[str, Accepted]:
        """What Ozon last accepted, by offer_id."""
        return {row.offer_id: accepted_of(row) for row in of_integration(self._connection, accepted_offers, integration_id)}

    def states_of(self, integration_id: int, offer_ids: Iterable[str]) -> dict[str, tuple[str, tuple[ItemError, ...]]]:
        """(status as people read it, Ozon's errors) of these offer_ids, without the cards themselves."""
        table = accepted_offers.c
        found: dict[str, tuple[str, tuple[ItemError, ...]]] = {}
        for batch in batches(offer_ids):
            query = select(table.offer_id, table.status, table.status_name, table.errors)
            rows = self._connection.execute(query.where(table.integration_id == integration_id, table.offer_id.in_(batch)))
            found.update((row.offer_id, (row.status_name or row.status, row.errors)) for row in rows)
        return found

    def save_accepted(self, integration_id: int, accepted: Iterable[Accepted]) -> None:
        """Replaces what is known of these offer_ids."""
        for batch in batches(accepted):
            upsert(self._connection, accepted_offers, [_accepted_values(integration_id, item) for item in batch])

    def links(self, integration_id: int) -> dict[str, str]:
        """offer_id on Ozon by product id, for products that have another than the store gives: matched with a card, or by the rule of
        the cabinet."""
        found: dict[str, str] = {}
        for table in (cabinet_articles, product_links):
            found.update((row.product_id, row.offer_id) for row in of_integration(self._connection, table, integration_id))
        return found

    def link(self, integration_id: int, product_id: str) -> str | None:
        """The offer_id on Ozon of one product; None when it is the one the store gives."""
        for table in (product_links.c, cabinet_articles.c):
            query = select(table.offer_id).where(table.integration_id == integration_id, table.product_id == product_id)
            found: str | None = self._connection.execute(query).scalar_one_or_none()
            if found is not None:
                return found
        return None

    def linked_to(self, integration_id: int, offer_id: str) -> list[str]:
        """Ids of products that have this offer_id by a match or by the rule of the cabinet."""
        tables = (product_links.c, cabinet_articles.c)
        queries = [select(each.product_id).where(each.integration_id == integration_id, each.offer_id == offer_id) for each in tables]
        return list(dict.fromkeys(found for query in queries for found in self._connection.execute(query).scalars()))

    def save_link(self, integration_id: int, product_id: str, offer_id: str) -> None:
        """Sets or replaces the offer_id of a product."""
        upsert(self._connection, product_links, [{"integration_id": integration_id, "product_id": product_id, "offer_id": offer_id}])

    def open_intents(self, integration_id: int) -> list[Intent]:
        """Batches whose answer is not stored yet, oldest first."""
        return [
            Intent(row.id, row.integration_id, row.run_id, ActionKind(row.kind), row.payload, row.task_id, row.created_at)
            for row in of_integration(self._connection, intents, integration_id, "id")
        ]

    def add_intent(self, intent: Intent) -> int:
        """Stores a batch about to be sent (its own id is ignored) and gives its id."""
        values = {
            "integration_id": intent.integration_id,
            "run_id": intent.run_id,
            "kind": intent.kind,
            "payload": intent.payload,
            "task_id": intent.task_id,
            "created_at": intent.created_at,
        }
        added: int = self._connection.execute(_NEW_INTENT, values).scalar_one()
        return added

    def set_task(self, intent_id: int, task_id: int) -> None:
        """Remembers the import task Ozon opened for the batch."""
        self._connection.execute(update(intents).where(intents.c.id == intent_id).values(task_id=task_id))

    def close_intent(self, intent_id: int) -> None:
        """Forgets a batch whose answers are stored."""
        _without_intent(self._connection, intent_id)


@prepared
def _without_intent(intent_id: int) -> Executable:
    return delete(intents).where(intents.c.id == intent_id)


def _accepted_values(integration_id: int, item: Accepted) -> dict[str, Any]:
    return {
        "integration_id": integration_id,
        "offer_id": item.offer_id,
        "product_id": item.product_id,
        "payload": item.payload,
        "price": item.price,
        "stocks": item.stocks,
        "status": item.status,
        "status_name": item.status_name,
        "errors": item.errors,
        "refused": item.refused,
        "updated_at": item.updated_at,
        "archived": item.archived,
        "type_key": item.type_key,
        "old_price": item.old_price,
        "min_price": item.min_price,
        "adopted": item.adopted,
        # What is known changed, so the plan looks at the card again.
        "card_print": None,
    }


def accepted_of(row: Row[Any]) -> Accepted:
    """What a row of accepted_offers says."""
    return Accepted(
        row.offer_id,
        row.product_id,
        row.payload,
        row.price,
        row.stocks,
        row.status,
        row.status_name,
        row.errors,
        row.refused,
        row.updated_at,
        row.archived,
        row.type_key,
        row.old_price,
        row.min_price,
        row.adopted,
    )
