#!/usr/bin/env bash
# ozonapi-async 0.89.0, the newest client of the Ozon Seller API on PyPI: its model of /v3/product/list requires `result.total`, which Ozon announced
# to remove on 23 November 2026 in favour of `total_items`. An answer of the new form is refused as a whole, although every product in it can be
# read. A client's models are no proof of what Ozon sends; being strict about a field that is not needed breaks on the day it goes.
# In the program: fields that are not used are not required (ozon_desktop/ozon), and what this client refuses of the sandbox is listed in tests/contract.
source "$(dirname "$0")/environment.bash" ozonapi-async==0.89.0 pydantic==2.14.4
"$python" - <<'PY'
from pydantic import ValidationError

from ozonapi.seller.schemas.products.v3__product_list import ProductListResponse

item = {"product_id": 223681945, "offer_id": "136748", "archived": False, "has_fbo_stocks": True, "has_fbs_stocks": True, "is_discounted": False}
new = {"result": {"items": [item], "total_items": 1, "last_id": "bnVsbA=="}}
old = {"result": {"items": [item], "total": 1, "last_id": "bnVsbA=="}}
assert ProductListResponse.model_validate(old).result.items[0].offer_id == "136748"
try:
    ProductListResponse.model_validate(new)
except ValidationError as error:
    found = [(".".join(map(str, problem["loc"])), problem["type"]) for problem in error.errors()]
    print("ozonapi-async refuses", found)
    assert found == [("result.total", "missing")], found
else:
    raise AssertionError("the new form of the answer was refused")
PY
