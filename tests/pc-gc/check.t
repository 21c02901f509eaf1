#!/bin/bash
# pc-gc --check and --repair: log, index, slot and directory agree, or a
# fault is reported and repaired; and a get does not trust a damaged index.
. "$(dirname "$0")/../lib.sh"

# All in one shard, 00, whose index is of many pages.
count=400
for n in $(seq $count); do
	printf '{"key":"00%062d","value":"value %d"}\n' "$n" "$n"
done >records
for n in $(seq $count); do printf '00%062d\n' "$n"; done >keys
pc-put --jsonl -q -t never <records
pc-gc -q --rebuild
hits() { pc-get --files-from keys --jsonl -q "$@" | grep -c '"value":"value'; }
is "$(hits)" $count 'every record is a hit'
status 0 '--check of a sound store exits with 0' pc-gc --check
is "$(cat out)" "$count records, 0 damaged" '--check of a sound store reports no damage'
cp -a store sound
again() {
	rm -rf store
	cp -a sound store
}
# faulty WHAT PATTERN: --check finds it and changes nothing, --repair repairs
# it, and then every record is a hit
faulty() {
	local before
	before=$(cd store && find . -type f -exec sha256sum {} + | sort)
	status 1 "$1: --check exits with 1" pc-gc --check
	like "$(cat out)" "$2" "$1: --check says what is wrong"
	like "$(pc-gc --check --json | jq '.faults')" '^[1-9]' \
		"$1: --json has the number of faults"
	is "$(cd store && find . -type f -exec sha256sum {} + | sort)" "$before" \
		"$1: --check changed nothing"
	status 0 "$1: --repair" pc-gc --repair
	like "$(cat out)" '^Deleted 0 damaged records; [0-9]+ faults? .*repaired$' \
		"$1: --repair says that it repaired the fault"
	status 0 "$1: the store is sound afterwards" pc-gc --check
	is "$(hits)" $count "$1: every record is a hit afterwards"
}

# ---- a page of the index is zeros

pages=$(($(stat -c %s store/00/index) / 4096))
missed=
unseen=
for p in $(seq 0 $((pages - 1))); do
	again
	dd if=/dev/zero of=store/00/index bs=4096 seek="$p" count=1 \
		conv=notrunc 2>/dev/null
	cmp -s store/00/index sound/00/index && continue # it was zeros
	pc-gc -q --check >/dev/null 2>&1 || seen=1
	[ "$(hits --read-only)" = $count ] || missed="$missed $p (read-only)"
	[ "$(hits)" = $count ] || missed="$missed $p"
	[ "${seen:-}" = 1 ] || unseen="$unseen $p"
	seen=
done
is "$missed" '' "whichever of the $pages pages is zeros, every record is a hit"
# A page that is no longer in use may be zeros.
[ "$(echo "$unseen" | wc -w)" -lt $((pages / 2)) ]
ok "--check sees a page of zeros, except those not in use:$unseen"
again
for p in $(seq 2 $((pages - 1))); do
	dd if=/dev/zero of=store/00/index bs=4096 seek="$p" count=1 \
		conv=notrunc 2>/dev/null
	pc-gc --check >/dev/null 2>&1 || break
done
faulty 'a page of zeros' 'shard 00 offset [0-9]+ 00[0-9]{62} the index'

# ---- an index that is out of date

again
echo new | pc-put -k "$(head -n 1 keys)" -t never
pc-gc -q --rebuild
cp sound/00/index store/00/index
status 1 '--check of an index from before a put exits with 1' pc-gc --check
like "$(cat out)" "^shard 00 offset [0-9]+ $(head -n 1 keys) the index does not" \
	'--check reports an index that lacks the newest record'
pc-gc -q --repair
is "$(pc-get -k "$(head -n 1 keys)")" new 'after --repair the newest is a hit'
again
key=$(tail -n 1 keys)
pc-gc -q -k "$key"
cp sound/00/index store/00/index
status 1 '--check of an index from before a deletion exits with 1' pc-gc --check
like "$(cat out)" "$key the index names a record that the log does not" \
	'--check reports an index that names a deleted record'
pc-gc -q --repair
status 1 'after --repair a deleted record is a miss' pc-get -k "$key"
again
rm store/00/index
faulty 'no index' 'shard 00 offset 0 the index is missing'
again
echo garbage >store/00/index
faulty 'an index of garbage' 'shard 00 offset 0 the index is damaged'

