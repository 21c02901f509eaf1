# infer-faults.sh - servers that fail: what is delivered, what is said, how often
# is asked, and that nothing wrong is kept.  After infer.sh, with $api.
# shellcheck shell=bash disable=SC2154

server_start s --api "$api"
use s
case $api in
ollama) where=/api/chat list=/api/tags ;;
openai) where=/v1/chat/completions list=/v1/models ;;
esac
faults='{"networking": {"retry_attempts": 2}}'
config "$faults"
n=0

# fails STATUS ATTEMPTS PATTERN FAULT [NAME=VALUE]...: a question that meets the
# fault each time ends so, and is asked anew afterwards, with a whole answer
fails() {
	local want=$1 times=$2 pattern=$3 fault=$4 began got
	shift 4
	n=$((n + 1))
	server_reset
	server_fault "$fault" $where times=-1 "$@"
	began=$(milliseconds)
	limit pc-infer -m tiny -S "$n" 'COUNT: 12' >out 2>err
	got=$?
	took=$(($(milliseconds) - began))
	is "$got:$(wc -c <out)" "$want:0" "$api: $fault: status, no answer"
	like "$(cat err)" "$pattern" "$api: $fault: $pattern"
	like "$(asked)" "^($times)\$" "$api: $fault: asked so often"
	server_reset
	pc-infer -m tiny -S "$n" 'COUNT: 12' >out 2>err
	is "$?:$(wc -w <out):$(asked)" "0:12:1" "$api: $fault: nothing was kept"
}

# survives ATTEMPTS FAULT [NAME=VALUE]...: a question that meets the fault once
# has a whole answer nevertheless
survives() {
	local times=$1 fault=$2
	shift 2
	n=$((n + 1))
	server_reset
	server_fault "$fault" $where "$@"
	pc-infer -m tiny -S "$n" 'COUNT: 12' >out 2>err
	is "$?:$(wc -w <out):$(asked):$(cat err)" "0:12:$times:" \
		"$api: $fault once: an answer, asked $times times"
}

pc-infer -m tiny 'SAY: x' >/dev/null

config '{"networking": {"timeout_read": "1s", "retry_attempts": 1}}'
fails 75 1 "$URL.*nothing came for 1 s; networking.timeout_read" stall
[ "$took" -ge 1000 ]
ok "$api: stall: not before"
server_fault stall "$list"
status 75 "$api: stall of the list" pc-infer -m tiny --api "$api" --refresh x
like "$(cat err)" "$URL.*nothing came" "$api: is told"
config "$faults"
fails 75 2 "$URL: " cut
fails 75 2 "$URL: " reset
# curl itself asks again where a connection that was kept is closed
fails 75 '2|3' "$URL: " refuse
fails 75 1 'ended without its end mark' clean-end-without-done
fails 75 1 'running the model' error-midstream
fails 75 1 'out of cheese' error-midstream 'message=out of cheese'
fails 75 2 "$URL answers 429: too many requests" 429-ms
fails 75 2 "$URL answers 500" 500
fails 75 2 "$URL answers 503: .*" 503-loading
fails 75 2 "$URL answers 503: server busy" 503-busy
fails 75 2 "$URL answers 408" 408
fails 2 1 "$URL answers 400: no" 400 message=no
fails 2 1 "$URL wants a key: .*PC_INFER_KEY.*--key-file" 401
fails 2 1 'no JSON object: ' wrong-json
fails 2 1 "$URL sends a web page; is --url right" html
fails 2 1 'line of more than 16 MiB' endless-line
fails 2 1 "$URL: its headers have no end" huge-headers
fails 2 1 "$URL answers 307: .*--url" redirect
fails 2 1 'the answer is empty' empty

survives 2 cut
survives 2 refuse
survives 2 500
survives 2 503-loading
survives 2 429-ms ms=80
survives 2 429-date seconds=1
survives 1 long-line
for fault in long-line endless-line; do
	server_fault $fault $where
	kib=$(peak pc-infer --no-cache -m tiny 'COUNT: 12')
	[ "$kib" -lt 102400 ] || [ -n "$asan" ]
	ok "$api: $fault: memory has a bound ($kib KiB)"
done
survives 1 split-utf8
survives 1 crlf
config '{"networking": {"timeout_read": "1s", "retry_attempts": 2}}'
survives 1 slow-first-byte ms=1200
config "$faults"
survives 1 huge-headers bytes=20000
server_fault drip $where ms=1
is "$(pc-infer -m tiny 'SAY: é 😀')" 'é 😀' "$api: byte by byte"
server_fault split-utf8 $where
is "$(pc-infer -m tiny 'SAY: é 😀 ü')" 'é 😀 ü' \
	"$api: characters in pieces are whole"

# what the server asks for is waited for, or said to be too long
began=$(milliseconds)
server_fault 429 $where seconds=1
pc-infer -m tiny 'SAY: after a second' >/dev/null
[ $(($(milliseconds) - began)) -ge 1000 ]
ok "$api: Retry-After is waited for"
fails 75 1 "$URL answers 429" 429 seconds=3600
fails 75 1 "$URL answers 429: You exceeded your.*quota" 429-quota

# a prompt of which the server read a part, and did not say so
server_reset
seq -s ' ' 300 >long
for _ in 1 2; do
	server_fault silent-truncation $where
	status 4 "$api: a prompt that is cut silently" pc-infer -m tiny \
		-f long
	test -s out
	ok "$api: is answered"
done
like "$(cat err)" 'cut the prompt.*read 4 tokens.*num_ctx.*not stored' \
	"$api: which is said"
is "$(asked)" 2 "$api: and not kept"
server_fault silent-truncation $where
status 0 "$api: --allow-cut" pc-infer -m tiny --allow-cut -f long
is "$(pc-infer -m tiny --allow-cut --json -f long | jq -c '[.hit, .cut]')" \
	'[true,"prompt"]' "$api: keeps it, and that it was cut"

# one too long for the model is refused, not cut
server_reset
seq -s ' ' 9000 >longer
status 2 "$api: a prompt that is too long" pc-infer -m tiny -f longer
like "$(cat err)" "too long for the model's context: .*num_ctx=N" \
	"$api: and what to do"
is "$(asked)" 1 "$api: is not asked for again"

# faults of the list of models
ask() { limit pc-infer -m tiny --api $api --refresh x; }
for fault in 500 cut 503-loading; do
	server_fault $fault $list times=2
	status 75 "$api: $fault of the list" ask
	like "$(cat err)" "$URL" "$api: is told"
	server_reset
done
for fault in html wrong-json 401; do
	server_fault $fault $list
	status 2 "$api: $fault of the list" ask
	like "$(cat err)" "$URL.*(--url|key)" "$api: is told"
	server_reset
done
