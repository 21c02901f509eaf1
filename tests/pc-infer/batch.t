#!/bin/bash
# pc-infer: many questions: order, failures, the same ones, and runs that end
# early.
. "$(dirname "$0")/../lib.sh"
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
is $? 3 "records of pc-ocr with an error in one exit with 3"
is "$(jq -c '[.file, .id, .page, .text, .error]' out)" \
	'["a.pdf","00aa",1,"two one\n",null]
["a.pdf","00aa",2,"four three\n",null]
["b.pdf",null,null,null,"cannot read '"'b.pdf'"': it is broken"]
["c.txt","00cc",null,"six five\n",null]' 'file, id, page and error of a record are passed on'
is "$(cat err)" '' 'an error in the input is not printed to stderr'
is "$(jq -r 'select(.text) | [.stage, (.key | length), .hit, .model] |
	map(tostring) | join(" ")' out | sort -u)" 'infer 64 false tiny:latest' \
	'each record has stage, key, hit and model'
is "$(asked)" 3 'three records with a text send three requests'
cold --jsonl <ocr.jsonl 2>err | jq -c 'select(.text) | .hit' | sort -u >out
is "$(cat out) $(asked)" 'true 3' 'the second run of the records is all hits'
printf 'a text' >f1
printf 'b text' >'f 2'
printf 'f1\0f 2\0' | cold -0 'say:' >out
is "$(cat out)" 'text a say:
text b say:' '-0 reads a list of files separated by NUL bytes'
printf 'f1\nf 2\n' >list
cold --files-from list 'say:' | cmp out -
ok '--files-from reads a list of files'
cold --files-from - 'say:' <list | cmp out -
ok '--files-from - reads the list from standard input'
is "$(printf 'f1\nnone\nf 2\n' | cold --jsonl --files-from - 'say:' 2>err |
	jq -c '[.file, .text, (.error != null)]')" '["f1","text a say:\n",false]
["none",null,true]
["f 2","text b say:\n",false]' '--files-from with --jsonl prints a record for each file'
printf '%s\n' 5 '{"text":5}' '{' '{"file":"x"}' '{"text":"good"}' |
	cold --jsonl >out 2>err
is "$?:$(jq -r '.text // .error' out | cut -c 1-9 | xargs)" \
	'3:record 1: record 2: record 3: record 4 good' 'invalid records are errors and do not affect the others'
printf '%s\n' '{"text":["a","b"],"prompt":"p"}' '{"text":"t","prompt":7}' \
	'{"text":null,"prompt":"null is none"}' | cold --jsonl >out 2>err
is "$(jq -r '.text // .error' out)" 'record 1: "text" must be a string
record 2: "prompt" must be a string
none is null' 'a text or prompt of a record must be a string or null'
status 0 'an empty list of records succeeds' cold --jsonl
status 2 'a list of only invalid records fails' cold --jsonl < <(echo '{}'; echo '{}')
status 2 'a missing list of files is an error' cold --files-from none
status 2 '--jsonl cannot be combined with -f' cold --jsonl -f f1
status 2 '--as-completed requires --jsonl' cold --as-completed -f f1

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
is "$(jq -j .text ordered)" "$(seq 40 | sed s/^/w/)" 'answers are printed in the order of the records'
is "$(asked)" 40 'each of 40 records sends one request'
server_reset
server_fault slow-first-byte /api/chat 'match="w3"'
records 40 w | cold --refresh -j 8 --jsonl --as-completed >out &
await lines 39 out
server_release
wait
[ "$(jq -j .text out)" != "$(seq 40 | sed s/^/w/)" ]
ok '--as-completed prints answers as they arrive'
is "$(jq -j .text out | sort)" "$(seq 40 | sed s/^/w/ | sort)" '--as-completed prints all answers'
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
is "$(server_most)" 3 '-j limits the number of parallel requests'
server_reset
server_fault slow-first-byte /api/chat times=-1
records 24 def | cold --jsonl >out &
await questions 6
server_release
wait
is "$(server_most)" 6 'without -j six requests are sent in parallel'
is "$(server_control count | jq '.connections <= 8')" true \
	'connections are kept open'

# ---- failures among them

