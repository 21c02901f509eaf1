#!/bin/bash
# Text from outside cannot control the terminal: answers, pages, documents,
# names of files, messages of servers.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"
. "$TESTS/web.sh"

command -v script >/dev/null || skip_all 'no script(1)'
"$TESTS/data/make-documents" . digital.pdf >/dev/null 2>&1 ||
	skip_all 'no documents can be made'
at_exit+=(web_stop)
trap cleanup EXIT

bad=$'a\e]0;title\ab\u009b31mc'
shown='a(\?|\\u001b|\\x1b| )]0;title(\?|\\u0007|\\x07| )b\?\?31mc'

# tty COMMAND...: run it on a terminal; what it prints goes to ./out
tty() {
	script -qec "$(printf '%q ' "$@")" /dev/null </dev/null >out
}
# tame WHAT [SHOWN]: ./out has SHOWN, and no control characters
tame() {
	# shellcheck disable=SC2016
	python3 -c 'import re, sys
b = open("out", "rb").read().replace(b"\r\n", b"\n").replace(b"\r\x1b[K", b"")
t = b.decode("utf-8", "replace")
sys.exit(bool(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", t)))'
	ok "$1: no control characters on a terminal"
	like "$(cat out)" "${2-$shown}" "$1: the text is shown"
}

# typed COMMAND...: run it on a terminal where a line and one Ctrl-D are typed
typed() {
	limit python3 -c 'import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(fd, b"words\n\x04")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}
typed pc-put -s typed "$TESTS/lib.sh"
is "$?:$(pc-get -s typed "$TESTS/lib.sh")" 0:words 'one Ctrl-D ends the value of pc-put'
typed pc-run -s typed -i - -- cat
ok 'one Ctrl-D ends the standard input of pc-run'
typed pc-put --no-cache -s typed "$TESTS/lib.sh"
ok 'one Ctrl-D ends the value of pc-put --no-cache'
typed pc-ocr -
ok 'one Ctrl-D ends a document for pc-ocr'

server_start s
use s

# ---- pc-infer

say="SAY: $bad"
for how in miss hit; do
	tty pc-infer -m tiny "$say"
	tame "an answer of pc-infer, $how"
	tty pc-infer -m tiny -v --json "$say"
	tame "an answer as JSON, $how"
done
tty pc-infer -m tiny --dry-run "$say"
tame 'a request shown by --dry-run'
tty pc-infer -m tiny --explain "$say"
tame '--explain of pc-infer'
jq -nc --arg t "$bad" '{file: $t, text: $t}' >records
tty pc-infer -m embedder --embed --jsonl --files-from records
tame 'records of embeddings'
tty pc-infer -m embedder --embed --binary --jsonl --files-from records
tame 'binary vectors' '.'
mkdir -p home/.config/pc/templates
jq -nc --arg t "$bad" '{description: $t, prompt: $t}' \
	>home/.config/pc/templates/odd.json
tty pc-infer --templates
tame 'the list of templates'
server_fault 500 /api/chat message="$bad" times=9
tty pc-infer -m tiny --refresh q
tame 'an error message from a server'
server_reset
tty pc-infer -m tiny -f "$bad" q
tame 'the name of a missing file' 'a\?]0;title\?b'
tty pc-infer -m tiny -f $'\x9b31m' q
tame 'the name of a missing file, not in UTF-8' "'\?31m'"

# ---- pc-fetch

mkdir -p web/www
printf '%s\177\r\n\tthe end\n' "$bad" >web/www/bad
printf '\233\303\233\302' >web/www/raw
{ seq 300000; printf '%s' "$bad"; } >web/www/long
web_start
for how in miss hit; do
	tty pc-fetch "$web/bad"
	tame "a fetched page, $how"
	tty pc-fetch --jsonl "$web/bad"
	tame "a fetched page as JSON, $how"
	tty pc-fetch "$web/long"
	tame "a long fetched page, $how"
	is "$(grep -c '^[0-9]*.$' out)" 300000 "a long fetched page is shown completely, $how"
done
tty pc-fetch "$web/raw"
is "$(cat out)" $'?\u00db\xc2' 'invalid UTF-8: control characters are shown as ?'
is "$(pc-fetch "$web/bad" | cmp - web/www/bad 2>&1)" '' 'pc-fetch writes a page to a pipe unchanged'
tty pc-fetch "$web/none$bad"
tame 'the URL of a failed fetch'

# ---- pc-ocr

printf '%s\r\n\tthe end\n' "$bad" >text
for how in miss hit; do
	for format in text layout tsv hocr alto md; do
		tty pc-ocr -f $format text
		tame "the $format format of pc-ocr, $how" '0;title'
	done
	tty pc-ocr --jsonl text
	tame "a document as JSON, $how"
done
cp text "$bad"
tty pc-ocr -v --jsonl "$bad"
tame 'the name of a document'
tty pc-ocr "$bad.pdf"
tame 'the name of a missing document'
done_testing
