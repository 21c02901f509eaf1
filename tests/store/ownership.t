#!/bin/bash
# Only a store is used that belongs to the user and that no other user can
# write to.  Any other store is neither read nor changed, and no pipeline fails.
. "$(dirname "$0")/../lib.sh"

seq 1 60000 >want # more than a small value: it needs a file of its own
seq 1 3000 >small
touch -d '1 hour ago' want # so that its id is cached

# tree DIR: its files with owners, modes and digests
tree() {
	(cd "$1" && find . -printf '%p %y %U %m %l\n' &&
		find . -type f -exec sha256sum {} +) | LC_ALL=C sort
}

# made DIR: make a store with a small value, a large one and an input's id
made() {
	pc-run --store "$1" -s large -i want -- cat want >/dev/null &&
		pc-run --store "$1" -s small -- cat small >/dev/null &&
		pc-memstat --store "$1" run -s small -- true 2>/dev/null
	pc-hash --store "$1" want >/dev/null
}

# goes_on WHAT STORE PATTERN [WRAPPER...]: a run with a store that must not be
# used has all of the output, status 0 and one warning, and changes nothing
goes_on() {
	local what=$1 store=$2 pattern=$3 before
	shift 3
	before=$(tree "$store")
	"$@" pc-run -v --store "$store" -s large -i want -- cat want >out 2>err
	is "$?:$(cmp out want 2>&1):$(grep -c ': hit' err)" 0::0 \
		"$what: the output is computed"
	like "$(grep -Evc 'pc-run: (miss|computed) ' err):$(cat err)" \
		"^1:.*$pattern" \
		"$what: one warning says why"
	is "$(tree "$store")" "$before" "$what: the store stays unchanged"
}

# hits STORE WHAT [WRAPPER...]: both values are hits
hits() {
	local store=$1 what=$2
	shift 2
	"$@" pc-run -v --store "$store" -s large -i want -- cat want >out 2>err
	is "$?:$(cmp out want 2>&1):$(grep -c ': hit' err)" 0::1 \
		"$what: the large value is a hit"
	"$@" pc-run -v --store "$store" -s small -- cat small >out 2>err
	is "$?:$(cmp out small 2>&1):$(grep -c ': hit' err)" 0::1 \
		"$what: the small value is a hit"
}

# part_name PATH: the part of the store, for the name of a test
part_name() {
	case $1 in
	*/*.????????) echo "a value's file" ;;
	??/*) echo "a shard's ${1#??/}" ;;
	??) echo 'the directory of a shard' ;;
	*) echo "$1" ;;
	esac
}

# ---- modes

made store
for mode in 770 707 1777 2775; do
	chmod $mode store
	goes_on "a store of mode $mode" store "other users can write.*chmod -R go-w 'store'"
done
chmod 755 store
hits store 'a store that others can only read'
chmod 700 store

mkdir -m 777 project empty
chmod 777 project empty
echo mine >project/file
goes_on 'a directory that is not a store' project "'project' is not a store"
goes_on 'an empty directory that others can write to' empty "chmod -R go-w 'empty'"

shard=$(cd store && dirname ??/*.????????)
for part in state events ids "$shard" "$shard/log" "$shard/index" \
	"$shard/$(cd "store/$shard" && echo *.????????)"; do
	for mode in g+w o+w; do
		chmod $mode "store/$part"
		pc-run -v --store store -s large -i want -- cat want \
			>out 2>err
		is "$?:$(cmp out want 2>&1):$(grep -c "'store/$part'" err)" \
			0::1 "$mode for $(part_name "$part"): complete output, one warning"
		like "$(cat err)" "chmod -R go-w 'store'" "$mode for $(part_name "$part"): the warning says what to run"
		chmod go-w "store/$part"
	done
done
hits store 'after chmod go-w'

if command -v strace >/dev/null &&
	strace -qq -o trace -e inject=fstatfs:poke_exit=@arg2=444d000000000000 \
		true 2>/dev/null; then
	chmod 777 store
	strace -qq -o trace \
		-e inject=fstatfs:poke_exit=@arg2=444d000000000000 \
		pc-get --store store -s small 2>err
	like "$(cat err)" 'file system \(vfat\) has no owners: name a store' \
		'the warning about a file system without owners suggests another store, not chmod'
	strace -qq -o trace \
		-e inject=fstatfs:poke_exit=@arg2=4655736500000000 \
		pc-get --store store -s small 2>err
	like "$(cat err)" 'chmod -R go-w.*if that changes nothing.* not FUSE' \
		'the warning about FUSE suggests chmod and another store'
	chmod 700 store
else
	skip 'a file system without owners' 'no injection by strace'
fi

# named WANT...: pc-gc --check and pc-stats --doctor name exactly these entries
named() {
	local json
	pc-gc --store store --check >out 2>err
	is "$?:$(sed -n 's/^\(store[^:]*\): .*/\1/p' out | sort | xargs)" "1:$*" \
		"--check names $(echo "$*" | sed "s/$shard/XX/g")"
	pc-gc --store store --check --json >out 2>err
	json=$(jq -r '.damage[] | select(.path) | .path' out | sort | xargs)
	is "$(jq .foreign out):$json" "$#:$*" "--check --json names $(echo "$*" | sed "s/$shard/XX/g")"
	pc-stats --store "$T/store" --doctor >out 2>err
	is "$?:$(sed -n "s|^fail  owner .*'$T/\(store.*\)' .*|\1|p" out |
		sort | xargs)" "1:$*" "--doctor names $(echo "$*" | sed "s/$shard/XX/g")"
}
chmod g+w "store/$shard/log" store/events
ln -s /nowhere "store/$shard/odd"
mkdir -p store/sub/deeper
: >store/sub/deeper/file
chmod o+w store/sub/deeper/file
named "store/$shard/log" "store/$shard/odd" store/events \
	store/sub/deeper/file
