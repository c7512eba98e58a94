#!/usr/bin/env bash
# Makes .venv with everything in it, once; later calls see that nothing changed and return at once.
#   tools/setup.sh        what running needs
#   tools/setup.sh dev    what testing needs too
# CONTORNO_PYTHON names another Python to take. On Windows this runs in Git's bash.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kind=${1:-run}
bin=.venv/bin; [ "${OS:-}" = Windows_NT ] && bin=.venv/Scripts

# The place belongs to it: an environment knows its own path, so a checkout that was moved needs a new one.
state=$({ pwd; cat pyproject.toml constraints.txt hatch_build.py resources/i18n/*.ts tools/setup.sh; } | cksum | cut -d' ' -f1)
stamp=.venv/.contorno-$kind-$state
[ -e "$stamp" ] && [ -x "$bin/python" ] && exit 0

# What Qt and the tests need of Debian and its kin, and the package that brings it; elsewhere it comes with the desktop.
needs=(
  libglib-2.0.so.0=libglib2.0-0 libEGL.so.1=libegl1 libGL.so.1=libgl1 libdbus-1.so.3=libdbus-1-3
  libfontconfig.so.1=libfontconfig1 libgssapi_krb5.so.2=libgssapi-krb5-2
  libX11-xcb.so.1=libx11-xcb1 libxkbcommon-x11.so.0=libxkbcommon-x11-0 libxcb-cursor.so.0=libxcb-cursor0
  libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1
  libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0
  libxcb-sync.so.1=libxcb-sync1 libxcb-xfixes.so.0=libxcb-xfixes0 libxcb-xkb.so.1=libxcb-xkb1
  libwayland-client.so.0=libwayland-client0 libwayland-cursor.so.0=libwayland-cursor0 libwayland-egl.so.1=libwayland-egl1
  /usr/share/fonts/truetype=fonts-noto-core
)
if [ "$kind" = dev ]; then
  needs+=(Xvfb=xvfb xauth=xauth xdotool=xdotool import=imagemagick desktop-file-validate=desktop-file-utils)
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi; }

# Asked for by what is there, not by the package's name, which changes from one Debian to the next.
libraries=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)
is_there() {
  case $1 in
    /*) [ -e "$1" ] ;;
    *.so.*) [[ $libraries == *"$1 "* ]] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

python=""
for name in ${CONTORNO_PYTHON:-python3.11 python3.12 python3.13 python3 python}; do
  if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then python=$name; break; fi
done
[ -n "$python" ] || { echo "Contorno needs Python 3.11, 3.12 or 3.13: install one, then start again." >&2; exit 1; }

if command -v apt-get >/dev/null; then
  missing=()
  for need in "${needs[@]}"; do is_there "${need%%=*}" || missing+=("${need#*=}"); done
  "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing system packages: ${missing[*]}" >&2
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2 ||
      echo "They could not be installed here; if the window does not open, ask whoever looks after this computer for them." >&2
  fi
fi

# Half made (killed, or without ensurepip) or made elsewhere: from the start.
if ! "$bin/python" -m pip --version >/dev/null 2>&1 || [ "$(cat .venv/.contorno-place 2>/dev/null || pwd)" != "$(pwd)" ]; then
  "$python" -m venv --clear .venv
fi
pwd >.venv/.contorno-place
echo "Installing Contorno into .venv (several gigabytes, a few minutes, once)" >&2
"$bin/python" -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" >&2
more=(); [ "$kind" = dev ] && more=(--group dev)
# The bash 3 of macOS takes an empty array for one that was never set, hence the plus.
"$bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . ${more[@]+"${more[@]}"} >&2
touch "$stamp"
