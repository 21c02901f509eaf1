#!/usr/bin/env bash
# A signal ends a program that waits, at whatever moment the signal comes.
. "$(dirname "$0")/../lib.sh"

at_each=$BUILD/tests/torture-signal
"$at_each" sleep 100 >out 2>err || {
	grep -q 'cannot trace\|PTRACE' err && skip_all 'no process can be traced'
}
is "$(cat err)" '' 'SIGTERM ends sleep(1) at each of its system calls'

# The programs read from a pipe that has no data and no end.
mkfifo input
exec 3<>input

# ends WHAT COMMAND...: a signal at any system call ends it
ends() {
	status 0 "SIGTERM ends $1, at each of its system calls" "$at_each" "${@:2}" <&3
	[ -s out ] && sed 's/^/# /' out
}

ends 'pc-infer that waits for records' pc-infer --jsonl --engine-cmd cat
ends 'pc-fetch that waits for URLs' pc-fetch --files-from -
ends 'pc-run that waits for output' pc-run -s x -- sleep 100
ends 'pc-run that waits for the end of its command' \
	pc-run -s x -- sh -c 'exec >&- 2>&-; exec sleep 100'

done_testing
