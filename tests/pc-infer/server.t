#!/bin/bash
# pc-infer: which server is asked, what it has, and what is said without one.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

quick='{"networking": {"retry_attempts": 1}}'
config "$quick"
tiny() { pc-infer -m tiny "$@"; }

server_start both
both=$URL
server_start openai --api openai
openai=$URL
server_start gone
gone=$URL
server_stop gone
server_use both

# ---- where it is

is "$(tiny --url "$both" 'SAY: a')" a '--url names the server'
is "$(PC_INFER_URL=$both tiny 'SAY: b')" b 'PC_INFER_URL names the server'
is "$(PC_INFER_URL=$gone tiny --url "$both" 'SAY: c')" c '--url overrides PC_INFER_URL'
config '{"networking": {"retry_attempts": 1}, "inference": {"url": "'"$both"'"}}'
is "$(tiny 'SAY: d')" d 'the configuration names the server'
is "$(OLLAMA_HOST=$gone tiny 'SAY: e')" e 'the configuration overrides OLLAMA_HOST'
config "$quick"
port=${both##*:}
n=0
for host in "$both" "127.0.0.1:$port" ":$port" "0.0.0.0:$port" \
	"localhost:$port" "http://0.0.0.0:$port/" "HTTP://127.0.0.1:$port"; do
	n=$((n + 1))
	is "$(OLLAMA_HOST=$host tiny "SAY: h$n")" h$n "OLLAMA_HOST=$host"
done
url() { PC_INFER_URL='' OLLAMA_HOST=$1 tiny --refresh x 2>&1 |
	sed -n 's/.*the server at \([^ ]*\): .*/\1/p'; }
is "$(url 127.0.0.9)" http://127.0.0.9:11434 'a host without a port gets the port of Ollama'
is "$(url https://127.0.0.9)" https://127.0.0.9 'a URL without a port does not get the port of Ollama'
is "$(url 0.0.0.0:9)" http://127.0.0.1:9 '0.0.0.0 becomes 127.0.0.1'
is "$(url '[::1]:9')" 'http://[::1]:9' 'an IPv6 address with a port is accepted'
is "$(url '[::1]')" 'http://[::1]:11434' 'an IPv6 address without a port gets the port of Ollama'
is "$(url '127.0.0.1:9/a:b')" 'http://127.0.0.1:9/a:b' 'a colon in the path is not taken for a port'
status 2 'a URL with another scheme is an error' tiny --url ftp://127.0.0.1 x
like "$(cat err)" 'only http and https' 'a URL with another scheme: the message says what is allowed'
status 2 'a password in the URL is an error' tiny --url http://me:hunter2@127.0.0.1 x
like "$(cat err)" 'PC_INFER_KEY' 'a password in the URL: the message recommends PC_INFER_KEY'
! grep -q hunter2 err
ok 'a password in the URL is not printed'
is "$(tiny --url "$both/v1" --json 'SAY: f' | jq -r .api)" openai \
	'a URL with /v1 is of OpenAI'"'"'s kind'
is "$(tiny --url "$openai" --json 'SAY: g' | jq -r .api)" openai \
	'an OpenAI-compatible server is detected'
is "$(tiny --url "$both" --json 'SAY: g' | jq -r .api)" ollama \
	'of two languages Ollama'"'"'s'
is "$(tiny --url "$both" --api openai --json 'SAY: g' | jq -r .api)" openai \
	'--api chooses the API of a server that has both'
status 2 '--api that the server does not support is an error' tiny --url "$openai" --api ollama x
like "$(cat err)" "$openai is neither an Ollama nor" '--api of another kind of server: the message says so'
status 2 'an unknown --api is an error' tiny --api soap x

# ---- several

server_reset
tiny --url "$gone" --url "$both" --json 'SAY: i' >out 2>err
is "$(jq -r .server out)" "$both" 'the first server that answers is used'
like "$(cat err)" "$gone: .*trying the next" 'a message names the server that does not answer'
is "$(tiny --url "$gone $both" 'SAY: i' 2>&1)" i 'the digest of a list of servers is cached'
status 75 'if no server answers, the exit status is 75' tiny --refresh --url "$gone" --url http://127.0.0.1:9 x
like "$(cat err)" "$gone: .*start one with 'ollama serve'" \
	'if no server answers, the message names the first'
server_start first
first=$URL
server_start second
second=$URL
seq 6 | sed 's/.*/{"text":"t&"}/' >records
tiny --url "$first $second" --jsonl -j 1 -p temperature=0 <records >out
server_stop first
seq 6 | sed 's/.*/{"text":"u&"}/' >records
tiny --url "$first $second" --jsonl -p temperature=0 <records >out 2>err
is "$?:$(jq -r .text out | xargs)" '0:u1 u2 u3 u4 u5 u6' \
	'if the server that was used is gone, the other answers'
is "$(jq -r .server out | sort -u)" "$second" 'the records name the server that answered'
server_use second
is "$(asked)" 6 'the remaining server receives each question once'
server_start third
third=$URL
server_digest tiny
server_stop second
tiny --url "$second $third" --jsonl -p temperature=0 <records >out 2>err
is "$?:$(asked):$(jq .hit out | sort -u)" 0:6:false \
	'a server with other weights of the same name answers all questions'
server_start slow
slow=$URL
server_start same
same=$URL
server_start other
server_digest tiny
other=$URL
# falls SECOND: the first server falls while it is asked for the second time
falls() {
	rm -f out
	server_use slow
	server_fault slow-first-byte /api/chat times=-1 after=1
	tiny --refresh --url "$slow $1" --jsonl -j 1 -p temperature=0 <records \
		>out 2>err &
	await test -s out
	server_stop slow
	wait $!
}
config '{}'
falls "$same"
is "$?:$(jq -r .text out | xargs)" '0:u1 u2 u3 u4 u5 u6' \
	'one that falls in the middle is followed by the next'
is "$(jq -r .server out | sort -u | wc -l)" 2 'the next server answers all later questions'
server_start slow
slow=$URL
falls "$other"
is "$?" 3 'a server with other weights does not continue the run'
like "$(jq -r '.error // empty' out)" "$slow: .*connect" 'without another server with the same weights the other questions fail'
is "$(jq -r '.server // empty' out | sort -u)" "$slow" 'the answers are recorded with the server that gave them'

# What is up but has no answer is followed by the next, too.
config '{"networking": {"retry_attempts": 1, "timeout_read": "3s"}}'
server_start ill
ill=$URL
for fault in stall cut 500 503-busy 429 clean-end-without-done refuse; do
	server_reset
	server_fault $fault /api/chat times=-1
	tiny --no-cache --url "$ill $same" --json "SAY: $fault" >out 2>err
	is "$?:$(jq -r '[.text, .server] | join("|")' out)" "0:$fault
|$same" "$fault: the next server answers"
	like "$(cat err)" "continuing with $same" "$fault: a message names the next server"
done
server_reset
server_fault slow-first-byte /api/tags times=-1
config '{"networking": {"retry_attempts": 1, "timeout_connect": "3s",
	"timeout_read": "1d"}}'
