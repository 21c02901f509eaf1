#!/bin/bash
# pc-hash: content ids as sha256sum has them, and stage keys.
. "$(dirname "$0")/lib.sh"

printf 'hello\n' >a
printf 'world\n' >b
: >empty
odd=$(printf 'new\nline\\\r\377')
cp a "$odd"

is "$(pc-hash a)" "$(sha256sum a | cut -d' ' -f1)" 'the id is the SHA-256'
is "$(pc-hash -l a b empty)" "$(sha256sum a b empty)" '-l is as sha256sum'
is "$(pc-hash -l "$odd" | od -c)" "$(sha256sum "$odd" | od -c)" \
	'-l escapes odd names as sha256sum does'
is "$(pc-hash <a)" "$(pc-hash a)" 'standard input when there is no name'
esc=$(printf 'x\033[31m\tc\302\233\233\177\303\251')
cp a "$esc"
is "$(pc-hash -l "$esc")" \
	"\\$(pc-hash a)  x\\033[31m$(printf '\t')c\\302\\233\\233\\177é" \
	'-l escapes what could control a terminal, and nothing else'
is "$(printf '%s\0' a "$esc" | pc-hash -0 --jsonl |
	jq -r 'if .file_base64 then .file_base64 | @base64d else .file end' |
	head -n 1)" a '--jsonl prints names exactly'
is "$(pc-hash -l - <a)" "$(sha256sum - <a)" '- is standard input'
status 2 'an unreadable file is a failure' pc-hash nonesuch
like "$(cat err)" "^pc-hash: cannot read 'nonesuch': No such file" \
	'and it is named'
status 3 'of several one failed' pc-hash a nonesuch b
is "$(wc -l <out)" 2 'and the others were delivered'
status 2 'a directory is not an input' pc-hash .

# lists
printf 'a\nb\n' >list
is "$(pc-hash --files-from list)" "$(pc-hash a b)" '--files-from'
printf '%s\0' a "$odd" >list0
is "$(pc-hash -0 <list0)" "$(pc-hash a "$odd")" '-0 reads standard input'
is "$(pc-hash -0 --files-from list0)" "$(pc-hash a "$odd")" '-0 --files-from'
is "$(pc-hash --jsonl a | jq -r .file,.id)" "a
$(pc-hash a)" '--jsonl'
like "$(pc-hash --jsonl nonesuch 2>/dev/null)" '"error"' \
	'--jsonl: a failed input is an object with error'

yes 'a b empty nonesuch' | head -n 60 | tr ' ' '\n' >list
pc-hash -l --files-from list >one 2>/dev/null
pc-hash -j 3 -l --files-from list >three 2>err
is "$?" 3 '-j 3'
cmp one three
ok 'gives the same in the same order'
is "$(grep -c nonesuch err)" 60 'and says what failed'
touch -d '1 hour ago' a
like "$(pc-hash -j 2 -s ocr a b | xargs)" '^[0-9a-f]{64}$' '-j with one key'

# keys
key=$(pc-hash -s ocr -p lang=eng -p dpi=300 a b)
like "$key" '^[0-9a-f]{64}$' 'a stage key'
is "$(pc-hash -s ocr -p dpi=300 -p lang=eng a b)" "$key" \
	'parameters have no order'
[ "$(pc-hash -s ocr -p lang=eng -p dpi=300 b a)" != "$key" ]
ok 'inputs have an order'
for other in '-s ocr2 -p lang=eng -p dpi=300 a b' \
	'-s ocr -p lang=en -p gdpi=300 a b' '-s ocr -p lang=eng a b' \
	'-s ocr -p lang=eng -p dpi=300 a' '-s ocr -p lang=eng -p dpi=300 a a' \
	'-s ocr -p lang=eng -p dpi=300 -p x= a b'; do
	# shellcheck disable=SC2086
	[ "$(pc-hash $other)" != "$key" ]
	ok "another key: $other"
