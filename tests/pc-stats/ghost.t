#!/bin/bash
# pc-stats --ghost: what more room or more days would have done, where the exact
# answer is known.
. "$(dirname "$0")/../lib.sh"
command -v python3 >/dev/null || skip_all 'no python3'
events() { "$TESTS/data/events.py"; }
ghost() { pc-stats --ghost --json | jq -c "$1"; }

printf v | pc-put -s x

# ---- a replay: all of one size, so that the last byte can be told

"$TESTS/data/replay.py" 1 150 3000 3072 256 256 2>want | events >store/events
is "$(ghost '[.gib[].hits]')" "$(cat want)" 'more room: as an exact simulation'
is "$(ghost '[.gib[].saved_s]')" "$(cat want)" 'and the seconds that it saves'
is "$(ghost '[.days[].hits]')" '[0,0,0,0,0]' 'a longer TTL would give no hit'
like "$(cat want)" '^\[[1-9][0-9]+,' 'the simulated hits are not zero'
is "$(ghost '.gib[4].hits == .had_been_stored')" true \
	'with room for all records only first lookups miss'

# Of any size: never more than is true, and hardly less.
for seed in 2 3; do
	"$TESTS/data/replay.py" $seed 600 3000 4096 1 64 2>want |
		events >store/events
	is "$(ghost '[.gib[].hits]' | jq -c --argjson want "$(cat want)" '
		[., $want] | transpose |
		map(.[0] <= .[1] and .[0] >= 0.9 * .[1])')" \
		'[true,true,true,true,true]' "sizes at random: $seed"
done

# ---- days: by the time to live that each record had

day=86400 us=86400000000
{
	echo "put a key=a age=$((10 * day)) ttl=$((2 * us)) bytes=5"
	echo "miss a key=a age=$((7 * day))"               # a day late
	echo "compute a key=a age=$((7 * day)) duration=9000000"
	echo "put a key=a age=$((7 * day)) ttl=$us bytes=5"
	echo "miss a key=a age=$((1 * day - 60))"          # five, and a minute
	echo "put b key=b age=$((7 * day)) bytes=5"        # as configured: 30
	echo "miss b key=b age=$day"                       # --refresh
	echo "put c key=c age=$((7 * day)) ttl=9223372036854775807 bytes=5"
	echo "miss c key=c age=$day"
} | events >store/events
is "$(ghost '[.misses, .had_been_stored]')" '[4,2]' 'two lookups came after their record had expired'
is "$(ghost '[.days[].hits]')" '[0,2,2,2,2]' \
	'each record counts with its own TTL'
{
	echo "put a key=a age=$((10 * day)) ttl=$((2 * us)) bytes=5"
	echo "hit a key=a age=$((9 * day)) bytes=5"
	echo "miss a key=a age=$((7 * day + 60))"
} | events >store/events
is "$(ghost '[.days[].hits]')" '[1,1,1,1,1]' 'a hit does not prolong a TTL'
{
	echo "put a key=a age=$((10 * day)) ttl=$((2 * us)) bytes=5"
	echo "remove a key=a age=$((8 * day - 5))"
	echo "miss a key=a age=$((7 * day + 60))"
	echo "put b key=b age=$((10 * day)) ttl=$((9 * us)) bytes=5"
	echo "remove b key=b age=$((8 * day))"
	echo "miss b key=b age=$((7 * day))"
	echo "put c key=c age=$((10 * day)) ttl=$((2 * us)) bytes=5"
	echo "evict c key=c age=$((9 * day))"
	echo "miss c key=c age=$((7 * day))"
} | events >store/events
is "$(ghost '[.misses, .had_been_stored, .days[0].hits, .gib[4].hits]')" \
	'[3,2,1,0]' \
	'records that expired, were deleted, or lacked both room and days'

