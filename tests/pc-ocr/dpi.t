#!/bin/bash
# pc-ocr: the dots an inch at which pages are recognised: a scan's own.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-documents" . mixed.pdf scan.png &&
	"$TESTS/data/make-scans" . pdf-{100,200,600} ||
	skip_all 'no documents can be made'

# dpi ARG...: of each page; null is none
dpi() {
	pc-ocr -f layout "$@" 2>err | jq -c '[.pages[].dpi]'
}
is "$(dpi pdf-200.pdf)" '[200]' 'a scan at 200 dots an inch has its own'
is "$(dpi pdf-200.pdf)" '[200]' 'a hit has the resolution of the scan'
is "$(dpi pdf-600.pdf)" '[300]' 'a scan at 600 dpi is recognised at 300 dpi'
is "$(dpi pdf-100.pdf)" '[300]' 'a scan at 100 dpi is recognised at 300 dpi'
is "$(dpi mixed.pdf)" '[null,200]' 'a page with a text layer has none'
is "$(dpi --ocr always --pages 1 mixed.pdf)" '[300]' \
	'a page with a text layer is recognised at 300 dpi with --ocr always'
is "$(dpi scan.png)" '[200]' 'an image has what it says'
is "$(pc-ocr --jsonl mixed.pdf | jq -c '[.pages[].dpi]')" '[null,200]' \
	'--jsonl has the resolution of each page'
for n in 200 600; do
	is "$(pc-ocr pdf-$n.pdf | tr -s ' \n' ' ')" \
		"$(tr -s ' \n' ' ' <pdf-$n.txt)" "pdf-$n.pdf: all of its text"
done

# ---- an image too long to be recognised as it is

# wide PIXELS: the top of the page, with PIXELS white pixels on its left
pdftoppm -r 300 -gray -H 600 -singlefile pdf-200.pdf top
wide() {
	python3 -c 'import sys
magic, size, depth = (sys.stdin.buffer.readline() for _ in range(3))
width, height = map(int, size.split())
out = sys.stdout.buffer
out.write(b"P5\n%d %d\n255\n" % (width + int(sys.argv[1]), height))
for _ in range(height):
    out.write(b"\xff" * int(sys.argv[1]) + sys.stdin.buffer.read(width))
' "$1" <top.pgm | python3 "$TESTS/data/pixels.py" 300
}
# at FILE: the page's size and where its first word is, in points
at() {
	pc-ocr -f layout "$1" | jq -c '.pages[0] |
		[.width, .height, .blocks[0].lines[0].words[0].box[]]'
}
wide 0 >narrow.png
wide 37500 >wide.png
at narrow.png >narrow
at wide.png >wide
is "$(dpi wide.png)" '[245]' 'one of 39,981 pixels is scaled'
is "$(jq -n --slurpfile n narrow --slurpfile w wide \
	'[$w[0], $n[0]] | transpose | to_entries | map(
		.value[0] - .value[1] - if .key | IN(0, 2, 4) then 9000 else 0 end) |
		all(fabs < 2)')" true 'a scaled image keeps its page size and word positions'

# ---- what was given counts

is "$(dpi --dpi 300 pdf-200.pdf)" '[300]' '--dpi'
is "$(dpi --dpi 150 pdf-200.pdf)" '[150]' '--dpi accepts a value below that of scans'
echo '{"ocr": {"dpi": 250}}' >config.json
PC_CONFIG=$T/config.json
export PC_CONFIG
is "$(dpi pdf-600.pdf)" '[250]' 'ocr.dpi replaces the default of 300 dpi'
is "$(dpi pdf-200.pdf)" '[200]' 'ocr.dpi does not change the resolution of a scan'
unset PC_CONFIG
is "$(dpi pdf-200.pdf)" '[200]' 'each resolution has a key of its own'
is "$(pc-ocr --jsonl -f png -o '%d.png' pdf-200.pdf |
	jq '.pages[0].dpi')" 300 'pictures of pages are all of one scale'

# ---- how an image is on its page

