# Installs what the project needs: Debian's packages by apt-get, npm's by npm ci. What is there is left as it is, and
# where nothing is missing it takes no time. Sourced by ./dev.

# Debian 12 has Boost 1.81 beside its default, which is too old; 13 has 1.83.
case "$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_ID:-}")" in
  'debian 13') boost_package=libboost1.83-dev ;;
  *) boost_package=libboost1.81-dev ;;
esac
build_packages=(clang-19 libclang-rt-19-dev llvm-19 clang-format-19 cmake ninja-build ccache git ca-certificates pkg-config
  zopfli "$boost_package" libssl-dev libsodium-dev libc-ares-dev libspdlog-dev libfmt-dev libcli11-dev
  libsqlite3-dev libpq-dev libutf8proc-dev libgtest-dev libgmock-dev libbenchmark-dev)
# Debian starts a cluster of its own at this package's installation; the tests start another one for themselves.
postgres_packages=(postgresql)
run_packages=(curl)
test_packages=(curl openssl iproute2 sqlite3 php-cli ruby-sinatra puma python3-flask nginx-light haproxy apache2-bin caddy
  binutils systemd prometheus python3-aiosmtpd tinyproxy-bin)
browser_packages=(chromium fonts-dejavu-core)
package_packages=(binutils dpkg-dev)
bare_packages=(debootstrap util-linux)
bench_packages=(nginx-light wrk openssl)
peers_packages=(redis-server postgresql)
python_packages=(python3 python3-venv)
lint_packages=(clang-tidy-19)
tries_max=3
wait_between_tries_s=5

is_known_debian() {
  (. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && { [ "${VERSION_ID:-}" = 12 ] || [ "${VERSION_ID:-}" = 13 ]; })
}

# root_command COMMAND...: as root, or through sudo.
root_command() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

# missing_packages NAME...: prints those that are not installed.
missing_packages() {
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk -v wanted="$*" '$2 == "installed" {have[$1] = 1}
      END {n = split(wanted, names, " "); for (i = 1; i <= n; ++i) if (!(names[i] in have)) print names[i]}'
}

has_package_lists() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }

apt_get() { root_command env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >>build/logs/setup.log 2>&1; }

# install_packages NAME...: those of them that are missing.
install_packages() {
  local missing try
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! root_command true; then
    echo "./dev: these packages are missing, and installing them takes root or sudo: ${missing[*]}" >&2
    return 1
  fi
  echo "Installing ${#missing[@]} Debian packages (build/logs/setup.log): ${missing[*]}"
  mkdir -p build/logs
  for ((try = 1; try <= tries_max; ++try)); do
    # Lists that are too old show by a failure.
    if [ "$try" -gt 1 ] || ! has_package_lists; then apt_get update || true; fi
    apt_get install --no-install-recommends "${missing[@]}" && return 0
    [ "$try" = "$tries_max" ] || sleep "$wait_between_tries_s"
  done
  tail -n 20 build/logs/setup.log >&2
  echo "./dev: apt-get could not install ${missing[*]}; the whole output is in build/logs/setup.log" >&2
  return 1
}