use s
server_reset
server_fault 400 /api/chat 'match="x4"' message=no
server_fault 500 /api/chat 'match="x6"' times=-1
server_fault 500 /api/chat 'match="x8"'
records 9 x | cold --jsonl >out 2>err
is $? 3 'a run in which some records fail exits with 3'
is "$(jq -r '.text // .error' out | sed '/^$/d; s/.*answers //' | xargs)" \
	'x1 x2 x3 400: no x5 500: an error was encountered while running the model x7 x8 x9' \
	'a failed record is printed as an error in its place'
is "$(cut -d : -f 2 err | tr -d "'" | xargs)" 'f4 f6' 'stderr names the files of failed records'
records 9 x | cold >out 2>err --jsonl
is "$?:$(asked)" 3:14 'the second run asks only the questions that failed'
server_reset
server_fault 503-busy /api/chat times=-1
status 75 'if all records fail temporarily, the exit status is 75' cold --refresh --jsonl \
	< <(records 3)
server_reset
records 2 'COUNT: 9' | cold -p num_predict=2 --jsonl >out 2>err
is "$?:$(jq -r '.cut' out | xargs)" '4:answer answer' 'truncated answers in a batch exit with 4'
like "$(cat err)" "'f1': the answer was truncated" 'truncated answers in a batch: the message names the record'

# ---- the same

server_reset
for _ in $(seq 20); do echo '{"text":"same"}'; done >same
cold --jsonl <same >out
is "$(asked):$(jq -r .hit out | sort | uniq -c | xargs)" '1:1 false 19 true' \
	'equal questions send one request'
server_reset
cold --no-cache --jsonl <same >out
is "$(asked):$(jq -j .text out | sort | uniq -c | xargs)" '1:20 same' \
	'equal questions send one request with --no-cache'
for _ in $(seq 1500); do echo '{"text":"same"}'; done >many
cold --no-cache --jsonl <many >out
# 1024 are read ahead, and then there is another first one
is "$(asked)" 3 '1500 equal questions send two requests'
cold --refresh --jsonl <same >out
is "$(asked)" 4 'equal questions send one request with --refresh'
use slow
server_reset
records 20 two >records
cold --jsonl -j 4 <records >one &
tac records | cold --jsonl -j 4 >two
wait
is "$(asked)" 20 'two processes with the same questions send one request for each'
is "$(jq -j .text one)" "$(tac two | jq -j .text)" 'two processes with the same questions print the same answers'

# ---- runs that end early

