# Sourced by the findings, not one itself: a throwaway folder with the pinned packages given as arguments, and `python` of that folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" 2>/dev/null
python="$folder/venv/bin/python"
cd "$folder"
