#!/bin/bash
# pc-stats: the statistics of what the programs did.
. "$(dirname "$0")/../lib.sh"

# stat FILTER: of the stage "count"
stat_of() {
	pc-stats --json | jq -c ".stages[] | select(.stage == \"count\") | $1"
}

status 0 'without a store pc-stats exits with 0' pc-stats
like "$(cat err)" "^pc-stats: there is no store '.*' yet" 'without a store pc-stats says that there is none'
like "$(cat out)" '^all +0 +0 +0 ' 'without a store the table shows no lookups'
[ ! -e store ]
ok 'pc-stats does not create a store'
is "$(pc-stats -q --json | jq -c '[.stages, .all.lookups]')" '[[],0]' \
	'without a store --json has no stages and no lookups'

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
	'each of three hits saved the time of one computation'
is "$(stat_of '.compute_mean_ms >= 1000 and .hit_mean_ms < .compute_mean_ms / 2')" true \
	'the mean time of a computation is more than that of a hit'
is "$(stat_of '.error')" 1 'a failed command counts as an error'
is "$(pc-stats --json | jq -c '.all | [.lookups, .hits, .put]')" '[6,3,2]' \
	'the totals add up all stages'
pc-stats >table
[ "$(wc -L <table)" -le 80 ]
ok 'the table fits 80 columns'
is "$(awk '$1 == "count" { print $2, $3, $4, $5; exit }' table)" '6 3 3 50.0%' \
	'the table shows the same counts'

# since
echo 'miss count age=7200' | "$TESTS/data/events.py" >>store/events
is "$(pc-stats --since 1h --json | jq .all.lookups)" 6 '--since 1h omits a miss of two hours ago'
is "$(pc-stats --since 1d --json | jq .all.lookups)" 7 '--since 1d counts a miss of two hours ago'
status 2 'an invalid duration of --since is a usage error' pc-stats --since yesterday

# what completions ask for
is "$(pc-stats --stages | xargs)" 'count other' '--stages lists the stages'
is "$(pc-stats --params other | sort | xargs)" 'dpi=300 lang=eng' '--params lists the parameters of a stage'
is "$(pc-stats --params none)" '' '--params of an unknown stage prints nothing'

# damage
head -c 1000 /dev/urandom >>store/events
pc-get -s count -p none=1
is "$(pc-stats --json | jq .all.lookups)" 8 \
	'events before and after a torn one count'
PC_EVENTS=off pc-get -s count -p none=1
is "$(pc-stats --json | jq .all.lookups)" 8 'PC_EVENTS=off records no lookup'
PC_CACHE=off status 0 'PC_CACHE=off does not disable pc-stats' \
	pc-stats --json
is "$(jq .all.lookups out)" 8 'with PC_CACHE=off pc-stats reports all lookups'

# endings
status 2 'an argument is a usage error' pc-stats count
status 2 'an unknown option is a usage error' pc-stats --nonesuch
pc-stats --html >/dev/full 2>err
like "$(cat err)" 'No space left' '--html on a full standard output reports the error'
pc-stats >/dev/full 2>err
is $? 2 'a full standard output exits with 2'
printf 'x' >file
status 2 'a file as the store exits with 2' pc-stats --store file
like "$(wc -l <err):$(cat err)" '^1:pc-stats: ' 'a file as the store gives a message of one line'
done_testing
