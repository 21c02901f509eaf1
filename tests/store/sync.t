#!/bin/bash
# What is on the disk when a put with --sync returns, and when a log replaces
# another one: read from the order of the system calls.
. "$(dirname "$0")/../lib.sh"

if ! strace -o /dev/null true 2>/dev/null; then
	skip_all 'no strace'
fi

# trace COMMAND...: write its system calls to ./trace, with the paths of files
trace() {
	strace -f -qq -y -o trace -e trace=openat,write,writev,pwrite64,\
fdatasync,fsync,linkat,renameat,unlinkat,fallocate "$@"
}
# in_order PATTERN...: "yes" if ./trace has matches of all in this order
in_order() {
	local at=0 n p
	for p; do
		n=$(awk -v from=$at -v p="$p" 'NR > from && $0 ~ p { print NR; exit }' \
			trace)
		[ -n "$n" ] || { echo "nothing like $p after line $at"; return; }
		at=$n
	done
	echo yes
}
# new_logs: how many logs replaced others, and how many of these were not
# written to the disk completely before
new_logs() {
	awk '
	{ sub(/^[0-9]+ +/, "") }
	/^openat/ && match($0, / = [0-9]+/) { dirty[substr($0, RSTART + 3, RLENGTH - 3)] = 0 }
	/^(write|writev|pwrite64)\([0-9]/ { split($0, a, /[(<]/); dirty[a[2]] = 1 }
	/^(fdatasync|fsync)\([0-9].*= 0/ { split($0, a, /[(<]/); dirty[a[2]] = 0 }
	/^linkat.*log[.]next/ && match($0, /self\/fd\/[0-9]+/) {
		linked = dirty[substr($0, RSTART + 8, RLENGTH - 8)]
	}
	/^renameat.*log[.]next/ { n++; bad += linked }
	END { print n + 0, bad + 0 }' trace
}

# ---- a put

mkdir parent
export PC_STORE=$T/parent/store
echo value | trace pc-put --sync -s one
key=$(pc-hash -s one)
shard=$(printf %02x $((16#${key:0:2} % 64)))
is "$(in_order "fdatasync.*store/state" 'fsync.*/parent>' \
	"writev.*$shard/log" "fdatasync.*$shard/log" "fsync.*store/$shard>" \
	'fsync.*/store>')" yes 'the first put with --sync writes state, record and directories to the disk'
echo value2 | trace pc-put --sync -s one
is "$(grep -c 'store/state' <(grep sync trace)):$(in_order "writev.*$shard/log" \
	"fdatasync.*$shard/log" "fsync.*store/$shard>")" 0:yes \
	'a later put with --sync writes the record to the disk, not the state'
head -c 300000 /dev/urandom | trace pc-put --sync -s large
is "$(in_order 'fdatasync.*store' 'linkat' 'writev.*/log' 'fdatasync.*/log' \
	'fsync.*store/[0-9a-f]+>')" yes 'a put with --sync writes a large value to the disk before its record'
echo value | trace pc-put -s two
is "$(grep -cE 'sync.*(/state|/log|store|/[0-9a-f]{2})>' trace)" 0 \
	'a put without --sync does not wait for the disk'

# ---- a put with --sync that fails

can_inject=0
strace -o /dev/null -e inject=fdatasync:error=EIO true 2>/dev/null && can_inject=1
if [ $can_inject = 1 ]; then
	export PC_STORE=$T/late
	echo value | trace -e inject=fdatasync:error=EIO:when=1 \
		pc-put --sync -s one 2>err
	like "$(cat err)" 'Input/output error' \
		"a put with --sync fails if the state cannot be written to the disk"
	echo value | trace pc-put --sync -s one
	is "$(in_order "fdatasync.*late/state" 'writev.*/log' \
		'fdatasync.*/log')" yes 'the next put with --sync writes the state to the disk'
	is "$(pc-get -s one)" value 'the next put with --sync is a hit'
else
	skip 'a put with --sync that fails' 'no fault injection by strace'
fi

# ---- values put with --sync, and what replaces them

export PC_STORE=$T/replaced
key=00$(printf %062d 7)
head -c 300000 /dev/zero | tr '\0' A >A
head -c 300000 /dev/zero | tr '\0' B >B
head -c 50000 /dev/zero | tr '\0' C >C
# files: how many files of values there are
files() { find "$PC_STORE/00" -name "$key.*" | wc -l; }
# gives FILE: "same" if the key gives these bytes; the number of value files
gives() { echo "$(pc-get -k "$key" | cmp - "$1" && echo same):$(files)"; }

trace pc-put -k "$key" <A
trace pc-put -k "$key" <B
is "$(in_order unlinkat):$(grep -c '^[0-9]* *fdatasync' trace):$(gives B)" \
	yes:0:same:1 'without --sync a put removes the old value at once'
trace pc-put --sync -k "$key" <A
trace pc-put -k "$key" <B
is "$(in_order 'linkat.*self' "fdatasync[(][0-9]*<.*/00/$key" \
	'fdatasync[(][0-9]*<.*/00/log>' 'fsync[(].*/00>' \
	"unlinkat.*$key"):$(gives B)" yes:same:1 \
	'a value put with --sync is removed when the large one after it is on the disk'
trace pc-put -k "$key" <C
is "$(in_order 'writev.*/00/log' 'fdatasync[(][0-9]*<.*/00/log>' \
	"unlinkat.*$key"):$(gives C)" yes:same:0 \
	'a value put with --sync is removed when the small one after it is on the disk'
trace pc-put --sync -k "$key" <A
trace pc-gc -q -k "$key"
is "$(in_order 'unlinkat.*"log"' 'fsync[(].*/00>' \
	"unlinkat.*$key"):$(pc-get -k "$key" | wc -c):$(files)" yes:0:0 \
	'a value put with --sync is removed when its deletion is on the disk'
trace pc-put --sync -k "$key" <A
trace pc-gc -q --older-than 0s
is "$(in_order 'unlinkat.*"log"' 'fsync[(].*/00>' "unlinkat.*$key"):$(
	pc-get -k "$key" | wc -c):$(files)" yes:0:0 \
	'a value put with --sync is removed when the deletion of its shard is on the disk'
if [ $can_inject = 1 ]; then
	trace pc-put --sync -k "$key" <A
	trace -e inject=fdatasync:error=EIO pc-put -k "$key" <B
	is "$(files):$(pc-get -k "$key" | cmp - B && echo same)" 2:same \
		'a value put with --sync stays if the new one cannot be written to the disk'
	pc-gc -q --compact
	is "$(gives B)" same:1 'pc-gc --compact removes an old value that was left'
	trace pc-put --sync -k "$key" <A
	trace -e inject=fdatasync:error=EIO:when=2 \
		pc-put --sync -k "$key" <B 2>err
	like "$(cat err):$(pc-get -k "$key" | cmp - B && echo same)" \
		'Input/output error.*:same$' \
		'a put with --sync that fails behind its record keeps its value'
else
	skip 'a disk that cannot be written' 'no fault injection by strace'
fi

# ---- a log replaces another

# fill FROM TO [OPTION...]: put records of 1 KiB into one shard
fill() {
	seq "$1" "$2" | jq -c '{key: ("0" * (64 - (tostring | length)) + tostring),
		value: ("v" * 1000)}' >records
	shift 2
	trace pc-put --jsonl -q "$@" <records >/dev/null
}
# holes: how many parts of logs were freed, and how often a log was written to
# the disk before
holes() {
	awk '/fallocate.*PUNCH_HOLE/ { n++ } /fdatasync.*\/log>/ { s += !n }
		END { print n + 0, s + 0 }' trace
}
mkdir -p home/.config/pc
echo '{"caching": {"max_bytes": "2M"}}' >home/.config/pc/config.json
export PC_STORE=$T/cap
fill 1 3000
like "$(holes)" '^[1-9][0-9]* 0$' \
	'a put that makes room does not wait for the disk'
fill 3001 3010 --sync
fill 3011 6000
like "$(holes)" '^[1-9][0-9]* [1-9][0-9]*$' \
	'in a store with values put with --sync a put waits for the disk before it frees space'
pc-get -k "$(printf %064d 6000)" >/dev/null
ok 'the last put that made room is a hit'
rm home/.config/pc/config.json
export PC_STORE=$T/unpromised
fill 1 50
fill 1 20
trace pc-gc -q --compact
is "$(new_logs)" '1 0' 'pc-gc --compact writes a new log to the disk before it replaces the old one'

# ---- a put into a store at its size cap

export PC_STORE=$T/full
for ((n = 0; n < 3000; n++)); do
	printf '{"key": "%02x%062d", "value": "%01000d"}\n' $((n % 64)) $n 0
done | pc-put --jsonl -q >/dev/null
echo '{"caching": {"max_bytes": "2M"}}' >home/.config/pc/config.json
trace pc-run -s big -- head -c 40000 /dev/zero | wc -c >size
like "$(cat size):$(in_order '/log>.*writev|writev.*/log>'):$(
	in_order 'renameat.*log[.]next|unlinkat.*"log"|fallocate' 'writev.*/log>')" \
	'^40000:yes:yes$' 'pc-run at the size cap prints all of its output and makes room before it writes'
[ "$(du -s --block-size=1 full | cut -f1)" -le $((2 * 1048576 * 11 / 10)) ]
ok 'pc-run at the size cap leaves the store below 1.1 times the cap'
rm home/.config/pc/config.json

# ---- a large value whose put is killed before its record

export PC_STORE=$T/killed
kill_it=inject=writev:error=EIO:signal=KILL
if strace -o /dev/null -e $kill_it -P "$T/none" true 2>/dev/null; then
	# A subshell, since the shell reports a killed process.
	(head -c 300000 /dev/urandom | strace -qq -o trace -e trace=writev \
		-e $kill_it pc-put -s large) 2>/dev/null
	is "$(find killed -size +290k | wc -l)" 1 'a put that is killed before its record leaves the file of its value'
	pc-gc -q --expired
	is "$(find killed -size +290k | wc -l)" 0 'pc-gc --expired removes a value file without a record'
else
	skip 'a file without a record' 'no fault injection by strace'
fi
done_testing
