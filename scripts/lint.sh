# clang-tidy over the C++ sources; its warnings are errors. Sourced by ./dev.
#
# ./dev test looks at the sources that have changed since this branch left main, and a finding in them fails it. While its time
# lasts it goes on with the others, those of the last commits first, then from a place that the commit decides, so that every
# source has its turn; what it finds there is in the log and fails ./dev lint and ./dev test --all, which look at everything.

lint_seconds=300
lint_commits=20

# Prints the sources that the release build compiles.
lint_sources() {
  sed -n 's/^ *"file": "\([^"]*\)".*/\1/p' build/release/compile_commands.json | sed "s|^$PWD/||" | sort -u |
    grep -Fxf <(git ls-files -co --exclude-standard 'src/*.cc' 'tests/*.cc' 'bench/*.cc')
}

# lint_sources_of SOURCE...: reads names of files, and prints those of the sources that they stand for. A header stands for
# its source and its test.
lint_sources_of() {
  sed -nE 's/\.h$/.cc/; /\.cc$/ {p; s/\.cc$/_test.cc/p}' | grep -Fxf <(printf '%s\n' "$@") | awk '!seen[$0]++'
}

# lint_changed SOURCE...: prints those that differ from main; in a clone without main, those that are not committed.
lint_changed() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
  { git ls-files -o --exclude-standard; git diff --name-only "$base"; } | lint_sources_of "$@"
}

# lint_order SOURCE...: prints all, those of the last commits first.
lint_order() {
  local start
  start=$((16#$(git rev-parse HEAD | head -c 7) % $# + 1))
  {
    git log -n "$lint_commits" --format= --name-only | lint_sources_of "$@"
    printf '%s\n' "${@:start}" "${@:1:start-1}"
  } | awk '!seen[$0]++'
}

# lint_one SOURCE: looks at it, if there is time left.
lint_one() {
  [ "$lint_end" = 0 ] || [ "$(date +%s)" -lt "$lint_end" ] || return 0
  echo "$1" >>build/logs/lint-seen
  clang-tidy-19 -p build/release --quiet --warnings-as-errors='*' "$1" 2>/dev/null
}

# lint_all END SOURCE...: looks at the sources until END (seconds; 0: at all). The release build must be there: clang-tidy
# reads its compile commands and its precompiled header.
lint_all() {
  export lint_end=$1
  shift
  [ $# -gt 0 ] || return 0
  export -f lint_one
  : >build/logs/lint-seen
  local code=0
  printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -c 'lint_one "$1"' _ {} || code=1
  echo "clang-tidy looked at $(wc -l <build/logs/lint-seen) of $# sources"
  return "$code"
}
