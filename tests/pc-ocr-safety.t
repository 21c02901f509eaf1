#!/bin/bash
# pc-ocr: documents and helpers that mean no good.
. "$(dirname "$0")/lib.sh"

"$TESTS/data/make-hostile" odd || skip_all 'no documents can be made'
sentence='The brass lantern hung above the harbour door.'

# All of them at once: an end, in bounded time, a status that is one of ours,
# and a word for each that gave nothing.
PATIENCE=1800 limit pc-ocr --jsonl -r odd >all 2>err
s=$?
is $s 3 'a folder of odd documents'
is "$(jq -r .file all | wc -l)" "$(find odd -type f | wc -l)" 'a record each'
[ "$(stat -c %s err)" -lt 20000 ]
ok 'and few words'
is "$(grep -vc '^pc-ocr: ' err)" 0 'all of them ours'

# reads NAME...: does its text have the sentence?
reads() {
	local f missing=
	for f; do
		jq -es --arg f "odd/$f" --arg s "$sentence" \
			'any(.file == $f and (.text | contains($s)))' all \
			>/dev/null || missing="$missing $f"
	done
	is "$missing" '' "these are read: $*"
}
reads bits.tiff clear.png cmyk.jpeg deep.png inverse.png late-header.pdf \
	line.bmp line.gif line.jpg line.pbm line.pgm line.png line.ppm \
	line.webp owner-password.pdf owner-password-40.pdf plain.pgm \
	rotate-90.pdf three.tiff unknown-text.pdf wide.png box-missing.pdf \
	huge-page-text.pdf sideways.pdf both-ways.pdf
is "$(jq -r 'select(.file == "odd/unknown-text.pdf") | .pages[0].source' all)" \
	bad-text 'a text layer of U+FFFD is not believed'
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
status 3 'a PDF that is cut' pc-ocr odd/text-cut-5.pdf
like "$(cat err)" 'it is damaged; 3 pages could be saved' 'gives what it holds'
status 3 'it is not remembered' pc-ocr odd/text-cut-5.pdf
status 2 '--strict' pc-ocr --strict odd/cyclic-and-page.pdf

# ---- lines that run up and down

# laid FILE: of its first page the rotation, and the lines' texts in order
laid() {
	pc-ocr -f layout "odd/$1" | jq -r '.pages[0] | .rotation,
		(.blocks[].lines[] | [.words[].text] | join(" "))'
}
is "$(pc-ocr odd/vertical.pdf)" "$(cat odd/vertical.txt)" \
	'lines from the top down, first the one to the right'
is "$(laid vertical.pdf)" "$(echo 270 && cat odd/vertical.txt)" \
	'in their order'
is "$(laid sideways.pdf)" "90
$sentence" 'a line from the bottom up'
is "$(pc-ocr odd/both-ways.pdf | grep -cx "$sentence")" 2 \
	'lines across and down the page'
is "$(laid both-ways.pdf | tail -n +2 | xargs)" "$sentence $sentence" \
	'of which no word is lost'
for f in columns words numbers arabic; do
	is "$(laid right-$f.pdf | tail -n +2)" "$(cat odd/right-$f.txt)" \
		"lines from right to left: $f"
done
is "$(pc-ocr -f md odd/right-table.pdf)" "$(cat odd/right-table.txt)" \
	'and a table, whose first column is to the right'
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
is "$(wc -l <all)" "$rounds" 'a record each'

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
PC_CONFIG=$T/config.json status 3 'a page that takes for ever' pc-ocr spin.pdf
like "$(cat err)" "'spin.pdf', page 1: it took more than 5 s" 'is a page error'
like "$(cat out)" 'second page' 'and the next page is delivered'

# ---- helpers that lie

mkdir fake
ln -s "$BUILD/tests/liar" fake/pc-doc
ln -s "$BUILD/pc-tesseract" fake/pc-tesseract
echo text >plain.txt
lie() {
	export LIAR=$1 PC_LIBEXEC=$T/fake PC_STORE=$T/liar-$1
	status "$2" "$3" limit pc-ocr plain.txt
	is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" \
		"${4:-0}" 'of which nothing is stored'
	unset LIAR PC_LIBEXEC
	PC_STORE=$T/store
}
lie none 0 'a helper that tells no lie' 1
rm -rf liar-none
lie rubbish 2 'an answer that is none'
lie half 2 'an answer that is cut'
lie endless 2 'an answer without an end'
lie other-page 2 'a page that nobody asked for'
lie bad-source 2 'a source that is not known'
lie bad-message 2 'a message without an end'
lie pixels 2 'pixels that are not there'
lie file 2 'a file for text'
lie words 2 'words without boxes'
lie not-utf-8 2 'bytes that are no text'
lie open-again 2 'an answer to another question'
lie many-pages 2 'more pages than there can be'
lie dead 2 'a helper that dies at once'
lie refuses 2 'a helper that will not'
like "$(cat err)" 'it will not' 'and says why'
lie dies 3 'a helper that dies at a page'
like "$(cat out)" 'told text' 'whose other page is delivered'

# ---- more than may be

mkdir -p home/.config/pc
echo '{"ocr": {"max_bytes": "64K"}}' >home/.config/pc/config.json
yes words | head -c 65536 >most.txt
{ cat most.txt && echo; } >more.txt
status 0 'the largest document that may be' pc-ocr most.txt
for what in more.txt - /dev/zero; do
	status 2 "a larger one: $what" limit pc-ocr $what </dev/zero
	like "$(cat err)" "'$what': it is larger than ocr.max_bytes allows" \
		'is refused'
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
	status 2 'no process for a helper' few 1 pc-ocr --no-cache odd/line.png
	like "$(cat err)" "^pc-ocr: cannot run '.*pc-doc': .*; raise 'ulimit -u'" \
		'is said with what to do'
	status 2 'none for its worker' few 2 pc-ocr --no-cache odd/line.png
	like "$(cat err)" "^pc-doc: cannot start a worker: .*; raise 'ulimit -u'" \
		'is said, too'
	is "$(said | wc -l)" 1 'and nothing else'
else
	skip 'few processes' 'needs root, and a build that others can run'
fi

# ---- walls

status 0 '-v' pc-ocr -v --no-cache plain.txt
like "$(cat err)" 'read in (the sandbox|a sandbox without)' \
	'-v says which sandbox a document was read in'
done_testing
