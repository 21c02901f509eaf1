#!/bin/bash
# pc-infer: what comes at an odd time, in an odd form, or from an odd place.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start ollama --api ollama
use ollama
tiny() { pc-infer -m tiny "$@"; }

# ---- --dry-run is JSON, whatever a record has and wherever the server is

is "$(echo '{"text":"a"}' | tiny --jsonl --dry-run hi | jq -r .stage)" infer \
	'--dry-run of a record without file, id and page'
server_start openai --api openai
is "$(tiny --url "$URL/v1" --dry-run hi | jq -r .url)" \
	"$URL/v1/chat/completions" '--dry-run with a URL that ends with /v1'
use ollama

# ---- a text that can be read only once, or has no end

copy=(--engine-cmd cat)
is "$(pc-infer -f <(echo piped) 'Say:' "${copy[@]}")" $'Say:\n\npiped' \
	'-f reads a text from a pipe'
pc-infer -v -f <(echo piped) 'Say:' "${copy[@]}" 2>&1 >/dev/null |
	grep -q '^pc-infer: hit'
ok 'an equal text from another pipe is a hit'
is "$(pc-infer -f /proc/sys/kernel/ostype 'Say:' "${copy[@]}")" \
	$'Say:\n\nLinux' 'a file of size 0 that has content is read'
truncate -s 65M sparse
for file in /dev/zero sparse; do
	status 2 "$file is refused" limit pc-infer -f $file 'Say:' "${copy[@]}"
	is "$(cat err)" "pc-infer: cannot read '$file': it is larger than 64 MiB" \
		"$file: the message says that it is too large"
done

# ---- braces mean something else in a template, which is another question

mkdir -p "$HOME/.config/pc/templates"
echo '{"system":"sys"}' >"$HOME/.config/pc/templates/only.json"
echo txt >text
a=$(tiny -s x -S sys --dry-run -f text '{{input}} end')
b=$(tiny -s x -T only --dry-run -f text '{{input}} end')
is "$(jq -c .request.messages <<<"$a")" \
	'[{"role":"system","content":"sys"},{"role":"user","content":"txt end"}]' \
	'a placeholder in a prompt is replaced without a template'
[ "$(jq -c .request.messages <<<"$a")" != "$(jq -c .request.messages <<<"$b")" ]
ok 'a placeholder in a prompt is not replaced with a template'
[ "$(jq .key <<<"$a")" != "$(jq .key <<<"$b")" ]
ok 'a prompt with a template has another key than one without'

# ---- a server can listen on an address that a client cannot use

for host in 0.0.0.0 http://0.0.0.0:11434 0.0.0.0:11434 127.0.0.1 ''; do
	PC_INFER_URL='' OLLAMA_HOST=$host pc-infer --list 2>err
	like "$(cat err)" 'http://127.0.0.1:11434: |^$' "OLLAMA_HOST='$host'"
done

PC_INFER_URL='' OLLAMA_HOST=::1 pc-infer --list 2>err
like "$(cat err)" 'http://\[::1\]:11434: .*onnect' 'OLLAMA_HOST=::1 is an IPv6 address with the default port'

# ---- input that comes slowly

mkfifo in
tiny --jsonl >out <in &
exec 3>in
printf '{"prompt":"SAY: first"}\n{"prompt":' >&3
await test -s out
is "$(jq -r .text out)" first \
	'an answer is printed while half a line waits for its rest'
printf '"SAY: second"}' >&3
exec 3>&-
wait $!
is "$(jq -r .text out | xargs)" 'first second' 'a last line without a newline is answered'

tiny --jsonl --sample 3 >out <in &
exec 3>in
echo '{"prompt":"which"}' >&3
await lines 3 out
is "$(wc -l <out)" 3 'all samples of a record are printed before the next record comes'
exec 3>&-
wait $!

tiny --embed >out <in &
exec 3>in
await idle_infer $!
ok '--embed sleeps while there is nothing to do'
echo text >&3
exec 3>&-
wait $!
is "$(wc -l <out)" 1 '--embed continues when a line arrives'

