#!/bin/bash
# pc-ocr -f png: pages as files, by real poppler and leptonica.
. "$(dirname "$0")/../lib.sh"

for tool in pdftoppm pdfimages img2pdf python3 strace; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
"$TESTS/data/make-documents" . digital.pdf scan.pdf scan.png scan.tiff \
	mixed.pdf huge.pdf locked.pdf ||
	skip_all 'no documents can be made'
echo secret >password
chmod 600 password

# size FILE: width and height in pixels, depth, kind of colour
size() {
	python3 -c 'import struct, sys
b = open(sys.argv[1], "rb").read()
assert b[:8] == b"\x89PNG\r\n\x1a\n" and b[12:16] == b"IHDR" and b[-8:-4] == b"IEND"
print(*struct.unpack(">IIBB", b[16:26]))' "$1"
}
# pixels FILE: of a PNG file, to look-000.ppm, or .pgm
pixels() {
	img2pdf -o look.pdf "$1" 2>look.err && pdfimages look.pdf look
}
# differing FILE PPM: how many of 1000 pixels differ by more than 8 of 255
differing() {
	pixels "$1"
	python3 -c 'import sys
def read(name):
    b = open(name, "rb").read().split(b"\n", 3)
    assert b[0] == b"P6", b[0]
    return b[1], b[3]
(s, a), (t, b) = read(sys.argv[1]), read(sys.argv[2])
assert s == t, (s, t)
print(sum(abs(x - y) > 8 for x, y in zip(a, b)) * 1000 // len(a))' look-000.ppm "$2"
}
# computed STAGE: how many of it were stored so far
computed() {
	pc-stats -q --json |
		jq "[.stages[] | select(.stage == \"$1\") | .put] | add // 0"
}

# ---- files

status 0 '-f png succeeds' pc-ocr -f png --dpi 100 -o '{}-%03d.png' mixed.pdf
is "$(xargs <out)" 'mixed-001.png mixed-002.png' '-f png prints the names of its files'
pdftoppm -r 100 mixed.pdf want
is "$(size mixed-001.png | cut -d' ' -f 3-) $(differing mixed-001.png want-1.ppm)" \
	'8 2 0' 'in colour, as pdftoppm renders it'
is "$(size mixed-002.png | cut -d' ' -f 3-) $(differing mixed-002.png want-2.ppm)" \
	'8 2 0' 'and the second'
is "$(stat -c %a mixed-001.png)" "$(printf %o $((0666 & ~$(umask))))" \
	'files have the mode that umask leaves'
(umask 077 && pc-ocr -f png --dpi 100 -o 'own-%d.png' --pages 2 mixed.pdf) >out
is "$(cat out) $(stat -c %a own-2.png)" 'own-2.png 600' 'a umask of 077 makes files with mode 600'
cmp own-2.png mixed-002.png
ok 'a page has its number in the document'
mkdir mixed
status 0 '--output is the same as -o' pc-ocr -f png --dpi 100 --output '{}/%d%%{}{.png' \
	--pages 2,1 ./mixed.pdf
is "$(xargs <out)" 'mixed/2%mixed{.png mixed/1%mixed{.png' \
	'files are in the order of --pages; %% and {} are replaced'
cmp 'mixed/2%mixed{.png' mixed-002.png
ok 'files by another pattern have the same bytes'
echo old >kept-1.png
status 0 '-f png over a file that exists' pc-ocr -f png --dpi 100 -o 'kept-%d.png' mixed.pdf
cmp kept-1.png mixed-001.png
ok 'a file that exists is replaced'
is "$(find . -name '.pc-*')" '' 'no temporary file is left'

# ---- standard output

status 0 'one page without -o succeeds' pc-ocr -f png --dpi 100 --pages 2 mixed.pdf
cmp out mixed-002.png
ok 'one page without -o goes to standard output'
status 2 'two pages without -o fail' pc-ocr -f png mixed.pdf
like "$(cat err)" '2 pages are selected; name their files with -o' 'two pages need -o: the message'
is "$(stat -c %s out)" 0 'two pages without -o print nothing'
status 2 'two documents without -o fail' pc-ocr -f png scan.png digital.pdf
like "$(cat err)" 'one document unless -o' 'two documents without -o: the message'
status 2 '--jsonl without -o fails' pc-ocr -f png --jsonl scan.png
status 2 '-f png to a full device fails' bash -c 'pc-ocr -f png scan.png >/dev/full'
status 0 '-f png reads standard input' pc-ocr -f png --dpi 100 -o '{}%d.png' - <mixed.pdf
is "$(xargs <out)" 'stdin1.png stdin2.png' 'standard input is called stdin in file names'

# ---- the store

made=$(computed ocr.png)
pc-ocr -f png --dpi 100 --no-cache -j 1 -o 'a%d' mixed.pdf >/dev/null
cmp a1 mixed-001.png && cmp a2 mixed-002.png
ok '--no-cache writes the same bytes'
pc-ocr -f png --dpi 100 --refresh -j 3 -o 'b%d' mixed.pdf >/dev/null
cmp b1 mixed-001.png && cmp b2 mixed-002.png
ok '--refresh writes the same bytes'
is "$(($(computed ocr.png) - made))" 2 '--refresh stores both pages again'
strace -f -e trace=execve -o trace \
	pc-ocr -f png --dpi 100 --no-cache -o 'c%d' mixed.pdf >out
like "$(cat trace)" 'pc-doc.*"serve"' '--no-cache runs the helper'
rm c1 c2
strace -f -e trace=execve -o trace \
	pc-ocr -v -f png --dpi 100 -o 'c%d' mixed.pdf >out 2>err
like "$(cat err)" '^pc-ocr: hit ocr ' 'the next run is a hit'
cmp c1 mixed-001.png && cmp c2 mixed-002.png
ok 'a hit writes the same bytes'
is "$(grep -c 'pc-doc.*"serve"' trace)" 0 'a hit runs no helper'
pc-ocr -v -f png --dpi 100 -o '{}_%d' --read-only <(cat mixed.pdf) 2>&1 |
	grep -q '^pc-ocr: hit'
ok 'a copy of the document is a hit'
made=$(computed ocr.png)
status 0 'one page of a cached document' \
	pc-ocr -f png --dpi 100 --pages 1 -o 'd%d' mixed.pdf
is "$(($(computed ocr.png) - made))" 0 'a cached page is not rendered again'
status 0 'another --dpi succeeds' pc-ocr -f png --dpi 50 --pages 1 -o 'd%d' mixed.pdf
is "$(($(computed ocr.png) - made))" 1 'another --dpi renders the page again'
status 0 'another -p succeeds' pc-ocr -f png --dpi 100 -p x=1 -o 'd%d' mixed.pdf
is "$(($(computed ocr.png) - made))" 1 'another -p does not render the pages again'
# same_record: the record without what differs from run to run
same_record() { sed 's/"hit":[a-z]*,"reason":"[^"]*",//'; }
pc-ocr -f png --dpi 100 -s list --no-cache --jsonl -o 'd%d' mixed.pdf >list
pc-ocr -f png --dpi 100 -s list --jsonl -o 'd%d' mixed.pdf | same_record | cmp - <(same_record <list)
ok '--no-cache prints the same JSON records'
pc-ocr -f png --dpi 100 -s list --jsonl -o 'd%d' mixed.pdf | same_record | cmp - <(same_record <list)
ok 'a hit prints the same JSON records'
is "$(jq -c '[.file, (.id | length), .pages[1].page, .pages[1].output,
	.pages[1].dpi, has("png")]' list)" \
	'["mixed.pdf",64,2,"d2",100,false]' 'they say what there is'
