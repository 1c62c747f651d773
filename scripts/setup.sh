# Installs what the project needs: Debian's packages by apt-get, npm's by npm ci. Nothing is done where nothing is
# missing. Sourced by ./dev.

build_packages=(clang-19 libclang-rt-19-dev llvm-19 clang-format-19 cmake ninja-build ccache git ca-certificates pkg-config
  libboost1.81-dev libssl-dev libsodium-dev libc-ares-dev libspdlog-dev libfmt-dev libcli11-dev prometheus-cpp-dev
  libsqlite3-dev libgtest-dev libgmock-dev libbenchmark-dev)
test_packages=(curl openssl sqlite3)
bench_packages=(nginx-light wrk curl)

is_debian_12() { (. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]); }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "./dev: these packages are missing, and neither root nor sudo is here to install them: ${missing[*]}" >&2
    return 1
  fi
}

# install_packages NAME...: those of them that are missing.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  mkdir -p build/logs
  local try
  for try in 1 2 3; do
    if as_root apt-get update -q >>build/logs/setup.log 2>&1 &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        >>build/logs/setup.log 2>&1; then
      return 0
    fi
    [ "$try" = 3 ] || sleep 5
  done
  tail -n 20 build/logs/setup.log >&2
  echo "./dev: apt-get could not install them; the whole output is in build/logs/setup.log" >&2
  return 1
}

# require_tools TOOL...: on a system whose packages this script does not know.
require_tools() {
  local tool absent=()
  for tool in "$@"; do command -v "$tool" >/dev/null || absent+=("$tool"); done
  [ ${#absent[@]} -eq 0 ] && return 0
  echo "./dev: this is not Debian 12, so please install by hand: ${absent[*]}" >&2
  echo "Debian's names of all that is needed: $needed_packages" >&2
  return 1
}

set_up_build() {
  local needed_packages="${build_packages[*]}"
  if is_debian_12; then install_packages "${build_packages[@]}"; else require_tools clang++-19 cmake ninja ccache git; fi
}

# Node is Debian's (18), or a newer one that is already there.
has_node() { command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] >= 18 ? 0 : 1)' 2>/dev/null; }

set_up_tests() {
  local needed_packages="${test_packages[*]} nodejs npm"
  if is_debian_12; then
    install_packages "${test_packages[@]}"
    has_node || install_packages nodejs npm
  else
    require_tools curl openssl sqlite3 node npm
  fi
  local lock=tests/e2e/package-lock.json stamp=tests/e2e/node_modules/.installed
  if [ -f "$lock" ] && ! cmp -s "$lock" "$stamp"; then
    mkdir -p build/logs
    local try
    for try in 1 2 3; do
      (cd tests/e2e && npm ci --no-audit --no-fund --ignore-scripts) >build/logs/npm.log 2>&1 && break
      [ "$try" = 3 ] && { tail -n 20 build/logs/npm.log >&2; return 1; }
      sleep 5
    done
    cp "$lock" "$stamp"
  fi
}

set_up_bench() {
  local needed_packages="${bench_packages[*]}"
  if is_debian_12; then install_packages "${bench_packages[@]}"; else require_tools nginx wrk curl; fi
}
