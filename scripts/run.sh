#!/usr/bin/env bash
# Starts the server with a receiver to try it with, and says what to do next. Called by ./dev run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=build/release/shakehook
server=127.0.0.1:8080
receiver=127.0.0.1:9000

in_use() { (exec 3<>"/dev/tcp/${1%:*}/${1#*:}") 2>/dev/null; }
for address in "$server" "$receiver"; do
  if in_use "$address"; then
    echo "./dev run: $address is in use; stop what listens there first" >&2
    exit 1
  fi
done

"$program" receive --listen "$receiver" &
receiver_pid=$!
"$program" serve --listen "$server" --database sqlite:./data/shakehook.db \
  --allow-target 127.0.0.0/8 --allow-http-targets "$@" &
server_pid=$!
stop() {
  trap - INT TERM EXIT
  kill "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
  kill "$receiver_pid" 2>/dev/null || true
}
trap stop INT TERM EXIT

for _ in $(seq 100); do
  curl -fsS "http://$server/readyz" >/dev/null 2>&1 && break
  kill -0 "$server_pid" 2>/dev/null || exit 1
  sleep 0.1
done

cat <<TEXT

This server may send to loopback addresses and over http:// (--allow-target 127.0.0.0/8 --allow-http-targets), and a
small receiver listens on http://$receiver to point webhooks at. Nothing leaves this machine. In another terminal, here:

  KEY=\$(cat data/admin.key)

  curl http://$server/api/venues -H "Authorization: Bearer \$KEY" -H 'Content-Type: application/json' \\
    -d '{"id": "venue123", "name": "Le Grand Salon"}'

  curl http://$server/api/webhooks -H "Authorization: Bearer \$KEY" -H 'Content-Type: application/json' \\
    -d '{"name": "CRM Sync", "url": "http://$receiver/", "scope": {"venue_id": "venue123"},
         "events": ["contact.created", "contact.updated", "contact.deleted"]}'

  curl http://$server/api/venues/venue123/contacts -H "Authorization: Bearer \$KEY" \\
    -H 'Content-Type: application/json' -d '{"first_name": "John", "last_name": "Doe"}'

The contact's POST shows up here. Ctrl-C stops both.
TEXT
wait "$server_pid"
