#!/bin/bash
# pc-ocr: options and names that few give, and what is said of them.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.png ||
	skip_all 'no documents can be made'

# ---- modes of segmentation

status 2 '--psm 0 is a usage error' pc-ocr --psm 0 scan.png
like "$(cat err)" "bad --psm '0': give a number from 1 to 13" '--psm 0: the message'
is "$(pc-ocr --psm 1 scan.png)" "$(pc-ocr scan.png)" '--psm 1 prints the same as 3'
is "$(pc-ocr --psm 12 scan.png)" "$(pc-ocr --psm 11 scan.png)" '--psm 12 prints the same as 11'
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	# It is mapped for pages that OCR is not sure of.
	strace -f -e trace=open,openat -o trace pc-ocr --no-cache --psm 1 \
		scan.png >/dev/null
	is "$(grep -c 'osd\.traineddata' trace)" 1 \
		'--psm 1 does not make tesseract load its orientation model'
fi

# ---- languages

for l in '' eng+ +eng eng++eng '~eng' ../eng 'eng deu'; do
	for how in --refresh --no-cache; do
		status 2 "$how -l '$l'" pc-ocr $how -l "$l" scan.png
		is "$(said)" "pc-tesseract: bad languages '$l': give them as eng+deu" \
			"$how -l '$l': the message"
	done
done
status 2 'a missing model with --no-cache fails' pc-ocr --no-cache -l xyz scan.png
is "$(grep -c 'install tesseract-ocr-xyz' err)" 1 'a missing model with --no-cache: one message'

# ---- names

n=$'a\nb\e[31m\x7f\xc2\x9b'
status 2 'a missing file whose name has control characters' pc-ocr "$n.pdf"
is "$(said)" "pc-ocr: cannot read 'a?b?[31m???.pdf': No such file or directory" \
	'control characters in a name are printed as ?'
status 2 'a missing file whose name is not UTF-8' pc-ocr $'\xff.pdf'
cp digital.pdf "$n.pdf"
is "$(pc-ocr --jsonl "$n.pdf" | jq -r .file)" "$n.pdf" 'a name with control characters is unchanged in JSON'
mkdir -p inbox/sub
cp digital.pdf inbox/sub
ln -s .. inbox/sub/up
ln -s self inbox/self
ln -s inbox link
status 2 'a directory is a failure' pc-ocr inbox
is "$(said)" "pc-ocr: 'inbox' is a directory; use -r to process the files in it" \
	'a directory without -r: the message'
is "$(pc-ocr -r --jsonl inbox | jq -r .file)" inbox/sub/digital.pdf \
	'-r does not follow links in a directory'
is "$(pc-ocr -r --jsonl link | jq -r .file)" link/sub/digital.pdf \
	'-r follows a link that is an argument'

# error NAME WANT: what its record says is what standard error says of it
error() {
	status 2 "$2" pc-ocr --jsonl "$1"
	is "$(jq -r .error out)" "$2" "$2: in the JSON record"
	is "$(said)" "pc-ocr: cannot read '$1': $2" "$2: on standard error"
}
error none.pdf 'No such file or directory'
error digital.pdf/none 'Not a directory'
ln -s round round
error round 'Too many levels of symbolic links'
if [ "$(id -u)" != 0 ]; then
	cp digital.pdf secret.pdf
	chmod 0 secret.pdf
	error secret.pdf 'Permission denied'
fi
is "$(pc-ocr --jsonl inbox 2>/dev/null | jq -r .error)" \
	'it is a directory; use -r to process the files in it' 'a directory without -r: in the JSON record'
is "$(pc-ocr --jsonl - - <digital.pdf 2>/dev/null | jq -r '.error // "none"' |
	tail -n 1)" 'standard input can be read only once' \
	'standard input twice: in the JSON record'

is "$(pc-ocr /proc/self/comm)" pc-ocr 'a file of size 0 that has text is read'
: >empty.txt
status 2 'an empty file is a failure' pc-ocr empty.txt
is "$(said)" "pc-ocr: 'empty.txt': it is empty (0 bytes)" 'an empty file: the message'

# ---- passwords

if command -v qpdf >/dev/null; then
	long=$(printf 'a%.0s' $(seq 127))
	qpdf --encrypt "$long" owner 256 -- digital.pdf locked.pdf
	PC_OCR_PASSWORD=$long status 0 'a password of 127 bytes unlocks the PDF' \
		pc-ocr --no-cache locked.pdf
	qpdf --encrypt other owner 256 -- digital.pdf locked.pdf
	PC_OCR_PASSWORD=${long}aa status 2 'a password of 129 bytes fails' \
		pc-ocr --no-cache locked.pdf
	like "$(cat err)" 'the password does not unlock it' 'a password of 129 bytes: the message'
fi

# ---- text in UTF-16 of which a character is half

{
	printf '\xff\xfe'
	yes 'a line of text' | head -n 4000 | iconv -t UTF-16LE
	printf '\x00\xd8'
	printf 'wooden chairs\n' | iconv -t UTF-16LE
} >half.txt
is "$(pc-ocr half.txt | tail -n 1)" $'\ufffdwooden chairs' \
	'the text after half a character is read'

# ---- pictures of cameras, which lie as the camera was held

# lying DEGREES ORIENTATION: a JPEG file that is to be turned as it says
lying() {
	qpdf chairs.pdf turned.pdf --rotate="$1"
	pdftoppm -r 150 -gray -jpeg -singlefile turned.pdf turned
	head -c 2 turned.jpg
	printf '\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0'
	printf "\\x12\\x01\\x03\\0\\x01\\0\\0\\0\\x0$2\\0\\0\\0\\0\\0\\0\\0"
	tail -c +3 turned.jpg
}
if command -v qpdf >/dev/null && command -v pdftoppm >/dev/null; then
	echo 'The wooden chairs stood in the hall.' | groff -Tpdf >chairs.pdf
	for how in 90:8 180:3 270:6; do
		lying ${how%:*} ${how#*:} >photo.jpg
		is "$(pc-ocr photo.jpg)" 'The wooden chairs stood in the hall.' \
			"EXIF orientation ${how#*:}"
	done
	pc-ocr -f tsv photo.jpg | awk -F '\t' '$12 == "wooden" {
		exit !($7 > 85 && $7 < 100 && $8 < 15) }'
	ok 'boxes of a turned photo are on the upright page'
fi

# ---- pages that lie on a side, of which nothing but reading them tells

if command -v qpdf >/dev/null && command -v pdftoppm >/dev/null; then
	printf '%s\n' '.fam C' 417.50 .br 2026-11-21 .br '38 904 266' |
		groff -Tpdf >digits.pdf
	for name in chairs digits; do
		text=$(pdftotext -raw $name.pdf - | tr -d '\f')
		for turn in 90 180 270; do
			qpdf --rotate=$turn $name.pdf turned.pdf
			pdftoppm -r 200 -gray -png -singlefile turned.pdf turned
			pc-ocr --jsonl turned.png >out
			is "$(jq -r .text out | grep .)" "$text" \
				"$name turned by $turn"
			is "$(jq '.pages[0].rotation' out)" $((360 - turn)) \
				"$name turned by $turn has its rotation"
		done
	done
fi
if command -v img2pdf >/dev/null && [ -f photo.jpg ]; then
	like "$(pc-ocr -f pdf photo.jpg | pdftotext -bbox - - | grep wooden)" \
		'xMin="9[0-9]\..* yMin="[0-9]\.' '-f pdf of a photo has the text where it is seen'
fi

done_testing
