#!/bin/bash
# The images of a request, by real leptonica and poppler: upright, small enough,
# the same for the same pixels, and no helper for what is known.
. "$(dirname "$0")/../lib.sh"

for tool in img2pdf pdftoppm pdfimages python3; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
"$TESTS/data/make-documents" . mixed.pdf locked.pdf scan.tiff ||
	skip_all 'no documents can be made'
PATH=$BUILD/tests:$PATH
export PC_LIBEXEC=$BUILD

# undotted PNG FILE: without its dots an inch, which leptonica 1.84 says are 0,
# and img2pdf divides by them
undotted() {
	python3 -c 'import struct, sys
b = open(sys.argv[1], "rb").read()
out, at = b[:8], 8
while at < len(b):
    n = struct.unpack(">I", b[at:at + 4])[0] + 12
    if b[at + 4:at + 8] != b"pHYs":
        out += b[at:at + n]
    at += n
open(sys.argv[2], "wb").write(out)' "$@"
}
# png WIDTH HEIGHT [KIND [TEXT]]: a picture, its left half dark; KIND rgb, gray,
# bits, alpha or map
cat >png.py <<'END'
import struct, sys, zlib
w, h = int(sys.argv[1]), int(sys.argv[2])
kind = sys.argv[3] if len(sys.argv) > 3 else "rgb"
text = sys.argv[4] if len(sys.argv) > 4 else ""
depth, colour, dark, light = {
    "rgb": (8, 2, b"\x20\x00\x40", b"\xff\xf0\xe0"),
    "gray": (8, 0, b"\x20", b"\xf0"), "deep": (16, 0, b"\x20\x00", b"\xf0\x00"),
    "map": (8, 3, b"\x00", b"\x01"), "bits": (1, 0, b"\x00", b"\xff"),
    "alpha": (8, 6, b"\x20\x00\x40\xff", b"\x00\x00\x00\x00")}[kind]
n = w // 16 if kind == "bits" else w // 2
row = b"\x00" + dark * n + light * ((w // 8 if kind == "bits" else w) - n)
def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))
out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, 0))
if text:
    out += chunk(b"tEXt", b"Comment\x00" + text.encode())
    out += chunk(b"pHYs", struct.pack(">IIB", 1000 + len(text), 1000 + len(text), 1))
if kind == "map":
    out += chunk(b"PLTE", b"\x20\x00\x40\xff\xf0\xe0")
out += chunk(b"IDAT", zlib.compress(row * h, 6 if text else 9)) + chunk(b"IEND", b"")
sys.stdout.buffer.write(out)
END
png() { python3 png.py "$@"; }
# size FILE: width and height
size() {
	python3 -c 'import struct, sys
b = open(sys.argv[1], "rb").read()
assert b[:8] == b"\x89PNG\r\n\x1a\n" and b[-8:-4] == b"IEND"
print(*struct.unpack(">II", b[16:24]))' "$1"
}
# light FILE: in which of top, bottom, left, right halves is it light?
light() {
	rm -f look-*
	undotted "$1" look.png && img2pdf -o look.pdf look.png 2>look.err &&
		pdfimages look.pdf look && python3 -c 'import sys
m, s, t, d = open(sys.argv[1], "rb").read().split(b"\n", 3)
w, h = map(int, s.split())
k = len(d) // (w * h)
at = lambda x, y: d[(int(y * h) * w + int(x * w)) * k + 1]
print(*(n for n, x, y in (("top", .3, .1), ("bottom", .3, .9), ("left", .1, .3),
    ("right", .9, .3)) if at(x, y) > 200))' look-000.p?m
}

# ---- what is sent

png 200 100 >half.png
img2pdf -o half.pdf half.png 2>err && pdftoppm -jpeg -r 96 half.pdf half &&
	mv half-1.jpg half.jpg
