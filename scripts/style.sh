#!/usr/bin/env bash
# The style that a program can check: the format, where time and chance may come from, the size of files.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."
code=0
complain() {
  echo "error: $1"
  code=1
}

sources=$(git ls-files 'src/*.h' 'src/*.cc' 'tests/*.h' 'tests/*.cc' 'bench/*.cc')
# shellcheck disable=SC2086
clang-format-19 --dry-run -Werror $sources || complain "format the files above with ./dev fmt"

while IFS= read -r line; do
  [ -n "$line" ] && complain "real time, chance or environment outside src/base and src/main.cc: $line"
done < <(git grep -nE 'system_clock::now|steady_clock::now|random_device|getenv|sleep_for' -- 'src/*.h' 'src/*.cc' 'tests/*.cc' 'tests/*.h' |
  grep -vE '^src/(base/|main\.cc)')

while IFS= read -r line; do
  [ -n "$line" ] && complain "a file over 450 lines, is it one noun?: $line"
done < <(git ls-files 'src/*.cc' 'src/*.h' | xargs wc -l | awk '$2 != "total" && $1 > 450 {print $2 " (" $1 ")"}' | grep -vE '_test\.cc ')

exit $code
