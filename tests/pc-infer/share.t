#!/bin/bash
# pc-infer --embed: processes that want the same texts at the same time share the
# work.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start ollama --api ollama
use ollama
embed() { limit pc-infer --embed -m embedder; }
# texts NAME FROM STEP TO: a line for each number
texts() { seq "$2" "$3" "$4" | sed "s/^/$1 /"; }
# sent: how many texts each request had
sent() { server_log -c 'map(select(.path | test("embed")) | .body.input | length)'; }
# twice: the texts that were sent more than once
twice() {
	server_log -r 'map(select(.path | test("embed")) | .body.input[])[]' |
		sort | uniq -d | xargs
}
# vectors FILE...: they have an embedding for each line, and no error
vectors() { jq -c 'select(.error == null) | .embedding' "$@" | sort -u | wc -l; }

# The server holds both requests until both processes have chosen their texts.
server_fault slow-first-byte /api/embed times=-1
texts both 1 1 20 | embed >one &
await embedding 1
texts both 30 -1 11 | embed >two &
await embedding 2
is "$(sent)" '[20,10]' 'the second process sends only the texts that the first does not compute'
server_release
wait
is "$(sent)" '[20,10]' 'overlapping lists: each text is computed once'
is "$(vectors one) $(vectors two)" '20 20' 'overlapping lists: both processes print all vectors'
is "$(sed -n '11,20s/.*embedding"://p' one)" \
	"$(sed -n '11,20s/.*embedding"://p' two | tac)" \
	'overlapping lists: both processes print the same vectors'

# Lists in many orders, without anything that holds them.
server_reset
for run in 1 2 3 4; do
	texts order 1 1 70 | shuf --random-source=<(yes "$run") |
		embed >order$run &
done
wait
is "$(twice)" '' 'four processes with lists in other orders compute each text once'
is "$(for run in 1 2 3 4; do vectors order$run; done | xargs)" '70 70 70 70' \
	'four processes with lists in other orders end with all vectors'

# The first process is killed while it has locked its keys.
server_reset
server_fault slow-first-byte /api/embed times=2
texts killed 1 1 10 >lines
pc-infer --embed -m embedder <lines >one &
first=$!
await embedding 1
texts killed 12 -1 1 | embed >two &
second=$!
await embedding 2
kill -9 $first
wait $first 2>/dev/null
server_release
wait $second
is "$?:$(vectors two)" 0:12 'after the other process was killed all vectors are printed'
is "$(sent)" '[10,2,10]' 'the texts of a killed process are sent again, and no others'
done_testing