is "$(jq -r '.pages[0] | "\(.width) \(.height)"' list)" \
	"$(size d1 | cut -d' ' -f 1-2)" 'and its size'
pc-ocr -f png --dpi 100 -s list --jsonl -o 'e%d' mixed.pdf >list
is "$(jq -r '.pages[].output' list | xargs)" 'e1 e2' \
	'file names are not cached'
# A page that is gone: its record alone is not there.
export PC_STORE=$T/other
pc-ocr -f png --dpi 100 -o 'f%d' -t never mixed.pdf >out
pc-ocr -f png --dpi 100 -o 'f%d' -t 1s --refresh --pages 2 mixed.pdf >out
sleep 1.1
pc-ocr -v -f png --dpi 100 -o 'g%d' mixed.pdf >out 2>err
like "$(cat err)" '^pc-ocr: computed' 'a document whose page is evicted is a miss'
cmp g1 f1 && cmp g2 f2
ok 'an evicted page is rendered again'
is "$(computed ocr.png)" 4 'only the evicted page is rendered again'
export PC_STORE=$T/store

# ---- other documents

status 0 '-f png of an image' pc-ocr -f png scan.png
cp out image.png
pixels scan.png
mv look-000.p?m want
pixels image.png
cmp look-000.p?m want
ok 'an image keeps its pixels'
status 0 '-f png of a TIFF' pc-ocr -f png -o 'tiff%d.png' scan.tiff
is "$(xargs <out)" tiff1.png 'a TIFF is written as PNG'
status 0 '-f png of a locked PDF with its password' pc-ocr -f png --password-file password \
	-o 'l%d.png' locked.pdf
