#!/bin/sh
# Brings a machine from a fresh clone to a working .venv, in steps that may be repeated at any time.
#
#   .ci/setup.sh runtime     what the kiosk needs to run
#   .ci/setup.sh dev         that, and what testing and checking needs
#   .ci/setup.sh installer   that, and what the frozen program needs to be built
#
# It looks first and acts only on what is missing. As root on Debian and its kin it installs the
# missing packages; everyone else is told the one line to run. Nothing outside .venv is changed
# otherwise, and nothing is downloaded but packages whose hashes stand in the lock files.
set -eu
cd "$(dirname "$0")/.."

# What Qt loads, as "soname=Debian package": without the first list it does not start at all,
# without the second it has no window on an X11 display (offscreen and vnc still work).
QT_LIBRARIES="
libglib-2.0.so.0=libglib2.0-0 libEGL.so.1=libegl1 libGL.so.1=libgl1 libdbus-1.so.3=libdbus-1-3
libfontconfig.so.1=libfontconfig1 libxkbcommon.so.0=libxkbcommon0
libgssapi_krb5.so.2=libgssapi-krb5-2"
DISPLAY_LIBRARIES="
libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1
libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0
libxcb-shape.so.0=libxcb-shape0 libxcb-sync.so.1=libxcb-sync1 libxcb-xfixes.so.0=libxcb-xfixes0
libxcb-xkb.so.1=libxcb-xkb1 libxkbcommon-x11.so.0=libxkbcommon-x11-0"
PYTHONS="python3.13 python3.12 python3.11 python3.14 python3"

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Prints the first Python that is new enough, not too new, and can make an environment.
find_python() {
    for candidate in ${PYTHON:-} $PYTHONS; do
        has "$candidate" && "$candidate" - 2>/dev/null <<'PROBE' && { echo "$candidate"; return; }
import ensurepip, sys, venv
sys.exit(not (3, 11) <= sys.version_info < (3, 15))
PROBE
    done
    return 1
}

# Prints the Debian packages behind those libraries of a list that the loader cannot find.
missing_packages() {
    python=$1; shift
    [ "$(uname -s)" = Linux ] || return 0
    "$python" - "$@" <<'PROBE'
import ctypes, sys
for pair in sys.argv[1:]:
    soname, package = pair.split("=")
    try:
        ctypes.CDLL(soname)
    except OSError:
        print(package)
PROBE
}

# Newer Debian and Ubuntu spell some libraries with "t64" at the end; apt says which one it has.
package_names() {
    for package in "$@"; do
        if [ -n "$(apt-cache show --no-all-versions "$package" 2>/dev/null)" ]; then
            echo "$package"
        elif [ -n "$(apt-cache show --no-all-versions "${package}t64" 2>/dev/null)" ]; then
            echo "${package}t64"
        else
            echo "$package"
        fi
    done
}

apt_install() {
    say "setup: installing Debian packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    # shellcheck disable=SC2046  # one word per package is meant
    apt-get -qq install -y --no-install-recommends -o Dpkg::Use-Pty=0 \
        $(package_names "$@") >/dev/null
}

# Asks for packages: installs them as root, otherwise says how, and returns 1.
want_packages() {
    [ $# -gt 0 ] || return 0
    if has apt-get && [ "$(id -u)" = 0 ]; then
        apt_install "$@"
    elif has apt-get; then
        # shellcheck disable=SC2046
        say "setup: please run once: sudo apt-get install -y --no-install-recommends" \
            $(package_names "$@")
        return 1
    else
        say "setup: this machine lacks what Debian calls: $*"
        return 1
    fi
}

ensure_python() {
    find_python >/dev/null || want_packages python3 python3-venv ca-certificates || true
    find_python || fail "no Python 3.11 to 3.14 with its venv module was found on the PATH."
}

ensure_libraries() {
    python=$1
    # shellcheck disable=SC2046,SC2086
    set -- $(missing_packages "$python" $QT_LIBRARIES $DISPLAY_LIBRARIES)
    [ $# -gt 0 ] || return 0
    want_packages "$@" && return 0
    # shellcheck disable=SC2046,SC2086
    set -- $(missing_packages "$python" $QT_LIBRARIES)
    [ $# -eq 0 ] || fail "Qt cannot start without these libraries; nothing was installed."
    say "setup: going on without them: the kiosk runs offscreen or over vnc, not on a display."
}

# PyInstaller takes programs apart with objdump; Debian keeps it in binutils.
ensure_build_tools() {
    [ "$(uname -s)" = Linux ] || return 0
    has objdump || want_packages binutils || fail "objdump is needed to build the program."
    .venv/bin/python - <<'PROBE' || fail "this Python has no shared library; see the README."
import sys, sysconfig
shared = sysconfig.get_config_var("Py_ENABLE_SHARED") or sys.platform == "darwin"
debian = sysconfig.get_config_var("LDLIBRARY") == "libpython%d.%d.so" % sys.version_info[:2]
sys.exit(not (shared or debian))
PROBE
}

# Makes .venv or keeps it, and installs exactly what the lock says, each file checked by its hash.
ensure_environment() {
    python=$1 lock=$2
    .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv
    .venv/bin/python -m pip --quiet --disable-pip-version-check install --no-deps \
        --require-hashes --requirement "$lock" || fail "the packages of $lock were not installed."
    .venv/bin/python -c 'import PySide6.QtQuick' ||
        fail "Qt was installed but does not load; the line above names what it misses."
}

what=${1:-runtime}
case $what in
    runtime) lock=requirements.lock ;;
    dev | installer) lock=requirements-dev.lock ;;
    *) fail "runtime, dev or installer, not '$what'." ;;
esac
python=$(ensure_python)
ensure_libraries "$python"
ensure_environment "$python" "$lock"
[ "$what" != installer ] || ensure_build_tools
