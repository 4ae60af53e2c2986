"""Prints what two independent clients cannot read of the sandbox's answers, and why."""

import asyncio

from tests.contract.exchanges import Play
from tests.contract.other_clients import ASYNC, NOT_KNOWN, REFUSED, SDK, complaints


def test_what_other_clients_refuse() -> None:
    exchanges = asyncio.run(Play().run())
    found = complaints(exchanges)
    asked = {exchange.path for exchange in exchanges if exchange.status == 200}
    print()
    for client in (SDK, ASYNC):
        refused = [(path, problem) for (judge, path), problems in sorted(found.items()) if judge == client for problem in sorted(problems)]
        read = len(asked - NOT_KNOWN[client] - {path for path, _ in refused})
        print(f"{client}: reads {read} of {len(asked)} methods whole, knows no model of {len(asked & NOT_KNOWN[client])}")
        for path, problem in refused:
            print(f"  {path} | {problem} | {REFUSED.get((client, path), {}).get(problem, 'not known why')}")
    assert found == {key: set(rows) for key, rows in REFUSED.items()}
