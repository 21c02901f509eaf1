#!/bin/bash
# pc-hash: content ids as sha256sum has them, and stage keys.
. "$(dirname "$0")/../lib.sh"

printf 'hello\n' >a
printf 'world\n' >b
: >empty
odd=$(printf 'new\nline\\\r\377')
cp a "$odd"

is "$(pc-hash a)" "$(sha256sum a | cut -d' ' -f1)" 'the id is the SHA-256'
is "$(pc-hash -l a b empty)" "$(sha256sum a b empty)" '-l prints the lines of sha256sum'
is "$(pc-hash -l "$odd" | od -c)" "$(sha256sum "$odd" | od -c)" \
	'-l escapes odd names as sha256sum does'
is "$(pc-hash <a)" "$(pc-hash a)" 'without a name pc-hash reads standard input'
esc=$(printf 'x\033[31m\tc\302\233\233\177\303\251')
cp a "$esc"
is "$(pc-hash -l "$esc")" \
	"\\$(pc-hash a)  x\\033[31m$(printf '\t')c\\302\\233\\233\\177é" \
	'-l escapes what could control a terminal, and nothing else'
is "$(printf '%s\0' a "$esc" | pc-hash -0 --jsonl |
	jq -r 'if .file_base64 then .file_base64 | @base64d else .file end' |
	head -n 1)" a '--jsonl prints names unchanged'
is "$(pc-hash -l - <a)" "$(sha256sum - <a)" 'the name - is standard input'
status 2 'an unreadable file exits with 2' pc-hash nonesuch
like "$(cat err)" "^pc-hash: cannot read 'nonesuch': No such file" \
	'the message names the unreadable file'
status 3 'one failure among several files exits with 3' pc-hash a nonesuch b
is "$(wc -l <out)" 2 'the ids of the other files are printed'
status 2 'a directory is not an input' pc-hash .

# lists
printf 'a\nb\n' >list
is "$(pc-hash --files-from list)" "$(pc-hash a b)" '--files-from reads names from a file'
printf '%s\0' a "$odd" >list0
is "$(pc-hash -0 <list0)" "$(pc-hash a "$odd")" '-0 reads standard input'
is "$(pc-hash -0 --files-from list0)" "$(pc-hash a "$odd")" '-0 --files-from reads names that end with NUL'
is "$(pc-hash --jsonl a | jq -r .file,.id)" "a
$(pc-hash a)" '--jsonl prints name and id'
like "$(pc-hash --jsonl nonesuch 2>/dev/null)" '"error"' \
	'--jsonl: a failed input is an object with error'

yes 'a b empty nonesuch' | head -n 60 | tr ' ' '\n' >list
pc-hash -l --files-from list >one 2>/dev/null
pc-hash -j 3 -l --files-from list >three 2>err
is "$?" 3 'a failure with -j 3 exits with 3'
cmp one three
ok '-j 3 prints the ids in the same order'
is "$(grep -c nonesuch err)" 60 '-j 3 names each file that failed'
touch -d '1 hour ago' a
like "$(pc-hash -j 2 -s ocr a b | xargs)" '^[0-9a-f]{64}$' '-j with one key prints that key'

# keys
key=$(pc-hash -s ocr -p lang=eng -p dpi=300 a b)
like "$key" '^[0-9a-f]{64}$' 'with a stage pc-hash prints a key'
is "$(pc-hash -s ocr -p dpi=300 -p lang=eng a b)" "$key" \
	'the order of parameters does not change the key'
[ "$(pc-hash -s ocr -p lang=eng -p dpi=300 b a)" != "$key" ]
ok 'the order of inputs changes the key'
for other in '-s ocr2 -p lang=eng -p dpi=300 a b' \
	'-s ocr -p lang=en -p gdpi=300 a b' '-s ocr -p lang=eng a b' \
	'-s ocr -p lang=eng -p dpi=300 a' '-s ocr -p lang=eng -p dpi=300 a a' \
	'-s ocr -p lang=eng -p dpi=300 -p x= a b'; do
	# shellcheck disable=SC2086
	[ "$(pc-hash $other)" != "$key" ]
	ok "another key: $other"
done
cp a renamed
is "$(pc-hash -s ocr renamed)" "$(pc-hash -s ocr a)" 'the name of a file does not change its key'
is "$(pc-hash -s ocr --jsonl a | jq -r .key)" "$(pc-hash -s ocr a)" \
	'--jsonl with a stage prints the key'
status 2 'a parameter given twice exits with 2' pc-hash -s ocr -p a=1 -p a=2 a
like "$(cat err)" "'a' is given twice" 'the message names the parameter that is given twice'
status 2 'a malformed parameter exits with 2' pc-hash -s ocr -p =1 a
status 2 'a malformed stage exits with 2' pc-hash -s OCR a
status 2 'parameters without a stage exit with 2' pc-hash -p a=1 a
status 2 'an unknown option exits with 2' pc-hash --nonesuch
like "$(cat err)" "pc-hash --help" 'the message for an unknown option points to --help'
args=()
for i in $(seq 10000); do args+=(-p "p$i=$i"); done
like "$(pc-hash -s many "${args[@]}" a)" '^[0-9a-f]{64}$' '10,000 parameters have a key'

# remembered ids
head -c 200000 /dev/urandom >big
touch -d '1 minute ago' big
sleep 0.1
want=$(sha256sum big | cut -d' ' -f1)
is "$(pc-hash big)" "$want" 'the id of a large file is its SHA-256'
reads() {
	strace -y -e trace=read,pread64 pc-hash "$@" 2>&1 >/dev/null |
		grep -c '/big>'
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	is "$(reads big)" 0 'a large file is not read a second time'
	[ "$(reads --rehash big)" -gt 0 ]
	ok '--rehash reads the file'
	[ "$(reads --no-cache big)" -gt 0 ]
	ok '--no-cache reads the file'
	[ "$(PC_CACHE=off reads big)" -gt 0 ]
	ok 'PC_CACHE=off reads the file'
else
	skip 'a file whose id is stored is not read' 'no strace'
fi
is "$(pc-hash big)" "$want" 'the stored id of a file is its SHA-256'
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
is "$(pc-hash big)" "$(sha256sum big | cut -d' ' -f1)" 'a damaged table of ids does not give a wrong id'

# explain
pc-put -s ocr -p lang=eng a <b
pc-hash -s ocr -p lang=deu --explain a >text
like "$(cat text)" '^miss$' '--explain prints a miss'
like "$(cat text)" 'parameter lang: eng -> deu' '--explain prints the parameter that differs'
like "$(pc-hash -s ocr -p lang=eng --explain b)" \
	"input 1: $(pc-hash a) -> $(pc-hash b)" '--explain prints the input that differs'
like "$(pc-hash -s ocr -p lang=eng --explain a)" '^hit: stored' '--explain prints a hit'
like "$(pc-hash -s none --explain a)" 'this stage has no record' '--explain says that the stage has no record'

# output that cannot be written
pc-hash a >/dev/full 2>err
is "$?" 2 'a full output device exits with 2'
like "$(cat err)" 'cannot write standard output' 'a full output device is reported'
pc-hash a >&- 2>err
is "$?" 2 'a closed stdout exits with 2'
pc-hash - <&- 2>err
is "$?" 2 'a closed stdin exits with 2'
like "$(pc-hash --help)" '^usage: pc-hash' '--help prints the usage'
[ "$(pc-hash --help | wc -l)" -le 26 ] && [ "$(pc-hash --help | wc -L)" -le 80 ]
ok '--help fits a screen'
done_testing
