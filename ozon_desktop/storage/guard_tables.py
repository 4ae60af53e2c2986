"""Tables of what keeps a synchronization from doing harm: whether a cabinet may be sent to, what waits for a person, what to take back.

`store_absences` names products a full export did not mention, with the number of that import; `part` is the part of the export, or what a
take-over left to a person.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from ozon_desktop.domain.sync_plan import Accepted, FieldChange, PlanItem
from ozon_desktop.storage.columns import Json, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

LEFT_BEHIND, IN_DOUBT = "take_over", "doubt"
"""Parts of a take-over: what the source of before had and this one has not; what may be a product that is on Ozon already."""

sending_states = Table(
    "sending_states",
    metadata,
    of_integration(primary_key=True),
    Column("confirmed_at", UtcDateTime),
    Column("read_only", Boolean, nullable=False),
)

held_items = Table(
    "held_items",
    metadata,
    of_integration(primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("hold", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("changes", Json(tuple[FieldChange, ...]), nullable=False),
    Column("verdict", Text),
    Column("told", Boolean, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

# What a run was about to send, beside what Ozon held before; sent_at = of the run, so that old ones can be forgotten.
sent_values = Table(
    "sent_values",
    metadata,
    of_integration(primary_key=True),
    Column("run_id", BigInteger, primary_key=True, autoincrement=False),
    Column("offer_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("item", Json(PlanItem), nullable=False),
    Column("before", Json(Accepted), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Index(None, "sent_at"),
)

store_absences = Table(
    "store_absences",
    metadata,
    Column("product_id", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("import_number", BigInteger, nullable=False),
)