is "$(limit pc-infer -m tiny --no-cache --url "$ill $same" 'SAY: soon' 2>err)" \
	soon 'a list that never comes is not waited for as an answer is'
config '{"networking": {"retry_attempts": 1, "timeout_read": "3s"}}'
server_reset
server_fault stall /api/embed times=-1
seq 70 | pc-infer -m embedder --no-cache --url "$ill $same" --embed -j 2 \
	>out 2>err
is "$?:$(jq -c '.embedding | length' out | uniq -c | xargs)" '0:70 8' \
	'the next server gives the embeddings'
is "$(grep -c "continuing with $same" err)" 1 'embeddings: the next server is named only once'
seq 2 | pc-infer -m embedder --no-cache --url "$ill $ill" --embed >out 2>err
is "$?:$(grep -c "text .*$ill: nothing came" err)" 75:2 'embeddings fail if no server answers'
server_reset
# What comes while the next is looked for is in the language of who sends it.
config '{"networking": {"retry_attempts": 1}}'
server_fault 500 /api/embed
server_fault slow-first-byte /api/embed ms=700
server_start foreign --api openai
server_fault 500 /v1/models times=-1
foreign=$URL
server_use same
server_fault slow-first-byte /api/tags ms=1500
seq 64 | pc-infer -m embedder --no-cache --url "$ill $foreign $same" --embed \
	>out 2>err
