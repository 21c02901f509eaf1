#!/bin/bash
# pc-ocr -f pdf: documents that can be searched, by real qpdf and poppler.
. "$(dirname "$0")/../lib.sh"

for tool in qpdf img2pdf pdftotext pdftoppm pdfimages; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
"$TESTS/data/make-documents" . digital.pdf scan.pdf scan.png scan.tiff \
	mixed.pdf huge.pdf locked.pdf cut.pdf ||
	skip_all 'no documents can be made'
"$TESTS/data/make-scans" . rotated-90 skew-3 || skip_all 'no scans can be made'
echo secret >password
chmod 600 password

# sound FILE: qpdf finds no fault with it
sound() {
	qpdf --check "$1" >check 2>&1
	ok "qpdf finds no fault with $1" || sed 's/^/# /' check
}

# same_look FILE FILE: do their pages have the same pixels?
same_look() {
	pdftoppm -r 50 "$1" >look1 && pdftoppm -r 50 "$2" >look2 &&
		[ -s look1 ] && cmp look1 look2
}

status 0 'a scanned PDF succeeds' pc-ocr -f pdf scan.pdf
cp out found.pdf
sound found.pdf
is "$(pdftotext scan.pdf - | tr -d '\f')" '' 'the input of the test is a scan without text'
pdftotext found.pdf text
is "$(grep -c 'the copper kettle and three wooden chairs' text)" 2 \
	'a scanned PDF gets text on both pages, with its words in order'
is "$(pdftotext -layout found.pdf - | tr '\f' '\n' |
	grep -c '^ *Invoice number 2026-0')" 2 \
	'a scanned PDF gets text in lines'
is "$(pdfimages -list found.pdf | awk 'NR > 2 { print $4, $5 }')" \
	"$(pdfimages -list scan.pdf | awk 'NR > 2 { print $4, $5 }')" \
	'a scanned PDF keeps its images'
same_look found.pdf scan.pdf
ok 'a scanned PDF looks the same'
is "$(pdffonts found.pdf | awk 'NR > 2 { print $1, $(NF - 4) $(NF - 2) }')" \
	'Invisible yesyes' 'the text layer has one embedded font with a Unicode map'
[ "$(stat -c %s found.pdf)" -lt $(($(stat -c %s scan.pdf) + 16384)) ]
ok 'the text layer adds less than 16 KiB'
# where a word is: within a point and a half of where it was recognised
pc-ocr -f tsv scan.pdf | awk -F'\t' '$12 == "kettle" { print $7, $7 + $9; exit }' >want
pdftotext -bbox found.pdf - |
	sed -n 's/.*xMin="\([0-9.]*\)".*xMax="\([0-9.]*\)".*>kettle<.*/\1 \2/p' |
	head -n 1 >got
is "$(paste -d' ' want got | awk 'NF == 4 && ($1 - $3) ^ 2 < 2 && ($2 - $4) ^ 2 < 2')" \
	"$(paste -d' ' want got)" 'a word is where it is seen'

# the same bytes
pc-ocr -f pdf scan.pdf | cmp - found.pdf
ok 'a hit gives the same bytes'
like "$(pc-ocr -v -f pdf scan.pdf 2>&1 >/dev/null)" '^pc-ocr: hit' 'the second run is a hit'
pc-ocr -f pdf --no-cache scan.pdf | cmp - found.pdf
ok '--no-cache gives the same bytes'
pc-ocr -f pdf --read-only --refresh scan.pdf | cmp - found.pdf
ok '--read-only gives the same bytes'
pc-ocr -f pdf --refresh -j 1 - <scan.pdf | cmp - found.pdf
ok 'standard input with --refresh gives the same bytes'
pc-ocr -f pdf --no-cache <(cat scan.pdf) | cmp - found.pdf
ok 'a named pipe gives the same bytes'
PATH=$BUILD pc-ocr -f pdf scan.pdf | cmp - found.pdf
ok 'a hit needs no qpdf'

# other documents
status 0 'a PNG is made into a PDF' pc-ocr -f pdf scan.png
cp out image.pdf
sound image.pdf
like "$(pdftotext image.pdf -)" 'three wooden chairs' 'a PNG becomes a PDF with text'
is "$(pdfimages -list image.pdf | awk 'NR > 2 { print $4, $5 }')" \
	"$(od -An -j16 -N8 -tu4 --endian=big scan.png | awk '{ print $1, $2 }')" \
	'a PDF of an image keeps all its pixels'
