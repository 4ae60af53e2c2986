"""What is typed on the command line as an attribute and as its values."""

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import NotFound


def attribute_of(attributes: list[Attribute] | tuple[Attribute, ...], text: str) -> Attribute:
    """The attribute of this id or name. NotFound names the required ones."""
    for attribute in attributes:
        if str(attribute.id) == text or fold(attribute.name) == fold(text):
            return attribute
    raise NotFound(text, detail=", ".join(attribute.name for attribute in attributes if attribute.is_required))


async def values_of(command: Command, key: TypeKey, attribute: Attribute, text: str) -> Values:
    """Typed values; those of a dictionary are looked up in it. NotFound with near ones."""
    parts = [part.strip() for part in text.split(";") if part.strip()] if attribute.is_collection else [text.strip()]
    if not attribute.has_dictionary:
        return tuple((0, part) for part in parts if part)
    values = []
    for part in parts:
        if not part:
            continue
        search = await command.application.catalog.search_values(command.integration.id, key, attribute, part, limit=100)
        exact = next((value for value in search.values if fold(value.value) == fold(part) or str(value.id) == part), None)
        if exact is None:
            if search.partial and not search.online:
                # Ozon may have it: whoever reads the refusal must know that only a part was looked into.
                why = wording.values_found_text(found=False, partial=True, online=False, offline=search.offline)
                command.output.note(f"{attribute.name}: {why}")
            raise NotFound(f"{attribute.name}: {part}", detail="; ".join(value.value for value in search.values[:8]))
        values.append((exact.id, exact.value))
    return tuple(values)
