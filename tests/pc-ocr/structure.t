#!/bin/bash
# pc-ocr -f layout and md: what is a header, a column or a table.
. "$(dirname "$0")/../lib.sh"

for tool in groff jq pdftoppm; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
unset GROFF_FONT_PATH

# to_pdf NAME: make a PDF of the groff source on standard input
to_pdf() {
	groff -Tpdf -P-pa4 >"$1.pdf" 2>/dev/null
}

# types FILE: the type and the first two words of each block, a line for each
types() {
	pc-ocr -f layout "$1" | jq -r '.pages[].blocks[] |
		.type + " " + (.text | split("[ \n]+"; null)[:2] | join(" "))'
}

prose='The parcel with the brass lanterns, the copper kettle and three wooden
chairs left the harbour in the evening and will arrive before the end
of the week. Questions are answered by telephone between nine and five,
and later calls reach the night watch of the warehouse, who
knows little about chairs but can at least say which ship has come in.'

# page TOP BOTTOM: a page with a line at each edge
page() {
	printf '.sp |1.2c\n%s\n.br\n.sp |4c\n%s\n.br\n.sp |27c\n%s\n.br\n.bp\n' \
		"$1" "$prose" "$2"
}

# ---- headers and footers

{
	page 'Report of the harbour office' 'Page 1 of 3'
	page 'Report of the harbour office' 'Page 2 of 3'
	page 'A stamp that stands once' 'Page 3 of 3'
} | to_pdf book
is "$(types book.pdf | grep -v 'The parcel')" "header Report of
footer Page 1
header Report of
footer Page 2
paragraph A stamp
footer Page 3" 'a line that another page repeats is a header; one that does not is text'
pc-ocr -f md book.pdf >md
is "$(grep -c -e 'Report of' -e 'Page [0-9]' md)" 0 \
	'Markdown leaves headers and footers out'
is "$(grep -c 'A stamp that stands once' md)" 1 'it keeps a line that stands once'

page 'Invoice No. 4711' 'Total due: EUR 980' | to_pdf invoice
is "$(types invoice.pdf)" "paragraph Invoice No.
paragraph The parcel
paragraph Total due:" 'a number and a sum at the edges of a single page are text'
{
	page 'Invoice No. 4711' 'Total due: EUR 980'
	page 'Invoice No. 4712' 'Total due: EUR 1,120'
} | to_pdf invoices
is "$(types invoices.pdf | grep -c -e header -e footer)" 0 \
	'lines with other numbers are not repeated'

for chapter in 'Lanterns and kettles	11' 'The harbour office	12' \
	'Chairs of wood	13' 'The night watch	14'; do
	page "$chapter" ''
done | { printf '.ll 16c\n.ta 16cR\n'; cat; } | to_pdf chapters
is "$(types chapters.pdf | cut -d' ' -f1 | sort | uniq -c | xargs)" \
	'8 header 4 paragraph' 'names of chapters beside the page numbers are headers'
for invoice in 4711 4712 4713; do
	page "Invoice No. $invoice	${invoice#471}" ''
done | { printf '.ll 16c\n.ta 16cR\n'; cat; } | to_pdf numbered-invoices
is "$(pc-ocr -f md numbered-invoices.pdf | grep -c 'Invoice No')" 3 \
	'numbers of invoices beside page numbers stay'

# ---- headings

