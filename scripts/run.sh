#!/usr/bin/env bash
# Starts the server with a receiver to try it with, and says what to do next. Called by ./dev run.
# --listen=HOST:PORT, --receiver=HOST:PORT, --data=FOLDER; what else is given goes to `shakehook serve`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program="${TESTED_PROGRAM:-build/release/shakehook}"
server=127.0.0.1:8080
receiver=127.0.0.1:9000
data=./data
more=()
for argument in "$@"; do
  case "$argument" in
    --listen=*) server="${argument#*=}" ;;
    --receiver=*) receiver="${argument#*=}" ;;
    --data=*) data="${argument#*=}" ;;
    *) more+=("$argument") ;;
  esac
done

in_use() { (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null; }
for address in "$server" "$receiver"; do
  if in_use "$address"; then
    echo "./dev run: $address is in use; stop what listens there, or choose others with --listen=HOST:PORT --receiver=HOST:PORT" >&2
    exit 1
  fi
done

pids=()
# The server first: it may still have something to send.
stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
trap stop EXIT
trap 'exit 0' INT TERM

# In groups of their own, so that Ctrl-C reaches this script alone: a second signal would end the server at once.
set -m
"$program" serve --listen "$server" --database "sqlite:$data/shakehook.db" --allow-target 127.0.0.0/8 \
  --allow-http-targets "${more[@]}" &
server_pid=$!
"$program" receive --listen "$receiver" &
pids=("$server_pid" $!)
set +m

for _ in $(seq 100); do
  curl -fsS "http://$server/readyz" >/dev/null 2>&1 && break
  kill -0 "$server_pid" 2>/dev/null || exit 1
  sleep 0.1
done

cat <<TEXT
This server may send to loopback addresses and over http:// (--allow-target 127.0.0.0/8 --allow-http-targets), and a
small receiver listens on http://$receiver to point webhooks at. Nothing leaves this machine. In another terminal, here:

KEY=\$(cat $data/admin.key)

curl -fsS http://$server/api/venues -H "Authorization: Bearer \$KEY" -H 'Content-Type: application/json' \\
  -d '{"id": "venue123", "name": "Le Grand Salon"}'

curl -fsS http://$server/api/webhooks -H "Authorization: Bearer \$KEY" -H 'Content-Type: application/json' \\
  -d '{"name": "CRM Sync", "url": "http://$receiver/webhooks/bookingshake", "scope": {"venue_id": "venue123"},
       "events": ["contact.created", "contact.updated", "contact.deleted"]}'

curl -fsS http://$server/api/venues/venue123/contacts -H "Authorization: Bearer \$KEY" \\
  -H 'Content-Type: application/json' -d '{"first_name": "John", "last_name": "Doe"}'

The contact's POST shows up here. Ctrl-C stops both.

TEXT
code=0
wait "$server_pid" || code=$?
exit "$code"
