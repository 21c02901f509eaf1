# common.sh - what the benchmarks share: a directory for each, and rows.
#
# A ratio is the median of 21 interleaved pairs (spawn.c).  It counts if the
# same program against itself, in the same run, stays within 3 %; otherwise
# the row says "undecided".
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
empty=$build/tests/bench-empty

have() { command -v "$1" >/dev/null; }
note() { printf '%s\n' "$*"; }
heading() { printf '\n%-44s %12s %8s %10s\n' "$@"; }

# row WHAT FIGURE RATIO TARGET VERDICT
row() { printf '%-44s %12s %8s %10s  %s\n' "$@"; }

# calc EXPRESSION
calc() { awk "BEGIN { printf \"%.3f\", ($1) }"; }

# verdict VALUE TARGET [least]: at most TARGET, or at least
verdict() {
	awk -v v="$1" -v t="$2" -v least="${3-}" 'BEGIN {
		print (least ? v >= t : v <= t) ? "ok" : "over" }'
}

# spawn ARGUMENTS OF bench-spawn: its results go to ./spawned, and what the
# first command's ratio to itself is to $itself
spawn() {
	"$build/tests/bench-spawn" "$@" >spawned || exit 1
	itself=$(cut -f5 spawned | head -n 1)
}

# still: did the first command of what was spawned stay within 3 % of itself?
still() { awk -v r="$itself" 'BEGIN { exit r > 1.03 || r < 0.97 }'; }

# field LABEL N: the N-th number that bench-spawn printed for LABEL
field() { awk -F'\t' -v l="$1" -v n="$2" '$1 == l { print $n }' spawned; }

# judge WHAT FIGURE RATIO TARGET [least]: print the row of a ratio from bench-spawn;
# TARGET - means no target
judge() {
	local target="<= $4" what
	if [ "$4" = - ]; then
		row "$1" "$2" "$3" '' ''
		return
	fi
	[ -z "${5-}" ] || target=">= $4"
	what=$(verdict "$3" "$4" "${5-}")
	still || what="undecided: itself $itself"
	row "$1" "$2" "$3" "$target" "$what"
}

# spawned [LABEL TARGET]...: print a row for each command of bench-spawn
spawned() {
	local label p50 ratio failed target _
	while IFS=$'\t' read -r label _ p50 _ ratio _ failed; do
		target=-
		for ((i = 1; i < $#; i += 2)); do
			[ "${!i}" != "$label" ] ||
				target=${*:i+1:1}
		done
		judge "$label" "$p50 ms" "$ratio" "$target"
		[ "$failed" = 0 ] || note "  !! $failed of its runs failed"
	done <spawned
}

# below TOOL... ::: [NAME=VALUE]... COMMAND...: run it under the tool
below() {
	local -a tool=() vars=()
	while [ "$1" != ::: ]; do
		tool+=("$1")
		shift
	done
	shift
	while [[ $1 == *=* ]]; do
		vars+=("$1")
		shift
	done
	env "${vars[@]}" "${tool[@]}" "$@"
}

# instructions [NAME=VALUE]... COMMAND...: how many it executes; other load on the
# machine does not change that
instructions() {
	below valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		::: "$@" 2>&1 >/dev/null | awk '/Collected/ { print $NF }'
}

# calls [NAME=VALUE]... COMMAND...: how many system calls it and its children make
calls() {
	below strace -f -qq -o calls.trace ::: "$@" >/dev/null 2>&1
	grep -vc '+++\|---' calls.trace
}

# count WHAT COMMAND...: print a row with both
count() {
	local what=$1
	shift
	row "$what" "$(instructions "$@")" '' '' "$(calls "$@") system calls"
}

# against WHAT TARGET COMMAND... ::: COMMAND..., each as for instructions: print
# rows with the ratio of their instructions and of their system calls, for targets
# too close to 1 for a clock
against() {
	local what=$1 target=$2 mine theirs made make_theirs ratio
	local -a first=()
	shift 2
	while [ "$1" != ::: ]; do
		first+=("$1")
		shift
	done
	shift
	mine=$(instructions "${first[@]}") theirs=$(instructions "$@")
	made=$(calls "${first[@]}") make_theirs=$(calls "$@")
	ratio=$(calc "$mine / $theirs")
	row "$what, instructions" "$mine" "$ratio" "<= $target" \
		"$(verdict "$ratio" "$target")"
	row "$what, system calls" "$made" \
		"$(calc "$made / $make_theirs")" '' "$((made - make_theirs)) more"
}

# opening: print what is measured, where, and how much the times vary
opening() {
	note "pc $(pc-get --version | awk '{ print $NF }'), $(nproc) processors," \
		"$(uname -sr), load $(cut -d' ' -f1 /proc/loadavg)"
	spawn ::: 'empty program' "$empty"
	note "the empty program against itself, in 21 pairs: $itself;" \
		"p10 to p90 $(field 'empty program' 2) to" \
		"$(field 'empty program' 4) ms"
	still || note 'the machine is too busy: expect undecided ratios'
}
