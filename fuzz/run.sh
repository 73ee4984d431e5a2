#!/usr/bin/env bash
# Fuzzes each target for some seconds, from a corpus made of the fixtures: fuzz/run.sh [SECONDS] [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
shift || true
if ! cargo fuzz --version >/dev/null 2>&1; then
  echo "cargo-fuzz is not installed (cargo install cargo-fuzz): fuzzing skipped"
  exit 0
fi
# A stable compiler has what cargo-fuzz wants as well.
export RUSTC_BOOTSTRAP=1
[ $# -gt 0 ] || set -- decode check fix config pack model baseline
for target in "$@"; do
  corpus=fuzz/corpus/$target
  mkdir -p "$corpus"
  case $target in
    decode | check | fix) find fixtures -type f ! -name 'expected.*' -size -16k -print0 ;;
    config) find . -name kanwu.toml -not -path './*target/*' -print0 ;;
    pack) find rules -name '*.toml' -print0 ;;
    model) find model -name '*.model' -size -16k -print0 ;;
    baseline) find fixtures -name '*.json' -print0 ;;
  esac | while IFS= read -r -d '' file; do cp -n "$file" "$corpus/$(echo "$file" | tr '/ ' '__')"; done
  cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20
done
