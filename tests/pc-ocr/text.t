#!/bin/bash
# pc-ocr: the letters, blanks and lines of text layers, in every format.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-texts" . letters.pdf hebrew.pdf chinese.pdf turned.pdf \
	vertical.pdf columns.pdf single.pdf rows.pdf ||
	skip_all 'no documents can be made'

# odd: characters that no output has: ligatures, soft hyphens, marks
odd=$'\u00ad|\u200b|\u200e|\u202a|\u202b|\u202c|\ufb01|\ufb02|\ufb03|\ufb04|\ufb06'

# ---- letters

for format in text md layout tsv hocr alto; do
	pc-ocr -f $format letters.pdf >letters
	grep -q 'office' letters && grep -q 'waffle' letters &&
		grep -q 'August' letters
	ok "-f $format prints ligatures as letters"
	grep -q 'Hafenmeister' letters && grep -q 'forward' letters &&
		grep -q 'zerowidth' letters
	ok "-f $format prints no soft hyphen or mark inside a word"
	is "$(sed 1,2d letters | grep -c '[?]')" 0 "-f $format invents no '?'"
	pc-ocr -f $format hebrew.pdf >hebrew
	cat letters hebrew | grep -cE "$odd" >count
	is "$(cat count)" 0 "-f $format prints none of the odd characters"
done
is "$(pc-ocr letters.pdf | grep -c 'not the Wirt-$')" 1 \
	'a soft hyphen at the end of a line is printed as a hyphen'
is "$(pc-ocr hebrew.pdf)" $'\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd 2024' \
	'a Hebrew line is printed without marks'
pc-ocr -f md letters.pdf | grep -q 'the Wirtschaft, forward .* are examined by'
ok '-f md joins words that the end of a line broke'

# ---- blanks

first=$'\u6e2f\u53e3\u529e\u516c\u5ba4\u4e03\u70b9\u5f00\u95e8\uff0c'
second=$'\u6700\u540e\u4e00\u73ed\u8239\u5f00\u8d70\u3002'
is "$(pc-ocr chinese.pdf)" "$first"$'\n'"$second" \
	'Chinese characters that are set apart have no blanks between them'
is "$(pc-ocr -f md chinese.pdf)" "$first$second" \
	'-f md joins lines of Chinese without a blank'

# ---- columns as on the page

# starts WORD: the columns in which it begins, of which wide characters take two
starts() {
	python3 -c 'import re, sys
lines = [re.sub("[^ -~]", "xx", l) for l in open(0, encoding="utf-8")]
print(*sorted({l.find(sys.argv[1]) for l in lines if sys.argv[1] in l}))' "$1" |
		wc -w
}
pc-ocr --layout rows.pdf >rows
is "$(grep -c 'Cell$' rows) $(starts Cell <rows)" '3 1' \
	'--layout begins cells in one column beside narrow and wide letters'
is "$(grep -c '^illi illi.*illi  *Cell$' rows)" 1 '--layout keeps words apart'
is "$(grep -c '^$' rows)" 0 '--layout adds no empty lines to even rows'
printf '.nf\n.ta 3i\n%s\n' $'The harbour office\tNorth opens' $'closes at seven\tNorth of the wall' \
	$'when the last ferry\tNorth ferry' | groff -Tpdf >tabs.pdf
pdftoppm -r 200 -gray -singlefile -png tabs.pdf tabs
for document in tabs.pdf tabs.png; do
	pc-ocr --layout $document >layout
	is "$(grep -cE '^(The harbour office|closes at seven|when the last ferry)   +North (opens|of the wall|ferry)$' layout) $(starts North <layout)" \
		'3 1' "--layout prints columns side by side: $document"
done
pc-ocr --layout columns.pdf >layout
is "$(tr -s ' \n' '\n\n' <layout | sort)" "$(pc-ocr columns.pdf | tr -s ' \n' '\n\n' | sort)" \
	'--layout prints the words of the page'
status 2 '--layout is for plain text' pc-ocr --layout -f md columns.pdf
like "$(cat err)" '--layout requires -f text' '--layout is for plain text: the message'

