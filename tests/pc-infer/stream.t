#!/bin/bash
# pc-infer on a terminal: tokens as they come.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"
command -v script >/dev/null || skip_all 'there is no script(1)'

config '{"networking": {"retry_attempts": 3}}'
server_start ollama --api ollama
server_start openai --api openai
# terminal COMMAND: with a terminal for stdout, and stderr in ./err
terminal() {
	script -qec "{ $1; } 2>err" /dev/null </dev/null | tr -d '\r'
}
# live COMMAND: the same in the background, its output in ./script as it comes
live() {
	rm -f script
	script -qefc "$1 2>err" script </dev/null >/dev/null &
	pid=$!
}
# shown: what was seen of it until now; script(1) begins with a line of its own
shown() { sed 1d script 2>/dev/null | tr -d '\r'; }
# showing TEXT: is it seen?
showing() { shown | grep -q "$1"; }

for api in ollama openai; do
	use $api
	export PC_STORE=$T/store-$api
	config '{"networking": {"min_speed": 1000000, "min_speed_time": "1s",
		"timeout_total": "1s"}}'
	is "$(pc-infer -m tiny -S slow 'COUNT: 60' | xargs)" "$(seq 60 | xargs)" \
		"$api: slow tokens are not cut by limits of pc-fetch"
	config '{"networking": {"timeout_read": "1s", "retry_attempts": 3}}'
	pc-infer -m tiny 'SAY: x' >/dev/null
	case $api in
	ollama) where=/api/chat ;;
	openai) where=/v1/chat/completions ;;
	esac
	server_fault stall $where at=4
	live "pc-infer -m tiny -S live 'COUNT: 20'"
	await showing '1 2 3'
	ok "$api: the first tokens are shown before the answer ends"
	! showing ' 20'
	ok "$api: the last tokens are not shown before they arrive"
	server_release
	wait $pid
	terminal "pc-infer -m tiny -S terminal 'COUNT: 20'" >out
	is "$(cat out)" "$(seq -s ' ' 20)" "$api: a terminal shows the whole answer"
	pc-infer -m tiny --no-cache -S piped 'COUNT: 20' | cmp out -
	ok "$api: a pipe gets the same bytes as a terminal"
	server_reset
	terminal "pc-infer -m tiny -S terminal 'COUNT: 20'" | cmp out -
	ok "$api: a hit shows the same bytes on a terminal"
	is "$(asked)" 0 "$api: a hit on a terminal sends no request"
	is "$(pc-infer -m tiny -S live 'COUNT: 20')" "$(cat out)" \
		"$api: what was streamed is stored"

	# What is on the terminal cannot be taken back: no second try.
	for fault in cut error-midstream stall clean-end-without-done; do
		server_reset
		server_fault $fault $where at=4
		[ $fault != stall ] ||
			config '{"networking": {"timeout_read": "1s", "retry_attempts": 3}}'
		terminal "pc-infer -m tiny -S $fault 'COUNT: 9'; echo \$? >st" >out
		is "$(cat st):$(asked)" 75:1 "$api: $fault: an answer that has begun is not retried"
		like "$(cat out)" '^1 2 3' "$api: $fault: the received tokens are shown"
		like "$(cat err)" '^pc-infer: ' "$api: $fault: a message says what failed"
		status 1 "$api: $fault: an incomplete answer is not stored" \
			pc-infer --offline -m tiny -S $fault 'COUNT: 9'
		config '{"networking": {"retry_attempts": 3}}'
	done
	server_reset
	server_fault 500 $where
	is "$(terminal "pc-infer -m tiny 'SAY: again'"):$(asked)" again:2 \
		"$api: a request that failed before the first token is retried"
	terminal "pc-infer -m tiny -p num_predict=3 'COUNT: 9'; echo \$? >st" >out
	is "$(cat st):$(cat out)" '4:1 2 3' "$api: a truncated answer is shown and exits with 4"
	is "$(terminal "pc-infer -m tiny -p num_predict=3 'COUNT: 9' 2>&1" |
		cut -c 1-20)" '1 2 3
pc-infer: the answer' "$api: the warning about a truncated answer begins a new line"
	server_fault cut $where at=4
	is "$(terminal "pc-infer -m tiny -S own 'COUNT: 9' 2>&1" | sed -n 2p |
		cut -c 1-20)" 'pc-infer: the server' "$api: the message about a failed answer begins a new line"
	terminal "pc-infer -m tiny --json 'SAY: json'" | jq -r .text >out
	is "$(head -n 1 out)" json "$api: --json prints a whole record on a terminal"
done
is "$(terminal "pc-infer 'a prompt' --engine-cmd cat")" 'a prompt' \
	'the output of a program is shown on a terminal'
cat >engine <<EOP
#!/bin/sh
echo one
$held
echo two
EOP
chmod +x engine
live 'pc-infer p --engine-cmd ./engine'
await showing one
! showing two
ok 'the output of a program is shown as it comes'
touch go
wait $pid
is "$(pc-infer p --engine-cmd ./engine)" 'one
two' 'the streamed output of a program is stored'

# Ctrl-C on a terminal
rm -f script
mkfifo keys
server_fault stall $where at=4
env --default-signal=INT script -qefc "pc-infer -m tiny -S ctrlc 'COUNT: 60'" script \
	<keys >/dev/null &
exec 3>keys
await showing '1 2'
ok 'the received tokens are shown before Ctrl-C'
printf '\003' >&3
await has_ended $!
exec 3>&-
! shown | grep -q ' 60'
ok 'Ctrl-C ends the answer'
status 1 'an answer that Ctrl-C ended is not stored' pc-infer --offline -m tiny -S ctrlc 'COUNT: 60'
# ---- progress

use ollama
seq 12 | jq -c '{prompt: "SAY: a b c d e f g h \(.)"}' >records
script -qec 'pc-infer -m tiny --jsonl -j 1 --progress <records' /dev/null \
	</dev/null >both
grep -q '12, ' both || grep -q 'tokens' both
ok 'progress is shown on the terminal that shows the answers'
is "$(tr '\r' '\n' <both | grep -c '[^K]{"text"')" 0 \
	'the progress is erased before a record is printed'

done_testing
