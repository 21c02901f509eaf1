#!/bin/bash
# pc-ocr: the text layer, OCR or both, by what is on a page.
. "$(dirname "$0")/../lib.sh"

pages='short cipher glyphs part stamp field watermark layer shifted-layer half-layer bad-layer mute hardly bullets picture inline photo logo number cyrillic'
# shellcheck disable=SC2046,SC2086
"$TESTS/data/make-pages" . $(printf '%s.pdf ' $pages) || skip_all 'no documents can be made'

# look NAME SOURCE: read the page, once; its text is in ./text
look() {
	status 0 "$1 is read" pc-ocr --jsonl "$1.pdf"
	is "$(jq -r '.pages[0].source' out)" "$2" "$1: the source of the page is $2"
	jq -r .text out >text
}
has() { like "$(tr -s ' \n' ' ' <text)" "$1" "$2"; }
count() { tr -s ' .,;\n' '\n' <text | grep -cix "$1"; }
# as_often NAME: the prose of make-pages is in ./text, each word as often
prose=$("$TESTS/data/make-pages" --prose | tr -s ' .,;\n' '\n' | sort)
as_often() {
	is "$(tr -s ' .,;\n' '\n' <text | grep -Fxf <(echo "$prose") | sort)" "$prose" \
		"$1: each word of the print is there, and none twice"
}

# digital pages
look short text-layer
is "$(cat text)" 'Attachment B, order 0815-O0l1, batch Il1I' \
	'a short text at the edge is printed letter by letter'
look picture mixed
has 'The harbour office opens.*the school on the hill' \
	'a text layer around a picture stays'
has 'Delivery note for the northern warehouse.*eleven crates of lemons and seven barrels' \
	'the print in a picture on a digital page is read'
look inline mixed
has 'The harbour office opens.*the school on the hill' \
	'a text layer around an inline image stays'
has 'Delivery note for the northern warehouse' 'the print in an inline image is read'
look photo text-layer
as_often photo
look logo text-layer
as_often logo
look number mixed
as_often number
has 'ACME-0000123' 'a number at the edge that is a small image is read'

# scans with something over them
look stamp mixed
as_often stamp
has 'EXHIBIT 14' 'a stamp stays'
has 'ACME-0000123' 'a number at the edge stays'
look field mixed
as_often field
has 'Jana Novak, 12 March' 'the text of a filled field stays'
look watermark mixed
as_often watermark
is "$(count confidential)" 1 'a watermark stays'

# scans with a text layer
look layer text-layer
as_often layer
look shifted-layer text-layer
as_often shifted-layer
look half-layer mixed
as_often half-layer
look bad-layer bad-text
as_often bad-layer
is "$(grep -c cid text)" 0 'a text layer of glyph names is not printed'

# fonts that lie
look cipher bad-text
has 'harbour office opens at seven' 'a page with shifted letters is read by OCR'
look glyphs bad-text
as_often glyphs
look part mixed
has 'The harbour office opens.*the school on the hill' \
	'the part of a page whose font is good stays'
has 'Delivery note for the northern warehouse' 'the part of a page whose font lies is read by OCR'
is "$(grep -c '[€†…]' text)" 0 'the signs of a font that lies are not printed'
for f in mute hardly; do
	look "$f" mixed
	has 'The harbour office opens.*the school on the hill' "$f: the part whose font is good stays"
	has 'Delivery note for the northern warehouse.*eleven crates of [Ll]emons and seven barrels.*received by the night porter' \
		"$f: the part of a page whose font has no characters is read by OCR"
	is "$(grep -c $'HOLYHU\|\xef\xbf\xbd' text)" 0 "$f: numbers of glyphs are not printed as text"
done
look bullets text-layer
as_often bullets

python3 "$TESTS/data/numbered.py"
look numbered mixed
has 'harbour office opens.*counter and on board.*Total due: eleven crates of lemons' \
	'text in a font that only numbers its glyphs is read by OCR'
is "$(grep -c '[$#%]' text)" 0 'its codes are not printed'
look tex text-layer
has 'counter and on board.*Total due: eleven crates of lemons' \
	'text in a font that names glyphs by their codes stays'

# languages
if [ -e "$(pc-tesseract engines | awk -F '\t' '$1 == "osd" {print $3}')" ]; then
	look cyrillic no-text
	is "$(jq -c '.pages[0] | [.low_confidence, .language_suspect]' out)" '[true,true]' \
		'a page in Cyrillic that is read with an English model is marked'
fi
is "$(jq -c '.pages[0].language_suspect' <(pc-ocr --jsonl cipher.pdf))" null \
	'an English page is not marked'
