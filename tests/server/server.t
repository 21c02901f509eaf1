#!/bin/bash
# The test server answers as the servers that it replaces, and its faults happen.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/server/server.sh"

# get PATH [CURL-ARG...], post PATH BODY [CURL-ARG...]: the body of the answer
get() { limit curl -sS "$URL$1" "${@:2}"; }
post() { limit curl -sS "$URL$1" -d "$2" "${@:3}"; }
# code PATH [CURL-ARG...]: the status of the answer, whose body is in ./body
code() { limit curl -sS -o body -w '%{http_code}' "$URL$1" "${@:2}"; }
# refused PATH BODY: the status and the message of an error
refused() {
	code "$1" -d "$2"
	echo " $(jq -r '.error.message? // .error' body)"
}
# told PATH BODY: the text of a streamed answer, in either protocol
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
is "$(get /)" 'Ollama is running' 'ollama: GET / says that it runs'
is "$(curl -sSI "$URL/" | head -n 1 | tr -d '\r')" 'HTTP/1.1 200 OK' \
	'ollama: HEAD / is answered'
is "$(code /v1/models)" 404 'ollama: the paths of the OpenAI API are not found'
like "$(get /api/version | jq -r .version)" '^[0-9.]+$' 'ollama: /api/version has a version'
like "$(get /api/tags | jq -r '.models[] | select(.name == "tiny:latest") |
	"\(.model) \(.size) \(.digest) \(.details.quantization_level)"')" \
	'^tiny:latest [0-9]+ [0-9a-f]{64} Q4_0$' 'ollama: /api/tags lists models with size, digest and quantization'
is "$(get /api/tags | jq -r '[.models[].digest] | unique | length')" 4 \
	'ollama: each model has its own digest'
is "$(post /api/show '{"model":"vision"}' | jq -c .capabilities)" \
	'["completion","vision"]' 'ollama: /api/show lists the capabilities of a model'
is "$(told /api/chat "$say")" 'a é 😀 b' 'ollama: /api/chat answers'
is "$(told /api/generate '{"model":"tiny:latest","prompt":"one two three"}')" \
	'three two one' 'ollama: /api/generate answers with the reversed prompt'
post /api/chat "$count" >stream
is "$(wc -l <stream | tr -d ' ')" 7 'ollama: a stream has a line for each token'
is "$(tail -n 1 stream | jq -c '[.done, .done_reason, .eval_count,
	(.total_duration > 0)]')" '[true,"stop",6,true]' \
	'ollama: the last line of a stream says that it is done'
is "$(post /api/chat "$whole" | jq -r .message.content)" '1 2 3 4 5 6' \
	'ollama: an answer that is not streamed is one object'
is "$(post /api/chat "${count%?},\"options\":{\"num_predict\":2}}" | tail -n 1 |
	jq -c '[.done_reason, .eval_count]')" '["length",2]' 'ollama: num_predict truncates the answer'
is "$(post /api/chat "${whole%?},\"options\":{\"stop\":[\"4\"]}}" |
	jq -r .message.content)" '1 2 3 ' 'ollama: stop ends the answer'
sample() {
	post /api/generate "{\"model\":\"tiny\",\"prompt\":\"x\",\"stream\":false,
		\"options\":{\"temperature\":0.5$1}}" | jq -r .response
}
is "$(sample ',"seed":5')" "$(sample ',"seed":5')" 'ollama: the same seed gives the same answer'
[ "$(sample ',"seed":5')" != "$(sample ',"seed":6')" ]
ok 'ollama: another seed gives another answer'
[ "$(sample '')" != "$(sample '')" ]
ok 'ollama: without a seed each answer differs'
schema='{"type":"object","properties":{"n":{"type":"integer","minimum":3},
	"kind":{"enum":["p","q"]},"list":{"type":"array","minItems":2,
	"items":{"$ref":"#/$defs/s"}}},"$defs":{"s":{"type":"string"}}}'
