#!/bin/bash
# Models in an inference server's memory: listed, released, loaded; a failing
# server makes no report fail.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/server/server.sh"

server_start models
export OLLAMA_HOST=$URL
unset PC_INFER_KEY
models() { pc-memstat -q --json | jq -c '[.servers[].models[].name] | sort' |
	sed 's/:latest//g'; }
load() { # MODEL...
	local m
	server_reset
	for m; do
		curl -sS -m "$PATIENCE" "$URL/api/generate" -d "{\"model\":\"$m\"}" >/dev/null
	done
}

# ---- what is loaded

status 0 'a server without a model exits with 0' pc-memstat
like "$(cat out)" "^the server at $URL has no model loaded" 'a server without a model is one line'
curl -sS "$URL/api/generate" -d '{"model":"tiny","keep_alive":600}' >/dev/null
curl -sS "$URL/api/generate" -d '{"model":"vision","keep_alive":-1}' >/dev/null
pc-memstat >out
like "$(cat out)" '^model tiny:latest: 1\.1 MiB, 0 bytes on the GPU, [5-9] min [0-9]+ s' \
	'a loaded model is shown with its remaining time'
like "$(cat out)" '^model vision:latest: 3\.2 MiB.*, never expires$' 'a model that never expires is shown as such'
is "$(pc-memstat --json | jq -c '.servers[0].models[] |
	select(.name == "tiny:latest") | [.size_bytes, .ram_bytes, .vram_bytes,
	(.expires - now | . > 300 and . < 601)]')" '[1200000,1200000,0,true]' '--json shows the sizes and the expiry of a model'
pc-memstat --prometheus >out
like "$(cat out)" "^pc_memory_model_bytes\{server=\"$URL\",model=\"tiny:latest\",part=\"ram\"\} 1200000$" \
	'--prometheus shows the memory of a model'
like "$(cat out)" '^pc_memory_model_expiry_.*vision:latest"\} \+Inf$' '--prometheus shows a model that never expires as +Inf'
if command -v promtool >/dev/null; then
	is "$(promtool check metrics <out 2>&1)" '' 'promtool accepts the metrics of models'
fi

# ---- releasing

gone() { # STAGE: what it unloads of all four
	load tiny vision embedder thinker
	pc-memstat --release "$1" --json >out 2>err
	jq -r '.unloaded | sort | .[]' out | sed 's/:latest//' | xargs
}
all='embedder thinker tiny vision'
is "$(gone layout)" '' '--release layout keeps light vision models'
is "$(gone ocr)" vision '--release ocr unloads vision models'
is "$(models)" '["embedder","thinker","tiny"]' '--release ocr keeps all other models'
is "$(jq -c '[.before_bytes, .after_bytes, .freed_bytes, .freed_vram_bytes,
	.source]' out)" '[7300000,3900000,3400000,0,"/api/ps"]' \
	'--release --json gives bytes before, after, freed and their source'
is "$(gone vision)" 'thinker tiny' '--release vision unloads text models'
is "$(gone validation)" 'embedder thinker vision' \
	'--release validation keeps only the smallest text model'
is "$(gone completion)" "$all" '--release completion unloads all models'
is "$(models)" '[]' 'after --release completion no model is loaded'
for s in OCR OCR_COMPLETE Ocr_Complete ocr-complete; do
	is "$(gone $s)" vision "--release $s unloads vision models"
done
is "$(gone COMPLETE)" "$all" '--release COMPLETE unloads all models'
is "$(gone COMPLETION_COMPLETE)" "$all" '--release COMPLETION_COMPLETE unloads all models'
load tiny
status 2 '--release of an unknown stage exits with 2' pc-memstat --release orc
like "$(cat err)" "unknown stage 'orc': use layout, ocr, vision, validation, completion" \
	'--release of an unknown stage lists the known ones'
is "$(models)" '["tiny"]' '--release of an unknown stage unloads nothing'
load tiny vision
pc-memstat --release ocr >out
is "$(cat out)" "$(printf '%s\n' 'kept tiny:latest, 1.1 MiB' \
	'unloaded vision:latest, 3.2 MiB' \
	'before 4.4 MiB, after 1.1 MiB, freed 3.2 MiB, as the server counts')" \
	'--release prints the kept and the unloaded models'

