#!/usr/bin/env bash
# httpx 0.28.1: an IPv6 address in brackets in NO_PROXY, as curl and many desktops write it («[::1]»), ends every client that is made with
# trust_env (the usual) with InvalidURL, even one without any proxy; urllib takes the same value. Without the brackets it is understood.
# In the program: proxies are read by ozon_desktop/network/clients.py itself; tests/network/test_clients.py.
source "$(dirname "$0")/environment.bash" httpx==0.28.1
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy
"$python" - <<'PY'
import os
import urllib.request

import httpx

print("httpx", httpx.__version__)


def made(no_proxy: str) -> str:
    os.environ["no_proxy"] = no_proxy
    try:
        httpx.Client().close()
    except httpx.InvalidURL as error:
        return f"InvalidURL: {error}"
    return "ok"


seen = {value: made(value) for value in ("::1", "localhost", "[::1]")}
print(seen)
assert urllib.request.proxy_bypass("example.com") == 0
assert seen["::1"] == seen["localhost"] == "ok", seen
assert seen["[::1]"].startswith("InvalidURL"), seen
PY
