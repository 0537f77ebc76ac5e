#!/usr/bin/env bash
# clang-tidy 19, every finding an error.
# The whole tree. ccache keeps what was clean, so that only files that changed, or include what changed,
# are looked at again.
# A room's files are read together, all of them (preset tidy); only what a check says of
# a main file alone, its includes, takes each file by itself (preset tidy-includes).
set -euo pipefail
cd "$(dirname "$0")/.."
command -v ccache >/dev/null || { echo "tidy: no ccache here; run 'make setup'"; exit 1; }

configure() {  # preset
  mkdir -p build
  cmake --preset "$1" >"build/$1-configure.log" 2>&1 || { cat "build/$1-configure.log"; exit 1; }
}

# Part of ccache's key: the configuration, the program and how it is called.
clang-tidy-19 --version >/tmp/toxvol-tidy-version
export CCACHE_EXTRAFILES=$PWD/.clang-tidy:$PWD/tests/.clang-tidy:$PWD/scripts/tidy_unit.sh:/tmp/toxvol-tidy-version
export CCACHE_PREFIX=$PWD/scripts/tidy_unit.sh
export CCACHE_COMMENTS=1  # a NOLINT less is a change
clean=yes
for preset in tidy tidy-includes; do
  configure $preset
  mapfile -t objects < <(ninja -C build/$preset -t targets all |
    sed -n '/verify_interface_header_sets/d; s/\.o: CXX_COMPILER.*/.o/p')
  (cd build/$preset && rm -f "${objects[@]}")
  # Without the names and the commands of what failed: the findings have both.
  ninja -C build/$preset --quiet -k 0 -j "$(nproc)" "${objects[@]}" |
    { grep -vE '^FAILED: |^ninja: | CCACHE_BASEDIR=' || true; } || clean=no
  echo "tidy: ${#objects[@]} units of $preset"
done
[ $clean = yes ] || { echo "tidy: findings above"; exit 1; }
