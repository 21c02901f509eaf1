#!/bin/bash
# pc-ocr: the text of real documents, by real poppler and tesseract.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.pdf mixed.pdf huge.pdf lies.pdf \
	locked.pdf blank.pdf scan.png || skip_all 'no documents can be made'
printf 'plain text\n' >plain.txt
printf 'caf\351\n' >latin1.txt
gzip -c plain.txt >rubbish.bin

has() { like "$(cat out)" "$1" "$2"; }

status 0 'a PDF with a text layer is read' pc-ocr digital.pdf
has 'three wooden chairs' 'the text of a text layer is printed'
is "$(tr -cd '\f' <out | wc -c)" 1 'a form feed between two pages'
status 0 'a scanned PDF is read' pc-ocr scan.pdf
has 'three wooden chairs' 'the text of a scan is printed'
cp out first
status 0 'the second run of a scan succeeds' pc-ocr scan.pdf
cmp out first
ok 'a hit gives the same bytes'
pc-ocr --no-cache scan.pdf | cmp - first
ok '--no-cache prints the same bytes as a hit'
pc-ocr - <scan.pdf | cmp - first
ok 'standard input is a hit and prints the same bytes'
pc-ocr <(cat scan.pdf) | cmp - first
ok 'a named pipe is read, and prints the same bytes'
cp scan.pdf renamed.bin
like "$(pc-ocr -v renamed.bin 2>&1 >/dev/null)" '^pc-ocr: hit' \
	'a file of another name and the same bytes is a hit'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "ocr") | .compute')" 2 \
	'two documents were computed, the others were hits'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "ocr") | .peak_kib > 20000')" \
	true "the helper's peak memory is recorded"
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	strace -f -o trace pc-ocr scan.pdf >/dev/null
	is "$(grep -cE 'exec.*pc-doc|poppler-cpp.*O_RDONLY.*= -1' trace)" 0 \
		'a hit runs no helper'
	is "$(grep -c 'read.*%PDF' trace)" 0 'a hit does not read the PDF'
fi
status 0 'a PDF with a text layer on some pages' pc-ocr --jsonl mixed.pdf
is "$(jq -r '.pages[].source' out | xargs)" 'text-layer no-text' \
	'each page is read from its text layer or by OCR'
like "$(jq -r '.pages[1].confidence > 80' out)" true 'a page that OCR read has a confidence'
sed 's/"hit":false,"reason":"not in the cache"/"hit":true,"reason":"cached"/' out >json
pc-ocr --jsonl mixed.pdf | cmp - json
ok '--jsonl: a hit gives the same bytes, but for hit and reason'
status 0 'an image is read' pc-ocr scan.png
has 'three wooden chairs' 'the text of an image is printed'
status 0 'a PDF with a wrong text layer is read' pc-ocr --jsonl lies.pdf
is "$(jq -r '.pages[0].source' out)" bad-text 'a wrong text layer is not used'
status 0 '--ocr never' pc-ocr --jsonl --ocr never lies.pdf
is "$(jq -r '.pages[0].source' out)" text-layer '--ocr never uses a wrong text layer'
status 0 '--ocr always' pc-ocr --jsonl --ocr always --dpi 150 digital.pdf
is "$(jq -r '.pages[0].source' out)" forced '--ocr always ignores a text layer'
status 0 'a plain text file is read' pc-ocr plain.txt
is "$(cat out)" 'plain text' 'a plain text file is printed as it is'
is "$(pc-ocr latin1.txt)" 'café' 'a text in Latin 1 is printed in UTF-8'
status 0 'blank pages are read' pc-ocr blank.pdf
is "$(tr -d '\f' <out)" '' 'blank pages have no text'

# failures
status 3 'a page that is too large is a page error' pc-ocr huge.pdf
has 'three wooden chairs' 'the other pages are printed'
like "$(cat err)" "pc-ocr: 'huge.pdf', page 2: .* megapixels" 'the page that is too large is named'
status 3 'a document with a page error is not cached' pc-ocr huge.pdf
status 2 'a locked PDF fails' pc-ocr locked.pdf
like "$(cat err)" "'locked.pdf': it is locked by a password" 'a locked PDF: the message'
status 2 'a file that is not a PDF, image or text fails' pc-ocr rubbish.bin
like "$(cat err)" "'rubbish.bin': application/gzip is not supported; convert" 'an unsupported type: the message'
status 2 'a missing file fails' pc-ocr nonesuch.pdf
status 3 'documents that fail between others' pc-ocr --jsonl nonesuch.pdf digital.pdf locked.pdf
is "$(jq -r 'has("error")' out | xargs)" 'true false true' \
	'the other documents are printed, in order'
