#!/bin/bash
# The server that other tests talk to: does it answer as those do that it stands
# for, and do its faults happen?
. "$(dirname "$0")/lib.sh"
. "$TESTS/server/server.sh"

# get PATH [CURL-ARG...], post PATH BODY [CURL-ARG...]: the body of the answer
get() { limit curl -sS "$URL$1" "${@:2}"; }
post() { limit curl -sS "$URL$1" -d "$2" "${@:3}"; }
# code PATH [CURL-ARG...]: the status of the answer, whose body is in ./body
code() { limit curl -sS -o body -w '%{http_code}' "$URL$1" "${@:2}"; }
# refused PATH BODY: the status and the message
refused() {
	code "$1" -d "$2"
	echo " $(jq -r '.error.message? // .error' body)"
}
# told PATH BODY: the text of an answer that is streamed by either protocol
told() {
	post "$1" "$2" | sed -n 's/^data: //; /^{/p' |
		jq -rj '.message.content? // .response //
			.choices[0].delta.content // empty'
}

say='{"model":"tiny","messages":[{"role":"user","content":"SAY: a é 😀 b"}]}'
count='{"model":"tiny","messages":[{"role":"user","content":"COUNT: 6"}]}'
sse=${count%?}',"stream":true}'
whole=${count%?}',"stream":false}'

# ---- Ollama's API

server_start ollama --api ollama
is "$(get /)" 'Ollama is running' 'Ollama says that it runs'
is "$(curl -sSI "$URL/" | head -n 1 | tr -d '\r')" 'HTTP/1.1 200 OK' \
	'and so does HEAD'
is "$(code /v1/models)" 404 'the paths of the other protocol are not there'
like "$(get /api/version | jq -r .version)" '^[0-9.]+$' 'a version'
like "$(get /api/tags | jq -r '.models[] | select(.name == "tiny:latest") |
	"\(.model) \(.size) \(.digest) \(.details.quantization_level)"')" \
	'^tiny:latest [0-9]+ [0-9a-f]{64} Q4_0$' 'the models with their digests'
is "$(get /api/tags | jq -r '[.models[].digest] | unique | length')" 4 \
	'each its own'
is "$(post /api/show '{"model":"vision"}' | jq -c .capabilities)" \
	'["completion","vision"]' 'what a model can'
is "$(told /api/chat "$say")" 'a é 😀 b' 'a chat'
is "$(told /api/generate '{"model":"tiny:latest","prompt":"one two three"}')" \
	'three two one' 'a prompt, of which an answer is made'
post /api/chat "$count" >stream
is "$(wc -l <stream | tr -d ' ')" 7 'each token is a line'
is "$(tail -n 1 stream | jq -c '[.done, .done_reason, .eval_count,
	(.total_duration > 0)]')" '[true,"stop",6,true]' \
	'and the last one says that it is'
is "$(post /api/chat "$whole" | jq -r .message.content)" '1 2 3 4 5 6' \
	'not streamed, it is one object'
is "$(post /api/chat "${count%?},\"options\":{\"num_predict\":2}}" | tail -n 1 |
	jq -c '[.done_reason, .eval_count]')" '["length",2]' 'num_predict cuts'
is "$(post /api/chat "${whole%?},\"options\":{\"stop\":[\"4\"]}}" |
	jq -r .message.content)" '1 2 3 ' 'stop stops'
sample() {
	post /api/generate "{\"model\":\"tiny\",\"prompt\":\"x\",\"stream\":false,
		\"options\":{\"temperature\":0.5$1}}" | jq -r .response
}
is "$(sample ',"seed":5')" "$(sample ',"seed":5')" 'a seed has one answer'
[ "$(sample ',"seed":5')" != "$(sample ',"seed":6')" ]
ok 'another seed another'
[ "$(sample '')" != "$(sample '')" ]
ok 'and without one each is another'
schema='{"type":"object","properties":{"n":{"type":"integer","minimum":3},
	"kind":{"enum":["p","q"]},"list":{"type":"array","minItems":2,
	"items":{"$ref":"#/$defs/s"}}},"$defs":{"s":{"type":"string"}}}'
