#!/bin/bash
# pc-gc: which records it deletes, keeps, checks, exports and imports.
. "$(dirname "$0")/../lib.sh"

# has STAGE NAME...: which of these are there
has() {
	local stage=$1 n
	shift
	for n; do pc-get -s "$stage" -p n="$n" >/dev/null && echo "$n"; done | xargs
}
# put STAGE NAME [OPTION...] < value
put() {
	local stage=$1 n=$2
	shift 2
	pc-put -s "$stage" -p n="$n" "$@"
}
tree() { (cd "$1" && find . -type f -exec sha256sum {} + | sort); }
# dry WHAT OPTION...: with --dry-run it prints a count and changes nothing
dry() {
	local before what=$1
	shift
	before=$(tree store)
	pc-gc -n "$@" >out 2>err
	is "$?:$(tree store)" "0:$before" "$what: --dry-run changes nothing"
}

# ---- no store

status 0 'without a store --expired exits with 0' pc-gc --expired
like "$(cat err)" 'there is no store' 'without a store --expired says that there is none'
[ ! -e store ]
ok 'without a store --expired does not create one'
is "$(pc-gc -q --all --json | jq -c '[.deleted, .mode]')" '[0,"all"]' 'without a store --all --json prints 0 deleted'

# ---- expired, stage, age, key

for n in 1 2 3; do echo $n | put old $n -t 1s; done
for n in 1 2 3; do echo $n | put new $n; done
sleep 1.1
dry expired --expired
is "$(cat out)" 'Would have deleted 3 expired entries' '--expired --dry-run prints the count'
is "$(pc-gc --expired)" 'Deleted 3 expired entries' '--expired deletes expired entries'
is "$(pc-gc --expired)" 'Deleted 0 expired entries' 'a second --expired deletes nothing'
is "$(has old 1 2 3):$(has new 1 2 3)" ':1 2 3' '--expired keeps entries that are not expired'
dry stage --stage new
is "$(cat out)" 'Would have deleted 3 entries' '--stage --dry-run prints the count'
echo x | put other 1
dry 'stage and age' --stage new --older-than 1h
is "$(cat out)" 'Would have deleted 0 entries' 'an entry must match both --stage and --older-than'
is "$(pc-gc --stage new --older-than 0s --expired)" \
	'Deleted 0 expired entries' 'an entry must match --stage, --older-than and --expired'
is "$(pc-gc --stage new --stage none --older-than 0s -v 2>err)" \
	'Deleted 3 entries' '--stage and --older-than delete entries that match both'
like "$(wc -l <err):$(cat err)" '^3:pc-gc: delete new [0-9a-f]{64} 2 bytes' \
	'-v names each deleted entry'
is "$(has new 1 2 3):$(has other 1)" ':1' '--stage keeps the entries of other stages'
is "$(pc-stats --json | jq '[.stages[] | select(.stage == "new")][0].remove')" \
	3 'pc-stats counts the deleted entries'
key=$(pc-hash -s other -p n=1)
dry key -k "$key"
is "$(cat out)" 'Would have deleted 1 entries' '--key --dry-run prints the count'
is "$(pc-gc -n -k "$key" --json | jq -c 'del(.mode, .dry_run)')" \
	'{"deleted":1,"deleted_bytes":2,"failed":0}' '--key --dry-run --json prints the count and the bytes'