# need "PACKAGES" TOOL...: Debian 12 and 13 get the packages; on another system the tools must be there.
need() {
  local packages="$1" tool absent=()
  shift
  if is_known_debian; then
    # shellcheck disable=SC2086
    install_packages $packages
    return
  fi
  for tool in "$@"; do command -v "$tool" >/dev/null || absent+=("$tool"); done
  [ ${#absent[@]} -eq 0 ] && return 0
  echo "./dev: this is neither Debian 12 nor 13, so please install by hand: ${absent[*]}" >&2
  echo "What Debian 12 calls all that is needed: $packages" >&2
  return 1
}

# forget_moved_build FOLDER: what CMake made there for a checkout in another place (this one was copied or moved) builds that
# one, so it is deleted.
forget_moved_build() {
  local made_for
  made_for=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt" 2>/dev/null) || return 0
  [ -n "$made_for" ] && [ ! "$made_for" -ef . ] || return 0
  echo "./dev: $1 was made for $made_for; it is made anew for $PWD"
  rm -rf "$1"
}

set_up_build() { need "${build_packages[*]}" clang++-19 cmake ninja ccache git; }
set_up_package() { need "${package_packages[*]}" readelf dpkg-deb && set_up_node; }
set_up_bare() { need "${bare_packages[*]}" debootstrap unshare setpriv; }
set_up_run() { need "${run_packages[*]}" curl; }
set_up_bench() { need "${bench_packages[*]}" nginx wrk openssl && set_up_node; }
set_up_lint() { need "${lint_packages[*]}" clang-tidy-19; }

# Debian's Node (18), or a newer one that is there already.
set_up_node() {
  local node_major
  node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || node_major=0
  [ "$node_major" -ge 18 ] && command -v npm >/dev/null && return 0
  need "nodejs npm" node npm
}

# npm_install FOLDER: its libraries, as its lock file has them.
npm_install() {
  local folder="$1" log="build/logs/npm-${1//\//-}.log" try
  local lock="$folder/package-lock.json" installed="$folder/node_modules/.installed-lock"
  set_up_node || return 1
  cmp -s "$lock" "$installed" && return 0
  mkdir -p build/logs
  for ((try = 1; try <= tries_max; ++try)); do
    if (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1; then
      cp "$lock" "$installed"
      return 0
    fi
    [ "$try" = "$tries_max" ] || sleep "$wait_between_tries_s"
  done
  tail -n 20 "$log" >&2
  echo "./dev: npm could not install the libraries of $folder; the whole output is in $log" >&2
  return 1
}

# SQLite's source. Without it the build takes the system's library, and says so.
set_up_sqlite() {
  npm_install third_party/sqlite ||
    echo "./dev: SQLite's source could not be installed; the program is built with the system's library" >&2
}

# The dashboard's libraries, installed by the npm and the Node that build it: Debian's are too old, and leave out what
# says that it needs newer ones.
set_up_web() {
  set_up_web_toolchain && PATH="$web_toolchain:$PATH" npm_install web
}

web_toolchain="$PWD/web/toolchain/node_modules/.bin"
web_node_min=22
# A machine that the toolchain is not made for brings its own.
set_up_web_toolchain() {
  if [ "$(uname -sm)" = 'Linux x86_64' ]; then
    npm_install web/toolchain
    return
  fi
  local node_major
  node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || node_major=0
  [ "$node_major" -ge "$web_node_min" ] && command -v npm >/dev/null && return 0
  echo "./dev: building the dashboard takes Node $web_node_min or newer with npm; please install them" >&2
  return 1
}

# The unit tests start a PostgreSQL (src/testing/postgres_server.h).
set_up_postgres() { need "${postgres_packages[*]}" initdb; }

# The end-to-end tests' libraries.
set_up_tests() {
  need "${test_packages[*]}" curl openssl sqlite3 php ruby puma flask nginx haproxy apache2 caddy prometheus promtool tinyproxy || return 1
  npm_install tests/e2e
}

# Redis and PostgreSQL are started by the benchmark itself, each with a folder of its own.
set_up_peers() {
  need "${peers_packages[*]}" redis-server psql && npm_install bench/peers
}

# Installs the driver of the dashboard, and the browser.
set_up_browser() {
  need "${browser_packages[*]}" chromium || return 1
  npm_install tests/browser
}

# The program that makes requests up from the API's description.
set_up_api_fuzz() { set_up_node && pip_install tests/api_fuzz build/api_fuzz; }

# The programs of others that the files of packaging/ are tried with.
set_up_packaging_tools() { pip_install tests/packaging build/packaging_tools; }

# pip_install FOLDER PLACE: what FOLDER/requirements.txt names, into PLACE, which has nothing else.
pip_install() {
  local wanted="$1/requirements.txt" place="$2" log="build/logs/pip-${1##*/}.log" try
  need "${python_packages[*]}" python3 || return 1
  cmp -s "$wanted" "$place/installed.txt" && return 0
  mkdir -p build/logs
  for ((try = 1; try <= tries_max; ++try)); do
    if rm -rf "$place" && python3 -m venv "$place" >"$log" 2>&1 &&
      "$place/bin/pip" install --disable-pip-version-check --only-binary :all: -r "$wanted" >>"$log" 2>&1; then
      cp "$wanted" "$place/installed.txt"
      return 0
    fi
    [ "$try" = "$tries_max" ] || sleep "$wait_between_tries_s"
  done
  tail -n 20 "$log" >&2
  echo "./dev: pip could not install $wanted; the whole output is in $log" >&2
  return 1
}
