"""A shop for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.backoffice.moysklad.shop import Shop, opened


@pytest_asyncio.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with opened(tmp_path) as made:
        yield made
