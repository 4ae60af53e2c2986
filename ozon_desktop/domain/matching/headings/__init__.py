"""Everyday headings and the names Ozon has for them, area by area: «heading; another = Type name; less likely type name»."""

from ozon_desktop.domain.matching.headings.everyday import TABLE as EVERYDAY
from ozon_desktop.domain.matching.headings.fashion import TABLE as FASHION
from ozon_desktop.domain.matching.headings.fields import TABLE as FIELDS
from ozon_desktop.domain.matching.headings.home import TABLE as HOME
from ozon_desktop.domain.matching.headings.leisure import TABLE as LEISURE
from ozon_desktop.domain.matching.headings.slang import TABLE as SLANG
from ozon_desktop.domain.matching.headings.technology import TABLE as TECHNOLOGY

AREAS = (TECHNOLOGY, HOME, FASHION, LEISURE, EVERYDAY, SLANG, FIELDS)


def read_headings() -> dict[str, tuple[str, ...]]:
    """Heading → type names, most likely first. ValueError names a line of the wrong form."""
    found: dict[str, tuple[str, ...]] = {}
    for line in "\n".join(AREAS).splitlines():
        if not line.strip():
            continue
        headings, sign, names = line.partition(" = ")
        if not sign:
            raise ValueError(line)
        for heading in headings.split(";"):
            found[heading.strip()] = tuple(name.strip() for name in names.split(";"))
    return found