is "$?:$(grep -c '"embedding"' out)" 0:64 \
	'an answer that comes while another server is looked for is taken'
config '{"networking": {"retry_attempts": 1, "timeout_read": "3s"}}'
server_use ill
server_reset
server_fault 500 /api/chat times=1
tiny --refresh --url "$ill $other" 'SAY: here' >out 2>err
like "$?:$(tail -n 1 err)" "^75:.*$ill answers 500" 'a server with other weights gives no answer'
like "$(head -n 1 err)" "the server at $other has other weights for 'tiny.*'; it is skipped" \
	'a server with other weights: the message says that it is skipped'
server_fault 500 /api/chat times=-1
is "$(for n in 1 2 3; do echo "{\"prompt\":\"SAY: $n\"}"; done |
	tiny --no-cache --url "$ill $other $same" --jsonl -j 1 2>err |
	jq -r '[.text, .server] | join("|")' | tr -d '\n')" \
	"1|${same}2|${same}3|$same" 'the server after one with other weights is asked'
is "$(grep -c "$other has other weights" err)" 1 'a server with other weights is named only once in a run'
server_reset
is "$(tiny --offline --url "$ill $other" --dry-run x | jq -r .digest)" \
	"$(tiny --url "$ill" --dry-run x | jq -r .digest)" \
	'the digest of the skipped server is not cached'
if command -v script >/dev/null; then
	server_fault cut /api/chat at=2 times=-1
	script -qec "pc-infer -m tiny --no-cache --url '$ill $same' \
		'SAY: one two three four'" /dev/null </dev/null >out
	is "$(grep -c one out)" 1 'an answer that has begun on a terminal is not restarted'
fi

# ---- none

config "$quick"
status 75 'no server: the exit status is 75' tiny --refresh --url "$gone" x
like "$(cat err)" "$gone: .*connect.*'ollama serve'.*--url" 'no server: the message says how to start one'
is "$(wc -l <err)" 1 'no server: the message is one line'
for variable in http_proxy all_proxy ALL_PROXY; do
	status 75 "$variable names a stopped proxy: the exit status is 75" env $variable="$gone" \
		pc-infer --url http://127.0.0.1:1 -m m x
	like "$(cat err)" "127.0.0.1:1: .*check the proxy of .$variable; no_proxy" "$variable names a stopped proxy: the message says so"
done
status 75 'a proxy that no_proxy may exclude: the exit status is 75' env http_proxy="$gone" \
	no_proxy=127.0.0.1 pc-infer --url http://127.0.0.1:1 -m m x
like "$(cat err)" 'check the server, and the proxy of .http_proxy unless no_proxy' 'a proxy that no_proxy may exclude: the message names both'
status 75 'a proxy for https and an http URL: the exit status is 75' env https_proxy="$gone" \
	pc-infer --url http://127.0.0.1:1 -m m x
like "$(cat err)" "'ollama serve'" 'a proxy for https and an http URL: the message names no proxy'
status 75 'a proxy for https and an https URL: the exit status is 75' env HTTPS_PROXY="$gone" http_proxy="$gone" \
	pc-infer --url https://127.0.0.1:1 -m m x
like "$(cat err)" 'proxy of .HTTPS_PROXY' 'a proxy for https and an https URL: the message names the proxy'
# local_fault WHAT PATTERN ARG...: a local fault is reported before any request
local_fault() {
	local what=$1 pattern=$2
	shift 2
	status 2 "no server and $what" pc-infer -m tiny --url "$gone" "$@"
	like "$(cat out err)" "$pattern" "no server and $what: the message names the local fault"
}
printf 'a\377b' >latin
echo '{' >broken.json
echo '{"prompt": "Say it in {{tongue}}: {{prompt}}"}' >tongue.json
local_fault 'no file' "'missing'" -f missing x
local_fault 'no file, as JSON' '"error":.*missing' --json -f missing x
local_fault 'no file for any sample' "'missing'" --sample 3 -f missing x
is "$(wc -l <err)" 1 'a missing file is named once for all samples'
local_fault 'no image' "'missing'" --image missing x
local_fault 'a file that is not an image' "'broken.json'" --image broken.json x
local_fault 'no schema' "'missing'" --schema missing x
local_fault 'a bad schema' "'broken.json', line" --schema broken.json x
local_fault 'no template' missing -T ./missing x
local_fault 'no text for a template' 'requires a text' -T summary
local_fault 'no value for a variable' "requires a value for 'tongue'" \
	-T ./tongue.json x
