#!/usr/bin/env bash
# Makes .venv with everything in it, once; later calls see that nothing changed and return at once.
#   tools/setup.sh        what running needs
#   tools/setup.sh dev    what testing needs too
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kind=${1:-run}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi; }

# What Qt and the tests need of the system, on Debian and its kin; elsewhere these come with the desktop.
packages=(libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0
  libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 fonts-noto-core)
[ "$kind" = dev ] && packages+=(xvfb xauth xdotool imagemagick desktop-file-utils)

python=""
for name in python3.11 python3.12 python3.13 python3; do
  if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then python=$name; break; fi
done
[ -n "$python" ] || { echo "Contorno needs Python 3.11, 3.12 or 3.13: install one, then start again." >&2; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || packages+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing system packages: ${missing[*]}" >&2
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2 ||
      echo "They could not be installed here; if the window does not open, ask whoever looks after this computer for them." >&2
  fi
fi

stamp=.venv/.contorno-$kind-$(cat pyproject.toml constraints.txt hatch_build.py resources/i18n/*.ts 2>/dev/null | cksum | cut -d' ' -f1)
[ -e "$stamp" ] && exit 0
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Installing Contorno into .venv (several gigabytes, a few minutes, once)" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" >&2
more=(); [ "$kind" = dev ] && more=(--group dev)
.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . "${more[@]}" >&2
touch "$stamp"