done
cp a renamed
is "$(pc-hash -s ocr renamed)" "$(pc-hash -s ocr a)" 'the name does not count'
is "$(pc-hash -s ocr --jsonl a | jq -r .key)" "$(pc-hash -s ocr a)" \
	'--jsonl gives the key too'
status 2 'a parameter twice is an error' pc-hash -s ocr -p a=1 -p a=2 a
like "$(cat err)" "'a' is given twice" 'and it is named'
status 2 'a bad parameter' pc-hash -s ocr -p =1 a
status 2 'a bad stage' pc-hash -s OCR a
status 2 'parameters without a stage' pc-hash -p a=1 a
status 2 'a wrong option' pc-hash --nonesuch
like "$(cat err)" "pc-hash --help" 'points to --help'
args=()
for i in $(seq 10000); do args+=(-p "p$i=$i"); done
like "$(pc-hash -s many "${args[@]}" a)" '^[0-9a-f]{64}$' '10,000 parameters'

# remembered ids
head -c 200000 /dev/urandom >big
touch -d '1 minute ago' big
sleep 0.1
want=$(sha256sum big | cut -d' ' -f1)
is "$(pc-hash big)" "$want" 'a large file'
reads() {
	strace -y -e trace=read,pread64 pc-hash "$@" 2>&1 >/dev/null |
		grep -c '/big>'
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	is "$(reads big)" 0 'is not read again'
	[ "$(reads --rehash big)" -gt 0 ]
	ok 'but with --rehash it is'
	[ "$(reads --no-cache big)" -gt 0 ]
	ok 'and with --no-cache'
	[ "$(PC_CACHE=off reads big)" -gt 0 ]
	ok 'and with PC_CACHE=off'
else
	skip 'a remembered file is not read' 'no strace'
fi
is "$(pc-hash big)" "$want" 'the remembered id is right'
printf 'x' | dd of=big bs=1 seek=100 conv=notrunc 2>/dev/null
touch -d '1 minute ago' big
is "$(pc-hash big)" "$(sha256sum big | cut -d' ' -f1)" \
	'changed bytes under an old mtime are noticed'
for i in 1 2 3 4 5 6 7 8 9 10; do
	printf '%s' "$i" | dd of=big bs=1 seek=7 conv=notrunc 2>/dev/null
	[ "$(pc-hash big)" = "$(sha256sum big | cut -d' ' -f1)" ] || break
done
is "$i" 10 'changes within one tick of the clock are noticed'
head -c 4096 /dev/urandom | dd of=store/ids bs=1 seek=0 conv=notrunc \
	2>/dev/null
is "$(pc-hash big)" "$(sha256sum big | cut -d' ' -f1)" 'rubbish in the table'

# explain
pc-put -s ocr -p lang=eng a <b
pc-hash -s ocr -p lang=deu --explain a >text
like "$(cat text)" '^miss$' '--explain: a miss'
like "$(cat text)" 'parameter lang: eng -> deu' 'and what differs'
like "$(pc-hash -s ocr -p lang=eng --explain b)" \
	"input 1: $(pc-hash a) -> $(pc-hash b)" 'another input'
like "$(pc-hash -s ocr -p lang=eng --explain a)" '^hit: stored' 'a hit'
like "$(pc-hash -s none --explain a)" 'this stage has no record' 'no record'

# output that cannot be written
pc-hash a >/dev/full 2>err
is "$?" 2 'a full device is a failure'
like "$(cat err)" 'cannot write standard output' 'which is said'
pc-hash a >&- 2>err
is "$?" 2 'a closed stdout is a failure'
pc-hash - <&- 2>err
is "$?" 2 'a closed stdin is a failure'
like "$(pc-hash --help)" '^usage: pc-hash' '--help'
[ "$(pc-hash --help | wc -l)" -le 26 ] && [ "$(pc-hash --help | wc -L)" -le 80 ]
ok '--help fits a screen'
done_testing
