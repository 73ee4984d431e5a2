#!/bin/sh
# Builds the wheel, installs it into a fresh environment with the engines that are named, and runs
# its tests there: python/test.sh [polars,duckdb,…]
set -eu
cd "$(dirname "$0")/.."
engines=${1:+,$1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/build"
"$folder/build/bin/pip" install --quiet 'maturin>=1.8,<2'
"$folder/build/bin/maturin" build --release --out "$folder/wheels"
ls -l "$folder/wheels"
python3 -m venv "$folder/fresh"
wheel=$(echo "$folder"/wheels/*.whl)
"$folder/fresh/bin/pip" install --quiet "$wheel[test$engines]"
# not from the checkout: what is tested is what was installed
cp -r python/tests python/README.md docs/python.md "$folder"
mkdir -p "$folder/checkout/python" "$folder/checkout/docs"
mv "$folder/tests" "$folder/README.md" "$folder/checkout/python"
mv "$folder/python.md" "$folder/checkout/docs"
cd "$folder/checkout"
"$folder/fresh/bin/python" -m pytest -q -rs python/tests
