#!/usr/bin/env bash
# Installs what the build and the tests need: Debian packages and the project's own .venv.
# Does nothing where all of it is there. As root, or with sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
while read -r package; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done < scripts/debian-packages.txt
if ((${#missing[@]})); then
  echo "setup: installing ${missing[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

stamp=.venv/.requirements
if ! cmp -s requirements.txt "$stamp" 2>/dev/null; then
  echo "setup: making .venv"
  python3 -m venv .venv
  .venv/bin/pip install -q --no-compile --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$stamp"
fi

scripts/web.sh setup