is "$(post /api/generate "{\"model\":\"tiny\",\"prompt\":\"hi\",\"stream\":false,
	\"format\":$schema}" | jq -c '.response | fromjson |
	[.n >= 3, (.kind | test("[pq]")), (.list | length)]')" \
	'[true,true,2]' 'ollama: the answer follows a schema'
once='{"model":"tiny","prompt":"SAYONCE: bad|good"}'
is "$(told /api/generate "$once") $(told /api/generate "$once")" 'bad good' \
	'ollama: SAYONCE gives each text for one request'
is "$(post /api/chat '{"model":"thinker","stream":false,"messages":[
	{"role":"user","content":"a b"}]}' |
	jq -c '[.message.content, (.message | has("thinking"))]')" \
	'["b a",true]' 'ollama: a thinking model sends its thinking'
is "$(post /api/chat '{"model":"thinker","stream":false,"think":false,
	"messages":[{"role":"user","content":"a b"}]}' |
	jq -c '.message | has("thinking")')" false 'ollama: think false sends no thinking'
png=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=
jpeg=$(printf '\377\330\377\300\0\021\010\0\2\0\3\3\1\042\0\2\021\1\3\021\1\377\331' |
	base64)
is "$(post /api/generate "{\"model\":\"vision\",\"prompt\":\"look\",
	\"stream\":false,\"images\":[\"$png\",\"$jpeg\"]}" | jq -r .response)" \
	'look [png 1x1] [jpeg 3x2]' 'ollama: an answer names the type and size of each image'
embed() { post /api/embed "{\"model\":\"embedder\",\"input\":$1}"; }
is "$(embed '["x","y","x"]' | jq -c '.embeddings | [length, (.[0] | length),
	.[0] == .[2], .[0] == .[1],
	(.[0] | map(. * .) | add | (. > 0.9999 and . < 1.0001))]')" \
	'[3,8,true,false,true]' 'ollama: embeddings are unit vectors of one length, equal for equal text'
is "$(embed '""' | jq -c .embeddings)" '[]' 'ollama: an empty text has no embedding'
is "$(post /api/embeddings '{"model":"embedder","prompt":"x"}' |
	jq -c .embedding)" "$(embed '"x"' | jq -c '.embeddings[0]')" \
	'ollama: /api/embeddings gives the same vector as /api/embed'
long=$(seq -s ' ' 600)
is "$(embed "\"$long\"" | jq .prompt_eval_count)" 512 'ollama: /api/embed truncates a long text'

is "$(post /api/generate '{"model":"embedder"}' | jq -c '[.done, .done_reason]')" \
	'[true,"load"]' 'ollama: an empty prompt loads the model'
is "$(get /api/ps | jq -c '[.models[] | select(.name == "embedder:latest") |
	.context_length, .size_vram, has("expires_at")]')" '[512,0,true]' \
	'ollama: /api/ps lists a loaded model'
is "$(post /api/generate '{"model":"embedder","keep_alive":0}' |
	jq -r .done_reason)" unload 'ollama: keep_alive 0 unloads the model'
unloaded() { ! get /api/ps | grep -q embedder; }
await unloaded
ok 'ollama: /api/ps does not list an unloaded model'
server_reset
ctx='"stream":false,"options":{"num_ctx"'
for n in 512 512 256; do
	post /api/generate "{\"model\":\"tiny\",\"prompt\":\"x\",$ctx:$n}}" >/dev/null
done
is "$(server_log -c 'map(.loaded)')" '[true,false,true]' \
	'ollama: another num_ctx loads the model again'
is "$(post /api/pull '{"model":"extra"}' | jq -r .status | sort -u | tail -n 3)" \
	"success
verifying sha256 digest
writing manifest" 'ollama: /api/pull pulls a model'
is "$(code /api/delete -X DELETE -d '{"model":"extra"}')" 200 'ollama: /api/delete deletes a model'
is "$(refused /api/show '{"model":"extra"}')" "404 model 'extra' not found" \
	'ollama: a deleted model is not found'

