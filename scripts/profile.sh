# ./dev profile, sourced by it: makes the profile by which the compiler knows what of SQLite runs often
# (cmake/sqlite.cmake). The benchmarks run with a program that counts.

profile_scenarios=(fan-out-1 fan-out-10 batch-import purge dead-webhooks queries searches)

make_profile() {
  local counts="$PWD/build/profile/counts"
  build profile --target shakehook && build release --target bench_load bench_store && set_up_bench || return 1
  rm -rf "$counts"
  TESTED_PROGRAM="$PWD/build/profile/shakehook" LLVM_PROFILE_FILE="$counts/%p.profraw" \
    node --no-memory-reducer bench/suite/main.mjs "${profile_scenarios[@]}" --quick || return 1
  llvm-profdata-19 merge --sparse "$counts"/*.profraw -o third_party/sqlite/sqlite3.profdata
}
