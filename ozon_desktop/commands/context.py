"""What every command gets: the application, the chosen integration, the output, and finding things by name."""

import argparse
from dataclasses import dataclass

from ozon_desktop.application import Application
from ozon_desktop.commands.output import Output
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import NotFound


@dataclass(frozen=True, slots=True)
class Command:
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