is "$(pc-gc -k "$key" -k "${key//[0-9]/1}")" 'Deleted 1 entries' '--key deletes one entry and ignores an unknown key'
is "$(has other 1)" '' 'an entry deleted by --key is a miss'
pc-gc --rebuild >/dev/null
is "$(has other 1)" '' 'an entry deleted by --key is a miss after --rebuild'
head -c 300000 /dev/urandom | put big 1
is "$(find store/?? -size +290k | wc -l)" 1 'a large value has its own file'
pc-gc -q --stage big
is "$(find store/?? -size +290k | wc -l)" 0 'deleting a large value deletes its file'

# ---- documents and results derived from them

echo 'a document' >doc
echo 'another' >doc2
up() { pc-run -s up -i "$1" -- tr a-z A-Z <"$1"; }
back() { pc-run -s back -i - -- rev; }
count() { pc-run -s count -i - -- wc -c; }
all() { up "$1" | back | count >/dev/null; }
all doc
all doc2
echo note | pc-put -s note doc
dry document --file doc
is "$(cat out)" 'Would have deleted 2 entries' '--file finds the entries whose input is the document'
dry lineage --file doc --derived
is "$(cat out)" 'Would have deleted 4 entries' '--file --derived finds the results derived from them too'
dry 'lineage of a stage' --file doc --derived --stage count
is "$(cat out)" 'Would have deleted 1 entries' '--file --derived --stage finds those of one stage'
printf 'doc\0doc2\0' | pc-gc -n -0 --derived >out
is "$(cat out)" 'Would have deleted 7 entries' '-0 reads several documents from standard input'
printf 'doc\ndoc2\n' >list
is "$(pc-gc -n --files-from list --derived)" 'Would have deleted 7 entries' \
	'--files-from reads documents from a file'
id=$(pc-hash doc)
mv doc gone
is "$(pc-gc -n --file "$id" --derived)" 'Would have deleted 4 entries' \
	'--file accepts the id of a document that was deleted'
status 2 '--file fails for a document that does not exist' pc-gc --file doc
is "$(pc-gc --file gone --derived)" 'Deleted 4 entries' '--file --derived deletes the entries of a document'
is "$(pc-gc -n --all)" 'Would have deleted 3 entries' "--file --derived keeps another document's entries"
is "$(pc-gc --all --json | jq -c '[.mode, .deleted, .records]')" \
	'["all",3,0]' '--all deletes all entries'

# ---- the cap: order of last use, under a replay

payload=$(head -c 700 /dev/zero | tr '\0' x)
for n in $(seq 40); do printf %s "$payload" | put lru "$n"; done
uses=()
state=7
for _ in $(seq 120); do
	state=$(((state * 1103515245 + 12345) % 2147483648))
	n=$((state / 65536 % 40 + 1))
	uses+=("$n")
	echo "$n"
done >replay
while read -r n; do pc-hash -s lru -p n="$n"; done <replay |
	xargs pc-get --jsonl >/dev/null
# The last 15 used, the latest first.
want=$(tac replay | awk '!seen[$0]++' | head -n 15 | sort -n | xargs)
used=$(sort -u replay | wc -l)
one=$(pc-gc -n --stage lru --json | jq '.deleted_bytes / .deleted | floor + 1')
dry cap --max-bytes $((15 * one))
is "$(pc-gc --max-bytes $((15 * one)) --json |
	jq -c '[.deleted, .records]')" '[25,15]' '--max-bytes deletes entries until the store fits'
is "$(has lru $(seq 40))" "$want" "--max-bytes keeps the entries used last, of $used"
is "$(pc-gc --max-bytes config)" 'Deleted 0 entries' '--max-bytes config uses caching.max_bytes'
# A nightly run deletes expired entries first, then those over the cap.
pc-gc -q --all
for n in 1 2 3; do printf %s "$payload" | put day $n -t 1s; done
for n in 4 5 6 7; do printf %s "$payload" | put day $n; done
sleep 1.1
dry "each night" --expired --max-bytes $((2 * one))
is "$(cat out)" 'Would have deleted 5 entries' '--expired --max-bytes --dry-run prints the count'
is "$(pc-gc --expired --max-bytes $((2 * one)))" 'Deleted 5 entries' \
	'--expired --max-bytes deletes expired entries and those over the cap'
is "$(has day 4 5 6 7)" '6 7' '--expired --max-bytes keeps the newest entries'

