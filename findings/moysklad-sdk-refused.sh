#!/usr/bin/env bash
# moysklad-remap-12-sdk 0.32.0, the official client of МойСклад JSON API 1.2: as it is installed the service refuses every one of its requests. The
# service takes gzip alone and answers 415 without a body otherwise; the SDK says nothing of packing, so that `Accept-Encoding: identity` goes out,
# unless each call is given accept_encoding="gzip". An order cannot be written with its lines, as the documentation shows it: the model of
# the order wants the list that answers have. And its import takes most of a minute of the processor: each of its methods builds the models of its arguments.
# In the program: a client of its own (ozon_desktop/backoffice/moysklad); what the SDK refuses of the stand-in is listed in tests/contract.
source "$(dirname "$0")/environment.bash" moysklad-remap-12-sdk==0.32.0 pydantic==2.14.4 urllib3==2.8.0
"$python" - <<'PY'
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

began = time.process_time()
import moysklad_remap_12_sdk as sdk

sdk.ProductsApi
spent = time.process_time() - began
print(f"imported in {spent:.0f} s of the processor")
assert spent > 10, spent
seen = []


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        seen.append(self.headers.get("Accept-Encoding"))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"rows": [], "meta": {"size": 0}}')

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = sdk.ApiClient(sdk.Configuration(host=f"http://127.0.0.1:{server.server_port}", access_token="token"))
for words in ({}, {"accept_encoding": "gzip"}):
    try:
        sdk.ProductsApi(client).get_products(limit=1, **words)
    except ValueError:
        pass  # What this server answers is not the matter.
print("Accept-Encoding:", seen)
assert seen == ["identity", "gzip"], seen
link = {"meta": {"href": "https://x/entity/product/1", "type": "product", "mediaType": "application/json"}}
try:
    sdk.CustomerOrder.from_dict({"positions": [{"assortment": link, "quantity": 1}]})
except ValueError as error:
    print("an order with lines:", str(error).splitlines()[0])
else:
    raise AssertionError("an order with lines can be written")
PY