local_fault 'no list' "'missing'" --files-from missing x
local_fault 'no list of prompts' "'missing'" --warm missing
local_fault 'no list of texts' "'missing'" --embed -f missing
local_fault 'no key' "'missing'" --key-file missing x
local_fault 'no text in UTF-8' "'latin' is not a text file" -f latin x
local_fault 'a prompt that is none' 'prompt is not valid UTF-8' $'say \xff'
local_fault 'a system prompt that is none' 'system prompt is not valid UTF-8' \
	-S $'say \xff' x
local_fault 'nothing to ask' 'nothing to ask'
server_use both
server_reset
tiny --url "$both" 'SAY: known' >/dev/null
is "$(server_count)" 3 'a question asks for list, answer and list'
tiny --url "$both" --dry-run --refresh 'SAY: known' >out
is "$(jq -r '.request.messages[0].content' out)" 'SAY: known' \
	'--dry-run sends the prompt once'
server_reset
for args in '-f missing' '--refresh -f missing' '-f latin' '--refresh -f latin'; do
	# shellcheck disable=SC2086
	status 2 "a server and $args" tiny --url "$both" $args x
done
is "$(server_count)" 0 'an input that cannot be read sends no request'
status 75 'no OpenAI-compatible server: the exit status is 75' tiny --api openai --url "$gone" x
like "$(cat err)" 'check that it is running, and check --url' 'no OpenAI-compatible server: the message says what to check'
server_start soon
soon=$URL
tiny --url "$soon" 'SAY: kept' >/dev/null
server_stop soon
status 0 'a hit needs no server' tiny --url "$soon" 'SAY: kept'
is "$(cat out)" kept 'a hit without a server prints the answer'
config '{"networking": {"retry_attempts": 1}, "inference": {"digest_ttl": "0s"}}'
status 0 'a hit with an expired digest needs no server' tiny --url "$soon" 'SAY: kept'
config "$quick"
seq 5 | sed 's/.*/{"text":"t&"}/' >records
status 75 'misses without a server exit with 75' tiny --url "$soon" --jsonl <records
is "$(jq -r .error out | sort | uniq -c | grep -c "5 .*ollama serve")" 1 \
	'misses without a server: each record has the error'
{ cat records; echo '{"prompt":"SAY: kept"}'; } >mixed
status 3 'hits and misses without a server exit with 3' tiny --url "$soon" --jsonl <mixed
is "$(jq -r '.text // empty' out)" kept 'hits among misses without a server are printed'
status 75 'no server for embeddings' pc-infer --embed -m tiny --url "$soon" \
	< <(echo a; echo b)
is "$(jq -r .error out | sort -u | grep -c 'ollama serve')" 1 'no server for embeddings: each record has the same error'

status 1 '--offline: a miss' tiny --url "$soon" --offline y
like "$(cat err)" 'not in the cache.*--offline' '--offline: a miss: the message says so'
status 0 '--offline: a hit' tiny --url "$soon" --offline 'SAY: kept'
status 1 '--offline with a model that was never asked is a miss' \
	pc-infer -m vision --url "$both" --offline x
status 1 '--offline: only misses' tiny --url "$soon" --offline --jsonl <records
status 3 '--offline with hits and misses exits with 3' tiny --url "$soon" --offline --jsonl <mixed
status 2 '--offline cannot be combined with --list' pc-infer --offline --list
status 2 '--warm and another list' tiny --warm records --jsonl
like "$(cat err)" '--warm cannot be combined with' '--warm with --jsonl: the message says so'
status 2 '--memory without a chat' tiny --memory 9 x
like "$(cat err)" '--memory requires --chat' '--memory without --chat: the message says so'
status 2 '--pages without an image' tiny --pages 1 x
like "$(cat err)" 'require images' '--pages without an image: the message says so'
status 2 '--offline without a store' tiny --offline --no-cache x
server_use both
server_reset
tiny --url "$both" --offline z 2>/dev/null
is "$(server_count)" 0 '--offline sends no request'
PC_LIBEXEC=$T/none status 2 'no helper' tiny --refresh --url "$both" x
like "$(cat err)" "$T/none/pc-http.*PC_LIBEXEC" 'a missing helper: the message names PC_LIBEXEC'
PC_LIBEXEC=$T/none status 0 'a hit needs no helper' tiny --url "$both" 'SAY: a'

