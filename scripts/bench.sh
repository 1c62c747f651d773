#!/usr/bin/env bash
# Created and delivered contacts a second, the CPU they cost, and latency when idle: against nginx as the receiver, with
# everything on this machine. Called by ./dev bench. --seconds N, --connections N.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=20
connections=64
for argument in "$@"; do
  case "$argument" in
    --seconds=*) seconds="${argument#*=}" ;;
    --connections=*) connections="${argument#*=}" ;;
    *) echo "./dev bench: unknown argument $argument (known: --seconds=N --connections=N)" >&2; exit 2 ;;
  esac
done

folder="$PWD/build/bench"
rm -rf "$folder"
mkdir -p "$folder/nginx"
receiver_port=19181
server_port=19180
api="http://127.0.0.1:$server_port"
key="bench-admin-key-bench-admin-key-bench"
pids=()
stop() { trap - EXIT INT TERM; for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; }
trap stop EXIT INT TERM

sed "s/RECEIVER_PORT/$receiver_port/" bench/nginx.conf >"$folder/nginx/nginx.conf"
"$(command -v nginx || echo /usr/sbin/nginx)" -p "$folder/nginx" -c "$folder/nginx/nginx.conf" 2>"$folder/nginx.log" &
pids+=($!)
build/release/shakehook serve --listen "127.0.0.1:$server_port" --database "sqlite:$folder/shakehook.db" \
  --admin-key "$key" --allow-target 127.0.0.0/8 --allow-http-targets --metrics-open --log-level warning \
  >"$folder/server.log" 2>&1 &
server=$!
pids+=("$server")
for _ in $(seq 100); do curl -fsS "$api/readyz" >/dev/null 2>&1 && break; sleep 0.1; done
curl -fsS "$api/readyz" >/dev/null || { cat "$folder/server.log" >&2; exit 1; }

call() { curl -fsS "$api$1" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "${@:2}" >/dev/null; }
ticks() { awk '{print $14 + $15}' "/proc/$server/stat"; }
metric() { curl -fsS "$api/metrics" | awk -v name="$1" '$1 == name {print int($2)}'; }
delivered() { metric 'shakehook_deliveries_total{status="delivered"}'; }
received() { curl -fsS "http://127.0.0.1:$receiver_port/count" | awk 'NR == 3 {print $3}'; }

call /api/venues -d '{"id":"idle","name":"Idle"}'
build/release/bench/bench_latency "$server_port" "$key" idle 500 5

call /api/venues -d '{"id":"bench","name":"Bench"}'
call /api/webhooks -d '{"name":"Bench","url":"http://127.0.0.1:'$receiver_port'/hook","scope":{"venue_id":"bench"},"events":["contact.created"]}'

straight=$(wrk -t1 -c"$connections" -d5s -s bench/post_straight.lua "http://127.0.0.1:$receiver_port/hook" | awk '/Requests\/sec/ {print $2}')

delivered_before=$(delivered)
received_before=$(received)
ticks_before=$(ticks)
wrk -t1 -c"$connections" -d"${seconds}s" -s bench/create_contacts.lua "$api" -- /api/venues/bench/contacts "$key" >"$folder/wrk.txt"
at_end=$(($(delivered) - delivered_before))
value() { awk -v name="$1" '$1 == name {print $2}' "$folder/wrk.txt"; }
accepted=$(value accepted)
drain_start=$(date +%s.%N)
previous=-1
while :; do
  now=$(($(delivered) - delivered_before))
  [ "$now" -ge "$accepted" ] && [ "$now" = "$previous" ] && break
  previous=$now
  sleep 0.3
  if awk -v start="$drain_start" -v now="$(date +%s.%N)" 'BEGIN {exit !(now - start > 120)}'; then break; fi
done
ticks_after=$(ticks)
total=$(($(delivered) - delivered_before))
# This script's own question to nginx counts as a request there.
arrived=$(($(received) - received_before - 1))

awk -v accepted="$accepted" -v at_end="$at_end" -v total="$total" -v arrived="$arrived" -v refused="$(value refused)" \
  -v seconds="$(value seconds)" -v p50="$(value p50_us)" -v p99="$(value p99_us)" -v straight="$straight" \
  -v ticks="$((ticks_after - ticks_before))" -v hz="$(getconf CLK_TCK)" \
  -v rss="$(awk '/VmHWM/ {print $2}' "/proc/$server/status")" '
BEGIN {
  printf "contacts accepted                  %d in %.1f s: %.0f a second (refused: %d)\n", accepted, seconds, accepted / seconds, refused
  printf "delivered when the load ended      %d: %.0f a second\n", at_end, at_end / seconds
  printf "delivered in all, arrived at nginx %d, %d\n", total, arrived
  printf "API latency under load             p50 %.1f ms   p99 %.1f ms\n", p50 / 1000, p99 / 1000
  printf "server CPU a delivered contact     %.1f us\n", ticks / hz / total * 1e6
  printf "peak memory of the server          %.0f MB\n", rss / 1024
  printf "wrk straight at nginx              %.0f a second; ours is %.2f of it\n", straight, at_end / seconds / straight
}'
if [ "$total" -lt "$accepted" ] || [ "$arrived" -lt "$total" ]; then
  echo "FAILED: what was accepted is not what arrived" >&2
  exit 1
fi