mkdir -p home/.config/pc
conf() { echo "{\"memory\": $1}" >home/.config/pc/config.json; }
conf '{"heavy": "3M"}'
is "$(gone layout)" vision '--release layout uses memory.heavy'
conf '{"release": {"ocr": ["text", "embedding"], "mine": ["all"]}}'
is "$(gone ocr)" 'embedder thinker tiny' '--release uses memory.release'
is "$(gone MINE)" "$all" 'memory.release can define a stage'
is "$(gone vision)" 'thinker tiny' 'memory.release keeps the rules of other stages'
status 2 'with memory.release an unknown stage exits with 2' pc-memstat --release orc
like "$(cat err)" 'completion, mine' 'the list of known stages has the one of memory.release'
conf '{"release": {"ocr": []}}'
is "$(gone ocr)" '' 'an empty rule unloads nothing'
for rule in '["txt"]' '"text"' '[1]' '{}' null; do
	conf "{\"release\": {\"ocr\": $rule}}"
	status 2 "an invalid rule exits with 2: $rule" pc-memstat --release ocr
done
conf '{"release": []}'
status 2 'memory.release as an array exits with 2' pc-memstat --release ocr
rm home/.config/pc/config.json

# ---- by name

load tiny vision
status 0 '--unload exits with 0' pc-memstat --unload tiny
is "$(models)" '["vision"]' '--unload unloads the named model only'
status 0 '--unload of a model that is not loaded exits with 0' pc-memstat --unload tiny
is "$(tail -n 1 out)" \
	'before 3.2 MiB, after 3.2 MiB, freed 0 bytes, as the server counts' '--unload of a model that is not loaded frees nothing'
status 0 '--preload exits with 0' pc-memstat --preload tiny
is "$(cat out)" 'loaded tiny:latest, 1.1 MiB, 0 bytes on the GPU' '--preload prints the loaded model'
is "$(server_log 'last(.[] | select(.path == "/api/generate")).body |
	[.model, .keep_alive, .prompt]' -c)" '["tiny",1800,null]' \
	'--preload sends inference.keep_alive and no prompt'
status 0 '--preload of an embedding model exits with 0' pc-memstat --preload embedder --json
is "$(jq -c . out)" '{"loaded":"embedder:latest","ram_bytes":400000,"vram_bytes":0}' \
	'--preload --json prints the loaded embedding model'
status 75 '--preload of an unknown model exits with 75' pc-memstat --preload nonesuch
like "$(cat err)" "cannot load 'nonesuch': " '--preload of an unknown model names it'

# ---- a server that fails

fault() { # WHAT LINE FAULT ARG...: of the list of what is loaded
	local what=$1 line=$2
	shift 2
	load tiny vision
	server_fault "$1" /api/ps times=-1 "${@:2}"
	status 0 "$what" limit pc-memstat
	like "$(cat out)" "$line" "$what: the table has one line for it"
	is "$(cat err)" '' "$what: nothing is printed on standard error"
	pc-memstat --json >out
	is "$(jq -c '.servers[0].up, .servers[0].models' out | xargs)" 'false []' \
		"$what: --json says that the server is down"
	pc-memstat --prometheus | grep -q '^pc_memory_server_up{.*} 0$'
	ok "$what: --prometheus says that the server is down"
	status 0 "$what: --release exits with 0" limit pc-memstat --release ocr
	like "$(cat err)" "$line" "$what: --release warns"
	like "$(tail -n 1 out)" '^before 0 bytes, after 0 bytes, freed 0 bytes,' \
		"$what: --release reports nothing freed"
	status 75 "$what: --unload exits with 75" limit pc-memstat --unload tiny
}
fault 'a web page' 'not a JSON object' html
fault 'rubbish' 'not a JSON object' wrong-json
fault 'a failure' 'answers 500' 500
fault 'no rights' 'requires a' 401
fault 'no such path' 'does not report its loaded models' 404
fault 'a connection that breaks' 'server at' refuse
fault 'a server that is slow' 'no answer in 5 s' slow-first-byte
server_reset

load tiny vision
server_fault 500 /api/generate times=-1
status 0 '--release exits with 0 if a model cannot be unloaded' pc-memstat --release ocr
like "$(cat err)" "cannot unload 'vision:latest': " '--release warns about a model that cannot be unloaded'
is "$(jq -c . <<<"$(pc-memstat --release ocr --json 2>/dev/null)" |
	jq -c '[.kept, .unloaded, .freed_bytes]')" \
	'[["tiny:latest","vision:latest"],[],0]' '--release lists a model that cannot be unloaded as kept'
