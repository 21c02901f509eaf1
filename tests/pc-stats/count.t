#!/bin/bash
# The figures are right: known hits, misses and failures from 16 processes
# at once, counted exactly, before and after they are summed up; times, tokens
# and money; damaged event files.
. "$(dirname "$0")/../lib.sh"
command -v python3 >/dev/null || skip_all 'no python3'
events() { "$TESTS/data/events.py"; }
all() { pc-stats "$@" --json | jq -c "$filter"; }

# ---- 16 processes at once: each of them 5 misses that put, 20 hits, 3 plain
# misses, 2 failures; all of them once the same slow command

printf v | pc-put -s shared
work() {
	local i
	for i in 1 2 3 4 5; do
		pc-run -s own -p n="$1-$i" -- echo value >/dev/null
	done
	for i in $(seq 20); do
		pc-get -s shared >/dev/null
	done
	for i in 1 2 3; do
		pc-get -s none -p n="$1-$i"
	done
	pc-run -s bad -p n="$1" -- false
	pc-run -s bad -p n="$1" -- false
	pc-run -s slow -- sh -c 'sleep 1; echo slow' >/dev/null
}
for p in $(seq 16); do
	work "$p" &
done
wait
of() {
	pc-stats --json | jq -c ".stages[] | select(.stage == \"$1\") |
		[.lookups, .hits, .misses, .put, .compute, .error]"
}
is "$(of own)" '[80,0,80,80,80,0]' '80 misses of 16 processes are counted, each computed and stored'
is "$(of shared)" '[320,320,0,1,0,0]' '320 hits of 16 processes are counted'
is "$(of none)" '[48,0,48,0,0,0]' '48 misses of 16 processes are counted'
is "$(of bad)" '[32,0,32,0,0,32]' '32 failed commands are counted as misses and errors'
is "$(of slow)" '[16,15,1,1,1,0]' 'of 16 processes with one key one computes and 15 have a hit'
filter='[.all.lookups, .all.hits, .all.misses, .all.put, .all.compute, .all.error]'
is "$(all)" '[496,335,161,82,81,32]' 'the totals add up all stages'
is "$(pc-stats --by program --json | jq -c '[.programs[] | [.program,
	.lookups]]')" '[["pc-get",368],["pc-put",0],["pc-run",128]]' \
	'--by program counts the lookups of each program'
filter=.all.lookups
is "$(all --by day)" 496 '--by day counts all lookups'
is "$(all --by hour)" 496 '--by hour counts all lookups'
is "$(all --since 1h)" 496 '--since 1h counts all lookups'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "slow") |
	.saved_s / .compute_mean_ms * 1000 | . > 14 and . < 16')" true \
	'each of 15 hits saved the time of the computation'

# ---- times, tokens, money

export PC_STORE=$T/made
printf v | pc-put -s x
{
	seq 1 100 | sed 's/.*/hit a duration=&000 saved=1000000 bytes=10 tokens=7 price=500000/'
	seq 1 100 | sed 's/.*/compute a duration=&00000 peak=2048 tokens=9/'
	echo 'miss a times=25'
	echo 'hit b wait=300 times=2'
	echo 'stale b'
	echo 'hit b wait=100'
} | events >made/events
one() { pc-stats --json | jq -c ".stages[] | select(.stage == \"$1\") | $2"; }
within() { # GOT WANT: by 1 %
	awk -v g="$1" -v w="$2" 'BEGIN { exit !(g >= .99 * w && g <= 1.01 * w) }'
}
for what in 'hit_ms 50 p50' 'hit_ms 95 p95' 'hit_ms 99 p99'; do
	read -r name want member <<<"$what"
	within "$(one a ".$name.$member")" "$want"
	ok "$member of the hit times is right within 1 %"
done
within "$(one a .compute_ms.p95)" 9500
ok 'p95 of the computation times is right within 1 %'
is "$(one a '[.hit_ms.max, .compute_ms.max]')" '[100,10000]' 'the largest times are exact'
is "$(one a '[.saved_s, .tokens_saved, .tokens_spent, .money_saved]')" \
	'[100,700,900,50]' 'saved time, tokens and money are summed up'