# ---- what it has

pc-infer --url "$both" --list >out
is "$(awk '{ print $1 }' out | xargs)" \
	'tiny:latest vision:latest thinker:latest embedder:latest' '--list'
like "$(grep ^tiny out)" '^tiny:latest +[0-9a-f]{12} +1[.]2 MB$' '--list prints digest and size'
tiny --url "$both" --refresh 'SAY: j' >/dev/null
like "$(pc-infer --url "$both" --list | grep ^tiny)" 'MB  loaded$' '--list marks a loaded model'
is "$(pc-infer --url "$both" --list --json | jq -c 'select(.loaded) | [.name,
	.size, (.digest | length)]')" '["tiny:latest",1200000,64]' '--list --json prints name, size and digest'
is "$(pc-infer --url "$openai" --list | xargs)" 'tiny vision thinker embedder' \
	'--list of an OpenAI-compatible server prints its models'
status 75 '--list without a server exits with 75' pc-infer --url "$gone" --list
like "$(cat err)" 'ollama serve' '--list without a server: the message says how to start one'
status 0 '--list asks the next server if the first is stopped' pc-infer --url "$gone" --url "$both" --list
status 0 '--pull succeeds' pc-infer -v --url "$both" --pull extra
like "$(cat err)" 'pulling [0-9a-f]{12}' '--pull -v prints the steps of the download'
like "$(cat err)" "'extra' is there" '--pull -v prints the end of the download'
is "$(cat out)" '' '--pull prints nothing to stdout'
is "$(pc-infer --url "$both" -m extra 'SAY: k')" k 'a model that was pulled answers'
status 2 '--pull of an unknown model is an error' pc-infer --url "$both" --pull nonesuch
like "$(cat err)" 'file does not exist' '--pull of an unknown model: the message is that of the server'
status 2 '--pull from a server that is not Ollama is an error' pc-infer --url "$openai" --pull extra
like "$(cat err)" "$openai is not an Ollama server" '--pull from a server that is not Ollama: the message says so'
server_fault redirect /api/tags times=-1
status 2 'a redirected list of models is an error' tiny --refresh --url "$both" x
like "$(cat err)" "$both answers 307, .*--url" 'a redirected list of models: the message recommends --url'
server_reset
server_fault cut /api/pull
status 75 '--pull that breaks off exits with 75' pc-infer --url "$both" --pull extra
server_fault clean-end-without-done /api/pull
status 75 '--pull that ends early exits with 75' pc-infer --url "$both" --pull extra
like "$(cat err)" "the download of 'extra' is incomplete" 'a download that ends early: the message says so'
status 75 '--pull without a server exits with 75' pc-infer --url "$gone" --pull extra
server_start slow --token-delay 400
pc-infer --progress --url "$URL" --pull extra >out 2>err
like "$(tr '\r' '\n' <err)" '1 of 1, .* left|0 of 1, .* left' '--pull --progress prints the progress'

# These options send no prompt, so any other option would be ignored.
for alone in --list '--pull extra' --templates --chat-list '--chat-show c' \
	'--chat-clear c'; do
	for beside in x '-f out' '-S x' '-T summary' --embed '--warm out' --explain; do
		# shellcheck disable=SC2086
		status 2 "$alone cannot be combined with $beside" pc-infer --url "$gone" $alone $beside
		like "$(cat err)" 'cannot be combined with' "$alone and $beside: the message says so"
	done
done
status 2 '--chat-show cannot be combined with --chat-clear' pc-infer --chat-show c --chat-clear c

# ---- TLS

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
server_start tls --tls cert.pem key.pem
status 2 'a certificate that no trusted authority has signed is refused' tiny --url "$URL" x
like "$(cat err)" 'SSL_CERT_FILE' 'an unknown certificate: the message recommends SSL_CERT_FILE'
SSL_CERT_FILE=$T/cert.pem status 0 'a certificate of SSL_CERT_FILE is accepted' tiny --url "$URL" 'SAY: l'
is "$(cat out)" l 'a server with a certificate of SSL_CERT_FILE answers'
done_testing
