#!/bin/bash
# The sandbox: what a compromised worker can still do.
. "$(dirname "$0")/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
chmod 755 "$T"

# Things to find, and a server to connect to, which counts who came.
secret=swordfish
echo $secret >secret
ln -s secret link
mkdir places
python3 -c 'import os, socket, sys
s = socket.create_server(("127.0.0.1", 0))
open("port.new", "w").write(str(s.getsockname()[1]))
os.rename("port.new", "port")
while True:
    s.accept()
    open("came", "a").write("x")' &
server=$!
stop_server() { kill $server 2>/dev/null; }
at_exit+=(stop_server)
await test -e port
export ATTACK_FILE=$T/secret ATTACK_SECRET=$secret ATTACK_LINK=$T/link \
	ATTACK_NEW=$T/places/new
ATTACK_PORT=$(cat port)
export ATTACK_PORT

nothing='inherited: nothing
threads: 0
processes: 0
secret: nothing
stat: nothing
readlink: nothing
socket: nothing
new file: nothing'

# without_names TEXT: where there are no user namespaces, names can be seen
namespaces=no
unshare -Urm true 2>/dev/null && namespaces=yes
seen() {
	if [ $namespaces = yes ]; then cat; else grep -vE '^(stat|readlink):'; fi
}

is "$("$BUILD/tests/attack" 9<secret)" "inherited: found
threads: 8
processes: 3
secret: $secret
stat: found
readlink: found
socket: connected
new file: made" 'outside of a sandbox every attack succeeds'
is "$(cat came)" x 'the server saw the connection'
rm places/new came

mkdir fake
ln -s "$BUILD/tests/liar" fake/pc-doc
echo text >plain.txt
# attack: the outcome of a worker's attack on page 1, as pc-ocr delivers it
attack() {
	LIAR=attacks PC_LIBEXEC=$T/fake pc-ocr --no-cache --pages 1 plain.txt \
		9<secret 2>err
}
is "$(attack | seen)" "$(echo "$nothing" | seen)" \
	'in a worker of pc-ocr every attack fails'
is "$(ls places; cat came 2>/dev/null)" '' \
	'no file was made and the server saw no connection'
[ $namespaces = yes ] ||
	skip 'names of other files are not there' 'no user namespaces'
if [ "$(id -u)" = 0 ]; then
	mkdir all
	chmod 777 all places
	is "$(cd all && HOME=$T/all PC_STORE=$T/all/store LIAR=attacks \
		PC_LIBEXEC=$T/fake setpriv --reuid=64321 --regid=64321 \
		--clear-groups pc-ocr --no-cache --pages 1 ../plain.txt \
		9<../secret 2>err | seen)" \
		"$(echo "$nothing" | seen)" 'nor does one of an ordinary user succeed'
else
	skip 'nor does one of an ordinary user succeed' 'not root'
fi

# ---- where a part of it is not available

without_namespaces() {
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
		exec "$@"' sh "$@"
}
if without_namespaces true 2>/dev/null; then
	is "$(LIAR=attacks PC_LIBEXEC=$T/fake without_namespaces \
		pc-ocr --no-cache --pages 1 plain.txt 9<secret 2>err)" \
		"$(echo "$nothing" | sed 's/^\(stat\|readlink\): .*/\1: found/')" \
		'without user namespaces names can be seen, and nothing else'
	echo more >more.txt
	status 0 'without user namespaces texts are read' \
		without_namespaces pc-ocr --no-cache plain.txt more.txt
	is "$(cat out)" "$(cat plain.txt more.txt)" 'the texts are whole'
	is "$(grep -c 'part of the sandbox is not available here: user namespaces' \
		err) $(wc -l <err)" '1 1' 'there is one warning for both'
	status 0 '-q' without_namespaces pc-ocr -q --no-cache plain.txt
	is "$(cat err)" '' '-q leaves the warning out'
	status 2 '--require-sandbox fails without user namespaces' \
		without_namespaces pc-ocr --require-sandbox plain.txt
	is "$(cat out)" '' 'and nothing is printed'
	like "$(cat err)" 'not available here: user namespaces' \
		'and it says what is missing'
	is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" 0 \
		'and nothing is stored'
	mkdir -p home/.config/pc
	echo '{"ocr": {"require_sandbox": true}}' >home/.config/pc/config.json
	status 2 'so does ocr.require_sandbox' \
		without_namespaces pc-ocr plain.txt
	status 0 'where all of it is available, both read' \
		pc-ocr --require-sandbox plain.txt
	is "$(cat out)" text 'the text'
	status 0 'a result in the store needs no sandbox' \
		without_namespaces pc-ocr plain.txt
	is "$(cat out)" text 'and is the text'
	doctor() {
		"$@" pc-stats --doctor --json |
			jq -r '.. | objects | select(.check == "sandbox") |
				.result, .text' | xargs
	}
	is "$(doctor without_namespaces | cut -d ' ' -f 1)" fail \
		'pc-stats --doctor fails if the sandbox is required'
	rm home/.config/pc/config.json
	like "$(doctor without_namespaces)" '^warn .*user namespaces: no' \
		'else it warns'
	like "$(doctor env)" \
		'^ok seccomp: yes, Landlock ABI: [0-9]+, .*namespaces: yes, network: no sockets' \
		'it names the parts that work'
	status 125 'pc-confine --require-sandbox' without_namespaces \
		pc-confine --require-sandbox true
else
	skip 'where a part of the sandbox is not available' \
		'no user namespaces to forbid them in'
