# lib.sh - what the tests share: TAP, and a place of their own.
# shellcheck shell=bash
#
# Each test runs in an empty directory $T with its own HOME and store, so that
# any number of them, and of whole runs, can go on at once.

set -u
# Whatever the shell that runs them has set, tests see only this.
for name in $(compgen -e); do
	case $name in
	PATH | HOME | TMPDIR | MAKE* | LD_* | ?SAN_* | ??SAN_* | PC_BUILD | PC_LINK | \
		PC_VALGRIND | PC_UML | PC_TEST_CACHE | TORTURE_ROUNDS | TORTURE_SEED | \
		INJECT_SAMPLE | \
		npm_config_* | NODE_EXTRA_CA_CERTS) ;;
	*) unset "$name" 2>/dev/null ;; # bash keeps a few of its own
	esac
done
export SHELL=$BASH TERM=xterm
umask 022
TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD=${PC_BUILD:-$TESTS/../build}
BUILD=$(cd "$BUILD" && pwd)
PATH=$BUILD:$PATH:/usr/sbin:/sbin # nginx

T=$(mktemp -d "${TMPDIR:-/tmp}/pc-test.XXXXXX") || exit 1
at_exit=() # functions to call before the directory goes
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
export REAL_HOME=$HOME # for what is installed once for all tests
export HOME=$T/home TMPDIR=$T/tmp PC_STORE=$T/store LC_ALL=C.UTF-8
export GROFF_FONT_PATH=$TESTS/data/fonts # PDFs hold their fonts

tap_count=0

# What fails is named on stderr too, where prove lets it be seen.
not_ok() {
	echo "not ok $tap_count - $1"
	echo "# $(basename "$0"): not ok $tap_count - $1" >&2
}

# ok DESCRIPTION: was the last command's status 0?
ok() {
	local status=$?
	tap_count=$((tap_count + 1))
	if [ "$status" -eq 0 ]; then
		echo "ok $tap_count - $1"
	else
		not_ok "$1"
	fi
}

# is GOT WANT DESCRIPTION
is() {
	tap_count=$((tap_count + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $tap_count - $3"
		return
	fi
	not_ok "$3"
	printf 'got:\n%s\nwanted:\n%s\n' "$1" "$2" | head -c 2000 |
		sed 's/^/# /' >&2
	echo >&2
}

# like GOT PATTERN DESCRIPTION (an extended regular expression)
like() {
	tap_count=$((tap_count + 1))
	if printf '%s\n' "$1" | grep -Eq -- "$2"; then
		echo "ok $tap_count - $3"
		return
	fi
	not_ok "$3"
	printf 'got:\n%s\nwanted what matches:\n%s\n' "$1" "$2" |
		head -c 2000 | sed 's/^/# /' >&2
	echo >&2
}

# status WANT DESCRIPTION COMMAND...: its exit status; output in ./out, ./err
status() {
	local want=$1 what=$2 got
	shift 2
	"$@" >out 2>err
	got=$?
	[ "$got" = "$want" ] || sed 's/^/# stderr: /' err | head -n 5 >&2
	is "$got" "$want" "$what"
}

# own_helpers: helpers by names of this test's own, which helpers_left counts
own_helpers() {
	mkdir "$T/libexec"
	ln -s "$BUILD/pc-doc" "$BUILD/pc-tesseract" "$BUILD/pc-http" "$T/libexec"
	export PC_LIBEXEC=$T/libexec
}

# helpers_left: how many of them run still, after a while for them to end
helpers_left() {
	local n
	for _ in $(seq 50); do
		# shellcheck disable=SC2009
		n=$(ps -eo args | grep -c "^$T/libexec/pc-[a-z]* serve")
		[ "$n" = 0 ] && break
		sleep 0.1
	done
	echo "$n"
}

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
	echo "1..$tap_count"
}