is "$(code /api/chat -d '') $(jq -r .error body)" '400 missing request body' \
	'ollama: a missing body is an error'
is "$(refused /api/chat '{}')" '400 model is required' 'ollama: a missing model is an error'
is "$(refused /api/generate '{"model":"x"}')" "404 model 'x' not found" \
	'ollama: /api/generate does not find an unknown model'
is "$(refused /api/embed '{"model":"x","input":"y"}')" \
	'404 model "x" not found, try pulling it first' 'ollama: /api/embed does not find an unknown model'
is "$(refused /api/embed '{"model":"embedder","input":[1]}')" \
	'400 invalid input type' 'ollama: a number is an invalid input of /api/embed'
is "$(refused /api/generate '{"model":"tiny","prompt":"x","think":true}')" \
	'400 "tiny" does not support thinking' 'ollama: think true is an error if the model cannot think'
is "$(refused /api/generate '{"model":"tiny","prompt":"x","keep_alive":"30"}')" \
	'400 time: missing unit in duration "30"' 'ollama: a keep_alive without a unit is an error'
is "$(refused /api/generate '{"model":"tiny","prompt":"x",
	"options":{"num_predict":"9"}}')" \
	'500 option "num_predict" must be of type integer' 'ollama: a string for num_predict is an error'
is "$(refused /api/generate '{"model":"vision","prompt":"x","images":["JVBERi0="]}')" \
	'500 Failed to create new sequence: failed to process inputs: image: unknown format' \
	'ollama: an unknown image format is an error'
like "$(refused /api/generate '{"model":"vision","prompt":"x","images":["data:,"]}')" \
	'^400 illegal base64' 'ollama: an image that is not base64 is an error'
is "$(refused /api/embed "{\"model\":\"embedder\",\"input\":\"$long\",
	\"truncate\":false}")" '400 the input length exceeds the context length' \
	'ollama: with truncate false a long text is an error'
small="\"model\":\"tiny\",\"prompt\":\"$long\",$ctx:64}"
is "$(post /api/generate "{$small}" | jq .prompt_eval_count)" 32 \
	'ollama: a long prompt is truncated without a message'
is "$(refused /api/generate "{$small,\"truncate\":false}")" \
	'400 the input length exceeds the context length' 'ollama: with truncate false a long prompt is an error'
is "$(code / -H 'Host: example.org')" 403 'ollama: a request with another Host is refused'
is "$(code /nothing) $(cat body)" '404 404 page not found' 'ollama: an unknown path is not found'

# ---- the OpenAI API

server_start openai --api openai --key sesame-sesame-1234 --ctx 64
auth=(-H 'Authorization: Bearer sesame-sesame-1234')
is "$(code /) $(code /api/tags "${auth[@]}")" '401 404' 'openai: the paths of Ollama are not found'
is "$(code /v1/models) $(jq -r .error.code body)" '401 invalid_api_key' \
	'openai: a missing key is an error'
like "$(code /v1/models -H 'Authorization: Bearer almond-almond-99'; cat body)" \
	'^401.*alm[*]+d-99' 'openai: the error for a wrong key shows parts of the key'
is "$(get /v1/models "${auth[@]}" | jq -c '[.data[].id]')" \
	'["tiny","vision","thinker","embedder"]' 'openai: /v1/models lists models'
is "$(post /v1/chat/completions "$count" "${auth[@]}" | jq -c '[.object,
	.choices[0].message.content, .choices[0].finish_reason,
	.usage.completion_tokens]')" \
	'["chat.completion","1 2 3 4 5 6","stop",6]' 'openai: an answer that is not streamed is one object'
post /v1/chat/completions "$sse" "${auth[@]}" >stream
is "$(tail -n 2 stream)" 'data: [DONE]' 'openai: a stream ends with [DONE]'
is "$(sed -n 's/^data: //; /^{/p' stream |
	jq -rj '.choices[0].delta.content // empty')" '1 2 3 4 5 6' \
	'openai: a stream has the whole answer'