is "$(post /api/generate "{\"model\":\"tiny\",\"prompt\":\"hi\",\"stream\":false,
	\"format\":$schema}" | jq -c '.response | fromjson |
	[.n >= 3, (.kind | test("[pq]")), (.list | length)]')" \
	'[true,true,2]' 'a schema is kept'
once='{"model":"tiny","prompt":"SAYONCE: bad|good"}'
is "$(told /api/generate "$once") $(told /api/generate "$once")" 'bad good' \
	'what is said once is said once'
is "$(post /api/chat '{"model":"thinker","stream":false,"messages":[
	{"role":"user","content":"a b"}]}' |
	jq -c '[.message.content, (.message | has("thinking"))]')" \
	'["b a",true]' 'a model that thinks does'
is "$(post /api/chat '{"model":"thinker","stream":false,"think":false,
	"messages":[{"role":"user","content":"a b"}]}' |
	jq -c '.message | has("thinking")')" false 'unless it shall not'
png=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=
jpeg=$(printf '\377\330\377\300\0\021\010\0\2\0\3\3\1\042\0\2\021\1\3\021\1\377\331' |
	base64)
is "$(post /api/generate "{\"model\":\"vision\",\"prompt\":\"look\",
	\"stream\":false,\"images\":[\"$png\",\"$jpeg\"]}" | jq -r .response)" \
	'look [png 1x1] [jpeg 3x2]' 'images are looked at'
embed() { post /api/embed "{\"model\":\"embedder\",\"input\":$1}"; }
is "$(embed '["x","y","x"]' | jq -c '.embeddings | [length, (.[0] | length),
	.[0] == .[2], .[0] == .[1],
	(.[0] | map(. * .) | add | (. > 0.9999 and . < 1.0001))]')" \
	'[3,8,true,false,true]' 'embeddings of one length'
is "$(embed '""' | jq -c .embeddings)" '[]' 'nothing has none'
is "$(post /api/embeddings '{"model":"embedder","prompt":"x"}' |
	jq -c .embedding)" "$(embed '"x"' | jq -c '.embeddings[0]')" \
	'the old way gives the same'
long=$(seq -s ' ' 600)
is "$(embed "\"$long\"" | jq .prompt_eval_count)" 512 'a long text is cut'

is "$(post /api/generate '{"model":"embedder"}' | jq -c '[.done, .done_reason]')" \
	'[true,"load"]' 'an empty prompt loads'
is "$(get /api/ps | jq -c '[.models[] | select(.name == "embedder:latest") |
	.context_length, .size_vram, has("expires_at")]')" '[512,0,true]' \
	'which ps shows'
is "$(post /api/generate '{"model":"embedder","keep_alive":0}' |
	jq -r .done_reason)" unload 'or unloads'
unloaded() { ! get /api/ps | grep -q embedder; }
await unloaded
ok 'after a while'
server_reset
ctx='"stream":false,"options":{"num_ctx"'
for n in 512 512 256; do
	post /api/generate "{\"model\":\"tiny\",\"prompt\":\"x\",$ctx:$n}}" >/dev/null
done
is "$(server_log -c 'map(.loaded)')" '[true,false,true]' \
	'another context loads the model again'
is "$(post /api/pull '{"model":"extra"}' | jq -r .status | sort -u | tail -n 3)" \
	"success
verifying sha256 digest
writing manifest" 'a model is pulled'
is "$(code /api/delete -X DELETE -d '{"model":"extra"}')" 200 'and deleted'
is "$(refused /api/show '{"model":"extra"}')" "404 model 'extra' not found" \
	'which it stays'

is "$(code /api/chat -d '') $(jq -r .error body)" '400 missing request body' \
	'no body'
is "$(refused /api/chat '{}')" '400 model is required' 'no model'
is "$(refused /api/generate '{"model":"x"}')" "404 model 'x' not found" \
	'no such model'
is "$(refused /api/embed '{"model":"x","input":"y"}')" \
	'404 model "x" not found, try pulling it first' 'nor such one'
is "$(refused /api/embed '{"model":"embedder","input":[1]}')" \
	'400 invalid input type' 'no text'
is "$(refused /api/generate '{"model":"tiny","prompt":"x","think":true}')" \
	'400 "tiny" does not support thinking' 'no thinker'
