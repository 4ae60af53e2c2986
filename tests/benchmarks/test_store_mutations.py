"""5,000 spoilt exports, each read or refused with its place.

Run alone: python -m pytest tests/benchmarks/test_store_mutations.py -o addopts="" -q -p no:cacheprovider
"""

from pathlib import Path
from random import Random

from tests.store.mutations import outcome, spoil
from tests.store.test_mutations import FILES, text_of

NUMBER = 5_000


def test_every_spoilt_export_is_read_or_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    texts = [text_of(name).encode() for name in FILES]
    for seed in range(NUMBER):
        random = Random(seed)
        path.write_bytes(spoil(random, random.choice(texts)))
        outcome(path)
