"""Products of cards as МойСклад takes them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.backoffice.moysklad.models import AttributeField
from ozon_desktop.backoffice.moysklad.product_values import barcode, field_values, kopecks, vat
from ozon_desktop.backoffice.moysklad.products import FOUND_AT_ONCE
from ozon_desktop.domain.new_products import NewProduct, NotMade, creation_id
from ozon_desktop.errors import BackOfficeRefused, BackOfficeRightMissing
from tests.backoffice.moysklad.shop import Shop

MUG = NewProduct(creation_id(1, "MUG"), "MUG", "Кружка", ("Карточки Ozon",))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("2000000000015", "ean13"),
        ("2000000000016", "code128"),
        ("20000004", "ean8"),
        ("036000291452", "upc"),
        ("02000000000015", "gtin"),
        ("OZN1234567", "code128"),
        ("460", "code128"),
        ("٢٠٠٠٠٠٠٠٠٠٠١٥", "code128"),
    ],
)
def test_a_barcode_is_of_the_kind_its_check_digit_allows(code: str, kind: str) -> None:
    assert barcode(code) == {kind: code}


def test_money_is_in_kopecks_and_no_vat_is_no_rate() -> None:
    assert kopecks(Decimal("1990.505")) == 199050.5
    assert vat("22") == {"vat": 22, "vatEnabled": True, "useParentVat": False}
    assert vat("0") == {"vat": 0, "vatEnabled": False, "useParentVat": False}


def test_only_values_that_fit_their_field_are_written() -> None:
    kinds = {"string": "a", "text": "b", "long": "c", "double": "d", "customentity": "e", "time": "f"}
    fields = {name: AttributeField(name, name, kind) for kind, name in kinds.items()}
    given = [("A", "x\ny"), ("b", "x\ny"), ("c", "90"), ("d", "1,5"), ("e", "x"), ("f", "x"), ("g", "x")]
    assert dict(field_values(given, fields)) == {"a": "x y", "b": "x\ny", "c": 90, "d": 1.5}
    long = [("a", "я" * 256), ("b", "я" * 4097), ("c", "1.5"), ("d", "NaN"), ("c", "1" * 20), ("a", " ")]
    assert list(field_values(long, fields)) == []


async def test_many_are_found_by_their_ids_in_few_requests(shop: Shop) -> None:
    ids = [creation_id(1, str(number)) for number in range(FOUND_AT_ONCE + 5)]
    for number, id_ in enumerate(ids):
        shop.there.add_product(f"Товар {number}", sync_id=id_, archived=number % 2 == 0)
    assert set(await shop.client.made(ids)) == set(ids)
    assert len(shop.there.requests) == 2
    assert await shop.client.made([]) == {}


async def test_articles_and_barcodes_of_others_are_found_whatever_signs_they_have(shop: Shop) -> None:
    there = shop.there
    odd = "АРТ;1=2 & %"
    there.add_product("Такой же", article=odd)
    shirt = there.add_product("Рубашка")
    there.add_variant(shirt, characteristics=(("Размер", "M"),), article="V-1")
    there.add_product("По коду", barcodes=[{"code128": "Q;1"}])
    there.add_product("Наш", article="OWN", sync_id=creation_id(1, "OWN"))
    products = [
        NewProduct(creation_id(1, offer), offer, offer, (), barcodes=codes)
        for offer, codes in ((odd, ()), ("V-1", ()), ("B-1", ("Q;1",)), ("OWN", ()), ("FREE", ("Q",)))
    ]
    taken = await (await shop.client.making()).taken(products)
    assert {offer: (one.reason, one.name) for offer, one in taken.items()} == {
        odd: (NotMade.ARTICLE, "Такой же"),
        "V-1": (NotMade.ARTICLE, "Рубашка (M)"),
        "B-1": (NotMade.BARCODE, "По коду"),
    }


async def test_many_long_russian_articles_fit_into_addresses(shop: Shop) -> None:
    products = [NewProduct(creation_id(1, name), name, name, ()) for name in (f"{'Я' * 200}{number}" for number in range(60))]
    await (await shop.client.making()).taken(products)
    assert not shop.refused


async def test_a_product_of_a_currency_or_price_type_there_is_not_is_refused(shop: Shop) -> None:
    making = await shop.client.making()
    priced = replace(MUG, price=Decimal(1), price_type_id="none")
    with pytest.raises(BackOfficeRefused):
        await making.make(priced)
    with pytest.raises(BackOfficeRefused):
        await making.make(replace(priced, price_type_id=shop.there.price_type, currency="KZT"))
    with pytest.raises(BackOfficeRefused):
        await making.make(replace(MUG, folder_id="00000000-0000-4000-8000-000000000001"))
    assert not shop.there.memory.goods


async def test_lists_that_may_not_be_seen_are_done_without(shop: Shop) -> None:
    for kind in ("uom", "currency"):
        shop.there.take_right(kind)
    made = await (await shop.client.making()).make(replace(MUG, price=Decimal(590), price_type_id=shop.there.price_type, currency="RUB"))
    good = shop.there.memory.goods[made.id]
    assert (good.uom_id, good.prices) == ("", {shop.there.price_type: 59000.0})
    shop.there.take_right("productfolder", "create")
    with pytest.raises(BackOfficeRightMissing):
        await (await shop.client.making()).make(replace(MUG, creation_id=creation_id(1, "X"), folder=("Другая",)))


async def test_a_folder_a_person_archived_stays_there(shop: Shop) -> None:
    await (await shop.client.making()).make(MUG)
    (folder,) = shop.there.memory.lists["productfolder"].values()
    folder.archived = True
    made = await (await shop.client.making()).make(replace(MUG, creation_id=creation_id(1, "X"), offer_id="X"))
    assert shop.there.memory.goods[made.id].folder_id == ""
    assert len(shop.there.memory.lists["productfolder"]) == 1