# ---- order

is "$(pc-ocr turned.pdf | grep -o '^[A-Z][a-z]*' | tr '\n' ' ')" \
	'First Second Third Fourth Fifth ' \
	'the lines of a page that lies on its side are printed in their order'
is "$(pc-ocr vertical.pdf | grep .)" \
	$'\u7e26\u66f8\u304d\u306e\u6587\n\u53f3\u304b\u3089\u5de6\u3078' \
	'vertical Japanese is printed column by column, from the right'
is "$(pc-ocr -f md vertical.pdf | grep -c '|')" 0 \
	'vertical Japanese is not a table'
is "$(pc-ocr --jsonl vertical.pdf | jq -c '.pages[].rotation')" 270 \
	'vertical Japanese is reported with its rotation'
is "$(pc-ocr columns.pdf | grep -o 'Title\|Left\|Right' | tr '\n' ' ')" \
	'Title Left Right ' 'columns are printed from the left'
for document in single turned vertical; do
	is "$(pc-ocr --order raw $document.pdf)" \
		"$(pdftotext $document.pdf - | tr -d '\f')" \
		"--order raw prints $document.pdf as pdftotext does"
done
is "$(pc-ocr single.pdf)" "$(pdftotext single.pdf - | tr -d '\f')" \
	'a page in one column is printed as pdftotext prints it'
status 2 '--order raw is refused for other formats' \
	pc-ocr --order raw -f md single.pdf
is "$(pc-ocr -v --order reading single.pdf 2>&1 >out | grep -c hit)" 1 \
	'--order reading has the key of the default'

# ---- text files

# One worker finds the kinds of many small files.
mkdir kinds
for n in 1 2 3 4 5 6 7 8; do echo "Note $n of a few." >"kinds/$n"; done
printf '%%!PS-Adobe-3.0\nshowpage\n' >kinds/a-postscript
printf '<svg xmlns="http://www.w3.org/2000/svg"/>\n' >kinds/b-svg
printf '{\\rtf1 Some text.}\n' >kinds/c-rtf
printf '<!doctype html><html><p>Some text.</html>\n' >kinds/d-html
printf 'From: a@b.example\nMIME-Version: 1.0\n\nSome text.\n' >kinds/e-mail
printf '{"a": [1, 2]}\n' >kinds/f-json
printf '#!/bin/sh\nexit 0\n' >kinds/g-script
printf 'Gr\xfc\xdfe aus der Stadt\n' >kinds/h-latin1
printf '\xff\xfeA\0b\0\n\0' >kinds/i-utf16
for file in kinds/*; do
	pc-ocr --no-cache -q --jsonl "$file"
done 2>/dev/null | jq -c '[.file, .text, .error]' >alone
pc-ocr --no-cache -q --jsonl -j1 kinds/* 2>/dev/null |
	jq -c '[.file, .text, .error]' >together
is "$(wc -l <alone)" 17 'each text file has an answer'
is "$(grep -c ',null,"' alone)" 5 \
	'PostScript, SVG, RTF, HTML and mail are refused'
is "$(cat together)" "$(cat alone)" \
	'text files among many have the answers that they have alone'
export PC_STORE=$T/small
is "$(pc-ocr -q kinds/? 2>&1)" "$(cat kinds/?)" 'small text files are printed'
is "$(pc-memstat --by component --json | jq -c '[.components[] |
	select(.component == "pc-doc") | .started, .reused]')" '[1,7]' \
	'small text files share a worker'
PC_STORE=$T/store
printf '\xef\xbb\xbfMarked\n' >kinds/j-marked
{ cat kinds/1; head -c 65522 /dev/zero | tr '\0' x; } >kinds/k-limit
{ cat kinds/k-limit; echo; } >kinds/l-large
is "$(pc-ocr --no-cache -q kinds/[jkl]* | sha256sum)" \
	"$(cat kinds/[jkl]* | tail -c +4 | sha256sum)" \
	'text files of any size are printed, without a byte order mark'

done_testing
