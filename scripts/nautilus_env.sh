#!/usr/bin/env bash
# build/nautilus-RELEASE: a NautilusTrader in an environment of its own. Does nothing where that
# stands; says why in one line, and fails, where it cannot be made (no network, no such Python).
#   nautilus_env.sh PYTHON     the release that pip takes for this Python: 1.221.0 on Python 3.11,
#                              1.231.0 on a later one
#   nautilus_env.sh PYTHON RELEASE
#   nautilus_env.sh --list     makes those of 1.x that can be installed here, and prints each as
#                              RELEASE PYTHON; of the others a line on stderr, SKIPPED and why
#   nautilus_env.sh --pre      the same of the pinned pre-release of 2.0
set -euo pipefail
cd "$(dirname "$0")/.."
pre_release=2.0.0rc7

works() { "$1" -c '' >/dev/null 2>&1; }  # pyenv has a command also for what it does not offer here

python_of() {  # versions…: the first that the machine has, of PATH or of pyenv
  local version python
  for version in "$@"; do
    for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
      works "$python" && command -v "$python" && return 0
    done
  done
  return 1
}

release_of() {
  "$1" -c 'import sys; print("1.231.0" if sys.version_info >= (3, 12) else "1.221.0")'
}

offer() {  # versions of Python, the release or none: the line of --list
  local python said
  # shellcheck disable=SC2086  # a list of versions
  if ! python=$(python_of $1); then
    echo "SKIPPED: NautilusTrader ${2:+$2 }for Python ${1// / or }, which is not here" >&2
  elif ! said=$("$0" "$python" "${@:2}"); then
    echo "SKIPPED: $said" >&2
  else
    echo "${2:-$(release_of "$python")} $python"
  fi
}

case ${1:?usage: nautilus_env.sh PYTHON [RELEASE] | --list | --pre} in
  --list)
    offer "3.11"
    offer "3.13 3.12"
    exit 0
    ;;
  --pre)
    offer "3.14 3.13" $pre_release
    exit 0
    ;;
esac

python=$1
release=${2:-$(release_of "$python")}
requirements=tests/golden/nautilus/requirements-$release.txt
environment=build/nautilus-$release
stamp=$environment/.requirements

wanted=$("$python" -c 'import sys; print(sys.version)'; cat "$requirements")
[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0

cannot() {
  echo "NautilusTrader $release cannot be installed: $1"
  exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || cannot "it needs Python 3.11, and this is $("$python" --version)"

mkdir -p build
log=build/nautilus-$release.log
echo "making $environment" >&2
{
  rm -rf "$environment"
  "$python" -m venv "$environment" &&
    "$environment/bin/pip" install -q --no-compile --disable-pip-version-check --retries 2 \
      -r "$requirements" &&
    "$environment/bin/python" -c 'import nautilus_trader'
} >"$log" 2>&1 || cannot "$(grep -v '^$' "$log" | tail -n 1) ($log)"
echo "$wanted" >"$stamp"
