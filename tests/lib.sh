# lib.sh - what all tests share: TAP, and an own directory for each.
# shellcheck shell=bash
#
# Each test runs in an empty directory $T with its own HOME and store, so that
# any number of tests, and of runs of all tests, can run at the same time.

set -u
# Tests see only these variables of the shell that runs them.
for name in $(compgen -e); do
	case $name in
	PATH | HOME | TMPDIR | MAKE* | LD_* | ?SAN_* | ??SAN_* | PC_BUILD | PC_LINK | \
		PC_VALGRIND | PC_UML | PC_TEST_CACHE | TORTURE_ROUNDS | TORTURE_SEED | \
		INJECT_SAMPLE | PC_TEST_PATIENCE | \
		npm_config_* | NODE_EXTRA_CA_CERTS) ;;
	*) unset "$name" 2>/dev/null ;; # some variables of bash are read-only
	esac
done
export SHELL=$BASH TERM=xterm
umask 022
TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD=${PC_BUILD:-$TESTS/../build}
BUILD=$(cd "$BUILD" && pwd)
PATH=$BUILD:$PATH:/usr/sbin:/sbin # nginx

T=$(mktemp -d "${TMPDIR:-/tmp}/pc-test.XXXXXX") || exit 1
at_exit=() # functions to call before the directory is removed
cleanup() {
	local f
	for f in "${at_exit[@]}"; do
		"$f"
	done
	cd /
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
cd "$T" || exit 1
mkdir home tmp
export REAL_HOME=$HOME # for files that are installed once for all tests
export HOME=$T/home TMPDIR=$T/tmp PC_STORE=$T/store LC_ALL=C.UTF-8
export GROFF_FONT_PATH=$TESTS/data/fonts # PDFs with embedded fonts

# ---- waiting
#
# A test waits for an event, never for a fixed time: on a busy machine a process
# may be twenty times slower than usual.  A limit only bounds a hang.  If it is
# reached, the next check reports "timed out", whatever it compares, and the
# test ends: no later check could tell a wrong result from a late one.

PATIENCE=${PC_TEST_PATIENCE:-300} # seconds

# timed_out WHAT: make the next check report it
timed_out() {
	[ -e "$T/timed-out" ] ||
		echo "timed out after $PATIENCE s waiting for $1" >"$T/timed-out"
}

# await COMMAND...: repeat it until it succeeds
await() {
	local end=$((SECONDS + PATIENCE))
	until "$@" >/dev/null 2>&1; do
		if [ $SECONDS -ge $end ]; then
			timed_out "$*"
			return 1
		fi
		sleep 0.02
	done
}

# limit COMMAND...: run it and return its status; kill it if it hangs
limit() {
	local begun=$SECONDS status
	timeout -k 5 "$PATIENCE" "$@"
	status=$?
	case $status in
	124 | 137) [ $((SECONDS - begun)) -lt "$PATIENCE" ] || timed_out "$*" ;;
	esac
	return $status
}

# lines N FILE [PATTERN]: has the file at least N lines that match?
lines() { [ "$(grep -c -e "${3-}" -- "$2" 2>/dev/null)" -ge "$1" ]; }

# has_ended PID: has this process ended?
has_ended() { ! kill -0 "$1" 2>/dev/null; }

# wakes PID: how often it has slept, if it sleeps
wakes() {
	awk '/^State:/ { sleeps = $2 == "S" } /^voluntary/ { n = $2 }
		END { print n; exit !sleeps }' "/proc/$1/status" 2>/dev/null
}
# process PID NAME: the pid of the process of this name: PID or a child of it
process() {
	local pid=$1
	while [ "$(cat "/proc/$pid/comm")" != "$2" ]; do
		pid=$(pgrep -P "$pid") || return
	done
	echo "$pid"
}
# idle PID: does it sleep, and not wake for a while?
idle() {
	local before
	before=$(wakes "$1") && sleep 0.3 && [ "$(wakes "$1")" = "$before" ]
}
# naps PID: does it wait by looking again and again, as for a lock?
naps() { [ "$(wakes "$1")" -gt 20 ] || idle "$1"; }

