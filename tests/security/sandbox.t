#!/bin/bash
# The sandbox: what a compromised worker can still do.
. "$(dirname "$0")/../lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
chmod 755 "$T"

# A secret to find, and a server to connect to, which counts connections.
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

# seen: leave out the lines on names of files, which can be seen if there are no
# user namespaces
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
new file: made" 'outside a sandbox every attack succeeds'
is "$(cat came)" x 'outside a sandbox the server sees the connection of the attack'
rm places/new came

mkdir fake
ln -s "$BUILD/tests/liar" fake/pc-doc
echo text >plain.txt
# attack: the result of a worker's attack on page 1, as pc-ocr prints it
attack() {
	LIAR=attacks PC_LIBEXEC=$T/fake pc-ocr --no-cache --pages 1 plain.txt \
		9<secret 2>err
}
is "$(attack | seen)" "$(echo "$nothing" | seen)" \
	'in a worker of pc-ocr every attack fails'
is "$(ls places; cat came 2>/dev/null)" '' \
	'no file was made and the server saw no connection'
[ $namespaces = yes ] ||
	skip 'names of other files cannot be seen' 'no user namespaces'
if [ "$(id -u)" = 0 ]; then
	mkdir all
	chmod 777 all places
	is "$(cd all && HOME=$T/all PC_STORE=$T/all/store LIAR=attacks \
		PC_LIBEXEC=$T/fake setpriv --reuid=64321 --regid=64321 \
		--clear-groups pc-ocr --no-cache --pages 1 ../plain.txt \
		9<../secret 2>err | seen)" \
		"$(echo "$nothing" | seen)" 'in a worker of pc-ocr run by another user every attack fails'
else
	skip 'in a worker of pc-ocr run by another user every attack fails' 'not root'
fi

# ---- a machine where a part of the sandbox is not available

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
	status 0 'without user namespaces pc-ocr reads texts' \
		without_namespaces pc-ocr --no-cache plain.txt more.txt
	is "$(cat out)" "$(cat plain.txt more.txt)" 'without user namespaces the texts are complete'
	is "$(grep -c 'part of the sandbox is not available here: user namespaces' \
		err) $(grep -cv '^pc-ocr: 2 read, ' err)" '1 1' 'without user namespaces there is one warning for two documents'
	status 0 'without user namespaces pc-ocr -q reads a text' without_namespaces pc-ocr -q --no-cache plain.txt
	is "$(cat err)" '' '-q omits the warning about the sandbox'
	status 2 '--require-sandbox fails without user namespaces' \
		without_namespaces pc-ocr --require-sandbox plain.txt
	is "$(cat out)" '' '--require-sandbox prints nothing without user namespaces'
	like "$(cat err)" 'not available here: user namespaces' \
		'the message of --require-sandbox names the missing part'
	is "$(pc-stats -q --json | jq '[.stages[].put] | add // 0')" 0 \
		'--require-sandbox stores nothing without user namespaces'
	mkdir -p home/.config/pc
	echo '{"ocr": {"require_sandbox": true}}' >home/.config/pc/config.json
	status 2 'ocr.require_sandbox fails without user namespaces' \
		without_namespaces pc-ocr plain.txt
	status 0 '--require-sandbox succeeds with the whole sandbox' \
		pc-ocr --require-sandbox plain.txt
	is "$(cat out)" text '--require-sandbox prints the text with the whole sandbox'
	status 0 'a result in the store needs no sandbox' \
		without_namespaces pc-ocr plain.txt
	is "$(cat out)" text 'a result in the store is printed without a sandbox'
	doctor() {
		"$@" pc-stats --doctor --json |
			jq -r '.. | objects | select(.check == "sandbox") |
				.result, .text' | xargs
	}
	is "$(doctor without_namespaces | cut -d ' ' -f 1)" fail \
		'pc-stats --doctor fails if the sandbox is required'
	rm home/.config/pc/config.json
	like "$(doctor without_namespaces)" '^warn .*user namespaces: no' \
		'pc-stats --doctor warns if the sandbox is not required'
	like "$(doctor env)" \
		'^ok seccomp: yes, Landlock ABI: [0-9]+, .*namespaces: yes, network: no sockets' \
		'pc-stats --doctor names the parts of the sandbox that work'
	status 125 'pc-confine --require-sandbox fails without user namespaces' without_namespaces \
		pc-confine --require-sandbox true
