#!/bin/bash
# pc-fetch: whatever a server sends, a request ends by a limit of its own, and
# nothing of it is printed or stored.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/web.sh"

mkdir -p home/.config/pc
raw_start
config() { printf '{"networking": {%s}}\n' "$1" >home/.config/pc/config.json; }

# refused STATUS PATTERN NAME OPTION... URL: it ends by itself, and the store has
# none of it.
refused() {
	local want=$1 pattern=$2 name=$3 got
	shift 3
	limit pc-fetch "$@" >out 2>err
	got=$?
	is "$got" "$want" "$name"
	like "$(cat err)" "$pattern" "$name: the message says why"
	is "$(cat out)" '' "$name: nothing is printed"
	pc-fetch --offline "${@: -1}" >out 2>/dev/null
	is "$?:$(cat out)" 1: "$name: nothing can be read back"
}

# ---- size

config '"retry_attempts": 2'
size='more than --max-size, 100000 bytes'
for p in redirect-endless busy-endless chunk-extension-endless \
	trailers-endless; do
	refused 2 "$size" "--max-size ends /$p" --max-size 100000 "$raw/$p"
done
refused 2 'too large|no end' '--max-size ends interim answers without end' \
	--max-size 100000 "$raw/early-endless"
for p in header-endless header-long; do
	refused 2 'line of its headers is too long' "/$p is refused" "$raw/$p"
	! grep -qi 'out of memory' err
	ok "/$p is not reported as a lack of memory"
done
refused 2 'headers' 'interim answers without end are refused' \
	"$raw/early-endless"
config '"retry_attempts": 3'
for p in chunk-extension-large trailers-large redirect-large busy-large; do
	refused 2 "$size" "/$p counts towards --max-size" \
		--max-size 100000 "$raw/$p"
done
refused 2 'more than --max-size, 10000 bytes' \
	'headers count towards --max-size' --max-size 10000 "$raw/headers-large"
for p in chunk-extension-large trailers-large headers-large; do
	is "$(pc-fetch --max-size 200000 "$raw/$p?whole")" plain \
		"/$p is delivered if --max-size allows it"
done
is "$(pc-fetch --max-size 60000 "$raw/cut-large" | wc -c)" 40000 \
	'what a broken attempt has brought of a body does not count'
! grep -rqs MARK store
ok 'the store has nothing of what was refused'

# ---- time

config '"timeout_read": "2s", "retry_attempts": 1'
refused 75 'headers were not complete after 2 s' \
	'slow headers end by networking.timeout_read' "$raw/headers-slow"
config '"min_speed_time": "1s", "retry_attempts": 1'
speed='less than 100 bytes/s for 1 s'
for p in body-slow chunk-extension-slow trailers-slow; do
	refused 75 "$speed" "/$p ends by networking.min_speed" "$raw/$p"
done
is "$(pc-fetch "$raw/think")" plain \
	'the wait for the first byte is not limited by networking.min_speed'
config '"min_speed": 0, "min_speed_time": "1s"'
is "$(pc-fetch "$raw/drip")" "$(printf 'x%.0s' $(seq 30))" \
	'a slow body is delivered if networking.min_speed is 0'

config '"min_speed": 0, "retry_attempts": 100'
for p in body-slow chunk-extension-slow trailers-slow headers-slow early-slow \
	mute stall busy-always; do
	refused 75 'not complete after 2 s; --max-time' "--max-time ends /$p" \
		--max-time 2s "$raw/$p"
done
config '"min_speed": 0, "timeout_total": "2s"'
refused 75 'not complete after 2 s' 'networking.timeout_total ends a request' \
	"$raw/body-slow"
is "$(pc-fetch --max-time never "$raw/drip?never" | wc -c)" 30 \
	'--max-time never overrides it'
config '"min_speed": 0, "timeout_total": "2s"'
pc-fetch "$raw/plain?other" "$raw/body-slow" >out 2>err
is "$?:$(cat out)" 3:plain 'a URL that takes too long spares the others'
config '"per_host": 1'
is "$(pc-fetch --max-time 12s "$raw"/doze?{1,2,3,4,5} | grep -c plain)" 5 \
	'the time of a URL begins with its first request, not in the queue'
for t in 0s -1s x ''; do
	status 2 "--max-time '$t' is refused" pc-fetch --max-time "$t" "$raw/plain"
done
pc-fetch --stale-if-error never -t 0s "$raw/stale-at-first" >/dev/null
is "$(pc-fetch -q --max-time 2s --stale-if-error 1h "$raw/stale-at-first")" \
	plain '--stale-if-error serves the expired copy of a URL that takes too long'
done_testing
