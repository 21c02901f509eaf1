# infer-faults.sh - servers that fail: the output, the message, the number of
# requests, and that no wrong answer is stored.  After infer.sh, with $api.
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

# fails STATUS ATTEMPTS PATTERN FAULT [NAME=VALUE]...: with the fault in every
# attempt a prompt fails so; without it, it is asked again and gets an answer
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
	is "$got:$(wc -c <out)" "$want:0" "$api: $fault: exits with $want and prints no answer"
	like "$(cat err)" "$pattern" "$api: $fault: the message matches $pattern"
	like "$(asked)" "^($times)\$" "$api: $fault: the server is asked $times times"
	server_reset
	pc-infer -m tiny -S "$n" 'COUNT: 12' >out 2>err
	is "$?:$(wc -w <out):$(asked)" "0:12:1" "$api: $fault: nothing is stored; the next run asks again"
}

# survives ATTEMPTS FAULT [NAME=VALUE]...: with the fault in one attempt a prompt
# still gets a whole answer
survives() {
	local times=$1 fault=$2
	shift 2
	n=$((n + 1))
	server_reset
	server_fault "$fault" $where "$@"
	pc-infer -m tiny -S "$n" 'COUNT: 12' >out 2>err
	is "$?:$(wc -w <out):$(asked):$(cat err)" "0:12:$times:" \
		"$api: $fault in one attempt: a whole answer after $times requests"
}

pc-infer -m tiny 'SAY: x' >/dev/null

config '{"networking": {"timeout_read": "1s", "retry_attempts": 1}}'
fails 75 1 "$URL.*nothing came for 1 s; networking.timeout_read" stall
[ "$took" -ge 1000 ]
ok "$api: stall: pc-infer waits for timeout_read first"
server_fault stall "$list"
status 75 "$api: stall of the list of models: exits with 75" pc-infer -m tiny --api "$api" --refresh x
like "$(cat err)" "$URL.*nothing came" "$api: stall of the list of models: the message"
config "$faults"
fails 75 2 "$URL: " cut
fails 75 2 "$URL: " reset
# libcurl itself repeats a request if a kept connection is closed.
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
fails 2 1 "$URL requires an API key: .*PC_INFER_KEY.*--key-file" 401
fails 2 1 'something other than a JSON object: ' wrong-json
fails 2 1 "$URL sent a web page; check --url" html
fails 2 1 'line of more than 16 MiB' endless-line
fails 2 1 "$URL: its headers have no end" huge-headers
fails 2 1 "$URL answers 307, .*--url" redirect
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
	ok "$api: $fault: memory is bounded ($kib KiB)"
done
survives 1 split-utf8
survives 1 crlf
config '{"networking": {"timeout_read": "1s", "retry_attempts": 2}}'
survives 1 slow-first-byte ms=1200
config "$faults"
survives 1 huge-headers bytes=20000
server_fault drip $where ms=1
is "$(pc-infer -m tiny 'SAY: é 😀')" 'é 😀' "$api: an answer that comes byte by byte is whole"
server_fault split-utf8 $where
is "$(pc-infer -m tiny 'SAY: é 😀 ü')" 'é 😀 ü' \
	"$api: characters that come in pieces are whole"

# A Retry-After is waited for, or is too long.
began=$(milliseconds)
server_fault 429 $where seconds=1
pc-infer -m tiny 'SAY: after a second' >/dev/null
[ $(($(milliseconds) - began)) -ge 1000 ]
ok "$api: Retry-After is waited for"
fails 75 1 "$URL answers 429" 429 seconds=3600
fails 75 1 "$URL answers 429: You exceeded your.*quota" 429-quota

# A prompt that the server truncated without a message.  Under /v1 no request
# has num_ctx, so it is neither advised nor believed.
case $api in
openai) longer='start the server with a longer context' given=(-p num_ctx=100000) ;;
*) longer='num_ctx=N' given=() ;;
esac
server_reset
seq -s ' ' 300 >long
for _ in 1 2; do
	server_fault silent-truncation $where
	status 4 "$api: a silently truncated prompt exits with 4" pc-infer -m tiny \
		"${given[@]}" -f long
	test -s out
	ok "$api: the answer to a silently truncated prompt is printed"
done
like "$(cat err)" "truncated the prompt.*read 4 tokens.*$longer.*not cached" \
	"$api: the message about a silently truncated prompt"
is "$(asked)" 2 "$api: the answer to a silently truncated prompt is not stored"
server_fault silent-truncation $where
status 0 "$api: --allow-cut accepts a silently truncated prompt" pc-infer -m tiny --allow-cut -f long
is "$(pc-infer -m tiny --allow-cut --json -f long | jq -c '[.hit, .cut]')" \
	'[true,"prompt"]' "$api: a hit after --allow-cut reports the truncated prompt"

# A prompt that is too long for the model is refused, not truncated.
server_reset
seq -s ' ' 9000 >longer
status 2 "$api: a prompt that is too long exits with 2" pc-infer -m tiny -f longer
like "$(cat err)" "too long for the model's context: .*$longer" \
	"$api: the message about a prompt that is too long says what to do"
is "$(asked)" 1 "$api: a prompt that is too long is sent only once"

# Faults of the list of models.
ask() { limit pc-infer -m tiny --api $api --refresh x; }
for fault in 500 cut 503-loading; do
	server_fault $fault $list times=2
	status 75 "$api: $fault of the list of models: exits with 75" ask
	like "$(cat err)" "$URL" "$api: $fault of the list of models: the message names the server"
	server_reset
done
for fault in html wrong-json 401; do
	server_fault $fault $list
	status 2 "$api: $fault of the list of models: exits with 2" ask
	like "$(cat err)" "$URL.*(--url|key)" "$api: $fault of the list of models: the message says what to check"
	server_reset
done
