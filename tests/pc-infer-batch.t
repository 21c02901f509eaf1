#!/bin/bash
# pc-infer: many questions: order, failures, the same ones, and runs that end
# early.
. "$(dirname "$0")/lib.sh"
. "$TESTS/infer.sh"

own_helpers
config '{"networking": {"retry_attempts": 2}}'
server_start s --slots 8
server_start slow --slots 8 --delay 100
use s
# cold: as text is, so is its answer
cold() { pc-infer -m tiny -p temperature=0 "$@"; }
# records N [PREFIX]
records() { seq "$1" | sed "s/.*/{\"file\":\"f&\",\"text\":\"${2-}&\"}/"; }

# ---- forms

cat >ocr.jsonl <<'R'
{"file":"a.pdf","id":"00aa","page":1,"pages":2,"text":"one two","engine":"x"}
{"file":"a.pdf","id":"00aa","page":2,"pages":2,"text":"three four"}
{"file":"b.pdf","error":"cannot read 'b.pdf': it is broken"}
{"file":"c.txt","id":"00cc","text":"five six"}
R
cold --jsonl <ocr.jsonl >out 2>err
is $? 3 "what pc-ocr writes, with an error"
is "$(jq -c '[.file, .id, .page, .text, .error]' out)" \
	'["a.pdf","00aa",1,"two one\n",null]
["a.pdf","00aa",2,"four three\n",null]
["b.pdf",null,null,null,"cannot read '"'b.pdf'"': it is broken"]
["c.txt","00cc",null,"six five\n",null]' 'file, id, page and error go on'
is "$(cat err)" '' 'an earlier error is not said again'
is "$(jq -r 'select(.text) | [.stage, (.key | length), .hit, .model] |
	map(tostring) | join(" ")' out | sort -u)" 'infer 64 false tiny:latest' \
	'each says how it came to be'
is "$(asked)" 3 'three were asked'
cold --jsonl <ocr.jsonl 2>err | jq -c 'select(.text) | .hit' | sort -u >out
is "$(cat out) $(asked)" 'true 3' 'and hit'
printf 'a text' >f1
printf 'b text' >'f 2'
printf 'f1\0f 2\0' | cold -0 'say:' >out
is "$(cat out)" 'text a say:
text b say:' '-0'
printf 'f1\nf 2\n' >list
cold --files-from list 'say:' | cmp out -
ok '--files-from'
cold --files-from - 'say:' <list | cmp out -
ok '--files-from -'
is "$(printf 'f1\nnone\nf 2\n' | cold --jsonl --files-from - 'say:' 2>err |
	jq -c '[.file, .text, (.error != null)]')" '["f1","text a say:\n",false]
["none",null,true]
["f 2","text b say:\n",false]' 'with --jsonl'
printf '%s\n' 5 '{"text":5}' '{' '{"file":"x"}' '{"text":"good"}' |
	cold --jsonl >out 2>err
is "$?:$(jq -r '.text // .error' out | cut -c 1-9 | xargs)" \
	'3:record 1: record 2: record 3: record 4 good' 'bad records'
printf '%s\n' '{"text":["a","b"],"prompt":"p"}' '{"text":"t","prompt":7}' \
	'{"text":null,"prompt":"null is none"}' | cold --jsonl >out 2>err
is "$(jq -r '.text // .error' out)" 'record 1: "text" must be a string
record 2: "prompt" must be a string
none is null' 'what is no string is not left out of a question'
status 0 'no records' cold --jsonl
status 2 'none but bad ones' cold --jsonl < <(echo '{}'; echo '{}')
status 2 'a list that is not there' cold --files-from none
status 2 'a list and -f' cold --jsonl -f f1
status 2 '--as-completed without records' cold --as-completed -f f1

# ---- order

delays() {
	server_reset
	for i in 3 9 14 22; do
		server_fault slow-first-byte /api/chat ms=$((500 - i * 20)) \
			"match=\"w$i\""
	done
}
delays
records 40 w | cold -j 8 --jsonl >ordered
is "$(jq -j .text ordered)" "$(seq 40 | sed s/^/w/)" 'answers in order'
is "$(asked)" 40 'all asked'
server_reset
server_fault slow-first-byte /api/chat 'match="w3"'
records 40 w | cold --refresh -j 8 --jsonl --as-completed >out &
await lines 39 out
server_release
wait
[ "$(jq -j .text out)" != "$(seq 40 | sed s/^/w/)" ]
ok '--as-completed: as they come'
is "$(jq -j .text out | sort)" "$(seq 40 | sed s/^/w/ | sort)" 'all of them'
delays
records 40 w | cold -j 8 --jsonl | jq -c .text | cmp - <(jq -c .text ordered)
ok 'hits have the same text'
server_use slow
server_reset
export PC_INFER_URL=$URL
server_fault slow-first-byte /api/chat times=-1
records 24 most | cold -j 3 --jsonl >out &
await questions 3
server_release
wait
is "$(server_most)" 3 '-j bounds what is asked at a time'
server_reset
server_fault slow-first-byte /api/chat times=-1
records 24 def | cold --jsonl >out &
await questions 6
server_release
wait
is "$(server_most)" 6 'six if nobody says'
is "$(server_control count | jq '.connections <= 8')" true \
	'connections are kept open'