# An expired record dropped during an eviction does not end it: the store held
# less at the end than after the first eviction.
gib=1073741824
{
	echo "put a key=a age=900 bytes=$((gib * 9 / 10))"
	echo "put b key=b age=800 bytes=$((gib * 9 / 10))"
	echo "put c key=c age=700 bytes=5 ttl=1000000"
	echo "put d key=d age=600 bytes=$((gib * 3 / 10))"
	echo "evict a key=a age=500"
	echo "remove c key=c age=500"
	echo "evict b key=b age=500"
	echo "miss a key=a age=400"
} | events >store/events
is "$(ghost '[.misses, .had_been_stored, .gib[:2][].hits]')" '[1,1,0,1]' \
	'an expired record is dropped between two evictions'

# The events of puts record the TTL.
rm store/events
printf v | pc-put -t 1s -s short
pc-run -t 1s -s short -- echo v >/dev/null
printf v | pc-put -t 1h -s long
sleep 1.1
pc-get -s short
pc-run -s short -- echo v >/dev/null
is "$(ghost '[.misses, .had_been_stored, .days[0].hits]')" '[3,2,2]' \
	'the TTLs of pc-put and pc-run are recorded'

# ---- real stores: one that puts keep below their cap, one that pc-gc does

# fill STAGE COUNT [ARG...]: COUNT values of 6 KB, put by one process
fill() {
	local stage=$1 count=$2
	shift 2
	python3 -c 'import base64, json, os, sys
for n in range(int(sys.argv[1])):
    print(json.dumps({"id": "%064x" % n,
        "value_base64": base64.b64encode(os.urandom(6000)).decode()}))
' "$count" | pc-put --jsonl -s "$stage" "$@"
}
# lost STAGE: look all 600 of them up; how many misses there were
lost() {
	printf '{"id": "%064x"}\n' $(seq 0 599) |
		pc-get --jsonl -s "$1" | jq -s 'map(select(.hit | not)) | length'
}
export PC_STORE=$T/capped
mkdir -p home/.config/pc
echo '{"caching": {"max_bytes": "2M"}}' >home/.config/pc/config.json
fill cap 600
misses=$(lost cap)
[ "$misses" -gt 200 ] && [ "$misses" -lt 600 ]
ok "puts that keep a store below its cap drop records: $misses"
is "$(pc-stats --json | jq '.all.evict')" "$misses" 'each record dropped by a put is an event'
is "$(ghost '[.misses, .had_been_stored, .gib[0].hits]')" \
	"[$misses,$misses,$misses]" 'more room would have kept each of them'

# Expired records are dropped first.
export PC_STORE=$T/short
fill short 200 -t 1s
sleep 1.1
fill cap 600
gone=$((200 - $(pc-stats --entries --json |
	jq '[.stages[] | select(.stage == "short").entries][0]')))
[ "$gone" -gt 100 ]
ok "puts drop expired records first: $gone"
is "$(pc-stats --json | jq '.stages[] | select(.stage == "short") |
	[.remove, .evict]' -c)" "[$gone,0]" 'each expired record dropped is a removal, not an eviction'
rm home/.config/pc/config.json

export PC_STORE=$T/cleaned
fill lru 600
pc-gc -q --max-bytes 2M >/dev/null
misses=$(lost lru)
[ "$misses" -gt 200 ] && [ "$misses" -lt 600 ]
ok "pc-gc --max-bytes drops records: $misses"
is "$(pc-stats --json | jq -c '[.all.evict, .all.remove]')" "[$misses,0]" \
	'each record dropped by pc-gc --max-bytes is an eviction'
is "$(ghost '[.misses, .had_been_stored, .gib[0].hits]')" \
	"[$misses,$misses,$misses]" 'more room would have kept each of them'
pc-gc -q --stage lru >/dev/null
is "$(pc-stats --json | jq -c '.all.remove')" $((600 - misses)) \
	'records deleted by stage are removals, not evictions'
lost lru >/dev/null
is "$(ghost .gib[4].hits)" $((2 * misses)) 'more room would not have kept records deleted by stage'
done_testing
