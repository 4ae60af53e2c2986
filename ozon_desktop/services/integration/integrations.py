"""The integration page: everything it shows in one read, saving, the switch, and the reference lists."""

from dataclasses import dataclass, replace
from datetime import datetime

from ozon_desktop.domain.integration import FieldProblem, Integration, IntegrationSettings, VatRate, parse_vat, settings_problems
from ozon_desktop.domain.ozon_catalog import OzonCategory
from ozon_desktop.domain.setup_guide import Action, Missing, StepState, checklist, missing_for
from ozon_desktop.domain.store_catalog import CatalogStructure, Employee, OrderDirection, Organization, PriceType, ReferenceKind
from ozon_desktop.errors import NotPossibleYet, WrongInput
from ozon_desktop.services.catalog.tree_history import changed_at
from ozon_desktop.services.secrets import SecretsService
from ozon_desktop.services.shared import Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

CLIENT_ID_LIMIT = 2**63 - 1
"""What Ozon's ids and the database hold."""


@dataclass(frozen=True, slots=True)
class IntegrationPage:
    """Everything the integration page shows.

    key_hint: the last four characters of the kept key, "" = none kept; tree_changed_at: when a refresh of Ozon's categories last
    changed something; vat_rates: all that the store's products state; read_only: nothing is sent to the cabinet.
    """

    integration: Integration
    structures: tuple[CatalogStructure, ...]
    directions: tuple[OrderDirection, ...]
    organizations: tuple[Organization, ...]
    employees: tuple[Employee, ...]
    price_types: tuple[PriceType, ...]
    bases: tuple[OzonCategory, ...]
    key_place: str
    key_hint: str
    checklist: tuple[StepState, ...]
    problems: dict[str, FieldProblem]
    missing: dict[Action, tuple[Missing, ...]]
    type_count: int
    settings_count: int
    value_count: int
    tree_changed_at: datetime | None = None
    vat_rates: frozenset[VatRate] = frozenset()
    read_only: bool = False

    @property
    def offers_vat_of_product(self) -> bool:
        """Whether there is anything to choose: the store's rates differ, or it was chosen already."""
        return len(self.vat_rates) > 1 or self.integration.settings.vat_of_product


