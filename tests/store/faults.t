#!/bin/bash
# A store that cannot be used never fails a pipeline: all of the output,
# status 0, one warning.  Files that do not belong to pc are never changed.
. "$(dirname "$0")/../lib.sh"

seq 1 60000 >want # more than a small value: it needs a file of its own
seq 1 3000 >small

# goes_on STORE WHAT [COMMAND...]: run pc-run, by way of COMMAND, with a store
# that cannot be used
goes_on() {
	local store=$1 what=$2
	shift 2
	"$@" pc-run --store "$store" -s cold -- seq 1 60000 >out 2>err
	is "$?" 0 "$what: status 0"
	cmp -s out want
	ok "$what: the output is complete"
	like "$(wc -l <err):$(cat err)" '^1:pc-run: .' "$what: one warning"
}

# still_hits STORE NAME: the large value is a hit, and complete
still_hits() {
	limit pc-run -v --store "$1" -s f -- seq 1 60000 >out 2>err
	is "$?:$(cmp out want 2>&1):$(grep -c '^pc-run: hit f' err)" 0::1 "$2"
}

# tree DIR: the files in it and their digests
tree() { (cd "$1" && find . -type f -exec sha256sum {} + -o -print | sort); }

# ---- what is not a store

echo precious >file
goes_on file 'a file in place of the store'
is "$(cat file)" precious 'a file in place of the store keeps its bytes'
goes_on file/below 'a file in place of the parent of the store'

mkdir foreign
echo photo >foreign/photo.jpg
before=$(tree foreign)
goes_on foreign 'a foreign directory'
is "$(tree foreign)" "$before" 'a foreign directory stays unchanged'
mkdir foreign2
seq 1 1000 >foreign2/state
echo x >foreign2/other
before=$(tree foreign2)
goes_on foreign2 'a foreign directory with a file named state'
is "$(tree foreign2)" "$before" 'a foreign directory with a file named state stays unchanged'
mkdir foreign3
printf 'my notes\n' >foreign3/state
before=$(tree foreign3)
goes_on foreign3 'a directory with only a file named state'
is "$(tree foreign3)" "$before" 'a directory with only a file named state stays unchanged'
for f in memory events.2024; do
	mkdir "with.$f"
	printf 'my notes\n' >"with.$f/$f"
	before=$(tree "with.$f")
	goes_on "with.$f" "a directory with only a file named $f"
	is "$(tree "with.$f")" "$before" "a directory with only a file named $f stays unchanged"
done
before=$(tree foreign3)
pc-get --read-only --store foreign3 -s f >out 2>err
is "$(tree foreign3)" "$before" 'pc-get --read-only leaves a foreign directory unchanged'

mkdir statedir statedir/state
goes_on statedir 'a directory in place of the state file'
ln -s nowhere dangling
goes_on dangling 'a link to a missing directory'
like "$(cat err)" "cannot make store 'dangling'.*; name another" \
	'the warning about a link to a missing directory says what to do'
status 1 'pc-get reports a miss for a foreign directory' pc-get --store foreign -s f
status 0 'pc-put exits with 0 for a foreign directory' \
	bash -c 'seq 1 60000 | pc-put --store foreign -s f'
seq 1 60000 | pc-put --store foreign -s f 2>err
is "${PIPESTATUS[*]}" '0 0' 'pc-put reads all of its input even if it cannot store it'
status 0 'pc-hash works without a usable store' pc-hash --store foreign -l want
is "$(cut -c 1-64 out)" "$(sha256sum want | cut -c 1-64)" 'pc-hash prints the right id without a usable store'

# The umask does not apply to a store.
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$T"
	chmod 1777 .
	other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
else
	other() { "$@"; }
