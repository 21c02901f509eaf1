#!/bin/bash
# pc-ocr: scans that lean, are pale, dark or unevenly lit, and those without text.
. "$(dirname "$0")/../lib.sh"

for tool in groff pdftoppm jq python3; do
	command -v $tool >/dev/null || skip_all "no $tool"
done

# page: a small page of text, PGM at 150 dpi
cat >text <<'END'
Notice to passengers of the ferry
The harbour office opens at seven
and closes when the last ferry has left.
Tickets are sold at the counter and on
board. Children travel for half the fare.
END
printf '%s\n' '.fam H' '.ps 14' '.vs 20' .nf '.po 0.7i' '.sp |1i' |
	cat - text | groff -Tpdf -P-p4.4i,5i >page.pdf || skip_all 'groff fails'
pdftoppm -r 150 -gray -singlefile page.pdf page
words() { tr -s ' \n\f' '\n\n\n' | sed '/^$/d'; }
words <text >want

# effect EFFECT...: the page with it, as scan.png
effect() { python3 "$TESTS/data/pixels.py" 150 "$@" <page.pgm >scan.png; }

# marks: those of the page in its record
marks() { pc-ocr --jsonl scan.png | jq -c '.pages[0] | {blank, low_confidence} | del(..|nulls)'; }

# reads NAME EFFECT...: every word of it is read, and it has no mark
reads() {
	effect "${@:2}"
	is "$(pc-ocr scan.png | words)" "$(cat want)" "$1: every word is read"
	is "$(marks)" '{}' "$1: the page is not marked"
}

reads 'a page that leans by 8 degrees' turn=8
reads 'a page that leans by 30 degrees' turn=-30
reads 'a page that leans by 98 degrees' turn=98
reads 'pale print' pale=225
reads 'pale print on grainy paper' pale=210 grains=12
reads 'a page with a shadow at its left' shade=30
reads 'light text on dark ground' invert
reads 'light text on gray ground' invert pale=200
reads 'a page that leans by 45 degrees' turn=45
reads 'white text on nothing' clear

effect pale=225 mirror
is "$(pc-ocr scan.png)" '' 'print on the other side is not read'
is "$(marks)" '{"blank":true}' 'a page with print on its other side only is blank'
is "$(pc-ocr -f layout scan.png | jq '.pages[0].blank')" true \
	'layout marks a blank page'
tr '\0-\376' '\377' <page.pgm | tail -c +16 >paper # all white
{ head -c 15 page.pgm; cat paper; } >white.pgm
python3 "$TESTS/data/pixels.py" 150 pale=230 grains=10 <white.pgm >scan.png
is "$(marks)" '{"blank":true}' 'a page with nothing but grains is blank'

# ---- pages with something on them, but without text

status 0 'a blank page is exit status 0' pc-ocr scan.png
is "$(said)" '' 'a blank page: no warning'

circle="\\h'1i'\\D'C 1i'"
printf '%s\n' '.fam H' .nf '.po 0.7i' '.sp |1i' 'The harbour.' .bp '.sp 1i' \
	"$circle" .bp '\&' .bp '.sp 1i' "$circle" .bp '.sp 1i' "$circle" |
	groff -Tpdf -P-p3i,4i >pictures.pdf
found="pc-ocr: 'pictures.pdf': no text was found on pages 2, 4-5, although they are not blank"
for run in first second; do
	status 0 "the $run run of pages without text is exit status 0" pc-ocr -v pictures.pdf
	is "$(said | grep 'no text')" "$found" \
		"the $run run names the pages without text that are not blank"
done
like "$(cat err)" '^pc-ocr: hit ' 'pages without text are cached'
status 0 '--strict takes pages without text' pc-ocr --strict pictures.pdf
status 0 'the hit for a JSON line is exit status 0' pc-ocr -q --jsonl pictures.pdf
is "$(said)" "$found" '-q prints one line for pages without text'
is "$(jq -c '[.hit, .damaged, (.pages | map(.low_confidence == true))]' out)" \
	'[true,null,[false,true,false,true,true]]' \
	'a hit has the marks, and is not damaged'
status 0 'pages with text are exit status 0' pc-ocr --pages 1,3 pictures.pdf
is "$(said)" '' 'pages with text and blank pages: no warning'

effect blur=18 mirror
for run in first second; do
	status 0 "the $run run of a page of guesses is exit status 0" pc-ocr scan.png
	is "$(said)" "pc-ocr: 'scan.png': OCR has very low confidence in page 1; text may be wrong" \
		"the $run run warns of a page of guesses"
done

# ---- two pages side by side, with little space between them

cat >left <<'END'
The harbour office opens at seven
and closes when the last ferry left.
Tickets are sold on board. Children
END
cat >right <<'END'
Every spring the gardeners count
bulbs that survived the frost near
the orchard beyond the green wall.
END
{
	printf '%s\n' '.fam H' '.ps 11' '.vs 16' .nf '.po 0.3i' '.ll 7i' \
		'.ta 2.9i' '.sp |0.8i'
	paste left right
} | groff -Tpdf -P-p2.9i,6i >spread.pdf
pdftoppm -r 150 -gray -png -singlefile spread.pdf spread
is "$(pc-ocr --split-spreads spread.png | words)" \
	"$(cat left right | words)" '--split-spreads reads the left page before the right one'
is "$(pc-ocr spread.png | words | head -8 | tail -1)" spring \
	'without --split-spreads lines run across the fold'
is "$(pc-ocr --split-spreads -f layout spread.png |
	jq -c '.pages | [length, .[0].blocks[-1].box[0] > 200]')" '[1,true]' \
	'--split-spreads: boxes of the right page are on the right'

done_testing