class IntegrationsService:
    def __init__(self, storage: Database, secrets: SecretsService, revision: Revision) -> None:
        self._storage = storage
        self._secrets = secrets
        self._revision = revision

    async def all(self) -> list[Integration]:
        return await self._storage.run(lambda unit: unit.integrations.all())

    async def ensure_one(self) -> Integration:
        """The first integration, made when there is none: a new program starts with an empty page, not with a question."""

        def work(unit: UnitOfWork) -> Integration:
            known = unit.integrations.all()
            return known[0] if known else unit.integrations.add("Ozon")

        return await self._storage.run(work)

    async def add(self, name: str) -> Integration:
        """A new integration without settings. WrongInput for an empty or taken name."""
        cleaned = name.strip()
        if not cleaned:
            raise WrongInput("name", detail="empty")
        if any(known.name == cleaned for known in await self.all()):
            raise WrongInput("name", detail="taken")
        return await self._storage.run(lambda unit: unit.integrations.add(cleaned))

    async def rename(self, integration_id: int, name: str) -> Integration:
        """Changes the name. NotFound."""

        def work(unit: UnitOfWork) -> Integration:
            renamed = replace(unit.integrations.get(integration_id), name=name.strip() or "Ozon")
            unit.integrations.save(renamed)
            return renamed

        return await self._storage.run(work)

    async def page(self, integration_id: int) -> IntegrationPage:
        """Reads the page. NotFound; secret store errors."""
        integration = await self._storage.run(lambda unit: unit.integrations.get(integration_id))
        client_id = integration.settings.client_id
        key = await self._secrets.find(client_id) if client_id is not None else None
        if integration.has_key != bool(key):
            integration = replace(integration, has_key=bool(key))
        hint = key[-4:] if key and len(key) >= 12 else ""
        return await self._storage.run(lambda unit: _read_page(unit, integration, self._secrets.place, hint))

    async def save(self, integration_id: int, settings: IntegrationSettings, api_key: str | None) -> IntegrationPage:
        """Saves the page; api_key None = unchanged. WrongInput for a Client ID that is none, or a key without Client ID."""
        if settings.client_id is not None and not 0 < settings.client_id <= CLIENT_ID_LIMIT:
            raise WrongInput("client_id", detail="not_positive_integer")
        if api_key:
            if settings.client_id is None:
                raise WrongInput("client_id", detail="required")
            await self._secrets.keep(settings.client_id, api_key.strip())
        key = await self._secrets.find(settings.client_id) if settings.client_id is not None else None

        def work(unit: UnitOfWork) -> None:
            before = unit.integrations.get(integration_id)
            same_credentials = before.settings.client_id == settings.client_id and not api_key
            saved = replace(before, settings=settings, has_key=bool(key), connection=before.connection if same_credentials else None)
            if settings_problems(settings, bool(key)):
                saved = replace(saved, enabled=False)
            unit.integrations.save(saved)

        await self._storage.run(work)
        self._revision.bump()
        return await self.page(integration_id)

    async def set_enabled(self, integration_id: int, enabled: bool) -> IntegrationPage:
        """Switches the integration. NotPossibleYet names what is missing."""
        page = await self.page(integration_id)
        missing = page.missing[Action.ENABLE]
        if enabled and missing:
            raise NotPossibleYet("enable", missing=tuple(reason.value for reason in missing))
        await self._update(integration_id, enabled=enabled)
        return await self.page(integration_id)

    async def select_bases(self, integration_id: int, base_ids: frozenset[int]) -> IntegrationPage:
        await self._update(integration_id, selected_base_ids=base_ids)
        return await self.page(integration_id)

    async def _update(self, integration_id: int, **changes: object) -> None:
        def work(unit: UnitOfWork) -> None:
            unit.integrations.save(replace(unit.integrations.get(integration_id), **changes))  # type: ignore[arg-type]

        await self._storage.run(work)
        self._revision.bump()

    async def add_reference(self, kind: ReferenceKind, name: str) -> str:
        """Adds to a reference list ("organization" | "employee" | "direction"); gives the id. WrongInput for an empty name."""
        if not name.strip():
            raise WrongInput("name", detail="empty")
        return await self._storage.run(lambda unit: unit.store.add_reference(kind, name.strip()))

    async def rename_reference(self, kind: ReferenceKind, reference_id: str, name: str) -> None:
        """Renames an entry of a reference list. WrongInput for an empty name."""
        if not name.strip():
            raise WrongInput("name", detail="empty")
        await self._storage.run(lambda unit: unit.store.rename_reference(kind, reference_id, name.strip()))

    async def remove_reference(self, kind: ReferenceKind, reference_id: str) -> None:
        await self._storage.run(lambda unit: unit.store.remove_reference(kind, reference_id))


def _read_page(unit: UnitOfWork, integration: Integration, place: str, hint: str) -> IntegrationPage:
    tree = unit.ozon.tree()
    bases = tuple(base for base in tree.base if not base.gone)
    mapped = len(unit.mappings.keys(integration.id))
    below = [type_ for type_ in tree.types_below(integration.selected_base_ids) if type_.usable]
    return IntegrationPage(
        integration=integration,
        structures=tuple(unit.store.structures()),
        directions=tuple(unit.store.directions()),
        organizations=tuple(unit.store.organizations()),
        employees=tuple(unit.store.employees()),
        price_types=tuple(unit.store.price_types()),
        bases=bases,
        key_place=place,
        key_hint=hint,
        checklist=checklist(integration, len(bases), mapped),
        problems=settings_problems(integration.settings, integration.has_key),
        missing={action: missing_for(action, integration, mapped) for action in Action},
        type_count=len(below),
        settings_count=sum(1 for type_ in below if type_.settings_at is not None),
        value_count=unit.ozon.value_count(),
        tree_changed_at=changed_at(unit, integration.id),
        vat_rates=frozenset(rate for text in unit.store.vat_texts() if (rate := parse_vat(text)) is not None),
        read_only=unit.guards.is_read_only(integration.id),
    )
