#!/bin/bash
# pc-fetch: servers that fail, stores that fail, and its own sudden end.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/web.sh"

mkdir -p web/www home/.config/pc
printf 'alpha\n' >web/www/a
for i in $(seq 20); do head -c 4000 /dev/zero | tr '\0' x >web/www/p$i; done
web_start
raw_start
config() { printf '%s\n' "$1" >home/.config/pc/config.json; }
config '{"networking": {"timeout_read": "1s", "retry_attempts": 2}}'

# servers
status 75 'a server that sends nothing exits with 75' limit pc-fetch "$raw/mute"
like "$(cat err)" 'nothing came for 1 s' 'a server that sends nothing: the message says so'
status 75 'a server that stalls within the body exits with 75' limit pc-fetch "$raw/stall"
is "$(cat out)" '' 'the received part of a stalled body is not printed'
config '{"networking": {"retry_attempts": 2}}'
for p in cut chunk-cut; do
	status 75 "an answer that breaks off: $p" pc-fetch "$raw/$p"
	is "$(cat out)" '' "the received part of an answer is not printed: $p"
	status 1 "an answer that breaks off is not stored: $p" pc-fetch --offline "$raw/$p"
done
status 0 'an answer that breaks off at the first try succeeds' pc-fetch "$raw/cut-once"
is "$(cat out)" plain 'an answer that breaks off at the first try is retried'
status 2 'an answer that is not HTTP is an error' pc-fetch "$raw/not-http"
status 2 'headers without end are an error' limit pc-fetch "$raw/headers"
status 2 'a body that is not the gzip data it claims to be is an error' pc-fetch "$raw/bad-gzip"
status 2 'a decompression bomb is larger than --max-size' pc-fetch --max-size 1M "$raw/bomb"
is "$(pc-fetch --no-cache --jsonl --max-size 1G -o bombed "$raw/bomb" |
	jq .size)" 30000000 'a larger --max-size accepts the whole body'
rm -f bombed
config '{}'
status 0 'a server that is busy twice succeeds' pc-fetch "$raw/busy"
is "$(cat out)" plain 'a server that is busy twice is asked a third time'
is "$(pc-fetch --jsonl "$raw/hostile" | jq -c '[.text, .content_type]')" \
	'["x",null]' 'invalid headers are ignored'
is "$(pc-fetch --no-cache "$raw/hostile" "$raw/cookie" | xargs)" 'xnone' \
	'no cookies are sent back to a server'
is "$(pc-fetch -t 0s "$raw/hostile")" x 'an answer with an invalid validator is accepted'
is "$(pc-fetch "$raw/hostile")" x 'an invalid validator does not break the next request'

# a 304 that says no-store renews nothing
pc-fetch -t 0s "$raw/secretive" >out
is "$(pc-fetch "$raw/secretive")" old 'a 304 with no-store prints the cached body'
status 1 'a 304 with no-store does not renew the result' pc-fetch --offline "$raw/secretive"
pc-fetch --force-store "$raw/secretive" >out
status 0 'a 304 with no-store renews the result with --force-store' pc-fetch --offline "$raw/secretive"

# expired results
is "$(pc-fetch -t 0s "$raw/moody")" good 'a server that will fail later is fetched'
status 75 'an expired result is not served if the server fails' pc-fetch "$raw/moody"
pc-fetch --stale-if-error 1h "$raw/moody" >out 2>err
is "$? $(cat out)" '0 good' '--stale-if-error serves the expired result'
like "$(cat err)" 'the server says 500.* serving an expired cached copy' '--stale-if-error prints a warning'
is "$(pc-fetch -q --refresh --stale-if-error 1h "$raw/moody")" good \
	'--stale-if-error serves the expired result with --refresh'
status 75 '--refresh alone does not serve the expired result' pc-fetch --refresh "$raw/moody"
status 75 '--stale-if-error limits the age of the result' pc-fetch --stale-if-error 0s "$raw/moody"
is "$(pc-fetch -q --stale-if-error never --jsonl "$raw/moody" |
	jq -c '[.text, .stale, .hit, .status]')" '["good\n",true,true,200]' \
	'--stale-if-error never sets no limit'
pc-stats --json 2>/dev/null | grep -q stale
ok 'pc-stats counts expired results that are served'

# one fetches for all
: >web/log
for i in 1 2 3 4 5 6 7 8; do
	pc-fetch "$web/slow/p1" >got$i &
	pids[i]=$!
done
wait "${pids[@]}"
is "$(asked /slow/p1)" 1 'eight processes with one URL send one request'
is "$(cat got? | wc -c)" 32000 'eight processes with one URL all print the body'

