#!/bin/bash
# On a terminal what strangers wrote is words and no commands: answers, pages,
# texts, names, the words of servers.
. "$(dirname "$0")/lib.sh"
. "$TESTS/infer.sh"
. "$TESTS/web.sh"

command -v script >/dev/null || skip_all 'no script(1)'
"$TESTS/data/make-documents" . digital.pdf >/dev/null 2>&1 ||
	skip_all 'no documents can be made'
at_exit+=(web_stop)
trap cleanup EXIT

bad=$'a\e]0;title\ab\u009b31mc'
shown='a(\?|\\u001b|\\x1b| )]0;title(\?|\\u0007|\\x07| )b\?\?31mc'

# tty COMMAND...: what it shows on a terminal, in ./out, with its status
tty() {
	script -qec "$(printf '%q ' "$@")" /dev/null </dev/null >out
}
# tame WHAT [SHOWN]: nothing in ./out does more than show itself
tame() {
	# shellcheck disable=SC2016
	python3 -c 'import re, sys
b = open("out", "rb").read().replace(b"\r\n", b"\n").replace(b"\r\x1b[K", b"")
t = b.decode("utf-8", "replace")
sys.exit(bool(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", t)))'
	ok "$1: nothing but words"
	like "$(cat out)" "${2-$shown}" "$1: and these are there"
}

# typed COMMAND...: what it makes of a line and one Ctrl-D
typed() {
	limit python3 -c 'import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(fd, b"words\n\x04")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}
typed pc-put -s typed "$TESTS/lib.sh"
is "$?:$(pc-get -s typed "$TESTS/lib.sh")" 0:words 'one Ctrl-D ends a value'
typed pc-run -s typed -i - -- cat
ok 'and an input'
typed pc-put --no-cache -s typed "$TESTS/lib.sh"
ok 'and what nobody keeps'
typed pc-ocr -
ok 'and a document'

server_start s
use s

# ---- pc-infer

say="SAY: $bad"
for how in miss hit; do
	tty pc-infer -m tiny "$say"
	tame "an answer, $how"
	tty pc-infer -m tiny -v --json "$say"
	tame "as JSON, $how"
done
tty pc-infer -m tiny --dry-run "$say"
tame 'a request'
tty pc-infer -m tiny --explain "$say"
tame 'what a key is made of'
jq -nc --arg t "$bad" '{file: $t, text: $t}' >records
tty pc-infer -m embedder --embed --jsonl --files-from records
tame 'records of embeddings'
tty pc-infer -m embedder --embed --binary --jsonl --files-from records
tame 'vectors' '.'
mkdir -p home/.config/pc/templates
jq -nc --arg t "$bad" '{description: $t, prompt: $t}' \
	>home/.config/pc/templates/odd.json
tty pc-infer --templates
tame 'templates'
server_fault 500 /api/chat message="$bad" times=9
tty pc-infer -m tiny --refresh q
tame 'an error of a server'
server_reset
tty pc-infer -m tiny -f "$bad" q
tame 'a name' 'a\?]0;title\?b'
tty pc-infer -m tiny -f $'\x9b31m' q
tame 'a name that is no UTF-8' "'\?31m'"

# ---- pc-fetch

mkdir -p web/www
printf '%s\177\r\n\tthe end\n' "$bad" >web/www/bad
printf '\233\303\233\302' >web/www/raw
{ seq 300000; printf '%s' "$bad"; } >web/www/long
web_start
for how in miss hit; do
	tty pc-fetch "$web/bad"
	tame "a page, $how"
	tty pc-fetch --jsonl "$web/bad"
	tame "as JSON, $how"
	tty pc-fetch "$web/long"
	tame "a long one, $how"
	is "$(grep -c '^[0-9]*.$' out)" 300000 "all of it, $how"
done
tty pc-fetch "$web/raw"
is "$(cat out)" $'?\u00db\xc2' 'bytes that are no characters'
is "$(pc-fetch "$web/bad" | cmp - web/www/bad 2>&1)" '' 'to a pipe it goes as it is'
tty pc-fetch "$web/none$bad"
tame 'an address'

# ---- pc-ocr

printf '%s\r\n\tthe end\n' "$bad" >text
for how in miss hit; do
	for format in text layout tsv hocr alto md; do
		tty pc-ocr -f $format text
		tame "$format, $how" '0;title'
	done
	tty pc-ocr --jsonl text
	tame "as JSON, $how"
done
cp text "$bad"
tty pc-ocr -v --jsonl "$bad"
tame 'a name of a document'
tty pc-ocr "$bad.pdf"
tame 'one that is not there'
done_testing
