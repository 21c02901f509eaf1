#!/bin/bash
# pc-doc: the helper's own answers, and workers that crash, hang or are lied to.
. "$(dirname "$0")/lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.pdf scan.png scan.jpg scan.tiff \
	scan.pgm cut.pdf || skip_all 'no documents can be made'

status 0 'a text layer' pc-doc text digital.pdf
is "$(head -n 1 out | jq -r '.page, .pages, .source' | xargs)" '1 2 text-layer' \
	'its first line'
is "$(tail -n 1 out)" '{"end":true,"pages":2,"errors":0}' 'its last line'
for f in scan.png scan.jpg scan.tiff scan.pgm; do
	mv $f document
	status 0 "$f, told from its content" pc-doc text document
	like "$(cat out)" 'three wooden chairs' 'its text'
done
status 2 'a PDF that is cut' pc-doc text cut.pdf
for part in 1 2 3 4 5 6 7 8 9; do
	head -c $(($(stat -c %s scan.pdf) * part / 10)) scan.pdf >part.pdf
	timeout 60 pc-doc text --dpi 72 part.pdf >out 2>err
	s=$?
	[ $s -eq 0 ] || [ $s -eq 2 ] || [ $s -eq 3 ]
	ok "cut at $part tenths: an answer or an error ($s)"
done
: >empty
status 0 'an empty file is an empty text' pc-doc text empty
is "$(head -n 1 out | jq .bytes)" 0 'of no bytes'
printf '\xff\xfeh\0i\0' >utf16
status 0 'UTF-16' pc-doc text utf16
like "$(tr -d '\357\273\277' <out)" 'hi' 'is converted'
status 2 'no such file' pc-doc text nonesuch
status 2 'a directory' pc-doc text .

# A page on which poppler spins: a form that draws another ten times, ten deep.
{
	echo '%PDF-1.4'
	echo '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj'
	echo '2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj'
	echo '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R/Resources<</XObject<</F 10 0 R>>>>>>endobj'
	echo '4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 6 0 R/Resources<</Font<</A 7 0 R>>>>>>endobj'
	printf '5 0 obj<</Length 4>>stream\n/F Do\nendstream endobj\n'
	s='BT /A 20 Tf 40 100 Td (second page) Tj ET'
	printf '6 0 obj<</Length %d>>stream\n%s\nendstream endobj\n' ${#s} "$s"
	echo '7 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj'
	for i in $(seq 10 21); do
		s='/F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do'
		[ "$i" -lt 21 ] || s='0 0 m 9 9 l S'
		printf '%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</F %d 0 R>>>>/Length %d>>stream\n%s\nendstream endobj\n' \
			"$i" $((i + 1)) ${#s} "$s"
	done
	echo 'trailer<</Root 1 0 R>>'
	echo '%%EOF'
} >spin.pdf
status 3 'a page that takes for ever' pc-doc text --page-timeout 2 spin.pdf
like "$(head -n 1 out)" 'took more than 2 s' 'is a page error'
like "$(cat out)" 'second page' 'and the next page is delivered'
status 2 'a bad option' pc-doc text --dpi 1 digital.pdf
status 2 'no command' pc-doc
pc-doc text digital.pdf >/dev/full 2>err
is $? 2 'a full device is a failure'
done_testing