# ---- failures among them

use s
server_reset
server_fault 400 /api/chat 'match="x4"' message=no
server_fault 500 /api/chat 'match="x6"' times=-1
server_fault 500 /api/chat 'match="x8"'
records 9 x | cold --jsonl >out 2>err
is $? 3 'some fail'
is "$(jq -r '.text // .error' out | sed '/^$/d; s/.*answers //' | xargs)" \
	'x1 x2 x3 400: no x5 500: an error was encountered while running the model x7 x8 x9' \
	'as records, in their places'
is "$(cut -d : -f 2 err | tr -d "'" | xargs)" 'f4 f6' 'and said with their names'
records 9 x | cold >out 2>err --jsonl
is "$?:$(asked)" 3:14 'only those that failed are asked again'
server_reset
server_fault 503-busy /api/chat times=-1
status 75 'all fail, and later they might not' cold --refresh --jsonl \
	< <(records 3)
server_reset
records 2 'COUNT: 9' | cold -p num_predict=2 --jsonl >out 2>err
is "$?:$(jq -r '.cut' out | xargs)" '4:answer answer' 'cut ones'
like "$(cat err)" "'f1': the answer was truncated" 'are said'

# ---- the same

server_reset
for _ in $(seq 20); do echo '{"text":"same"}'; done >same
cold --jsonl <same >out
is "$(asked):$(jq -r .hit out | sort | uniq -c | xargs)" '1:1 false 19 true' \
	'equal questions are asked once'
server_reset
cold --no-cache --jsonl <same >out
is "$(asked):$(jq -j .text out | sort | uniq -c | xargs)" '1:20 same' \
	'without a store too'
for _ in $(seq 1500); do echo '{"text":"same"}'; done >many
cold --no-cache --jsonl <many >out
# 1024 are read ahead, and then there is another first one
is "$(asked)" 3 'also when there are many'
cold --refresh --jsonl <same >out
is "$(asked)" 4 'and with --refresh'
use slow
server_reset
records 20 two >records
cold --jsonl -j 4 <records >one &
tac records | cold --jsonl -j 4 >two
wait
is "$(asked)" 20 'two processes with the same questions ask each once'
is "$(jq -j .text one)" "$(tac two | jq -j .text)" 'and both have all'

# ---- runs that end early

# midway: start a run in the background, of which eight are answered and two
# are not, which server_release changes
two_held() { [ "$(asked)" = 10 ]; }
midway() {
	server_reset
	server_fault slow-first-byte /api/chat times=-1 after=8
	records 30 "$1" >records
	: >out # what an earlier run left there is no answer of this one
	# a shell has what it runs in the background ignore SIGINT
	env --default-signal=INT pc-infer -m tiny -p temperature=0 --jsonl \
		-j 2 <records >out 2>err &
	pid=$!
	await lines 8 out text
	await two_held
}
midway int
kill -INT $pid
await test -s err
server_release
wait $pid
is $? 130 'SIGINT'
is "$(asked)" 10 'starts nothing new'
is "$(wc -l <out)" 10 'what was under way is delivered'
like "$(cat err)" 'finishing [12] requests?; press Ctrl-C' 'and said to be'
is "$(helpers_left)" 0 'no helper is left'
cold --jsonl -j 4 <records >out
is "$(asked):$(wc -l <out)" 30:30 'the next run goes on where it stopped'
midway term
kill -TERM $pid
server_release
wait $pid
is $? 143 'SIGTERM'
server_reset
: >out
(trap '' HUP; exec pc-infer -m tiny --jsonl --refresh <records >out) &
pid=$!
await test -s out
kill -HUP $pid
wait $pid
is "$?:$(wc -l <out)" 0:30 'SIGHUP after nohup is nothing'
midway kill
disown $pid
kill -9 $pid
await has_ended $pid
was=$(wc -l <out)
is "$(helpers_left)" 0 'kill -9: no helper is left'
server_reset
cold --jsonl -j 4 <records >out
[ "$(asked)" -le $((30 - was)) ]
ok 'and the next run goes on'
is "$(wc -l <out)" 30 'to the end'
server_reset
server_fault stall /api/chat times=-1
env --default-signal=INT pc-infer -m tiny --jsonl --refresh -j 2 \
	<records >out 2>err &
