#!/bin/bash
# pc-ocr: options and names that few give, and what is said of them.
. "$(dirname "$0")/lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.png ||
	skip_all 'no documents can be made'

# ---- modes of segmentation

status 2 '--psm 0 tells no text' pc-ocr --psm 0 scan.png
like "$(cat err)" "bad --psm '0': 1 to 13" 'and is refused'
is "$(pc-ocr --psm 1 scan.png)" "$(pc-ocr scan.png)" '--psm 1 is as 3'
is "$(pc-ocr --psm 12 scan.png)" "$(pc-ocr --psm 11 scan.png)" '12 as 11'
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	strace -f -e trace=open,openat -o trace pc-ocr --no-cache --psm 1 \
		scan.png >/dev/null
	is "$(grep -c 'osd\.traineddata' trace)" 0 \
		'and asks for no model of orientation'
fi

# ---- languages

for l in '' eng+ +eng eng++eng '~eng' ../eng 'eng deu'; do
	for how in --refresh --no-cache; do
		status 2 "$how -l '$l'" pc-ocr $how -l "$l" scan.png
		is "$(cat err)" "pc-tesseract: bad languages '$l': give them as eng+deu" \
			'says how to give them'
	done
done
status 2 'no model and no cache' pc-ocr --no-cache -l xyz scan.png
is "$(grep -c 'install tesseract-ocr-xyz' err)" 1 'is said once'

done_testing