# Three hits for 1, two for 2, one for 3, none for 4; 1 is the longest unused.
pc-gc -q --all
for n in 4 1 2 3; do printf %s "$payload" | put lfu $n; done
for n in 1 1 1 2 2 3; do has lfu $n >/dev/null; done
pc-gc -q --max-bytes $((2 * one)) --policy lfu
is "$(has lfu 1 2 3 4)" '1 2' '--policy lfu keeps the entries with the most hits'
pc-gc -q --all
pc-run -s cost -- sh -c 'sleep 2; seq 100' >/dev/null
pc-run -s cost -- seq 101 >/dev/null
pc-run -s cost -- seq 102 >/dev/null
pc-gc -q --max-bytes 1K --policy cost
is "$(pc-run -v -s cost -- sh -c 'sleep 2; seq 100' 2>&1 >/dev/null |
	cut -d' ' -f2)" hit '--policy cost keeps the result that took longest to compute'
# A value larger than the cap is the only one deleted, with every policy.
for policy in lru lfu cost; do
	pc-gc -q --all
	for n in 1 2 3; do
		head -c 20000 /dev/urandom >small$n
		put alone $n <small$n
	done
	head -c 900000 /dev/urandom | put alone 4
	[ $policy = lru ] || has alone 4 >/dev/null
	pc-gc -q --max-bytes 200K --policy $policy
	is "$(has alone 1 2 3 4)" '1 2 3' \
		"--policy $policy: only the value larger than the cap is deleted"
done
pc-get -s alone -p n=2 | cmp - small2
ok 'the remaining values are unchanged'

# Without pc-gc, puts keep the store below its cap.
mkdir -p home/.config/pc
echo '{"caching": {"max_bytes": "2M"}}' >home/.config/pc/config.json
pc-gc -q --all
seq 1 6000 | jq -c '{key: ("0" * (64 - (tostring | length)) + tostring),
	value: ("v" * 1000)}' | pc-put --jsonl -q >/dev/null
size=$(du -s --block-size=1 store | cut -f1)
[ "$size" -gt 1000000 ] && [ "$size" -le $((2 * 1048576 * 11 / 10)) ]
ok "puts keep the store near its cap: $size"
pc-get -k "$(printf %064d 6000)" | tr -d v | wc -c >left
is "$(cat left)" 0 'the value put last is a hit'
status 0 '--check accepts a log in which puts freed space' pc-gc --check
rm home/.config/pc/config.json

# ---- compaction

pc-gc -q --all
for n in 1 2 3 4 5 6; do echo $n | put new 1; done
dry compact --compact
like "$(pc-gc --compact)" '^Compacted 1 shards: 1[.][0-9] KiB less$' '--compact frees the space of replaced records'
is "$(pc-get -s new -p n=1)" 6 '--compact keeps the newest record'
is "$(pc-gc --compact --json | jq -c \
	'[.shards_rewritten, .log_bytes_before - .log_bytes_after]')" '[0,0]' \
	'a second --compact rewrites nothing'
for n in 1 2 3; do echo $n | put short $n -t 1s; done
sleep 1.1
dry 'compact what is expired' --compact -v
is "$(cut -d' ' -f 1-4 err | uniq -c | xargs)" '3 pc-gc: would delete short' \
	'--compact --dry-run -v names expired entries'
is "$(pc-gc --compact -v --json 2>err | jq .deleted):$(wc -l <err)" 3:3 \
	'--compact deletes expired entries'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "short").remove')" 3 \
	'pc-stats counts the entries that --compact deleted'

# ---- damage

