# common.sh - what the benchmarks share: a place of their own, and rows.
# shellcheck shell=bash disable=SC2034
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=${PC_BUILD:-$here/../../build}
build=$(cd "$build" && pwd) || exit 1

for source in "$here"/*.c; do
	[ -x "$build/tests/bench-$(basename "$source" .c)" ] && continue
	echo "$0: build/tests/bench-$(basename "$source" .c) is missing: run" \
		"'make bench', which builds it" >&2
	exit 2
done

T=$(mktemp -d "${TMPDIR:-/tmp}/pc-bench.XXXXXX") || exit 1
trap 'cd /; rm -rf "$T"' EXIT
trap 'exit 1' INT TERM
cd "$T" || exit 1
mkdir home
export HOME=$T/home LC_ALL=C.UTF-8 PC_STORE=$T/small
unset PC_CACHE PC_CONFIG PC_EVENTS XDG_CACHE_HOME XDG_CONFIG_HOME
PATH=$build:$PATH

have() { command -v "$1" >/dev/null; }
note() { printf '%s\n' "$*"; }
heading() { printf '\n%-44s %12s %8s %10s\n' "$@"; }

# row WHAT FIGURE RATIO TARGET VERDICT
row() { printf '%-44s %12s %8s %10s  %s\n' "$@"; }

# calc EXPRESSION
calc() { awk "BEGIN { printf \"%.3f\", $1 }"; }

# verdict VALUE TARGET: at most; or with a third argument at least
verdict() {
	awk -v v="$1" -v t="$2" -v least="${3-}" 'BEGIN {
		print (least ? v >= t : v <= t) ? "ok" : "over" }'
}

# judge WHAT FIGURE RATIO TARGET: a row whose ratio must not pass TARGET
judge() {
	if [ "$4" = - ]; then
		row "$1" "$2" "$3" '' ''
	else
		row "$1" "$2" "$3" "<= $4" "$(verdict "$3" "$4")"
	fi
}

# spawned RESULTS TARGETS: rows for what bench-spawn printed; TARGETS has a
# line "label<TAB>target" for those with one
spawned() {
	local label p50 ratio failed target _
	while IFS=$'\t' read -r label _ p50 _ ratio _ failed; do
		target=$(awk -F'\t' -v l="$label" '$1 == l { print $2 }' "$2")
		judge "$label" "$p50 ms" "$ratio" "${target:--}"
		[ "$failed" = 0 ] || note "  !! $failed of its runs failed"
	done <"$1"
}

# field RESULTS LABEL N: one number of it
field() { awk -F'\t' -v l="$2" -v n="$3" '$1 == l { print $n }' "$1"; }
empty=$build/tests/bench-empty

# opening: what was measured, where
opening() {
	note "pc $(pc-get --version | awk '{ print $NF }'), $(nproc) processors," \
		"$(uname -sr), load $(cut -d' ' -f1 /proc/loadavg)"
}
