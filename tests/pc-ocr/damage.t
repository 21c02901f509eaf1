#!/bin/bash
# pc-ocr: pages that lost something are printed with a warning and exit status
# 3, and are not cached as good ones.
. "$(dirname "$0")/../lib.sh"

command -v python3 >/dev/null || skip_all 'no documents can be made'
{
	echo 'The brass lantern hung above the narrow street.' |
		groff -Tpdf -P-e -P-p2i,5i >font.pdf &&
		pdftoppm -r 36 -gray -jpeg -singlefile font.pdf font &&
		python3 "$TESTS/data/damage.py" font.jpg font.pdf
} || skip_all 'no documents can be made'

# kinds FILE: of page 2, in the JSON record
kinds() {
	pc-ocr --jsonl --no-cache "$1" 2>/dev/null | jq -c \
		'[.damaged, (.pages[0] | has("damage")), (.pages[1].damage | keys)]'
}

# ---- what is lost is reported, and not stored

for f in content:content operator:content form:content object:object \
	part:object font:font; do
	name=lost-${f%:*}.pdf
	status 3 "$name is exit status 3" pc-ocr "$name"
	like "$(cat err)" "^pc-ocr: '$name', page 2: damaged .*${f#*:} \([0-9]+ errors?\).*; text may be wrong or missing$" \
		"$name: the warning names the page and the kind"
	like "$(cat out)" 'brass lantern' "$name: what can be read is printed"
	is "$(kinds "$name" | jq -c '.[0:2] + [.[2] | index("'"${f#*:}"'") != null]')" \
		'[true,false,true]' "$name: the record has the kind, of page 2 only"
	is "$(said | wc -l)" 1 "$name: one line reports the loss"
	status 0 "$name: page 1 is whole" pc-ocr --no-cache --pages 1 "$name"
done
is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" 0 \
	'nothing of a damaged document is stored'
status 3 'the second run of a damaged document is exit status 3' pc-ocr lost-content.pdf
status 2 '--strict fails a damaged document' pc-ocr --strict lost-content.pdf
like "$(cat out)" 'brass lantern' '--strict prints what can be read of it'
status 3 '-q succeeds in part, too' pc-ocr -q lost-content.pdf
is "$(said | wc -l)" 1 '-q prints one line for a damaged document'
status 3 'a damaged page as PNG is exit status 3' \
	pc-ocr -f png --dpi 36 -o '{}-%d.png' lost-content.pdf
is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" 1 \
	'of its PNG files only that of the good page is stored'

extract=(pc-ocr -f images -o '{}-%d-%i')
before=$(pc-stats -q --json | jq '[.stages[].put] | add // 0')
for name in lost-{flate,content,object}.pdf; do
	status 3 "images of $name: exit status 3" "${extract[@]}" "$name"
	like "$(said)" "^pc-ocr: '$name', page 2: damaged .*; images may be wrong or missing$" \
		"images of $name: the warning names the page"
done
is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" "$before" \
	'images of a damaged document are not stored'
for name in whole-{flate,length}.pdf; do
	status 0 "images of $name: exit status 0" "${extract[@]}" "$name"
	is "$(said)" '' "images of $name: no warning"
done
status 0 'images of a whole document are found in the cache' \
	"${extract[@]}" -v whole-flate.pdf
like "$(cat err)" '^pc-ocr: hit ' 'images of a whole document are a hit'

# ---- what is whole is not reported

for name in whole-{plain,length,xref,tail,annotation,profile,tree,header,short}.pdf; do
	status 0 "$name is exit status 0" pc-ocr "$name"
	is "$(said)" '' "$name: no warning"
	is "$(pc-ocr -v "$name" 2>err | grep -c 'street')" 60 "$name has all lines"
	like "$(cat err)" '^pc-ocr: hit ' "$name is cached"
done

for name in lost-{tree,count}.pdf; do
	status 3 "$name is exit status 3" pc-ocr "$name"
	is "$(said)" "pc-ocr: '$name': it is damaged; 2 pages could be recovered" \
		"$name: the warning"
	is "$(grep -c street out)" 60 "$name: libqpdf finds the pages that poppler does not"
