#!/bin/bash
# pc-ocr -f pdf: words lie in the PDF where the layout has them, however the
# page is cut, turned and scaled, and whatever an image says of its size.
. "$(dirname "$0")/../lib.sh"

for tool in qpdf img2pdf pdftotext pdfinfo jq python3; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
"$TESTS/data/make-documents" . digital.pdf || skip_all 'no documents can be made'

# 595.4 x 324 points
pdftoppm -r 200 -gray -singlefile -H 900 digital.pdf scan
pdftotext -l 1 -H 324 -W 596 digital.pdf truth

cat >page.py <<'PY'
"""page.py AT KEYS < PGM: a PDF whose page has the keys, and the image at AT."""
import sys
import zlib
at, keys = sys.argv[1].encode(), sys.argv[2].encode()
f = sys.stdin.buffer
assert f.readline() == b"P5\n"
width, height = map(int, f.readline().split())
assert f.readline() == b"255\n"
pixels = zlib.compress(f.read())
show = b"595.44 0 0 324 %b cm /I Do" % at
objects = [
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[-50 -70 700 500]>>",
    b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</I 4 0 R>>>>"
    b"/Contents 5 0 R%b>>" % keys,
    b"<</Type/XObject/Subtype/Image/Width %d/Height %d"
    b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    b"/Length %d>>\nstream\n%b\nendstream" % (
        width, height, len(pixels), pixels),
    b"<</Length %d>>\nstream\n%b\nendstream" % (len(show), show)]
out, places = b"%PDF-1.6\n", b""
for number, body in enumerate(objects, 1):
    places += b"%010d 00000 n \n" % len(out)
    out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
sys.stdout.buffer.write(
    out + b"xref\n0 6\n0000000000 65535 f \n" + places +
    b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out))
PY

