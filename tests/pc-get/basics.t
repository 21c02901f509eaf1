#!/bin/bash
# pc-get: values out of the store as they went in.
. "$(dirname "$0")/../lib.sh"

printf 'document\n' >doc
printf 'other\n' >doc2
key=$(printf '%064d' 42)

status 1 'a miss is exit 1' pc-get -s ocr doc
is "$(cat out err)" '' 'a miss prints nothing'
printf 'text\n' | pc-put -s ocr doc
is "$?" 0 'a put is exit 0'
is "$(pc-get -s ocr doc)" text 'a get prints the bytes that were put'
is "$(pc-get -k "$(pc-hash -s ocr doc)")" text 'a get by key prints the same bytes'
printf 'raw' | pc-put -k "$key"
is "$(pc-get -k "$key")" raw 'a get by key prints what was put by key'
printf 'raw2' | pc-put -k "$key"
is "$(pc-get -k "$key")" raw2 'a second put replaces the value'
status 1 'other parameters are a miss' pc-get -s ocr -p a=1 doc
status 1 'another input is a miss' pc-get -s ocr doc2
status 1 'two inputs instead of one are a miss' pc-get -s ocr doc doc2
printf two | pc-put -s pair doc doc2
is "$(pc-get -s pair doc doc2)" two 'a result of two inputs is a hit'
status 1 'two inputs in another order are a miss' pc-get -s pair doc2 doc
status 0 'an input from standard input is a hit' pc-get -s ocr - <doc
is "$(cat out)" text 'standard input has the same key as the file'

# sizes and bytes
head -c 100000 /dev/urandom >inline
head -c 3000000 /dev/urandom >external
for f in inline external; do
	pc-put -s size -p "f=$f" <$f
	pc-get -s size -p "f=$f" | cmp - $f
	ok "$f bytes read back"
done
find store -name '*.????????' | grep -q .
ok 'a large value is in a file of its own'
pc-put -s size -p f=external <inline
is "$(find store -name '*.????????')" '' 'the file of a large value is deleted with the value'
printf 'a\0b' | pc-put -s nul
is "$(pc-get -s nul | od -An -c)" "$(printf 'a\0b' | od -An -c)" 'NUL bytes are read back'

# TTL
printf v | pc-put -s ttl -t 1h
is "$(pc-get -s ttl)" v 'a value is a hit within its TTL'
touched() { printf v | pc-put -s touch -t 2s && pc-get -s touch --touch -t 1h; }
await touched # before it expires
printf v | pc-put -s ttl -t 1s
sleep 2.1
status 1 'a value is a miss after its TTL' pc-get -s ttl
printf v | pc-put -s ttl -t never
is "$(pc-get -s ttl --meta | jq .expires)" null 'a TTL of never has no expiry'
is "$(pc-get -s touch)" v '--touch restarts the TTL'
for ttl in 1x '' -1 1.5h 99999999999999d; do
	status 2 "bad TTL '$ttl'" pc-put -s ttl -t "$ttl"
done

# metadata
printf 'meta' | pc-put -s m -p b=2 -p a=1 doc
pc-get --meta -s m -p a=1 -p b=2 doc >meta
is "$(jq -r '.stage, .params.a, .size, .output, .inputs[0]' meta)" "m
1
4
$(printf meta | sha256sum | cut -d' ' -f1)
$(pc-hash doc)" '--meta prints stage, parameters, size, output and inputs'

# switches
status 1 '--refresh reports a miss' pc-get -s ocr --refresh doc
status 1 '--no-cache reports a miss' pc-get -s ocr --no-cache doc
PC_CACHE=off status 1 'PC_CACHE=off answers no' pc-get -s ocr doc
status 0 '--read-only serves a hit' pc-get -s ocr --read-only doc
status 0 'pc-put --no-cache exits with 0' pc-put -s n --no-cache <doc
status 0 'pc-put --read-only exits with 0' pc-put -s n --read-only <doc
status 1 'pc-put --no-cache and --read-only store nothing' pc-get -s n
PC_CACHE=off pc-get -s ocr --store never doc
[ ! -e never ]
ok 'PC_CACHE=off creates no store'
mkdir home2
HOME=$T/home2 PC_STORE='' pc-put -s x <doc
[ -f home2/.cache/pc/state ]
ok 'the default store is ~/.cache/pc'
is "$(stat -c %a home2/.cache/pc) $(stat -c %a home2/.cache/pc/state)" \
	'700 600' 'the store is private to its owner'
grep -q '^Signature: 8a477f597d28d172789f06886806bc55' \
	home2/.cache/pc/CACHEDIR.TAG
ok 'the store has a CACHEDIR.TAG'

# many
pc-hash -s ocr doc >keys
echo "$key" >>keys
is "$(pc-get --files-from keys)" "text
raw2" '--files-from prints the values of all keys'
printf 'doc\0doc2\0' | pc-get -0 -s ocr >out
is "$? $(cat out)" '1 text' 'of many documents a miss exits with 1'
printf 'doc\0doc2\0nonesuch\0' | pc-get -0 -s ocr --jsonl >out 2>err
is $? 3 'an unreadable document among others exits with 3'
is "$(jq -r '[.file, .hit, .value, (.error != null)] | @tsv' out)" \
	"$(printf 'doc\ttrue\ttext\\n\tfalse\ndoc2\tfalse\t\tfalse\nnonesuch\t\t\ttrue')" \
	'--jsonl prints one object for each document, in order'
pc-get --jsonl "$key" | jq -e '.value == "raw2"' >/dev/null
ok '--jsonl takes a key'
printf '\377\376' | pc-put -s bin
is "$(pc-get --jsonl "$(pc-hash -s bin)" | jq -r .value_base64)" '//4=' \
	'--jsonl prints binary values as base64'
printf '{"file":"doc"}\n' | pc-get --jsonl -s ocr | jq -e .hit >/dev/null
ok '--jsonl reads records from standard input'
# endings
pc-get -s ocr doc >/dev/full 2>err
is $? 2 'a full output device exits with 2'
pc-put -s long <external
# shellcheck disable=SC2216
pc-get -s long | head -c 1 >/dev/null
is "${PIPESTATUS[0]}" 141 'a closed pipe ends pc-get'
status 2 'a missing key exits with 2' pc-get
status 2 'a malformed key exits with 2' pc-get -k xyz
status 2 'an unknown option exits with 2' pc-get --nonesuch
done_testing
