"""Collections are seldom during an import, and as before after it."""

import gc

import pytest

from ozon_desktop.services.store.parts.garbage import SELDOM, seldom_collected


def broken_off() -> None:
    with seldom_collected():
        found = gc.get_threshold()
        raise ZeroDivisionError(found)


def test_the_threshold_is_raised_and_given_back_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError) as caught:
        broken_off()
    assert caught.value.args == ((max(SELDOM, before[0]) if before[0] else 0, *before[1:]),)
    assert gc.get_threshold() == before


def test_collections_that_are_off_stay_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with seldom_collected():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
