# Everything that must hold, one line a stage. Sourced by ./dev. Whole outputs lie in build/logs/.

passed=0
failed=0
summary_of_failures=()

# count_results LOG EXIT_CODE: adds up what GoogleTest and node's test runner say at their ends. A program that failed
# without naming a failed test counts as one.
count_results() {
  local log="$1" code="$2" ok bad
  ok=$(awk '/^\[  PASSED  \] [0-9]+ test/ {n += $4} /^# pass [0-9]+$/ {n += $3} END {print n + 0}' "$log")
  bad=$(awk '/^\[  FAILED  \] [0-9]+ test/ {n += $4} /^# fail [0-9]+$/ {n += $3} END {print n + 0}' "$log")
  [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# stage NAME COMMAND...: runs it with its output in a log, and says how it went.
stage() {
  local name="$1" log="build/logs/test-${1// /-}.log" start=$SECONDS code=0
  shift
  "$@" >"$log" 2>&1 </dev/null || code=$?
  count_results "$log" "$code"
  if [ "$code" -eq 0 ]; then
    printf 'ok      %-28s %4d s\n' "$name" $((SECONDS - start))
  else
    printf 'FAILED  %-28s %4d s   (%s)\n' "$name" $((SECONDS - start)) "$log"
    grep -E '^\[  FAILED  \]|: Failure|^not ok|ERROR: |WARNING: ThreadSanitizer|error:' "$log" | head -n 20 || true
    tail -n 30 "$log"
    summary_of_failures+=("$name")
  fi
}

# Every test program of a build, one after the other.
run_programs() {
  local preset="$1" code=0 program
  for program in "build/$preset"/src/*_test "build/$preset"/tests/*_suite; do
    [ -x "$program" ] || continue
    echo "== $program"
    TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1" ASAN_OPTIONS="detect_stack_use_after_return=1" \
      UBSAN_OPTIONS="print_stacktrace=1" "$program" || code=1
  done
  return $code
}


run_tests() {
  mkdir -p build/logs
  local start=$SECONDS
  set_up_build
  set_up_tests
  stage style bash scripts/style.sh
  stage "build release" build release
  stage "tests release" run_programs release
  [ -f tests/e2e/package.json ] && stage "end to end" bash -c 'cd tests/e2e && node --test --test-reporter=tap .'
  [ -f tests/crash/crash.mjs ] && stage crash node tests/crash/crash.mjs --rounds=3 --seed=1
  stage "build asan" build asan
  stage "tests asan" run_programs asan
  stage "build tsan" build tsan
  stage "tests tsan" run_programs tsan
  echo
  [ ${#summary_of_failures[@]} -eq 0 ] || echo "failed: ${summary_of_failures[*]}"
  echo "took $(((SECONDS - start) / 60)) min $(((SECONDS - start) % 60)) s"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
