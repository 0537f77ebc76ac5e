#!/usr/bin/env bash
# The docs site: build/site, from docs/ and mkdocs.yml, with the packages of docs/requirements.txt in
# an environment of its own, build/site-env. A broken link is an error, and so is anything that a
# page would ask of another host.
#   site.sh          builds it; fails where the packages cannot be installed
#   site.sh --test   the same; where they cannot be installed it says SKIPPED and why
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-}
environment=build/site-env
stamp=$environment/.requirements
log=build/site-env.log
mkdir -p build

install() {
  local wanted
  wanted=$(python3 -c 'import sys; print(sys.version)'; cat docs/requirements.txt)
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  rm -rf "$environment"
  python3 -m venv "$environment" &&
    "$environment/bin/pip" install -q --no-compile --disable-pip-version-check --retries 2 \
      -r docs/requirements.txt &&
    "$environment/bin/python" -c 'import material' && echo "$wanted" >"$stamp"
}

if ! install >"$log" 2>&1; then
  why="its packages cannot be installed: $(grep -v '^$' "$log" | tail -n 1) ($log)"
  if [ "$mode" = --test ]; then
    echo "SKIPPED: the docs site: $why"
    exit 0
  fi
  echo "site: $why" >&2
  exit 1
fi

NO_MKDOCS_2_WARNING=1 "$environment/bin/mkdocs" build --quiet

# What a browser would load: of other hosts there must be nothing. Links that a reader follows may be.
foreign='<(script|link|img|iframe|source|video|audio|object|embed)[^>]* (src|href|data)="?(https?:)?//'
foreign="$foreign|class=\"?mermaid"  # the theme would load that from a CDN
if grep -rnoiE --include='*.html' "$foreign" build/site ||
  grep -rnoE --include='*.css' '(url\(|@import )["'\'']?(https?:)?//.{0,60}' build/site; then
  echo "site: these pages would ask another host" >&2
  exit 1
fi
echo "site: $(find build/site -name '*.html' | wc -l) pages: $PWD/build/site/index.html"