python3 -c 'import struct, sys
b = open("half.jpg", "rb").read()
tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x112, 3, 1, 6, 0, 0)
app1 = b"Exif\0\0" + tiff
open("turned.jpg", "wb").write(b[:2] + b"\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + b[2:])'
status 0 'a JPEG succeeds' images -o plain half.jpg
status 0 'a JPEG with an Exif orientation succeeds' images -o turned turned.jpg
is "$(size turned1.png)" "$(size plain1.png | awk '{print $2, $1}')" 'a JPEG with an Exif orientation is turned upright'
is "$(light plain1.png)/$(light turned1.png)" 'right/bottom' \
	'a JPEG with an Exif orientation of 6 is turned clockwise'
is "$(sha256sum turned1.png | cut -c 1-64)" "$(cut -d' ' -f 2 out)" \
	'the id is that of the PNG'
png 4000 1000 >wide.png
status 0 'a wide image succeeds' images -o wide wide.png
is "$(size wide1.png)" '1568 392' 'a wide image is scaled down and keeps its proportions'
is "$(light wide1.png)" right 'a scaled image shows the same'
status 0 'a wide image with a smaller limit succeeds' images -s 100 -o small wide.png
is "$(size small1.png)" '100 25' 'a smaller limit gives a smaller image'
status 0 'a small image succeeds' images -o half half.png
is "$(size half1.png)" '200 100' 'a small image is not enlarged'
for kind in gray deep map bits alpha; do
	png 4000 80 $kind >$kind.png
	status 0 "a PNG of kind $kind succeeds" images -o $kind- $kind.png
	is "$(size $kind-1.png) $(light $kind-1.png | grep -o right)" \
		'1568 31 right' "a PNG of kind $kind is scaled"
done
status 0 'a TIFF succeeds' images -o tiff scan.tiff
is "$(size tiff1.png | tr ' ' '\n' | sort -n | tail -n 1)" 1568 \
	'the first page of a TIFF is scaled'
status 0 'a PDF of two pages succeeds' images -o pdf mixed.pdf
is "$(cut -d' ' -f 1 out | xargs)" '1 2' 'a PDF of two pages becomes two images'
is "$(size pdf2.png | tr ' ' '\n' | sort -n | tail -n 1)" 1568 \
	'a page of a PDF has the largest size'
status 0 'a PDF with a small page succeeds' images -o page half.pdf
is "$(size page1.png | cut -d' ' -f 1)" \
	"$(pdftoppm -r 300 half.pdf want && head -c 20 want-1.ppm | sed -n 2p |
		cut -d' ' -f 1)" 'a small page is rendered at 300 dpi'
status 0 'one page of a PDF succeeds' images -p 2 mixed.pdf
is "$(cut -d' ' -f 1 out) $(cut -d' ' -f 2 out)" \
	"2 $(sha256sum pdf2.png | cut -c 1-64)" 'one page of a PDF is the page that -p names'
status 0 'two pages in another order succeed' images -p 2,1 mixed.pdf
is "$(cut -d' ' -f 1 out | xargs)" '2 1' 'two pages are in the order of -p'
status 0 'several files succeed' images half.jpg mixed.pdf half.png
is "$(cut -d' ' -f 1 out | xargs)" '1 1 2 1' 'the images of several files are in order'

# ---- the same pixels

png 300 200 rgb 'a comment' >one.png
png 300 200 rgb 'another, longer' >two.png
cmp -s one.png two.png
is "$?" 1 'two files with the same pixels have different bytes'
images one.png two.png >out
is "$(cut -d' ' -f 2 out | sort -u | wc -l)" 1 'two files with the same pixels are the same image'

for form in -png -tiff ''; do
	pdftoppm -r 40 -singlefile -f 1 -l 1 $form mixed.pdf "page$form"
done
images page-png.png page-tiff.tif page.ppm >out
is "$(cut -d' ' -f 2 out | sort -u | wc -l)" 1 \
	'files with the same pixels and other dpi are the same image'

# ---- what is remembered

for f in wide.png mixed.pdf turned.jpg; do
	images $f >first
	PC_LIBEXEC=/nonexistent status 0 "$f: a cached image succeeds without a helper" images -o again $f
	cmp -s out first
	ok "$f: a cached image is the same without a helper"
