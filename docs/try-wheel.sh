#!/bin/sh
# Builds the wheel, installs it into a fresh environment, and runs the program from there.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/build"
"$folder/build/bin/pip" install --quiet 'maturin>=1.8,<2'
"$folder/build/bin/maturin" build --release --out "$folder/wheels" "$@"
python3 -m venv "$folder/fresh"
"$folder/fresh/bin/pip" install --quiet --no-index "$folder"/wheels/*.whl
cd "$folder"
fresh/bin/kanwu --version --verbose
printf '统筹发展 and 安全。\n' | fresh/bin/kanwu check --select stray-latin --fail-on never -