grep -q '^: ' stream
ok 'openai: a stream has comments'
! grep -q '"usage"' stream
ok 'openai: a stream has no usage by default'
is "$(post /v1/chat/completions "${sse%?},\"stream_options\":{\"include_usage\":true}}" \
	"${auth[@]}" | sed -n 's/^data: //; /^{/p' | tail -n 1 |
	jq -c '[.choices, .usage.total_tokens]')" '[[],8]' 'openai: include_usage adds usage to a stream'
is "$(post /v1/chat/completions "${count%?},\"max_tokens\":2}" "${auth[@]}" |
	jq -r '.choices[0].finish_reason')" length 'openai: max_tokens truncates the answer'
is "$(post /v1/chat/completions '{"model":"tiny","messages":[{"role":"user",
	"content":"a"}],"response_format":{"type":"json_schema","json_schema":
	{"name":"x","schema":{"type":"object","properties":{"k":{"const":7}}}}}}' \
	"${auth[@]}" | jq -r '.choices[0].message.content')" '{"k":7}' \
	'openai: the answer follows a schema'
is "$(post /v1/chat/completions "{\"model\":\"vision\",\"messages\":[{\"role\":
	\"user\",\"content\":[{\"type\":\"text\",\"text\":\"look\"},{\"type\":
	\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,$png\"}}]}],
	\"max_tokens\":9}" "${auth[@]}" | jq -r .error.type)" \
	exceed_context_size_error 'openai: an image takes many tokens'
is "$(post /v1/embeddings '{"model":"embedder","input":["x","y"]}' "${auth[@]}" |
	jq -c '[.data[].index], (.data[0].embedding | length)')" "[0,1]
8" 'openai: /v1/embeddings returns vectors'
is "$(post /v1/embeddings '{"model":"embedder","input":"x",
	"encoding_format":"base64"}' "${auth[@]}" | jq -r '.data[0].embedding' |
	base64 -d | wc -c)" 32 'openai: /v1/embeddings returns vectors as base64'
is "$(post /v1/embeddings '{"model":"embedder","input":"x","dimensions":3}' \
	"${auth[@]}" | jq '.data[0].embedding | length')" 3 'openai: /v1/embeddings returns vectors with fewer dimensions'
is "$(code /v1/chat/completions -d '{' "${auth[@]}") $(jq .error.code body)" \
	'500 500' 'openai: a body that is not JSON is an error'
is "$(code /v1/chat/completions -d '{"model":"x","messages":[]}' "${auth[@]}"
	) $(jq -r .error.code body)" '404 model_not_found' 'openai: an unknown model is an error'
is "$(code /v1/chat/completions -d "{\"model\":\"tiny\",\"messages\":[{\"role\":
	\"user\",\"content\":\"$long\"}]}" "${auth[@]}"
	) $(jq -c '[.error.type, .error.n_prompt_tokens, .error.n_ctx]' body)" \
	'400 ["exceed_context_size_error",600,64]' 'openai: a prompt that is too long is an error with token counts'

# ---- faults

server_start faulty --slots 2
server_fault 429 /api/chat seconds=7 times=2
is "$(code /api/chat -d "$say" -D head) $(grep -i '^retry-after' head |
	tr -d '\r')" '429 retry-after: 7' 'the fault 429 sends Retry-After'
is "$(code /api/chat -d "$say") $(code /api/chat -d "$say")" '429 200' \
	'a fault happens as often as requested'
for pair in 429-ms:retry-after-ms 429-date:GMT; do
	server_fault "${pair%:*}" /v1/models
	code /v1/models -D head >/dev/null
	grep -qi "${pair#*:}" head
	ok "the fault ${pair%:*} sends ${pair#*:}"
