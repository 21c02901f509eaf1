#!/bin/bash
# pc-ocr: documents that a converter of the configuration makes readable.
. "$(dirname "$0")/../lib.sh"

export PC_CONFIG=$T/pc.json
# configure CONVERTERS [OTHER]: write the configuration
configure() { echo "{\"ocr\": {\"convert\": {$1}${2:+, $2}}}" >pc.json; }
# computed STAGE: how often a result of this stage was stored
computed() {
	pc-stats -q --json | jq ".stages[] | select(.stage == \"$1\") | .put"
}
echo '{}' >pc.json
echo '<html><body><p>The <b>brass</b> lantern</p></body></html>' >page.html
printf '{\\rtf1 harbour}' >memo.rtf

status 2 'an HTML page without a converter fails' pc-ocr page.html
like "$(cat err)" 'HTML is not supported; convert it with .pandoc' \
	'without a converter the message says how to convert an HTML page'
configure '"text/html": "cat"'
status 2 'a converter that is not an array is an error' pc-ocr page.html
like "$(cat err)" "ocr.convert, 'text/html': must be a program and its arguments" \
	'a converter that is not an array: the message'
configure '"text/html": ["nonesuch-converter"]'
status 2 'a converter that is not installed fails' pc-ocr page.html
like "$(cat err)" "'page.html': cannot convert it: 'nonesuch-converter'.* is not installed" \
	'a converter that is not installed: the message'

if ! pc-confine --check >/dev/null; then
	configure '"text/html": ["cat"]'
	status 2 'without the whole sandbox a converter does not run' pc-ocr page.html
	like "$(cat err)" 'needs the whole sandbox' 'without the whole sandbox: the message'
	skip 'what converters do' 'they need the whole sandbox'
	done_testing
	exit
fi

# ---- results

strip='"text/html": ["sed", "s/<[^>]*>//g", "{}"]'
configure "$strip, \"text/rtf\": [\"tr\", \"a-z\", \"A-Z\"]"
status 0 'an HTML page is converted' pc-ocr page.html
is "$(cat out)" 'The brass lantern' 'the text is what the converter printed'
is "$(ls tmp)" '' 'no temporary file is left'
is "$(pc-ocr memo.rtf)" '{\RTF1 HARBOUR}' \
	'a converter without {} reads the document on its standard input'
status 0 'the second run is a hit' pc-ocr --jsonl page.html
is "$(jq -c '[.hit, .text, .pages[0].source, .id]' out)" \
	"[true,\"The brass lantern\\n\",\"text\",\"$(sha256sum page.html | cut -d ' ' -f 1)\"]" \
	'the record has the id of the document, and the text'
is "$(pc-get -s ocr page.html)" 'The brass lantern' \
	'pc-get -s ocr finds a converted text'
is "$(pc-get -k "$(pc-hash -s ocr memo.rtf)")" '{\RTF1 HARBOUR}' \
	'pc-hash -s ocr prints the key of a converted text'
is "$(computed ocr.convert)" 2 'each document was converted once'
is "$(pc-ocr -f md page.html)" 'The brass lantern' 'another format has the same text'
is "$(computed ocr.convert)" 2 'another format converts nothing'
is "$(pc-ocr --offline page.html)" 'The brass lantern' '--offline prints a converted text'
like "$(pc-ocr --explain page.html)" '^page.html: hit' '--explain knows a converted document'
status 2 '-f png of a converted text fails' pc-ocr -f png page.html -o '{}-%d.png'
like "$(cat err)" 'it is text and has no pixels' '-f png of a converted text: the message'

cat >to-pdf <<'SCRIPT'
#!/bin/sh
printf '.ps 20\nThe %s lantern\n' "$1" | groff -Tpdf >"$2/made.pdf"
SCRIPT
chmod +x to-pdf
configure "\"text/html\": [\"$T/to-pdf\", \"copper\", \"{out}\"]"
like "$(pc-ocr page.html)" 'The copper lantern' 'a PDF in {out} is read as a PDF'
is "$(pc-ocr --jsonl page.html | jq -c '[.hit, .pages[0].source]')" \
	'[true,"text-layer"]' 'a converted PDF has the source of a PDF'
is "$(computed ocr.convert)" 3 'other arguments convert again'
sed -i 's/lantern/lamp/' to-pdf
like "$(pc-ocr page.html)" 'The copper lamp' 'another script converts again'
configure "\"text/html\": [\"sh\", \"$T/to-pdf\", \"iron\", \"{out}\"]"
like "$(pc-ocr page.html)" 'The iron lamp' 'a script can be an argument'
sed -i 's/lamp/torch/' to-pdf
like "$(pc-ocr page.html)" 'The iron torch' 'a script that is an argument is part of the key'
configure "$strip"
is "$(pc-ocr page.html)" 'The brass lantern' 'the first converter again: its text'
is "$(computed ocr.convert)" 6 'the first converter again is a hit'

printf 'From: a@b.example\nMessage-ID: <1@b.example>\n\nbody\n' >letter.eml
configure '"message/rfc822": ["cat"]'
is "$(pc-ocr letter.eml)" "$(cat letter.eml)" \
	'a result that looks like mail is a text'