else
	skip 'where a part of the sandbox is not available' \
		'user namespaces are needed to turn them off'
fi

# ---- Debian's programs that pc-ocr runs

# The program itself, not a wrapper that finds it
python=$(python3 -c 'import sys; print(sys.executable)')
confined() { pc-confine "$@" 2>&1 9<secret | cat; }
is "$(confined "$BUILD/tests/attack" | seen)" "$(echo "$nothing" | seen)" \
	'in a program that pc-confine runs every attack fails'
is "$(pc-confine --lend 11 -- cat /proc/self/fd/11 11<secret | cat)" $secret \
	'a lent descriptor can be opened again'
is "$(pc-confine -- cat <secret | cat)" $secret 'a program in pc-confine can read its standard input'
like "$(confined sh -c '/bin/cat plain.txt')" 'Cannot fork|cannot fork' \
	'a program in pc-confine cannot start another one'
like "$(confined sh -c 'exec /usr/bin/id')" 'not found|ermission denied|No such' \
	'a program in pc-confine cannot execute another one'
status 127 'pc-confine exits with 127 for a program that does not exist' pc-confine nonesuch
like "$(pc-confine --memory 100000000 "$python" -c 'bytearray(1 << 30)' 2>&1 | cat)" \
	MemoryError 'pc-confine --memory limits memory'
if command -v img2pdf >/dev/null && command -v qpdf >/dev/null &&
	"$TESTS/data/make-documents" . digital.pdf scan.png; then
	mkdir bin
	# shellcheck disable=SC2016
	for tool in qpdf img2pdf; do
		printf '#!/bin/sh\nread -r x 2>/dev/null <%s\necho "%s: it read ($x)" >&2\nexit 2\n' \
			"$T/secret" $tool >bin/$tool
	done
	chmod +x bin/*
	fails() { PATH=$T/bin:$PATH pc-ocr --no-cache "$@" 2>&1 >out 9<secret; }
	like "$(fails -f pdf digital.pdf)" 'qpdf: it read \(\)' \
		'pc-ocr runs qpdf in the sandbox'
	like "$(fails -f pdf scan.png)" 'img2pdf: it read \(\)' \
		'pc-ocr runs img2pdf in the sandbox'
	rm -r bin
	is "$(img2pdf --nodate --engine=internal <scan.png | sha256sum)" \
		"$(pc-confine img2pdf --nodate --engine=internal <scan.png | sha256sum)" \
		'img2pdf makes the same PDF in the sandbox as outside'
	is "$(pc-confine --lend 11 qpdf --deterministic-id /proc/self/fd/11 - \
		11<digital.pdf | sha256sum)" \
		"$(qpdf --deterministic-id digital.pdf - | sha256sum)" \
		'qpdf makes the same PDF in the sandbox as outside'
else
	skip 'programs that pc-ocr runs' 'no img2pdf or qpdf'
fi

# ---- names of hosts, which pc-http looks up in threads that it starts early

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
	xargs)" '40 answer' 'pc-fetch resolves names of hosts in the sandbox'

# ---- descriptors

# closes HELPER ARGUMENT...: it runs, and has closed the descriptors of its caller
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
# A pipe becomes readable, at its end, when its last writer has closed it.
for end, _ in pipes:
    print("yes" if select.select([end], [], [], 60)[0] else "no")
print("it ended" if helper.poll() is not None else "it serves")
ours.close()
helper.wait()
PYTHON
}
for helper in pc-doc pc-tesseract pc-http; do
	is "$(closes "$BUILD/$helper" serve 2>&1 | xargs)" 'yes yes it serves' \
		"$helper closes the descriptors of its caller"
done
done_testing
