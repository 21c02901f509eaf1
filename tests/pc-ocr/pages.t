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

rm asked
see status 0 '--ocr vision' pc-ocr --ocr vision --jsonl line1.png
is "$(jq -r '.text, .pages[0].source' out | xargs)" 'what a model sees vision' '--ocr vision sends each recognised page to the model'
see status 0 '--ocr vision of a text file' pc-ocr --ocr vision "$TESTS/lib.sh"
is "$(wc -l <asked)" 1 '--ocr vision sends no page that needs no OCR'
status 2 '--ocr vision --vision-below' pc-ocr --ocr vision --vision-below 5 line1.png
like "$(cat err)" '--ocr vision cannot be combined with --vision-below' '--ocr vision --vision-below: the message'
status 2 '--ocr vision -f pdf' pc-ocr --ocr vision -f pdf line1.png

# ---- tesseract's settings

letters=tessedit_char_whitelist=abcdefghijklmnopqrstuvwxyz
status 0 '--tesseract' pc-ocr --tesseract $letters line1.png
is "$(tr -d 'a-z \n' <out)" '' '--tesseract sets a whitelist of characters'
is "$(pc-ocr --explain --tesseract $letters line1.png | cut -d : -f 2)" ' hit' 'a setting gives a hit'
is "$(pc-ocr --explain --tesseract ${letters}5 line1.png | cut -d : -f 2)" ' miss' 'another value is a miss'
for name in debug_file tessedit_write_images tessedit_create_pdf tessedit_ocr_engine_mode \
	tessedit_pageseg_mode user_words_file; do
	status 2 "--tesseract $name" pc-ocr --tesseract $name=1 line1.png
	like "$(cat err)" "--tesseract $name is refused: " "--tesseract $name is refused"
done
status 2 '--tesseract twice' pc-ocr --tesseract $letters --tesseract $letters line1.png
status 2 '--tesseract without a value' pc-ocr --tesseract tessedit_char_whitelist line1.png
status 2 '--tesseract with an unknown name' pc-ocr --tesseract no_such_setting=1 line1.png
like "$(cat err)" "tesseract has no setting 'no_such_setting'" 'an unknown setting: the message'
printf 'zyxword\n' >words
status 0 '--user-words' pc-ocr --user-words words line1.png
cp words same
is "$(pc-ocr --explain --user-words same line1.png | cut -d : -f 2)" ' hit' 'the name of the words is not in the key'
printf 'other\n' >>words
is "$(pc-ocr --explain --user-words words line1.png | cut -d : -f 2)" ' miss' 'other words are a miss'
status 2 '--user-words without a file' pc-ocr --user-words none line1.png

# ---- another engine

cat >engine <<'ENGINE'
#!/bin/sh
echo "$PC_OCR_LANG $PC_OCR_DPI" >>"$T/ran"
head -c 4 >"$T/magic"
cat >/dev/null
case $1 in
tsv) printf 'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n'
	printf '5\t1\t1\t1\t1\t1\t10\t10\t30\t12\t91.5\tnew\n5\t1\t1\t1\t1\t2\t50\t10\t60\t12\t88.5\tengine\n' ;;
hocr) echo "<html><meta content='ocrx_word'/><div class='ocr_page'><span class='ocr_line'>"
	echo "<span class='ocrx_word' title='bbox 10 10 40 22; x_wconf 91'>n&#101;w</span>"
	echo "<span class='ocrx_word' title='bbox 50 10 110 22; x_wconf 89'><b>&lt;engine&gt;</b></span></span></div></html>" ;;
columns) printf 'level\tpage_num\n5\t1\t1\n' ;;
fails) exit 3 ;;
endless) exec yes ;;
slow) sleep 60 ;;
*) echo "some text" ;;
esac
ENGINE
chmod +x engine
status 0 '--engine-cmd with TSV' pc-ocr --engine-cmd './engine tsv' --jsonl line1.png
is "$(jq -c '[.text, .pages[0].confidence]' out)" '["new engine\n",90]' '--engine-cmd prints the words of TSV'
is "$(cut -d ' ' -f 1 ran) $(tail -c 3 magic)" 'eng PNG' 'the engine gets the language and a PNG'
status 0 '--engine-cmd again' pc-ocr --engine-cmd './engine tsv' line1.png
is "$(wc -l <ran)" 1 'the second run with --engine-cmd is a hit'
status 0 '--engine-cmd with positions' pc-ocr --engine-cmd './engine tsv' -f tsv --dpi 72 line1.png
is "$(wc -l <ran)" 1 'another form needs no new run of the engine'
status 0 '--engine-cmd with hOCR' pc-ocr --engine-cmd './engine hocr' line1.png
is "$(cat out)" 'new <engine>' '--engine-cmd prints the words of hOCR'
echo '# changed' >>engine
is "$(pc-ocr --explain --engine-cmd './engine tsv' line1.png)" \
	'line1.png: miss: engine engine_cmd.0 changed' 'a changed engine is a miss'
# broken ANSWER MESSAGE
broken() {
	status 2 "--engine-cmd: $1" pc-ocr --engine-cmd "./engine $1" line1.png
	is "$(said)" "pc-ocr: 'line1.png', page 1: $2" "--engine-cmd: $1: the message"
	is "$(pc-ocr --explain --engine-cmd "./engine $1" line1.png | cut -d : -f 2)" ' miss' "--engine-cmd: $1: nothing is cached"
}
broken columns "'./engine columns' printed neither TSV nor hOCR"
broken other "'./engine other' printed neither TSV nor hOCR"
broken fails "'./engine fails' exited with status 3"
broken endless "the output of './engine endless' is larger than 64 MiB"
printf '{"ocr": {"page_timeout": "1s"}}' >short.json
PC_CONFIG=$T/short.json broken slow "'./engine slow' timed out; raise ocr.page_timeout"
status 2 '--engine-cmd with a program that is missing' pc-ocr --engine-cmd ./none line1.png
status 2 '--engine-cmd --psm' pc-ocr --engine-cmd ./engine --psm 6 line1.png
status 2 '--engine-cmd without a word' pc-ocr --engine-cmd ' ' line1.png

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