status 2 'a language without a model fails' pc-ocr -l xyz digital.pdf
like "$(cat err)" 'install tesseract-ocr-xyz; there are: .*eng' \
	'a missing model: the message names the package and the installed models'
status 2 'no document is a usage error' pc-ocr
status 2 'a bad value of --ocr is a usage error' pc-ocr --ocr perhaps digital.pdf
printf '%s\0' digital.pdf plain.txt | pc-ocr -0 --jsonl | jq -r .file >out
is "$(xargs <out)" 'digital.pdf plain.txt' '-0 reads names from standard input'
PC_LIBEXEC=$T/none status 2 'no helper' pc-ocr --refresh digital.pdf
like "$(cat err)" 'PC_LIBEXEC' 'a missing helper: the message says what to do'

# ---- forms

recognised=$(pc-stats --json |
	jq '.stages[] | select(.stage == "ocr.pixels") | .put')
"$TESTS/data/make-layouts" . report table columns three labels
# types: type and first two words of each block of the first page
types() {
	jq -r '.pages[0].blocks[] | .type + " " +
		([.lines[].words[].text] | .[:2] | join(" "))'
}
for n in report table columns three labels; do
	is "$(pc-ocr -f layout $n.pdf | types)" "$(cat $n.types)" \
		"$n.pdf: its blocks, in reading order"
done

# The same words by each form's own readers.
words='three wooden chairs'
for d in digital scan; do
	status 0 "-f layout $d.pdf" pc-ocr -f layout $d.pdf
	is "$(jq -r '[.pages[].page] | @csv' out)" 1,2 "-f layout $d.pdf has two pages"
	is "$(jq '[.pages[].blocks[].lines[].words[].text] | join(" ")' out |
		grep -o "$words" | wc -l)" 2 "-f layout $d.pdf has the words"
	is "$(jq '[.pages[].blocks[].text] | join(" ")' out |
		grep -o "$words" | wc -l)" 2 "-f layout $d.pdf has the text of the blocks"
	# inside: is every box within the one that it is in?
	jq -e 'def inside($o): .[0] >= $o[0] - 0.5 and .[1] >= $o[1] - 0.5 and
			.[2] <= $o[2] + 0.5 and .[3] <= $o[3] + 0.5;
		[.pages[] | [0, 0, .width, .height] as $p | .blocks[] |
		.box as $b | ($b | inside($p)), (.lines[] | .box as $l |
		($l | inside($b)), (.words[].box | inside($l)))] | all' out \
		>/dev/null
	ok "-f layout $d.pdf: each box is within the box around it"
	cp out $d.layout
	jq -r '.pages[].blocks[].lines[].words[].text' out >want

	status 0 "-f tsv $d.pdf" pc-ocr -f tsv $d.pdf
	awk -F '\t' '$1 == 5 { print $12 }' out | cmp - want
	ok "-f tsv $d.pdf has the words"
	is "$(awk -F '\t' 'NF != 12' out)" '' "-f tsv $d.pdf has twelve columns"

	status 0 "-f hocr $d.pdf" pc-ocr -f hocr $d.pdf
	xmllint --noout --nonet out
	ok "-f hocr $d.pdf is XML"
	xmllint --nonet --xpath '//*[@class="ocrx_word"]/text()' out | cmp - want
	ok "-f hocr $d.pdf has the words"
	is "$(xmllint --xpath 'count(//*[@class="ocr_page"])' out)" 2 \
		"-f hocr $d.pdf has two pages"

	status 0 "-f alto $d.pdf" pc-ocr -f alto $d.pdf
	xmllint --noout --nonet out
	ok "-f alto $d.pdf is valid XML"
	xmllint --nonet --xpath '//*[local-name()="String"]/@CONTENT' out |
		sed 's/^ *CONTENT="\(.*\)"$/\1/' | cmp - want
	ok "-f alto $d.pdf has the words"
	is "$(xmllint --xpath 'count(//*[local-name()="Page"])' out)" 2 \
		"-f alto $d.pdf has two pages"

	status 0 "-f md $d.pdf" pc-ocr -f md $d.pdf
	is "$(tr '\n' ' ' <out | grep -o "$words" | wc -l)" 2 "-f md $d.pdf has the words"
	is "$(grep -cx -e --- out)" 1 "-f md $d.pdf has a rule between pages"
	for f in layout tsv hocr alto md csv tables; do
		pc-ocr -f $f $d.pdf >hit
		pc-ocr --no-cache -f $f $d.pdf | cmp - hit
		ok "-f $f: a hit gives the same bytes"
	done