for n in 2 3; do echo value$n | put new $n; done
head -c 300000 /dev/urandom | put new large
status 0 '--check of a sound store exits with 0' pc-gc --check
is "$(cat out)" '4 records, 0 damaged' '--check of a sound store reports no damage'
log=$(grep -l value2 store/*/log)
at=$(grep -abo value2 "$log" | cut -d: -f1)
printf X | dd of="$log" bs=1 seek=$((at + 1)) conv=notrunc 2>/dev/null
file=$(find store/?? -size +290k)
printf '\0\0\0\0\0\0\0\0' | dd of="$file" bs=1 seek=5000 conv=notrunc 2>/dev/null
before=$(tree store)
status 1 '--check of a damaged store exits with 1' pc-gc --check
like "$(cat out)" "^shard $(basename "${log%/log}") offset [0-9]+ $(
	pc-hash -s new -p n=2) the value is damaged" '--check reports the shard, offset and key of a damaged value'
like "$(cat out)" "offset [0-9]+ $(
	pc-hash -s new -p n=large) the value's file is damaged" '--check reports a damaged file of a value'
is "$(tree store)" "$before" '--check changes nothing'
status 1 '--check --json of a damaged store exits with 1' pc-gc --check --json
is "$(jq -c '[.damaged, (.damage | length), .damage[0].shard != null]' out)" \
	'[2,2,true]' '--check --json lists the damage'
dry repair --repair
is "$(tail -n 1 out)" 'Would have deleted 2 damaged records' '--repair --dry-run prints the count'
status 0 '--repair exits with 0' pc-gc --repair
status 0 'after --repair the store is sound' pc-gc --check
is "$(has new 1 2 3 large)" '1 3' '--repair keeps the sound records'
ls store/*/log.damaged >/dev/null
ok '--repair keeps damaged records aside'
# A log that is truncated or missing.
seq 1 100 | jq -c '{key: ("0" * (64 - (tostring | length)) + tostring),
	value: ("v" * 1000)}' | pc-put --jsonl -q >/dev/null
truncate -s 50000 store/00/log
before=$(tree store)
status 1 '--check of a truncated log exits with 1' pc-gc --check
like "$(cat out)" 'shard 00 offset 50000 the log has lost its end' '--check reports where a log is truncated'
is "$(tree store)" "$before" '--check does not change a truncated log'
pc-gc -nq --expired 2>err
like "$(cat err)" '1 damaged records found; check the disk' \
	'--expired warns about damaged records'
status 0 '--repair of a truncated log exits with 0' pc-gc --repair
like "$(cat out)" '^Deleted 1 damaged' '--repair reports the deleted damaged record'
status 0 'after --repair of a truncated log the store is sound' pc-gc --check
pc-get -k "$(printf %064d 40)" >/dev/null
ok 'a record before the end of a truncated log is a hit'
rm store/00/log
status 1 '--check of a missing log exits with 1' pc-gc --check
like "$(cat out)" 'shard 00 offset 0 the log has lost its end' '--check reports a missing log'
pc-gc -q --repair >/dev/null
status 0 'after --repair of a missing log the store is sound' pc-gc --check
# The state file is empty or missing while all other files exist.
pc-run -s new -p n=run -- echo run >/dev/null
for f in ids memory memory.old events.old events.folded events.folded.damaged \
	tmp.state.1.2; do
	[ -e store/$f ] || : >store/$f
done
: >store/state
status 1 '--check of an empty state file, as after a power loss, exits with 1' \
	pc-gc --check
like "$(cat out)" "the header of 'state' is damaged" '--check reports an empty state file'
rm store/state
status 1 '--check of a missing state file exits with 1' pc-gc --check
like "$(cat err)" "has lost its file 'state': .*pc-gc --repair" '--check reports a missing state file and suggests --repair'
is "$(pc-get --read-only -k "$(printf %064d 40)" 2>&1 | grep -c lost)" \
	1 'pc-get --read-only reports a missing state file'
