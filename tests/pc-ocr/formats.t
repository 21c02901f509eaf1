#!/bin/bash
# pc-ocr: files that are neither PDFs nor single pictures.
. "$(dirname "$0")/../lib.sh"

# ---- files that a converter has to read first

# refused FILE WHAT HOW: it fails, and the message says what it is and how to
# convert it
refused() {
	status 2 "$2 is not read" pc-ocr "$1"
	is "$(said)" "pc-ocr: '$1': $2 is not supported; $3" "$2: the message"
	is "$(cat out)" '' "$2: nothing is printed"
	status 0 "$2 is skipped by --skip-unsupported" \
		pc-ocr --skip-unsupported "$1"
}
# by_pandoc FORMAT
by_pandoc() {
	echo "convert it with 'pandoc -f $1 -t plain -o FILE.txt FILE'"
}
office="'libreoffice --headless --convert-to pdf FILE'"
mail="extract its parts with 'munpack -t FILE' (package mpack)"

printf '{\\rtf1\\ansi Hello \\b rich\\b0  text\\par}' >r.rtf
refused r.rtf RTF "$(by_pandoc rtf) or $office"
page='<html><body><p>a <b>page</b></p></body></html>'
echo "$page" >plain.html
printf '\n<!-- by a program -->\n<?xml version="1.0"?>\n<!DOCTYPE HTML>\n<p>a page' \
	>late.html
echo "$page" | iconv -t utf-16 >wide.html
for f in plain late wide; do
	refused $f.html HTML "$(by_pandoc html) or $office"
done
header='From: a@example.org
To: b@example.org
Subject: lanterns'
printf '%s\nMIME-Version: 1.0\n\nbody\n' "$header" >first.eml
printf 'Subject: =?utf-8?q?x?=\n =?utf-8?q?y?=\nMESSAGE-ID: <1@x>\r\n\r\nbody\n' \
	>second.eml
printf 'From b@x Mon Jan  1 00:00:00 2024\n%s\n\nbody\n' "$header" >box.mbox
for f in first.eml second.eml box.mbox; do
	refused $f mail "$mail"
done

# zip NAME...: a zip file of these empty files, not packed
zip() {
	python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.stdout.buffer, "w") as z:
    for name in sys.argv[1:]:
        z.writestr(name, "")' "$@"
}
if command -v python3 >/dev/null; then
	zip '[Content_Types].xml' word/document.xml >d.docx
	refused d.docx 'Word (docx)' "$(by_pandoc docx) or $office"
	zip xl/workbook.xml >t.xlsx
	refused t.xlsx 'Excel (xlsx)' "convert it with $office"
	zip a ppt/presentation.xml >s.pptx
	refused s.pptx 'PowerPoint (pptx)' "convert it with $office"
else
	skip 'Office files' 'no python3'
fi

# printed TEXT WHAT: it is text, and is printed as it is
printed() {
	printf '%s\n' "$1" >text
	is "$(pc-ocr text)" "$1" "$2 is text"
}
printed '# Lanterns
<html> is an element.' 'a note that names an HTML element'
printed '<h1 align="center">Lanterns</h1>
are *made* here' 'Markdown that begins with a tag'
printed '<htmlish>x</htmlish>' 'XML'
printed 'From: the harbour master
To: all ferries

The lantern is out.' 'a memo'
printed 'Note: from: a@example.org
not a field

x' 'a text whose first line looks like that of a mail'

# ---- pictures

lantern='The brass lantern hung above the harbour door.'
kettle='The copper kettle was on the table.'
data=$TESTS/data/formats

# pages FILE: of each page its text, or its error, in a line
pages() {
	pc-ocr --jsonl "$1" 2>/dev/null >all
	jq -r '(.text | split("\f")) as $text | .pages[] |
		.error // ($text[.page - 1] | gsub("\\s+"; " ") | gsub("^ | $"; ""))' all
}
for f in kettle.jp2 kettle.j2k; do
	is "$(pages "$data/$f")" "$kettle" "JPEG 2000: $f is read"
	head -c $(($(stat -c %s "$data/$f") / 2)) "$data/$f" >"cut-$f"
	status 2 "a truncated $f fails" pc-ocr "cut-$f"
	like "$(cat err)" 'cannot read the image' "a truncated $f: the message"
