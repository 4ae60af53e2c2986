"""20,000 spoilt answers through the whole job: how it ends, how long it takes at most, and how much memory.

Run alone: python -m pytest tests/benchmarks/test_any_answer.py -o addopts="" -q -s -p no:randomly -p no:cacheprovider
Several processes make up the number: ANSWERS=5000 FIRST_SEED=0, 10, 20, 30.
"""

import os
import resource
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.services.any_answer import LONGEST_PART_S, survive
from tests.services.conftest import prepared_shop

__all__ = ["prepared_shop"]

ANSWERS = int(os.environ.get("ANSWERS", "20000"))
A_SEED = 500
FIRST_SEED = int(os.environ.get("FIRST_SEED", "0"))
MEMORY_MIB = 300
SHARES = (0.2, 0.5, 0.8)
"""Of the answers of a job that are spoilt: the more of them, the fewer requests the number takes."""


def _memory_mib() -> float:
    """The most this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.timeout(24 * 3600)
def test_any_answer_ends_in_a_typed_error(prepared_shop: Path, tmp_path: Path) -> None:
    spoilt, ended = Counter[str](), Counter[str]()
    longest_s, jobs, requests, compared = 0.0, 0, 0, 0
    before = _memory_mib()
    for seed in range(FIRST_SEED, FIRST_SEED + max(ANSWERS // A_SEED, 1)):
        survived = survive(prepared_shop, tmp_path / str(seed), seed, min(ANSWERS, A_SEED), shares=SHARES)
        spoilt += survived.spoilt
        ended += survived.ended.kinds
        longest_s = max(longest_s, survived.ended.longest_s)
        jobs, requests, compared = jobs + survived.jobs, requests + survived.requests, compared + survived.ended.compared
        shutil.rmtree(tmp_path / str(seed))
    print(
        f"\n{spoilt.total()} answers of {requests} spoilt in {jobs} jobs: {dict(spoilt.most_common())}\n"
        f"parts of the jobs ended: {dict(ended.most_common())}\n"
        f"after {compared} parts the database was as before or as answered; "
        f"the longest took {longest_s:.0f} s of the loop; memory {before:.0f} MiB before, at most {_memory_mib():.0f} MiB"
    )
    assert spoilt.total() >= ANSWERS
    assert compared
    assert longest_s < LONGEST_PART_S
    assert _memory_mib() <= MEMORY_MIB
