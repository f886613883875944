# Shared by the scripts of this directory; sourced, not run.

# A step, so that a long log can be read by its headings.
step() { printf '\n== %s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Swift keeps caches below HOME, which cron jobs and containers leave unset.
if [ -z "${HOME:-}" ]; then
  HOME="$(getent passwd "$(id -u)" | cut -d: -f6 || true)"
  [ -d "$HOME" ] || HOME="${TMPDIR:-/tmp}"
  export HOME
fi

# Servers live in sbin, which Debian leaves out of the PATH of users.
PATH="$PATH:/usr/sbin:/sbin"
export PATH

need_swift() {
  command -v swift >/dev/null ||
    die "swift is not in PATH: install a Swift 6 toolchain from https://www.swift.org/install"
  local version
  version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\).*/\1/p' | head -n 1)"
  [ "${version:-0}" -ge 6 ] || die "Swift 6 or later is needed, found: $(swift --version 2>&1 | head -n 1)"
}

# Whether a Debian package's part that matters is there, however it came to be.
has_package() {
  case "$1" in
    libcurl4-openssl-dev) has_header curl/curl.h ;;
    libssl-dev) has_header openssl/ssl.h ;;
    zlib1g-dev) has_header zlib.h ;;
    libbrotli-dev) has_header brotli/decode.h ;;
    libidn2-dev) has_header idn2.h ;;
    libicu-dev) has_header unicode/uregex.h ;;
    libsqlite3-dev) has_header sqlite3.h ;;
    libmicrohttpd-dev) has_header microhttpd.h ;;
    libzstd-dev) has_header zstd.h ;;
    libarchive-dev) has_header archive.h ;;
    libpango1.0-dev) has_header pango-1.0/pango/pangocairo.h ;;
    libgdk-pixbuf-2.0-dev) has_header gdk-pixbuf-2.0/gdk-pixbuf/gdk-pixbuf.h ;;
    fonts-dejavu-core) [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] ;;
    poppler-utils) command -v pdftotext >/dev/null ;;
    libxml2-utils) command -v xmllint >/dev/null ;;
    prometheus) command -v promtool >/dev/null ;;
    libfaketime) compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' > /dev/null ;;
    libjavascriptcoregtk-4.1-dev) has_header webkitgtk-4.1/JavaScriptCore/JavaScript.h ;;
    node-acorn) [ -e /usr/share/nodejs/acorn/dist/acorn.js ] ;;
    # Debian's, or one from PyPI.
    python3-httpbin)
      /usr/bin/python3 -c 'import httpbin' 2>/dev/null || python3 -c 'import httpbin' 2>/dev/null
      ;;
    ca-certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -d /etc/pki/tls/certs ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

has_header() {
  local directory
  for directory in /usr/include /usr/include/*-linux-gnu /usr/local/include; do
    [ -e "$directory/$1" ] && return 0
  done
  return 1
}

# need_packages NAME...: installs those that are missing, or says which and fails.
need_packages() {
  local missing=() name
  for name in "$@"; do
    has_package "$name" || missing+=("$name")
  done
  if [ "${#missing[@]}" -eq 0 ]; then
    echo "all there: $*"
    return 0
  fi
  command -v apt-get >/dev/null ||
    die "please install (names as in Debian 12): ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "not root and no sudo; please run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  echo "installing: ${missing[*]}"
  # A mirror that is down does not matter when the package lists here are good enough.
  "${as_root[@]}" apt-get update -q || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
  for name in nginx prometheus; do
    # Only the program is wanted: these packages also start a server.
    if [[ " ${missing[*]} " == *" $name "* ]] && [ -d /run/systemd/system ]; then
      "${as_root[@]}" systemctl disable --now "$name.service" || true
    fi
  done
  hash -r
  for name in "${missing[@]}"; do
    has_package "$name" || die "$name is installed, but what it should bring is not there"
  done
}

# What a build of any product links against.
build_packages=(libcurl4-openssl-dev libssl-dev zlib1g-dev libbrotli-dev libidn2-dev libicu-dev
  libsqlite3-dev libmicrohttpd-dev libzstd-dev libarchive-dev libpango1.0-dev
  libgdk-pixbuf-2.0-dev libjavascriptcoregtk-4.1-dev)
# What the coordinator reads while it runs: acorn for k6 scripts, a font for reports.
coordinator_packages=(node-acorn fonts-dejavu-core)
