#!/bin/bash
# pc-fetch: servers that fail, stores that fail, and its own sudden end.
. "$(dirname "$0")/lib.sh"
. "$TESTS/web.sh"

mkdir -p web/www home/.config/pc
printf 'alpha\n' >web/www/a
for i in $(seq 20); do head -c 4000 /dev/zero | tr '\0' x >web/www/p$i; done
web_start
raw_start
config() { printf '%s\n' "$1" >home/.config/pc/config.json; }
config '{"networking": {"timeout_read": "1s", "retry_attempts": 2}}'

# servers
status 75 'nothing comes' limit pc-fetch "$raw/mute"
like "$(cat err)" 'nothing came for 1 s' 'and that is said'
status 75 'a part, then nothing' limit pc-fetch "$raw/stall"
is "$(cat out)" '' 'the part is not printed'
config '{"networking": {"retry_attempts": 2}}'
for p in cut chunk-cut; do
	status 75 "an answer that breaks off: $p" pc-fetch "$raw/$p"
	is "$(cat out)" '' 'its part is not printed'
	status 1 'nor remembered' pc-fetch --offline "$raw/$p"
done
status 0 'that breaks off once' pc-fetch "$raw/cut-once"
is "$(cat out)" plain 'is fetched again'
status 2 'not HTTP' pc-fetch "$raw/not-http"
status 2 'headers without end' limit pc-fetch "$raw/headers"
status 2 'not what it says it is' pc-fetch "$raw/bad-gzip"
status 2 'a bomb' pc-fetch --max-size 1M "$raw/bomb"
is "$(pc-fetch --no-cache --jsonl --max-size 1G -o bombed "$raw/bomb" |
	jq .size)" 30000000 'which is let through whole when wanted'
rm -f bombed
config '{}'
status 0 'busy twice' pc-fetch "$raw/busy"
is "$(cat out)" plain 'is asked a third time'
is "$(pc-fetch --jsonl "$raw/hostile" | jq -c '[.text, .content_type]')" \
	'["x",null]' 'headers that are none are dropped'
is "$(pc-fetch --no-cache "$raw/hostile" "$raw/cookie" | xargs)" 'xnone' \
	'no cookies'
is "$(pc-fetch -t 0s "$raw/hostile")" x 'a bad validator'
is "$(pc-fetch "$raw/hostile")" x 'does not come back to hurt'

# a 304 that says no-store renews nothing
pc-fetch -t 0s "$raw/secretive" >out
is "$(pc-fetch "$raw/secretive")" old 'a 304 that says no-store is an answer'
status 1 'but renews nothing' pc-fetch --offline "$raw/secretive"
pc-fetch --force-store "$raw/secretive" >out
status 0 'unless it is forced' pc-fetch --offline "$raw/secretive"

# what is past its time
is "$(pc-fetch -t 0s "$raw/moody")" good 'good once'
status 75 'and then never' pc-fetch "$raw/moody"
pc-fetch --stale-if-error 1h "$raw/moody" >out 2>err
is "$? $(cat out)" '0 good' '--stale-if-error gives what there was'
like "$(cat err)" 'the server says 500.* serving an expired cached copy' 'with a warning'
is "$(pc-fetch -q --refresh --stale-if-error 1h "$raw/moody")" good \
	'with --refresh, too'
status 75 '--refresh alone does not' pc-fetch --refresh "$raw/moody"
status 75 'but not for ever' pc-fetch --stale-if-error 0s "$raw/moody"
is "$(pc-fetch -q --stale-if-error never --jsonl "$raw/moody" |
	jq -c '[.text, .stale, .hit, .status]')" '["good\n",true,true,200]' \
	'unless never is given'
pc-stats --json 2>/dev/null | grep -q stale
ok 'it is counted'

# one fetches for all
: >web/log
for i in 1 2 3 4 5 6 7 8; do
	pc-fetch "$web/slow/p1" >got$i &
	pids[i]=$!
done
wait "${pids[@]}"
is "$(asked /slow/p1)" 1 'eight processes ask once'
is "$(cat got? | wc -c)" 32000 'and all have it'

# a sudden end
for i in $(seq 20); do echo "$web/slow/p$i?n=$i"; done >list
{ cat list; echo "$raw/mute"; } | pc-fetch --files-from - >/dev/null &
pid=$!
await pc-fetch --offline "$(head -n 1 list)"
kill -9 $pid
wait $pid 2>/dev/null
pc-fetch -v --files-from list 2>err |
	cmp -s - <(for i in $(seq 20); do cat web/www/p$i; done)
ok 'after kill -9 all of it comes'
grep -q '^pc-fetch: hit' err
ok 'and what was done is not done again'
pc-fetch --offline --files-from list >/dev/null
ok 'all is remembered'
sed 's/$/\&again/' list >list2
echo "$raw/mute" >>list2
pc-fetch --files-from list2 >out2 &
pid=$!
await test -s out2
kill $pid
wait $pid 2>/dev/null
is $? 143 'a signal ends it by that signal'
is "$(($(wc -c <out2) % 4000))" 0 'whole answers were printed'
pc-fetch -q --offline "$(head -n 1 list2)" >/dev/null
ok 'what was done is remembered'
pc-fetch --no-cache "$web/slow/p1" "$web/slow/p2" | head -c 1 >/dev/null
is "${PIPESTATUS[0]}" 141 'a reader that goes away'

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
	'no helper'
status 2 'a helper without input' limit "$BUILD/pc-http" serve <&-
for i in $(seq 12); do echo "$web/slow/p$i?helper"; done >list3
: >web/log
PC_LIBEXEC=$BUILD pc-fetch --no-cache --files-from list3 >out 2>err &
pid=$!
await grep -q '^/slow/' web/log
kill -9 "$(pgrep -P $pid)"
wait $pid
is $? 0 'a helper that dies has a successor'
is "$(wc -c <out)" 48000 'who fetches what it did not'
mkdir libexec
ln -s "$BUILD/tests/liar-http" libexec/pc-http
if [ -x "$BUILD/tests/liar-http" ]; then
	for lie in dead magic split endless no-head half text; do
		LIAR=$lie PC_LIBEXEC=$T/libexec status 2 "a helper that lies: $lie" \
			pc-fetch "$web/lie"
		is "$(cat out)" '' 'is not believed'
	done
	is "$(LIAR=not PC_LIBEXEC=$T/libexec pc-fetch --no-cache "$web/lie")" told \
		'one that does not is'
fi

# stores
mkdir foreign
touch foreign/file
status 0 'a store that is none' pc-fetch --store foreign "$web/a"
is "$(cat out)" alpha 'spoils nothing'
[ -s err ]
ok 'but is told of'
: >web/log
status 0 '--read-only' pc-fetch --read-only -p r=o "$web/a"
pc-fetch --read-only -p r=o "$web/a" >out
is "$(asked /a)" 2 'stores nothing'
if [ "$(id -u)" = 0 ]; then
	skip 'a store that cannot be written' 'run as root'
else
	pc-fetch --store ro "$web/a" >/dev/null
	chmod -R a-w ro
	is "$(pc-fetch -q --store ro "$web/a?new")" alpha \
		'a store that cannot be written'
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
ok 'a full disk is met in one of two ways'
config '{"caching": {"max_bytes": "1K"}}'
pc-fetch "$web/large" | cmp - web/www/large
ok 'what is larger than the store'
status 1 'is not stored' pc-fetch --offline "$web/large"
done_testing
