#!/bin/bash
# pc-infer --image: images are sent as each server wants them, and are in keys
# by what is to be seen in them.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

"$TESTS/data/make-documents" . mixed.pdf >/dev/null 2>&1 ||
	skip_all 'no documents can be made'
own_helpers
server_start s
use s
# png FILE WIDTH HEIGHT GRAY [TEXT]
png() {
	python3 - "$@" <<'PY'
import struct, sys, zlib
name, w, h, gray = sys.argv[1], *map(int, sys.argv[2:5])
chunk = lambda kind, data: (struct.pack('>I', len(data)) + kind + data +
    struct.pack('>I', zlib.crc32(kind + data)))
text = chunk(b'tEXt', b'Comment\0' + sys.argv[5].encode()) if len(sys.argv) > 5 else b''
open(name, 'wb').write(b'\x89PNG\r\n\x1a\n' +
    chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 0, 0, 0, 0)) + text +
    chunk(b'IDAT', zlib.compress((b'\0' + bytes([gray]) * w) * h)) +
    chunk(b'IEND', b''))
PY
}
png a.png 40 30 10
png b.png 50 20 200
png a2.png 40 30 10 'the same pixels'
png wide.png 3136 100 90
look() { pc-infer -m vision -p temperature=0 "$@"; }

for api in ollama openai; do
	ask() { look --api $api "$@"; }
	is "$(ask --image a.png look)" 'look [png 40x30]' "$api: an image"
	is "$(ask --image a.png --image b.png look)" \
		'look [png 40x30] [png 50x20]' "$api: two"
	server_reset
	ask --image a.png --image b.png look >out
	is "$(asked)" 0 "$api: a hit"
	is "$(ask --image b.png --image a.png look)" \
		'look [png 50x20] [png 40x30]' "$api: the order of images is in the key"
	is "$(asked)" 1 "$api: swapped images send a request"
	is "$(ask --image a2.png look)" 'look [png 40x30]' "$api: an image with other bytes and equal pixels is answered"
	is "$(asked)" 1 "$api: an image with equal pixels is a hit"
	is "$(ask --image wide.png look)" 'look [png 1568x50]' "$api: a large one"
	is "$(ask --image-side 100 --image wide.png look)" 'look [png 100x3]' \
		"$api: --image-side"
	ask --image a.png --image b.png look <<<'not this' >out
	is "$(cat out)" 'look [png 40x30] [png 50x20]' \
		"$api: with images standard input is not read"
done
[ "$(key -m vision --image a.png look)" != "$(key -m vision look)" ]
ok 'an image is in the key'
[ "$(key -m vision --image a.png look)" != "$(key -m vision --image b.png look)" ]
ok 'another image has another key'
like "$(look --image mixed.pdf --pages 1 look)" '^look \[png [0-9]+x[0-9]+\]$' \
	'a page of a PDF'
is "$(look --image mixed.pdf --pages 1-2 look | grep -o png | wc -l)" 2 'two pages'
is "$(look -T caption -f a.png | grep -o '.png 40x30.')" '[png 40x30]' \
	'a template for images takes files as such'
printf '%s\n' '{"file":"a","image":"a.png","prompt":"look"}' \
	'{"file":"b","image":["a.png","b.png"],"prompt":"look"}' \
	'{"file":"c","image":"none.png"}' '{"file":"d","image":5,"prompt":"x"}' >records
look --jsonl <records >out 2>err
is "$?:$(jq -r '.text // "-"' out | sed '/^$/d')" '3:look [png 40x30]
look [png 40x30] [png 50x20]
-
-' 'images of records'
like "$(jq -r 'select(.file == "c") | .error' out)" "none.png.*No such file" \
	'the error of a record names its missing image'
printf 'a.png\nb.png\n' | look --files-from - -T caption | grep -o '\[.*\]' >out
is "$(xargs <out)" '[png 40x30] [png 50x20]' 'a list of images'

for api in ollama openai; do
	status 2 "$api: an image for a model without vision is an error" \
		pc-infer -m tiny --api $api --image a.png look
	like "$(cat err)" "'tiny(:latest)?' does not support images.* with -m" \
		"$api: a model without vision: the message recommends -m"
done
echo text >text.png
status 2 'a file that is not an image is an error' look --image text.png look
like "$(cat err)" "text.png" 'a file that is not an image: the message names it'
head -c 60 a.png >cut.png
status 2 'a truncated image is an error' look --image cut.png look
status 2 'a missing image is an error' look --image none.png look
like "$(cat err)" "'none.png': No such file" 'a missing image: the message names it'
status 2 'a missing page is an error' look --image mixed.pdf --pages 9 look
is "$(helpers_left)" 0 'no helper is left'

# ---- two processes at once

mkdir slow
ln -s "$BUILD/pc-http" slow
printf '#!/bin/sh\n[ "$1" != serve ] || sleep 0.3\nexec %s "$@"\n' \
	"$BUILD/pc-doc" >slow/pc-doc
chmod +x slow/pc-doc
# together ARG...: two processes ask at the same time, in a store of their own
together() {
	rm -rf crowd
	for n in 1 2; do
		PC_LIBEXEC=$T/slow look --store crowd "$@" <records >out$n &
	done
	wait
	pc-stats --store crowd --json | jq -r '.stages[] |
		select(.stage == "infer.image" or .stage == "infer") |
		"\(.stage) \(.compute)"' | xargs
}
server_start late --delay 300
use late
is "$(together --image mixed.pdf look)" 'infer 1 infer.image 2' \
	'two processes compute each page once and send one request'
like "$(cat out1 out2 | sort | uniq -c)" '^ +2 look' 'two processes with one question both print the answer'
printf '{"image":"%s.png"}\n' a b a2 >records
is "$(together --jsonl look)" 'infer 2 infer.image 3' 'two processes compute the images of records once'
is "$(cat out1 out2 | jq -r .text | sed '/^$/d' | sort | uniq -c | xargs)" \
	'4 look [png 40x30] 2 look [png 50x20]' 'two processes with the same records both print all answers'
use s

server_stop s
rm -rf libexec
look --image a.png look >out 2>err
is "$?:$(cat out)" '0:look [png 40x30]' 'a hit needs no server and no helper'
like "$(look --image mixed.pdf --pages 1 look)" '^look \[png' 'a hit of a PDF page needs no server and no helper'
done_testing