status 0 '--repair of a missing state file exits with 0' pc-gc -q --repair
status 0 'after --repair of a missing state file the store is sound' pc-gc --check
is "$(has new 1 3)" '1 3' 'after --repair of a missing state file its records are hits'
for f in store/*/index; do echo rubbish >"$f"; done
dry rebuild --rebuild
is "$(pc-gc --rebuild)" 'Rebuilt the indexes' '--rebuild rebuilds the indexes'
is "$(has new 1 3)" '1 3' 'after --rebuild every record is a hit'

# ---- two pc-gc at the same time

mkfifo pipe
(trap '' HUP; exec pc-gc --import pipe) >/dev/null 2>signal &
exec 9>pipe
pc-gc --export - --stage nonesuch 2>/dev/null | head -c 48 >&9
refused() {
	pc-gc --expired >out 2>err
	[ $? = 75 ]
}
await refused
ok 'a second pc-gc exits with 75'
like "$(cat err)" 'another pc-gc is at work' 'a second pc-gc says that another is at work'
status 0 '--check runs beside another pc-gc' pc-gc --check
kill -HUP $!
status 75 'an ignored SIGHUP does not end pc-gc' pc-gc --expired
kill -TERM $!
wait $!
is "$?:$(cat signal)" '75:pc-gc: stopped; the records imported so far stay' \
	'SIGTERM ends an --import that waits for its input'
exec 9<>pipe
# ended WHAT COMMAND...: SIGINT ends a command that waits
ended() {
	local what=$1
	shift
	# a shell has what it runs in the background ignore SIGINT
	env --default-signal=INT "$@" >out 2>err 9>&- &
	await idle $!
	kill -INT $!
	wait $!
	is "$?:$(sed 's/;.*//' err)" '75:pc-gc: stopped' "a signal ends $what"
}
ended 'a pc-gc that waits for file names' pc-gc --files-from pipe
exec 9>&-
ended 'an --export that waits for a reader' pc-gc --export pipe
status 0 'an interrupted pc-gc leaves no lock' pc-gc --expired

# ---- export and import

pc-gc -q --all
for n in 1 2 3; do echo value$n | put keep $n; done
echo value | put other 1
head -c 300000 /dev/urandom >large
put keep large <large
pc-run -s keep --keep-stderr --ok-status 3 -- \
	sh -c 'echo out; echo err >&2; exit 3' >/dev/null 2>&1
is "$(pc-gc --export all.pc)" 'Exported 6 entries' '--export writes all entries'
is "$(pc-gc --export some.pc --stage keep --json | jq .records)" 5 \
	'--export --stage writes the entries of one stage'
is "$(pc-gc -n --export none.pc)" 'Would have exported 6 entries' '--export --dry-run prints the count'
[ ! -e none.pc ]
ok '--export --dry-run writes no file'
is "$(pc-gc -n --json --export none.pc --stage other | jq -c '[.records, .bytes]')" \
	'[1,6]' '--export --dry-run --json prints records and bytes'
pc-gc --export - --json >stream.pc 2>err
cmp all.pc stream.pc
ok '--export - prints only the stream on standard output'
is "$(jq .records err)" 6 '--export - --json prints JSON on standard error'
# A pipe, a device or a link is written to, not replaced.
cat pipe >piped.pc &
pc-gc -q --export pipe
wait $!
cmp all.pc piped.pc
ok '--export writes to a named pipe'
[ -p pipe ]
ok '--export does not replace a named pipe'
ln -s linked.pc link
echo old >linked.pc
pc-gc -q --export link
cmp all.pc linked.pc
ok '--export writes through a symbolic link'
[ -L link ]
ok '--export does not replace a symbolic link'
if mknod -m 600 full c 1 7 2>/dev/null && [ -c full ]; then
	status 2 '--export to a full device exits with 2' pc-gc --export full
	[ -c full ]
	ok '--export does not replace a device'
else
	skip '--export to a full device exits with 2' 'no devices can be made here'
fi
export PC_STORE=$T/second
is "$(pc-gc -n --import all.pc)" 'Would have imported 6 entries' '--import --dry-run prints the count'
[ ! -e second ]
ok '--import --dry-run creates no store'
is "$(pc-gc --import all.pc)" 'Imported 6 entries' '--import adds all entries'
is "$(has keep 1 2 3):$(has other 1)" '1 2 3:1' 'imported entries are hits'
pc-get -s keep -p n=large | cmp - large
ok 'an imported large value is unchanged'
pc-run -v -s keep --keep-stderr --ok-status 3 -- \
	sh -c 'echo out; echo err >&2; exit 3' >out 2>err
