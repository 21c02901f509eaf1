#!/bin/bash
# pc-ocr: DjVu files, made with djvulibre-bin.
. "$(dirname "$0")/../lib.sh"

for tool in groff pdftoppm cjb2 c44 djvm djvused jq perl; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
export PC_CONFIG=$T/pc.json
echo '{}' >pc.json
lantern='The brass lantern hung'
door='over the harbour door'
# 600 x 300 pixels; the boxes of its lines, from the lower left corner
high='45 165 502 214' low='45 112 480 151'
printf '%s\n' '.po 0.3i' '.ps 24' '.vs 30' '.sp |0.4i' "$lantern" .br "$door" |
	groff -Tpdf -P-p2i,4i >page.pdf
pdftoppm -r 150 -mono -singlefile page.pdf print
pdftoppm -r 150 -singlefile page.pdf photo
cjb2 -dpi 150 print.pbm print.djvu
c44 -dpi 150 photo.ppm photo.djvu
djvm -c two.djvu print.djvu photo.djvu

# pages FILE...: the source and the words of each page, in a line
pages() {
	pc-ocr --jsonl "$@" >all 2>err
	jq -r '(.text | split("\f")) as $text | .pages[] | [.source,
		.error // ($text[.page - 1] | gsub("\\s+"; " ") | gsub("^ | $"; ""))] | join(": ")' all
}

if ! pc-doc engines | grep -q '^djvulibre'; then
	skip 'DjVu' 'pc-doc was built without libdjvulibre, or it is missing'
	status 2 'without libdjvulibre DjVu fails' pc-ocr two.djvu
	like "$(cat err)" 'DjVu requires libdjvulibre, .* ddjvu -format=pdf' \
		'without libdjvulibre: the message says how to convert DjVu'
	done_testing
	exit
fi

# ---- pages

is "$(pages two.djvu)" "no-text: $lantern $door
no-text: $lantern $door" 'each page of a bundle is read, black and white or in colour'
is "$(jq -c '[.pages[] | keys]' all)" \
	'[["confidence","dpi","page","source"],["confidence","dpi","page","source"]]' \
	'pages without damage have no other marks'
is "$(pc-ocr --jsonl two.djvu | jq .hit)" true 'the second run is a hit'
is "$(pc-ocr -f layout two.djvu | jq -c '[.pages[] | .width, .height]')" \
	'[288,144,288,144]' 'a page has the size that its dpi gives'
status 2 '-f pdf of DjVu fails' pc-ocr -f pdf two.djvu
like "$(cat err)" "does not support DjVu; convert it with 'ddjvu -format=pdf'" \
	'-f pdf of DjVu: the message says how to convert it'
status 0 '-f png of DjVu' pc-ocr -f png -o 'p%d.png' two.djvu
is "$(xargs <out)" 'p1.png p2.png' 'DjVu is written as PNG'

# ---- hidden text

# hide PAGE TEXT: give a page of two.djvu hidden text, as hidden.djvu
hide() {
	cp two.djvu hidden.djvu
	printf 'select %s\nset-txt\n%s\n.\n' "$1" "$2" >script
	djvused hidden.djvu -f script -s
}
hide 2 "(page 0 0 600 300 (line $high \"The brazen lantern hung\")
	(line $low (word 45 112 133 151 \"above\") (word 145 112 205 151 \"the\")
	(word 217 112 375 151 (char 217 112 280 151 \"har\") (char 280 112 375 151 \"bour\"))
	(word 386 112 479 151 \"door\")))"
is "$(pages hidden.djvu | tail -n 1)" 'text-layer: The brazen lantern hung above the harbour door' \
	'hidden text that covers the scan is used as it is'
is "$(pc-ocr --ocr never hidden.djvu)" "$(printf '\fThe brazen lantern hung\nabove the harbour door')" \
	'--ocr never prints the hidden text, line by line'
is "$(pages --ocr always hidden.djvu | tail -n 1)" "forced: $lantern $door" \
	'--ocr always reads the scan'
pc-ocr -f layout --pages 2 hidden.djvu >layout
is "$(jq -c '[.pages[].blocks[].lines[].words[] | select(.text == "harbour").box | map(floor)]' layout)" \
	'[[104,71,180,90]]' 'a word of the hidden text has its box'
is "$(jq -c '[.pages[].blocks[].lines[].words[] | select(.text == "brazen").box | map(floor)]' layout)" \
	'[[59,41,116,64]]' 'words of a line without boxes share that of the line'
hide 1 "(page 0 0 600 300 (line $high \"The brazen lantern hung\"))"
is "$(pages hidden.djvu | head -n 1)" "mixed: The brazen lantern hung $door" \
	'OCR reads what the hidden text lacks'
pc-ocr -f layout --pages 1 hidden.djvu >layout
pc-ocr --no-cache -f layout --pages 1 hidden.djvu | cmp - layout
ok 'a page that was merged for its text has the same layout as without the store'
hide 1 "(page 0 0 600 300 \"$(printf '/12 /31 /7 GLYPH<12> %.0s' {1..8})\")"
is "$(pages hidden.djvu | head -n 1)" "bad-text: $lantern $door" \
	'hidden text that is garbage is replaced by OCR'
hide 2 "(page 0 0 600 300 (line $high \"$lantern\") (line $low \"$door\"))"
djvused hidden.djvu -e 'select 2; set-rotation +1' -s
is "$(pc-ocr -f layout --ocr never --pages 2 hidden.djvu |
	jq -c '[.pages[] | .width, .height, .text]')" \
	"[144,288,null]" 'a page is turned as the file says'

# ---- damage

# A page whose end is missing may have lost text; others are read.
head -c -2000 two.djvu >cut.djvu
status 3 'a truncated bundle is exit status 3' pc-ocr cut.djvu
like "$(cat out)" "$lantern" 'the whole page of a truncated bundle is read'
like "$(cat err)" 'page 2' 'a truncated bundle: the warning names the page'
status 3 'a truncated bundle is not cached' pc-ocr cut.djvu
status 3 '--ocr never warns of a truncated bundle too' pc-ocr --ocr never cut.djvu
head -c 200 print.djvu >half.djvu
status 2 'a file that ends within its only page fails' pc-ocr half.djvu
printf 'AT&TFORM\0\0\0\x20DJVMDIRM' >head.djvu
status 2 'a file without pages fails' pc-ocr head.djvu
like "$(cat err)" 'cannot read the DjVu file' 'a file without pages: the message'
djvmcvt -i two.djvu . index.djvu
status 2 'an index of files fails' pc-ocr index.djvu
like "$(cat err)" "its pages are in other files; join them with 'djvmcvt -b" \
	'an index of files: the message says how to join them'
echo '{"ocr": {"max_megapixels": 1}}' >pc.json
# 600 x 300 pixels become 16000 x 16000.
perl -pe 's/\x02\x58\x01\x2c/\x3e\x80\x3e\x80/' print.djvu >large.djvu
status 2 'DjVu above ocr.max_megapixels fails' pc-ocr large.djvu
like "$(cat err)" '16000 x 16000 pixels exceed 1 megapixels' \
	'DjVu above ocr.max_megapixels: the message'
done_testing
