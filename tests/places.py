"""Where tests find files: the project, recorded data beside the tests, and the reference data that may lie beside the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
SHARED = ROOT.parent / "shared"
"""Third-party exports, specifications and answers; a test that needs them is skipped where the folder is absent."""
SANDBOX_DATA = ROOT / "tests" / "sandbox" / "ozon" / "data"
