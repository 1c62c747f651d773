# The fuzzers of tests/fuzz: text from outside, taken apart, with what must be true of it. Sourced by ./dev.

fuzz_seconds=60
fuzz_short_seconds=3
fuzz_input_bytes_max=4096
fuzz_input_timeout_s=10

fuzzer_names() { local file; for file in tests/fuzz/*.cc; do basename "$file" .cc; done; }

# run_fuzzer NAME SECONDS GROWN [FLAG...]: from the repository's corpus; what it adds goes into the folder GROWN, what it
# finds into build/fuzz/findings.
run_fuzzer() {
  local name="$1" seconds="$2" grown="$3/$1"
  shift 3
  mkdir -p "$grown" build/fuzz/findings
  echo "fuzz $name"
  UBSAN_OPTIONS="print_stacktrace=1" "build/fuzz/tests/fuzz_$name" -max_total_time="$seconds" "$@" \
    -max_len="$fuzz_input_bytes_max" -timeout="$fuzz_input_timeout_s" -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="build/fuzz/findings/$name-" "$grown" "tests/fuzz/corpus/$name" && return 0
  echo "error: the fuzzer $name found something: build/fuzz/tests/fuzz_$name build/fuzz/findings/$name-... repeats it"
  return 1
}

# Every fuzzer for a moment, with the same seed and from the repository's corpus alone. Each counts as a test.
run_fuzzers_in_short() {
  local name passes=0 failures=0
  rm -rf build/fuzz/short
  for name in $(fuzzer_names); do
    if run_fuzzer "$name" "$fuzz_short_seconds" build/fuzz/short -seed=1; then
      passes=$((passes + 1))
    else
      failures=$((failures + 1))
    fi
  done
  printf '# pass %d\n# fail %d\n' "$passes" "$failures"
  [ "$failures" -eq 0 ]
}

# fuzz [NAME...] [--seconds=N]
fuzz() {
  local argument name names=() seconds=$fuzz_seconds
  for argument in "$@"; do
    case "$argument" in
      --seconds=*) seconds="${argument#--seconds=}" ;;
      -*) echo "./dev fuzz: unknown flag '$argument'" >&2; return 2 ;;
      *) [ -f "tests/fuzz/$argument.cc" ] ||
           { echo "./dev fuzz: no fuzzer '$argument'; there are:" $(fuzzer_names) >&2; return 2; }
         names+=("$argument") ;;
    esac
  done
  [[ "$seconds" =~ ^[1-9][0-9]{0,5}$ ]] || { echo "./dev fuzz: --seconds takes a number of seconds" >&2; return 2; }
  build fuzz --target fuzzers || return 1
  [ ${#names[@]} -gt 0 ] || mapfile -t names < <(fuzzer_names)
  for name in "${names[@]}"; do run_fuzzer "$name" "$seconds" build/fuzz/corpus || return 1; done
}