done
server_fault 429-quota /v1/models
is "$(code /v1/models) $(jq -r .error.type body)" '429 insufficient_quota' 'the fault 429-quota sends its type'
server_fault 503-loading /v1/models
is "$(code /v1/models) $(jq -r .error.type body)" '503 unavailable_error' 'the fault 503-loading sends its type'
server_fault 503-busy /api/tags
like "$(code /api/tags; cat body)" '^503.*server busy' 'the fault 503-busy sends its message'
server_fault 500 /api/tags message=oops
is "$(code /api/tags) $(jq -r .error body)" '500 oops' 'the fault 500 sends the message of the test'
server_fault 418
is "$(code /api/ps)" 418 'a fault can be any status on any path'
server_fault nonsense >/dev/null 2>&1
[ $? != 0 ]
ok 'an unknown fault is refused'
jq -nc '{fault: "500", match: "needle", after: 1, path: "/api/chat"}' |
	server_control fault -d @- >/dev/null
is "$(for word in needle hay needle; do
	code /api/chat -d "${say/SAY/$word SAY}" && echo
done | paste -sd ' ')" '200 200 500' 'a fault with match and after waits for the second match'

for path in /api/chat /v1/chat/completions; do
	body=$count
	[ $path = /api/chat ] || body=$sse
	server_fault cut $path
	post $path "$body" >part 2>/dev/null
	is "$? $(grep -c '"content":"[1-6 ]*[1-6]' part)" \
		"18 $([ $path = /api/chat ] && echo 2 || echo 1)" "$path: cut closes the connection behind two tokens"
	server_fault reset $path
	post $path "$body" >part 2>/dev/null
	is "$?" 56 "$path: reset resets the connection"
	server_fault clean-end-without-done $path
	post $path "$body" >part
	is "$? $(grep -Ec '"done":true|"stop"|DONE' part)" '0 0' \
		"$path: clean-end-without-done sends no end mark"
	server_fault error-midstream $path message=oops
	post $path "$body" >part
	is "$? $(grep -c '"content"' part) $(grep -Ec '"error".*oops' part)" \
		'0 2 1' "$path: error-midstream sends an error behind two tokens"
	server_fault wrong-json $path
	is "$(post $path "$body" | grep -c '"model": "ti$')" 1 "$path: wrong-json sends half an object"
	server_fault empty $path
	is "$(told $path "$body")" '' "$path: empty sends no text"
	server_fault split-utf8 $path
	is "$(told $path "${body/COUNT: 6/SAY: a é 😀 b}")" 'a é 😀 b' \
		"$path: split-utf8 sends the whole text"
	server_fault drip $path
	is "$(told $path "$body")" '1 2 3 4 5 6' "$path: drip sends the whole text"
	server_fault long-line $path
	is "$(post $path "$body" | awk 'length > 8000000' | wc -l | tr -d ' ')" 1 \
		"$path: long-line sends a line of 8 MB"
	server_fault endless-line $path
	is "$(post $path "$body" 2>/dev/null | head -c 20000000 | wc -c |
		tr -d ' ')" 20000000 "$path: endless-line sends a line without an end"
	server_fault silent-truncation $path
	is "$(post $path "${body%?},\"stream_options\":{\"include_usage\":true}}" |
		grep -Ec 'prompt_(eval_count|tokens)":[12],')" 1 "$path: silent-truncation counts fewer prompt tokens"
	server_fault stall $path
	curl -sSN "$URL$path" -d "$body" >part 2>/dev/null &
	await lines 2 part '"content"'
	kill $!
	wait $! 2>/dev/null
	is "$? $(grep -c '"content"' part)" '143 2' "$path: stall stops behind two tokens"
	server_fault stall $path ms=300
	is "$(told $path "$body")" '1 2 3 4 5 6' "$path: stall with ms goes on"
	server_fault slow-first-byte $path ms=300
	like "$(curl -sS -o body -w '%{time_starttransfer}' "$URL$path" -d "$body")" \
		'^0\.[3-9]|^[1-9]' "$path: slow-first-byte delays the answer"
	server_fault html $path
	like "$(post $path "$body")" 'DOCTYPE html' "$path: html sends a web page"
	server_fault redirect $path
	code $path -d "$body" -D head >/dev/null
	like "$(cat head)" "^location: http://127.0.0.2:9$path" "$path: redirect names another server"
	server_fault refuse $path
	post $path "$body" >part 2>/dev/null
	is "$?" 52 "$path: refuse closes the connection without an answer"
	server_fault huge-headers $path
	code $path -d "$body" -D head >/dev/null 2>&1
	[ $? != 0 ]
	ok "$path: huge-headers sends more headers than curl accepts"