fi
chmod 644 want
for mask in 177 277 377 777; do
	under() { other bash -c "umask $mask; exec \"\$@\"" - "$@"; }
	store=$T/masked$mask/store
	for run in miss hit; do
		under pc-run -v --store "$store" -s f -i want -- \
			seq 1 60000 >out 2>err
		is "$?:$(cmp out want):$(grep -c ": $run" err):$(wc -l <err)" \
			"0::1:$([ $run = hit ] && echo 1 || echo 2)" \
			"umask $mask: a $run"
		under pc-run -v --store "$store" -s s -- seq 1 3000 >out 2>err
		is "$?:$(cmp out small):$(grep -c ": $run" err)" 0::1 \
			"umask $mask: a $run of a small value"
	done
	under pc-run --store "$store" -s s --refresh -- seq 1 3000 >out 2>err
	under pc-gc --store "$store" --compact >out 2>err
	is "$?:$(cat err)" 0: "umask $mask: pc-gc compacts the store"
	under pc-run -v --store "$store" -s s -- seq 1 3000 >out 2>err
	is "$?:$(cmp out small):$(grep -c ": hit" err)" 0::1 \
		"umask $mask: a hit after the compaction"
	is "$(find "$T/masked$mask" -printf '%y %m\n' | sort -u | xargs)" \
		'd 700 f 600' "umask $mask: all directories have mode 700, all files 600"
done

# A home directory that cannot be written, or not even entered.
mkdir -m 755 home2
[ "$(id -u)" != 0 ] || chown 65534:65534 home2
for mode in 500 000; do
	chmod $mode home2
	other env -u PC_STORE HOME="$T/home2" pc-run -s f -- \
		seq 1 60000 >out 2>err
	is "$?:$(cmp out want)" 0: "a home directory of mode $mode: the output is complete"
	like "$(cat err)" "store '$T/home2/.cache/pc': Permission denied" \
		"a home directory of mode $mode: the warning says why there is no store"
done
is "$(grep -c "configuration '$T/home2.*Permission denied; going on" err)" 1 \
	'a configuration that cannot be opened is a warning'
other env HOME="$T/home2" pc-run -v --store "$T/masked277/store" -s f -i want -- \
	seq 1 60000 >out 2>err
is "$?:$(cmp out want):$(grep -c ': hit' err)" 0::1 \
	'a store outside a closed home directory gives hits'
other env PC_CONFIG="$T/home2/config" pc-run -s f -- true >out 2>err
is $? 125 'an unreadable configuration named by PC_CONFIG is an error'
chmod 755 home2
mkdir -p home2/.config/pc/config.json
other env HOME="$T/home2" pc-run --store "$T/masked277/store" -s f -i want -- \
	seq 1 60000 >out 2>err
is "$?:$(cmp out want):$(grep -c 'Is a directory' err)" 0::1 \
	'a directory in place of the configuration is a warning'

# Git ignores a store.
pc-run --store ignored -s f -- true
echo x | pc-put --store ignored -s f
is "$(cat ignored/.gitignore)" '*' 'a store has a .gitignore of its own'
rm ignored/.gitignore
echo y | pc-put --store ignored -s g
is "$(cat ignored/.gitignore)" '*' 'the next put restores a missing .gitignore'
rm ignored/state
echo z | pc-put --store ignored -s h
is "$(pc-get --store ignored -s g)" y \
	'a store with a .gitignore that has lost its state file is still a store'
mkdir project
echo '*.o' >project/.gitignore
before=$(tree project)
goes_on project 'a directory with only a .gitignore'
is "$(tree project)" "$before" 'a directory with only a .gitignore stays unchanged'

# ---- damaged parts of a store

# made DIR: make a store with the small value and the large one
made() {
	pc-run --store "$1" -s f -- seq 1 60000 >/dev/null &&
		pc-run --store "$1" -s s -- seq 1 3000 >/dev/null
}

made newer
printf 'pc-store 2\n' | dd of=newer/state conv=notrunc 2>/dev/null
# Make the checksum right: it is over 56 bytes of the header and a number, here 0.
check=$({ head -c 56 newer/state; printf '\0\0\0\0'; } | sha256sum |
	head -c 16 | sed 's/../\\x&/g')
# shellcheck disable=SC2059
printf "$check" | dd of=newer/state bs=1 seek=56 conv=notrunc 2>/dev/null
before=$(tree newer)
goes_on newer 'a store of a newer format'
like "$(cat err)" 'format 2.*upgrade' 'the warning about a newer format says to upgrade'
is "$(tree newer)" "$before" 'a store of a newer format stays unchanged'

shards=()
for i in $(seq 0 63); do shards+=("$(printf %02x "$i")"); done
for part in log index; do
	made "dir-$part"
	for shard in "${shards[@]}"; do
		rm -f "dir-$part/$shard/$part"
		mkdir -p "dir-$part/$shard/$part"
	done
	goes_on "dir-$part" "directories in place of each $part"
	[ $part = log ] || still_hits "dir-$part" "directories in place of each $part: a large value is a hit"