# midway: start a run in the background, of which eight are answered and two
# are not, which server_release changes
two_held() { [ "$(asked)" = 10 ]; }
midway() {
	server_reset
	server_fault slow-first-byte /api/chat times=-1 after=8
	records 30 "$1" >records
	: >out # the output of an earlier run is not counted
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
is $? 130 'SIGINT during a batch exits with 130'
is "$(asked)" 10 'after SIGINT no new request is sent'
is "$(wc -l <out)" 10 'after SIGINT requests that had started are finished'
like "$(cat err)" 'finishing [12] requests?; press Ctrl-C' 'after SIGINT a message says how many requests are finishing'
is "$(helpers_left)" 0 'no helper is left'
cold --jsonl -j 4 <records >out
is "$(asked):$(wc -l <out)" 30:30 'the next run continues where SIGINT stopped'
midway term
kill -TERM $pid
server_release
wait $pid
is $? 143 'SIGTERM during a batch exits with 143'
server_reset
: >out
(trap '' HUP; exec pc-infer -m tiny --jsonl --refresh <records >out) &
pid=$!
await test -s out
kill -HUP $pid
wait $pid
is "$?:$(wc -l <out)" 0:30 'SIGHUP is ignored if it was ignored at the start'
midway kill
disown $pid
kill -9 $pid
await has_ended $pid
was=$(wc -l <out)
is "$(helpers_left)" 0 'no helper is left after kill -9'
server_reset
cold --jsonl -j 4 <records >out
[ "$(asked)" -le $((30 - was)) ]
ok 'the next run continues where kill -9 stopped'
is "$(wc -l <out)" 30 'the run after kill -9 prints all answers'
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
is $? 130 'a second SIGINT ends the run at once'
is "$(helpers_left)" 0 'no helper is left'

use s
# shellcheck disable=SC2216
records 500 head | limit pc-infer -m tiny --jsonl 2>err | head -n 1 >out
is "$(wc -l <out)" 1 'a reader that closes the pipe ends the run'
is "$(helpers_left)" 0 'no helper is left'
records 5 full | limit pc-infer -m tiny --jsonl >/dev/full 2>err
is $? 2 'a full device fails a batch'
like "$(cat err)" 'cannot write standard output: No space' 'a full device: the message says so'
limit pc-infer -m tiny 'SAY: x' >/dev/full 2>err
is $? 2 'a full device fails a single answer'

# ---- --warm

server_reset
printf '%s\n' 'SAY: first of the list' '' 'SAY: second' \
	'{"prompt":"SAY: third"}' >prompts
status 0 '--warm succeeds' cold --warm prompts
is "$(cat out err)" '' '--warm prints nothing'
is "$(asked)" 3 '--warm asks each prompt of the list'
is "$(cold 'SAY: first of the list') $(cold 'SAY: second') $(cold 'SAY: third')" \
	'first of the list second third' 'prompts of --warm are answered afterwards'
is "$(asked)" 3 'prompts of --warm are hits afterwards'
printf '%s\n' 'text one' 'text two' >texts
cold -T summary --warm texts
is "$(asked)" 5 '--warm with a template asks each text of the list'
printf 'text one' | cold -T summary >out
is "$(asked)" 5 'a text of --warm is a hit for its template'
echo 'text two' | cold -T summary >out
is "$(asked)" 5 'a newline at the end of a text does not change the question'
printf 'text two' >bare
echo 'text two' >line
for form in bare line; do
	like "$(pc-stats --tree $form)" summary \
		"the answer is derived from the text of either form: $form"
done
echo '{{x}} is a prompt' >braces
status 0 '--warm accepts a prompt that begins with a brace' cold --warm braces
server_fault 400 /api/chat times=-1
status 2 '--warm with a prompt that fails is an error' cold --warm <(echo 'new prompt')
[ -s err ]
ok '--warm with a prompt that fails prints a message'

# ---- many, and large

server_reset
records 1000 k >records
head -n 900 records | cold --jsonl -j 8 >/dev/null
server_reset
kib=$(peak sh -c 'pc-infer -m tiny -p temperature=0 --jsonl -j 8 <records >out')
is "$(asked):$(jq -r .hit out | sort | uniq -c | xargs)" \
	'100:100 false 900 true' 'of 1000 records 900 hit'
is "$(jq -j .text out | md5sum)" "$(seq 1000 | sed s/^/k/ | md5sum)" 'answers of 1000 records are printed in order'
[ "$kib" -lt 30720 ] || [ -n "$asan" ]
ok "1000 records need less than 30 MiB of memory ($kib KiB)"
server_start big --ctx 32768 --slots 8
use big
text=$(head -c 75000 /dev/zero | base64 -w 0)
for i in $(seq 300); do echo "{\"text\":\"SAY: $i\\n$text\"}"; done >large
server_fault slow-first-byte /api/chat ms=2000 'match=SAY: 1\\n'
kib=$(peak sh -c 'pc-infer --no-cache -m tiny --jsonl -j 8 <large >out')
is "$(jq -j .text out | md5sum)" "$(seq 300 | md5sum)" '300 large records are printed in order'
[ "$kib" -lt 24576 ] || [ -n "$asan" ]
ok "large records are not all held while one takes long ($kib KiB)"

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
ok 'waiting for the next record takes no CPU time'
exec 7>&-
wait $pid
is "$(wc -l <out)" 2 'all answers are printed when the list ends'

# ---- stores that fail

records 3 st >records
mkdir ro
pc-infer --store ro -m tiny 'SAY: x' >/dev/null
find ro -type f | while read -r f; do head -c 4096 /dev/urandom >"$f"; done
cold --store ro --jsonl <records >out 2>err
is "$?:$(jq -j .text out | xargs)" '0:st1 st2 st3' 'a store of random bytes does not fail the run'
rm -rf ro
echo 'no directory' >ro
cold --store ro --jsonl <records >out 2>err
is "$?:$(jq -j .text out | xargs)" '0:st1 st2 st3' 'a store that is a file does not fail the run'
is "$(wc -l <err)" 1 'a store that is a file prints one warning'
cold --store /proc/none --jsonl <records >out 2>err
is "$?:$(jq -j .text out | xargs)" '0:st1 st2 st3' 'a store that cannot be created does not fail the run'
config '{"features": {"fallback_on_error": false}}'
status 2 'a store that is a file is an error without fallback_on_error' cold --store ro 'SAY: x'
done_testing