is "$(refused /api/generate '{"model":"tiny","prompt":"x","keep_alive":"30"}')" \
	'400 time: missing unit in duration "30"' 'no unit'
is "$(refused /api/generate '{"model":"tiny","prompt":"x",
	"options":{"num_predict":"9"}}')" \
	'500 option "num_predict" must be of type integer' 'no number'
is "$(refused /api/generate '{"model":"vision","prompt":"x","images":["JVBERi0="]}')" \
	'500 Failed to create new sequence: failed to process inputs: image: unknown format' \
	'no image'
like "$(refused /api/generate '{"model":"vision","prompt":"x","images":["data:,"]}')" \
	'^400 illegal base64' 'no base64'
is "$(refused /api/embed "{\"model\":\"embedder\",\"input\":\"$long\",
	\"truncate\":false}")" '400 the input length exceeds the context length' \
	'too long, and not to be cut'
small="\"model\":\"tiny\",\"prompt\":\"$long\",$ctx:64}"
is "$(post /api/generate "{$small}" | jq .prompt_eval_count)" 32 \
	'a long prompt is cut in silence'
is "$(refused /api/generate "{$small,\"truncate\":false}")" \
	'400 the input length exceeds the context length' 'unless it may not be'
is "$(code / -H 'Host: example.org')" 403 'who comes by another name is refused'
is "$(code /nothing) $(cat body)" '404 404 page not found' 'no such path'

# ---- the one that is compatible with OpenAI's

server_start openai --api openai --key sesame-sesame-1234 --ctx 64
auth=(-H 'Authorization: Bearer sesame-sesame-1234')
is "$(code /) $(code /api/tags "${auth[@]}")" '401 404' 'this one is not Ollama'
is "$(code /v1/models) $(jq -r .error.code body)" '401 invalid_api_key' \
	'it wants its key'
like "$(code /v1/models -H 'Authorization: Bearer almond-almond-99'; cat body)" \
	'^401.*alm[*]+d-99' 'and says which one it got, nearly'
is "$(get /v1/models "${auth[@]}" | jq -c '[.data[].id]')" \
	'["tiny","vision","thinker","embedder"]' 'its models'
is "$(post /v1/chat/completions "$count" "${auth[@]}" | jq -c '[.object,
	.choices[0].message.content, .choices[0].finish_reason,
	.usage.completion_tokens]')" \
	'["chat.completion","1 2 3 4 5 6","stop",6]' 'a whole answer'
post /v1/chat/completions "$sse" "${auth[@]}" >stream
is "$(tail -n 2 stream)" 'data: [DONE]' 'a stream ends'
is "$(sed -n 's/^data: //; /^{/p' stream |
	jq -rj '.choices[0].delta.content // empty')" '1 2 3 4 5 6' \
	'and holds the answer'
grep -q '^: ' stream
ok 'among comments'
! grep -q '"usage"' stream
ok 'usage is told only'
is "$(post /v1/chat/completions "${sse%?},\"stream_options\":{\"include_usage\":true}}" \
	"${auth[@]}" | sed -n 's/^data: //; /^{/p' | tail -n 1 |
	jq -c '[.choices, .usage.total_tokens]')" '[[],8]' 'to whom wants it'
is "$(post /v1/chat/completions "${count%?},\"max_tokens\":2}" "${auth[@]}" |
	jq -r '.choices[0].finish_reason')" length 'max_tokens cuts'
is "$(post /v1/chat/completions '{"model":"tiny","messages":[{"role":"user",
	"content":"a"}],"response_format":{"type":"json_schema","json_schema":
	{"name":"x","schema":{"type":"object","properties":{"k":{"const":7}}}}}}' \
	"${auth[@]}" | jq -r '.choices[0].message.content')" '{"k":7}' \
	'a schema is kept here too'
is "$(post /v1/chat/completions "{\"model\":\"vision\",\"messages\":[{\"role\":
	\"user\",\"content\":[{\"type\":\"text\",\"text\":\"look\"},{\"type\":
	\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,$png\"}}]}],
	\"max_tokens\":9}" "${auth[@]}" | jq -r .error.type)" \
	exceed_context_size_error 'an image counts as many tokens'
is "$(post /v1/embeddings '{"model":"embedder","input":["x","y"]}' "${auth[@]}" |
	jq -c '[.data[].index], (.data[0].embedding | length)')" "[0,1]
