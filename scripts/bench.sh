# The benchmarks of ./dev bench, sourced by it: the suite, the micro-benchmarks, the peers.

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
      build release --target shakehook bench_load bench_store && set_up_bench && exec node bench/suite/main.mjs "$@"
      ;;
  esac
}
