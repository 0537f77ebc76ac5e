#!/usr/bin/env bash
# What ccache runs in place of the compiler for tidy.sh: clang-tidy on one unit. An object file that
# says so is the proof that nothing was found.
set -euo pipefail
arguments=("${@:2}")
for ((i = 0; i < ${#arguments[@]}; i++)); do
  case ${arguments[i]} in
    -o) object=${arguments[i + 1]} ;;
    -MF) dependencies=${arguments[i + 1]} ;;
    *.cpp | *.cxx) source=${arguments[i]} ;;
  esac
done
# Checks that see a main file alone say nothing of a unit of several.
checks=-misc-include-cleaner,-bugprone-suspicious-include
[[ " $* " != *" -DTOXVOL_TIDY_INCLUDES "* ]] ||
  checks=-*,misc-include-cleaner,bugprone-suspicious-include
root=$(dirname "$0")/..
config=$root/.clang-tidy
[[ $source != tests/* && $source != ../../tests/* ]] || config=$root/tests/.clang-tidy
findings=$(clang-tidy-19 --quiet --config-file="$config" --checks="$checks" "$source" \
  -- "${arguments[@]}" 2>&1) || {
  grep -vE 'warnings? (generated|treated)' <<<"$findings" >&2
  exit 1
}
echo "no finding" >"$object"
echo "$object:" >"$dependencies"  # ccache wants the file; it finds out for itself what was read