cat >image.py <<'PY'
"""image.py ROWS... < PGM: a TIFF, a frame of ROWS rows each; ROWS/X/Y says X
and Y dots an inch and has as many of the 200 that there are."""
import struct
import sys
f = sys.stdin.buffer
assert f.readline() == b"P5\n"
width, height = map(int, f.readline().split())
assert f.readline() == b"255\n"
pixels = f.read()
out = b"II*\0" + struct.pack("<I", 8)
for i, arg in enumerate(sys.argv[1:]):
    rows, x, y = ([int(n) for n in arg.split("/")] + [200, 200])[:3]
    lines = [pixels[r * 200 // y * width:][:width]
             for r in range(rows * y // 200)]
    lines = [bytes(l[c * 200 // x] for c in range(width * x // 200))
             for l in lines]
    data = b"".join(lines)
    tags = [(256, 4, len(lines[0])), (257, 4, len(lines)), (258, 3, 8),
            (259, 3, 1), (262, 3, 1), (273, 4, 0), (277, 3, 1),
            (278, 4, len(lines)), (279, 4, len(data))]
    if "/" in arg:
        tags += [(282, 5, -16), (283, 5, -8), (296, 3, 2)]
    after = len(out) + 2 + 12 * len(tags) + 4
    out += struct.pack("<H", len(tags))
    for tag, kind, value in tags:
        if tag == 273:
            value = after + 16
        out += struct.pack("<HHII", tag, kind, 1,
                           value if value >= 0 else after + 16 + value)
    end = after + 16 + len(data) + len(data) % 2
    out += struct.pack("<I", 0 if i + 2 == len(sys.argv) else end)
    out += struct.pack("<4I", x, 1, y, 1) + data + b"\0" * (len(data) % 2)
sys.stdout.buffer.write(out)
PY

cat >where.py <<'PY'
"""where.py LAYOUT BBOX [SCALE]: how many words are within two points, along
their line, of where they are to be, three across, and which are not; boxes are
SCALE times too large."""
import json
import re
import sys
from html import unescape
scale = float((sys.argv[3:] or [1])[0])
pages = open(sys.argv[2]).read().split("<page ")[1:]
found, lost = 0, []
for page, text in zip(json.load(open(sys.argv[1]))["pages"], pages):
    got = [(unescape(m[5]), [float(m[i]) / scale for i in range(1, 5)])
           for m in re.finditer(r'<word xMin="(\S+)" yMin="(\S+)" '
                                r'xMax="(\S+)" yMax="(\S+)">(.*)</word>', text)]
    along = page["rotation"] // 90 % 2
    for word in (word for block in page["blocks"] for line in block["lines"]
                 for word in line["words"]):
        a, c = word["box"], 1 - along
        if any(t == word["text"] and abs(a[along] - b[along]) < 2 and
               abs(a[along + 2] - b[along + 2]) < 2 and
               abs(a[c] + a[c + 2] - b[c] - b[c + 2]) < 6 for t, b in got):
            found += 1
        else:
            lost.append(word["text"])
print("all of many" if not lost and found > 30 else (found, lost))
PY

# right FILE DESCRIPTION [ARG...]
right() {
	local file=$1 what=$2
	shift 2
	pc-ocr -f layout "$@" "$file" >layout
	status 0 "$what" pc-ocr -f pdf "$@" "$file"
	cp out made.pdf
	pdftotext -cropbox -bbox made.pdf bbox
	is "$(python3 where.py layout bbox)" 'all of many' \
		"$what: words are where they are seen"
}

size() {
	pdfinfo "$1" | sed -n 's/^Page size: *//p' |
		awk '{ print int($1 + 0.5) "x" int($3 + 0.5) }'
}

# ---- PDFs

crop='/CropBox[70 50 665.44 374]'
trim='/TrimBox[90 110 600 370]'
page() {
	python3 page.py '70 50' "$crop$1" <scan.pgm >page.pdf
}
page ''
right page.pdf 'a CropBox that does not begin at 0,0'
page "$trim"
right page.pdf 'a TrimBox inside the CropBox'
is "$(pdfinfo -box made.pdf | grep Box)" "$(pdfinfo -box page.pdf | grep Box)" \
	'the PDF keeps the boxes of the page'
pc-ocr -f text --no-cache page.pdf >/dev/null
pc-ocr -f pdf --no-cache page.pdf | cmp - made.pdf
ok '--no-cache gives the same bytes'
right page.pdf 'a page with a TrimBox, and --dpi' --dpi 150
page '/TrimBox[600 370 90 110]'
right page.pdf 'a TrimBox from its upper right corner'
page '/TrimBox[-900 -90 900 900]'
right page.pdf 'a TrimBox that is larger than the page'
for turn in 90 180 270; do
	page "$trim/Rotate $turn"
	right page.pdf "a page with a TrimBox and /Rotate $turn"
done
page "$trim/Rotate 90/UserUnit 2.5"
right page.pdf 'a page with a TrimBox, /Rotate 90 and a UserUnit'
page '/UserUnit 0.5'
right page.pdf 'a UserUnit of less than 1'
page "$trim/UserUnit 0"
right page.pdf 'an invalid UserUnit'

# What was remembered for another form has the boxes too.
page "$trim/Rotate 180"
PC_STORE=$T/other pc-ocr page.pdf >/dev/null
PC_STORE=$T/other pc-ocr -f pdf page.pdf | cmp - <(pc-ocr -f pdf page.pdf)
ok 'cached pages give the same bytes'

# ---- images

right scan.pgm 'an image without a resolution'
is "$(size made.pdf)" 397x216 'an image without a resolution has the page size of the dpi used for OCR'
right scan.pgm 'an image without a resolution, and --dpi' --dpi 200
is "$(size made.pdf)" 595x324 '--dpi sets the page size'
python3 image.py 900/204/98 <scan.pgm >fax.tiff
right fax.tiff 'a fax with half the vertical resolution'
is "$(size made.pdf)" 595x324 'a fax has the page size of its resolution'
pc-ocr fax.tiff | tr -s ' \f' '\n\n' | sort >got
[ "$(tr -s ' \f' '\n\n' <truth | sort | comm -23 - got | wc -l)" -lt 4 ]
ok 'a fax has its text, except for a few words'
python3 image.py 900/98/204 <scan.pgm >fax.tiff
right fax.tiff 'a fax with half the horizontal resolution'
python3 image.py 900 500 <scan.pgm >two.tiff
right two.tiff 'frames of two sizes without a resolution'
is "$(size made.pdf)" 397x216 'frames without a resolution have the same dpi'
python3 image.py 900 900/200/200 <scan.pgm >two.tiff
status 0 'two frames, one with a resolution' pc-ocr -f pdf two.tiff
cp out made.pdf
pdftotext -l 1 -bbox made.pdf bbox
pc-ocr -f layout two.tiff >layout
is "$(python3 where.py layout bbox 3.125)" 'all of many' \
	'frames at any resolution have words where they are seen'
done_testing