echo plain >plain.txt
configure '"text/plain": ["tr", "a-z", "A-Z"]'
is "$(pc-ocr plain.txt)" PLAIN 'a type that can be read has a converter, too'

# ---- failures

# fails WORDS PATTERN NAME: this shell script fails as a converter, twice
fails() {
	configure "\"text/html\": [\"sh\", \"-c\", \"$1\"]" "${4-}"
	status 2 "$3 fails" pc-ocr page.html
	like "$(cat err)" "^pc-ocr: 'page.html': cannot convert it: sh $2" "$3: the message"
	status 2 "$3 is not cached" pc-ocr --offline page.html
}
fails 'echo first >&2; echo no font >&2; exit 3' 'exited with status 3: no font$' \
	'a converter that exits with 3'
fails 'kill -9 $$' 'was killed by signal 9$' 'a converter that is killed'
fails 'echo; exit 0' 'gave an empty result$' 'a converter that prints nothing'
fails "printf '\\\\303'" 'gave neither a PDF nor a text in UTF-8$' 'a converter that prints bytes'
fails ': >{out}/a; : >{out}/b' 'made several files in' 'a converter that makes two files'
fails ': {out}' 'made no file in' 'a converter that makes no file'
fails 'sleep 600 & sleep 600' 'timed out after 1 s; raise ocr.convert_timeout' \
	'a slow converter' '"convert_timeout": 1'
fails 'yes | head -c 300000000' 'made more than 256 MiB; split the document' \
	'a converter with too much output'
fails 'yes | head -c 300000000 >{out}/a' 'made more than 256 MiB; split the document' \
	'a converter with too large a file'
is "$(ls tmp)" '' 'no temporary file of a failure is left'

# ---- the sandbox

echo secret >"$T/home/secret"
configure "\"text/html\": [\"sh\", \"-c\", \"ls -A ~; cat $T/home/secret; env | grep -c SECRET; ls -d $T; cat /proc/net/dev; echo >/usr/made; echo end\", \"{}\"]"
is "$(SECRET=1 pc-ocr --no-cache page.html 2>&1)" '0
end' 'a converter has an empty home, and no files or variables of the user'
configure '"text/html": ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9 || echo none"]'
is "$(pc-ocr --no-cache page.html)" none 'a converter has no network'
configure '"text/html": ["cat"]' '"convert_unconfined": true'
# Each waits for the other.
echo '<html>other</html>' >other.html
configure "\"text/html\": [\"sh\", \"-c\", \": >$T/runs-\$\$; until [ \$(ls $T/runs-* | wc -l) = 2 ]; do sleep 0.02; done; echo two\"]" \
	'"convert_unconfined": true, "convert_timeout": "60s"'
is "$(pc-ocr -q --no-cache -j2 page.html other.html | xargs)" 'two two' \
	'with -j two converters run at once'
configure "\"text/html\": [\"sh\", \"-c\", \"echo \$\$ >$T/begun; exec sleep 600\"]" \
	'"convert_unconfined": true'
pc-ocr --no-cache page.html >/dev/null 2>&1 &
await test -s begun
kill -9 $!
none_left() { [ -z "$(ls tmp)" ] && ! kill -0 "$(cat begun)"; }
await none_left
is "$(ls tmp)" '' 'a converter ends, and leaves no file, if pc-ocr is killed'
configure '"text/html": ["cat"]' '"convert_unconfined": true'
status 2 'ocr.convert_unconfined is refused with --require-sandbox' \
	pc-ocr --require-sandbox page.html
configure '"text/html": ["sh", "-c", "cat '"$T"'/home/secret; ls -A ~"]' '"convert_unconfined": true'
is "$(pc-ocr page.html)" secret 'with ocr.convert_unconfined a converter has only an empty home'
without_namespaces() {
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
		exec "$@"' sh "$@"
}
if without_namespaces true 2>/dev/null; then
	is "$(without_namespaces pc-ocr -q --no-cache page.html)" secret \
		'with ocr.convert_unconfined a converter runs without a sandbox'
	configure '"text/html": ["cat"]'
	status 2 'without the whole sandbox a converter does not run' \
		without_namespaces pc-ocr page.html
	like "$(cat err)" 'cat needs the whole sandbox.*ocr.convert_unconfined' \
		'without the whole sandbox: the message'
else
	skip 'converters without a sandbox' 'user namespaces are needed to turn them off'
fi

# ---- whose configuration, and deletion

configure "$strip"
chmod g+w pc.json
status 2 'a configuration that others can write names no converters' pc-ocr --refresh page.html
like "$(cat err)" 'ocr.convert is ignored' 'a configuration that others can write: the message'
chmod g-w pc.json
pc-gc --stage ocr >/dev/null 2>&1
status 2 'pc-gc --stage ocr deletes texts' pc-ocr --offline page.html
is "$(pc-stats -q --json | jq '[.stages[] | select(.stage | startswith("ocr.")) | .entries] | add')" 0 \
	'pc-gc --stage ocr deletes what converters made'
done_testing
