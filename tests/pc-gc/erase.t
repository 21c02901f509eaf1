#!/bin/bash
# pc-gc: deleted data leaves no byte on the disk, in whichever file it was.
. "$(dirname "$0")/../lib.sh"

mark=MARK-of-what-is-deleted
# traces: the files of the store that hold a part of the deleted data
traces() { grep -rlaF "$mark" store | sort | xargs; }
kept() { pc-get -s kept -p n="$1" 2>/dev/null; }

# fill: a store with results of doc, in every state that they can be in, and
# others in the same shards
fill() {
	rm -rf store
	echo "a document" >doc
	for n in $(seq 40); do echo "kept $n" | pc-put -s kept -p n="$n"; done
	for n in $(seq 8); do
		echo "$mark old $n" | pc-put -s gone -p n="$n" doc
		echo "$mark new $n" | pc-put -s gone -p n="$n" doc
	done
	{
		echo "$mark"
		head -c 300000 /dev/zero
	} >big
	pc-put -s gone -p n=big doc <big
	key=$(pc-hash -s gone -p n=1 doc)
	shard=$(printf %02x $((0x${key:0:2} % 64)))
	pc-gc -q --rebuild
}

# spoil: add the files that crashes and bad disks leave behind
spoil() {
	local at other
	# a value's file whose writer was killed before its record
	other=$(pc-hash -s gone -p n=killed doc)
	other=store/$(printf %02x $((0x${other:0:2} % 64)))/$other.00c0ffee
	mkdir -p "$(dirname "$other")"
	cp big "$other"
	# a compaction that was killed, and records kept aside
	cp store/"$shard"/log store/"$shard"/log.next
	cp store/"$shard"/index store/"$shard"/index.next
	echo "$mark aside" >store/"$shard"/log.damaged
	# a record whose header is damaged
	at=$(grep -abo "$mark new 1" store/"$shard"/log | cut -d: -f1)
	printf '\377' | dd of=store/"$shard"/log bs=1 seek=$((at - 60)) \
		conv=notrunc 2>/dev/null
	# a writer that was killed in the middle of a record
	tail -c 300 store/"$shard"/log | head -c 250 >torn
	printf 'pcrec\245\r\n%s' "$mark torn" >>store/"$shard"/log
	# a slot that was lost
	dd if=/dev/zero of=store/state bs=64 seek=$((0x$shard + 1)) count=1 \
		conv=notrunc 2>/dev/null
}

# erased WHAT OPTION...: pc-gc with these options leaves nothing of doc, and
# all of the rest
erased() {
	local what=$1 n bad=
	shift
	fill
	spoil
	like "$(traces)" "$shard/log .*log.damaged.*log.next" \
		"$what: the data is in many files before"
	status 0 "$what: exit status 0" pc-gc "$@"
	is "$(traces)" '' "$what: no trace of it is left in the store"
	case $what in --all) return ;; esac
	for n in $(seq 40); do
		[ "$(kept "$n")" = "kept $n" ] || bad="$bad $n"
	done
	is "$bad" '' "$what: the other results can be read"
	pc-gc --check >check 2>&1
	is "$?" 0 "$what: the store is sound afterwards"
}

erased --all --all
status 0 'an empty store after --all is sound' pc-gc --check
echo new | pc-put -s kept -p n=1
is "$(kept 1)" new 'after --all a put and a get work'
erased --file --file doc
like "$(cat err)" 'not deleted: chats .use pc-infer --chat-clear., exports, and' \
	'--file says which kinds of data it does not delete'
like "$(cat err)" 'deleted 1 log.damaged files' \
	'--file says that records kept aside were deleted'
erased '--file --derived' --file doc --derived
erased --stage --stage gone
erased '--older-than and --stage' --older-than 0s --stage gone

# By key only the key's shard is read: all of it is clean afterwards.
fill
spoil
status 0 '--key: exit status 0' pc-gc -k "$key"
is "$(grep -laF "$mark old 1" store/"$shard"/*)" '' \
	'--key: no trace of the record, nor of the one that it replaced'
is "$(find store/"$shard" -name '*.next' -o -name '*.damaged')" '' \
	'--key: no file of a killed compaction is left in its shard'
pc-get -k "$key" >/dev/null
is "$?" 1 '--key: the deleted record is a miss'
for n in $(seq 40); do [ "$(kept "$n")" = "kept $n" ] || echo "$n"; done >bad
is "$(cat bad)" '' '--key: the other results can be read'

# The next deletion erases removed records and those of an older log.
fill
for n in $(seq 8); do
	pc-gc -q -k "$(pc-hash -s gone -p n="$n" doc)"
done
is "$(traces | tr ' ' '\n' | grep -c log)" 0 \
	'records deleted one by one with --key leave no trace in a log'
pc-gc -q --file doc
is "$(traces)" '' '--file then erases the large value of the document'

# A dry run deletes nothing, and says what it would delete.
fill
spoil
before=$(cd store && find . -type f -exec sha256sum {} + | sort)
status 0 '--file --dry-run exits with 0' pc-gc -n --file doc
like "$(cat err)" 'would delete 1 log.damaged' '--file --dry-run says what it would delete'
is "$(cd store && find . -type f -exec sha256sum {} + | sort)" "$before" \
	'--file --dry-run changes nothing'

# The whole state file lost: deletions find the data all the same.
for how in zeros garbage empty short; do
	fill
	size=$(stat -c %s store/state)
	case $how in
	zeros) head -c "$size" /dev/zero >state ;;
	garbage) yes x | head -c "$size" >state ;;
	empty) : >state ;;
	short) head -c 100 store/state >state ;;
	esac
	cat state >store/state
	is "$(pc-get -s gone -p n=3 doc)" "$mark new 3" \
		"a state file that is $how: a get finds its record"
	cat state >store/state
	status 0 "a state file that is $how: --file" pc-gc --file doc
	is "$(traces):$(kept 7)" ':kept 7' \
		"a state file that is $how: the data is erased, other results are hits"
done

# Foreign files in a store are kept, and a foreign directory is refused.
fill
echo mine >store/"$shard"/notes.txt
echo mine >store/notes.txt
pc-gc -q --all
is "$(cat store/notes.txt store/"$shard"/notes.txt | xargs)" 'mine mine' \
	'--all leaves files that are not the store'"'s"
mkdir foreign foreign/00
echo mine >foreign/state
echo mine >foreign/00/log
before=$(cd foreign && find . -type f -exec sha256sum {} + | sort)
status 2 'a directory that only looks like a store is refused' \
	pc-gc --store foreign --all
is "$(cd foreign && find . -type f -exec sha256sum {} + | sort)" "$before" \
	'nothing changes in a directory that only looks like a store'
done_testing
