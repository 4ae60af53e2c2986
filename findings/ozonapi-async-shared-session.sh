#!/usr/bin/env bash
# ozonapi-async 0.89.0 is an asyncio client whose connections are shared by all calls of one client. The first call that is done counts the client as
# gone and closes the session, so of calls gathered at once only the quickest gets its answer: the others, whose requests Ozon carries out all the same,
# end in APIError 0 «Network error: Server disconnected». That an async client can be asked several things at once is no matter of course.
# In the program: one httpx client lives as long as the transport (ozon_desktop/ozon/transport.py); tests/contract asks this client one by one.
source "$(dirname "$0")/environment.bash" ozonapi-async==0.89.0 aiohttp==3.14.5 pydantic==2.14.4
"$python" - 2>/dev/null <<'PY'
import asyncio

from aiohttp import web
from ozonapi.seller import SellerAPI, SellerAPIConfig

came = 0


async def roles(_: web.Request) -> web.Response:
    global came
    came += 1
    await asyncio.sleep(0.2 * came)
    return web.json_response({"roles": [], "expires_at": "2027-01-01T00:00:00Z"})


async def main() -> list[object]:
    app = web.Application()
    app.router.add_post("/v1/roles", roles)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    config = SellerAPIConfig(base_url=f"http://127.0.0.1:{port}", max_retries=0)
    async with SellerAPI(client_id="1", api_key="a", config=config) as api:
        answers = await asyncio.gather(*(api.roles() for _ in range(3)), return_exceptions=True)
    await SellerAPI.shutdown()
    await runner.cleanup()
    return answers


answers = asyncio.run(main())
lost = [answer for answer in answers if isinstance(answer, Exception)]
print(f"{came} requests came, {len(answers) - len(lost)} was answered; the others: {lost[0]!r}")
assert (came, len(lost)) == (3, 2), answers
assert {type(error).__name__ for error in lost} == {"APIError"}, lost
PY