pc-ocr -f pdf --no-cache scan.png | cmp - image.pdf
ok 'a PDF of an image has the same bytes each time'
status 0 'a TIFF is made into a PDF' pc-ocr -f pdf scan.tiff
like "$(pdftotext out -)" 'three wooden chairs' 'a TIFF becomes a PDF with text'
status 0 '-f pdf of a PDF with a text layer succeeds' pc-ocr -f pdf digital.pdf
cp out digital
sound digital
is "$(pdftotext digital -)" "$(pdftotext digital.pdf -)" 'a PDF with a text layer keeps its text without duplicates'
same_look digital digital.pdf
ok 'a PDF with a text layer looks the same'
status 0 '-f pdf of scanned and digital pages succeeds' pc-ocr -f pdf mixed.pdf
cp out mixed
is "$(pdftotext mixed - | grep -c 'three wooden chairs')" 2 'a PDF with pages of both kinds has each text once'
same_look mixed mixed.pdf
ok 'a PDF with pages of both kinds looks the same'
status 0 'a scan on its side' pc-ocr -f pdf rotated-90.png
cp out turned
like "$(pdftotext turned -)" \
	'take the clock off the wall and let the weight run' 'has its lines'
status 0 'a crooked scan' pc-ocr -f pdf skew-3.png
cp out crooked
is "$(pdftotext crooked - | tr -s ' \n\f' '  ' | cut -c 1-60)" \
	"$(tr -s ' \n' '  ' <skew-3.txt | cut -c 1-60)" 'has its lines in order'

# --upright
status 0 '--upright' pc-ocr -f pdf --upright rotated-90.png
cp out upright
sound upright
is "$(pdftotext -layout upright - | head -n 1)" "$(pdftotext -layout turned - | head -n 1)" \
	'--upright keeps the text'
is "$(pdfinfo upright | sed -n 's,^Page rot: *,,p')" 270 '--upright turns the page'
status 2 '--upright with another format' pc-ocr --upright rotated-90.png

# a layer of an earlier run
status 0 '--ocr always on a PDF that pc-ocr made' pc-ocr -f pdf --ocr always --upright found.pdf
cp out again
sound again
words() { tr -s ' \n\f' '\n' <"$1"; }
pdftotext again again.txt
is "$(words again.txt)" "$(words text)" '--ocr always replaces the invisible text of an earlier run'
same_look again scan.pdf
ok 'a PDF with a replaced layer looks the same'

# a signature
sed 's/^%PDF.*/&\n% \/ByteRange/' scan.pdf >signed.pdf
status 0 'a signed PDF' pc-ocr -f pdf signed.pdf
is "$(said)" "pc-ocr: 'signed.pdf': it is signed; the signature does not cover the searchable PDF" \
	'a signed PDF: the warning'
status 0 'a hit of a signed PDF' pc-ocr -f pdf signed.pdf
like "$(cat err)" 'it is signed' 'a hit of a signed PDF repeats the warning'

# a page that is shown turned, of a PDF
qpdf --rotate=+90:1 scan.pdf sideways.pdf
status 0 '-f pdf of a page with /Rotate succeeds' pc-ocr -f pdf sideways.pdf
cp out sideways
like "$(pdftotext sideways -)" 'the copper kettle and three wooden chairs' \
	'a page with /Rotate has its text'
same_look sideways sideways.pdf
ok 'a page with /Rotate looks the same'

# --pages
status 0 '-f pdf of one page of two succeeds' pc-ocr -f pdf --pages 2- scan.pdf
cp out second
sound second
is "$(qpdf --show-npages second)" 1 '--pages with one page makes a PDF of one page'
like "$(pdftotext second -)" 'Invoice number 2026-0222' '--pages with one page keeps its text'
status 0 '-f pdf of pages out of order succeeds' pc-ocr -f pdf --pages 2,1 mixed.pdf
is "$(pdftotext out - | grep -c 'three wooden chairs')" 2 'pages out of order have each text once'
status 2 'no page that is there' pc-ocr -f pdf --pages 7 scan.pdf

