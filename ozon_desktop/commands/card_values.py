"""What is typed on the command line as an attribute and as its values."""

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import NotFound
from ozon_desktop.services.catalog.catalog import OnPartialSearch
from ozon_desktop.services.catalog.view import ValueSearch


def attribute_of(attributes: list[Attribute] | tuple[Attribute, ...], text: str) -> Attribute:
    """The attribute of this id or name. NotFound names the required ones."""
    for attribute in attributes:
        if str(attribute.id) == text or fold(attribute.name) == fold(text):
            return attribute
    raise NotFound(text, detail=", ".join(attribute.name for attribute in attributes if attribute.is_required))


async def values_of(command: Command, key: TypeKey, attribute: Attribute, text: str) -> Values:
    """Typed values; those of a dictionary are looked up in it. NotFound with near ones."""
    typed = text.split(";") if attribute.is_collection else [text]
    parts = [part for part in map(str.strip, typed) if part]
    if not attribute.has_dictionary:
        return tuple((0, part) for part in parts)
    find, on_partial = command.application.catalog.find_value, note_partial(command)
    found = [await find(command.integration.id, key, attribute, part, on_partial) for part in parts]
    return tuple((value.id, value.value) for value in found)


def note_partial(command: Command) -> OnPartialSearch:
    """Says beside the result that only a part of a dictionary was looked into."""

    def note(attribute: Attribute, search: ValueSearch) -> None:
        why = wording.values_found_text(found=False, partial=True, online=False, offline=search.offline)
        command.output.note(f"{attribute.name}: {why}")

    return note
