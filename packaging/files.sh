# What the packages share. Sourced by the scripts beside, which run in the project's folder, after `./dev build`.
build_folder="${SHAKEHOOK_BUILD:-build/release}"
program="$build_folder/shakehook"
version="$("$program" --version | awk '{print $2}')"
# One commit always makes the same bytes.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH

# Debian's word for this machine's architecture, which OCI and Go use too.
architecture() {
  case "$(uname -m)" in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# install_files FOLDER: the program, stripped, with its licences and documents, as below /usr.
install_files() { cmake --install "$build_folder" --strip --prefix "$1" >/dev/null; }

# needed_glibc PROGRAM: the newest version of the C library's symbols that it uses.
needed_glibc() { readelf -V "$1" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -uV | tail -n 1; }

# make_tar FOLDER FILE.tar.gz NAME...: with nothing in it that tells when and by whom it was made.
make_tar() {
  local folder="$1" file="$2"
  shift 2
  tar --create --directory "$folder" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" --mode='u+rwX,go+rX,go-w' "$@" | gzip -n -9 >"$file"
}
