#!/bin/bash
# Only a store that belongs to the user, and that nobody else can write to, is
# used.  Any other is neither believed nor changed, and no pipeline fails.
. "$(dirname "$0")/lib.sh"

seq 1 60000 >want # more than a small value: it needs a file of its own
seq 1 3000 >small
touch -d '1 hour ago' want # so that its id is remembered

# tree DIR: what is in it, with owners and modes
tree() {
	(cd "$1" && find . -printf '%p %y %U %m %l\n' &&
		find . -type f -exec sha256sum {} +) | LC_ALL=C sort
}

# made DIR: a store with a small value, a large one and an input's id
made() {
	pc-run --store "$1" -s large -i want -- cat want >/dev/null &&
		pc-run --store "$1" -s small -- cat small >/dev/null &&
		pc-memstat --store "$1" run -s small -- true 2>/dev/null
	pc-hash --store "$1" want >/dev/null
}

# goes_on WHAT STORE PATTERN [WRAPPER...]: a run through a store that must not
# be used: all of the output, status 0, one warning, and nothing is changed
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
	is "$(tree "$store")" "$before" "$what: the store stays as it was"
}

# hits STORE WHAT [WRAPPER...]: both values are there
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

# part_name PATH: the part as a test is named by it
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
hits store 'a store that others may only read'
chmod 700 store

mkdir -m 777 project empty
chmod 777 project empty
echo mine >project/file
goes_on 'a directory that is no store' project "'project' is not a store"
goes_on 'an empty one that others can write to' empty "chmod -R go-w 'empty'"

shard=$(cd store && dirname ??/*.????????)
for part in state events ids "$shard" "$shard/log" "$shard/index" \
	"$shard/$(cd "store/$shard" && echo *.????????)"; do
	for mode in g+w o+w; do
		chmod $mode "store/$part"
		pc-run -v --store store -s large -i want -- cat want \
			>out 2>err
		is "$?:$(cmp out want 2>&1):$(grep -c "'store/$part'" err)" \
			0::1 "$mode for $(part_name "$part"): all of the output, one warning"
		like "$(cat err)" "chmod -R go-w 'store'" 'says what to run'
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
		'a file system without owners is told as such, without a chmod'
	strace -qq -o trace \
		-e inject=fstatfs:poke_exit=@arg2=4655736500000000 \
		pc-get --store store -s small 2>err
	like "$(cat err)" 'chmod -R go-w.*if that changes nothing.* not FUSE' \
		'one that may have none: both are told'
	chmod 700 store
else
	skip 'a file system without owners' 'no injection by strace'
fi

# named WANT...: pc-gc --check and --doctor name just these entries
named() {
	local json
	pc-gc --store store --check >out 2>err
	is "$?:$(sed -n 's/^\(store[^:]*\): .*/\1/p' out | sort | xargs)" "1:$*" \
		"--check names $(echo "$*" | sed "s/$shard/XX/g")"
	pc-gc --store store --check --json >out 2>err
	json=$(jq -r '.damage[] | select(.path) | .path' out | sort | xargs)
	is "$(jq .foreign out):$json" "$#:$*" 'and so does its JSON'
	pc-stats --store "$T/store" --doctor >out 2>err
	is "$?:$(sed -n "s|^fail  owner .*'$T/\(store.*\)' .*|\1|p" out |
		sort | xargs)" "1:$*" 'and --doctor'
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
is "$?:$(cat err)" 0: '--check finds nothing else'
pc-stats --store store --doctor | grep -q '^ok    owner '
ok 'and --doctor says so'

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
goes_on 'a link for a shard' store "'store/$shard' is a symbolic link"
for action in --check --compact --repair --rebuild --all; do
	pc-gc --store store $action >out 2>err
	is "$(tree mine)" "$precious" "pc-gc $action does not follow it"
done
mkdir new
for i in $(seq 0 63); do ln -s ../mine "new/$(printf %02x "$i")"; done
pc-run --store new -s small -- cat small >out 2>err
is "$?:$(cmp out small 2>&1):$(wc -l <err)" 0::1 \
	'links for all shards of a store without a state file: it goes on'
