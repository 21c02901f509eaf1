#!/bin/bash
# pc-ocr: the text of real documents, by real poppler and tesseract.
. "$(dirname "$0")/lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.pdf mixed.pdf huge.pdf lies.pdf \
	locked.pdf blank.pdf scan.png || skip_all 'no documents can be made'
printf 'plain text\n' >plain.txt
printf 'caf\351\n' >latin1.txt
gzip -c plain.txt >rubbish.bin

has() { like "$(cat out)" "$1" "$2"; }

status 0 'a PDF with a text layer' pc-ocr digital.pdf
has 'three wooden chairs' 'its text'
is "$(tr -cd '\f' <out | wc -c)" 1 'a form feed between two pages'
status 0 'a scanned PDF' pc-ocr scan.pdf
has 'three wooden chairs' 'its text'
cp out first
status 0 'again' pc-ocr scan.pdf
cmp out first
ok 'a hit gives the same bytes'
pc-ocr --no-cache scan.pdf | cmp - first
ok 'so does --no-cache'
pc-ocr - <scan.pdf | cmp - first
ok 'and standard input, which hits'
pc-ocr <(cat scan.pdf) | cmp - first
ok 'and a pipe by name'
cp scan.pdf renamed.bin
like "$(pc-ocr -v renamed.bin 2>&1 >/dev/null)" '^pc-ocr: hit' \
	'the name does not count'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "ocr") | .compute')" 2 \
	'two were computed'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "ocr") | .peak_kib > 20000')" \
	true "the helper's peak memory is recorded"
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	strace -f -o trace pc-ocr scan.pdf >/dev/null
	is "$(grep -cE 'exec.*pc-doc|poppler-cpp.*O_RDONLY.*= -1' trace)" 0 \
		'a hit runs no helper'
	is "$(grep -c 'read.*%PDF' trace)" 0 'and does not read the PDF'
fi
status 0 'pages of both kinds' pc-ocr --jsonl mixed.pdf
is "$(jq -r '.pages[].source' out | xargs)" 'text-layer no-text' \
	'each page by its own means'
like "$(jq -r '.pages[1].confidence > 80' out)" true 'with its confidence'
cp out json
pc-ocr --jsonl mixed.pdf | cmp - json
ok '--jsonl: a hit gives the same bytes'
status 0 'an image' pc-ocr scan.png
has 'three wooden chairs' 'its text'
status 0 'a text layer that lies' pc-ocr --jsonl lies.pdf
is "$(jq -r '.pages[0].source' out)" bad-text 'is not believed'
status 0 '--ocr never' pc-ocr --jsonl --ocr never lies.pdf
is "$(jq -r '.pages[0].source' out)" text-layer 'believes it'
status 0 '--ocr always' pc-ocr --jsonl --ocr always --dpi 150 digital.pdf
is "$(jq -r '.pages[0].source' out)" forced 'recognises what has text'
status 0 'plain text' pc-ocr plain.txt
is "$(cat out)" 'plain text' 'passes through'
is "$(pc-ocr latin1.txt)" 'café' 'as UTF-8'
status 0 'blank pages' pc-ocr blank.pdf
is "$(tr -d '\f' <out)" '' 'have no text'

# failures
status 3 'a page that is too large' pc-ocr huge.pdf
has 'three wooden chairs' 'does not lose the others'
like "$(cat err)" "pc-ocr: 'huge.pdf', page 2: .* megapixels" 'and is named'
status 3 'it is not remembered' pc-ocr huge.pdf
status 2 'a locked PDF' pc-ocr locked.pdf
like "$(cat err)" "'locked.pdf': it is locked by a password" 'is named'
status 2 'neither PDF, image nor text' pc-ocr rubbish.bin
like "$(cat err)" "'rubbish.bin': it is application/gzip" 'is named'
status 2 'a file that is not there' pc-ocr nonesuch.pdf
status 3 'one of several' pc-ocr --jsonl nonesuch.pdf digital.pdf locked.pdf
is "$(jq -r 'has("error")' out | xargs)" 'true false true' \
	'spares the others, in order'
status 2 'a language without a model' pc-ocr -l xyz digital.pdf
like "$(cat err)" 'install tesseract-ocr-xyz' 'names the package'
status 2 'no document' pc-ocr
status 2 'a bad option' pc-ocr --ocr perhaps digital.pdf
printf '%s\0' digital.pdf plain.txt | pc-ocr -0 --jsonl | jq -r .file >out
is "$(xargs <out)" 'digital.pdf plain.txt' '-0 names on standard input'
PC_LIBEXEC=$T/none status 2 'no helper' pc-ocr --refresh digital.pdf
like "$(cat err)" 'PC_LIBEXEC' 'says what to do'

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
like "$(cat err)" 'changed while it was read' 'is warned of'
is "$(pc-stats --json | jq '.stages[] | select(.stage == "changes") | .put')" 0 \
	'and not stored'
done_testing
