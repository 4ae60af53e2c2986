"""Types of Ozon that were chosen by hand lately, remembered for each cabinet over a restart."""

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.context import WindowContext

REMEMBERED = 8


class RecentTypes:
    """Those of the chosen cabinet."""

    def __init__(self, context: WindowContext) -> None:
        self._context = context

    def keys(self) -> list[TypeKey]:
        """The last one chosen first."""
        parts = (part.partition(":") for part in self._context.state.text(self._name()).split())
        return [TypeKey(int(category), int(type_)) for category, _, type_ in parts if category.isdecimal() and type_.isdecimal()]

    def remember(self, key: TypeKey) -> None:
        """A type was chosen: it stands first from now on."""
        keys = [key, *(known for known in self.keys() if known != key)][:REMEMBERED]
        self._context.state.remember(self._name(), " ".join(map(str, keys)))

    def _name(self) -> str:
        return f"mapping/recent/{self._context.integration_id}"
