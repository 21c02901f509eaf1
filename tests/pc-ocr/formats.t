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

done_testing
