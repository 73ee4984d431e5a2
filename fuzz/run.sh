#!/usr/bin/env bash
# Fuzzes each target for some seconds, from a corpus made of the fixtures, and prints how often each
# was run: fuzz/run.sh [SECONDS] [TARGET…]
#
# The seed is the same each time, so that what passed here passes elsewhere; SEED=N looks elsewhere.
#
# Without a network, a C++ compiler or a Rust compiler that takes RUSTC_BOOTSTRAP it says so and
# leaves off; tests/fuzzed.rs runs the targets everywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
shift || true
[ $# -gt 0 ] || set -- decode kinds check fix config pack model baseline server

left_off() {
  echo "fuzzing left off: $*"
  exit 0
}
# A stable compiler has what the fuzzer wants as well.
export RUSTC_BOOTSTRAP=1
echo 'fn main() {}' | rustc -Z no-codegen --out-dir "${TMPDIR:-/tmp}" - 2>/dev/null ||
  left_off "this compiler takes no -Z, not even with RUSTC_BOOTSTRAP=1"
command -v c++ >/dev/null || left_off "there is no C++ compiler for libFuzzer"
cargo fuzz --version >/dev/null 2>&1 || env -u RUSTC_BOOTSTRAP cargo install cargo-fuzz --locked ||
  left_off "cargo-fuzz is not there and cannot be installed"
# The versions that are fuzzed are those that are used.
cp Cargo.lock fuzz/Cargo.lock
host=$(rustc -vV | sed -n 's/^host: //p')
cargo fetch --manifest-path fuzz/Cargo.toml --target "$host" || left_off "what the targets need cannot be fetched"

# The files of a corpus, each under a name of its own.
seed() {
  while IFS= read -r -d '' file; do
    cp -n "$file" "$corpus/$(echo "$file" | tr '/ ' '__')" 2>/dev/null || true
  done
}
# The blocks of a language in the docs.
blocks() {
  awk -v fence="\`\`\`$1" -v out="$corpus/block" \
    '/^```/ { inside = ($0 == fence); if (inside) file = out "_" ++n; next } inside { print > file }' docs/*.md README*.md
}

logs=fuzz/artifacts
mkdir -p "$logs"
# Fuzzes a target and keeps what it printed.
run() {
  local target=$1 corpus=fuzz/corpus/$1
  mkdir -p "$corpus"
  case $target in
    decode | kinds | check | fix | server)
      find fixtures -type f ! -name 'expected*' -size -16k -print0 | seed
      printf 'Content-Length: 52\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"shutdown","x":[]}\n' >"$corpus/message"
      ;;
    config) blocks toml ;;
    pack) find rules -name '*.toml' -size -16k -print0 | seed && blocks toml ;;
    model) find fixtures/clean -type f -size -4k -print0 | seed ;;
    baseline)
      echo '{"version": 1, "findings": {"a.txt": {"stray-latin 0123456789abcdef": 1}}}' >"$corpus/one"
      ;;
  esac
  "fuzz/target/$host/release/$target" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -max_len=16384 \
    -seed="${SEED:-1}" -dict="$PWD/fuzz/pieces.dict" -print_final_stats=1 -artifact_prefix="$logs/$target-" \
    "$corpus" >"$logs/$target.log" 2>&1 || touch "$logs/$target.failed"
}

# Built once for all, in several units: a target that is built as one takes a quarter of an hour.
cargo fuzz build --sanitizer none --codegen-units 16
rm -f "$logs"/*.failed
# One target on each core.
cores=$(nproc)
for target in "$@"; do
  while [ "$(jobs -rp | wc -l)" -ge "$cores" ]; do wait -n; done
  echo "== $target"
  run "$target" &
done
wait

failed=()
table=$(printf '%-10s %12s %10s %10s' target executions seconds edges)
for target in "$@"; do
  log=$logs/$target.log
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  time=$(sed -n 's/^Done [0-9]* runs in \([0-9]*\) second.*/\1/p' "$log")
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  table+=$'\n'$(printf '%-10s %12s %10s %10s' "$target" "${executions:--}" "${time:--}" "${edges:--}")
  if [ -e "$logs/$target.failed" ]; then
    failed+=("$target")
    tail -40 "$log"
  fi
done
echo "$table"
if [ "${#failed[@]}" -gt 0 ]; then
  echo "failed: ${failed[*]}; the inputs are in fuzz/artifacts"
  exit 1
fi
