"""A simulated day of many cabinets with faults of every kind at one per cent: memory and descriptors stay flat, each due run is done once.

OZON_DESKTOP_LOAD_CABINETS (3 unless told), OZON_DESKTOP_LOAD_PRODUCTS (60), OZON_DESKTOP_LOAD_ORDERS (120 in all), OZON_DESKTOP_LOAD_HOURS
(24). The suite lives through two hours of two cabinets: `services/runs/test_many_cabinets.py`.
"""

import os
from pathlib import Path

import pytest

from tests.services.many_cabinets import FAULTS, exactly_hourly, live

USUAL = {"CABINETS": 3, "PRODUCTS": 60, "ORDERS": 120, "HOURS": 24}
CABINETS, PRODUCTS, ORDERS, HOURS = (int(os.environ.get(f"OZON_DESKTOP_LOAD_{name}", usual)) for name, usual in USUAL.items())
FLAT = 1.10


@pytest.mark.timeout(6000)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measured by /proc")
async def test_a_day_of_many_cabinets_is_flat_and_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived = await live(tmp_path, monkeypatch, CABINETS, PRODUCTS, ORDERS, HOURS)
    (memory, descriptors), (memory_end, descriptors_end) = lived.begin, lived.end
    print(
        f"\n{CABINETS} cabinets, {PRODUCTS} products, {lived.orders} orders, {HOURS} h, faults {FAULTS}: memory {memory:.0f} → "
        f"{memory_end:.0f} MB, descriptors {descriptors} → {descriptors_end}, runs {sum(map(len, lived.hourly))}, late {len(lived.late)}"
    )
    assert memory_end <= memory * FLAT
    assert descriptors_end <= descriptors + 2
    assert lived.late == {}
    assert exactly_hourly(lived, HOURS)
