"""What a file says twice of one product is told when it is not the same."""

from random import Random

import pytest

from ozon_desktop.store.repeats import Repeats


def said(number: int) -> bytes:
    return number.to_bytes(16, "little")


def test_the_same_words_twice_are_no_difference() -> None:
    repeats = Repeats()
    assert [repeats.differ("A", said(1)) for _ in range(3)] == [False, False, False]


def test_other_words_are_one_and_the_last_ones_count() -> None:
    repeats = Repeats()
    assert [repeats.differ("A", said(number)) for number in (1, 2, 2, 1)] == [False, True, False, True]


@pytest.mark.parametrize("seed", range(3))
def test_many_products_are_told_apart_as_a_dictionary_does(seed: int) -> None:
    """Over several enlargements, in any order."""
    random, repeats, known = Random(seed), Repeats(), dict[str, int]()
    for _ in range(20_000):
        product_id, number = f"id-{random.randrange(12_000)}", random.randrange(3)
        assert repeats.differ(product_id, said(number)) == (known.get(product_id, number) != number)
        known[product_id] = number
