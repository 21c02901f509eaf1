#!/bin/bash
# pc-ocr: folders of documents, night after night.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.pdf mixed.pdf huge.pdf ||
	skip_all 'no documents can be made'
mkdir -p inbox/sub
cp digital.pdf inbox/a.pdf
printf 'first\n' >inbox/b.txt
printf 'second\n' >inbox/sub/c.txt
summary() { said | tail -n 1; }
files() { jq -r .file out | xargs; }

# ---- the last line

status 0 'a folder is read' pc-ocr -r --jsonl inbox
is "$(summary)" 'pc-ocr: 3 read, 0 cached, 0 failed' 'the last line counts the documents that were read'
printf 'new\n' >inbox/sub/d.txt
gzip -c inbox/b.txt >inbox/e.gz
status 3 'a folder with a file that cannot be read' pc-ocr -r --jsonl inbox
is "$(summary)" 'pc-ocr: 1 read, 3 cached, 1 failed' 'the last line counts hits and failures'
cp huge.pdf inbox/f.pdf
status 3 'a folder with a document of which a page fails' pc-ocr -r --jsonl inbox
is "$(summary)" 'pc-ocr: 0 read, 4 cached, 1 incomplete, 1 failed' \
	'a document of which a page failed is incomplete'
status 3 '-q' pc-ocr -q -r --jsonl inbox
is "$(sed "s/: .*//" err | sort)" "pc-ocr
pc-ocr" '-q prints one line for each document that failed, and no last line'
like "$(cat err)" "^pc-ocr: 'inbox/e.gz': application/gzip is not supported" \
	'-q: the line of a document that failed'
like "$(cat err)" "^pc-ocr: 'inbox/f.pdf', page 2: " '-q: the line of a document of which a page failed'
head -c $(($(stat -c %s digital.pdf) * 2 / 3)) digital.pdf >cut.pdf
status 3 '-q with a damaged document' pc-ocr -q cut.pdf
like "$(cat err)" "^pc-ocr: 'cut.pdf': " '-q prints a line for a damaged document'
is "$(wc -l <err)" 1 '-q prints one line for it'
status 0 'one document' pc-ocr inbox/b.txt
is "$(said)" '' 'one document has no last line'
rm inbox/f.pdf

# ---- files that cannot be read

status 0 '--skip-unsupported' pc-ocr --skip-unsupported -r --jsonl inbox
is "$(summary)" 'pc-ocr: 0 read, 4 cached, 0 failed, 1 skipped' 'files that were skipped are counted'
is "$(files)" 'inbox/a.pdf inbox/b.txt inbox/sub/c.txt inbox/sub/d.txt' 'a file that is skipped has no record'
is "$(said | wc -l)" 1 'a file that is skipped has no message'
like "$(pc-ocr -v --skip-unsupported inbox/e.gz 2>&1)" "'inbox/e.gz': skipped: application/gzip is not" \
	'-v names the files that are skipped'
status 2 '--skip-unsupported with a file that is missing' pc-ocr --skip-unsupported nonesuch inbox/e.gz
status 0 '--skip-unsupported -f images' \
	pc-ocr --skip-unsupported -q -f images -o '{}-%d-%i' -r inbox
status 0 '--skip-unsupported -f png' \
	pc-ocr --skip-unsupported -f png --dpi 36 -o '{}-%d.png' inbox/b.txt inbox/a.pdf
is "$(summary)" 'pc-ocr: 1 read, 0 cached, 0 failed, 1 skipped' 'a text file has no page image'
rm inbox/e.gz

# ---- what is not read below a directory

mkdir inbox/tagged
printf 'Signature: 8a477f597d28d172789f06886806bc55\n' >inbox/tagged/CACHEDIR.TAG
printf 'no\n' >inbox/tagged/no.txt
printf 'not a tag\n' >inbox/sub/CACHEDIR.TAG
pc-ocr -q --store inbox/store inbox/b.txt >/dev/null
pc-ocr -q -r --jsonl inbox | jq -r .file >out
is "$(xargs <out)" 'inbox/a.pdf inbox/b.txt inbox/sub/CACHEDIR.TAG inbox/sub/c.txt inbox/sub/d.txt' \
	'-r leaves out a store and other directories that are marked as a cache'
rm -r inbox/tagged inbox/store inbox/sub/CACHEDIR.TAG
pc-ocr -r --jsonl inbox >inbox/all.jsonl 2>inbox/log
is "$(jq -r .file inbox/all.jsonl | xargs)" 'inbox/a.pdf inbox/b.txt inbox/sub/c.txt inbox/sub/d.txt' \
	'-r leaves out the files that its output and messages go to'
rm inbox/all.jsonl inbox/log
for night in 1 2; do
	pc-ocr -q --skip-unsupported -r -f png --dpi 36 -o 'inbox/{}-%03d.png' inbox >out
	is "$(xargs <out)" 'inbox/a-001.png inbox/a-002.png' "-r leaves out files that -o wrote, night $night"