rm -r store/sub "store/$shard/odd"
chmod go-w "store/$shard/log" store/events
pc-gc --store store --check >out 2>err
is "$?:$(cat err)" 0: 'pc-gc --check finds nothing after chmod'
pc-stats --store store --doctor | grep -q '^ok    owner '
ok 'pc-stats --doctor reports a good owner after chmod'

# ---- links

ln -s store link
hits link 'a link to a store'
mkdir mine
for f in index log log.next index.next index.new log.damaged; do
	echo "my $f" >"mine/$f"
done
precious=$(tree mine)
mv "store/$shard" aside
ln -s ../mine "store/$shard"
goes_on 'a link in place of a shard' store "'store/$shard' is a symbolic link"
for action in --check --compact --repair --rebuild --all; do
	pc-gc --store store $action >out 2>err
	is "$(tree mine)" "$precious" "pc-gc $action does not follow a link in place of a shard"
done
mkdir new
for i in $(seq 0 63); do ln -s ../mine "new/$(printf %02x "$i")"; done
pc-run --store new -s small -- cat small >out 2>err
is "$?:$(cmp out small 2>&1):$(wc -l <err)" 0::1 \
	'links in place of all shards, no state file: complete output, one warning'
is "$(tree mine)" "$precious" "links in place of all shards: the files behind them keep their bytes"
rm "store/$shard"
mv aside "store/$shard"
hits store 'after the link in place of a shard is removed'
for part in "$shard/log" "$shard/index" "$shard/log.damaged" state events \
	events.folded ids memory; do
	echo mine >target
	[ ! -e "store/$part" ] || mv "store/$part" aside
	ln -s "$T/target" "store/$part"
	pc-run -v --store store -s large -i want -- cat want >out 2>err
	is "$?:$(cmp out want 2>&1)" 0: "a link in place of ${part/$shard/XX}: complete output"
	for action in --check --compact --repair; do
		pc-gc --store store $action >/dev/null 2>&1
	done
	pc-memstat --store store run -s small -- true 2>/dev/null
	is "$(cat target)" mine "a link in place of ${part/$shard/XX}: the file behind it keeps its bytes"
	rm "store/$part"
	[ ! -e aside ] || mv aside "store/$part"
done
hits store 'after the links are removed'

# ---- another user's store

if [ "$(id -u)" != 0 ]; then
	skip "another user's store" 'needs root'
	done_testing
	exit
fi
chmod 755 "$T"
chmod 644 want small
as() {
	local uid=$1
	shift
	setpriv --reuid "$uid" --regid "$uid" --clear-groups "$@"
}
mkdir shared
chmod 1777 shared . # as /tmp is

# theirs DIR: make a store of user 4001 with a wrong result in it
theirs() {
	local key
	as 4001 pc-run --store "$1" -s large -i want -- cat want >/dev/null
	as 4001 pc-run --store "$1" -s small -- cat small >/dev/null
	key=$(as 4001 pc-run -v --store "$1" -s large -i want -- cat want \
		2>&1 >/dev/null | grep -o '[0-9a-f]\{64\}')
	echo poisoned | as 4001 pc-put --store "$1" -k "$key" -t never
	[ "$(as 4001 pc-get --store "$1" -k "$key")" = poisoned ]
}
theirs shared/theirs
ok "the key in another user's store has a wrong result"
goes_on "another user's store" shared/theirs 'belongs to user 4001' as 4002
as 4001 chmod -R a+rwX shared/theirs
goes_on "another user's store that all can write to" shared/theirs 'belongs to user 4001' as 4002
goes_on "another user's store, run by root" shared/theirs "sudo -u '#4001'"
as 4002 pc-run -v --read-only --store shared/theirs -s large -i want -- \
	cat want >out 2>err
