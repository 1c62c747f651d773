# Everything that must hold, one line a stage. Sourced by ./dev. Whole outputs lie in build/logs/.

source scripts/fuzz.sh

passed=0
failed=0
summary_of_failures=()

# count_results LOG EXIT_CODE: adds up what GoogleTest (each line behind ctest's "3: "), node's test runner and vitest say
# at their ends. A program that failed without naming a failed test counts as one.
count_results() {
  local log="$1" code="$2" ok bad
  read -r ok bad < <(awk '{sub(/^[0-9]+: /, "")}
    /^\[  PASSED  \] [0-9]+ tests?\./ {ok += $4}
    /^\[  FAILED  \] [0-9]+ tests?, listed below/ {bad += $4}
    /^# pass [0-9]+$/ {ok += $3}
    /^# fail [0-9]+$/ {bad += $3}
    /^ +Tests +.*[0-9]+ (passed|failed)/ {  # vitest
      for (i = 2; i <= NF; ++i) {
        if ($i == "passed") ok += $(i - 1)
        if ($i == "failed") bad += $(i - 1)
      }
    }
    END {print ok + 0, bad + 0}' "$log")
  [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# stage NAME COMMAND...: runs it with its output in a log, says how it went, and returns that.
stage() {
  local name="$1" log="build/logs/test-${1// /-}.log" start=$SECONDS code=0
  shift
  "$@" >"$log" 2>&1 </dev/null || code=$?
  count_results "$log" "$code"
  if [ "$code" -eq 0 ]; then
    printf 'ok      %-28s %4d s\n' "$name" $((SECONDS - start))
  else
    printf 'FAILED  %-28s %4d s   (%s)\n' "$name" $((SECONDS - start)) "$log"
    grep -E '\[  FAILED  \]|: Failure|^ *not ok|ERROR: |WARNING: ThreadSanitizer|runtime error|error:|\*\*\*Failed' "$log" |
      head -n 20 || true
    tail -n 30 "$log"
    summary_of_failures+=("$name")
  fi
  return "$code"
}

beside_folder=build/logs/beside

# beside NAME COMMAND...: runs it, and keeps what it prints and how it ends for `besides`.
beside() {
  local file="$beside_folder/${1// /-}" code=0
  "${@:2}" >"$file.log" 2>&1 || code=$?
  echo "$code" >"$file.end"
}

# What waits for nothing but the processors: builds, and the simulation, which takes one processor.
run_beside() {
  build_beside "$1" &
  simulate_beside
  wait
}

build_beside() {
  beside clang-tidy clang_tidy "$1"
  beside "build asan" build asan
  beside "build fuzzers" build fuzz --target fuzzers
  beside "build tsan" build tsan
}

simulate_beside() {
  local each
  beside "simulation release" run_simulation release
  beside "more simulations" more_simulations
  for each in asan tsan; do
    besides "build $each" >/dev/null && beside "simulation $each" run_simulation "$each"
  done
}

# Starts run_beside at idle priority: it takes what the other stages leave of the processors, and makes none of them late. It
# has a process group of its own, so that it ends with the script.
start_beside() {
  rm -rf "$beside_folder"
  mkdir -p "$beside_folder"
  set -m
  (
    beside_process=$BASHPID
    chrt --idle --pid 0 "$BASHPID" || renice -n 19 -p "$BASHPID"
    run_beside "$1"
  ) >/dev/null 2>&1 </dev/null &
  beside_process=$!
  set +m
  trap 'kill -- "-$beside_process" 2>/dev/null' EXIT
}

# besides NAME: waits until that has ended, prints what it printed, and returns how it ended.
besides() {
  local file="$beside_folder/${1// /-}" code=1
  while [ ! -s "$file.end" ] && kill -0 "$beside_process" 2>/dev/null; do sleep 0.5; done
  cat "$file.log"
  [ -s "$file.end" ] && code=$(cat "$file.end")
  return "$code"
}

# stage_beside NAME: `stage` of what runs beside.
stage_beside() { stage "$1" besides "$1"; }

# The test programs of a build one after the other, but for the simulation, which has a clock of its own: deadlines are what
# some of them test, and side by side under a sanitizer they would be late for no fault of theirs.
run_programs() { run_ctest "$1" --exclude-regex '^simulation$'; }
run_simulation() { run_ctest "$1" --tests-regex '^simulation$'; }

# run_ctest PRESET FLAG...
run_ctest() {
  TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1" ASAN_OPTIONS="detect_stack_use_after_return=1" \
    UBSAN_OPTIONS="print_stacktrace=1" \
    ctest --test-dir "build/$1" --verbose --no-tests=error --timeout 1800 -j 1 "${@:2}"
}

# `all`: also what takes long.
end_to_end() { (cd tests/e2e && TEST_SCOPE="$1" node --test --test-reporter=tap); }
dashboard_lint() { (cd web && PATH="$web_toolchain:$PATH" npm run lint --silent); }
dashboard_units() { (cd web && PATH="$web_toolchain:$PATH" npm test --silent -- --no-color); }
# One file after the other: each has a browser of its own.
browser() { (cd tests/browser && node --test --test-reporter=tap --test-concurrency=1); }
hostile_receivers() { node --test --test-reporter=tap tests/hostile/hostile.test.mjs; }
# `all`: also what takes long. One file after the other: they measure.
noisy_neighbours() { PRESSURE="$1" node --test --test-reporter=tap --test-concurrency=1 tests/pressure/*.test.mjs; }
crash() { node tests/crash/crash.mjs --rounds=10 --seed=1; }
api_fuzz() { node tests/api_fuzz/api_fuzz.mjs --examples=6 --seed=1; }
# Under AddressSanitizer: what is touched after it was freed is found the first time.
sigterm_under_load() {
  (program="$PWD/build/asan/shakehook"
    cd tests/e2e && SIGTERM_ROUNDS=1000 TESTED_PROGRAM="$program" ASAN_OPTIONS=detect_leaks=0 \
      node --test --test-reporter=tap sigterm_under_load.test.mjs)
}
# The Debian package on bare systems of each release.
bare_debian() { node --test --test-reporter=tap tests/packaging/bare_debian.test.mjs; }
# The files of packaging/ for programs of others, with these programs.
packaging_tools() {
  node --test --test-reporter=tap --test-concurrency=1 tests/packaging/{collector,grafana,kubernetes,litestream}.test.mjs
}
# Seeds beside those that the suite runs by itself.
more_simulations() { build/release/tests/simulation_suite --gtest_filter='Simulation.*' --seed 41 --seeds 160; }

# `all`: all sources, without an end.
clang_tidy() {
  local sources changed others end=0 code=0
  [ "$1" = all ] || end=$(($(date +%s) + lint_seconds))
  mapfile -t sources < <(lint_sources)
  mapfile -t changed < <(lint_changed "${sources[@]}")
  mapfile -t others < <(lint_order "${sources[@]}" | grep -vFxf <(printf '%s\n' "${changed[@]}"))
  lint_all "$end" "${changed[@]}" || code=1
  lint_all "$end" "${others[@]}" || [ "$1" != all ] || code=1
  return "$code"
}

# run_tests [--all]: with what takes long.
run_tests() {
  local start=$SECONDS scope=quick
  case "${1:-}" in
    '') ;;
    --all) scope=all ;;
    *)
      echo "./dev test: unknown argument '$1'; there is --all" >&2
      return 2
      ;;
  esac
  set_up_build
  set_up_postgres
  set_up_tests
  set_up_browser
  set_up_api_fuzz
  set_up_lint
  mkdir -p build/logs
  # From here on a stage that fails does not keep the others from running, but for those that stand on it.
  set +e
  stage style bash scripts/style.sh
  if stage "build release" build release; then
    start_beside "$scope"
    stage "tests release" run_programs release
    stage "end to end" end_to_end "$scope"
    stage "dashboard lint" dashboard_lint
    stage "dashboard units" dashboard_units
    stage "dashboard in a browser" browser
    stage "hostile receivers" hostile_receivers
    stage "noisy neighbours" noisy_neighbours "$scope"
    stage "api fuzz" api_fuzz
    stage crash crash
    [ "$scope" = all ] && set_up_packaging_tools && stage "programs of others" packaging_tools
    [ "$scope" = all ] && set_up_bare && stage "bare Debian" bare_debian
    stage_beside clang-tidy
    if stage_beside "build asan"; then
      stage "tests asan" run_programs asan
      [ "$scope" = all ] && stage "SIGTERM under load, asan" sigterm_under_load
    fi
    stage_beside "build fuzzers" && stage fuzzers run_fuzzers_in_short
    stage_beside "build tsan" && stage "tests tsan" run_programs tsan
    stage_beside "simulation release"
    stage_beside "more simulations"
    stage_beside "simulation asan"
    stage_beside "simulation tsan"
  fi
  echo
  [ ${#summary_of_failures[@]} -eq 0 ] || echo "failed: ${summary_of_failures[*]}"
  echo "took $(((SECONDS - start) / 60)) min $(((SECONDS - start) % 60)) s; the whole outputs are in build/logs"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