pid=$!
both_asked() { [ "$(asked)" -ge 2 ]; }
await both_asked
kill -INT $pid
await test -s err
kill -INT $pid
wait $pid
is $? 130 'a second SIGINT ends what would take long'
is "$(helpers_left)" 0 'no helper is left'

use s
# shellcheck disable=SC2216
records 500 head | limit pc-infer -m tiny --jsonl 2>err | head -n 1 >out
is "$(wc -l <out)" 1 'stdout is closed early'
is "$(helpers_left)" 0 'no helper is left'
records 5 full | limit pc-infer -m tiny --jsonl >/dev/full 2>err
is $? 2 'a full device'
like "$(cat err)" 'cannot write standard output: No space' 'is said'
limit pc-infer -m tiny 'SAY: x' >/dev/full 2>err
is $? 2 'for one answer too'

# ---- --warm

server_reset
printf '%s\n' 'SAY: first of the list' '' 'SAY: second' \
	'{"prompt":"SAY: third"}' >prompts
status 0 '--warm' cold --warm prompts
is "$(cat out err)" '' 'prints nothing'
is "$(asked)" 3 'asks all'
is "$(cold 'SAY: first of the list') $(cold 'SAY: second') $(cold 'SAY: third')" \
	'first of the list second third' 'and then they are there'
is "$(asked)" 3 'without a question'
printf '%s\n' 'text one' 'text two' >texts
cold -T summary --warm texts
is "$(asked)" 5 '--warm of texts for a template'
printf 'text one' | cold -T summary >out
is "$(asked)" 5 'is a hit'
echo '{{x}} is a prompt' >braces
status 0 'a prompt that begins with a brace' cold --warm braces
server_fault 400 /api/chat times=-1
status 2 '--warm of what fails' cold --warm <(echo 'new prompt')
[ -s err ]
ok 'is said'

# ---- many, and large

server_reset
records 1000 k >records
head -n 900 records | cold --jsonl -j 8 >/dev/null
server_reset
kib=$(peak sh -c 'pc-infer -m tiny -p temperature=0 --jsonl -j 8 <records >out')
is "$(asked):$(jq -r .hit out | sort | uniq -c | xargs)" \
	'100:100 false 900 true' 'of 1000 records 900 hit'
is "$(jq -j .text out | md5sum)" "$(seq 1000 | sed s/^/k/ | md5sum)" 'in order'
[ "$kib" -lt 30720 ] || [ -n "$asan" ]
ok "in 30 MB ($kib KiB)"
server_start big --ctx 32768 --slots 8
use big
text=$(head -c 75000 /dev/zero | base64 -w 0)
for i in $(seq 300); do echo "{\"text\":\"SAY: $i\\n$text\"}"; done >large
server_fault slow-first-byte /api/chat ms=2000 'match=SAY: 1\\n'
kib=$(peak sh -c 'pc-infer --no-cache -m tiny --jsonl -j 8 <large >out')
is "$(jq -j .text out | md5sum)" "$(seq 300 | md5sum)" 'large records'
[ "$kib" -lt 24576 ] || [ -n "$asan" ]
ok "are not all held while one takes long ($kib KiB)"

# ---- a list that has not ended

use s
mkfifo pipe
cold --jsonl >out 2>err <pipe &
pid=$!
exec 7>pipe
records 1 live >&7
await test -s out
is "$(jq -j .text out)" live1 'an answer does not wait for the end of the list'
records 1 live >&7
await lines 2 out
await idle_infer $pid
ok 'nor is time burnt'
exec 7>&-
wait $pid
is "$(wc -l <out)" 2 'and then all are there'

# ---- stores that fail

records 3 st >records
mkdir ro
pc-infer --store ro -m tiny 'SAY: x' >/dev/null
find ro -type f | while read -r f; do head -c 4096 /dev/urandom >"$f"; done
cold --store ro --jsonl <records >out 2>err
is "$?:$(jq -j .text out | xargs)" '0:st1 st2 st3' 'a store of garbage'
rm -rf ro
echo 'no directory' >ro
cold --store ro --jsonl <records >out 2>err
is "$?:$(jq -j .text out | xargs)" '0:st1 st2 st3' 'one that is a file'
is "$(wc -l <err)" 1 'one warning'
cold --store /proc/none --jsonl <records >out 2>err
is "$?:$(jq -j .text out | xargs)" '0:st1 st2 st3' 'one that cannot be made'
config '{"features": {"fallback_on_error": false}}'
status 2 'unless that shall be an error' cold --store ro 'SAY: x'
done_testing
