#!/bin/bash
# pc-internals.7 and README name what is there, and the record in the page is
# the one that pc-put writes.
. "$(dirname "$0")/../lib.sh"
top=$TESTS/..
page=$top/man/pc-internals.7

# ---- one record

# "OFFSET BYTES|NAME" for each line of the page's dump
rows() {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$page" | sed -nE \
		's/^ *([0-9]+)  (([0-9a-f]{2} )*[0-9a-f]{2})(  +(.*))?$/\1 \2|\5/p'
}
command=$(sed -n 's/^\.Dl //p' "$page" | sed 's/\\e/\\/g')
bash -c "$command"
is "$?" 0 'the command of the page stores a record'
log=$(echo store/*/log)
# hex OFFSET COUNT: bytes of the record
hex() {
	od -A n -t x1 -v -j $((64 + $1)) -N "$2" "$log" | xargs
}
at=0 wrong='' varying=0
while IFS='|' read -r row name; do
	offset=${row%% *} bytes=${row#* }
	count=$(wc -w <<<"$bytes")
	[ "$offset" -eq $at ] || wrong+=" $offset:after-$at"
	at=$((offset + count))
	# A line without a name continues the one before.
	[ -n "$name" ] && last=$name
	case $last in
	'* '*) varying=$((varying + 1)) ;;
	*) [ "$(hex "$offset" "$count")" = "$bytes" ] || wrong+=" $offset" ;;
	esac
done < <(rows)
is "$wrong" '' 'each constant field of the dump is what pc-put writes'
is $((64 + at)) "$(stat -c %s "$log")" 'the dump has all bytes of the record'
is "$varying" 4 'only the time, the check and its copy may differ'
check=$(rows | sed -n 's/^128 \(.*\)|.*/\1/p' | cut -c 1-23)
is "$(rows | sed -n 's/^188 \(.*\)|.*/\1/p')" "$check" \
	'the trailer in the page repeats the check in the page'
is "$(hex 188 8)" "$(hex 128 8)" 'the trailer in the log repeats the check'

# ---- files and folders

is "$(sed -n 's/^\.\(Pq \)\{0,1\}Pa \([a-z]*\/[a-z_/-]*\.[ch]\)\( .*\)\{0,1\}$/\2/p' \
	"$page" | while read -r f; do
	[ -f "$top/$f" ] || echo "$f"; done)" '' \
	'each file that the page names exists'
is "$(cd "$top" && for d in lib/*/ cmd/*/; do
	grep -qE "^\.(It|Pa) ${d%/}( |\$)" "$page" || echo "$d"; done)" '' \
	'the page names each folder of lib/ and cmd/'
is "$(sed -n 's/^\.It \(lib\/[a-z]*\|cmd\/[a-z]*\) Ta.*/\1/p' "$page" |
	while read -r d; do [ -d "$top/$d" ] || echo "$d"; done)" '' \
	'each folder in the table exists'
# FOLDER:REACHED for each folder in the table and each that it can reach; what
# is in a folder of cmd/ counts as that, and all of cmd/ may use lib/.
reach() {
	awk '{ for (i = 2; i <= NF; i++) to[$1] = to[$1] " " $i }
		function walk(from, at,   n, i, list) {
			n = split(to[at], list)
			for (i = 1; i <= n; i++) if (!seen[from, list[i]]++) {
				print from ":" list[i]
				walk(from, list[i])
			}
		}
		END { for (f in to) walk(f, f) }' | grep -vE '^(.*):\1$' | sort
}
sed -n 's/^\.It \(lib\/[a-z]*\|cmd\/[a-z]*\) Ta .* Ta /\1 /p' "$page" |
	tr -d , | awk '{ top = $1; sub(/\/.*/, "", top); line = $1
		for (i = 2; i <= NF; i++) if ($i != "-" && $i != "lib")
			line = line " " ($i ~ /\// ? $i : top "/" $i)
		print line }' | sed 's/\(^cmd.*\) lib\/base/\1/' >table
sed -n 's/^folder \([a-z/]*\): *+\{0,1\}/\1 /p' "$TESTS/tree/symbols.t" |
	grep -E "^($(cut -d ' ' -f 1 table | paste -sd '|'))[ /]" |
	sed -E 's,(cmd/[a-z]+)(/[a-z]+)+,\1,g' >allowed
is "$(reach <table)" "$(reach <allowed)" \
	'the table in the page is the one that tests/tree/symbols.t checks'
tree=$(sed -n '/^## Where things are/,$p' "$top/README.md")
is "$(cd "$top" && for d in cmd/*/ lib/*/; do
	grep -q "^    ${d%/}/* " <<<"$tree" || echo "$d"; done)" '' \
	'README names each folder of cmd/ and lib/'
is "$(sed -n 's/^    \([a-z][a-z/]*\/\) .*/\1/p' <<<"$tree" |
	while read -r d; do [ -d "$top/$d" ] || echo "$d"; done)" '' \
	'each folder that README names exists'
done_testing
