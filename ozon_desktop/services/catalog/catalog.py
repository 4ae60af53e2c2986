"""Ozon's catalogue: base categories, child categories, the settings of types, and search in dictionary values."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.journal import RunKind, RunProblem
from ozon_desktop.domain.ozon_catalog import (
    Attribute,
    DictionaryKey,
    DictionaryState,
    DictionaryValue,
    OzonCategory,
    OzonTree,
    OzonType,
    TypeKey,
)
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.tree_changes import TreeChange, base_changes, tree_changes
from ozon_desktop.errors import NetworkError, NotFound, NotPossibleYet, OzonError, SecretStoreError, UnexpectedAnswer
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.catalog.parts.collection import FRESH_FOR, SettingsCollection
from ozon_desktop.services.catalog.tree_history import LastChanges, concerned_mappings, last_changes, remember_changes
from ozon_desktop.services.catalog.view import FetchResult, SettingsResult, TypeDetails, ValueSearch
from ozon_desktop.services.runs.journalled import Journalled, RunReport
from ozon_desktop.services.runs.leases import Held
from ozon_desktop.services.shared import Clients, Clock, Revision, check_possible
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line

VALUES_TRIED = 100
NEAR_NAMED = 8
OnPartialSearch = Callable[[Attribute, ValueSearch], object]
"""Hears of a value that was looked for in a part of a dictionary only."""


class CatalogService:
    """Fetches Ozon's catalogue into the cache and reads it from there."""

    def __init__(
        self,
        storage: Database,
        clients: Clients,
        clock: Clock,
        revision: Revision,
        journalled: Journalled,
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._journalled = journalled

    async def fetch_base(self, integration_id: int, progress: Progress) -> FetchResult:
        """Asks for the base categories. NotPossibleYet, OzonError, NetworkError."""
        await self._storage.run(lambda unit: check_possible(unit, Action.FETCH_BASE, integration_id))
        return await self._journalled_fetch(integration_id, lambda: self._fetch_base(integration_id, progress))

    async def _fetch_base(self, integration_id: int, progress: Progress) -> FetchResult:
        progress(ProgressUpdate(Stage.BASE_CATEGORIES))
        client = await self._clients.client(integration_id)
        categories, _ = await self._ask_tree(client)
        bases = [category for category in categories if category.parent_id is None]

        def work(unit: UnitOfWork) -> tuple[tuple[TreeChange, ...], int]:
            before = unit.ozon.tree()
            unit.ozon.save_base(bases)
            # What lay below a base category that is gone can be used no more either.
            unit.ozon.save_children({base.id for base in before.base} - {base.id for base in bases}, [], [])
            integration = unit.integrations.get(integration_id)
            kept = integration.selected_base_ids & {base.id for base in bases}
            unit.integrations.save(replace(integration, base_fetched_at=self._clock(), selected_base_ids=kept))
            return self._kept_changes(unit, integration_id, before, None)

        changes, concerned = await self._storage.run(work)
        self._revision.bump()
        progress(ProgressUpdate(Stage.BASE_CATEGORIES, len(bases), len(bases)))
        return FetchResult(len(bases), 0, 0, client.requests_sent, changes, concerned)

    async def fetch_children(self, integration_id: int, progress: Progress) -> FetchResult:
        """Asks for everything below the chosen base categories. NotPossibleYet, OzonError, NetworkError."""
        integration = await self._storage.run(lambda unit: check_possible(unit, Action.FETCH_CHILDREN, integration_id))
        return await self._journalled_fetch(integration_id, lambda: self._fetch_children(integration, progress))

    async def _journalled_fetch(self, integration_id: int, fetch: Callable[[], Awaitable[FetchResult]]) -> FetchResult:
        def report(result: FetchResult) -> RunReport:
            counts = (("bases", result.bases), ("categories", result.categories), ("types", result.types))
            return RunReport(tuple(pair for pair in counts if pair[1]), result.requests)

        return (await self._journalled.run(integration_id, RunKind.CATEGORIES, lambda _: fetch(), report)).result

    async def _fetch_children(self, integration: Integration, progress: Progress) -> FetchResult:
        integration_id = integration.id
        progress(ProgressUpdate(Stage.CHILD_CATEGORIES))
        client = await self._clients.client(integration_id)
        categories, types = await self._ask_tree(client)
        fetched = OzonTree.build(categories, types)
        # Chosen ones that Ozon has no more are saved as well: what lay below them is gone.
        chosen = sorted(integration.selected_base_ids)
        wanted = [base for base in chosen if base in fetched.categories]
        new_types = list(fetched.types_below(wanted))
        new_categories = [category for category in categories if category.parent_id is not None and fetched.base_of(category.id) in wanted]

        def work(unit: UnitOfWork) -> tuple[tuple[TreeChange, ...], int]:
            before = unit.ozon.tree()
            unit.ozon.save_children(chosen, new_categories, new_types)
            unit.integrations.save(replace(unit.integrations.get(integration_id), children_fetched_at=self._clock()))
            return self._kept_changes(unit, integration_id, before, chosen)

        changes, concerned = await self._storage.run(work)
        self._revision.bump()
        progress(ProgressUpdate(Stage.CHILD_CATEGORIES, len(new_categories), len(new_categories)))
        return FetchResult(len(wanted), len(new_categories), len(new_types), client.requests_sent, changes, concerned)

    async def _ask_tree(self, client: OzonClient) -> tuple[list[OzonCategory], list[OzonType]]:
        """Ozon's tree. UnexpectedAnswer when it is empty: taken as it is, it would make every mapping useless."""
        categories, types = await client.category_tree()
        if not categories:
            raise UnexpectedAnswer("/v1/description-category/tree")
        return categories, types

    def _kept_changes(
        self, unit: UnitOfWork, integration_id: int, before: OzonTree, bases: list[int] | None
    ) -> tuple[tuple[TreeChange, ...], int]:
        """What is different since `before`, below these base categories or (None) of the base categories themselves; it is kept."""
        after = unit.ozon.tree()
        changes = base_changes(before, after) if bases is None else tree_changes(before, after, bases)
        remember_changes(unit, integration_id, changes, self._clock())
        return changes, concerned_mappings(unit, integration_id, after)

    async def last_changes(self, integration_id: int) -> LastChanges | None:
        """What the last refresh that changed anything changed; None = nothing has changed yet."""
        return await self._storage.run(lambda unit: last_changes(unit, integration_id))

    async def fetch_settings(
        self,
        integration_id: int,
        progress: Progress,
        keys: Sequence[TypeKey] | None = None,
        *,
        below: Sequence[int] | None = None,
        fresh_for: timedelta = FRESH_FOR,
    ) -> SettingsResult:
        """Collects attributes and values of the types below the chosen bases, below these categories, or of `keys`.

        What was fetched within `fresh_for` is not asked again, except for `keys`. One failing type does not stop the rest. NotPossibleYet;
        errors that concern every type (key, network) end the collection.
        """
        integration = await self._storage.run(lambda unit: check_possible(unit, Action.FETCH_SETTINGS, integration_id))

        begun: list[SettingsCollection] = []

        async def job(_: Held) -> SettingsResult:
            try:
                return await self._fetch_settings(integration, progress, keys, below, fresh_for, begun)
            finally:
                # What came is kept however it ends: nobody may go on with what was read before.
                self._revision.bump()

        def report(result: SettingsResult) -> RunReport:
            counts = (("types", result.types), ("attributes", result.attributes), ("values", result.values))
            problems = tuple(RunProblem("", path, type(error).__name__, error_line(error)) for path, error in result.failed)
            return RunReport(counts, result.requests, problems)

        def broke_off() -> RunReport:
            return report(begun[0].so_far) if begun else RunReport()

        return (await self._journalled.run(integration_id, RunKind.SETTINGS, job, report, broke_off=broke_off)).result

    async def _fetch_settings(
        self,
        integration: Integration,
        progress: Progress,
        keys: Sequence[TypeKey] | None,
        below: Sequence[int] | None,
        fresh_for: timedelta,
        begun: list[SettingsCollection],
    ) -> SettingsResult:
        """begun: gets the collection, so that it can be asked how far it came."""
        integration_id = integration.id
        client = await self._clients.client(integration_id)
        tree = await self.tree()
        if keys is None:
            places = sorted(integration.selected_base_ids) if below is None else below
            types = [type_ for type_ in tree.types_below(places) if type_.usable]
        else:
            types = [tree.types[key] for key in keys if key in tree.types]
        collection = SettingsCollection(self._storage, client, self._clock, tree, fresh_for)
        begun.append(collection)
        result = await collection.collect(types, progress, force=keys is not None)
        if keys is None and below is None:
            await self._storage.run(
                lambda unit: unit.integrations.save(replace(unit.integrations.get(integration_id), settings_fetched_at=self._clock()))
            )
        return result

    async def read_again(self, client: OzonClient, tree: OzonTree, types: Sequence[OzonType], progress: Progress) -> SettingsResult:
        """Collects these types however fresh they are, as part of another run."""
        return await SettingsCollection(self._storage, client, self._clock, tree).collect(types, progress, force=True)

    async def tree(self) -> OzonTree:
        return await self._storage.run(lambda unit: unit.ozon.tree())

    async def type_details(self, key: TypeKey) -> TypeDetails:
        """A type's attributes as cached. NotFound when the type is not in the cached tree."""

        def work(unit: UnitOfWork) -> TypeDetails:
            tree = unit.ozon.tree()
            if key not in tree.types:
                raise NotFound(str(key))
            attributes = sorted(unit.ozon.attributes(key), key=lambda attribute: not attribute.is_required)
            states = {
                attribute.id: state
                for attribute in attributes
                if attribute.has_dictionary and (state := unit.ozon.dictionary_state(DictionaryKey.of(attribute, key))) is not None
            }
            return TypeDetails(tree.types[key], tree.type_path(key), tuple(attributes), states)

        return await self._storage.run(work)

    async def search_values(self, integration_id: int, key: TypeKey, attribute: Attribute, text: str, *, limit: int = 50) -> ValueSearch:
        """Values of a dictionary attribute, from the cache, and from Ozon where the cache is partial. Never fails for want of a network."""
        dictionary = DictionaryKey.of(attribute, key)

        def cached(unit: UnitOfWork) -> tuple[list[DictionaryValue], DictionaryState | None]:
            return unit.ozon.search_values(dictionary, text, limit), unit.ozon.dictionary_state(dictionary)

        values, state = await self._storage.run(cached)
        partial = state is None or state.partial
        if not partial or len(text.strip()) < 2:
            return ValueSearch(tuple(values), partial, False)
        try:
            client = await self._clients.client(integration_id)
            found = await client.search_values(key, attribute.id, text.strip())
        except (NetworkError, OzonError, SecretStoreError, NotPossibleYet):
            # Offline the cache is all there is; the answer says that it is partial.
            return ValueSearch(tuple(values), True, False, offline=True)
        await self._storage.run(lambda unit: _remember(unit, dictionary, found, state, self._clock))
        known = {value.id for value in values}
        merged = [*values, *(value for value in found if value.id not in known)]
        return ValueSearch(tuple(merged[:limit]), True, True)

    async def find_value(
        self, integration_id: int, key: TypeKey, attribute: Attribute, text: str, on_partial: OnPartialSearch | None = None
    ) -> DictionaryValue:
        """The value of a dictionary attribute that is written like this, or has this id. NotFound with near ones.

        on_partial: called before the NotFound when only a part of the dictionary was looked into: Ozon may have the value.
        """
        search = await self.search_values(integration_id, key, attribute, text, limit=VALUES_TRIED)
        for value in search.values:
            if fold(value.value) == fold(text) or str(value.id) == text:
                return value
        if on_partial is not None and search.partial and not search.online:
            on_partial(attribute, search)
        raise NotFound(f"{attribute.name}: {text}", detail="; ".join(value.value for value in search.values[:NEAR_NAMED]))


def _remember(unit: UnitOfWork, key: DictionaryKey, found: list[DictionaryValue], state: DictionaryState | None, clock: Clock) -> None:
    unit.ozon.save_values(key, found)
    if state is None:
        unit.ozon.finish_dictionary(key, True, clock())
