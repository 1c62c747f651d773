# Builds the dashboard into web/dist, from where the binary takes it. Sourced by ./dev.

# Prints one hash of all that the dashboard is made of: its files and the description of the API, from which its client's
# types are generated.
web_fingerprint() {
  {
    find web src/api/openapi scripts/bundle_openapi.mjs -type f \
      -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path web/src/api/schema.ts -print0 |
      LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum
}

# Builds the dashboard, unless nothing has changed.
build_web() {
  local stamp=build/web.stamp log=build/logs/web.log fingerprint
  fingerprint=$(web_fingerprint)
  [ -f web/dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ] && return 0
  set_up_web || return 1
  mkdir -p build/logs
  if ! (cd web && PATH="$web_toolchain:$PATH" npm run build) >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "./dev: the dashboard could not be built; the whole output is in $log" >&2
    return 1
  fi
  echo "$fingerprint" >"$stamp"
}
