#!/usr/bin/env bash
# The style that a program can check: the format, who may know whom, where time and chance may come from, what files are
# called and how long they are.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."
file_lines_max=450
function_lines_max=60
code=0

# complain_of TEXT: about each line that it is given; none is none.
complain_of() {
  local line
  while IFS= read -r line; do
    echo "error: $1: $line"
    code=1
  done
}

sources() { git ls-files 'src/*.h' 'src/*.cc' 'tests/*.h' 'tests/*.cc' 'bench/*.h' 'bench/*.cc'; }
is_test='_test\.cc|_test_[a-z]*\.h|_fixture\.h|^src/testing/|^src/store/conformance/|^tests/'

# Prints what each folder of src includes, as "FILE FOLDER".
includes() {
  git grep -oE '^#include "[a-z]+/([a-z_]+/)*' -- 'src/*.h' 'src/*.cc' | grep -vE "$is_test" |
    sed -E 's/:#include "/ /; s/\/$//'
}
# FOLDER: what it may include. Between libraries that is what they link in src/CMakeLists.txt; the rooms of api and of
# the two stores know each other in one direction too, and neither store knows the other.
below_records='base model store trace'
below_api="$below_records net records"
rooms_of_api='api/http api/access api/records api/webhooks api/deliveries api/notices api/site'
rooms_of_sqlite='store/sqlite/engine store/sqlite/tables'
rooms_of_postgres='store/postgres/engine store/postgres/tables'
allowed="
base base
model base model
net base net
store base model store
trace base model trace
store/sqlite/engine base model store store/sqlite/engine
store/sqlite/tables base model store store/sqlite $rooms_of_sqlite
store/sqlite base model store store/sqlite $rooms_of_sqlite
store/postgres/engine base model store store/postgres/engine
store/postgres/tables base model store store/postgres $rooms_of_postgres
store/postgres base model store store/postgres $rooms_of_postgres
records $below_records records
jobs $below_records net records jobs
delivery base model net store trace delivery
api/http $below_api api/http
api/access $below_api api api/http api/access
api/webhooks $below_api api api/http api/access api/webhooks
api/records $below_api api api/http api/access api/webhooks api/records
api/notices $below_api api api/http api/access api/webhooks api/notices
api/deliveries $below_api api api/http api/access api/webhooks api/deliveries
api/site $below_api api api/http api/access api/site
api $below_api api $rooms_of_api
service $below_api delivery jobs api service
cli $below_api store/sqlite $rooms_of_sqlite delivery jobs api $rooms_of_api service cli
"

mapfile -t files < <(sources)
clang-format-19 --dry-run -Werror "${files[@]}" || complain_of 'run ./dev fmt' <<<'files are not formatted'