done
like "$(pc-ocr --skip-unsupported -r -f png --dpi 36 -o 'inbox/{}-%03d.png' inbox 2>&1 >/dev/null)" \
	'0 read, 1 cached, 0 failed, 5 skipped' 'files that -o wrote are counted'
cp inbox/a-001.png inbox/sub/z-001.png
is "$(pc-ocr -q --skip-unsupported -r -f png --dpi 36 -o 'inbox/{}-%03d.png' inbox | grep -c z-001)" 1 \
	'a file of such a name in another directory is read'
status 3 'an output of -f png that is an input' \
	pc-ocr -q -f png --dpi 37 -o 'inbox/{}-%03d.png' inbox/a.pdf inbox/a-002.png
like "$(cat err)" "page 2: its output 'inbox/a-002.png' is an input" \
	'an output of -f png that is an input: the message'
rm inbox/*.png inbox/sub/*.png

# ---- --offline

printf 'not read yet\n' >inbox/new.txt
computed() { pc-stats --json | jq '[.stages[].compute] | add'; }
before=$(computed)
status 3 '--offline' pc-ocr --offline -r --jsonl inbox
is "$(jq -r 'select(.error) | [.file, .error] | @csv' out)" '"inbox/new.txt","not in the cache (--offline)"' \
	'--offline prints what is cached, and nothing else is read'
is "$(summary)" 'pc-ocr: 0 read, 4 cached, 1 failed' '--offline: the last line'
is "$(computed)" "$before" '--offline computes nothing'
status 2 '--offline --refresh' pc-ocr --offline --refresh inbox/b.txt
status 2 '--offline --no-cache' pc-ocr --offline --no-cache inbox/b.txt

# ---- why documents miss

# why [OPTION]...: the reason of each document, as --explain prints it
why() { pc-ocr --explain --jsonl "$@" why | jq -r '"\(.hit) \(.reason)"'; }
mkdir why
printf 'why\n' >why/a.txt
before=$(computed)
is "$(why -r)" 'false never stored' '--explain: a new document'
pc-ocr --jsonl why/a.txt >out
is "$(jq -c '[.hit, .reason]' out)" '[false,"not in the cache"]' 'a record has the reason of a miss'
pc-ocr --jsonl why/a.txt >out
is "$(jq -c '[.hit, .reason]' out)" '[true,"cached"]' 'a record tells a hit'
is "$(pc-ocr --jsonl --refresh why/a.txt | jq -r .reason)" --refresh 'the reason is --refresh'
is "$(pc-ocr --jsonl --no-cache why/a.txt | jq -r .reason)" 'no cache' 'the reason is that there is no cache'
like "$(why -r)" '^true stored 2.*Z, valid until 2.*Z$' '--explain: a hit'
like "$(pc-ocr --explain -r why)" '^why/a.txt: hit: stored' '--explain prints a line for each document'
is "$(why -r --dpi 150)" 'false parameter dpi: own,300 -> 150' '--explain: another option'
is "$(why -r --pages 1)" 'false parameter pages: (none) -> 1' '--explain: an option more'
mkdir models
pc-tesseract engines -l eng | awk -F '\t' '$3 ~ /[.]traineddata$/ { print $3 }' |
	xargs -d '\n' cp -t models
printf ' ' >>models/eng.traineddata
is "$(TESSDATA_PREFIX=$T/models why -r)" 'false engine model.eng changed' '--explain: another model'
mkdir moved
cp "$BUILD/pc-doc" "$BUILD/pc-tesseract" moved
printf ' ' >>moved/pc-doc
is "$(PC_LIBEXEC=$T/moved why -r)" 'false engine pc-doc changed' '--explain: an upgrade'
cp why/a.txt same
printf 'more\n' >>why/a.txt
like "$(why -r)" '^false document changed since 2.*Z$' '--explain: a document that changed'
cp same why/a.txt
is "$(pc-stats --json | jq '[.stages[].compute] | add')" "$((before + 2))" '--explain computes nothing'
pc-gc -q --file why/a.txt
like "$(why -r)" 'false (never stored|deleted)' '--explain: a document that was deleted'
pc-ocr -q -t 0s why/a.txt >/dev/null
like "$(why -r)" '^false stored 2.*Z, expired 2.*Z$' '--explain: a result that expired'
status 2 '--explain of a file that is missing' pc-ocr --explain nonesuch

# ---- stages

pc-gc -q --all
pc-ocr -q -f layout digital.pdf >/dev/null
is "$(pc-ocr -v -f layout digital.pdf 2>&1 >/dev/null | cut -d ' ' -f 2,3)" 'hit layout' \
	'the stage of -f layout is layout'
pc-ocr -q -f md digital.pdf >/dev/null
pc-ocr -q scan.pdf >/dev/null
pc-ocr -q -f png --dpi 36 -o '{}-%d.png' digital.pdf >/dev/null
printf v | pc-put -s ocr.mine why/a.txt
like "$(pc-gc -v --stage ocr 2>&1)" ' ocr.pixels ' 'pc-gc --stage ocr deletes the words of pages'
is "$(pc-gc -n -v --all 2>&1 | awk '/would delete/ && $4 ~ /^[a-z]/ { print $4 }' | grep -c -x -E 'ocr(\.(page|pixels|png|images))?')" 0 \
	'pc-gc --stage ocr deletes all that pc-ocr stored in its stages'
is "$(pc-get -s ocr.mine why/a.txt)" v 'pc-gc --stage ocr keeps other stages'
is "$(pc-ocr -v -f layout digital.pdf 2>&1 >/dev/null | cut -d ' ' -f 2,3)" 'hit layout' \
	'pc-gc --stage ocr keeps the stage layout'

# ---- pc-get and pc-hash find the text

pc-gc -q --all
printf 'text\n' >f.txt
printf 'other\n' >g.txt
status 1 'pc-get -s ocr before pc-ocr has run is a miss' pc-get -s ocr f.txt
plain=$(pc-hash -s ocr f.txt)
pc-ocr f.txt >want
looked() { pc-stats --json | jq -c '.stages[] | select(.stage == "ocr") | [.hit, .miss]'; }
before=$(looked)
pc-get -s ocr f.txt | cmp - want
ok 'pc-get -s ocr finds the text that pc-ocr stored'
is "$(looked)" "$(jq -c '.[0] += 1' <<<"$before")" 'pc-get -s ocr counts one hit'
key=$(pc-hash -s ocr f.txt)
is "$(pc-ocr --explain --jsonl f.txt | jq -r .key)" "$key" 'pc-hash -s ocr prints the key of pc-ocr'
is "$(pc-get -k "$key")" "$(cat want)" 'pc-get -k finds the text by the key of pc-hash'
is "$(pc-hash -0 -j 2 -s ocr < <(printf 'f.txt\0g.txt\0'))" \
	"$key
$(pc-hash -s ocr g.txt)" 'pc-hash -j prints the keys of pc-ocr, too'
is "$(pc-get --jsonl -s ocr f.txt g.txt | jq -c '[.hit, .key]')" \
	"[true,\"$key\"]
[false,\"$(pc-hash -s ocr g.txt)\"]" 'pc-get --jsonl finds the text, and has the key'
like "$(pc-hash --explain -s ocr f.txt)" $'^key: [0-9a-f]*.*parameter psm: 3.*\nhit: stored ' \
	'pc-hash --explain -s ocr shows the key of pc-ocr'
like "$(pc-hash --explain -s ocr g.txt)" $'\nmiss\nnearest: .*\n  input 1: [0-9a-f]* -> ' \
	'pc-hash --explain -s ocr compares a miss with texts of pc-ocr'
pc-ocr -q --psm 6 g.txt >/dev/null
status 1 'a text with other options is a miss' pc-get -s ocr g.txt
status 1 'pc-get -s ocr with two inputs is a miss' pc-get -s ocr f.txt g.txt
status 1 'pc-get -s ocr -p is a miss' pc-get -s ocr -p a=1 f.txt
status 1 'pc-get -s ocr --refresh is a miss' pc-get -s ocr --refresh f.txt
printf '{"ocr": {"dpi": 200}}' >dpi.json
PC_CONFIG=$T/dpi.json status 1 'pc-get -s ocr is a miss if the configuration differs' pc-get -s ocr f.txt
PC_CONFIG=$T/dpi.json pc-ocr -q f.txt >/dev/null
PC_CONFIG=$T/dpi.json status 0 'pc-get -s ocr obeys the configuration' pc-get -s ocr f.txt
PC_LIBEXEC=$T/moved status 1 'pc-get -s ocr is a miss if a helper changed' pc-get -s ocr f.txt
export TESSDATA_PREFIX=$T/models
status 1 'pc-get -s ocr is a miss if a model changed' pc-get -s ocr f.txt
pc-ocr -q f.txt >/dev/null
status 0 'pc-get -s ocr finds the text of the new model' pc-get -s ocr f.txt
printf ' ' >>models/eng.traineddata
status 1 'pc-get -s ocr is a miss if a remembered model changed' pc-get -s ocr f.txt
like "$(pc-hash --explain -s ocr f.txt)" $'\n  engine model.eng: [0-9a-f]* -> [0-9a-f]*' \
	'pc-hash --explain -s ocr names the model that changed'
unset TESSDATA_PREFIX
printf 'mine' | pc-put -s ocr f.txt
is "$(pc-get -s ocr f.txt) $(pc-hash -s ocr f.txt)" "mine $plain" 'what pc-put stored comes first'

# ---- on a terminal, or not

status 2 'no document' pc-ocr </dev/null
like "$(cat err)" "no document given; '-' is standard input" 'without a name, the message names -'
for f in pdf png; do
	script -qec "pc-ocr -f $f digital.pdf --pages 1" /dev/null </dev/null >screen
	like "$(cat screen)" "-f $f writes a binary file, .*terminal; redirect it.*>out.$f" "-f $f is refused on a terminal"
done
pc-ocr --progress --refresh scan.pdf >/dev/null 2>err
like "$(tr '\r' '\n' <err)" '[0-9]+( of [0-9]+)? pages, .*/s, .*[0-9]+ documents done' \
	'--progress counts pages and documents'

done_testing