load tiny vision
server_fault 500 /api/show times=-1
for s in vision validation layout; do
	status 0 "--release $s exits with 0 without capabilities" pc-memstat --release $s
	like "$(tail -n 1 out)" 'freed 0 bytes' 'without capabilities models are kept'
	like "$(cat err)" "keeping 'tiny:latest': the server reports no capabilities" \
		'without capabilities --release warns that it keeps a model'
done
status 0 '--release completion exits with 0 without capabilities' pc-memstat --release completion
like "$(tail -n 1 out)" 'freed 4.4 MiB' '--release completion unloads all models without capabilities'
for slow in /api/generate /api/show; do
	load tiny vision embedder thinker
	server_fault slow-first-byte $slow times=-1
	before=$(server_count $slow)
	status 0 "--release exits with 0 if $slow is slow" limit pc-memstat --release ocr --timeout 2s
	is "$(($(server_count $slow) - before))" 1 '--release waits only once for a slow request'
	like "$(tail -n 1 out)" 'freed 0 bytes' '--release reports nothing as freed if the server is slow'
done
load tiny vision embedder thinker
server_fault slow-first-byte /api/generate times=-1
before=$(server_count /api/generate)
status 0 '--release completion exits with 0 if unloading is slow' limit pc-memstat --release completion --timeout 2s
is "$(($(server_count /api/generate) - before))" 1 '--release completion stops at its time limit'
like "$(cat err)" "cannot unload '[^']*': no time left" '--release completion says that no time was left'
server_reset

# A server that confirms unloading, but keeps the model.
cat >liar.py <<'P'
import http.server, json, sys
big = json.loads(sys.argv[1])
class Liar(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self): self.answer(big)
    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.answer({'capabilities': ['vision'], 'done': True})
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Liar)
print(server.server_address[1], flush=True)
server.serve_forever()
P
liar() { # JSON
	rm -f port
	python3 liar.py "$1" >port &
	liar=$!
	await test -s port
	OLLAMA_HOST=127.0.0.1:$(cat port)
}
stop_liar() { kill "$liar" 2>/dev/null; wait "$liar" 2>/dev/null; }
at_exit+=(stop_liar)
liar '{"models": [{"name": "rock", "size": 1048576, "size_vram": 524288,
	"expires_at": "2318-01-01T00:00:00Z"}]}'
status 0 '--release exits with 0 if the model stays loaded' limit pc-memstat --release ocr --timeout 1s
like "$(cat err)" "'rock' is still loaded after 1 s" '--release warns that a model is still loaded'
is "$(cat out)" "$(printf '%s\n' 'kept rock, 1.0 MiB' \
	'before 1.0 MiB, after 1.0 MiB, freed 0 bytes, as the server counts' \
	'on the GPU before 512 KiB, after 512 KiB, freed 0 bytes')" \
	'a model that stays is kept, with its part on the GPU'
status 75 '--unload exits with 75 if the model stays loaded' limit pc-memstat --unload rock --timeout 1s
like "$(pc-memstat)" '^model rock: 512 KiB, 512 KiB on the GPU, never expires' \
	'a model shows its part on the GPU'
stop_liar
# shellcheck disable=SC2016
liar '{"models": [null, 1, [], {}, {"name": 5}, {"name": ""},
	{"name": "a\u0000b", "size": 1}, {"name": "esc\u001b[31m\"\\\n", "size": -5},
	{"name": "esc\u001b[31m\"\\\n", "size": 7},
	{"name": "huge", "size": 1e300, "size_vram": 99999999999999999999},
	{"name": "more", "size": 5, "size_vram": 10, "expires_at": "soon"},
	{"name": "when", "size": 5, "expires_at": "2024-13-45T99:99:99+99:99"},
	{"name": "zone", "size": 5, "expires_at": "2030-01-01T00:00:00.123456789-07:00"}]}'
status 0 'invalid values from a server do not make pc-memstat fail' pc-memstat
is "$(grep -c '^model' out)$(grep -c "$(printf '\033')" out)" 60 \
	'invalid names are printed without escape sequences'
