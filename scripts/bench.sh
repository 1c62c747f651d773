#!/usr/bin/env bash
# Created and delivered contacts a second, the CPU they cost, and latency when idle: against nginx as the receiver, with
# everything on this machine. Called by ./dev bench. --seconds=N, --connections=N.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=20
connections=64
for argument in "$@"; do
  case "$argument" in
    --seconds=[1-9]*) seconds="${argument#*=}" ;;
    --connections=[1-9]*) connections="${argument#*=}" ;;
    *) echo "./dev bench: cannot use $argument (known: --seconds=N --connections=N)" >&2; exit 2 ;;
  esac
done

program=build/release/shakehook
folder="$PWD/build/bench"
receiver_port=19181
server_port=19180
api="http://127.0.0.1:$server_port"
receiver="http://127.0.0.1:$receiver_port"
key="bench-admin-key-bench-admin-key-bench"
drain_s_max=120
idle_count=500
idle_pause_ms=5

fail() { echo "./dev bench: $1" >&2; [ -z "${2:-}" ] || tail -n 5 "$2" >&2; exit 1; }

pids=()
stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop EXIT
trap 'exit 1' INT TERM

# answers URL LOG: waits until it does.
answers() {
  for _ in $(seq 100); do curl -fsS "$1" >/dev/null 2>&1 && return 0; sleep 0.1; done
  fail "$1 does not answer" "$2"
}

start_receiver() {
  mkdir -p "$folder/nginx"
  sed "s/RECEIVER_PORT/$receiver_port/" bench/nginx.conf >"$folder/nginx/nginx.conf"
  "$(command -v nginx || echo /usr/sbin/nginx)" -p "$folder/nginx" -c "$folder/nginx/nginx.conf" 2>"$folder/nginx.log" &
  pids+=($!)
  answers "$receiver/count" "$folder/nginx.log"
}

start_server() {
  "$program" serve --listen "127.0.0.1:$server_port" --database "sqlite:$folder/shakehook.db" --admin-key "$key" \
    --allow-target 127.0.0.0/8 --allow-http-targets --metrics-open --log-level warning >"$folder/server.log" 2>&1 &
  server=$!
  pids+=("$server")
  answers "$api/readyz" "$folder/server.log"
}

post() { curl -fsS "$api$1" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d "$2" >/dev/null; }
metric() { curl -fsS "$api/metrics" | awk -v name="$1" '$1 == name {print int($2)}'; }
delivered() { metric 'shakehook_deliveries_total{status="delivered"}'; }
created() { metric 'shakehook_api_requests_total{method="POST",route="/api/venues/{venue_id}/contacts",status="2xx"}'; }
# What nginx was asked, this question included.
arrived() { curl -fsS "$receiver/count" | awk 'NR == 3 {print $3}'; }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; }
wrk_says() { awk -v name="$1" '$1 == name {print $2}' "$folder/wrk.txt"; }

# Waits until what was created is delivered. Nothing else may be under way.
drain() {
  local end=$((SECONDS + drain_s_max))
  until [ "$(delivered)" -ge "$(created)" ]; do
    [ "$SECONDS" -lt "$end" ] || return 0
    sleep 0.2
  done
}

rm -rf "$folder"
start_receiver
start_server

post /api/venues '{"id":"idle","name":"Idle"}'
build/release/bench/bench_latency "$server_port" "$key" idle "$idle_count" "$idle_pause_ms"

post /api/venues '{"id":"bench","name":"Bench"}'
post /api/webhooks '{"name":"Bench","url":"'"$receiver"'/hook","scope":{"venue_id":"bench"},"events":["contact.created"]}'
straight=$(wrk -t1 -c"$connections" -d5s -s bench/post_straight.lua "$receiver/hook" | awk '/Requests\/sec/ {print $2}')

drain
created_before=$(created) delivered_before=$(delivered) arrived_before=$(arrived) ticks_before=$(cpu_ticks)
wrk -t1 -c"$connections" -d"${seconds}s" -s bench/create_contacts.lua "$api" -- /api/venues/bench/contacts "$key" \
  >"$folder/wrk.txt" || fail "wrk failed" "$folder/wrk.txt"
delivered_at_end=$(($(delivered) - delivered_before))
drain
created=$(($(created) - created_before)) delivered=$(($(delivered) - delivered_before))
arrived=$(($(arrived) - arrived_before - 1)) ticks=$(($(cpu_ticks) - ticks_before))

awk -v created="$created" -v at_end="$delivered_at_end" -v delivered="$delivered" -v arrived="$arrived" \
  -v refused="$(wrk_says refused)" -v seconds="$(wrk_says seconds)" -v p50="$(wrk_says p50_us)" -v p99="$(wrk_says p99_us)" \
  -v straight="$straight" -v ticks="$ticks" -v hz="$(getconf CLK_TCK)" \
  -v rss="$(awk '/VmHWM/ {print $2}' "/proc/$server/status")" '
BEGIN {
  printf "contacts created                   %d in %.1f s: %.0f a second (refused: %d)\n", created, seconds, created / seconds, refused
  printf "delivered when the load ended      %d: %.0f a second\n", at_end, at_end / seconds
  printf "delivered in all, arrived at nginx %d, %d\n", delivered, arrived
  printf "API latency under load             p50 %.1f ms   p99 %.1f ms\n", p50 / 1000, p99 / 1000
  printf "server CPU a delivered contact     %.1f us\n", ticks / hz / delivered * 1e6
  printf "peak memory of the server          %.0f MB\n", rss / 1024
  printf "wrk straight at nginx              %.0f a second; ours is %.2f of it\n", straight, at_end / seconds / straight
}'
[ "$delivered" -eq "$created" ] || fail "FAILED: $created were created and $delivered delivered within $drain_s_max s of the load"
[ "$arrived" -ge "$delivered" ] || fail "FAILED: $delivered were delivered and $arrived arrived at nginx"
[ "$(wrk_says refused)" -eq 0 ] || fail "FAILED: the API refused some; see $folder/wrk.txt"
