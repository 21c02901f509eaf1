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
for _ in $(seq 600); do
	[ -e port ] && break
	sleep 0.05
done
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
for _ in $(seq 600); do
	[ -e web ] && break
	sleep 0.05
done
is "$(pc-fetch --no-cache "http://localhost:$(cat web)/"{1..40} | sort | uniq -c |
	xargs)" '40 answer' 'pc-fetch finds hosts by name'

# ---- descriptors

# closes HELPER ARGUMENT...: it runs, and has none of what its caller had open
closes() {
	python3 - "$@" <<'PYTHON'
import os, socket, subprocess, sys, time
ours, its = socket.socketpair()
secret = os.open("secret", os.O_RDONLY)
os.dup2(secret, 9)
os.dup2(os.open("others", os.O_WRONLY | os.O_CREAT), 60)
helper = subprocess.Popen(sys.argv[1:], stdin=its, stdout=its, pass_fds=(9, 60))
for _ in range(1200):
    if helper.poll() is not None:
        print("it ended")
        break
    names = [os.readlink(f"/proc/{helper.pid}/fd/{n}")
             for n in os.listdir(f"/proc/{helper.pid}/fd")]
    if not any(n.startswith(os.getcwd()) for n in names):
        print("yes")
        break
    time.sleep(0.05)
ours.close()
its.close()
helper.wait()
PYTHON
}
for helper in pc-doc pc-tesseract pc-http; do
	is "$(closes "$BUILD/$helper" serve 2>&1)" yes \
		"$helper closes what its caller had open"
done
done_testing