done
made dir-shard
for shard in "${shards[@]}"; do
	rm -rf "dir-shard/$shard"
	echo x >"dir-shard/$shard"
done
goes_on dir-shard 'files in place of the shards'
made dir-events
rm dir-events/events
mkdir dir-events/events
still_hits dir-events 'a directory in place of the events: the large value is a hit'

# in_place STORE THING [FILE...]: put a pipe or a device in place of each file
in_place() {
	local store=$1 make=$2 f
	shift 2
	for f; do
		rm -f "$store/$f"
		case $make in
		'a pipe') mkfifo "$store/$f" ;;
		*) mknod "$store/$f" c 1 5 ;; # as /dev/zero
		esac
	done
}
# does_not_wait WHAT COMMAND...: it ends, with all of the output and status 0
does_not_wait() {
	local what=$1
	shift
	limit "$@" >out 2>err
	is "$?:$(cmp out want 2>&1)" 0: "$what: pc-run does not wait"
}
things=('a pipe')
mknod device c 1 5 2>/dev/null && head -c 1 device >/dev/null &&
	things+=('a device')
for thing in "${things[@]}"; do
	for part in log index value ids memory tmp.events.folded; do
		rm -rf odd
		made odd
		case $part in
		value) files=$(cd odd && echo ??/*.????????) ;;
		log | index) files=$(cd odd && echo ??/$part) ;;
		*) files=$part ;;
		esac
		# shellcheck disable=SC2086
		in_place odd "$thing" $files
		does_not_wait "$thing for $part, read-only" \
			pc-run --read-only --store odd -s f -i want -- cat want
		does_not_wait "$thing for $part" \
			pc-run --store odd -s f -- seq 1 60000
		case $part in log | index | value)
			still_hits odd "$thing for $part: the store repairs itself"
			;;
		esac
		# Indexes that were not used since are still replaced.
		limit pc-gc --store odd --check >out 2>err
		[ $? -le 1 ] && limit pc-gc --store odd --compact >out 2>err &&
			limit pc-gc --store odd --repair >out 2>err &&
			limit pc-gc --store odd --check >out 2>err
		ok "$thing for $part: pc-gc does not wait, and repairs the store"
	done
	rm -rf odd
	made odd
	in_place odd "$thing" state
	does_not_wait "$thing for the state file, read-only" \
		pc-run --read-only --store odd -s f -- seq 1 60000
	does_not_wait "$thing for the state file" \
		pc-run --store odd -s f -- seq 1 60000
	mkdir -p home/.config/pc
	in_place home/.config/pc "$thing" config.json
	limit pc-stats --config >out 2>err
	[ $? -le 2 ]
	ok "$thing for the configuration: pc-stats does not wait"
	rm -r home/.config
done
bash -c 'PC_CONFIG=<(sleep 0.2; echo "{\"caching\": {\"max_bytes\": 77}}") \
	pc-stats --config' | grep -q '^caching.max_bytes *77'
ok 'a pipe named by PC_CONFIG is read'

# ---- limits

# With too few descriptors no command can be started; with enough, all works.
made few
bad='' good=0
for n in $(seq 4 24); do
	(ulimit -n "$n" && exec pc-run --store few -s "n$n" -- seq 1 60000) \
		>out 2>err
	case $? in
	0) good=$((good + 1)) && cmp -s out want || bad="$bad $n" ;;
	*) [ -s err ] && [ ! -s out ] && [ "$n" -lt 12 ] || bad="$bad $n" ;;
	esac
	(ulimit -n "$n" && exec pc-run --store few -s f -- seq 1 60000) \
		>out 2>err
	case $? in
	0) cmp -s out want || bad="$bad hit:$n" ;;
	*) [ "$n" -lt 12 ] || bad="$bad hit:$n" ;;
	esac
done
is "$bad" '' "few descriptors: the output is complete, or a message says what failed"
[ $good -ge 12 ]
ok "few descriptors: the output is complete with $good of 21 limits"

# limited BLOCKS STORE: run pc-run with a limit on the size of files.  It prints
# into pipes, which have no such limit.
mkfifo fifo-out fifo-err
limited() {
	cat fifo-out >out &
	cat fifo-err >err &
	(ulimit -f "$1" && exec pc-run --store "$2" -s q -- seq 1 60000) \
		>fifo-out 2>fifo-err
	is "$?" 0 "files of $1 KiB at most: status 0"
	wait
	cmp -s out want
	ok "files of $1 KiB at most: the output is complete"
	is "$(wc -l <err)" 1 "files of $1 KiB at most: one warning"
}
made quota
limited 8 quota
limited 0 quota-none
pc-run --store quota -s q -- seq 1 60000 2>err | cmp - want
ok 'without the limit on file sizes the output is complete'
is "$(cat err)" '' 'without the limit on file sizes there is no warning'
still_hits quota 'results from before the limit on file sizes are hits'

# ---- a disk that fails

# Each call on each file of the store fails with EIO, one kind at a time.
eio() {
	local call=$1 stage=$2 paths=() f
	shift 2
	for f in state events "${shards[@]}" "${shards[@]/%//log}" \
		"${shards[@]/%//index}"; do
		paths+=(-P "$T/eio/$f")
	done
	strace -f -qq -o trace "${paths[@]}" -e "inject=$call:error=EIO" \
		pc-run --store "$T/eio" -s "$stage" -- seq 1 60000 >out 2>err
	[ $? = 0 ] && cmp -s out want && [ "$(wc -l <err)" -le 1 ] &&
		! grep -q 'Bad message' err || bad="$bad $call:$stage"
	grep -q INJECTED trace && injected="$injected ${call%%,*}"
}
if strace -o /dev/null -e inject=read:error=EIO -P "$T/none" true 2>err; then
	made eio
	pc-run --store eio -s s -- seq 1 60000 >/dev/null
	bad='' injected=''
	# Which call fstat(3) makes is the C library's choice.
	for call in fstat,newfstatat read pread64 fcntl write writev pwrite64; do
		for stage in f s "new-${call%%,*}"; do eio "$call" "$stage"; done
	done
	is "$bad" '' 'EIO from any call: complete output, status 0, at most one warning'
	is "$(printf '%s\n' $injected | sort -u | xargs)" \
		'fcntl fstat pread64 pwrite64 read write writev' \
		'EIO was injected into each kind of call'
	still_hits eio 'results from before EIO are hits'
else
	skip 'EIO from any call' 'no fault injection by strace'
fi

# ---- a full disk, a read-only store, another user's store

# private COMMAND...: run it in its own mount namespace
if unshare -m true 2>/dev/null; then
	private() { unshare -m "$@"; }
elif unshare -Urm true 2>/dev/null; then
	private() { unshare -Urm "$@"; }
else
	private() { return 99; }
fi

# Under ASan: GDBM leaks a page if there is no room for a new database.
echo leak:gdbm_fd_open >suppressions
export LSAN_OPTIONS=suppressions=$T/suppressions:print_suppressions=0
mkdir mnt
cat >full.sh <<'FULL'
# Fill a small file system with puts, then go on.
mount -t tmpfs -o size=300k,mode=700 none mnt || exit 99
for i in $(seq 60); do
	pc-run --store mnt/store -s "fill$i" -- seq 1 3000 >out 2>err || exit 1
	cmp -s out small || exit 2
	[ "$(wc -l <err)" -le 1 ] || exit 3
	[ -s err ] && warned=y
done
[ "${warned-}" ] || exit 4
pc-run --store mnt/store -s big -- seq 1 60000 >out 2>err || exit 5
cmp -s out want || exit 6
[ "$(wc -l <err)" = 1 ] || exit 7
TMPDIR=mnt pc-put --store mnt/store -s put -- sh -c 'seq 1 300000; echo end >&2' \
	2>err || exit 25
[ "$(grep -c '^pc-put: cannot store the value: No space' err):$(tail -n 1 err)" = \
	1:end ] || exit 26
# A result stored before is a hit.
pc-run -v --store mnt/store -s fill1 -- seq 1 3000 >out 2>err || exit 8
grep -q '^pc-run: hit' err || exit 20
cmp -s out small || exit 9
# If no byte is left, there are hits, even if the index is lost.
dd if=/dev/zero of=mnt/rest bs=1k 2>/dev/null
rm -f mnt/store/??/index
pc-run -v --store mnt/store -s fill1 -- seq 1 3000 >out 2>err || exit 10
grep -q '^pc-run: hit' err || exit 21
cmp -s out small || exit 11
# Standard input must be kept to be read twice, but there is no room.
for n in 1000 60000 300000; do
	seq $n | TMPDIR=mnt pc-run --store t -s in -i - -- cat >out 2>err || exit 22
	seq $n | cmp -s - out || exit 23
	[ "$(wc -l <err)" = $((n > 1000)) ] || exit 24
done
rm mnt/rest
rm -rf mnt/store
dd if=/dev/zero of=mnt/rest bs=1k 2>/dev/null
pc-run --store mnt/store -s none -- seq 1 3000 >out 2>err || exit 12
cmp -s out small || exit 13
[ "$(wc -l <err)" = 1 ] || exit 14
FULL
private bash -u full.sh
got=$?
case $got in
99) skip 'a full disk' 'no private mounts here' ;;
*) is $got 0 'a full disk: complete output, status 0, one warning, and hits' ;;
esac

made ro
cat >ro.sh <<'RO'
mount --bind ro ro && mount -o remount,bind,ro ro || exit 99
touch ro/x 2>/dev/null && exit 99
pc-run -v --store ro -s f -- seq 1 60000 >out 2>err || exit 1
grep -q '^pc-run: hit' err || exit 20
cmp -s out want || exit 2
pc-run --store ro -s new -- seq 1 60000 >out 2>err2 || exit 3
cmp -s out want || exit 4
[ "$(wc -l <err2)" = 1 ] || exit 5
pc-get --read-only --store ro -s none 2>err3
[ $? = 1 ] && [ ! -s err3 ] || exit 6
pc-run --read-only --store ro -s f -- seq 1 60000 >out 2>err4 || exit 7
cmp -s out want && [ ! -s err4 ] || exit 8
RO
private bash -u ro.sh
got=$?
case $got in
99) skip 'a read-only mount' 'no private mounts here' ;;
*) is $got 0 'a read-only mount: hits are served and misses are computed' ;;
esac

made closed
chmod 500 closed closed/??
chmod -R u-w closed
[ "$(id -u)" != 0 ] || chown -R 65534:65534 closed
goes_on closed "a store that cannot be written" other
made shut
chmod 000 shut
[ "$(id -u)" != 0 ] || chown 65534:65534 shut
goes_on shut 'a store that cannot be entered' other
if [ "$(id -u)" = 0 ]; then
	made roots
	chmod -R a+rX roots
	goes_on roots "root's store" other
	made theirs
	chown -R 65533:65533 theirs
	chmod -R a+rX theirs
	other pc-run -v --store theirs -s f -- seq 1 60000 >out 2>err
	is "$?:$(cmp out want):$(grep -c '^pc-run: hit' err)" 0::0 \
		"another user's store gives no hit"
	like "$(cat err)" 'belongs to' "the warning says who another user's store belongs to"
else
	skip "another user's store" 'needs root'
fi
made kept
stdin() {
	seq 1 60000 | TMPDIR=$T/none pc-run --store kept -s in -i - "$@" \
		>out 2>err
}
stdin -- cat
is "$?:$(cmp out want):$(cat err)" "0::pc-run: cannot keep standard input in \
the directory of TMPDIR: No such file or directory; going on without it" \
	'standard input that cannot be kept: complete output, status 0, one warning'
stdin -- sh -c 'head -n 1; exit 7'
is "$?:$(cat out)" 7:1 "standard input that cannot be kept: the command's status is passed on"
stdin --explain -- cat
is "$?:$(cat out)" 125: '--explain fails if standard input cannot be kept'
like "$(cat err)" 'set TMPDIR to another directory' 'the message of --explain suggests another TMPDIR'
printf '{"features":{"fallback_on_error":false}}' >config.json
PC_CONFIG=config.json stdin -- cat
is "$?:$(cat out)" 125: 'fallback_on_error false: standard input that cannot be kept is an error'
env -u PC_STORE -u HOME pc-run -s f -- seq 1 60000 >out 2>err
is "$?:$(wc -l <err)" 0:1 'without HOME and PC_STORE: status 0, one warning'
cmp -s out want
ok 'without HOME and PC_STORE: the output is complete'
done_testing
