#!/bin/bash
# pc-infer --embed: each text's vector is remembered alone.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start ollama --api ollama
server_start openai --api openai
embed() { pc-infer --embed -m embedder "$@"; }
# sent: how many texts each request for embeddings had
sent() {
	server_log -c 'map(select(.path | test("embed")) | .body.input |
		length)'
}

for api in ollama openai; do
	use $api
	export PC_STORE=$T/store-$api
	where=/api/embed
	[ $api = ollama ] || where=/v1/embeddings
	seq 70 | sed 's/^/text /' >lines
	embed <lines >out
	is "$?:$(wc -l <out)" 0:70 "$api: lines"
	is "$(sent)" '[32,32,6]' "$api: in requests of 32"
	is "$(jq .index out | xargs)" "$(seq 0 69 | xargs)" "$api: in order"
	is "$(jq -c '.embedding | length' out | sort -u)" 8 "$api: of one length"
	is "$(jq -c .embedding out | sort -u | wc -l)" 70 "$api: each its own"
	seq 1 3 90 | sed 's/^/text /' | embed >two
	is "$(sent)" '[32,32,6,6]' "$api: only those that are missing are sent"
	is "$(head -n 24 two | jq -c .embedding)" \
		"$(awk 'NR % 3 == 1' out | jq -c .embedding)" "$api: vectors that are cached are the same"
	# One alone has the vector that it had among others.
	rm -rf "$PC_STORE"
	sed -n 40p lines | embed | jq -c .embedding >alone
	sed -n 40p out | jq -c .embedding | cmp alone -
	ok "$api: a text alone has the same vector"

	embed --binary <lines >binary
	is "$(wc -c <binary)" $((70 * 8 * 4)) "$api: --binary"
	python3 - <<'PY'
import json, struct, sys
want = [v for line in open('out') for v in json.loads(line)['embedding']]
got = struct.unpack('<%df' % len(want), open('binary', 'rb').read())
f32 = lambda x: struct.unpack('<f', struct.pack('<f', x))[0]
sys.exit(any(f32(w) != g for w, g in zip(want, got)))
PY
	ok "$api: has the numbers that JSON has"
	server_reset
	embed --binary <lines | cmp binary -
	is "$(embeds)" 0 "$api: --binary of cached vectors sends no request"
	# "text 7" is two tokens; one line was asked for alone before.
	is "$(pc-stats --json | jq -c '.all | [.tokens_spent, .tokens_saved]')" \
		'[140,142]' "$api: tokens are in their events"
	echo '{"inference":{"prices":{"embedder":{"prompt":1e6}}}}' >prices.json
	PC_CONFIG=prices.json embed <lines >two
	is "$(pc-stats --json | jq -c '.all | [.tokens_saved, .money_saved]')" \
		'[282,140]' "$api: pc-stats counts tokens and money that hits saved"

	cat >records <<'R'
{"file":"a","id":"01","page":3,"text":"text a","more":"text m"}
{"file":"b","error":"cannot read it"}
{"file":"c","text":5}
{"file":"d","text":"text d"}
R
	embed --jsonl <records >out 2>err
	is "$?:$(jq -c '[.index, .file, .id, .page, (.embedding | length?),
		.error]' out)" '3:[0,"a","01",3,8,null]
