#!/bin/bash
# pc-ocr: documents and helpers that mean no good.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-hostile" odd || skip_all 'no documents can be made'
sentence='The brass lantern hung above the harbour door.'

# All of them at once: an end, in bounded time, a status that is one of ours,
# and a word for each that gave nothing.
PATIENCE=1800 limit pc-ocr --jsonl -r odd >all 2>err
s=$?
is $s 3 'a directory of odd documents is exit status 3'
is "$(jq -r .file all | wc -l)" "$(find odd -type f | wc -l)" 'each odd document has a record'
[ "$(stat -c %s err)" -lt 20000 ]
ok 'few messages are printed for odd documents'
is "$(grep -vc '^pc-ocr: ' err)" 0 'all messages are those of pc-ocr'

# reads NAME...: does its text have the sentence?
reads() {
	local f missing=
	for f; do
		jq -es --arg f "odd/$f" --arg s "$sentence" \
			'any(.file == $f and (.text | contains($s)))' all \
			>/dev/null || missing="$missing $f"
	done
	is "$missing" '' "these odd documents are read: $*"
}
reads bits.tiff clear.png cmyk.jpeg deep.png inverse.png late-header.pdf \
	line.bmp line.gif line.jpg line.pbm line.pgm line.png line.ppm \
	line.webp owner-password.pdf owner-password-40.pdf plain.pgm \
	rotate-90.pdf three.tiff unknown-text.pdf wide.png box-missing.pdf \
	huge-page-text.pdf sideways.pdf both-ways.pdf
is "$(jq -r 'select(.file == "odd/unknown-text.pdf") | .pages[0].source' all)" \
	bad-text 'a text layer of U+FFFD is not used'
is "$(jq -r 'select(.file == "odd/hebrew.pdf") | .text' all |
	LC_ALL=C sed 's/\xe2\x80[\xaa-\xae]//g' | xargs)" \
	"$(xargs <odd/hebrew.txt)" 'right to left'
