#!/bin/bash
# pc-ocr: pages remembered one by one, made in parallel, chosen, and lost.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.pdf scan.png locked.pdf \
	mixed.pdf || skip_all 'no documents can be made'

own_helpers
# recognised: how many pages tesseract has read so far
recognised() {
	pc-stats -q --json |
		jq '[.stages[] | select(.stage == "ocr.pixels") | .put] | add // 0'
}

words=(none Lantern Kettle Harbour Parcel Evening Weather)
# line N TEXT: a page image of its own, which begins with a word of its own
line() {
	printf '.ps 24\n.vs 30\n.sp 3\nPage %s\n.sp\n%s\n' \
		"${words[$1]}" "$2" | groff -Tpdf >"line$1.pdf"
	pdftoppm -r 150 -gray -png "line$1.pdf" "line$1"
	mv "line$1-1.png" "line$1.png"
}
# numbers < TEXT: of the words that begin its pages, in its order
numbers() {
	local i word
	grep -o 'Page [A-Z][a-z]*' | while read -r _ word; do
		for i in 1 2 3 4 5 6; do
			[ "${words[i]}" = "$word" ] && printf %d "$i"
		done
	done
}
for n in 1 2 3 4 5 6; do line $n 'the same sentence on every page'; done
img2pdf line[1-5].png -o five.pdf
img2pdf line[12].png line6.png line[45].png -o changed.pdf

# ---- three levels

status 0 'five scanned pages are read' pc-ocr five.pdf
is "$(numbers <out)" 12345 'five scanned pages are printed in order'
cp out five
is "$(recognised)" 5 'each of five pages is recognised once'
status 0 'a document with one page changed is read' pc-ocr changed.pdf
is "$(numbers <out)" 12645 'the changed page is printed among the others'
is "$(recognised)" 6 'only the changed page is recognised'
status 0 'another format of the same pages' pc-ocr -f layout five.pdf
is "$(jq -r '[.pages[].blocks[].lines[].words[].text] | join(" ")' out |
	numbers)" 12345 'another format has the words of each page'
is "$(recognised)" 6 'another format needs no OCR'
status 0 'an image of one of the pages is read' pc-ocr line3.png
status 0 'another stage name is another result' pc-ocr -s other -p x=1 five.pdf
cmp out five
ok 'another stage name prints the same text'
[ "$(recognised)" -le 7 ]
ok 'another stage name recognises no page again'
status 0 '--refresh reads the pages again' pc-ocr --refresh five.pdf
cmp out five
ok '--refresh prints the same text'
pc-ocr --no-cache five.pdf | cmp - five
ok '--no-cache prints the same text'
pc-ocr --no-cache -j 1 five.pdf | cmp - five
ok '-j 1 prints the same text'
pc-ocr --no-cache -j 7 five.pdf | cmp - five
ok '-j 7 prints the same text'
pc-ocr --no-cache --pages 3 five.pdf >alone
is "$(tr -d '\f' <alone | xargs)" \
	'Page Harbour the same sentence on every page' \
	'a page does not depend on those before it'

# ---- a run that is killed goes on where it was

export PC_STORE=$T/killed
pc-ocr -j 1 five.pdf >half 2>&1 &
pid=$!
two_recognised() { [ "$(recognised)" -ge 2 ]; }
await two_recognised
disown $pid
kill -9 $pid
helpers_left >/dev/null
had=$(recognised)
pc-ocr five.pdf | cmp - five
ok 'the run after a kill -9 prints all pages'
is "$(recognised)" 5 "the run after a kill -9 recognises only the rest, 5 - $had"
[ "$had" -ge 2 ]
ok 'pages recognised before a kill -9 are in the store'
is "$(helpers_left)" 0 'no helper is left after a kill -9'
export PC_STORE=$T/store

# ---- cleaning

"$TESTS/data/make-scans" . noise
pc-ocr noise.png >plain
pc-ocr --clean noise.png >clean
is "$(tr -s ' \n' ' ' <clean)" "$(tr -s ' \n' ' ' <noise.txt)" \
	'--clean reads through noise'
cmp -s plain clean
is $? 1 '--clean is a result of its own'

# ---- what OCR reads badly

# This pc-infer is not the real one: it answers in its place, by its command
# line, from the image that it is given.
mkdir bin
cat >bin/pc-infer <<'INFER'
#!/bin/sh
echo "$*" >>"$T/asked"
head -c 2 >"$T/magic"
cat >/dev/null
[ -z "${BROKEN-}" ] || exit 75
echo "${SEEN-what a model sees}"
INFER
chmod +x bin/pc-infer
export T
see() { PATH=$T/bin:$PATH "$@"; }
see status 0 '--vision-below 100 sends each page to the model' pc-ocr --vision-below 100 \
	--jsonl line1.png