complain_of 'a folder includes what it may not know' < <(includes | awk -v allowed="$allowed" '
  BEGIN {
    n = split(allowed, rows, "\n")
    for (i = 1; i <= n; ++i) {
      m = split(rows[i], words, " ")
      for (j = 2; j <= m; ++j) may[words[1], words[j]] = 1
    }
  }
  {
    folder = $1
    sub(/^src\//, "", folder)
    if (!sub(/\/[^\/]*$/, "", folder)) next  # main.cc
    if (!((folder, $2) in may)) print $1 " includes " $2
  }')

complain_of 'real time, chance or environment outside src/base and src/main.cc' < <(
  git grep -nE 'system_clock::now|steady_clock::now|random_device|getenv|sleep_for|sleep_until|\bu?sleep\(' -- \
    'src/*.h' 'src/*.cc' 'tests/*.h' 'tests/*.cc' | grep -vE '^src/(base/|main\.cc)')

complain_of 'SQL outside src/store' < <(
  git grep -nE '"(SELECT|INSERT INTO|UPDATE|DELETE FROM) ' -- 'src/*.h' 'src/*.cc' | grep -vE '^src/store/')

# Statements of the store, but for the schema and its tests.
sql() { git grep -nE "$1" -- 'src/store/*.h' 'src/store/*.cc' | grep -vE '_test\.cc:|/migrations\.cc:'; }
complain_of 'SQL that does not name its columns' < <(
  sql 'SELECT \*|INSERT (OR [A-Z]+ )?INTO [a-z_]+ (VALUES|SELECT)')
complain_of 'an enumerator as a number in SQL: bind it, or write it with Sql()' < <(
  sql '^[^"]*".*\b(status|purpose|attempt_trigger|state|kind|origin|type|role|action|failure|ordering|behaviour) *(=|<>|<|>) *[0-9]')
complain_of 'the key of a delivery in another order than webhook, position' < <(
  sql 'position = [?$][0-9]+ AND webhook = |\(position, webhook\) *(=|<|>) *\([?$]1')
complain_of 'a column that is read by its number (engine/select.h)' < <(
  git grep -nE 'sqlite3_column_' -- 'src/*' | grep -vE '/engine/(select\.(h|cc)|sqlite\.cc):')
complain_of 'a migration that calls code which may change' < <(
  grep -n '^#include "' src/store/*/engine/migrations.cc /dev/null | grep -vE '"store/[a-z]+/engine/migrations.h"')

complain_of "over $file_lines_max lines, is it one noun?" < <(
  sources | grep -vE '_test\.cc$' | xargs wc -l | awk -v max="$file_lines_max" '$2 != "total" && $1 > max {print $2 " (" $1 ")"}')

complain_of "a function of over $function_lines_max lines" < <(
  sources | grep -vE '_test\.cc$' | xargs awk -v max="$function_lines_max" -f scripts/function_length.awk)

complain_of 'a header that nobody includes' < <(
  git ls-files 'src/*.h' | while IFS= read -r file; do
    git grep -qF "\"${file#src/}\"" -- src tests bench || echo "$file"
  done)

complain_of 'a name that says nothing' < <(
  git ls-files src tests bench scripts examples | grep -E '(^|[/_])(utils?|common|helpers?|types|misc|manager|info)(\.|_|/)')

complain_of 'a header without an opening comment or #pragma once' < <(
  sources | grep '\.h$' | while IFS= read -r file; do
    { head -n 1 "$file" | grep -q '^//' && grep -q '^#pragma once$' "$file"; } || echo "$file"
  done)

# A comment is a sentence that says who does what ("Returns nullopt if ..."), not a fragment ("Nothing where ..."). So no
# comment begins with one of these words, alone on its lines or behind code.
fragment_openings='Of|What|Whatever|Whether|Nothing|Those|None|One (of|that|who|which|whose)'
# Prints the sources of the dashboard, the tests and the examples that are not C++.
scripts() {
  git ls-files 'web/*.ts' 'web/*.tsx' 'web/*.mjs' 'tests/*.mjs' 'bench/*.mjs' 'examples/*.mjs' 'packaging/*.mjs' 'scripts/*.mjs'
}
complain_of 'a comment that opens with a fragment' < <(
  { sources; scripts; } | xargs awk -v words="$fragment_openings" '
    BEGIN {
      alone = "^ *(//|/\\*\\*?|\\*|\\{/\\*) *(" words ")[^A-Za-z_]"
      behind = "[^ ] +// *(" words "|" tolower(words) ")[^A-Za-z_]"
    }
    FNR == 1 {goes_on = 0}
    {
      if ($0 ~ (goes_on ? behind : alone "|" behind)) print FILENAME ":" FNR ": " $0
      goes_on = /^ *(\/\/|\*) *[^ ]/
    }')

# A response is what comes back over HTTP; an answer is what a receiver of the tests is told to give, or what DNS gives.
complain_of 'a response that is called an answer' < <(
  scripts | grep -v '^tests/pressure/' | xargs grep -nE '(const|let) answers? = await [a-zA-Z.]*(fetch|call|request|get|post)\(')

# A path in the docs may be the end of one.
complain_of 'the docs name a file that is not there' < <(
  git grep -oE '`[a-z_0-9/]+\.(h|cc|mjs|sh)`' -- 'docs/*.md' CONTRIBUTING.md README.md | tr -d '`' | while IFS=: read -r file path; do
    git ls-files | grep -qE "(^|/)${path//./\\.}$" || echo "$file: $path"
  done)

exit $code
