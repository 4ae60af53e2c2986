"""What every command gets: the application, the chosen integration, the output, and finding things by name."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from ozon_desktop.application import Application
from ozon_desktop.commands.output import Output
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import StoreCategory, category_paths, fold
from ozon_desktop.errors import Ambiguous, NotFound

SEPARATOR = " / "


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
    known = tuple(categories)
    paths = category_paths(known)
    exact = [category for category in known if category.id == text or _same_path(paths[category.id], text)]
    found = exact or [category for category in known if fold(category.name) == fold(text)]
    if not found:
        raise NotFound(text)
    if len(found) > 1:
        raise Ambiguous(text, detail="; ".join(SEPARATOR.join(paths[category.id]) for category in found[:5]))
    return found[0]


def find_type(tree: OzonTree, text: str) -> TypeKey:
    """A type by "category:type" ids, full path, the end of a path, or unique name. NotFound, Ambiguous."""
    try:
        key = TypeKey.parse(text)
    except ValueError:
        key = None
    if key is not None and key in tree.types:
        return key
    wanted = [fold(part) for part in text.split("/") if part.strip()]
    found = [key for key in tree.types if [fold(part) for part in tree.type_path(key)][-len(wanted) :] == wanted] if wanted else []
    usable = [key for key in found if tree.types[key].usable] or found
    if not usable:
        raise NotFound(text)
    if len(usable) > 1:
        raise Ambiguous(text, detail="; ".join(SEPARATOR.join(tree.type_path(key)) for key in usable[:5]))
    return usable[0]


def _same_path(path: tuple[str, ...], text: str) -> bool:
    return [fold(part) for part in path] == [fold(part) for part in text.split("/")]