status 2 'a list that cannot be read' tiny --jsonl hi <&-
printf 'a\0b\n' >nul
status 2 '--warm: a prompt with a NUL' tiny --warm nul
like "$(cat err)" 'line 1 of the list contains a NUL byte' '--warm: a prompt with a NUL: the message has the line'
for rest in b c; do
	printf '{"text":"t","word":"a\\u0000%s"}\n' $rest |
		tiny --jsonl 'v={{word}}' >out
	is "$(last '.messages[0].content')" "\"v=a\\u0000$rest\\n\\nt\"" \
		"a field with a NUL is whole in a prompt: $rest"
	is "$(jq .hit out)" false "a field with a NUL is whole in the key: $rest"
done

# ---- output that is not read

seq 900 | jq -c '{prompt: "SAY: \(.) of those that are told in all of this"}' >many
tiny --warm many
cat >blocked.py <<'EOP'
import json, signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[2:], stdin=open('many'), stdout=subprocess.PIPE)
def wakes():
    try:
        lines = open('/proc/%d/status' % p.pid).read().splitlines()
    except OSError:
        return None
    s = dict(line.split(':', 1) for line in lines)
    return s['State'].split()[0] == 'S' and s['voluntary_ctxt_switches']
def ended(): # or idle
    while p.poll() is None:
        before = wakes()
        time.sleep(0.3)
        if before and wakes() == before:
            return False
    return True
ended()
for _ in range(int(sys.argv[1])):
    p.send_signal(signal.SIGINT)
    has_ended = ended()
out = p.stdout.read().split(b'\n')
print(has_ended, p.wait(), all(json.loads(x) for x in out[:-1]), out[-1] == b'')
EOP
is "$(limit python3 blocked.py 1 pc-infer -m tiny --jsonl)" 'False -2 True True' \
	'Ctrl-C while output is blocked: no record is torn'
like "$(limit python3 blocked.py 2 pc-infer -m tiny --jsonl)" '^True -2 ' \
	'a second Ctrl-C while output is blocked ends the run'

# ---- a server that fills in all members, whether they say something or not

cat >filled.py <<'EOP'
import http.server, json

class Filled(http.server.BaseHTTPRequestHandler):
    def answer(self, body, kind):
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path != '/v1/models':
            return self.send_error(404)
        self.answer(b'{"data": [{"id": "m"}]}', 'application/json')

    def do_POST(self):
        asked = json.loads(
            self.rfile.read(int(self.headers['Content-Length'])))
        parts = [('one ', ''), ('two ', None), ('three', ''), ('', 'stop')]
        if 'more' in asked['messages'][0]['content']:
            parts.append((' four', None))
        body = b''.join(b'data: %s\n\n' % json.dumps({
            'error': None, 'usage': None, 'choices': [{
                'index': 0, 'delta': {'content': text},
                'finish_reason': end}]}).encode() for text, end in parts)
        self.answer(body + b'data: [DONE]\n\n', 'text/event-stream')

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Filled)
print(server.server_port, flush=True)
server.serve_forever()
EOP
mkfifo port
python3 filled.py >port 2>/dev/null &
filled=$!
disown
read -r port <port
is "$(pc-infer --url "http://127.0.0.1:$port" -m m count)" 'one two three' \
	'an empty string or null neither ends an answer nor is an error'
status 2 'text after the end of an answer is an error' \
	pc-infer --url "http://127.0.0.1:$port" -m m 'more'
kill $filled

# ---- the system prompt of a chat

echo '{"system": "speak {{lang}}", "prompt": "{{prompt}}"}' >german.json
tiny --chat c -T ./german.json -V 'lang={{x}} German' 'SAY: one' >out
tiny --chat c -V x=y 'SAY: two' >out
is "$(last '[.messages[] | [.role[:1], .content]]')" \
	'[["s","speak {{x}} German"],["u","SAY: one"],["a","one"],["u","SAY: two"]]' \
	'a chat keeps its first system prompt'
status 0 'the same system prompt is accepted in a later turn' \
	tiny --chat c -T ./german.json -V 'lang={{x}} German' 'SAY: three'
status 2 'another system prompt in a chat is an error' \
	tiny --chat c -T ./german.json -V lang=French 'SAY: four'

# ---- an answer that is more than words

bad=$'a\e]0;title\ab\u009b31m\177c \u00e9'
tiny "SAY: $bad" >out
is "$(cat out)" "$bad" 'control characters are printed unchanged to a pipe'
if command -v script >/dev/null; then
	for try in miss hit; do
		script -qec "pc-infer -m tiny -S terminal 'SAY: $bad'" /dev/null \
			</dev/null | tr -d '\r' >out
		is "$(cat out)" 'a?]0;title?b??31m?c é' \
			"control characters are replaced on a terminal: $try"
	done
	echo "printf 'a\\302\\233\\033[1mb'" >coloured
	script -qec 'pc-infer q --engine-cmd sh coloured' /dev/null </dev/null |
		tr -d '\r' >out
	is "$(cat out)" 'a???[1mb' 'control characters of a command are replaced on a terminal'