is "$?:$(cat out):$(grep -v '^pc-run: ' err)" '3:out:err' 'an imported result has its status and standard error'
like "$(cat err)" 'hit keep' 'an imported result of pc-run is a hit'
is "$(pc-gc --import all.pc)" 'Imported 0 entries' 'a second --import adds nothing'
echo x | pc-put --store ahead -s far -t 2d
"$BUILD/tests/torture-clock" ahead 100000
pc-gc -q --store ahead --export ahead.pc
pc-gc -q --store behind --import ahead.pc
is "$(pc-get --store behind --meta -s far |
	jq -c '.created <= now and .expires <= now + 2 * 86400')" true \
	'a record dated in the future is imported with the current time and its TTL'
sleep 0.01
echo newer | put keep 1
is "$(pc-gc --import all.pc):$(pc-get -s keep -p n=1)" \
	'Imported 0 entries:newer' '--import keeps a newer record'
pc-gc -q --all
is "$(PC_STORE=$T/store pc-gc --export - --stage other 2>/dev/null |
	pc-gc --import -)" 'Imported 1 entries' '--import - reads an export from a pipe'
is "$(pc-gc --import all.pc --stage other --json | jq -c '[.records, .refused]')" \
	'[0,0]' '--import --stage ignores other stages'
# More records than a store has shards.
seq 1 70 | jq -c '{key: ("0" * (64 - (tostring | length)) + tostring),
	value: "four"}' | PC_STORE=$T/many pc-put --jsonl -q
PC_STORE=$T/many pc-gc -q --export many.pc
echo '{"caching": {"max_bytes": "3B"}}' >small.json
status 3 '--import of records larger than the cap exits with 3' \
	env PC_CONFIG=small.json pc-gc --json --import many.pc
is "$(jq -c '[.records, .refused]' out)" '[0,70]' '--import --json counts the refused records'

# A truncated stream or one with a changed byte is detected, and no wrong value
# is imported.
size=$(stat -c %s some.pc)
bad=
for cut in 0 1 8 47 48 60 207 208 300 $((size / 2)) $((size - 160)) \
	$((size - 1)); do
	head -c "$cut" some.pc >cut.pc
	pc-gc -q --import cut.pc >out 2>err
	[ $? = 2 ] && [ -s err ] || bad="$bad $cut"
done
is "$bad" '' 'a stream that is cut'
cat some.pc some.pc >twice.pc
status 2 'bytes after the end of a stream are an error' pc-gc --import twice.pc
for at in 3 9 20 49 52 64 104 112 130 180 215 250 400 $((size - 170)) \
	$((size - 100)) $((size - 20)); do
	cp some.pc flip.pc
	byte=$(od -An -tu1 -j "$at" -N1 some.pc)
	# shellcheck disable=SC2059
	printf "\\$(printf %03o $((byte ^ 16)))" |
		dd of=flip.pc bs=1 seek="$at" conv=notrunc 2>/dev/null
	pc-gc -q --import flip.pc >out 2>err
	[ $? = 2 ] || bad="$bad $at"
done
is "$bad" '' 'a stream with a byte changed'
# refused FILE WHY WHAT: the file is refused before a store is opened
refused() {
	before=$(tree store)
	status 2 "$3 is refused" pc-gc --import "$1"
	is "$(cat err)" "pc-gc: cannot import '$1': $2" "$3: the message says why"
	is "$(tree store)" "$before" "$3: the store is unchanged"
	pc-gc --import "$1" --store third 2>/dev/null
	[ ! -e third ]
	ok "$3: no store is made"
}
not='it is not an export of pc-gc --export'
echo hello >short
refused short "$not" 'a short text'
refused large "$not" 'a large file of another kind'
gzip -k some.pc
refused some.pc.gz "$not" 'a compressed export'
refused /dev/null 'it is empty' 'an empty file'
head -c 20 some.pc >cut.pc
refused cut.pc 'it is truncated after 20 bytes of its header' \
	'the beginning of an export'