# ---- the state file and a log's header

again
dd if=/dev/zero of=store/state bs=64 seek=1 count=1 conv=notrunc 2>/dev/null
faulty 'a slot of zeros' "shard 00 offset 0 the shard's slot is damaged"
again
printf 'xxxx' | dd of=store/state bs=1 seek=80 conv=notrunc 2>/dev/null
faulty 'a slot with other bytes' "shard 00 offset 0 the shard's slot is damaged"
again
head -c "$(stat -c %s store/state)" /dev/zero >zeros
cat zeros >store/state
faulty 'a state file of zeros' "the header of 'state' is damaged"
again
printf 'xxxx' | dd of=store/00/log bs=1 seek=2 conv=notrunc 2>/dev/null
faulty 'a damaged header of a log' "shard 00 offset 0 the log's header is"
# ---- files that no record names, and files of others

again
cp records store/00/"$(printf '00%062d' 9999)".0badcafe
echo mine >store/00/notes.txt
echo mine >store/notes.txt
status 0 '--check accepts a file of a killed put and foreign files' \
	pc-gc --check
like "$(cat err)" '1 files of values have no record' '--check reports the file of a killed put'
is "$(grep -c "notes.txt' does not belong to the store" err)" 2 \
	'--check reports foreign files'
status 0 '--repair of a store with foreign files exits with 0' pc-gc --repair
is "$(find store -name '*.0badcafe')" '' '--repair deletes the file of a killed put'
is "$(cat store/notes.txt store/00/notes.txt | xargs)" 'mine mine' \
	'--repair keeps foreign files'

# ---- a store whose cap is small makes no index for a short log

rm -rf small
echo '{"caching": {"max_bytes": "2M"}}' >small.json
head -c 300000 /dev/zero >zeros
for i in 1 2 3; do
	PC_CONFIG=small.json pc-put --store small -s s -p n=$i <zeros
	echo "value $i" | PC_CONFIG=small.json pc-put --store small -s t -p n=$i
done
is "$(find small -name index)" '' 'a store with a small cap has no index'
status 0 '--check accepts a store with a small cap and no index' pc-gc --check --store small
is "$(for i in 1 2 3; do
	pc-get --store small -s s -p n=$i | cmp - zeros
	pc-get --store small -s t -p n=$i
done | xargs)" 'value 1 value 2 value 3' 'without the cap all values of a store without an index are hits'
echo other | pc-put --store small -s s -p n=2
is "$(pc-get --store small -s s -p n=2)" other 'without the cap a put replaces a value'
is "$(PC_CONFIG=small.json pc-get --store small -s s -p n=2)" other \
	'with the cap the replaced value is a hit'
status 0 'after puts with and without the cap the store is sound' pc-gc --check --store small

# ---- while puts free space in the log that is checked

echo '{"caching": {"max_bytes": "4M"}}' >cap.json
awk 'BEGIN {
	for (i = 0; i < 1500; i++) {
		value = sprintf("%08x", i)
		while (length(value) < 8000) value = value value
		printf "{\"key\": \"%064x\", \"value\": \"%s\"}\n", i, value
	}
}' >list
PC_CONFIG=cap.json pc-put --store cap --jsonl <list >/dev/null &
putting=$!
await test -e cap/00/log
until has_ended $putting; do
	pc-gc --check --store cap >>found 2>&1
done
is "$(sed 's/^[0-9]* records, //' found | sort -u)" '0 damaged' \
	"$(wc -l <found) checks find no damage"
is "$(pc-get --store cap --key "$(printf '%064x' 1499)" | head -c 8)" 000005db \
	'after the checks the last value is a hit'

# ---- the summed events

again
pc-gc -q --compact
[ -e store/events.folded ]
ok '--compact sums up the events'
printf 'xxxx' | dd of=store/events.folded bs=1 seek=70 conv=notrunc 2>/dev/null
status 1 '--check of damaged event sums exits with 1' pc-gc --check
like "$(cat out)" "'events.folded' is damaged" '--check names the damaged file of event sums'
pc-gc -q --repair
status 0 'after --repair of event sums the store is sound' pc-gc --check
done_testing