is "$(one a '[.hit_rate, .served_bytes, .peak_kib]')" '[0.8,1000,2048]' \
	'the hit rate, the served bytes and the memory peak are reported'
within "$(one a .speed_up)" 100
ok 'a hit is reported as a hundred times faster'
is "$(one b '[.lookups, .hits, .stale, .lock_wait_ms.count]')" '[4,4,1,3]' \
	'stale results count as hits, and lookups that waited for a lock are counted'
within "$(one b .lock_wait_ms.p50)" 0.3
ok 'the median of the lock waits is right within 1 %'
pc-stats >table
[ "$(wc -L <table)" -le 80 ]
ok 'the table fits 80 columns'
like "$(cat table)" '^a +125 +100 +25 +80.0% +0 +0 +0 +100s' 'the table shows counts, hit rate and time saved'
like "$(cat table)" '^a +(- +){4}[0-9.k]+/s +700 +900 +50.00$' \
	'the table shows throughput, tokens and money'
like "$(cat table)" '^b +(29[89]|30[0-3])us +(29[89]|30[0-3])us +[0-9]+us +300us ' \
	'the table shows lock waits'
# Each figure of each stage is in the table, and in that of JSON.
is "$(grep -c '^STAGE' table):$(grep -c '^a ' table):$(grep -c '^all ' table)" \
	4:3:4 'the table has four parts, and a stage is in three'
for name in "$(printf 's%.0s' $(seq 64))" stage-of-17-chars; do
	echo "hit $name saved=9000000000000000000 duration=4294967295 wait=4294967295 bytes=9000000000000000000 tokens=4294967295 price=4294967295 times=12345
compute $name duration=4294967295 peak=4294967295 tokens=4294967295 times=23456
miss $name times=1234567
error $name times=12345
stale $name times=12345
wait $name times=12345"
done | sed 's/times=1234567/times=123456/' | events >made/events
for by in stage day hour program; do
	pc-stats --by $by >table
	[ "$(wc -L <table)" -le 80 ]
	ok "the table by $by fits 80 columns with names and numbers of any length"
done
pc-stats >table
like "$(cat table)" "^s{64}$" 'a long stage name is printed whole on its own line'
is "$(grep -c '[0-9]' <(grep -A1 '^s\{64\}$' table | grep '^ '))" 3 \
	'the figures of a long stage name follow on the next line'

# ---- days

{
	for d in 1 2 3; do
		echo "hit daily age=$((d * 86400)) times=$d"
	done
	echo 'hit daily age=5000000' # two months
} | events >made/events
is "$(pc-stats --by day --json | jq -c '[.days[].lookups]')" '[1,3,2,1]' \
	'--by day lists the oldest day first'
is "$(pc-stats --since 4d --json | jq .all.lookups)" 6 '--since 4d counts the lookups of the last three days'
like "$(pc-stats --by day)" "^$(date -u -d '2 days ago' +%F) +2 " '--by day prints dates in UTC'
status 2 'an unknown group of --by is a usage error' pc-stats --by week

# ---- what is stored

printf 12345 | pc-put -s kept -p n=1
printf 123 | pc-put -s kept -p n=2
printf 1234567 | pc-put -s kept -p n=1
printf 1 | pc-put -s kept -t 0 -p n=3
is "$(pc-stats --json | jq -c '.stages[] | select(.stage == "kept") |
	[.entries, .entry_bytes, .entry_mean_bytes, .entries_expired]')" \
	'[3,11,3.7,1]' 'the entries of a stage are counted, with their bytes and the expired ones'
like "$(pc-stats)" '^kept +3 +11B +3B +1 ' 'the table shows entries, bytes, mean and expired entries'
is "$(pc-stats --by program --json | jq -c '[.programs[0].entries, .all.entries]')" \
	'[null,4]' '--by program gives entries only in the totals'
# Too much to count quickly: 33 MiB in one log, most of which is not a
# record.
truncate -s 33M "$(ls made/*/log | head -n 1)"
is "$(pc-stats --json | jq -c '.all | [.entries, .entry_bytes]')" \
	'[null,null]' 'the entries of a large store are reported as unknown'