done
server_fault crlf /v1/chat/completions
is "$(post /v1/chat/completions "$sse" | grep -c 'DONE].$')" 1 'crlf ends lines with CR and LF'
server_fault clean-end-without-done /api/chat
is "$(post /api/chat "$whole" | jq -c '[.done, .done_reason]')" '[false,null]' \
	'clean-end-without-done works without a stream'
both='{"model":"embedder","input":["x","y"]}'
server_fault wrong-dimension /api/embed
is "$(post /api/embed "$both" | jq '.embeddings[0] | length')" 9 \
	'wrong-dimension makes a vector longer'
server_fault fewer-embeddings /v1/embeddings
is "$(post /v1/embeddings "$both" | jq '.data | length')" 1 'fewer-embeddings omits a vector'
server_fault out-of-order /v1/embeddings
is "$(post /v1/embeddings "$both" | jq -c '[.data[].index]')" '[1,0]' \
	'out-of-order reverses the vectors'
digest() { get /api/tags | jq -r '.models[0].digest'; }
before=$(digest)
server_fault digest-change /api/chat
is "$(told /api/chat "$count")" '1 2 3 4 5 6' 'digest-change sends a whole answer'
[ "$before" != "$(digest)" ]
ok 'digest-change changes the digest of the model'
server_digest tiny 0123abcd
is "$(digest)" 0123abcd 'server_digest sets the digest of the model'

# ---- the log of requests

server_reset
is "$(server_count) $(digest)" "0 $before" 'server_reset clears the log and restores the models'
server_reset
curl -sS "$URL/api/chat" -d "$count" --next -sS "$URL/api/tags" >/dev/null
is "$(server_count) $(server_count /api/chat)" '2 1' 'server_count counts requests, of all paths and of one'
is "$(server_log -c '[.[] | [.method, .path, (.body.model? // null), .status, .complete]]')" \
	'[["POST","/api/chat","tiny",200,true],["GET","/api/tags",null,200,true]]' \
	'server_log has method, path, model and status of each request'
is "$(server_log '[.[].connection] | unique | length')" 1 \
	'server_log has the connection of each request'
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>err
ok 'a certificate for the test server is made'
server_start tls --tls cert.pem key.pem
is "$(curl -sS --cacert cert.pem "$URL/")" 'Ollama is running' 'the test server speaks TLS'
curl -sS "$URL/" 2>/dev/null
is "$?" 60 'the certificate of the test server is not trusted by default'
server_start slow --slots 1 --queue 1
server_fault stall /api/chat # the first request holds the slot
for i in 1 2 3; do
	curl -sS -o /dev/null -w '%{http_code}\n' "$URL/api/chat" -d "$count" \
		>code$i &
done
one_refused() { grep -q 503 code?; }
await one_refused
server_release
wait
is "$(sort code1 code2 code3 | paste -sd ' ')" '200 200 503' \
	'with one slot and a queue of one, one of three requests is refused'