8" 'embeddings'
is "$(post /v1/embeddings '{"model":"embedder","input":"x",
	"encoding_format":"base64"}' "${auth[@]}" | jq -r '.data[0].embedding' |
	base64 -d | wc -c)" 32 'as base64'
is "$(post /v1/embeddings '{"model":"embedder","input":"x","dimensions":3}' \
	"${auth[@]}" | jq '.data[0].embedding | length')" 3 'of fewer dimensions'
is "$(code /v1/chat/completions -d '{' "${auth[@]}") $(jq .error.code body)" \
	'500 500' 'no JSON'
is "$(code /v1/chat/completions -d '{"model":"x","messages":[]}' "${auth[@]}"
	) $(jq -r .error.code body)" '404 model_not_found' 'no model'
is "$(code /v1/chat/completions -d "{\"model\":\"tiny\",\"messages\":[{\"role\":
	\"user\",\"content\":\"$long\"}]}" "${auth[@]}"
	) $(jq -c '[.error.type, .error.n_prompt_tokens, .error.n_ctx]' body)" \
	'400 ["exceed_context_size_error",600,64]' 'too long'

# ---- faults

server_start faulty --slots 2
server_fault 429 /api/chat seconds=7 times=2
is "$(code /api/chat -d "$say" -D head) $(grep -i '^retry-after' head |
	tr -d '\r')" '429 retry-after: 7' 'too many requests'
is "$(code /api/chat -d "$say") $(code /api/chat -d "$say")" '429 200' \
	'so often as was said'
for pair in 429-ms:retry-after-ms 429-date:GMT; do
	server_fault "${pair%:*}" /v1/models
	code /v1/models -D head >/dev/null
	grep -qi "${pair#*:}" head
	ok "${pair%:*}"
done
server_fault 429-quota /v1/models
is "$(code /v1/models) $(jq -r .error.type body)" '429 insufficient_quota' quota
server_fault 503-loading /v1/models
is "$(code /v1/models) $(jq -r .error.type body)" '503 unavailable_error' loading
server_fault 503-busy /api/tags
like "$(code /api/tags; cat body)" '^503.*server busy' busy
server_fault 500 /api/tags message=oops
is "$(code /api/tags) $(jq -r .error body)" '500 oops' 'an error of ours'
server_fault 418
is "$(code /api/ps)" 418 'any status, anywhere'
server_fault nonsense >/dev/null 2>&1
[ $? != 0 ]
ok 'a fault that is none is refused'
jq -nc '{fault: "500", match: "needle", after: 1, path: "/api/chat"}' |
	server_control fault -d @- >/dev/null
is "$(for word in needle hay needle; do
	code /api/chat -d "${say/SAY/$word SAY}" && echo
done | paste -sd ' ')" '200 200 500' 'only what matches, after the first'