fi

# ---- programs of Debian's that pc-ocr runs

# Not what only finds it
python=$(python3 -c 'import sys; print(sys.executable)')
confined() { pc-confine "$@" 2>&1 9<secret | cat; }
is "$(confined "$BUILD/tests/attack" | seen)" "$(echo "$nothing" | seen)" \
	'in a program that pc-confine runs every attack fails'
mkdir made
is "$(ATTACK_NEW=$T/made/new confined --write made "$BUILD/tests/attack" | seen)" \
	"$(echo "$nothing" | sed 's/new file: .*/new file: made/' | seen)" \
	'with --write it can make files in that directory, and nothing else'
is "$(ls made places; cat came 2>/dev/null)" 'made:
new

places:' 'there is the file, and no other'
is "$(pc-confine --lend 11 -- cat /proc/self/fd/11 11<secret | cat)" $secret \
	'what is lent can be opened again'
is "$(pc-confine -- cat <secret | cat)" $secret 'standard input is left open'
like "$(confined sh -c '/bin/cat plain.txt')" 'Cannot fork|cannot fork' \
	'a program cannot run others beside it'
like "$(confined sh -c 'exec /usr/bin/id')" 'not found|ermission denied|No such' \
	'nor become another one'
status 127 'a program that does not exist' pc-confine nonesuch
like "$(pc-confine --memory 100000000 "$python" -c 'bytearray(1 << 30)' 2>&1 | cat)" \
	MemoryError 'memory is limited'
if command -v img2pdf >/dev/null && command -v qpdf >/dev/null &&
	command -v pdftohtml >/dev/null &&
	"$TESTS/data/make-documents" . digital.pdf scan.png; then
	mkdir bin plain held
	# shellcheck disable=SC2016
	for tool in qpdf img2pdf; do
		printf '#!/bin/sh\nread -r x 2>/dev/null <%s\necho "%s: it read ($x)" >&2\nexit 2\n' \
			"$T/secret" $tool >bin/$tool
	done
	printf '#!/bin/sh\nread -r x <%s && exit 60\nexit 61\n' "$T/secret" \
		>bin/pdftohtml
	chmod +x bin/*
	fails() { PATH=$T/bin:$PATH pc-ocr --no-cache "$@" 2>&1 >out 9<secret; }
	like "$(fails -f pdf digital.pdf)" 'qpdf: it read \(\)' \
		'pc-ocr runs qpdf in the sandbox'
	like "$(fails -f pdf scan.png)" 'img2pdf: it read \(\)' \
		'and img2pdf'
	like "$(fails -f images -o x%d-%i digital.pdf)" \
		'pdftohtml failed with status 61' 'and pdftohtml'
	rm -r bin
	pdftohtml -xml digital.pdf plain/x >out 2>&1
	pc-confine --write held --file-size 100000000 --lend 11 \
		pdftohtml -xml /proc/self/fd/11 held/x 11<digital.pdf 2>&1 | cat >out
	# The XML names the files by their directory.
	sed -i 's/plain/held/g' plain/x.xml
	is "$(cd held && find . -type f | sort | xargs sha256sum)" \
		"$(cd plain && find . -type f | sort | xargs sha256sum)" \
		'pdftohtml makes the same files as outside of it'
	is "$(img2pdf --nodate --engine=internal <scan.png | sha256sum)" \
		"$(pc-confine img2pdf --nodate --engine=internal <scan.png | sha256sum)" \
		'img2pdf makes the same PDF as outside of it'
	is "$(pc-confine --lend 11 qpdf --deterministic-id /proc/self/fd/11 - \
		11<digital.pdf | sha256sum)" \
		"$(qpdf --deterministic-id digital.pdf - | sha256sum)" \
		'qpdf makes the same PDF as outside of it'
else
	skip 'programs that pc-ocr runs' 'no img2pdf, qpdf or pdftohtml'
fi

# ---- names, which pc-http looks up in threads that it started before

python3 -c 'import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"answer\n")
    def log_message(self, *a):
        pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open("web.new", "w").write(str(s.server_port))
os.rename("web.new", "web")
s.serve_forever()' &
web=$!
stop_web() { kill $web 2>/dev/null; }
at_exit+=(stop_web)
await test -e web
is "$(pc-fetch --no-cache "http://localhost:$(cat web)/"{1..40} | sort | uniq -c |
	xargs)" '40 answer' 'pc-fetch finds hosts by name'

# ---- descriptors

# closes HELPER ARGUMENT...: it runs, and has none of what its caller had open
closes() {
	python3 - "$@" <<'PYTHON'
import os, select, socket, subprocess, sys
ours, its = socket.socketpair()
pipes = [os.pipe(), os.pipe()]
for (_, end), number in zip(pipes, (9, 60)):
    os.dup2(end, number)
    os.close(end)
helper = subprocess.Popen(sys.argv[1:], stdin=its, stdout=its, pass_fds=(9, 60))
os.close(9)
os.close(60)
its.close()
# Reading from a pipe without a writer finds its end.
for end, _ in pipes:
    print("yes" if select.select([end], [], [], 60)[0] else "no")
print("it ended" if helper.poll() is not None else "it serves")
ours.close()
helper.wait()
PYTHON
}
for helper in pc-doc pc-tesseract pc-http; do
	is "$(closes "$BUILD/$helper" serve 2>&1 | xargs)" 'yes yes it serves' \
		"$helper closes what its caller had open"
done
done_testing