# -o
mkdir in made twin
cp scan.pdf in/a.pdf
cp digital.pdf in/b.pdf
cp digital.pdf twin/b.pdf
to=(-f pdf -o 'made/{}.ocr.pdf')
status 0 '-f pdf -o writes a file for each document' pc-ocr "${to[@]}" in/a.pdf in/b.pdf
is "$(cat out)" 'made/a.ocr.pdf
made/b.ocr.pdf' '-f pdf -o prints the names of the files'
cmp made/a.ocr.pdf found.pdf && cmp made/b.ocr.pdf digital
ok '-f pdf -o writes the bytes that are printed without -o'
touch -d 2001-01-01 made/*
echo old >made/b.ocr.pdf
status 0 '-f pdf -o with cached results' pc-ocr "${to[@]}" --jsonl in/a.pdf in/b.pdf
is "$(jq -c '[.output, .hit, (.pages | length), has("pdf")]' out)" '["made/a.ocr.pdf",true,2,false]
["made/b.ocr.pdf",true,2,false]' '-f pdf -o --jsonl has the name of the file'
is "$(stat -c %y made/a.ocr.pdf | cut -c 1-4)" 2001 '-f pdf -o leaves a file with the right bytes alone'
cmp made/b.ocr.pdf digital
ok '-f pdf -o replaces a file with other bytes'
status 3 'two documents with one output name' pc-ocr "${to[@]}" in/b.pdf twin/b.pdf
is "$(said | head -n 1)" "pc-ocr: 'twin/b.pdf': 'made/b.ocr.pdf' is already the file of another document" \
	'two documents with one output name: the message'
status 2 'an output that is its own input' pc-ocr -f pdf -o 'in/{}.pdf' in/b.pdf
is "$(said)" "pc-ocr: 'in/b.pdf': its output 'in/b.pdf' is an input" 'an output that is an input: the message'
status 3 'an output that is another input' pc-ocr -q -f pdf -o 'twin/{}.pdf' in/b.pdf in/a.pdf twin/b.pdf
cmp in/b.pdf digital.pdf && cmp twin/b.pdf digital.pdf
ok 'no input is replaced'
printf 'in/b.pdf\ntwin/b.pdf\n' >list
for list in '--files-from list' '--files-from - -j1'; do
	status 2 "an output that is a later input of $list" \
		pc-ocr -q -f pdf -o 'twin/{}.pdf' $list <list
	cmp twin/b.pdf digital.pdf
	ok "an input of $list is not replaced"
done
status 2 'outputs that would replace the inputs of -r' pc-ocr -f pdf -r -o 'in/{}.pdf' in
pc-ocr -q -f pdf -r -o 'in/{}.ocr.pdf' in >/dev/null
is "$(pc-ocr -f pdf -r -o 'in/{}.ocr.pdf' in 2>/dev/null | xargs)" 'in/a.ocr.pdf in/b.ocr.pdf' \
	'-r -f pdf -o does not read its own output'
status 2 '-f pdf -o with %d' pc-ocr -f pdf -o '{}-%d.pdf' scan.pdf
status 2 '-f pdf -o to a directory that is missing' pc-ocr -q -f pdf -o 'none/{}.pdf' in/a.pdf
# locked
status 2 'a locked PDF' pc-ocr -f pdf locked.pdf
is "$(cat out)" '' 'nothing is printed of a locked PDF'
status 0 'a locked PDF with its password succeeds' pc-ocr -f pdf --password-file password locked.pdf
cp out opened
like "$(pdftotext opened -)" 'three wooden chairs' 'a locked PDF gives a PDF without a password'
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	strace -f -s 4096 -e trace=execve -o trace pc-ocr -f pdf --no-cache \
		--password-file password locked.pdf >/dev/null
	grep -q 'execve.*qpdf' trace
	ok 'a locked PDF is opened by qpdf'
	is "$(grep -c secret trace)" 0 'the password is not in the arguments of qpdf'
fi

# failures
status 3 'a page that is too large' pc-ocr -f pdf huge.pdf
cp out huge
sound huge
is "$(qpdf --show-npages huge)" 2 'a page that is too large stays in the PDF'
status 2 'plain text' pc-ocr -f pdf "$TESTS/pc-ocr/pdf.t"
like "$(cat err)" 'it is a text file; -f pdf accepts only PDFs and images' 'a text file with -f pdf: the message'
status 2 'two documents' pc-ocr -f pdf scan.pdf digital.pdf
like "$(cat err)" 'one document' 'two documents with -f pdf: the message says so'
status 2 '--jsonl' pc-ocr -f pdf --jsonl scan.pdf
status 2 'a list of names' pc-ocr -f pdf -0
status 2 '--vision-below' pc-ocr -f pdf --vision-below 50 scan.pdf
like "$(cat err)" 'does not report word positions' '--vision-below with -f pdf: the message says why'
pc-ocr -f pdf cut.pdf >shorter 2>err
case $? in
0 | 3) qpdf --check shorter >/dev/null 2>&1 ;;
2) [ ! -s shorter ] && grep -q "^pc-ocr: 'cut.pdf': " err ;;
*) false ;;
esac
ok 'a cut PDF gives a sound one or none'
mkdir bin
ln -s "$(command -v img2pdf)" bin/
PATH=$BUILD:$T/bin status 2 '-f pdf without qpdf fails' pc-ocr -f pdf --refresh scan.pdf
like "$(cat err)" 'install the package qpdf' 'without qpdf the message names its package'
is "$(cat out)" '' 'without qpdf nothing is printed'
rm bin/img2pdf
ln -s "$(command -v qpdf)" bin/
PATH=$BUILD:$T/bin status 2 '-f pdf of an image without img2pdf fails' pc-ocr -f pdf --refresh scan.png
like "$(cat err)" 'install the package img2pdf' 'without img2pdf the message names its package'
rm bin/qpdf
printf '#!/bin/sh\necho "qpdf: /proc/self/fd/10: no luck today" >&2\nexit 2\n' \
	>bin/qpdf
chmod +x bin/qpdf
PATH=$T/bin:$PATH status 2 'qpdf fails' pc-ocr -f pdf --refresh scan.pdf
is "$(said)" "pc-ocr: 'scan.pdf': qpdf: no luck today" 'if qpdf fails, its message is printed'
pc-ocr -f pdf scan.pdf | cmp - found.pdf
ok 'a failure of qpdf does not remove the cached result'
status 2 'a full device' bash -c 'pc-ocr -f pdf scan.pdf >/dev/full'
is "$(ls "$TMPDIR")" '' 'no file is left behind'
done_testing