for path in /api/chat /v1/chat/completions; do
	body=$count
	[ $path = /api/chat ] || body=$sse
	server_fault cut $path
	post $path "$body" >part 2>/dev/null
	is "$? $(grep -c '"content":"[1-6 ]*[1-6]' part)" \
		"18 $([ $path = /api/chat ] && echo 2 || echo 1)" "$path: cut"
	server_fault reset $path
	post $path "$body" >part 2>/dev/null
	is "$?" 56 "$path: reset"
	server_fault clean-end-without-done $path
	post $path "$body" >part
	is "$? $(grep -Ec '"done":true|"stop"|DONE' part)" '0 0' \
		"$path: an end that is none"
	server_fault error-midstream $path message=oops
	post $path "$body" >part
	is "$? $(grep -c '"content"' part) $(grep -Ec '"error".*oops' part)" \
		'0 2 1' "$path: an error in mid-stream"
	server_fault wrong-json $path
	is "$(post $path "$body" | grep -c '"model": "ti$')" 1 "$path: no JSON"
	server_fault empty $path
	is "$(told $path "$body")" '' "$path: nothing said"
	server_fault split-utf8 $path
	is "$(told $path "${body/COUNT: 6/SAY: a é 😀 b}")" 'a é 😀 b' \
		"$path: parted characters"
	server_fault drip $path
	is "$(told $path "$body")" '1 2 3 4 5 6' "$path: byte by byte"
	server_fault long-line $path
	is "$(post $path "$body" | awk 'length > 8000000' | wc -l | tr -d ' ')" 1 \
		"$path: a line of 8 MB"
	server_fault endless-line $path
	is "$(post $path "$body" 2>/dev/null | head -c 20000000 | wc -c |
		tr -d ' ')" 20000000 "$path: a line without end"
	server_fault silent-truncation $path
	is "$(post $path "${body%?},\"stream_options\":{\"include_usage\":true}}" |
		grep -Ec 'prompt_(eval_count|tokens)":[12],')" 1 "$path: cut in silence"
	server_fault stall $path
	curl -sSN "$URL$path" -d "$body" >part 2>/dev/null &
	await lines 2 part '"content"'
	kill $!
	wait $! 2>/dev/null
	is "$? $(grep -c '"content"' part)" '143 2' "$path: a stall"
	server_fault stall $path ms=300
	is "$(told $path "$body")" '1 2 3 4 5 6' "$path: one that ends"
	server_fault slow-first-byte $path ms=300
	like "$(curl -sS -o body -w '%{time_starttransfer}' "$URL$path" -d "$body")" \
		'^0\.[3-9]|^[1-9]' "$path: a late first byte"
	server_fault html $path
	like "$(post $path "$body")" 'DOCTYPE html' "$path: a captive portal"
	server_fault redirect $path
	code $path -d "$body" -D head >/dev/null
	like "$(cat head)" "^location: http://127.0.0.2:9$path" "$path: elsewhere"
	server_fault refuse $path
	post $path "$body" >part 2>/dev/null
	is "$?" 52 "$path: nothing at all"
	server_fault huge-headers $path
	code $path -d "$body" -D head >/dev/null 2>&1
	[ $? != 0 ]
	ok "$path: more header than curl takes"
done
server_fault crlf /v1/chat/completions
is "$(post /v1/chat/completions "$sse" | grep -c 'DONE].$')" 1 'other line ends'
server_fault clean-end-without-done /api/chat
is "$(post /api/chat "$whole" | jq -c '[.done, .done_reason]')" '[false,null]' \
	'not done, and not streamed'
both='{"model":"embedder","input":["x","y"]}'
server_fault wrong-dimension /api/embed
is "$(post /api/embed "$both" | jq '.embeddings[0] | length')" 9 \
	'embeddings of another length'
server_fault fewer-embeddings /v1/embeddings
is "$(post /v1/embeddings "$both" | jq '.data | length')" 1 'too few'
server_fault out-of-order /v1/embeddings
is "$(post /v1/embeddings "$both" | jq -c '[.data[].index]')" '[1,0]' \
	'in another order'
digest() { get /api/tags | jq -r '.models[0].digest'; }
before=$(digest)
server_fault digest-change /api/chat
is "$(told /api/chat "$count")" '1 2 3 4 5 6' 'an answer from new weights'
[ "$before" != "$(digest)" ]
ok 'whose digest is another'
server_digest tiny 0123abcd
is "$(digest)" 0123abcd 'as it is when a test says so'

# ---- what was asked of it

server_reset
is "$(server_count) $(digest)" "0 $before" 'all is as it was'
server_reset
curl -sS "$URL/api/chat" -d "$count" --next -sS "$URL/api/tags" >/dev/null
is "$(server_count) $(server_count /api/chat)" '2 1' 'requests are counted'
is "$(server_log -c '[.[] | [.method, .path, (.body.model? // null), .status, .complete]]')" \
	'[["POST","/api/chat","tiny",200,true],["GET","/api/tags",null,200,true]]' \
	'and noted'
is "$(server_log '[.[].connection] | unique | length')" 1 \
	'with their connection'
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>err
ok 'a certificate'
server_start tls --tls cert.pem key.pem
is "$(curl -sS --cacert cert.pem "$URL/")" 'Ollama is running' 'TLS'
curl -sS "$URL/" 2>/dev/null
is "$?" 60 'with a certificate that nobody else knows'
server_start slow --slots 1 --queue 1
server_fault stall /api/chat # the first to come, which holds the slot
for i in 1 2 3; do
	curl -sS -o /dev/null -w '%{http_code}\n' "$URL/api/chat" -d "$count" \
		>code$i &
