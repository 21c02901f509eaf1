#!/bin/bash
# pc-infer: servers as providers run them, URLs as people paste them, and which
# key goes where.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

node "$TESTS/server/providers.mjs" port &
await test -s port
base=http://127.0.0.1:$(cat port)
unset PC_INFER_URL OPENAI_BASE_URL OPENAI_API_KEY
ask() { pc-infer --url "$base/$1" "${@:2}" hi </dev/null 2>err; }
# sent FILTER: from what the servers got
sent() { curl -s "$base/log" | jq -r "[.[] | $1] | last"; }

# ---- which API

is "$(ask llama -m tiny)" 'a llama' 'a list without digests is not that of an Ollama'
is "$(pc-infer --list --url $base/llama)" tiny '--list prints the models of such a server'
is "$(ask proxy -m m)" 'behind a proxy' 'a key that one API wants does not stop detection of the other'
is "$(ask router -m tiny)$(PC_CONFIG=<(echo '{"inference":{"digest_ttl":"0s"}}') ask router -m tiny)" \
	'routed 1routed 1' 'what a router says of a loaded model is not in the key'

# ---- URLs

for url in gemini/v1beta/openai gemini/v1beta/openai/ gemini/v1beta/openai/chat/completions; do
	is "$(ask $url -m flash --refresh)" 'a twin' "URL as pasted: $url"
done
is "$(sent .body.model)" models/flash 'the model is named as the server lists it'
is "$(ask 'one/v1/models?trace=1' -m m --dry-run | jq -r .url)" \
	"$base/one/v1/chat/completions?trace=1" 'URL as pasted: its query follows the path'
is "$(ask zhipu/api/paas/v4 -m glm)" 'glm here' 'URL as pasted: a base that ends in v4'
for url in one one/v1 one/v1/ one/v1/models one/v1/chat/completions; do
	is "$(ask $url --api openai -m m --refresh)" 'the first' "URL as pasted: $url"
done
for url in ollama ollama/api/chat ollama/api/tags; do
	is "$(ask $url -m phi3 --refresh)" 'a whale' "URL as pasted: $url"
done
is "$(OPENAI_BASE_URL=$base/one/v1 pc-infer -m m hi)" 'the first' 'OPENAI_BASE_URL names a server'
is "$(OPENAI_BASE_URL=$base/one/v1 pc-infer --url $base/two/v1 -m m hi)" 'the second' \
	'--url overrides OPENAI_BASE_URL'

# ---- models

is "$(ask nolist/v1 -m sonar)" 'no list' 'a server without a list is asked'
like "$(cat err)" "does not list model 'sonar'; it is asked" 'a server without a list: a message says so'
is "$(wc -l <err)" 1 'a server without a list: it says so once'
is "$(ask nolist/chat/completions -m sonar)" 'no base' 'a call with a base of its own is asked there'
is "$(ask one/v1 -m other)" 'the first' 'a model that is not in the list is asked for'
is "$(ask one/v1 --refresh)" 'the first' "without -m, the server's only model is asked"
like "$(cat err)" "has only 'm', which is used" "without -m: a message names the model"
is "$(ask one/v1 --offline)" 'the first' 'without -m, a hit needs no server'
status 2 'without -m, several models are an error' ask many/v1
like "$(cat err)" 'no model given.* m, n' 'without -m, several models: the error lists them'
for name in Phi3 library/phi3 registry.ollama.ai/library/PHI3:latest; do
	is "$(ask ollama -m $name)" 'a whale' "Ollama takes the name $name"
done
status 2 'a cloud model without a login is an error' ask ollama -m big:cloud
like "$(cat err)" "not signed in.*'ollama signin'" 'a cloud model: the message says how to sign in'

# ---- the key of a server without digests

ask one/v1 -m m >/dev/null
is "$(ask two/v1 -m m)" 'the second' "an answer is not a hit for another server"
is "$(ask "one/v1?trace=1" -m m --json --dry-run | jq -r .digest)" "m $base/one/v1" \
	'the query of a URL is not in the key'
config "{\"inference\": {\"same\": \"$base/many/v1; $base/two/v1 $base/one/v1\"}}"
is "$(ask one/v1 -m m)" 'the second' 'inference.same: the answer of an equal server is a hit'
config '{}'

# ---- keys

