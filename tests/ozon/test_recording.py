"""Recorded answers keep their shape and lose everything personal. All persons and numbers here are invented."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import respx

from ozon_desktop import errors
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import ENDPOINTS, FBS_POSTINGS, PRODUCT_INFO
from ozon_desktop.ozon.errors import refusal
from ozon_desktop.ozon.harmless import ANSWERS, FORMS, of_api_words
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.posting_models import PostingsAnswer
from ozon_desktop.ozon.recording import Recording
from ozon_desktop.ozon.scrubbing import FIELDS, Scrubber
from ozon_desktop.ozon.transport import Transport

KEY = "11111111-2222-3333-4444-555555555555"
ADDRESS = {
    "address_tail": "ул. Ясеневая, д. 17, кв. 4",
    "city": "Заречинск",
    "comment": "Домофон 4817, спросить Веру",
    "country": "Россия",
    "district": "Заречинский район",
    "latitude": 55.773311,
    "longitude": 37.112233,
    "provider_pvz_code": "PVZ77812",
    "pvz_code": 991827,
    "region": "Заречинская область",
    "zip_code": "143987",
}
POSTING = {
    "posting_number": "0187654321-0033-2",
    "order_id": 35566808099,
    "order_number": "0187654321-0033",
    "parent_posting_number": "0187654321-0033-1",
    "status": "awaiting_packaging",
    "substatus": "posting_created",
    "delivery_method": {
        "id": 1020005003107999,
        "name": "Курьер Веснянкин, Заречинск",
        "warehouse_id": 1020005003107999,
        "warehouse": "Гараж Веснянкиных",
        "tpl_provider_id": 24,
        "tpl_provider": "Доставка Веснянкина",
    },
    "delivery_schema": "rfbs",
    "tracking_number": "RA644000001RU",
    "in_process_at": "2026-03-30T11:26:08Z",
    "shipment_date": "2026-03-31T09:00:00Z",
    "customer": {
        "address": ADDRESS,
        "customer_email": "vera.vesnyankina@mail.example",
        "customer_id": 48123,
        "name": "Вера Веснянкина",
        "phone": "+7 (912) 345-67-89",
    },
    "addressee": {"name": "Vera Vesnyankina", "phone": 79123456789},
    "barcodes": {"upper_barcode": "%101%8812345678", "lower_barcode": "881234567800"},
    "legal_info": {"company_name": "ООО «Веснянка»", "inn": "7712345678", "kpp": "771201001"},
    "products": [
        {"offer_id": "ВВ-58", "name": "Плойка", "sku": 827098999, "quantity": 2, "imei": ["356938035643809"],
         "price": {"amount": "1530", "currency": "RUB"}, "mandatory_mark": ["010460043993125621JgXJ5.T"]},
    ],
    "note_of_the_future": "Звонить Вере: 8 912 345-67-89 или vera.vesnyankina@mail.example",
    "+79123456789": {"contact": "Vesnyankina Vera"},
    "future_float": 55.773311,
}  # fmt: skip
HARMLESS = {"awaiting_packaging", "posting_created", "rfbs", "RUB", "1530", "2026-03-30T11:26:08Z", "2026-03-31T09:00:00Z"}


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            if not key.isidentifier():
                yield key
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _shape(value: Any) -> Any:
    """The names and kinds of values, nothing of the values."""
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items() if key.isidentifier() and of_api_words(key)}
    return [_shape(item) for item in value] if isinstance(value, list) else type(value).__name__


def test_nothing_of_a_person_survives_and_the_shape_does() -> None:
    answer = {"postings": [POSTING], "cursor": "eyJvcmRlciI6MzU1NjY4MDgwOTl9", "has_next": True}
    cleaned = Scrubber().answer(FBS_POSTINGS.path, 200, answer)
    text = json.dumps(cleaned, ensure_ascii=False)
    small = {24, 2, True, False, None}
    for leaf in _leaves(answer):
        if leaf not in HARMLESS and leaf not in small and leaf != "":
            assert str(leaf) not in text, leaf
    for piece in ("Веснянк", "Vesnyankin", "Вер", "Vera", "912", "3456789", "Заречинск", "Ясенев", "7712345678", "0187654321", "55.77"):
        assert piece not in text, piece
    assert _shape(cleaned) == _shape(answer)
    [posting] = cleaned["postings"]
    assert (posting["status"], posting["delivery_schema"], posting["products"][0]["price"]) == (
        "awaiting_packaging",
        "rfbs",
        {"amount": "1530", "currency": "RUB"},
    )
    assert (posting["products"][0]["quantity"], posting["in_process_at"]) == (2, "2026-03-30T11:26:08Z")
    assert posting["delivery_method"]["tpl_provider_id"] != 24
    decoded = msgspec.json.decode(msgspec.json.encode(cleaned), type=PostingsAnswer, strict=False)
    assert len(decoded.postings or []) == 1


PERSONAL: list[Any] = [
    "Вера Веснянкина", "Vera Vesnyankina", "vera@mail.example", "+7 912 345-67-89", "89123456789", "0187654321-0033-2", KEY, "7712345678",
    "Заречинск, ул. Ясеневая, 17", "https://cdn.example/vera/passport.jpg", 79123456789, 79123456789.0,
]  # fmt: skip


@pytest.mark.parametrize("name", sorted({*FORMS, *FIELDS, "latitude", "note", "anything_new", "customer_id", "values"}))
def test_no_field_lets_a_person_through(name: str) -> None:
    places = [(path, place) for path, known in ANSWERS.items() for place, names in known.items() if name in names]
    for path, place in [*places, (PRODUCT_INFO.path, "items")]:
        for value in PERSONAL:
            for nested in (value, [value], {"deep": [{name: value}]}):
                text = json.dumps(Scrubber().answer(path, 200, _at(place, {name: nested})), ensure_ascii=False)
                assert str(value) not in text
                assert str(value).replace(".0", "") not in text


def _at(place: str, value: object) -> object:
    for name in reversed(place.split("/") if place else []):
        value = {name: [value]}
    return value


@pytest.mark.parametrize(
    "word", ["vera", "VERA", "Vera", "vera_vesnyankina", "VeraVesnyankina", "flat_17", "17", "4817", "Вера", "ул. Ясеневая"]
)
def test_words_that_are_not_the_apis_go_from_statuses_and_names_of_fields(word: str) -> None:
    answer = {"result": {"items": [{"status": word, "errors": [{"code": word, "field": word}], word: True}], "total": 1}}
    cleaned = Scrubber().answer("/v1/product/import/info", 200, answer)
    assert word not in json.dumps(cleaned, ensure_ascii=False)
    assert cleaned["result"]["total"] == 1


def test_short_numbers_of_unknown_fields_go_and_keep_their_kind() -> None:
    moment = "2026-03-30T11:26:08Z"
    posting = {"flat": 17, "floor": 4, "rate": 0.5, "door": "3", "bell": "4817", "when": moment, "hour": "09:30", "sum": "17.20"}
    [cleaned] = Scrubber().answer(FBS_POSTINGS.path, 200, {"postings": [posting]})["postings"]
    for before, after in zip(posting.values(), cleaned.values(), strict=True):
        assert type(before) is type(after)
        assert before != after
    values = list(cleaned.values())
    assert [str(values[index]).isdigit() for index in (0, 1, 3, 4)] == [True] * 4
    assert datetime.fromisoformat(values[5]) != datetime.fromisoformat(moment)
    assert time.fromisoformat(values[6])
    assert Decimal(values[7])


def test_numbers_still_lead_from_one_document_to_the_next() -> None:
    scrubber = Scrubber()
    [posting] = scrubber.answer(FBS_POSTINGS.path, 200, {"postings": [POSTING]})["postings"]
    assert posting["posting_number"] == f"{posting['order_number']}-2"
    assert posting["parent_posting_number"] == f"{posting['order_number']}-1"
    assert posting["delivery_method"]["id"] == posting["delivery_method"]["warehouse_id"]
    asked = scrubber.request(
        FBS_POSTINGS.path, {"filter": {"warehouse_ids": ["1020005003107999"], "order_numbers": ["0187654321-0033"]}, "offer_id": ["ВВ-58"]}
    )
    assert asked["filter"]["warehouse_ids"] == [str(posting["delivery_method"]["warehouse_id"])]
    assert asked["filter"]["order_numbers"] == [posting["order_number"]]
    product = scrubber.answer(PRODUCT_INFO.path, 200, {"items": [{"offer_id": "ВВ-58", "sku": 827098999, "id": 143210610}]})["items"][0]
    assert (product["offer_id"], product["sku"]) == (posting["products"][0]["offer_id"], posting["products"][0]["sku"])
    assert asked["offer_id"] == [product["offer_id"]]
    assert product["id"] != 143210610


def test_what_a_card_is_made_of_stays_readable() -> None:
    attribute = {"id": 23171, "complex_id": 100001, "values": [{"dictionary_value_id": 971082156, "value": "Веснянка"}]}
    card = {
        "id": 143210610,
        "type_id": 970707376,
        "description_category_id": 17028922,
        "weight": 100,
        "weight_unit": "g",
        "name": "Плойка",
        "attributes": [attribute],
    }
    cleaned = Scrubber().answer("/v4/product/info/attributes", 200, {"result": [card]})["result"][0]
    assert cleaned["attributes"] == [{"id": 23171, "complex_id": 100001, "values": [{"dictionary_value_id": 971082156, "value": "text-1"}]}]
    changed = {name for name in card if card[name] != cleaned[name]}
    assert changed == {"id", "name", "attributes"}


def test_a_cursor_goes_and_still_fits_the_next_request() -> None:
    scrubber = Scrubber()
    answer = scrubber.answer("/v3/product/list", 200, {"result": {"items": [], "last_id": "WyJCIiwxXQ=="}})
    assert scrubber.request("/v3/product/list", {"last_id": "WyJCIiwxXQ=="}) == {"last_id": answer["result"]["last_id"]}
    assert scrubber.request("/v3/product/list", {"last_id": ""}) == {"last_id": ""}


def test_the_catalogue_stays_whole_but_not_what_the_user_looked_for() -> None:
    scrubber = Scrubber()
    path = "/v1/description-category/attribute/values/search"
    answer = {"result": [{"id": 5057313, "value": "Вера", "info": "", "picture": ""}]}
    assert scrubber.answer(path, 200, answer) == answer
    assert scrubber.answer(path, 200, {"result": [{"id": 1, "seller_note": "Вера"}]}) == {"result": [{"id": 1, "text-1": "text-2"}]}
    assert scrubber.request(path, {"attribute_id": 85, "value": "Вера"}) == {"attribute_id": 85, "value": "text-2"}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"code": 5, "message": "Invalid Api-Key, please check the key and try again"}, errors.InvalidKey),
        (403, {"code": 7, "message": "Api-key is deactivated, use another one or generate a new one"}, errors.KeyDeactivated),
        (403, {"code": 7, "message": "Offer not signed"}, errors.OfferNotSigned),
        (400, {"code": 9, "message": "obsolete method cannot be used"}, errors.MethodSwitchedOff),
        (429, {"code": 8, "message": "You have reached request rate limit per second"}, errors.RateLimited),
        (503, {"code": 14, "message": "Circle is open"}, errors.CircuitOpen),
    ],
)
def test_documented_errors_keep_the_words_they_are_known_by(status: int, body: dict[str, Any], kind: type[errors.OzonError]) -> None:
    message = f"{body['message']}. Vera Vesnyankina {KEY}, 0187654321"
    cleaned = Scrubber().answer("/v3/product/import", status, {**body, "message": message})
    assert cleaned["code"] == body["code"]
    assert cleaned["message"] in body["message"].casefold()
    assert type(refusal("/", status, httpx.Headers(), json.dumps(cleaned).encode())) is kind


@pytest.mark.parametrize("message", ["Покупатель Вера Веснянкина не найдена", "buyer Vera Vesnyankina 0187654321 is unknown", "price"])
def test_of_other_errors_only_the_code_stays(message: str) -> None:
    cleaned = Scrubber().answer("/v3/product/import", 400, {"code": 3, "message": message, "details": []})
    assert cleaned == {"code": 3, "message": "text-1", "details": []}
    row = {"code": "SPU_already_exists", "message": message, "description": message, "texts": {"short_description": message}}
    answer = {"result": {"items": [{"errors": [row]}]}}
    [cleaned] = Scrubber().answer("/v1/product/import/info", 200, answer)["result"]["items"][0]["errors"]
    assert cleaned["code"] == "SPU_already_exists"
    assert message not in json.dumps(cleaned, ensure_ascii=False).replace("SPU", "")


def test_a_number_that_is_no_code_goes() -> None:
    assert Scrubber().answer("/v1/roles", 404, {"code": 4817, "message": ""})["code"] != 4817


async def test_the_transport_shows_every_answer_and_a_file_comes_of_each(tmp_path: Path, ozon: respx.MockRouter) -> None:
    transport = Transport(recorder=Recording(tmp_path / "new"), retries=RetryPolicy(attempts=1))
    client = OzonClient(transport, Credentials(777, KEY))
    page = {"postings": [POSTING], "cursor": "", "has_next": False}
    ozon.post(FBS_POSTINGS.path).mock(
        side_effect=[httpx.Response(200, json=page), httpx.Response(502, text="<html>Vera Vesnyankina</html>")]
    )
    period = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    [posting] = await anext(client.fbs_postings(*period))
    assert posting.posting_number == "0187654321-0033-2"
    with pytest.raises(errors.OzonUnavailable):
        await anext(client.fbs_postings(*period))
    await transport.aclose()
    files = sorted((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["v4_posting_fbs_list-001.json", "v4_posting_fbs_list-002.json"]
    first, second = (json.loads(file.read_text("utf-8")) for file in files)
    assert (first["method"], first["status"], first["request"]["limit"]) == (FBS_POSTINGS.path, 200, 100)
    assert first["request"]["filter"]["since"] == "2026-03-01T00:00:00.000Z"
    assert first["answer"]["postings"][0]["status"] == "awaiting_packaging"
    assert (second["status"], second["answer"]) == (502, None)
    written = "".join(file.read_text("utf-8") for file in files)
    assert not [piece for piece in (KEY, "777", "Вера", "Vera", "0187654321") if piece in written]


def test_a_method_is_written_a_few_times_and_earlier_files_stay(tmp_path: Path) -> None:
    for _ in range(2):
        recording = Recording(tmp_path, per_method=2)
        for endpoint in ENDPOINTS[:2]:
            for _ in range(3):
                recording(endpoint, b"{}", 200, b"{}")
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == [f"v1_{method}-{number:03d}.json" for method in ("roles", "seller_info") for number in (1, 2, 3, 4)]


def test_a_folder_that_cannot_be_made_is_wrong_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.WrongInput) as caught:
        Recording(tmp_path / "file" / "folder")
    assert caught.value.subject == "--record"
