#!/bin/bash
# lib.sh: what a test prints if an event that it waits for does not come.
. "$(dirname "$0")/../lib.sh"

# said SCRIPT: what a test with these lines prints, and its status
said() {
	printf '. "%s/lib.sh"\n%s\n' "$TESTS" "$1" >test.sh
	bash test.sh 2>/dev/null
	echo "status $?"
}
hurried() { PC_TEST_PATIENCE=1 said "$1"; }

is "$(said 'await true; ok "it came"; done_testing')" 'ok 1 - it came
1..1
status 0' 'await returns for an event that has already come'
is "$(said '(sleep 0.2; touch there) & await test -e there
	ok "it came"; done_testing')" 'ok 1 - it came
1..1
status 0' 'await waits for an event that comes later'
is "$(hurried 'await test -e none; is 1 1 "a file"; ok "later"')" \
	'not ok 1 - a file: timed out after 1 s waiting for test -e none
status 1' 'an event that does not come is a time-out and ends the test'
is "$(hurried 'like "$(limit sleep 60)" "^x" "the result"')" \
	'not ok 1 - the result: timed out after 1 s waiting for sleep 60
status 1' 'a command that hangs is a time-out, even in a pattern test'
is "$(hurried 'status 124 "a status" limit sleep 60')" \
	'not ok 1 - a status: timed out after 1 s waiting for sleep 60
status 1' 'a command that hangs is a time-out, even if its status is expected'
is "$(hurried 'limit sh -c "trap \"\" TERM; sleep 60; sleep 60"; ok "x"' |
	cut -c 1-29)" 'not ok 1 - x: timed out after
status 1' 'limit kills a command that ignores SIGTERM'
is "$(said 'status 124 "a status" limit sh -c "exit 124"
	status 137 "killed" limit sh -c "kill -9 \$\$"; done_testing')" \
	'ok 1 - a status
ok 2 - killed
1..2
status 0' 'a command that itself ends with 124 or 137 is not a time-out'
is "$(hurried 'await false; done_testing')" \
	'not ok 1 - nothing timed out: timed out after 1 s waiting for false
status 1' 'a time-out behind the last check fails the test'
is "$(said 'sleep 60 & await naps $!; ok "x"; kill $!; done_testing')" 'ok 1 - x
1..1
status 0' 'naps sees a process that sleeps'
is "$(hurried 'while :; do :; done & await idle $!; kill $!; ok x' | cut -c 1-37)" \
	'not ok 1 - x: timed out after 1 s wai
status 1' 'idle does not take a busy process for a sleeping one'
done_testing