if command -v qpdf >/dev/null; then
	for turn in 90 180; do
		qpdf --rotate=$turn pdf-200.pdf turned.pdf
		is "$(dpi turned.pdf)" '[200]' "turned by $turn"
	done
	qpdf --object-streams=generate --linearize pdf-200.pdf other.pdf
	is "$(dpi other.pdf)" '[200]' 'in object streams'
	qpdf --encrypt secret secret 256 -- pdf-200.pdf locked.pdf
	is "$(PC_OCR_PASSWORD=secret dpi locked.pdf)" '[200]' 'locked'
	# An overlay goes into a form, and so does what is below it.
	echo '.bp' | groff -Tpdf -P-pa4 >blank.pdf
	qpdf pdf-200.pdf --overlay blank.pdf -- form.pdf
	is "$(dpi form.pdf)" '[200]' 'in a form'
	printf '.po 0.2i\n.sp |0.3i\nCopy\n' | groff -Tpdf -P-pa4 >stamp.pdf
	qpdf pdf-200.pdf --overlay stamp.pdf -- stamped.pdf
	is "$(dpi stamped.pdf)" '[300]' 'not where there is more than a scan'
fi
if command -v img2pdf >/dev/null; then
	pdftoppm -r 300 -gray -png -singlefile pdf-200.pdf pdf-200
	img2pdf --pagesize A4 --imgsize 12cmx4cm scan.png -o part.pdf
	is "$(dpi part.pdf)" '[300]' 'on a part of it'
	img2pdf --pagesize A4 --imgsize 14.8cmx21cm pdf-200.png -o half.pdf
	is "$(dpi half.pdf)" '[300]' 'of its proportions, on half of it'
	img2pdf --pagesize 210.2mmx296.5mm --fit into scan.png -o margin.pdf
	is "$(dpi margin.pdf)" '[200]' 'with a narrow margin'
fi

# ---- what libqpdf cannot read

head -c -300 pdf-200.pdf >cut.pdf
is "$(dpi cut.pdf)" '[300]' 'a PDF without its end is recognised at 300 dpi'
LC_ALL=C sed 's/^startxref$/startxxxx/' pdf-200.pdf >lost.pdf
is "$(dpi lost.pdf)" '[300]' 'a PDF that poppler repairs'
is "$(said)" '' 'a PDF that poppler repairs prints no message'
# A page tree so deep that libqpdf, which calls itself, runs out of stack.
awk 'function object(s) {
		place[++n] = at
		s = n " 0 obj" s "endobj\n"
		at += length(s)
		printf "%s", s
	}
	BEGIN {
		deep = 50000
		printf "%%PDF-1.4\n"
		at = 9
		object("<</Type/Catalog/Pages 2 0 R>>")
		for (i = 1; i <= deep; i++)
			object("<</Type/Pages/Count 1/Kids[" i + 2 " 0 R]" \
			    (i > 1 ? "/Parent " i " 0 R" : "") ">>")
		object("<</Type/Page/Parent " deep + 1 " 0 R" \
		    "/MediaBox[0 0 200 200]>>")
		printf "xref\n0 %d\n0000000000 65535 f \n", n + 1
		for (i = 1; i <= n; i++)
			printf "%010d 00000 n \n", place[i]
		printf "trailer<</Size %d/Root 1 0 R>>\n", n + 1
		printf "startxref\n%d\n%%%%EOF\n", at
	}' >deep.pdf
is "$(dpi deep.pdf)" '[300]' 'a page tree that crashes libqpdf is recognised at 300 dpi'
is "$(dpi --dpi 150 deep.pdf)" '[150]' 'a page tree that crashes libqpdf is recognised with --dpi'
# A sanitizer would say more.
is "$(said | grep '^pc-ocr')" '' 'a page tree that crashes libqpdf prints no message'

# ---- what it is computed with

key=$(pc-ocr -v pdf-200.pdf 2>&1 >/dev/null |
	sed -n 's/^pc-ocr: hit ocr \([0-9a-f]*\).*/\1/p')
is "$(pc-get --meta -k "$key" | jq -c '[.params.dpi, (.engine | has("qpdf"))]')" \
	'["own,300",true]' 'libqpdf is in the key'
done_testing
