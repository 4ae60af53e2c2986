"""What every command gets: the application, the chosen integration, the output, and finding things by name."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from ozon_desktop.application import Application
from ozon_desktop.commands.output import Output
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import StoreCategory, fold
from ozon_desktop.errors import NotFound
from ozon_desktop.services.mapping.lookup import CategoryFinder, TypeFinder


@dataclass(frozen=True, slots=True)
class Command:
    """One call of a command."""

    args: argparse.Namespace
    application: Application
    integration: Integration
    output: Output


async def choose_integration(application: Application, name: str | None, *, create: bool = False) -> Integration:
    """The integration called `name`; without a name the only or first one. NotFound names the known ones."""
    known = await application.integrations.all()
    if name is None:
        return known[0]
    for integration in known:
        if fold(integration.name) == fold(name) or name == str(integration.settings.client_id or ""):
            return integration
    if create:
        return await application.integrations.add(name)
    raise NotFound(name, detail=", ".join(integration.name for integration in known))


def find_category(categories: Iterable[StoreCategory], text: str) -> StoreCategory:
    """A store category by id, full path or unique name. NotFound, Ambiguous."""
    return CategoryFinder(categories).find(text)


def find_type(tree: OzonTree, text: str) -> TypeKey:
    """A type by "category:type" ids, full path, the end of a path, or unique name. NotFound, Ambiguous."""
    return TypeFinder(tree).find(text)