# A command that begins with this waits until the test runs `touch go`.
# shellcheck disable=SC2034 # tests use it
held="until [ -e '$T/go' ] || [ ! -e '$T' ]; do sleep 0.05; done; "

# milliseconds: the time by a clock that is never set back
milliseconds() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

# ---- checks

tap_count=0

# A failure is named on stderr too, where prove shows it.
not_ok() {
	echo "not ok $tap_count - $1"
	echo "# $(basename "$0"): not ok $tap_count - $1" >&2
}

# in_time DESCRIPTION: did nothing time out before this check?
in_time() {
	[ -e "$T/timed-out" ] || return 0
	not_ok "$1: $(cat "$T/timed-out")"
	exit 1
}

# ok DESCRIPTION: was the last command's status 0?
ok() {
	# shellcheck disable=SC2319 # the status of a condition is wanted
	local status=$?
	tap_count=$((tap_count + 1))
	in_time "$1"
	if [ "$status" -eq 0 ]; then
		echo "ok $tap_count - $1"
	else
		not_ok "$1"
	fi
}

# is GOT WANT DESCRIPTION
is() {
	tap_count=$((tap_count + 1))
	in_time "$3"
	if [ "$1" = "$2" ]; then
		echo "ok $tap_count - $3"
		return
	fi
	not_ok "$3"
	printf 'got:\n%s\nwanted:\n%s\n' "$1" "$2" | head -c 2000 |
		sed 's/^/# /' >&2
	echo >&2
}

# like GOT PATTERN DESCRIPTION: PATTERN is an extended regular expression
like() {
	tap_count=$((tap_count + 1))
	in_time "$3"
	if printf '%s\n' "$1" | grep -Eq -- "$2"; then
		echo "ok $tap_count - $3"
		return
	fi
	not_ok "$3"
	printf 'got:\n%s\nwanted what matches:\n%s\n' "$1" "$2" |
		head -c 2000 | sed 's/^/# /' >&2
	echo >&2
}

# status WANT DESCRIPTION COMMAND...: check its exit status; its output goes to
# ./out and ./err
status() {
	local want=$1 what=$2 got
	shift 2
	"$@" >out 2>err
	got=$?
	[ "$got" = "$want" ] || sed 's/^/# stderr: /' err | head -n 5 >&2
	is "$got" "$want" "$what"
}

# said: ./err without the one line that depends on the machine: not every
# machine permits user namespaces for the helpers of pc-ocr
said() {
	grep -v '^pc-ocr: part of the sandbox is not available here: ' err
}

# own_helpers: give the helpers paths in $T, so that helpers_left can count them
own_helpers() {
	mkdir "$T/libexec"
	ln -s "$BUILD/pc-doc" "$BUILD/pc-tesseract" "$BUILD/pc-http" "$T/libexec"
	export PC_LIBEXEC=$T/libexec
}

# helpers_left: how many helpers still run, after a wait for those that end
no_helpers() { ! pgrep -f "^$T/libexec/pc-[a-z]* serve"; }
helpers_left() {
	await no_helpers
	pgrep -fc "^$T/libexec/pc-[a-z]* serve"
}

# jq 1.7 prints a number as it was written, for example 75.00.  Make it print 75
# as jq 1.6 does, so that tests can compare numbers.
case $(jq --version 2>/dev/null) in
'' | jq-1.[0-6]*) ;;
*)
	jq() {
		local options=() filter
		while [ $# -gt 0 ]; do
			case $1 in
			--arg | --argjson | --slurpfile | --rawfile)
				options+=("$1" "$2" "$3")
				shift 3
				;;
			-*)
				options+=("$1")
				shift
				;;
			*) break ;;
			esac
		done
		filter=${1-.}
		shift $(($# > 0))
		command jq "${options[@]}" "($filter
) | walk(if type == \"number\" then . + 0 else . end)" "$@"
	}
	;;
esac

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# skip DESCRIPTION REASON
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

plan() {
	echo "1..$1"
}

done_testing() {
	[ ! -e "$T/timed-out" ] || ok 'nothing timed out'
	echo "1..$tap_count"
}