fi

# ---- a prompt that is cut, of short words: its count of tokens is as large as
# that of a whole one

yes 'a b c' | head -n 50 >letters
status 2 'a prompt without room is refused' \
	tiny -p num_ctx=100 'SAY: q' -f letters
status 0 '--allow-cut accepts a truncated prompt' \
	tiny --allow-cut --json -p num_ctx=100 'SAY: q' -f letters
is "$(jq -r .cut out)" prompt '--json says that the prompt was truncated'
is "$(server_log -c 'map(select(.path == "/api/chat") | .body.truncate) | .[-2:]')" \
	'[false,true]' 'the server is allowed to truncate only the second request'
status 4 'a cached answer to a truncated prompt exits with 4 without --allow-cut' \
	tiny -p num_ctx=100 'SAY: q' -f letters

# ---- a command that fails while another process waits for its answer

cat >engine <<EOP
#!/bin/sh
cat >/dev/null
mkdir once 2>/dev/null && { $held exit 1; }
echo fine
EOP
chmod +x engine
pc-infer question --engine-cmd ./engine 2>/dev/null &
await test -d once
limit pc-infer question --engine-cmd ./engine >out &
await napping_infer $!
touch go
wait
is "$(cat out)" fine 'a process that waits runs the command if the first one fails'

pc-infer question --engine-cmd sh -c 'echo $$ >engine.pid; exec sleep 3000' \
	2>/dev/null &
await test -s engine.pid
kill -TERM $!
wait $!
is $? 143 'SIGTERM ends a run of --engine-cmd with 143'
await has_ended "$(cat engine.pid)"
ok 'SIGTERM ends the command of --engine-cmd'

# ---- other weights in the middle of a run

server_start slow --api ollama
use slow
config '{"inference":{"digest_ttl":"1s"}}'
seq 12 | jq -c '{prompt: "SAY: a b c d e f \(.)"}' >twelve
tiny --jsonl -j 1 >out <in &
exec 3>in
head -n 6 twelve >&3
await lines 6 out
server_digest tiny
sleep 1.1 # when it has held for long enough
tail -n 6 twelve >&3
exec 3>&-
wait $!
is "$(jq -r .digest out | uniq | wc -l)" 2 'a run that is longer than digest_ttl requests the digest a second time'
is "$(jq -r .hit out | sort | uniq -c | xargs)" '12 false' 'a run that is longer than digest_ttl answers each question once'
server_reset
config '{"inference":{"digest_ttl":"1h"}}'
tiny --refresh --jsonl -j 1 <twelve >out
[ "$(server_count /api/tags)" -le 2 ]
ok 'the digest is not requested for each question'
seq 200 | sed 's/$/ texts/' | tiny --embed >out
is "$(jq -c '.embedding | length > 3' out | uniq -c | xargs)" '200 true' \
	'with --embed all 200 vectors are printed'
config '{}'
digest() { echo '{"prompt":"SAY: d"}' | tiny --jsonl | jq -r .digest; }
was=$(digest)
server_digest tiny
is "$(digest)" "$was" 'a cached digest is used until it expires'
"$BUILD/tests/torture-clock" "$PC_STORE" 3600
[ "$(digest)" != "$was" ]
ok 'a digest that is dated in the future is not used'
use ollama

# ---- a server that is gone while it answers several questions

server_start dying --api ollama
dying=$URL
server_fault slow-first-byte /api/chat times=-1
asked_of_dying() { [ "$(URL=$dying; asked)" = 3 ]; }
server_use ollama
seq 6 | jq -c '{id: ., prompt: "SAY: a b c d e f g h i j k \(.)"}' >six
tiny --url "$dying" --url "$URL" --jsonl -j 3 <six >out 2>err &
await asked_of_dying
kill -9 "${server_pids[dying]}"
wait $!
is "$?" 0 'a server that dies: the next one answers'
is "$(jq -r '"\(.id) \(.server)"' out)" "$(seq -f "%.0f $URL" 6)" \
	'a server that dies: the records name the server that answered'

done_testing