done
is "$(pc-stats --json |
	jq '.stages[] | select(.stage == "ocr.pixels") | .put')" "$recognised" \
	'no page was recognised again for another format'
is "$(jq -r '[.pages[].blocks[].lines[].words[] | has("confidence")] |
	unique[]' scan.layout digital.layout | xargs)" 'true false' \
	'words from OCR have a confidence, words from a text layer have none'
is "$(jq -r '.pages[].source' scan.layout | xargs)" 'no-text no-text' \
	'each page has its source'
pc-ocr -f md report.pdf >out
is "$(sed -n 's/^##* //p' out | head -n 3)" 'Report of the harbour office
1. What arrived
1.1. By ship' 'Markdown has headings'
has '^- Lanterns made of brass' 'Markdown has lists'
pc-ocr -f md labels.pdf >out
like "$(cat out)" '^. +. Mon . Tue . Wed . Thu . Fri . Sat . Sum . Distance .$' \
	'words that run up the page are heads of columns'
is "$(grep -c '^#' out)" 0 'words that run up the page are not headings'
is "$(pc-ocr --ocr always -f md labels.pdf | grep -c '^#')" 0 'words that run up a scan are not headings'
pc-ocr -f md table.pdf >out
has '^\| Kettle \| copper red \| 129.00 \|$' 'Markdown has tables'
status 0 '--dehyphenate is accepted' pc-ocr --dehyphenate digital.pdf
has "$words" '--dehyphenate prints the text'

# how long they are good
echo '{"caching": {"ttl_ocr": "1h", "ttl_layout": "2h"}}' >ttl.json
# hours FORM: for how many is it good?
hours() {
	local key
	key=$(PC_CONFIG=$T/ttl.json pc-ocr --refresh -v -f "$1" digital.pdf \
		2>&1 >/dev/null | sed -n 's/^pc-ocr: computed [a-z]* \([0-9a-f]*\).*/\1/p')
	pc-get --meta -k "$key" | jq '(.expires - .created) / 3600 | round'
}
is "$(hours text) $(hours layout) $(hours md)" '1 2 2' \
	'text and layout have TTLs of their own'

# with --jsonl
status 0 '-f layout --jsonl' pc-ocr --jsonl -f layout digital.pdf
is "$(jq -c .layout out)" "$(jq -c . digital.layout)" '-f layout --jsonl has the layout as an object'
status 0 '-f hocr --jsonl' pc-ocr --jsonl -f hocr digital.pdf
pc-ocr -f hocr digital.pdf >want
jq -j .hocr out | cmp - want
ok '-f hocr --jsonl has the page as a string'
status 0 'a text file in the layout format' pc-ocr -f layout plain.txt
is "$(jq -r '.pages[0].text' out)" 'plain text' 'the layout of a text file has its text'
pc-ocr -f hocr plain.txt | xmllint --xpath 'string(//*[local-name()="pre"])' - >out
is "$(head -n 1 out)" 'plain text' 'a text file is preformatted in hOCR'
status 3 'a page error in the layout format' pc-ocr -f layout huge.pdf
is "$(jq -r '.pages[] | has("error")' out | xargs)" 'false true' 'the layout has an error for the page that fails'
status 2 'an unknown format is a usage error' pc-ocr -f docx digital.pdf

# ---- a document that changes

printf 'more\n' >growing.txt
ln -s "$BUILD/pc-tesseract" .
cat >pc-doc <<'SLOW'
#!/bin/sh
[ "$1" = engines ] || echo changed >>growing.txt
exec "$PC_DOC" "$@"
SLOW
chmod +x pc-doc
PC_DOC=$BUILD/pc-doc PC_LIBEXEC=$T status 0 \
	'a document that changes while it is read' pc-ocr -s changes growing.txt
like "$(cat err)" 'changed while it was read' 'a file that changes while it is read: the warning'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "changes") | .put')" 0 \
	'a file that changes while it is read is not cached'
done_testing