export OPENAI_API_KEY=sk-openai
ask one/v1 -m m --refresh >/dev/null
is "$(sent .key)" null 'OPENAI_API_KEY is not sent to any server'
OPENAI_BASE_URL=$base/x ask one/v1 -m m --refresh >/dev/null
is "$(sent .key)" 'Bearer sk-openai' 'OPENAI_API_KEY is sent to the origin of OPENAI_BASE_URL'
OPENAI_BASE_URL=${base/127.0.0.1/localhost} ask one/v1 -m m --refresh >/dev/null
is "$(sent .key)" null 'OPENAI_API_KEY is not sent to another origin'
unset OPENAI_API_KEY
PC_INFER_KEY=first pc-infer --url $base/nothing --url $base/one/v1 -m m --refresh hi >/dev/null 2>&1
is "$(sent 'select(.name == "nothing").key')" 'Bearer first' 'PC_INFER_KEY is sent to the first server'
is "$(sent 'select(.name == "one").key')" null 'PC_INFER_KEY is not sent to the second server'
echo a >a; echo b >b; chmod 600 a b
pc-infer --url $base/nothing --url $base/one/v1 --key-file a --key-file b -m m --refresh hi >/dev/null 2>&1
is "$(sent 'select(.name == "nothing").key'),$(sent 'select(.name == "one").key')" \
	'Bearer a,Bearer b' 'each server gets its own key'
status 2 'more keys than servers are an error' ask one/v1 --key-file a --key-file b -m m

# ---- what a server refuses is left out

posts() { curl -s "$base/log" | jq "[.[] | select(.name == \"$1\" and (.call | test(\"POST\")))] | length"; }
echo '{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}' >schema
echo '{"prompt": "q", "limit": "inference.num_predict_short"}' >t.json
is "$(ask gpt5/v1 -m gpt-5 -T ./t.json)" 'limit 120, effort undefined' \
	'max_tokens becomes max_completion_tokens, and a default temperature is left out'
is "$(posts gpt5)" 3 'each refusal is answered once'
is "$(ask gpt5/v1 -m gpt-5 -T ./t.json --json | jq .hit)" true 'the answer is a hit'
echo two | pc-infer --url $base/gpt5/v1 -m gpt-5 -T ./t.json >/dev/null
is "$(posts gpt5)" 4 'the next run knows what the server refuses'
is "$(ask gpt5/v1 -m gpt-5 -T ./t.json --dry-run | jq -c .left_out)" \
	'["max_tokens","temperature"]' '--dry-run shows what is left out'
ask gpt5/v1 -m gpt-5 -v -T ./t.json >/dev/null
like "$(cat err)" 'known to refuse: max_tokens temperature' '-v shows what is left out'
status 2 'a parameter that was given is not left out' ask gpt5/v1 -m gpt-5 -p temperature=0.5
like "$(cat err)" "Unsupported value: 'temperature'" "a parameter that was given: the server's words are printed"
is "$(ask gpt5/v1 -m gpt-5 -p num_predict=7)" 'limit 7, effort undefined' 'a limit that was given gets its other name'
is "$(ask gpt5/v1 -m gpt-5 --think off)" 'limit undefined, effort none' '--think off is said in another way'
is "$(ask one/v1 -m m --dry-run -p temperature= | jq .request.temperature)" null '-p NAME= sends no such parameter'
[ "$(ask one/v1 -m m --dry-run -p temperature= | jq .key)" != "$(ask one/v1 -m m --dry-run | jq .key)" ]
ok '-p NAME= is in the key'
config "{\"inference\": {\"models\": {\"m\": {\"top_k\": 3, \"leave_out\": [\"temperature\"]}},
	\"servers\": {\"$base/one/v1\": {\"leave_out\": [\"stream_options\"]}}}}"
is "$(ask one/v1 -m m --dry-run | jq -c '[.left_out, .request.top_k]')" \
	'[["stream_options","temperature"],3]' 'inference.models and inference.servers leave members out'
config '{"inference": {"models": {"m": {"leave_out": ["temprature"]}}}}'
status 2 'an unknown member in leave_out is an error' ask one/v1 -m m
config '{}'
is "$(ask whole/v1 -m m)" 'at once' 'a server that does not stream is asked without'
is "$(ask mistral/v1 -m m)" bonjour 'a server that knows no stream_options is asked without'
is "$(ask strict/v1 -m m --schema schema)" '{"n": 1}' 'a schema that is not of the strict kind is a hint'
is "$(ask json/v1 -m m --schema schema)" '{"n": 1}' 'a server without schemas gets it in the prompt'

# ---- words for a prompt that is too long

for name in groq array; do
	status 2 "$name: a prompt that is too long is an error" ask $name/v1 -m m
	like "$(cat err)" "too long for the model's context: .*start the server with a longer" \
		"$name: a prompt that is too long: the message says what helps"
done

# ---- faults

pc-infer --url $base/nothing --url $base/none -m m hi 2>err
like "$(tr '\n' ' ' <err)" 'nothing is neither.*/none is neither' 'with two servers, the faults of both are reported'
status 1 '--explain of a miss exits with 1' ask one/v1 -m m --explain -p seed=77
ask one/v1 -m m -p seed=77 >/dev/null
status 0 '--explain of a hit exits with 0' ask one/v1 -m m --explain -p seed=77
kill %1
done_testing
