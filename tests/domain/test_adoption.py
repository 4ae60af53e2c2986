"""Which card is which product, where the two differ, and what taking Ozon's side means."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.adoption import (
    CabinetPrice,
    CabinetStock,
    CachedCard,
    CardOutline,
    CardState,
    Decision,
    MatchedBy,
    match,
    merged,
)
from ozon_desktop.domain.cabinet import CabinetAttribute, CabinetCard, CabinetProduct, ListedProduct
from ozon_desktop.domain.card import Card, Dimensions, FilledField, Origin, SavedFields
from ozon_desktop.domain.card_differences import CardDifference, Side, SideChoice, Sides, compare, taken_from_ozon, with_ozon_kept
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import Attribute, OzonType, TypeKey
from ozon_desktop.domain.pictures import PictureChoice, arranged
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.sync_plan import DesiredState

Found = dict[str, tuple[CardState, str | None, MatchedBy | None, tuple[str, ...]]]


def card(offer_id: str, name: str = "Вещь", *barcodes: str, gone: bool = False) -> CardOutline:
    return CardOutline(int.from_bytes(offer_id.encode()), offer_id, name, barcodes, gone=gone)


def product(id_: str, article: str, name: str = "Другое", *barcodes: str) -> Product:
    return Product(id_, article, name, barcodes=barcodes)


def found(
    cards: list[CardOutline], products: list[Product], links: dict[str, str] | None = None, *decisions: Decision
) -> tuple[Found, tuple[str, ...]]:
    adoption = match(cards, products, links or {}, decisions)
    reported: Found = {
        one.card.offer_id: (one.state, one.product_id, one.by, tuple(candidate.product_id for candidate in one.candidates))
        for one in adoption.cards
    }
    return reported, adoption.only_store


def test_article_comes_before_barcode() -> None:
    reported, alone = found([card("A", "Вещь", "460")], [product("p1", "A"), product("p2", "B", "Другое", "460"), product("p3", "C")])
    assert reported == {"A": (CardState.MATCHED, "p1", MatchedBy.ARTICLE, ())}
    assert alone == ("p2", "p3")


def test_barcode_matches_one_card_with_one_product() -> None:
    reported, alone = found([card("OLD", "Вещь", "1", "460")], [product("p1", "NEW", "Другое", "460")])
    assert reported == {"OLD": (CardState.MATCHED, "p1", MatchedBy.BARCODE, ())}
    assert alone == ()


def test_a_barcode_of_two_products_or_two_cards_is_several_candidates() -> None:
    two = [product("p1", "B", "Другое", "460"), product("p2", "C", "Другое", "460")]
    reported, alone = found([card("A", "Вещь", "460")], two)
    assert reported == {"A": (CardState.SEVERAL, None, None, ("p1", "p2"))}
    assert alone == ()
    reported, alone = found([card("A", "Вещь", "460"), card("B", "Вещь", "460")], [product("p1", "C", "Другое", "460")])
    assert reported == {"A": (CardState.SEVERAL, None, None, ("p1",)), "B": (CardState.SEVERAL, None, None, ("p1",))}
    assert alone == ()


def test_a_barcode_of_a_product_whose_article_has_a_card_is_not_taken_twice() -> None:
    reported, _ = found([card("A", "Вещь"), card("OLD", "Вещь", "460")], [product("p1", "A", "Другое", "460")])
    assert reported["A"] == (CardState.MATCHED, "p1", MatchedBy.ARTICLE, ())
    assert reported["OLD"] == (CardState.SEVERAL, None, None, ("p1",))


def test_an_article_of_two_products_is_several_candidates() -> None:
    reported, _ = found([card("A")], [product("p1", "A"), product("p2", "A ")])
    assert reported == {"A": (CardState.SEVERAL, None, None, ("p1", "p2"))}


def test_empty_articles_and_gone_cards_match_nothing() -> None:
    reported, alone = found([card(""), card("A", gone=True)], [product("p1", ""), product("p2", "A")])
    assert reported == {"": (CardState.ONLY_OZON, None, None, ())}
    assert alone == ("p1", "p2")


@pytest.mark.parametrize(
    ("on_ozon", "in_store", "proposed"),
    [
        ("Рубашка льняная мужская, белая", "Рубашка мужская льняная белая", True),
        ("Ёлка искусственная зелёная", "Елка искусственная, зеленая", True),
        ("Чехол для iPhone 11 чёрный", "Чехол для iPhone 12 чёрный", False),
        ("Рубашка льняная", "Кружка фарфоровая", False),
    ],
)
def test_close_names_are_proposed_never_matched(on_ozon: str, in_store: str, proposed: bool) -> None:
    reported, alone = found([card("A", on_ozon)], [product("p1", "B", in_store), product("p2", "C", "Стол письменный")])
    assert reported["A"] == ((CardState.DOUBTFUL, None, None, ("p1",)) if proposed else (CardState.ONLY_OZON, None, None, ()))
    assert alone == (("p2",) if proposed else ("p1", "p2"))


def test_the_closest_name_comes_first() -> None:
    goods = [product("p1", "B", "Рубашка льняная белая мужская новая"), product("p2", "C", "Рубашка льняная белая мужская")]
    reported, _ = found([card("A", "Рубашка льняная белая мужская")], goods)
    assert reported["A"][3] == ("p2", "p1")


def test_what_the_manager_said_holds() -> None:
    cards = [card("A", "Рубашка льняная"), card("B", "Вещь", "460")]
    goods = [product("p1", "X", "Рубашка льняная"), product("p2", "Y", "Другое", "460")]
    reported, _ = found(cards, goods, {}, Decision("p1", "A", True), Decision("p2", "B", False))
    assert reported["A"] == (CardState.MATCHED, "p1", MatchedBy.MANAGER, ())
    assert reported["B"] == (CardState.ONLY_OZON, None, None, ())
    reported, _ = found(cards, goods, {}, Decision("p1", "A", False))
    assert reported["A"] == (CardState.ONLY_OZON, None, None, ())
    assert reported["B"] == (CardState.MATCHED, "p2", MatchedBy.BARCODE, ())


def test_a_link_made_before_holds_when_the_barcode_is_gone() -> None:
    reported, _ = found([card("OLD"), card("NEW")], [product("p1", "NEW")], {"p1": "OLD"})
    assert reported["OLD"] == (CardState.MATCHED, "p1", MatchedBy.BARCODE, ())
    assert reported["NEW"] == (CardState.ONLY_OZON, None, None, ())


codes = st.lists(st.sampled_from("123"), max_size=2).map(tuple)


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), codes), max_size=4, unique_by=lambda row: row[0]),
    st.lists(st.tuples(st.sampled_from("ABCDE"), codes), max_size=5),
)
def test_no_product_gets_two_cards_and_every_card_has_one_state(
    cards: list[tuple[str, tuple[str, ...]]], goods: list[tuple[str, tuple[str, ...]]]
) -> None:
    products = [product(f"p{number}", article, "Другое", *barcodes) for number, (article, barcodes) in enumerate(goods)]
    adoption = match([card(offer_id, "Вещь", *barcodes) for offer_id, barcodes in cards], products, {})
    assert [one.card.offer_id for one in adoption.cards] == [offer_id for offer_id, _ in cards]
    taken = [one.product_id for one in adoption.of(CardState.MATCHED)]
    assert len(taken) == len(set(taken))
    involved = {candidate.product_id for one in adoption.cards for candidate in one.candidates} | set(taken)
    assert {one.id for one in products} == involved | set(adoption.only_store)
    assert not involved & set(adoption.only_store)


def test_the_four_answers_become_one_card() -> None:
    info = CabinetProduct(7, "A", "Вещь", 0, "price_sent", "Продается", Decimal(10), Decimal(0), "0.22", "RUB", 101, 1001, ("460",))
    shown = CabinetCard(7, "A", "Вещь", 101, 1001, 4, 30, 20, "cm", 2, "kg", ("https://shop.example/1.jpg",), ())
    price = CabinetPrice(7, "A", Decimal(12), Decimal(15), None, "0.22", "RUB")
    stock = CabinetStock("fbs", 5, 2, (1,))
    whole = merged(ListedProduct(7, "A", 99, True), info, shown, price, (stock,))
    assert (whole.sku, whole.archived, whole.price, whole.old_price, whole.barcodes) == (99, True, Decimal(12), Decimal(15), ("460",))
    assert whole.dimensions == Dimensions(300, 200, 40, 2000)
    assert (whole.type_key, whole.stocks[0].free) == (TypeKey(101, 1001), 3)
    bare = merged(ListedProduct(7, "A"), info, None, None, ())
    assert (bare.price, bare.old_price, bare.dimensions, bare.images) == (Decimal(10), None, Dimensions(), ())


# --- differences ----------------------------------------------------------------------------------------------------

KEY = TypeKey(101, 1001)
BRAND = Attribute(85, "Бренд", dictionary_id=1)
NOTE = Attribute(4191, "Аннотация", type="multiline")
LENGTH = Attribute(7002, "Длина, см", type="Decimal")
NONE = Sides.of([])


def shirt(*fields: FilledField, **changes: object) -> Card:
    goods = Product("p1", "A", "Рубашка", barcodes=("460",), pictures=("https://shop.example/1.jpg",))
    made = Card(goods, "A", OzonType(KEY, "Рубашка"), fields, Dimensions(300, 200, 40, 350), Decimal("1990.00"), VatRate.VAT_22, "RUB")
    return replace(made, **changes)  # type: ignore[arg-type]


def filled(attribute: Attribute, *values: tuple[int, str]) -> FilledField:
    return FilledField(attribute, values, Origin.AUTOMATIC)


EQUAL = CachedCard(
    7,
    "A",
    "Рубашка",
    price=Decimal(1990),
    vat="0.220",
    type_key=KEY,
    barcodes=("OZN1", "460"),
    dimensions=Dimensions(300, 200, 40, 350),
    images=("https://shop.example/1.jpg",),
    attributes=(
        CabinetAttribute(85, 0, ((5, "РОМАШКА"),)),
        CabinetAttribute(4191, 0, ((0, "Лён<br/>и  хлопок"),)),
        CabinetAttribute(7002, 0, ((0, "0.50"),)),
        CabinetAttribute(9999, 0, ((0, "чужое"),)),
    ),
    stocks=(CabinetStock("fbs", 7, 2), CabinetStock("fbo", 90, 0)),
)
FIELDS = (filled(BRAND, (5, "Ромашка")), filled(NOTE, (0, "Лён\nи хлопок")), filled(LENGTH, (0, "0,5")))


def differing(card: Card, cached: CachedCard, stock: tuple[str, int] | None = ("fbs", 5)) -> dict[str, tuple[str, str]]:
    return {one.field: (one.store, one.ozon) for one in compare(card, cached, stock, NONE)}


def test_ways_of_writing_the_same_are_no_difference() -> None:
    assert differing(shirt(*FIELDS), EQUAL) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Сорочка"}, {"name": ("Рубашка", "Сорочка")}),
        ({"price": Decimal("1890.50")}, {"price": ("1990", "1890.5")}),
        ({"vat": "0.10"}, {"vat": ("22 %", "10 %")}),
        ({"barcodes": ("461",)}, {"barcode": ("460", "461")}),
        ({"dimensions": Dimensions(300, 200, 40, 400)}, {"weight": ("350", "400")}),
        ({"images": ()}, {"images": ("https://shop.example/1.jpg", "")}),
        ({"stocks": (CabinetStock("fbs", 9, 0),)}, {"stock": ("5", "9")}),
        ({"attributes": EQUAL.attributes[1:]}, {"attribute:85": ("Ромашка", "")}),
        ({"attributes": (CabinetAttribute(85, 0, ((6, "Лютик"),)), *EQUAL.attributes[1:])}, {"attribute:85": ("Ромашка", "Лютик")}),
        (
            {"attributes": (EQUAL.attributes[0], CabinetAttribute(4191, 0, ((0, "Шёлк"),)), EQUAL.attributes[2])},
            {"description": ("Лён\nи хлопок", "Шёлк")},
        ),
        ({"type_key": TypeKey(101, 1002), "attributes": ()}, {"type_key": ("101:1001", "101:1002")}),
    ],
)
def test_each_field_is_reported_when_it_differs(changes: dict[str, object], expected: dict[str, tuple[str, str]]) -> None:
    assert differing(shirt(*FIELDS), replace(EQUAL, **changes)) == expected  # type: ignore[arg-type]


def test_a_field_empty_in_the_store_is_a_difference() -> None:
    assert differing(shirt(filled(BRAND)), EQUAL) == {"attribute:85": ("", "РОМАШКА")}


def test_stock_that_is_not_sent_is_no_difference() -> None:
    assert differing(shirt(*FIELDS), EQUAL, None) == {}


def test_pictures_ozon_took_over_are_counted() -> None:
    own = replace(EQUAL, images=("https://cdn1.ozone.ru/s3/a.jpg",))
    assert differing(shirt(*FIELDS), own) == {}
    assert set(differing(shirt(*FIELDS), replace(own, images=(*own.images, "https://cdn1.ozone.ru/s3/b.jpg")))) == {"images"}


def test_old_price_is_compared_when_the_store_has_one() -> None:
    cached = replace(EQUAL, old_price=Decimal(2500))
    assert compare(shirt(*FIELDS), cached, None, NONE) == []
    [one] = compare(shirt(*FIELDS), cached, None, NONE, Decimal(2400))
    assert (one.field, one.store, one.ozon) == ("old_price", "2400", "2500")


def test_the_narrowest_choice_decides() -> None:
    sides = Sides.of(
        [SideChoice("", "name", Side.OZON), SideChoice("p1", "", Side.STORE), SideChoice("p1", "price", Side.OZON)],
    )
    assert [sides.side(*key) for key in (("p1", "price"), ("p1", "name"), ("p2", "name"), ("p2", "price"))] == [
        Side.OZON,
        Side.STORE,
        Side.OZON,
        None,
    ]
    [one] = compare(shirt(*FIELDS), replace(EQUAL, name="Сорочка"), None, sides)
    assert one == CardDifference("p1", "A", "name", "Рубашка", "Сорочка", Side.STORE)


def test_values_taken_from_ozon_are_entered_on_the_product() -> None:
    made = shirt(filled(BRAND), filled(NOTE), filled(LENGTH, (0, "1")))
    cached = replace(EQUAL, dimensions=Dimensions(310, 200, 40, 400))
    before = SavedFields("p1", KEY, {7002: ((0, "1"),)}, Dimensions(weight=350))
    taken = taken_from_ozon(made, cached, before, {"attribute:85", "description", "weight", "price", "attribute:9999"})
    assert taken == SavedFields(
        "p1", KEY, {7002: ((0, "1"),), 85: ((5, "РОМАШКА"),), 4191: ((0, "Лён<br/>и  хлопок"),)}, Dimensions(weight=400)
    )
    assert taken_from_ozon(made, cached, taken, {"attribute:85", "weight"}) is None
    assert taken_from_ozon(made, replace(cached, type_key=TypeKey(1, 2)), None, {"attribute:85"}) is None


def test_ozons_side_of_what_the_store_gives_is_kept_when_the_card_is_sent() -> None:
    desired = DesiredState(shirt(*FIELDS), ((1, 5),))
    cached = replace(EQUAL, name="Сорочка", price=Decimal(5), vat="0.1", images=("https://shop.example/9.jpg",), barcodes=("9",))
    assert with_ozon_kept(desired, cached, NONE) == desired
    some = with_ozon_kept(desired, cached, Sides.of([SideChoice("", "name", Side.OZON)]))
    assert (some.card.product.name, some.card.price, some.stocks) == ("Сорочка", Decimal("1990.00"), ((1, 5),))
    whole = with_ozon_kept(desired, cached, Sides.of([SideChoice("p1", "", Side.OZON)]))
    sent = whole.card.payload()
    assert (sent.name, sent.price, sent.vat, sent.barcode, sent.images) == ("Сорочка", Decimal(5), "0.1", "9", cached.images)
    assert whole.stocks == ()
    assert sent.attributes == desired.card.payload().attributes


def test_where_the_stores_side_comes_from_is_reported() -> None:
    ruled = replace(filled(BRAND, (6, "Лютик")), origin=Origin.CATEGORY, source="Рубашки")
    card = replace(shirt(ruled, *FIELDS[1:]), dimensions=Dimensions(310, 210, None, 400))
    cached = replace(EQUAL, name="Сорочка", price=Decimal(1))
    found = {one.field: (one.origin, one.source) for one in compare(card, cached, None, NONE, entered=Dimensions(depth=310))}
    assert found == {
        "name": (Origin.AUTOMATIC, ""),
        "price": (Origin.AUTOMATIC, ""),
        "depth": (Origin.PRODUCT, ""),
        "width": (Origin.AUTOMATIC, ""),
        "height": (Origin.EMPTY, ""),
        "weight": (Origin.AUTOMATIC, ""),
        "attribute:85": (Origin.CATEGORY, "Рубашки"),
    }


def test_pictures_are_compared_in_the_order_they_are_sent() -> None:
    first, second = "https://shop.example/1.jpg", "https://shop.example/2.jpg"
    card = shirt(*FIELDS)
    ordered = arranged((first, second), PictureChoice("p1", (second, first), second))
    card = replace(card, product=replace(card.product, pictures=(first, second)), pictures=ordered)
    assert differing(card, replace(EQUAL, images=(second, first))) == {}
    kept = with_ozon_kept(DesiredState(card, ()), replace(EQUAL, images=(first,)), Sides.of([SideChoice("p1", "images", Side.OZON)]))
    assert kept.card.payload().images == (first,)
    [one] = compare(card, replace(EQUAL, images=(first, second)), None, NONE)
    assert (one.field, one.store.split("\n"), one.origin) == ("images", [second, first], Origin.PRODUCT)
