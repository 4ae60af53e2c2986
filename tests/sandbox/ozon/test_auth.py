"""Keys, roles and the errors that come before a method is reached."""

import httpx
import pytest

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, POSTING_KEY
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.places import RESOURCES
from tests.sandbox.ozon.conftest import Api


async def test_missing_headers_are_unauthenticated(api: Api) -> None:
    response = await api.client.post("/v1/roles", json={})
    assert response.status_code == 401
    assert response.json()["code"] == 16
    assert response.json()["message"] == "Client-Id and Api-Key headers are required"


@pytest.mark.parametrize("client_id", ["abc", "0", "-5", "1.5", "9" * 5000])
async def test_client_id_has_to_be_a_positive_integer(api: Api, client_id: str) -> None:
    response = await api.send("/v1/roles", Client_Id=client_id)
    assert (response.status_code, response.json()["code"]) == (400, 3)
    assert response.json()["message"] == "Client-Id header value should be positive integer"


@pytest.mark.parametrize("headers", [{"Client_Id": "100501"}, {"Api_Key": "00000000-0000-4000-8000-00000000000f"}])
async def test_a_wrong_pair_is_not_found(api: Api, headers: dict[str, str]) -> None:
    response = await api.send("/v1/roles", **headers)
    assert (response.status_code, response.json()["code"]) == (404, 5)
    assert response.json()["message"] == "Invalid Api-Key, please check the key and try again"


async def test_a_revoked_key_is_denied_and_others_are_not(api: Api, sandbox: Sandbox) -> None:
    sandbox.revoke_key(POSTING_KEY)
    response = await api.send("/v1/roles", Api_Key=POSTING_KEY)
    assert (response.status_code, response.json()["code"]) == (403, 7)
    assert response.json()["message"] == "Api-key is deactivated, use another one or generate a new one"
    assert (await api.send("/v1/roles")).status_code == 200


def test_revoking_an_unknown_key_is_a_mistake(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="unknown key"):
        sandbox.revoke_key("nothing")


async def test_a_key_without_the_role_is_denied(api: Api) -> None:
    response = await api.send("/v1/seller/info", Api_Key=POSTING_KEY)
    assert (response.status_code, response.json()["code"]) == (403, 7)
    assert response.json()["message"] == "Api-Key is missing a required role for a method"
    body = {"filter": {"since": "2026-11-01T00:00:00Z", "to": "2026-11-30T00:00:00Z"}, "limit": 10}
    assert (await api.send("/v4/posting/fbs/list", body, Api_Key=POSTING_KEY)).status_code == 200


async def test_roles_tell_the_methods_and_the_end_of_the_key(api: Api) -> None:
    admin = await api.call("/v1/roles")
    assert admin["expires_at"] == "2027-02-22T09:00:00Z"
    assert [role["name"] for role in admin["roles"]] == ["Admin"]
    assert "/v3/product/import" in admin["roles"][0]["methods"]
    posting = (await api.send("/v1/roles", Api_Key=POSTING_KEY)).json()
    assert posting["roles"] == [{"name": "Posting FBS", "methods": ["/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list"]}]


async def test_seller_info_names_the_company_and_its_currency(api: Api) -> None:
    info = await api.call("/v1/seller/info")
    assert set(info) == {"company", "ratings", "subscription"}
    assert info["company"]["currency"] == "RUB"


@pytest.mark.parametrize("path", ["/v1/warehouse/list", "/v3/posting/fbs/list", "/v2/product/import", "/v1/product/import/stocks"])
async def test_switched_off_methods_say_so(api: Api, path: str) -> None:
    assert await api.refused(path) == (400, 9, "obsolete method cannot be used")


async def test_unknown_paths_are_plain_text(api: Api) -> None:
    response = await api.send("/v9/everything")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text.strip() == "404 page not found"


async def test_only_post_is_allowed(api: Api) -> None:
    assert (await api.client.get("/v1/roles")).status_code == 405


async def test_every_answer_carries_the_limit_and_a_trace(api: Api) -> None:
    good, bad, unknown = await api.send("/v1/roles"), await api.send("/v1/roles", Client_Id="x"), await api.send("/nowhere")
    for response in (good, bad, unknown):
        assert response.headers["ratelimit-remaining"].isdigit()
        assert len(response.headers["x-o3-trace-id"]) == 32
    assert good.headers["x-o3-trace-id"] != bad.headers["x-o3-trace-id"]


async def test_requests_are_recorded_with_status_and_size(api: Api, sandbox: Sandbox) -> None:
    await api.send("/v1/roles")
    api.clock.move(0.25)
    await api.send("/v3/product/info/list", {"offer_id": ["a", "b", "c"]})
    await api.send("/v1/roles", Api_Key="wrong")
    assert [(seen.path, seen.status, seen.items) for seen in sandbox.requests] == [
        ("/v1/roles", 200, 0),
        ("/v3/product/info/list", 200, 3),
        ("/v1/roles", 404, 0),
    ]
    assert (sandbox.requests[1].at - sandbox.requests[0].at).total_seconds() == 0.25
    sandbox.reset_requests()
    assert sandbox.requests == []


async def test_the_default_data_of_the_program_is_served() -> None:
    resources = RESOURCES / "sandbox"
    assert (resources / "tree.json").is_file()
    transport = httpx.ASGITransport(app=Sandbox().app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as client:
        headers = {"Client-Id": "100500", "Api-Key": ADMIN_KEY}
        answer = await client.post("/v1/description-category/tree", json={}, headers=headers)
    assert len(answer.json()["result"]) > 1