done
mkdir only
cp "$BUILD/pc-doc" only
PC_LIBEXEC=$T/only images wide.png >first
chmod -x only/pc-doc
png 50 50 >new.png
PC_LIBEXEC=$T/only status 0 'a cached image succeeds with a helper that cannot be run' images -o again mixed.pdf
cmp again2.png pdf2.png
ok 'a cached image does not run the helper'
PC_LIBEXEC=/nonexistent status 2 'a new image without a helper is an error' images new.png
like "$(cat err)" 'is pc installed' 'a new image without a helper: the message says so'
PC_STORE=$T/other PC_LIBEXEC=/nonexistent status 2 'an image in a new store without a helper is an error' \
	images half.png
like "$(cat err)" "/nonexistent/pc-doc.*PC_LIBEXEC" 'an image in a new store: the message names the helper'
images mixed.pdf >first
IMAGES_BETWEEN="rm -r '$T/store'" status 0 'a store that is removed during the run does not fail it' \
	images -o lost mixed.pdf
cmp -s lost2.png pdf2.png
ok 'an image that is lost with the store is computed a second time'
cp half.png moving.png
images moving.png >first
# A log that was open is there still when it is removed.
IMAGES_BETWEEN="truncate -s 0 '$T'/store/*/log; cp wide.png moving.png" \
	status 2 'a file that changes during the run is an error' images -o lost moving.png
like "$(cat err)" "'moving.png': it is not what it was" 'a file that changes during the run: the message says so'
PC_CACHE=off status 0 'an image without a store succeeds' images -n -o none mixed.pdf
cmp -s none1.png pdf1.png
ok 'without a store the image is the same'
images -r mixed.pdf >first
cmp -s first out
ok '--refresh gives the same images'
status 0 'an image on standard input succeeds' images -o in - <mixed.pdf
cmp -s in1.png pdf1.png
ok 'an image on standard input is the same as from a file'
status 0 'an image from a pipe succeeds' images -o pipe <(cat half.png)
cmp -s pipe1.png half1.png
ok 'an image from a pipe is the same as from a file'

# ---- what is wrong

echo 'Only text.' >notes.txt
status 2 'a text file is an error' images notes.txt
like "$(cat err)" "'notes.txt': it is text, no PDF or image: " 'a text file: the message says so'
head -c 3000 /dev/zero >zero
status 2 'an unsupported file type is an error' images zero
like "$(cat err)" "'zero': application/octet-stream is not supported" \
	'an unsupported file type: the message names it'
head -c 200 wide.png >cut.png
status 2 'a truncated image is an error' images cut.png
like "$(cat err)" "'cut.png', page 1: cannot read the image" 'a truncated image: the message names file and page'
status 2 'a PDF with a password is an error' images locked.pdf
like "$(cat err)" "'locked.pdf': it is locked by a password.*PC_OCR_PASSWORD" \
	'a PDF with a password: the message names PC_OCR_PASSWORD'
PC_OCR_PASSWORD=secret status 0 'PC_OCR_PASSWORD opens a PDF with a password' images locked.pdf
status 2 'a missing image is an error' images none.png
like "$(cat err)" "'none.png': No such file" 'a missing image: the message says so'
status 2 'a directory is an error' images only
like "$(cat err)" "'only': Is a directory" 'a directory: the message says so'
: >empty
status 2 'an empty file is an error' images empty
like "$(cat err)" "'empty': it is " 'an empty file: the message names it'
status 2 'a missing page is an error' images -p 3 mixed.pdf
like "$(cat err)" "'mixed.pdf': it has 2 pages, and no page 3" 'a missing page: the message has the number of pages'
status 2 'an invalid --pages is an error' images -p x mixed.pdf
like "$(cat err)" "bad --pages 'x'" 'an invalid --pages: the message says so'
# shellcheck disable=SC2046
img2pdf -o many.pdf $(yes half.png | head -n 65) 2>err
status 2 'more than 64 images are an error' images many.pdf
like "$(cat err)" "'many.pdf': with its pages .* more than 64 images.*--pages" \
	'more than 64 images: the message recommends --pages'
is "$(stat -c %s out)" 0 'more than 64 images: none is printed'
status 0 '64 images succeed' images -p 1-64 -s 50 many.pdf
is "$(wc -l <out)" 64 '64 images are printed'

done_testing
