"""What all tables share: their metadata, and how a row belongs to an integration."""

from sqlalchemy import Column, ForeignKey, MetaData

from ozon_desktop.storage.columns import Serial

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def of_integration(*, primary_key: bool = False) -> Column[int]:
    """The column that names the integration a row belongs to; the row goes with it."""
    owner = ForeignKey("integrations.id", ondelete="CASCADE")
    return Column("integration_id", Serial, owner, primary_key=primary_key, nullable=False, index=not primary_key or None)