like "$(pc-stats)" '^the store is too large to count quickly; use --entries$' 'the table of a large store suggests --entries'
is "$(pc-stats --prometheus | grep -c pc_entr)" 0 '--prometheus omits the entries of a large store'
is "$(pc-stats --entries --json | jq .all.entries)" 4 '--entries counts the entries of a large store'
like "$(pc-stats --html)" '<td>kept</td>.*<td>3</td><td>11B</td>' \
	'the HTML page shows the entries of a large store'

# ---- a full log

{
	echo 'hit full times=10' | events
	echo 'compute full times=4' | events
} >made/events
truncate -s 128M made/events
pc-get -s kept -p n=1 >/dev/null
[ -s made/events.old ] && [ "$(wc -c <made/events)" -lt 65536 ]
ok 'an event log of 128 MiB is replaced by a new one'
is "$(pc-stats --json | jq -c '[.all.hit, .all.compute]')" '[11,4]' \
	'events before and after a log is replaced count once'
truncate -s 128M made/events
pc-get -s kept -p n=1 >/dev/null
is "$(pc-stats --json | jq -c '[.all.hit, .all.compute]')" '[12,4]' \
	'events count once if the next log is full before the old one is summed up'
[ -s made/events.folded ]
ok 'a full log is summed up in events.folded'
rm -f made/events*

# ---- hostile files

quiet() { # COMMAND...: it neither crashes nor has a sanitizer's report
	"$@" >out 2>err
	[ $? -le 2 ] && ! grep -q 'runtime error\|AddressSanitizer' err
}
{
	head -c 5000 /dev/urandom
	echo 'hit a' | events
	echo 'hit a' | events | head -c 100
	echo 'hit a version=2' | events
	echo 'hit a' | events | sed 's/a/b/'
	echo 'hit a' | events
	printf '\x70\x01' | head -c 2
	yes "$(printf 'p\001')" | head -c 100000
	echo 'hit a when=9223372036854775807
hit a when=-5
hit a when=9999999999999999
hit a saved=-1
hit UPPER
hit ../../etc
hit a program=250
miss -' | events
} >made/events
for form in '' --json --prometheus --html '--by day' '--by hour' --ghost \
	--targets --stages; do
	# shellcheck disable=SC2086
	quiet pc-stats $form
	ok "a damaged event log does not crash: pc-stats $form"
done
is "$(pc-stats --json | jq -c '[.all.hits, .all.misses]')" '[6,1]' \
	'valid events among damaged ones count'
is "$(pc-stats --stages | xargs)" a '--stages omits invalid stage names'
for what in directory fifo 'link to nothing'; do
	rm -rf made/events
	case $what in
	directory) mkdir made/events ;;
	fifo) mkfifo made/events ;;
	*) ln -s nowhere made/events ;;
	esac
	limit pc-stats --json >out 2>err
	[ $? -le 2 ]
	ok "a $what in place of the event log does not stop pc-stats"
	limit pc-run -s x -p n="$what" -- echo 1 >out 2>err
	is "$?:$(cat out)" 0:1 "pc-run prints its result with a $what in place of the event log"
done
status 2 'an event log that is a symbolic link exits with 2' pc-stats
like "$(cat err)" 'symbolic link' 'the message names the symbolic link'
rm -rf made/events
head -c 3000 /dev/urandom >made/events.folded
quiet pc-stats
like "$(cat err)" 'old events is not counted: it is damaged' \
	'damaged event sums are reported'
rm made/events.folded
mkdir made/events.folded
quiet pc-stats
like "$(cat err)" 'old events is not counted: it is damaged' \
	'a directory instead of the event sums is reported as damage'
pc-gc -q --compact 2>err
[ ! -d made/events.folded ]
ok 'pc-gc moves a directory instead of the event sums aside'
quiet pc-stats
is "$(cat err)" '' 'after pc-gc has repaired the event sums pc-stats prints no warning'
done_testing
