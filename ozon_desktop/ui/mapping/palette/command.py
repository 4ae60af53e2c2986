"""A command of the page as the palette finds it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageCommand:
    """keys: its shortcut as it is shown; why: what stands against it now, empty = nothing does."""

    text: str
    run: Callable[[], object]
    keys: str = ""
    why: str = ""