refused tmp 'Is a directory' 'a directory'
status 2 'a short text on standard input is refused' pc-gc --import - <short
status 2 'a file that does not exist is refused' pc-gc --import nonesuch \
	--store third
[ ! -e third ]
ok '--import of a file that does not exist creates no store'
status 0 'after refused imports the store is sound' pc-gc --check
is "$(has keep 1 2 3 large)" "$(PC_STORE=$T/store has keep 1 2 3 large)" \
	'after refused imports the sound records are hits'
export PC_STORE=$T/store

# ---- a read-only store

chmod -R a-w store
if [ "$(id -u)" != 0 ]; then
	status 2 '--compact of a read-only store exits with 2' pc-gc --compact
	like "$(cat err)" 'may not be written' '--compact says that the store may not be written'
fi
chmod -R u+w store
status 0 '--check of a store after it was read-only exits with 0' pc-gc --check

# ---- a full disk

# Under ASan: GDBM leaks a page when a new file of its has no room.
echo leak:gdbm_fd_open >suppressions
export LSAN_OPTIONS=suppressions=$T/suppressions:print_suppressions=0
if unshare -m true 2>/dev/null; then
	cat >full.sh <<'FULL'
mkdir -p mnt
mount -t tmpfs -o size=6m,mode=700 none mnt || exit 99
export PC_STORE=$PWD/mnt/store
head -c 3000 /dev/zero >value
seq 1 3000 | jq -c '{key: ("ab" + "0" * (62 - (tostring | length)) +
	tostring), value: ("v" * 1500)}' | pc-put --jsonl -q >/dev/null 2>&1
dd if=/dev/zero of=mnt/rest bs=1k 2>/dev/null
pc-gc --check >/dev/null || exit 1
n=$(pc-gc -n --all --json | jq .deleted)
[ "$n" -gt 100 ] || exit 2
pc-gc --older-than 1000d || exit 3
[ "$(pc-gc -n --all --json | jq .deleted)" = "$n" ] || exit 4
pc-gc -q --max-bytes 2M 2>/dev/null
pc-gc --check >/dev/null || exit 5
pc-gc -q --all || exit 6
rm mnt/rest
echo again | pc-put -s again || exit 7
[ "$(pc-get -s again)" = again ] || exit 8
[ "$(du -sk mnt/store | cut -f1)" -lt 1000 ] || exit 9
FULL
	unshare -m bash -u full.sh >out 2>&1
	s=$?
	if [ $s = 99 ]; then skip 'a full disk' 'no private mounts here'; else
		sed 's/^/# /' out
		is "$s" 0 'a full disk: nothing is lost, and room is made'
	fi
else
	skip 'a full disk' 'no private mounts here'
fi

# ---- endings

status 2 'without an action pc-gc exits with 2' pc-gc
status 2 '--check cannot be combined with --all' pc-gc --check --all
status 2 'an argument is a usage error' pc-gc --all x
status 2 'an invalid stage is a usage error' pc-gc --stage 'A B'
status 2 'an invalid key is a usage error' pc-gc -k 12
status 2 'an invalid size is a usage error' pc-gc --max-bytes many
status 2 'an unknown policy is a usage error' pc-gc --max-bytes 1M --policy fifo
status 2 '--policy requires --max-bytes' pc-gc --expired --policy lru
status 2 'an invalid age is a usage error' pc-gc --older-than yesterday
status 2 '--derived requires --file' pc-gc --derived --all
pc-gc --check >/dev/full 2>err
is $? 2 '--check on a full standard output exits with 2'
PC_CACHE=off status 0 'PC_CACHE=off does not disable pc-gc' \
	pc-gc --expired
echo x >file
status 2 'a file as the store is an error' pc-gc --expired --store file
mkdir foreign
touch foreign/photo
status 2 '--all of a directory that is not a store exits with 2' pc-gc --all --store foreign
[ -e foreign/photo ]
ok '--all keeps the files of a directory that is not a store'
done_testing