done

# ---- what poppler does not report: checksums, and the codes of JPEG

status 3 'a flipped bit in packed text is exit status 3' pc-ocr lost-bit-of-text.pdf
is "$(said)" "pc-ocr: 'lost-bit-of-text.pdf', page 2: damaged content (1 error); text may be wrong or missing" \
	'a flipped bit in packed text: the warning names the page'

# drawn FILE: pages as small PNG files, which needs no OCR
drawn() { pc-ocr -f png --dpi 36 -o '{}-%d.png' "$1"; }
for f in flate:image jpeg:image bit:image embedded:font; do
	name=lost-${f%:*}.pdf
	page=2
	[ "${f%:*}" != embedded ] || page=1
	status 3 "$name is exit status 3" drawn "$name"
	is "$(said | sed 's/([0-9]* errors*)/(n)/g')" \
		"pc-ocr: '$name', page $page: damaged ${f#*:} (n); text may be wrong or missing" \
		"$name: the warning names the page and the kind"
done
for name in whole-{flate,jpeg,sum,embedded,length}.pdf; do
	status 0 "$name is exit status 0" drawn "$name"
	is "$(said)" '' "$name: no warning"
done
status 0 'a TIFF file that is whole is exit status 0' drawn whole-colours.tif
status 0 'a small picture without paper or text is read' pc-ocr --jsonl whole-colours.tif
is "$(jq -c '.pages[0] | [.blank, .low_confidence, .error]' out)" '[null,true,null]' \
	'a small picture without paper or text is not blank, but doubtful'
status 3 'a TIFF file that is cut off is exit status 3' drawn lost-colours.tif
is "$(said)" "pc-ocr: 'lost-colours.tif', page 1: damaged image (1 error); text may be wrong or missing" \
	'a TIFF file that is cut off: the message'
puts() { pc-stats -q --json | jq '[.stages[].put] | add // 0'; }
before=$(puts)
for run in first second; do
	status 3 "the $run run of OCR of a damaged image is exit status 3" \
		pc-ocr --pages 2 lost-flate.pdf
done
is "$(puts)" "$before" 'nothing that OCR read in a damaged image is stored'

# ---- pages that are not what they seem

status 2 'a form without pages of its own is a failure' pc-ocr xfa.pdf
is "$(said)" "pc-ocr: 'xfa.pdf', page 1: it is an XFA form without pages; open it in Adobe Reader and print it to a PDF" \
	'a form without pages of its own: the message says what to do'
is "$(pc-ocr form.pdf)" 'A line. Get Adobe Reader.' 'a form with pages of its own is read'
status 2 'a text layer that takes too long is a failure with --ocr never' \
	pc-ocr --ocr never slow.pdf
is "$(said)" "pc-ocr: 'slow.pdf', page 1: reading its text layer takes too long" \
	'a text layer that takes too long: the message'

# ---- --negative

status 3 '--negative stores a damaged document' pc-ocr --negative 1h lost-content.pdf
cp out first
cp err first.err
status 3 'a hit of a damaged document is exit status 3' pc-ocr -v lost-content.pdf
like "$(cat err)" '^pc-ocr: hit ' 'a damaged document is a hit after --negative'
is "$(grep "'lost-content.pdf'" err)" "$(cat first.err)" 'a hit of a damaged document repeats the warning'
is "$(cat out)" "$(cat first)" 'a hit of a damaged document prints the same text'
status 2 'a hit of a damaged document with --strict fails' pc-ocr --strict lost-content.pdf
is "$(pc-ocr --jsonl lost-content.pdf 2>/dev/null | jq -c '[.damaged, .pages[1].damage.content > 0, (.pages | length)]')" \
	'[true,true,2]' 'a hit of a damaged document has its record'
status 1 'pc-get -s ocr of a damaged document is a miss' pc-get -s ocr lost-content.pdf
done_testing
