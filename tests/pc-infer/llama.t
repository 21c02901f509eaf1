#!/bin/bash
# pc-infer and an engine that computes: llama.cpp, on a model that is made here.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_llama llama || skip_all "$server_why"
export PC_INFER_URL=$URL
bytes() { pc-infer -m bytes "$@"; }

for api in ollama openai; do
	ask() { bytes --api $api "$@"; }
	ask --json -p seed=7 -p temperature=0.8 -p num_predict=400 the >out 2>err
	is $? 0 "$api: a question is answered"
	[ "$(jq -r '.text | length' out)" -gt 1 ]
	ok "$api: the answer has words"
	n=$(jq .answer_tokens out)
	server_reset
	ask -p seed=7 -p temperature=0.8 -p num_predict=400 the >again
	jq -j .text out | cmp again -
	ok "$api: a hit prints the same answer"
	ask --no-cache -p seed=7 -p temperature=0.8 -p num_predict=400 the |
		cmp again -
	ok "$api: the same seed gives the same answer"
	is "$(server_count)" 2 "$api: a hit sends no request"
	! ask --no-cache -p seed=8 -p temperature=0.8 -p num_predict=400 the |
		cmp -s again -
	ok "$api: another seed gives another answer"

	# the server's counts are what --json has
	case $api in
	ollama) curl -sS "$URL/api/chat" -d '{"model":"bytes","think":false,
		"messages":[{"role":"user","content":"the"}],"stream":false,
		"options":{"seed":7,"temperature":0.8,"num_predict":400}}' |
		jq -c '[.prompt_eval_count, .eval_count]' >counts ;;
	openai) curl -sS "$URL/v1/chat/completions" -d '{"model":"bytes",
		"messages":[{"role":"user","content":"the"}],"seed":7,
		"temperature":0.8,"max_tokens":400}' |
		jq -c '[.usage.prompt_tokens, .usage.completion_tokens]' >counts ;;
	esac
	is "$(jq -c '[.prompt_tokens, .answer_tokens]' out)" "$(cat counts)" \
		"$api: --json has the token counts of the server"
	[ "$n" -gt 1 ]
	ok "$api: an answer has more than one token"

	for _ in 1 2; do
		status 4 "$api: an answer that num_predict truncates exits with 4" \
			ask -p seed=7 -p temperature=0.8 -p num_predict=5 the
	done
	like "$(cat err)" 'truncated at 5 tokens' "$api: the message has the number of tokens"
	ask --no-cache -p seed=1 -p num_predict=200 -p stop=e the >out 2>err
	! grep -q e out
	ok "$api: the parameter stop ends the answer"

	cat >schema <<'S'
{"type":"object","properties":{"title":{"type":"string","maxLength":20},
 "tags":{"type":"array","items":{"enum":["a","b"]},"maxItems":3}},
 "required":["title","tags"]}
S
	ask --schema schema -p seed=1 -p num_predict=2000 x >out 2>err
	is "$?:$(jq -c keys out)" '0:["tags","title"]' \
		"$api: an answer with --schema matches the schema"
done

# ---- too long a prompt is never answered as if it were whole

seq 1 400 >long
for _ in 1 2; do
	bytes -p num_ctx=256 -p num_predict=9 -f long >out 2>err
	like $? '^[24]$' 'a prompt that is too long is an error or exits with 4'
done
like "$(cat err)" 'too long for the model|truncated the prompt' 'a prompt that is too long: the message says so'
status 1 'the answer to a truncated prompt is not stored' bytes --offline -p num_ctx=256 \
	-p num_predict=9 -f long
bytes --api openai -p num_predict=9 -f <(seq 1 9000) >out 2>err
like "$?" '^[24]$' "a prompt that is too long for the OpenAI API fails or exits with 4"

# ---- embeddings

printf '%s\n' 'the cat' 'a dog' 'the cat' 'a dog' 'birds' >texts
for api in ollama openai; do
	pc-infer --embed --api $api -m bytes <texts >out 2>err
	is "$?:$(jq -c '.embedding | length' out | sort -u)" 0:320 \
		"$api: embeddings of the model's width"
	is "$(jq -c .embedding out | sort -u | wc -l)" 3 \
		"$api: different texts have different vectors"
	server_reset
	pc-infer --embed --api $api -m bytes <texts | cmp out -
	is "$(server_count)" 0 "$api: cached vectors send no request"
	# the other texts of a request do not change the vector of a text
	sed -n 2p texts | pc-infer --embed --no-cache --api $api -m bytes \
		>alone
	python3 - <<'PY'
import json, sys
a = json.loads(open('alone').readline())['embedding']
b = json.loads(open('out').readlines()[1])['embedding']
sys.exit(max(abs(x - y) for x, y in zip(a, b)) > 1e-3)
PY
	ok "$api: a text alone has the same vector"
done

# ---- many, and on a terminal

seq 12 | sed 's/.*/{"text":"the &"}/' >records
bytes --jsonl -j 4 -p seed=3 -p num_predict=60 --allow-cut <records >out 2>err
is "$?:$(wc -l <out)" 0:12 'a batch of 12 records is answered'
bytes --jsonl -j 4 -p seed=3 -p num_predict=60 --allow-cut <records 2>/dev/null |
	jq -c .text | cmp - <(jq -c .text out)
ok 'the second run of a batch prints the same answers'
if command -v script >/dev/null; then
	script -qec 'pc-infer --no-cache -m bytes -p seed=7 -p temperature=0.8 \
		-p num_predict=400 the' /dev/null </dev/null | tr -d '\r' |
		cmp - again
	ok 'an answer that is streamed to a terminal is the same'
fi
done_testing