status 2 'a language by its own name fails' pc-ocr -l deutsch short.pdf
like "$(cat err)" "no OCR model for language 'deutsch'.*use -l deu, and install tesseract-ocr-deu" \
	'a language by its own name: the message says what tesseract calls it'

# The script leaves one of two models: that in which a page in Latin letters is
# read, and a copy of it for one in Cyrillic.
mkdir models
pc-tesseract engines -l eng | awk -F '\t' '$3 ~ /[.]traineddata$/ { print $3 }' |
	xargs -I {} cp {} models
export TESSDATA_PREFIX=$T/models
eng=$(pc-ocr cipher.pdf)
is "$(pc-ocr -l auto cipher.pdf)" "$eng" '-l auto reads with the only language that is installed'
cp models/eng.traineddata models/rus.traineddata
: >models/equ.traineddata
status 0 '-l auto reads with two languages' pc-ocr -v -l auto cipher.pdf
is "$(cat out)" "$eng" '-l auto reads a page with the language of its script'
like "$(cat err)" '^pc-ocr: computed ' 'a page is read again if another language is installed'
pc-ocr -l auto cipher.pdf -v 2>err >/dev/null
like "$(cat err)" '^pc-ocr: hit ' 'a page read with -l auto is a hit'
if [ -e models/osd.traineddata ]; then
	is "$(pc-ocr -q -l auto --jsonl cyrillic.pdf 2>/dev/null | jq -c '.pages[0].language_suspect')" null \
		'-l auto: a page in a script that a language has is not suspect'
fi
rm models/*
status 2 '-l auto without a model fails' pc-ocr --no-cache -l auto cipher.pdf
like "$(cat err)" "no OCR model for language 'eng'.*install tesseract-ocr-eng" \
	'-l auto without a model: the message'
unset TESSDATA_PREFIX

# OCR that fails while a text layer and the print of an image are merged
for run in first second; do
	PC_STORE=$T/failing status 3 "OCR that fails on a merged page, $run run" \
		pc-ocr --jsonl --negative 1h --engine-cmd false stamp.pdf
	like "$(cat err)" "page 1: OCR failed, and only the text layer is printed: 'false' exited with status 1" \
		"OCR that fails on a merged page, $run run: the warning"
	is "$(jq -c '[.hit, .damaged, (.text | contains("ACME-0000123")), .pages[0].source,
		.pages[0].low_confidence, .pages[0].ocr_error]' out)" \
		"[false,true,true,\"text-layer\",true,\"'false' exited with status 1\"]" \
		"OCR that fails on a merged page, $run run: the text layer is printed and marked"
done
status 2 'OCR that fails on a merged page is a failure with --strict' \
	pc-ocr --strict --engine-cmd false stamp.pdf

# an image that cannot be rendered
echo '{"ocr": {"max_megapixels": 1}}' >small.json
for run in first second; do
	PC_STORE=$T/limited PC_CONFIG=$T/small.json status 3 "a page whose image cannot be rendered, $run run" \
		pc-ocr --jsonl picture.pdf
	like "$(cat err)" 'page 1: OCR failed.*text layer is printed:.*max_megapixels' \
		"a page whose image cannot be rendered, $run run: the warning"
	is "$(jq -c '[(.text | contains("harbour office opens")), .pages[0].low_confidence,
		(.pages[0].ocr_error | contains("megapixels"))]' out)" '[true,true,true]' \
		"a page whose image cannot be rendered, $run run: the text layer is printed"
done

# from the store
pc-ocr -f layout stamp.pdf | jq -r '.pages[].source' >source
is "$(cat source)" mixed 'a layout says that a page is mixed'
status 0 'another form is computed from the cached page' pc-ocr -f tsv stamp.pdf
is "$(grep -c ACME out) $(grep -ciw ferry out)" '1 1' \
	'a mixed page from the cache has the words of the layer and of OCR'
status 0 '--ocr never prints the text layer alone' pc-ocr --ocr never stamp.pdf
is "$(grep -ci harbour out)" 0 '--ocr never does not read the scan'
pc-ocr --jsonl stamp.pdf | jq -j .text | cmp - <(pc-ocr --no-cache stamp.pdf)
ok 'a hit prints the same bytes as --no-cache'

if command -v qpdf >/dev/null; then
	status 0 'a searchable PDF is made of a stamped scan' pc-ocr -f pdf stamp.pdf
	pdftotext out text
	as_often 'a searchable PDF'
	is "$(grep -c ACME text)" 1 'what was text already is not there twice'
fi
done_testing