is "$(server_most)" 3 'server_most counts requests at the same time'
server_stop slow
curl -sS "$URL/" 2>/dev/null
is "$?" 7 'server_stop ends the server'
# shellcheck disable=SC2016
{ bash -c 'node "$0" >"$1" & while [ ! -s "$1" ]; do sleep 0.05; done
	kill -9 $$' "$TESTS/server/infer.mjs" "$T/url"; } 2>/dev/null
read -r URL <url
refuses() {
	curl -sS "$URL/"
	[ $? = 7 ]
}
await refuses
ok 'the server of a killed test ends'

# ---- the engine that computes

if ! server_llama llama; then
	skip 'llama.cpp' "$server_why"
	done_testing
	exit
fi
made='{"model":"bytes","prompt":"the","stream":false,"options":'
text() { post /api/generate "$made$1}" | jq -r .response; }
is "$(text '{"seed":7,"num_predict":40}')" \
	"$(text '{"seed":7,"num_predict":40}')" 'llama.cpp: the same seed gives the same answer'
[ "$(text '{"seed":7,"num_predict":40}')" != \
	"$(text '{"seed":8,"num_predict":40}')" ]
ok 'llama.cpp: another seed gives another answer'
is "$(text '{"temperature":0,"num_predict":9}')" \
	"$(text '{"seed":3,"top_k":1,"num_predict":9}')" 'llama.cpp: temperature 0 gives the same answer as top_k 1'
is "$(post /api/generate "$made{\"seed\":7,\"num_predict\":5}}" |
	jq -c '[.done_reason, .eval_count, .prompt_eval_count]')" \
	'["length",5,22]' 'llama.cpp: tokens are counted'
post /api/generate '{"model":"bytes","prompt":"the","options":{"seed":1}}' >stream
is "$(tail -n 1 stream | jq -c '[.done, .done_reason]')" '[true,"stop"]' \
	'llama.cpp: an answer ends by itself'
[ "$(wc -l <stream)" -gt 3 ]
ok 'llama.cpp: an answer is streamed token by token'
stopped=$(text '{"seed":1,"stop":["e"]}')
is "${stopped//[^e]/}" '' 'llama.cpp: stop ends the answer'
post /api/generate "{\"model\":\"bytes\",\"prompt\":\"x\",\"stream\":false,
	\"options\":{\"seed\":1,\"num_predict\":2000},\"format\":{\"type\":\"object\",
	\"properties\":{\"title\":{\"type\":\"string\"},\"tags\":{\"type\":\"array\",
	\"items\":{\"enum\":[\"a\",\"b\"]}}}}}" >answer
is "$(jq -c '.response | fromjson | keys' answer)" '["tags","title"]' \
	'llama.cpp: the answer follows a schema'
narrow='"stream":false,"options":{"num_ctx":64,"num_predict":3}'
is "$(post /api/generate "{\"model\":\"bytes\",\"prompt\":\"$long\",$narrow}" |
	jq .prompt_eval_count)" 32 'llama.cpp: a long prompt is truncated'
is "$(refused /api/generate "{\"model\":\"bytes\",\"prompt\":\"$long\",$narrow,
	\"truncate\":false}")" '400 the input length exceeds the context length' \
	'llama.cpp: with truncate false a long prompt is an error'
is "$(post /api/embed '{"model":"bytes","input":["the cat","a dog","the cat"]}' |
	jq -c '.embeddings | [length, (.[0] | length), .[0] == .[2], .[0] == .[1],
	(.[0] | map(. * .) | add | (. > 0.9999 and . < 1.0001))]')" \
	'[3,320,true,false,true]' 'llama.cpp: embeddings are unit vectors, equal for equal text'
is "$(post /v1/chat/completions '{"model":"bytes","max_tokens":4,"seed":1,
	"messages":[{"role":"user","content":"é"}]}' | jq -c '[.choices[0].finish_reason,
	.usage.completion_tokens]')" '["length",4]' 'llama.cpp: the OpenAI API works'
for i in 1 2 3 4 5 6; do
	post /api/generate "$made{\"num_ctx\":$((512 * (i % 2 + 1))),
		\"num_predict\":60}}" | jq .done >done$i &
done
wait
is "$(sort -u done?)" true 'llama.cpp: requests with different contexts run at the same time'
done_testing
