#!/usr/bin/env bash
# A signal ends what waits, at whatever moment it comes.
. "$(dirname "$0")/lib.sh"

at_each=$BUILD/tests/torture-signal
"$at_each" sleep 100 >out 2>err || {
	grep -q 'cannot trace\|PTRACE' err && skip_all 'no process can be traced'
}
is "$(cat err)" '' 'a program that waits is ended at each of its calls'

# What is read from has no input, and no end.
mkfifo input
exec 3<>input

ends() { # DESCRIPTION COMMAND...
	status 0 "$1" "$at_each" "${@:2}" <&3
	[ -s out ] && sed 's/^/# /' out
}

ends 'pc-infer, that waits for records' pc-infer --jsonl --engine-cmd cat
ends 'pc-fetch, that waits for names' pc-fetch --files-from -
ends 'pc-run, that waits for output' pc-run -s x -- sleep 100
ends 'pc-run, that waits for an end' \
	pc-run -s x -- sh -c 'exec >&- 2>&-; exec sleep 100'

done_testing