saved=0
for n in 1 2 3 4 5 6 7 8 9; do
	jq -es "any(.file == \"odd/text-cut-$n.pdf\" and
		(.text | contains(\"lantern\")))" all >/dev/null &&
		saved=$((saved + 1))
done
[ $saved -ge 6 ]
ok "of a PDF cut at each tenth $saved give text"
for f in archive.zip random.bin no-pages.pdf user-password.pdf cyclic.pdf \
	lies.png lies.tiff lies.pgm huge-page.pdf cut.png; do
	grep -q "^pc-ocr: 'odd/$f'" err
	ok "$f is named"
done
status 3 'a truncated PDF is exit status 3' pc-ocr odd/text-cut-5.pdf
like "$(cat err)" 'it is damaged; 3 pages could be recovered' 'a truncated PDF: the message'
status 3 'the second run of a truncated PDF is exit status 3: it is not cached' pc-ocr odd/text-cut-5.pdf
status 2 '--strict fails a document with a page error' pc-ocr --strict odd/cyclic-and-page.pdf

# ---- lines that run up and down

# laid FILE: of its first page the rotation, and the lines' texts in order
laid() {
	pc-ocr -f layout "odd/$1" | jq -r '.pages[0] | .rotation,
		(.blocks[].lines[] | [.words[].text] | join(" "))'
}
is "$(pc-ocr odd/vertical.pdf)" "$(cat odd/vertical.txt)" \
	'vertical text: columns are read from right to left'
is "$(laid vertical.pdf)" "$(echo 270 && cat odd/vertical.txt)" \
	'vertical text: the layout has the columns in order'
is "$(laid sideways.pdf)" "90
$sentence" 'a line from the bottom up'
is "$(pc-ocr odd/both-ways.pdf | grep -cx "$sentence")" 2 \
	'text across and down a page is read'
is "$(laid both-ways.pdf | tail -n +2 | xargs)" "$sentence $sentence" \
	'text across and down a page: the layout has all words'
for f in columns words numbers arabic; do
	is "$(laid right-$f.pdf | tail -n +2)" "$(cat odd/right-$f.txt)" \
		"lines from right to left: $f"
done
is "$(pc-ocr -f md odd/right-table.pdf)" "$(cat odd/right-table.txt)" \
	'a table that runs from right to left is read'
is "$(pc-ocr -f layout odd/right-table.pdf |
	jq -c '.pages[0].blocks[0].lines[1].words[] | select(.text == "דוד") |
		.box[2] | . > 540 and . < 560')" true 'its words are where they are'
if command -v pdftotext >/dev/null; then
	for f in vertical sideways both-ways; do
		is "$(pc-ocr odd/$f.pdf | xargs)" \
			"$(pdftotext odd/$f.pdf - | tr -d '\f' | xargs)" \
			"$f.pdf: as pdftotext has it"
	done
fi

# Flipped bits, anywhere.
"$TESTS/data/make-documents" . digital.pdf
seed=$(($(date +%s) % 100000))
mkdir flipped
size=$(stat -c %s digital.pdf)
RANDOM=$seed
rounds=${TORTURE_ROUNDS:-40}
for n in $(seq "$rounds"); do
	cp digital.pdf "flipped/$n.pdf"
	at=$(((RANDOM * 32768 + RANDOM) % size))
	byte=$(od -An -tu1 -j$at -N1 digital.pdf | tr -d ' ')
	# shellcheck disable=SC2059
	printf "\\$(printf %03o $((byte ^ (1 << (RANDOM % 8)))))" |
		dd of="flipped/$n.pdf" bs=1 seek=$at conv=notrunc 2>/dev/null
done
PATIENCE=1800 limit pc-ocr --ocr never --jsonl -r flipped >all 2>err
s=$?
[ $s = 0 ] || [ $s = 3 ]
ok "one bit flipped in $rounds copies (seed $seed): status $s"
is "$(wc -l <all)" "$rounds" 'each copy with a flipped bit has a record'

# A page on which poppler spins: a form that draws another ten times, ten deep.
{
	echo '%PDF-1.4'
	echo '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj'
	echo '2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj'
	echo '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R/Resources<</XObject<</F 10 0 R>>>>>>endobj'
	echo '4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 6 0 R/Resources<</Font<</A 7 0 R>>>>>>endobj'
	printf '5 0 obj<</Length 4>>stream\n/F Do\nendstream endobj\n'
	s='BT /A 20 Tf 40 100 Td (second page) Tj ET'
	printf '6 0 obj<</Length %d>>stream\n%s\nendstream endobj\n' ${#s} "$s"
	echo '7 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj'
	for i in $(seq 10 21); do
		s='/F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do'
		[ "$i" -lt 21 ] || s='0 0 m 9 9 l S'
		printf '%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</F %d 0 R>>>>/Length %d>>stream\n%s\nendstream endobj\n' \
			"$i" $((i + 1)) ${#s} "$s"
	done
	echo 'trailer<</Root 1 0 R>>'
	echo '%%EOF'
} >spin.pdf
echo '{"ocr": {"page_timeout": "5s"}}' >config.json
PC_CONFIG=$T/config.json status 3 'a page that takes too long is exit status 3' pc-ocr spin.pdf
like "$(cat err)" "'spin.pdf', page 1: timed out after 5 s" 'a page that takes too long: the message'
like "$(cat out)" 'second page' 'the page after one that takes too long is printed'

# ---- helpers that lie

mkdir fake
ln -s "$BUILD/tests/liar" fake/pc-doc
ln -s "$BUILD/pc-tesseract" fake/pc-tesseract
echo text >plain.txt
lie() {
	export LIAR=$1 PC_LIBEXEC=$T/fake PC_STORE=$T/liar-$1
	status "$2" "$3" limit pc-ocr plain.txt
	is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" \
		"${4:-0}" "$3: nothing is stored"
	unset LIAR PC_LIBEXEC
	PC_STORE=$T/store
}
lie none 0 'a helper that answers well succeeds' 1
rm -rf liar-none
lie rubbish 2 'an answer of random bytes'
lie half 2 'a truncated answer'
lie endless 2 'an answer that does not end'
lie other-page 2 'an answer about another page'
lie bad-source 2 'an answer with an unknown source'
lie bad-message 2 'an answer whose message has no end'
lie pixels 2 'an answer without its pixels'
lie file 2 'an answer with a file in place of text'
lie words 2 'an answer with words without boxes'
lie not-utf-8 2 'an answer that is not UTF-8'
lie open-again 2 'an answer to another request'
lie declares 2 'an answer that declares what a page may not'
lie many-pages 2 'an answer with too many pages'
lie dead 2 'a helper that dies at once'
lie refuses 2 'a helper that refuses to work'
like "$(cat err)" 'it will not' 'a helper that refuses to work: its message is printed'
lie dies-of-kinds 0 'a worker that dies of a small text' 1
lie dies 3 'a helper that dies at a page'
like "$(cat out)" 'told text' 'a helper that dies at a page: the other page is printed'

# ---- more than may be

mkdir -p home/.config/pc
echo '{"ocr": {"max_bytes": "64K"}}' >home/.config/pc/config.json
yes words | head -c 65536 >most.txt
{ cat most.txt && echo; } >more.txt
status 0 'a document of ocr.max_bytes is read' pc-ocr most.txt
for what in more.txt - /dev/zero; do
	status 2 "a document larger than ocr.max_bytes fails: $what" limit pc-ocr $what </dev/zero
	like "$(cat err)" "'$what': it is larger than ocr.max_bytes allows" \
		"a document larger than ocr.max_bytes: the message: $what"
done
rm home/.config/pc/config.json

# ---- fewer processes than it takes: no fault of the document

user=$((20000 + $$ % 40000)) # of this test alone: the limit is a user's
few() {
	local most=$1
	shift
	setpriv --reuid $user --regid $user --clear-groups \
		prlimit --nproc="$most" "$@" </dev/null
}
chmod 755 "$T"
if [ "$(id -u)" = 0 ] && few 9 pc-doc --version >/dev/null 2>&1; then
	status 2 'no process for a helper fails' few 1 pc-ocr --no-cache odd/line.png
	like "$(cat err)" "^pc-ocr: cannot run '.*pc-doc': .*; raise 'ulimit -u'" \
		'no process for a helper: the message says what to do'
	status 2 'no process for a worker fails' few 2 pc-ocr --no-cache odd/line.png
	like "$(cat err)" "^pc-doc: cannot start a worker: .*; raise 'ulimit -u'" \
		'no process for a worker: the message says what to do'
	is "$(said | wc -l)" 1 'no process for a worker: one message'
else
	skip 'few processes' 'needs root, and a build that others can run'
fi

# ---- walls

status 0 '-v succeeds' pc-ocr -v --no-cache plain.txt
like "$(cat err)" 'read in (the sandbox|a sandbox without)' \
	'-v prints which sandbox a document was read in'
done_testing
