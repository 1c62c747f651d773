#!/usr/bin/env bash
# A server of its own with data that is thrown away, and examples/demo against it. Called by ./dev demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=
case "${1:-}" in
  '') ;;
  --seconds) seconds="${2:?./dev demo: --seconds needs a number}" ;;
  --seconds=*) seconds="${1#*=}" ;;
  *) echo "./dev demo: unknown argument $1 (known: --seconds N)" >&2; exit 2 ;;
esac

folder=$(mktemp -d)
key="demo-$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')"
# In groups of their own, so that Ctrl-C reaches this script alone: it ends one after the other.
set -m
SHAKEHOOK_ADMIN_KEY="$key" "${TESTED_PROGRAM:-build/release/shakehook}" serve --listen 127.0.0.1:0 --database "sqlite:$folder/demo.db" \
  --allow-target 127.0.0.0/8 --allow-http-targets --retry-base 1s --log-level warning >"$folder/server.log" 2>&1 &
server=$!
stop() {
  trap - EXIT
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

for _ in $(seq 100); do
  api=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$folder/server.log" | head -n 1 || true)
  [ -n "$api" ] && curl -fsS "$api/readyz" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$folder/server.log" >&2; exit 1; }
  sleep 0.1
done
echo "The server may send to loopback addresses and over http://; nothing leaves this machine. Its data goes when you stop."
node examples/demo/demo.mjs "$api" "$key" ${seconds:+"$seconds"} &
demo=$!
trap 'kill "$demo" 2>/dev/null || true' INT TERM
code=0
wait "$demo" || code=$?
# A signal ends the wait before it ends the demo.
while kill -0 "$demo" 2>/dev/null; do
  code=0
  wait "$demo" || code=$?
done
exit "$code"