to_pdf bold <<'EOF'
.ps 11
.vs 14
.nf
.sp |3c
.ft B
2.1 Methods
.ft R
The parcel with the brass lanterns, the copper kettle and three wooden
chairs left the harbour in the evening and will arrive before the end.
.ft B
What is done with the parcels that have not been fetched before
the end of the winter
.ft R
Questions are answered by telephone between nine and five,
and later calls reach the night watch of the warehouse.
.sp
\fBNo smoking.\fP Later calls reach the night watch of the warehouse, who
knows little about chairs and \fBcannot say by telephone which ship it was\fP
that has come in.
.sp
\fBThis whole paragraph warns of the kettle by the window, which is hot and
must not be touched\fP before it has cooled.
.sp
.ta 4c 8c
.ft B
Article	Number	Price
.ft R
Lantern	3	17.50
Kettle	1	129.00
Chair	4	88.25
EOF
is "$(pc-ocr -f layout bold.pdf | jq -r '.pages[].blocks[] |
	[.type, .level // "", (.text | gsub("\n"; " "))[:21]] | join(" ")')" \
	'heading 2 2.1 Methods
paragraph  The parcel with the b
heading 1 What is done with the
paragraph  Questions are answere
paragraph  No smoking. Later cal
paragraph  This whole paragraph 
table  Article Number Price ' \
	'bold lines without space around them are headings; bold words are not'
is "$(pc-ocr -f md bold.pdf | sed -n 5p)" '# What is done with the parcels '\
'that have not been fetched before the end of the winter' \
	'a heading on two lines is one'

pdftoppm -r 150 -gray -singlefile -H 620 bold.pdf bold
is "$(pc-ocr -f md bold.pgm | grep '#')" "$(pc-ocr -f md bold.pdf | grep '#')" \
	'in a scan wide strokes show bold lines'

{
	printf '.ll 15c\n.ps 11\n.vs 14\n.nf\n.sp |3c\n.ta 14cR\n.lc .\n'
	printf '%s\001%s\n' '1 Introduction' 5 '1.1 The harbour' 7 \
		'1.2 The lanterns and kettles' 12
} | to_pdf contents
is "$(pc-ocr -f md contents.pdf | sed 's/ *\.\.\.* */ /')" '1 Introduction 5

1.1 The harbour 7

1.2 The lanterns and kettles 12' 'the lines of a list of contents stay lines'

printf '.sp |3c\n%s\n.sp .4\n%s\n.sp .4\n%s\n' "$prose" '2.1 Methods' \
	"$prose" | to_pdf numbered
is "$(pc-ocr -f md numbered.pdf | grep '#')" '## 2.1 Methods' \
	'a section number makes a heading of a line that is not bold'

{
	printf '.ll 15c\n.sp |3c\n'
	for at in '.ps 16' '.B:1 Harbour' '.B:1.1 Ships' '.B:2 Lanterns' '.bp' \
		'.B:2.1 Brass' '.B:SOURCES'; do
		case $at in
		.B:*) printf '.sp\n.ft B\n%s\n.ft R\n.br\n%s\n' "${at#.B:}" "$prose" ;;
		.bp) printf '.bp\n.sp |3c\n' ;;
		*) printf '%s\n.ft B\nA report\n.ft R\n.ps 10\n' "$at" ;;
		esac
	done
} | to_pdf levels
is "$(pc-ocr -f md levels.pdf | grep '^#')" '# A report
## 1 Harbour
### 1.1 Ships
## 2 Lanterns
### 2.1 Brass
## SOURCES' 'levels follow from size and numbers, on all pages alike'

to_pdf right <<EOF
.ll 12c
.sp |3c
.ad r
$prose $prose
EOF
is "$(types right.pdf)" 'paragraph The parcel' 'right-aligned text stays whole'

# ---- lists

