#!/usr/bin/env bash
# clang-tidy 19 over what changed, every finding an error. Configures the preset `tidy-includes` for its
# compile commands and builds nothing. The whole tree is tidy_all.sh's.
#   tidy.sh             what changed: findings in lines that differ from the base. Looks at the .cpp
#                       files that differ, then at those that include, directly, a header that does:
#                       12 files at most, the smallest first, so that it ends in minutes. The base
#                       is where this branch left origin/main (or main); on main itself it is 3
#                       commits back.
#   tidy.sh BASE        the same against a commit
#   tidy.sh FILE.cpp…   these
set -euo pipefail
cd "$(dirname "$0")/.."
most=12
export filter=""

base() {
  local main head
  head=$(git rev-parse HEAD)
  for main in origin/main main; do
    git rev-parse -q --verify "$main^{commit}" >/dev/null || continue
    main=$(git merge-base "$main" HEAD)
    [ "$main" = "$head" ] || { echo "$main" && return; }
    break
  done
  git rev-list -n 4 --first-parent HEAD | tail -n 1
}

changed() {  # base: .cpp files, then those that include a header; the smallest first
  local files headers
  files=$({ git diff --name-only --diff-filter=d "$1"; git ls-files --others --exclude-standard; } |
    grep -E '^(src|tests|fuzz)/.*\.[ch]pp$' || true)
  headers=$(grep '\.hpp$' <<<"$files" | sed 's,^src/,,' || true)
  {
    grep '\.cpp$' <<<"$files" | smallest_first || true
    [ -z "$headers" ] || sed 's/.*/#include "&"/' <<<"$headers" |
      git grep -lF -f - -- 'src/*.cpp' 'tests/*.cpp' 'fuzz/*.cpp' | smallest_first || true
  } | awk '!seen[$0]++'
}

smallest_first() { xargs -r stat -c '%s %n' | sort -n | cut -d ' ' -f 2-; }

line_filter() {  # base: the lines that differ from it, as --line-filter takes them
  {
    git diff -U0 --diff-filter=d "$1" -- '*.cpp' '*.hpp' | awk '
      /^\+\+\+ b\// { file = substr($0, 7) }
      /^@@/ { split(substr($3, 2), at, ","); n = at[2] == "" ? 1 : at[2] }
      /^@@/ && n > 0 { print file, at[1], at[1] + n - 1 }'
    git ls-files --others --exclude-standard -- '*.cpp' '*.hpp' | sed 's/$/ 1 1000000/'
  } | awk '{ of[$1] = of[$1] (of[$1] == "" ? "" : ",") "[" $2 "," $3 "]" }
      END { for (file in of) {
              printf "%s{\"name\":\"%s\",\"lines\":[%s]}", (n++ ? "," : "["), file, of[file] }
            print n ? "]" : "" }'
}

case ${1:-} in
  *.cpp) files=$(printf '%s\n' "$@") ;;
  *)
    from=${1:-$(base)}
    files=$(changed "$from")
    filter=$(line_filter "$from")
    count=$(grep -c . <<<"$files" || true)
    echo "tidy: $count files changed since $(git log -1 --format='%h (%s)' "$from") or include such a header"
    if ((count > most)); then
      echo "tidy: leaves out $((count - most)) of them (make lint-all takes every file)"
      files=$(head -n $most <<<"$files")
    fi
    ;;
esac
[ -n "$files" ] || { echo "tidy: nothing to look at" && exit 0; }

mkdir -p build
cmake --preset tidy-includes >build/tidy-configure.log 2>&1 || { cat build/tidy-configure.log; exit 1; }
# One log at a time, and none of a file without findings. The analyzer follows fewer paths of a test:
# GoogleTest's macros have so many that it took 147 of 168 seconds. tidy_all.sh has it follow all.
one() {  # file
  local log depth=()
  [[ $1 != *tests/* ]] || depth=(--extra-arg={-Xclang,-analyzer-config,-Xclang,mode=shallow})
  log=$(clang-tidy-19 --quiet -p build/tidy-includes ${filter:+"--line-filter=$filter"} \
    "${depth[@]}" "$1" 2>&1) ||
    { grep -vE 'warnings? (generated|treated)' <<<"$log"; exit 1; }
}
export -f one
xargs -P "$(nproc)" -n 1 bash -c 'one "$0"' <<<"$files" ||
  { echo "tidy: findings above"; exit 1; }
echo "tidy: $(grep -c . <<<"$files") files, no finding"
