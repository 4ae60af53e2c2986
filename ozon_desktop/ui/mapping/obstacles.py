"""Why types cannot be chosen yet, in words."""

from ozon_desktop import wording
from ozon_desktop.services.mapping.view import MappingView


def obstacles_text(view: MappingView) -> str:
    """What is missing in the cabinet, as sentences without the last full stop."""
    return ". ".join(wording.missing_text(item).rstrip(".") for item in view.can_map)