is "$(tree mine)" "$precious" "and the files behind them keep their bytes"
rm "store/$shard"
mv aside "store/$shard"
hits store 'after the link is removed'
for part in "$shard/log" "$shard/index" "$shard/log.damaged" state events \
	events.folded ids memory; do
	echo mine >target
	[ ! -e "store/$part" ] || mv "store/$part" aside
	ln -s "$T/target" "store/$part"
	pc-run -v --store store -s large -i want -- cat want >out 2>err
	is "$?:$(cmp out want 2>&1)" 0: "a link for ${part/$shard/XX}: all of the output"
	for action in --check --compact --repair; do
		pc-gc --store store $action >/dev/null 2>&1
	done
	pc-memstat --store store run -s small -- true 2>/dev/null
	is "$(cat target)" mine 'and what it leads to keeps its bytes'
	rm "store/$part"
	[ ! -e aside ] || mv aside "store/$part"
done
hits store 'after the links are removed'

# ---- another user's

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

# theirs DIR: a store of user 4001, open to all, with a wrong result in it
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
ok 'user 4001 has a store with a wrong result'
goes_on "another user's store" shared/theirs 'belongs to user 4001' as 4002
as 4001 chmod -R a+rwX shared/theirs
goes_on "one that is open to all" shared/theirs 'belongs to user 4001' as 4002
goes_on "the same for root" shared/theirs "sudo -u '#4001'"
as 4002 pc-run -v --read-only --store shared/theirs -s large -i want -- \
	cat want >out 2>err
is "$?:$(cmp out want 2>&1):$(grep -c hit err)" 0::0 '--read-only does not believe it either'
like "$(cat err)" 'belongs to user 4001' 'and says why'
as 4001 rm shared/theirs/state shared/theirs/events
goes_on 'one without a state file' shared/theirs 'belongs to user 4001' as 4002
as 4002 pc-put --store shared/theirs -s new <small 2>err
is "$?:$(wc -l <err)" 0:1 'pc-put goes on'
before=$(tree shared/theirs)
for action in --check --compact --repair --rebuild --all; do
	as 4002 pc-gc --store shared/theirs $action >out 2>err
	is "$?:$(tree shared/theirs)" "2:$before" "pc-gc $action leaves it alone"
done

# the state file alone is the victim's
made shared/mixed
chown -R 4001:4001 shared/mixed
chmod -R a+rwX shared/mixed
chown 4002 shared/mixed/state
goes_on 'a store with a state file of the own' shared/mixed \
	'belongs to user 4001' as 4002

# one entry of another user, in a store that is the own else
as 4002 bash -c "$(declare -f made); made shared/own"
hits shared/own 'the own' as 4002
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
			0::1 "$(part_name "$part") of another user, $mode: all of the output, one warning"
		is "$(sha256sum "shared/own/$part" 2>&1)" "$before" \
			'and it keeps its bytes'
		chown 4002 "shared/own/$part"
		chmod "$old" "shared/own/$part"
	done
done
hits shared/own 'after chown' as 4002

# ---- root's

goes_on "root in a user's store" shared/own "belongs to user 4002.*sudo -u '#4002'"
for i in $(seq 8); do
	is "$(pc-run --store shared/own -s id -- id -u 2>/dev/null)" 0 \
		"root computes its own, run $i"
done
hits shared/own "the owner's store after that" as 4002
is "$(find shared/own ! -user 4002 | wc -l)" 0 'nothing in it is of root'
chown root "shared/own/$shard/log"
as 4002 pc-run --store shared/own -s large -i want -- cat want >out 2>err
like "$(cat err)" "own/$shard/log' belongs to root: run sudo chown -R 4002 " \
	'what root made in it by an older pc: says how it becomes the own again'
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
		0::1:1 "--read-only: ${what%:*} is a hit without a warning"
done
is "$(tree roots)" "$before" 'and nothing is written'
chmod o+w roots/??
as 4002 pc-run -v --read-only --store roots -s large -i want -- cat want \
	>out 2>err
is "$?:$(cmp out want 2>&1):$(grep -c ': hit' err)" 0::0 \
	'one that others can write to is not read'
done_testing
