"""What becomes of entered fields when the type changes."""

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.carry_over import CarriedField, Move, carried, carry
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey

OLD, NEW = TypeKey(1, 10), TypeKey(2, 20)
COLOUR = Attribute(1, "Цвет", dictionary_id=5, is_collection=True)
BRAND = Attribute(2, "Бренд", dictionary_id=7, category_dependent=True)
HEEL = Attribute(3, "Высота каблука", type="Decimal")
NOTE = Attribute(4, "Описание")
SAVED = SavedFields("p", OLD, {1: ((501, "Белый"), (502, "Синий")), 2: ((71, "Ромашка"),), 3: ((0, "5"),)}, Dimensions(depth=300))


def test_equal_attributes_keep_their_values_and_the_package_stays() -> None:
    moved = carried(SAVED, NEW, [COLOUR, BRAND, HEEL], [COLOUR, NOTE])
    assert (moved.type_key, moved.product_id, moved.dimensions) == (NEW, "p", Dimensions(depth=300))
    assert moved.values == {1: ((501, "Белый"), (502, "Синий"))}


def test_value_of_another_dictionary_keeps_its_text_only() -> None:
    assert carried(SAVED, NEW, [BRAND], [BRAND]).values == {2: ((0, "Ромашка"),)}
    other = Attribute(1, "Цвет", dictionary_id=6, is_collection=True)
    assert carried(SAVED, NEW, [COLOUR], [other]).values == {1: ((0, "Белый"), (0, "Синий"))}


def test_no_more_values_than_the_new_attribute_takes() -> None:
    single = Attribute(1, "Цвет", dictionary_id=5)
    assert carried(SAVED, NEW, [COLOUR], [single]).values == {1: ((501, "Белый"),)}


def test_summary_counts_products_by_field() -> None:
    second = SavedFields("q", OLD, {1: ((501, "Белый"),)})
    moves = [Move(SAVED, NEW), Move(second, NEW), Move(SAVED, NEW, earlier=SavedFields("p", NEW, {4: ((0, "текст"),)}))]
    to_save, reported = carry(moves, {OLD: [COLOUR, BRAND, HEEL], NEW: [COLOUR, NOTE]})
    assert [fields.product_id for fields in to_save] == ["p", "q"]
    assert reported.kept == (CarriedField("Цвет", 2),)
    assert reported.lost == (CarriedField("Бренд", 1), CarriedField("Высота каблука", 1))
    assert (reported.products, reported.restored, reported.unknown) == (3, 1, ())


def test_nothing_is_said_of_a_type_whose_attributes_are_not_known() -> None:
    to_save, reported = carry([Move(SAVED, NEW)], {OLD: [COLOUR]})
    assert (to_save, reported.unknown, reported.kept, reported.lost) == ([], (NEW,), (), ())


def test_without_a_type_everything_is_lost_for_now() -> None:
    to_save, reported = carry([Move(SAVED, None)], {OLD: [COLOUR, BRAND, HEEL]})
    assert to_save == []
    assert len(reported.lost) == 3


@given(st.dictionaries(st.integers(1, 6), st.lists(st.tuples(st.integers(0, 9), st.text(min_size=1, max_size=3)), min_size=1).map(tuple)))
def test_going_there_and_back_loses_nothing_that_was_kept(values: dict[int, tuple[tuple[int, str], ...]]) -> None:
    attributes = [Attribute(number, str(number), dictionary_id=number % 3, is_collection=True) for number in range(1, 5)]
    saved = SavedFields("p", OLD, values)
    there = carried(saved, NEW, attributes, attributes)
    back = carried(there, OLD, attributes, attributes)
    assert back.values == {number: entered for number, entered in values.items() if number < 5}