is "$(jq -r '.text' out)" 'what a model sees' '--vision-below 100 prints what the model reads'
is "$(jq -r '.pages[0].source' out)" vision 'a page that the model reads has the source vision'
is "$(cat asked magic)" '-T ocr-vision --image -
P5' 'pc-infer gets the template and the pixels'
see status 0 'the second run with --vision-below succeeds' pc-ocr --vision-below 100 line1.png
is "$(wc -l <asked)" 2 'the second run asks pc-infer, which caches its answers'
see status 0 '--vision-below 1 succeeds' pc-ocr --vision-below 1 line1.png
is "$(cat out)" "$(pc-ocr line1.png)" '--vision-below 1 prints what OCR reads'
is "$(wc -l <asked)" 2 '--vision-below 1 sends no page to the model'
BROKEN=yes see status 3 'a model that fails is exit status 3' pc-ocr --vision-below 100 line1.png
is "$(cat out)" "$(pc-ocr line1.png)" 'if the model fails, what OCR reads is printed'
like "$(cat err)" "'line1.png', page 1: pc-infer: status 75" 'a model that fails: the warning'

# A picture, of which OCR reads nothing.
python3 -c 'import sys
dot = bytes(0 if (i % 300 - 150) ** 2 + (i // 300 - 150) ** 2 < 6400 else 255
            for i in range(90000))
sys.stdout.buffer.write(b"P5\n300 300\n255\n" + dot)' |
	python3 "$TESTS/data/pixels.py" 150 >disc.png
marked() { jq -c '.pages[0] | [.source, .low_confidence]' out; }
see status 0 'a picture is exit status 0' pc-ocr --jsonl disc.png
is "$(marked)" '["image",true]' 'a picture without text is marked'
for seen in 'a disc' NONE; do
	SEEN=$seen see status 0 "a picture is shown to the model, which says '$seen'" \
		pc-ocr --vision-below 100 --jsonl disc.png
	is "$(jq '.pages[0].low_confidence' out)$(said)" null \
		"a model that says '$seen' ends the doubt"
done
for bad in 0 101 x; do
	status 2 "--vision-below $bad" pc-ocr --vision-below $bad line1.png
done

# ---- which pages

is "$(pc-ocr --pages 2,4- five.pdf | numbers)" 245 '--pages selects pages'
is "$(pc-ocr --pages 5,1-2 five.pdf | numbers)" 512 \
	'--pages keeps the order of its ranges'
status 2 'pages that do not exist fail' pc-ocr --pages 6- five.pdf
like "$(cat err)" "'five.pdf': --pages selects none of its 5 pages" 'pages that do not exist: the message'
for bad in 0 1- 3-2 a 1,,2 '' -3 1-2-3 99999999999; do
	[ "$bad" = 1- ] && continue
	status 2 "bad pages '$bad'" pc-ocr --pages "$bad" five.pdf
done

# ---- many documents

mkdir -p tree/a tree/.hidden
cp digital.pdf tree/b.pdf
cp line1.png tree/a/one
cp line2.png tree/a/two.png
echo hidden >tree/.hidden/x.txt
status 0 '-r reads a directory' pc-ocr -r --jsonl tree
is "$(jq -r .file out | xargs)" 'tree/a/one tree/a/two.png tree/b.pdf' \
	'-r reads all files that are not hidden, sorted'
status 2 'a directory without -r fails' pc-ocr tree
for i in 1 2 3 4 5 6; do cp line$i.png "many$i.png"; done
pc-ocr --no-cache -j 4 many?.png | numbers >order
is "$(cat order)" 123456 'several documents at once are printed in order'
status 3 'one of several documents that cannot be read' pc-ocr -j 4 many1.png none many3.png
is "$(numbers <out)" 13 'the other documents are printed'

# ---- passwords

printf 'secret\n' >word
chmod 600 word
status 2 'a locked PDF without a password fails' pc-ocr locked.pdf
status 0 '--password-file succeeds' pc-ocr --password-file word locked.pdf
like "$(cat out)" 'three wooden chairs' '--password-file unlocks the PDF'
PC_OCR_PASSWORD=secret status 0 'PC_OCR_PASSWORD unlocks the PDF' pc-ocr --no-cache locked.pdf
printf 'wrong' >wrong
chmod 600 wrong
status 2 'a wrong password fails' pc-ocr --no-cache --password-file wrong locked.pdf
like "$(cat err)" 'does not unlock it' 'a wrong password: the message'
chmod 644 wrong
status 2 'a password file that others can read is refused' pc-ocr --password-file wrong locked.pdf
like "$(cat err)" "other users can read .*; run 'chmod 600' on it" 'a password file that others can read: the message'
grep -rq secret store
is $? 1 'no password is in the store'

# ---- Ctrl-C

# a shell has what it runs in the background ignore SIGINT
env --default-signal=INT pc-ocr --no-cache -j 2 scan.pdf five.pdf five.pdf \
	five.pdf five.pdf >/dev/null 2>err &
await pgrep -f "^$T/libexec/pc-tesseract serve"
kill -INT $!
wait $!
is $? 130 'SIGINT ends a run'
is "$(helpers_left)" 0 'SIGINT ends the helpers of a run'
done_testing