status 2 '-f png of a locked PDF without its password fails' pc-ocr -f png --no-cache -o 'l%d.png' locked.pdf
status 3 '-f png: a page that is too large is exit status 3' pc-ocr -f png --jsonl -o 'h%d.png' huge.pdf
is "$(jq -r '.pages[] | .output // "none"' out | xargs)" 'h1.png none' \
	'a page that is too large is an error in its record'
[ ! -e h2.png ]
ok 'a page that is too large has no file'
echo text >plain.txt
status 2 '-f png of a text file fails' pc-ocr -f png plain.txt
like "$(cat err)" 'it is text and has no pixels' 'a text file has no pixels: the message'
is "$(stat -c %s out)" 0 'a text file prints nothing'

# ---- names

mkdir one two
cp scan.png one/a.b.png
cp scan.png two/a.b.png
cp digital.pdf two/scan.pdf
status 0 'a document whose name has two dots' pc-ocr -f png -o '{}-%d.png' one/a.b.png
is "$(cat out)" a.b-1.png '{} is the name up to the last dot'
status 0 'the same content and name twice succeeds' pc-ocr -f png -o '{}-%d.png' one/a.b.png two/a.b.png
status 3 'two documents of one name are exit status 3' \
	pc-ocr -f png -j 1 -o 'n-{}-%d.png' scan.pdf two/scan.pdf
like "$(cat err)" "'two/scan.pdf', page 1: 'n-scan-1.png' is already the file of another page" \
	'two documents of one name: the message'
mkdir a taken-1
cp scan.png a/..png
cp scan.png a/...png
status 2 'names that consist of dots fail' pc-ocr -f png -o 'taken-1/{}/%d' a/..png a/...png
is "$(ls 1 taken-1/1 2>/dev/null)" '' 'names that consist of dots write nowhere else'
status 2 'a missing directory fails' pc-ocr -f png -o 'none/%d' scan.png
like "$(cat err)" "page 1: cannot write 'none/1': No such file" 'a missing directory: the message'
status 2 "a directory with the file's name fails" pc-ocr -f png -o 'taken-%d' scan.png
is "$(find . -name '.pc-*')" '' 'a failure leaves no temporary file'
status 2 'a limit on file sizes fails' \
	bash -c 'ulimit -f 8; exec pc-ocr -f png --no-cache -o "u%d" scan.png'
like "$(cat err)" "cannot write 'u1': File too large" 'a limit on file sizes: the message'
is "$(find . -name '.pc-*' -o -name u1)" '' 'a limit on file sizes leaves no file'
mkdir kept-2
status 3 'a cached page that cannot be written is exit status 3' \
	pc-ocr -f png --dpi 100 -o 'kept-%d' mixed.pdf
for p in x.png '%s' '%d%d' '%3d' '%-3d' '%00d' '%010d' '%n%d' '%' '%d%' '%0' \
	'%03' '%ld' '%*d' ''; do
	status 2 "bad pattern '$p'" pc-ocr -f png -o "$p" scan.png
done
status 2 'a pattern without {} and several documents is a usage error' pc-ocr -f png -o '%d.png' scan.png digital.pdf
like "$(cat err)" 'it must contain \{\}' 'a pattern without {} and several documents: the message'
status 2 'a pattern without {} and -r is a usage error' pc-ocr -f png -r -o '%d.png' one
status 2 '-o with another format is a usage error' pc-ocr -o 'x%d' scan.png
status 0 '-f png -r succeeds' pc-ocr -f png -r --dpi 40 -o 'r-{}-%d.png' one two
is "$(xargs <out)" 'r-a.b-1.png r-a.b-1.png r-scan-1.png r-scan-2.png' \
	'-f png -r reads all files'
own_helpers
status 0 '-f png of many documents succeeds' pc-ocr -f png --dpi 40 --no-cache \
	-j 2 -o 'z-{}-%d.png' scan.pdf digital.pdf mixed.pdf one/a.b.png
is "$(grep -c . out)" "$(find . -name 'z-*.png' | grep -c .)" \
	'each name that is printed is a file'
is "$(helpers_left)" 0 '-f png leaves no helper'

# ---- a helper that lies

if [ -x "$BUILD/tests/liar" ]; then
	mkdir fake
	ln -s "$BUILD/tests/liar" fake/pc-doc
	export PC_LIBEXEC=$T/fake PC_STORE=$T/lies
	for lie in none file pixels words endless open-again other-page; do
		LIAR=$lie status 2 "a helper's lie: $lie" \
			limit pc-ocr -f png -o 'lie-%d' plain.txt
	done
	LIAR='file' pc-ocr -f png -o 'lie-%d' plain.txt >out 2>err
	like "$(cat err)" "page 2: pc-doc's answer is not a PNG file" 'a helper that sends no PNG file: the message'
	is "$(computed ocr.png) $(ls lie-* 2>/dev/null)" '0 ' 'nothing of a false answer is stored or written'
fi
done_testing