# a sudden end
for i in $(seq 20); do echo "$web/slow/p$i?n=$i"; done >list
{ cat list; echo "$raw/mute"; } | pc-fetch --files-from - >/dev/null &
pid=$!
await pc-fetch --offline "$(head -n 1 list)"
kill -9 $pid
wait $pid 2>/dev/null
pc-fetch -v --files-from list 2>err |
	cmp -s - <(for i in $(seq 20); do cat web/www/p$i; done)
ok 'the run after kill -9 prints all bodies'
grep -q '^pc-fetch: hit' err
ok 'the run after kill -9 has hits'
pc-fetch --offline --files-from list >/dev/null
ok 'the run after kill -9 stores all bodies'
sed 's/$/\&again/' list >list2
echo "$raw/mute" >>list2
pc-fetch --files-from list2 >out2 &
pid=$!
await test -s out2
kill $pid
wait $pid 2>/dev/null
is $? 143 'SIGTERM ends a run with 143'
is "$(($(wc -c <out2) % 4000))" 0 'a run that SIGTERM ends has printed only whole bodies'
pc-fetch -q --offline "$(head -n 1 list2)" >/dev/null
ok 'the bodies before SIGTERM are stored'
pc-fetch --no-cache "$web/slow/p1" "$web/slow/p2" | head -c 1 >/dev/null
is "${PIPESTATUS[0]}" 141 'a reader that closes the pipe ends the run'

mkfifo urls
pc-fetch --files-from urls &
pid=$!
exec 5>urls
await idle $pid
kill $pid
wait $pid 2>/dev/null
is $? 143 'a signal ends the wait for URLs'
exec 5>&-

# the helper
is "$(PC_LIBEXEC=$T/none pc-fetch "$web/a" 2>&1)" \
	"pc-fetch: '$web/a': cannot start the helper '$T/none/pc-http': No such file or directory; is pc installed?  PC_LIBEXEC names its helpers' directory" \
	'a missing helper: the message names it and PC_LIBEXEC'
status 2 'a helper without input fails' limit "$BUILD/pc-http" serve <&-
for i in $(seq 12); do echo "$web/slow/p$i?helper"; done >list3
: >web/log
PC_LIBEXEC=$BUILD pc-fetch --no-cache --files-from list3 >out 2>err &
pid=$!
await grep -q '^/slow/' web/log
kill -9 "$(pgrep -P $pid)"
wait $pid
is $? 0 'a helper that is killed is replaced'
is "$(wc -c <out)" 48000 'the replaced helper fetches the remaining bodies'
mkdir libexec
ln -s "$BUILD/tests/liar-http" libexec/pc-http
if [ -x "$BUILD/tests/liar-http" ]; then
	for lie in dead magic split endless no-head half text; do
		LIAR=$lie PC_LIBEXEC=$T/libexec status 2 "a helper that lies is an error: $lie" \
			pc-fetch "$web/lie"
		is "$(cat out)" '' "nothing is printed of a helper that lies: $lie"
	done
	is "$(LIAR=not PC_LIBEXEC=$T/libexec pc-fetch --no-cache "$web/lie")" told \
		'the answer of a correct helper is printed'
fi

# stores
mkdir foreign
touch foreign/file
status 0 'a directory that is not a store does not fail the run' pc-fetch --store foreign "$web/a"
is "$(cat out)" alpha 'the body is printed without a store'
[ -s err ]
ok 'a directory that is not a store prints a warning'
: >web/log
status 0 '--read-only succeeds' pc-fetch --read-only -p r=o "$web/a"
pc-fetch --read-only -p r=o "$web/a" >out
is "$(asked /a)" 2 '--read-only stores nothing'
if [ "$(id -u)" = 0 ]; then
	skip 'a store that cannot be written' 'run as root'
else
	pc-fetch --store ro "$web/a" >/dev/null
	chmod -R a-w ro
	is "$(pc-fetch -q --store ro "$web/a?new")" alpha \
		'a store that cannot be written does not fail the run'
	chmod -R u+w ro
fi
head -c 900000 /dev/urandom >web/www/large
(ulimit -f 200; pc-fetch "$web/large" 2>err | cmp - web/www/large)
s=$?
if [ $s -eq 0 ] || grep -q 'cannot keep' err; then
	true
else
	false
fi
ok 'a full disk prints the whole body or a message'
config '{"caching": {"max_bytes": "1K"}}'
pc-fetch "$web/large" | cmp - web/www/large
ok 'a body that is larger than the store is printed'
status 1 'a body that is larger than the store is not stored' pc-fetch --offline "$web/large"
done_testing
