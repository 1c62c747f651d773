# The benchmarks of ./dev bench, sourced by it: the suite, the micro-benchmarks, the peers.

# --no-memory-reducer: the suite only waits while it measures, and must not tidy up its memory meanwhile, on all cores.
run_bench() {
  case "${1:-}" in
    micro)
      build release --target bench_micro && exec build/release/bench/bench_micro "${@:2}"
      ;;
    peers)
      build release --target shakehook bench_load bench_store && set_up_bench && set_up_peers &&
        exec node bench/peers/main.mjs "${@:2}"
      ;;
    *)
      build release --target shakehook bench_load bench_store && set_up_bench && exec node --no-memory-reducer bench/suite/main.mjs "$@"
      ;;
  esac
}