pc-memstat --json >out
is "$(jq -c '[.servers[0].models[] | select(.name == "more" or .name == "huge") |
	[.size_bytes, .vram_bytes]]' out)" '[[0,0],[5,5]]' 'invalid sizes are corrected'
is "$(jq '.servers[0].models[] | select(.name == "zone") | .expires | floor' out)" \
	1893481200 'an expiry with a time zone is converted'
if command -v promtool >/dev/null; then
	is "$(pc-memstat --prometheus | promtool check metrics 2>&1)" '' \
		'promtool accepts the metrics of invalid values'
fi
stop_liar
liar '[]'
like "$(pc-memstat)" 'not a JSON object' 'an answer that is an array is reported'
stop_liar
liar '{"models": 5}'
like "$(pc-memstat)" 'invalid list of models' 'models that are not a list are reported'
stop_liar

# ---- several servers, a key

server_use models
load tiny
status 0 'one of two servers down exits with 0' pc-memstat --url "$URL" --url http://127.0.0.1:1
like "$(cat out)" '^model tiny' 'the models of the server that is up are shown'
like "$(cat out)" '^the server at http://127.0.0.1:1: ' 'the server that is down is shown'
status 2 'an invalid URL is a usage error' pc-memstat --url ftp://x
server_start locked --key sesame
like "$(pc-memstat --url "$URL")" 'requires an API key' 'a server that requires an API key is reported'
PC_INFER_KEY=sesame pc-memstat --url "$URL" >out
like "$(cat out)" 'has no model loaded' 'PC_INFER_KEY is sent to the server'

# ---- pools: what pc-infer and pc-fetch used

server_use models
server_reset
export OLLAMA_HOST=$URL
pool() { pc-memstat --by component -s "$1" --json |
	jq -c '.components[] | select(.component == "pc-http") | [.started, .reused]'; }
printf '{"text":"%s"}\n' a b c d e f | pc-infer --jsonl -m tiny -j 1 -s pool 'x {{text}}' >/dev/null
is "$(pool pool)" '[1,7]' 'eight requests use one connection'
printf '{"text":"%s"}\n' a b c d e f | pc-infer --jsonl -m tiny -j 1 -s pool 'x {{text}}' >/dev/null
is "$(pool pool)" '[1,7]' 'hits open no connection'
pc-fetch -j 1 -s get "$URL/api/version" "$URL/api/tags" "$URL/api/ps" >/dev/null 2>&1
is "$(pool get)" '[1,2]' "pc-fetch reuses its connection"
idle() { pc-memstat --by component -s "$1" --json |
	jq -c '.components[] | select(.component == "pc-http") | [.started, .idle]'; }
is "$(idle get)" '[1,1]' 'the connection of pc-fetch is open at the end'
mkdir www
for i in 1 2 3; do echo $i >www/$i; done
python3 -u -m http.server --bind 127.0.0.1 --directory www 0 >www.log 2>&1 &
www=$!
stop_www() { kill "$www" 2>/dev/null; wait "$www" 2>/dev/null; }
at_exit+=(stop_www)
await grep -q port www.log
old=http://127.0.0.1:$(sed 's/.*port \([0-9]*\).*/\1/' www.log)
pc-fetch -j 1 -s close "$old/1" "$old/2" "$old/3" >/dev/null 2>&1
is "$(idle close)" '[3,0]' 'connections closed by the server are not reused'
stop_www
is "$(pc-memstat --by component -s pool --json | jq '.components[] |
	select(.component == "pc-http") | .peak_kib > 1000 and .idle == 1')" true \
	'the peak of the HTTP helper is recorded'
is "$(pc-memstat --by stage -s pool --json | jq '.stages[] | .peak_kib > 1000')" true \
	'the events have the peak of the HTTP helper'
printf 'a\nb\n' | pc-infer --embed -m embedder -s vectors >/dev/null
is "$(pc-memstat --by stage -s vectors --json | jq '.stages[] | .peak_kib > 1000')" \
	true 'the events have the peak of embeddings'
echo q | pc-infer -s engine x --engine-cmd cat >/dev/null
is "$(pc-memstat --by component -s engine --json | jq -c '.components[] |
	select(.component == "engine") | [.started, .peak_kib > 100]')" '[1,true]' \
	'the peak of an --engine-cmd program is recorded'
done_testing
