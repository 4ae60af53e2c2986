#!/usr/bin/env bash
# ozonapi-async 0.89.0 keeps to «27 requests per second» by default, well below Ozon's 50. Its limiter is a bucket that starts full: 27 requests go at
# once and 27 more while it refills, 54 within one second, one after the other and without any concurrency. Ozon counts any second and refuses the
# 51st with 429. A rate of N promises N a second on average, and up to 2 N in one of them; half of the server's limit is the most that is safe.
# In the program: requests are spaced, and counted over every second as Ozon counts (ozon_desktop/ozon/limits.py); tests/contract gives this client 24.
source "$(dirname "$0")/environment.bash" ozonapi-async==0.89.0 aiohttp==3.14.5 aiolimiter==1.3.0 pydantic==2.14.4
"$python" - <<'PY'
import asyncio
import time

from aiohttp import web
from ozonapi.seller import SellerAPI, SellerAPIConfig

came: list[float] = []


async def roles(_: web.Request) -> web.Response:
    came.append(time.monotonic())
    return web.json_response({"roles": [], "expires_at": "2027-01-01T00:00:00Z"})


async def main() -> None:
    app = web.Application()
    app.router.add_post("/v1/roles", roles)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    config = SellerAPIConfig(base_url=f"http://127.0.0.1:{port}", max_retries=0)
    assert config.max_requests_per_second == 27
    async with SellerAPI(client_id="1", api_key="a", config=config) as api:
        for _ in range(70):
            await api.roles()
    await SellerAPI.shutdown()
    await runner.cleanup()


asyncio.run(main())
most = max(sum(start <= moment < start + 1 for moment in came) for start in came)
print(f"27 requests/s configured, {most} came within one second; Ozon allows 50")
assert most > 50, most
PY