done
one_sent_away() { grep -q 503 code?; }
await one_sent_away
server_release
wait
is "$(sort code1 code2 code3 | paste -sd ' ')" '200 200 503' \
	'one is served, one waits, one is sent away'
is "$(server_most)" 3 'which is how many came at one time'
server_stop slow
curl -sS "$URL/" 2>/dev/null
is "$?" 7 'a server that is ended is gone'
# shellcheck disable=SC2016
{ bash -c 'node "$0" >"$1" & while [ ! -s "$1" ]; do sleep 0.05; done
	kill -9 $$' "$TESTS/server/infer.mjs" "$T/url"; } 2>/dev/null
read -r URL <url
refuses() {
	curl -sS "$URL/"
	[ $? = 7 ]
}
await refuses
ok 'and so is that of a test that was killed'

# ---- the engine that computes

if ! server_llama llama; then
	skip 'llama.cpp' "$server_why"
	done_testing
	exit
fi
made='{"model":"bytes","prompt":"the","stream":false,"options":'
text() { post /api/generate "$made$1}" | jq -r .response; }
is "$(text '{"seed":7,"num_predict":40}')" \
	"$(text '{"seed":7,"num_predict":40}')" 'llama.cpp: a seed has one answer'
[ "$(text '{"seed":7,"num_predict":40}')" != \
	"$(text '{"seed":8,"num_predict":40}')" ]
ok 'another seed another'
is "$(text '{"temperature":0,"num_predict":9}')" \
	"$(text '{"seed":3,"top_k":1,"num_predict":9}')" 'no heat, or one choice'
is "$(post /api/generate "$made{\"num_predict\":5}}" |
	jq -c '[.done_reason, .eval_count, .prompt_eval_count]')" \
	'["length",5,22]' 'tokens are counted'
post /api/generate '{"model":"bytes","prompt":"the","options":{"seed":1}}' >stream
is "$(tail -n 1 stream | jq -c '[.done, .done_reason]')" '[true,"stop"]' \
	'an answer ends'
[ "$(wc -l <stream)" -gt 3 ]
ok 'and comes token by token'
stopped=$(text '{"seed":1,"stop":["e"]}')
is "${stopped//[^e]/}" '' 'it stops where it shall'
post /api/generate "{\"model\":\"bytes\",\"prompt\":\"x\",\"stream\":false,
	\"options\":{\"seed\":1,\"num_predict\":2000},\"format\":{\"type\":\"object\",
	\"properties\":{\"title\":{\"type\":\"string\"},\"tags\":{\"type\":\"array\",
	\"items\":{\"enum\":[\"a\",\"b\"]}}}}}" >answer
is "$(jq -c '.response | fromjson | keys' answer)" '["tags","title"]' \
	'a schema is its grammar'
narrow='"stream":false,"options":{"num_ctx":64,"num_predict":3}'
is "$(post /api/generate "{\"model\":\"bytes\",\"prompt\":\"$long\",$narrow}" |
	jq .prompt_eval_count)" 32 'what is too long is cut'
is "$(refused /api/generate "{\"model\":\"bytes\",\"prompt\":\"$long\",$narrow,
	\"truncate\":false}")" '400 the input length exceeds the context length' \
	'or refused'
is "$(post /api/embed '{"model":"bytes","input":["the cat","a dog","the cat"]}' |
	jq -c '.embeddings | [length, (.[0] | length), .[0] == .[2], .[0] == .[1],
	(.[0] | map(. * .) | add | (. > 0.9999 and . < 1.0001))]')" \
	'[3,320,true,false,true]' 'embeddings'
is "$(post /v1/chat/completions '{"model":"bytes","max_tokens":4,"messages":[
	{"role":"user","content":"é"}]}' | jq -c '[.choices[0].finish_reason,
	.usage.completion_tokens]')" '["length",4]' 'by the other protocol too'
for i in 1 2 3 4 5 6; do
	post /api/generate "$made{\"num_ctx\":$((512 * (i % 2 + 1))),
		\"num_predict\":60}}" | jq .done >done$i &
done
wait
is "$(sort -u done?)" true 'contexts change while requests run'
done_testing