is "$?:$(cmp out want 2>&1):$(grep -c hit err)" 0::0 "--read-only gives no hit from another user's store"
like "$(cat err)" 'belongs to user 4001' "--read-only says who another user's store belongs to"
as 4001 rm shared/theirs/state shared/theirs/events
goes_on "another user's store without a state file" shared/theirs 'belongs to user 4001' as 4002
as 4002 pc-put --store shared/theirs -s new <small 2>err
is "$?:$(wc -l <err)" 0:1 "pc-put exits with 0 and one warning for another user's store"
before=$(tree shared/theirs)
for action in --check --compact --repair --rebuild --all; do
	as 4002 pc-gc --store shared/theirs $action >out 2>err
	is "$?:$(tree shared/theirs)" "2:$before" "pc-gc $action refuses another user's store and leaves it unchanged"
done

# Only the state file belongs to the user.
made shared/mixed
chown -R 4001:4001 shared/mixed
chmod -R a+rwX shared/mixed
chown 4002 shared/mixed/state
goes_on "another user's store with the user's own state file" shared/mixed \
	'belongs to user 4001' as 4002

# One entry belongs to another user, the rest of the store to the user.
as 4002 bash -c "$(declare -f made); made shared/own"
hits shared/own "the user's own store" as 4002
shard=$(cd shared/own && dirname ??/*.????????)
for part in state events ids "$shard" "$shard/log" "$shard/index" \
	"$shard/$(cd "shared/own/$shard" && echo *.????????)"; do
	for mode in 600 666; do
		old=$(stat -c %a "shared/own/$part")
		chown 4001 "shared/own/$part"
		[ -d "shared/own/$part" ] || chmod $mode "shared/own/$part"
		before=$(sha256sum "shared/own/$part" 2>&1)
		as 4002 pc-run -v --store shared/own -s large -i want -- \
			cat want >out 2>err
		is "$?:$(cmp out want 2>&1):$(grep -c "own/$part' belongs to user 4001" err)" \
			0::1 "$(part_name "$part") of another user, $mode: complete output, one warning"
		is "$(sha256sum "shared/own/$part" 2>&1)" "$before" \
			"$(part_name "$part") of another user, $mode: keeps its bytes"
		chown 4002 "shared/own/$part"
		chmod "$old" "shared/own/$part"
	done
done
hits shared/own 'after chown of all parts' as 4002

# ---- root

goes_on "root in a user's store" shared/own "belongs to user 4002.*sudo -u '#4002'"
for i in $(seq 8); do
	is "$(pc-run --store shared/own -s id -- id -u 2>/dev/null)" 0 \
		"root gets no hit from a user's store, run $i"
done
hits shared/own "a user's store after runs by root" as 4002
is "$(find shared/own ! -user 4002 | wc -l)" 0 "runs by root leave nothing of root in a user's store"
chown root "shared/own/$shard/log"
as 4002 pc-run --store shared/own -s large -i want -- cat want >out 2>err
like "$(cat err)" "own/$shard/log' belongs to root: run sudo chown -R 4002 " \
	"the warning about root's files in a user's store says how to change the owner"
chown 4002 "shared/own/$shard/log"

made roots
chmod -R a+rX roots
goes_on "root's store" roots 'belongs to root: read it with --read-only' as 4002
before=$(tree roots)
for what in large:want small:small; do
	input=(-i want)
	[ "$what" != small:small ] || input=()
	as 4002 pc-run -v --read-only --store roots -s "${what%:*}" \
		"${input[@]}" -- \
		cat "${what#*:}" >out 2>err
	is "$?:$(cmp out "${what#*:}" 2>&1):$(grep -c ': hit' err):$(wc -l <err)" \
		0::1:1 "--read-only: ${what%:*} in root's store is a hit without a warning"
done
is "$(tree roots)" "$before" "--read-only writes nothing to root's store"
chmod o+w roots/??
as 4002 pc-run -v --read-only --store roots -s large -i want -- cat want \
	>out 2>err
is "$?:$(cmp out want 2>&1):$(grep -c ': hit' err)" 0::0 \
	"root's store that others can write to gives no hit"
done_testing