done

if pc-doc engines | grep -q '^heif'; then
	is "$(pages "$data/two.heic")" "$lantern
$kettle" 'HEIC: each image is a page'
	is "$(pages "$data/lantern.avif")" "$lantern" 'AVIF is read'
	status 0 '-f png of HEIC' pc-ocr -f png -o 'heic%d.png' "$data/two.heic"
	is "$(xargs <out)" 'heic1.png heic2.png' 'HEIC is written as PNG'
	for f in two.heic lantern.avif; do
		status 2 "-f pdf of $f" pc-ocr -f pdf "$data/$f"
		like "$(cat err)" 'does not support .*; convert it to JPEG' "-f pdf of $f: the message"
		head -c 3000 "$data/$f" >"cut-$f"
		status 2 "a truncated $f fails" pc-ocr "cut-$f"
		like "$(cat err)" 'cannot (read|decode) the image: ' \
			"a truncated $f: the message"
	done
	echo '{"ocr": {"max_megapixels": 1}}' >small.json
	# 0x384 x 0x96 become 0x7d0 x 0x7d0 pixels.
	LC_ALL=C sed 's/\x00\x00\x03\x84\x00\x00\x00\x96/\x00\x00\x07\xd0\x00\x00\x07\xd0/g' \
		"$data/two.heic" >large.heic
	PC_CONFIG=$T/small.json status 2 'HEIC above ocr.max_megapixels fails' \
		pc-ocr large.heic
	like "$(cat err)" '2000 x 2000 pixels exceed 1 megapixels' \
		'HEIC above ocr.max_megapixels: the message'
else
	skip 'HEIC and AVIF' 'pc-doc was built without libheif, or it is missing'
	status 2 'without libheif HEIC fails' pc-ocr "$data/two.heic"
	like "$(cat err)" 'image/heic requires libheif, .* heif-convert' \
		'without libheif: the message says how to convert HEIC'
fi

# ---- animations

if ! command -v groff >/dev/null || ! command -v pdftoppm >/dev/null ||
	! command -v python3 >/dev/null; then
	skip 'animations' 'no groff, pdftoppm or python3'
	done_testing
	exit
fi
# line TEXT NAME
line() {
	printf '%s\n' '.po 0.3i' '.ll 5.5i' '.ps 16' '.sp |0.4i' "$1" |
		 groff -Tpdf -P-p1i,6i >line.pdf
	pdftoppm -r 150 -gray -singlefile line.pdf "$2"
}
line "$lantern" lantern
line "$kettle" kettle
PYTHONDONTWRITEBYTECODE=1 python3 "$TESTS/data/animate.py" lantern.pgm kettle.pgm
for f in three.gif before.gif three.webp; do
	is "$(pages $f)" "$lantern
$lantern $kettle
$lantern $kettle" "$f: a page shows what is shown with its frame"
done
is "$(pc-ocr -f layout three.gif |
	jq -c '[.pages[] | [.blocks[].lines[].words[0].box[1] / 36 | floor]]')" \
	'[[0],[0,1],[0,2]]' 'three.gif: a frame that is disposed of is gone'
for f in cut.gif cut.webp; do
	is "$(pages $f)" "$lantern
$lantern $kettle
cannot read frame 3" "$f: the last page is an error"
	status 3 "$f is exit status 3" pc-ocr $f
	status 3 "$f is exit status 3 in the second run: it is not cached" pc-ocr $f
done
status 3 'a GIF that ends between frames is exit status 3' pc-ocr open.gif
like "$(cat err)" 'it is damaged; 3 pages could be recovered' \
	'a GIF that ends between frames: the message'
is "$(pages wrong.webp)" "$lantern
cannot read frame 2
cannot read frame 2" 'no frame is shown over one that cannot be read'
echo '{"ocr": {"max_megapixels": 1}}' >small.json
PC_CONFIG=$T/small.json status 2 'an animation above ocr.max_megapixels fails' \
	pc-ocr huge.gif
like "$(cat err)" '900 x 65535 pixels exceed 1 megapixels' \
	'an animation above ocr.max_megapixels: the message'
status 2 'an animation of too many frames fails' pc-ocr many.gif
like "$(cat err)" 'it has 100001 pages; the limit is 100000' \
	'an animation of too many frames: the message'

done_testing