[1,"b",null,null,0,"cannot read it"]
[2,"c",null,null,0,"the record has no text in \"text\""]
[3,"d",null,null,8,null]' "$api: records"
	is "$(head -n 1 records | embed --jsonl --field more | jq -c .embedding)" \
		"$(echo 'text m' | embed | jq -c .embedding)" "$api: --field"
	status 2 "$api: --field of lines" embed --field more <records
	like "$(cat err)" '--embed and --jsonl' "$api: --field of lines: the message says what it requires"

	embed -v <<<'said of it' >out 2>err
	embed -v <<<'said of it' >out 2>>err
	is "$(grep -oE ' (miss|computed|hit) embed [0-9a-f]{64} [0-9.]+ ms$' err |
		awk '{ print $1 }' | xargs)" 'miss computed hit' "$api: -v"
	server_reset
	server_fault slow-first-byte $where
	embed <<<'asked by two' >out &
	await embedding 1
	embed <<<'asked by two' >two &
	await napping_infer $!
	server_release
	wait
	is "$(embeds)" 1 "$api: what another process asks for is waited for"
	cmp out two
	ok "$api: two processes print the same vector"

	server_reset
	is "$(embed --dimensions 4 <<<'text x' | jq -c '.embedding | length')" 4 \
		"$api: --dimensions"
	is "$(server_log 'map(select(.path | test("embed"))) |
		last | .body.dimensions')" 4 "$api: --dimensions is sent"
	embed --dimensions 4 <<<'text x' >out
	embed <<<'text x' >out
	is "$(jq '.embedding | length' out):$(embeds)" 8:2 "$api: --dimensions is in the key"
	status 2 "$api: more --dimensions than the model has is an error" embed --dimensions 9 <<<'text x'
	like "$(cat err)" '8 numbers.* 9|9.* 8' "$api: too large --dimensions: the message has both numbers"

	# answers that are wrong
	n=0
	for fault in fewer-embeddings empty wrong-json 400; do
		n=$((n + 1))
		server_reset
		server_fault $fault $where times=-1
		status 2 "$api: $fault" embed \
			< <(printf '%s\n' "f$n a" "f$n b")
		is "$(jq -r .embedding out | sort -u)" null "$api: $fault: no vector"
		server_reset
		printf '%s\n' "f$n a" "f$n b" | embed >out
		is "$(sent)" '[2]' "$api: $fault: nothing was kept"
	done
	embed <<<'text x' >/dev/null
	server_reset
	server_fault wrong-dimension $where
	printf '%s\n' 'text x' 'text y' | embed >out 2>err
	is "$?:$(jq -r .error out | xargs)" \
		'3:null the vector has 9 numbers instead of 8' \
		"$api: a vector that is longer than others"
	server_reset
	for fault in 500 cut stall error-midstream; do
		server_fault $fault $where times=-1
		want=75
		[ $fault != error-midstream ] || want=2
		config '{"networking": {"timeout_read": "1s", "retry_attempts": 1}}'
		status $want "$api: $fault" embed <<<'text later'
		server_reset
		config '{}'
	done
	like "$(cat out)" "$URL|running the model|vector" "$api: a failed request: the message says what failed"

	# one that is too long
	server_reset
	long=$(seq -s ' ' 600)
	{ seq 5 | sed 's/^/short /'; echo "$long"; echo 'short 7'; } |
		embed >out 2>err
	is "$?:$(jq -r '.error != null' out | xargs)" \
		'3:false false false false false true false' \
		"$api: a text that is too long spoils no other"
	like "$(cat err)" "text 6: .*too long.*context of model '.*: split it" \
		"$api: a text that is too long: the message says to split it"

	# the same ones
	server_reset
	printf '%s\n' one two one one two >lines
	embed <lines >out
	is "$(sent):$(jq -c .embedding out | sort | uniq -c | awk '{ print $1 }' |
		sort | xargs)" '[2]:2 3' "$api: equal texts are sent once"
	for how in --no-cache --refresh; do
		server_reset
		embed $how <lines | cmp out -
		is "$(sent)" '[2]' "$api: equal texts are sent once with $how"
	done
done

server_fault out-of-order /v1/embeddings
printf '%s\n' p q r >lines
embed <lines >out
embed --no-cache <lines | cmp out -
ok 'vectors that come in another order are put in theirs'

# ---- texts

use ollama
printf '%s\n' '{"text":""}' '{"text":" \n"}' '{"text":"x"}' '{' |
	embed --jsonl >out 2>err
is "$?:$(jq -r '.error // "-"' out | cut -c 1-17 | xargs)" \
	'3:the text is empty the text is empty - line 1: unexpecte' \
	'a text that is empty'
printf 'a\377b\ngood\n' | embed >out 2>err
is "$?:$(jq -r '.error // "-"' out | xargs)" '3:the text is not valid UTF-8 -' \
	'no text'
printf 'one\n\ntwo\n' | embed >out 2>err
is "$?:$(jq -r '.error // "-"' out | xargs)" '3:- the text is empty -' \
	'an empty line has its place'
printf '\none\n\ntwo\n' | embed --binary 2>err |
	od -An -v -w32 -tf4 | awk '{ print $1 ~ /nan/ }' | xargs >out
is "$(cat out)" '1 0 1 0' 'with --binary an empty line is a row of NaN'
printf 'no newline' | embed >out
is "$(wc -l <out)" 1 'a last line without its newline'
status 0 'no texts' embed
is "$(cat out)" '' 'no vectors'
printf 'd1\n' >list
is "$(embed --files-from list | wc -l)" 1 'a file with them'
for options in --binary '--dimensions 4'; do
	# shellcheck disable=SC2086
	status 2 "$options without --embed" pc-infer -m tiny $options x
done
status 2 '--embed with a prompt' embed 'a prompt'
status 2 '--dimensions 0 is an error' embed --dimensions 0

# ---- without a server, and slowly

server_reset
seq 100 >lines
embed <lines >out
server_stop ollama
embed <lines | cmp out -
ok 'hits need no server'
status 0 'hits with --offline succeed' embed --offline <lines
status 1 'a miss with --offline' embed --offline <<<'not seen'
like "$(cat err)" 'text 1: not in the cache' 'a miss with --offline: the message says so'
config '{"networking": {"retry_attempts": 1}}'
{ head -n 3 lines; echo new; echo newer; } | embed >out 2>err
is "$?:$(jq -r '.embedding != null' out | xargs)" '3:true true true false false' \
	'without a server hits are delivered'
is "$(grep -c 'ollama serve' err)" 2 'without a server each miss is reported'
mkfifo pipe
embed >out 2>err <pipe &
pid=$!
exec 7>pipe
head -n 1 lines >&7
await test -s out
is "$(wc -l <out)" 1 'a hit does not wait for the end of the list'
await idle_infer $pid
ok 'waiting for the next line takes no CPU time'
exec 7>&-
wait $pid
limit pc-infer --embed -m embedder <lines >/dev/full 2>err
is $? 2 'a full device fails the run'
# shellcheck disable=SC2216
limit pc-infer --embed -m embedder <lines | head -n 1 >out
is "$(wc -l <out)" 1 'a reader that closes the pipe ends the run'
done_testing
