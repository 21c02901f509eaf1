#!/bin/bash
# pc-stats: the account of what the programs did.
. "$(dirname "$0")/lib.sh"

# stat FILTER: of the stage "count"
stat_of() {
	pc-stats --json | jq -c ".stages[] | select(.stage == \"count\") | $1"
}

status 0 'no store yet' pc-stats
like "$(cat err)" "^pc-stats: there is no store '.*' yet" 'says so, and'
like "$(cat out)" '^all +0 +0 +0 ' 'shows no lookups at all'
[ ! -e store ]
ok 'and makes none'
is "$(pc-stats -q --json | jq -c '[.stages, .all.lookups]')" '[[],0]' \
	'as JSON too'

# One miss that takes a second, three hits, a failure, a plain get that misses.
pc-run -s count -- sh -c 'sleep 1; echo text' >/dev/null
for _ in 1 2 3; do
	pc-run -s count -- sh -c 'sleep 1; echo text' >/dev/null
done
pc-run -s count -- false
pc-get -s count -p none=1
printf v | pc-put -s other -p lang=eng -p dpi=300

is "$(stat_of '[.lookups, .hits, .misses, .put, .compute]')" '[6,3,3,1,1]' \
	'lookups, hits, misses, puts, computations'
is "$(stat_of '.hit_rate')" 0.5 'the hit rate'
is "$(stat_of '.put_bytes')" 5 'bytes put'
is "$(stat_of '.saved_s / .compute_mean_ms * 1000 | . > 2.5 and . < 3.5')" true \
	'three hits saved what computing took, each'
is "$(stat_of '.compute_mean_ms >= 1000 and .hit_mean_ms < .compute_mean_ms / 2')" true \
	'mean times'
is "$(stat_of '.error')" 1 'a command that failed'
is "$(pc-stats --json | jq -c '.all | [.lookups, .hits, .put]')" '[6,3,2]' \
	'in all'
pc-stats >table
[ "$(wc -L <table)" -le 80 ]
ok 'the table fits 80 columns'
is "$(awk '$1 == "count" { print $2, $3, $4, $5; exit }' table)" '6 3 3 50.0%' \
	'and says the same'

# since
echo 'miss count age=7200' | "$TESTS/data/events.py" >>store/events
is "$(pc-stats --since 1h --json | jq .all.lookups)" 6 '--since'
is "$(pc-stats --since 1d --json | jq .all.lookups)" 7 'a day'
status 2 'no duration' pc-stats --since yesterday

# what completions ask for
is "$(pc-stats --stages | xargs)" 'count other' '--stages'
is "$(pc-stats --params other | sort | xargs)" 'dpi=300 lang=eng' '--params'
is "$(pc-stats --params none)" '' 'of a stage that is not there'

# damage
head -c 1000 /dev/urandom >>store/events
pc-get -s count -p none=1
is "$(pc-stats --json | jq .all.lookups)" 8 \
	'events before and after a torn one count'
PC_EVENTS=off pc-get -s count -p none=1
is "$(pc-stats --json | jq .all.lookups)" 8 'PC_EVENTS=off'
PC_CACHE=off status 0 'PC_CACHE=off stops the cache, not the account' \
	pc-stats --json
is "$(jq .all.lookups out)" 8 'of it'

# endings
status 2 'an argument' pc-stats count
status 2 'a wrong option' pc-stats --nonesuch
pc-stats --html >/dev/full 2>err
like "$(cat err)" 'No space left' 'a full device, of a page'
pc-stats >/dev/full 2>err
is $? 2 'a full device'
printf 'x' >file
status 2 'a file that is no store' pc-stats --store file
like "$(wc -l <err):$(cat err)" '^1:pc-stats: ' 'is a failure, in one line'
done_testing
