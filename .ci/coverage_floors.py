"""Fails when a folder is covered less than its floor in pyproject.toml: .ci/coverage_floors.py coverage.json"""

import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(report: str) -> int:
    """1 when a floor is broken. Prints a line for each folder, in percent of its lines."""
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ozon-desktop"]["coverage-floors"]
    files = json.loads(Path(report).read_text("utf-8"))["files"]
    broken = False
    for folder, floor in floors.items():
        counts = [found["summary"] for name, found in files.items() if Path(name).as_posix().startswith(f"{folder}/")]
        lines = sum(summary["num_statements"] for summary in counts)
        covered = 100 * sum(summary["covered_lines"] for summary in counts) / lines if lines else 0.0
        broken |= covered < floor
        print(f"{folder}: {covered:.2f} % of {lines} lines, floor {floor} %{' BROKEN' if covered < floor else ''}")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
