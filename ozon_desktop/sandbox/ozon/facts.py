"""What the sandbox assumes about Ozon, gathered from where it is assumed.

Each rule of the sandbox carries its mark in a docstring or comment. Official: it stands in Ozon's documentation. Recorded: it was seen in
answers of the live service. Assumed: neither says it, and the module lists it in `ASSUMED`, in the words of the person who runs it.
"""

from collections.abc import Sequence

from . import (
    barcodes,
    cancelling,
    carriages,
    exemplars,
    imports,
    labels,
    lifecycle,
    limits,
    orders,
    own_delivery,
    prices,
    products,
    refusals,
    replies,
    ship,
)

SOURCES = (
    imports,
    lifecycle,
    prices,
    products,
    barcodes,
    orders,
    ship,
    exemplars,
    cancelling,
    carriages,
    own_delivery,
    labels,
    limits,
    refusals,
    replies,
)


def assumptions() -> list[str]:
    """Every assumption of the sandbox, in the order of the modules."""
    found: list[Sequence[str]] = [module.ASSUMED for module in SOURCES]
    return [text for texts in found for text in texts]