to_pdf lists <<'EOF'
.ps 11
.vs 13
.ll 12c
.nf
.sp |3c
We sell these things:
\(bu  lanterns of brass, which are old and have to be cleaned
   before they can be sold to anybody;
\(bu  kettles:
     \(en  large ones of copper
     \(en  small ones of tin
\(bu  chairs.
The office is closed on Sundays, and a paragraph after a list is
not an item of it, even if no space parts the two of them.
.sp .3
1. First one goes to the counter and asks for a form, which is
green and has two sides.
2. Then the form is filled in.
Lettered:
a) The first letter.
b) The second letter.
Afterwards nothing happens for a week or two, as the forms are
read only by one clerk in the office.
EOF
is "$(pc-ocr -f md lists.pdf)" 'We sell these things:

- lanterns of brass, which are old and have to be cleaned before they can be sold to anybody;
- kettles:
  - large ones of copper
  - small ones of tin
- chairs.

The office is closed on Sundays, and a paragraph after a list is not an item of it, even if no space parts the two of them.

1. First one goes to the counter and asks for a form, which is green and has two sides.
2. Then the form is filled in.

Lettered:

- a) The first letter.
- b) The second letter.

Afterwards nothing happens for a week or two, as the forms are read only by one clerk in the office.' \
	'lists end where their indent ends, and may have lists in them'

# ---- code

to_pdf code <<'EOF'
.nf
.sp |3c
The program reads a line and prints it again, as the manual says, until
there is none left. The command \f(CRcat\fP does the same.
.sp
.ft CR
while (fgets(line, sizeof line, stdin)) {
    fputs(line, stdout);    /* echo */

    puts("- \(gadone\(ga");
}
.ft R
.sp
It ends when the last line was read, and no fault was found in it.
EOF
is "$(pc-ocr -f md code.pdf)" 'The program reads a line and prints it again, as the manual says, until there is none left. The command cat does the same.

```
while (fgets(line, sizeof line, stdin)) {
    fputs(line, stdout);    /* echo */

    puts("- `done`");
}
```

It ends when the last line was read, and no fault was found in it.' \
	'code keeps its lines, blanks and empty lines'
is "$(pc-ocr -f layout code.pdf | jq -r '.pages[].blocks[].type' | xargs)" \
	'paragraph code paragraph' 'its block is code, and its words in text are not'

# ---- tables

# table: a page with a table whose header the next page repeats
table() {
	printf '.sp |2c\n'
	printf '.ta 5c 10c\n%s\n.br\n' "Article	Number	Price" "$@"
	printf '.bp\n'
}

{
	table 'Lantern, brass	3	17.50' '	of them 2	' 'Kettle	1	129.00'
	table 'Chair "oak"	4	88.25' 'Desk	1	212.00' 'Lamp	2	31.00'
} | to_pdf goods
pc-ocr -f csv goods.pdf | tr -d '\r' >csv
is "$(cat csv)" 'Article,Number,Price
"Lantern, brass",3,17.50
,of them 2,
Kettle,1,129.00
"Chair ""oak""",4,88.25
Desk,1,212.00
Lamp,2,31.00' '-f csv prints a table that goes on over pages as one'
pc-ocr -f tables goods.pdf | jq -r '.tables[] | [.page, .rows, .columns],
	(.cells[] | select(.row == 0 or .row == 4) |
		[.row, .column, .header, .page, .text]) | @csv' >cells
is "$(cat cells)" '1,7,3
0,0,true,,"Article"
0,1,true,,"Number"
0,2,true,,"Price"
4,0,,2,"Chair ""oak"""
4,1,,2,"4"
4,2,,2,"88.25"' '-f tables has the cells, the header, and the page of each'
is "$(pc-ocr -f layout goods.pdf | jq -r '.pages[0].blocks[] |
	[.type, .rows, .columns, (.cells | map(.text) | join(" "))] | @csv')" \
	'"table",4,3,"Article Number Price Lantern, brass 3 17.50 of them 2 Kettle 1 129.00"' \
	'-f layout has the cells of each page'
is "$(pc-ocr --jsonl -f tables goods.pdf | jq '.tables.tables | length')" 1 \
	'--jsonl has them as an object'

# ---- rules

# Two tables: the first with cells that cover others, one of two lines, and two
# without text; the second with rules between columns only.
groff -t -Tpdf -P-pa4 >ruled.pdf 2>/dev/null <<-TEXT
	.sp |2c
	.TS
	allbox;
	c c s
	^ c c
	l l l.
	Goods	Price
	 	Each	All
	T{
	Lantern of
	.br
	brass
	T}	7.10	14.20
	Rope
	.TE
	.sp |10c
	.TS
	box;
	l | r
	_ _
	l | r.
	Harbour	Ships
	Wismar	12
	Lisboa	7
	Turku	3
	.TE
TEXT
pc-ocr -f csv ruled.pdf | tr -d '\r' >csv
is "$(cat csv)" 'Goods,Price,
,Each,All
Lantern of brass,7.10,14.20
Rope,,

Harbour,Ships
Wismar,12
Lisboa,7
Turku,3' 'drawn lines bound cells; those between columns only leave the rows to the text'
pc-ocr -f md ruled.pdf >md
is "$(sed -n 2,5p md)" '<tr><th rowspan="2">Goods</th><th colspan="2">Price</th></tr>
<tr><th>Each</th><th>All</th></tr>
<tr><td>Lantern of brass</td><td>7.10</td><td>14.20</td></tr>
<tr><td>Rope</td><td></td><td></td></tr>' \
	'where a line is missing, a cell covers several rows or columns'
is "$(pc-ocr -f tables ruled.pdf | jq -c '.tables[0] | .rows, .columns,
	(.cells[0] | [.rows, .columns, .header, .text])' | paste -sd' ')" \
	'4 3 [2,null,true,"Goods"]' '-f tables has the rows that a cell covers'

if command -v qpdf >/dev/null; then
	printf '.sp |28c\nPage 1\n' | to_pdf blank
	qpdf blank.pdf --overlay ruled.pdf -- form.pdf
	is "$(pc-ocr -f csv form.pdf)" "$(pc-ocr -f csv ruled.pdf)" \
		'lines that are drawn in a form bound cells too'
fi

# Titles in the middle above several columns cover these; addresses side by side,
# contents without dots and texts in columns are not tables.
groff -t -Tpdf -P-pa4 >titles.pdf 2>/dev/null <<-TEXT
	.sp |2c
	.TS
	l c s c s
	l r r r r
	l n n n n.
	 	Summer	Winter
	Harbour	Ships	Tons	Ships	Tons
	Wismar	1212	3450	1131	2340
	Lisboa	3477	8215	1180	2219
	Turku	2295	7169	1312	2281
	.TE
TEXT
is "$(pc-ocr -f csv titles.pdf | tr -d '\r' | head -2)" ',Summer,,Winter,
Harbour,Ships,Tons,Ships,Tons' 'a title covers the columns that it is in the middle of'
{
	printf '.sp |2c\n.ta 10c 15c\n'
	printf '%s\n.br\n' 'Brass and Sons	Harbour Office' \
		'4 River Street	Phone +47 3815175' 'Oslo	Fax +47 1487752' \
		'Norway	office@harbour.example'
	printf '.bp\n.ta 15cR\n'
	printf '%s\n.br\n' '1 Ships	3' '1.1 Ropes and sails	5' '1.2 Oars	5' \
		'2 The harbour	8' '2.1 Lanterns	12'
} | to_pdf blocks
is "$(pc-ocr -f tables blocks.pdf | jq -c .tables)" '[]' \
	'addresses side by side and contents without dots are not tables'
is "$(pc-ocr -f md --pages 2 blocks.pdf | tr -s '\n')" '1 Ships 3
1.1 Ropes and sails 5
1.2 Oars 5
2 The harbour 8
2.1 Lanterns 12' 'contents without dots keep their page numbers'

{
	printf '.sp |2c\n.lc .\n.ta 15cR\n'
	printf '%s\001%s\n.br\n' '1 Ships' 3 '1.1 Ropes and sails' 5 '1.2 Oars' 5 \
		'2 The harbour' 8 '2.1 Lanterns' 12
} | to_pdf leaders
pdftoppm -r 200 -gray -singlefile leaders.pdf leaders
is "$(pc-ocr -f md leaders.pgm | tr -s '\n' | sed 's/ *\.\.\.*/ .../')" '1 Ships ... 3
1.1 Ropes and sails ... 5
1.2 Oars ... 5
2 The harbour ... 8
2.1 Lanterns ... 12' 'in a scan, dots lead to the page numbers of contents'

# The image of the tables with lines: these are found in the ink, and are not read as letters.
pdftoppm -r 200 -gray -singlefile -H 1000 ruled.pdf ruled
is "$(pc-ocr -f csv ruled.pgm)" "$(pc-ocr -f csv ruled.pdf)" \
	'lines in a scan bound cells as those of a PDF do'

# Tesseract alone takes digits far from other text for grains.
groff -Tpdf -P-pa4 >lone.pdf 2>/dev/null <<-TEXT
	.sp |2c
	.ta 4c 11cR 15cR
	Code	Goods	Qty	Price
	.sp
	A-100	Hemp rope	2	18.50
	.sp
	A-101	Lantern		7.25
	.sp
	A-102	Cover	1	64.00
	.sp
	A-103	Oar	4	22.10
TEXT
pdftoppm -r 200 -gray -singlefile -H 800 lone.pdf lone
is "$(pc-ocr -f csv lone.pgm)" "$(pc-ocr -f csv lone.pdf)" \
	'single digits in the cells of a scan are read'
is "$(pc-ocr -f text lone.pgm | tr -s ' \n' '\n\n' | sort)" \
	"$(pc-ocr -f csv lone.pgm | tr -s ',\r\n ' '\n\n\n\n' | sort)" \
	'each word is in one cell'

done_testing
