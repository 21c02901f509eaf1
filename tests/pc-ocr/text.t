#!/bin/bash
# pc-ocr: the letters, blanks and lines of text layers, in every format.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-texts" . letters.pdf hebrew.pdf chinese.pdf ||
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

done_testing
