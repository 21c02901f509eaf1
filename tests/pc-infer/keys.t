#!/bin/bash
# pc-infer: what is in a key, and what is not.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start s
use s
base=(-m tiny -S 'a system' -p temperature=0.1 -p seed=1 'the prompt')
printf 'the text' >text
printf 'another text' >text2
# n: how many answers were asked for since the last time
n() {
	local now
	now=$(asked)
	echo $((now - $(cat before)))
	echo "$now" >before
}
echo 0 >before
pc-infer "${base[@]}" -f text >first
is "$(n)" 1 'a new question sends a request'
pc-infer "${base[@]}" -f text | cmp first -
is "$(n)" 0 'an unchanged question is a hit'

# changed NAME ARG...: asking so misses, and hits the second time
changed() {
	local what=$1 one two
	shift
	pc-infer "$@" >one 2>err
	one=$(n)
	pc-infer "$@" >two 2>err
	two=$(n)
	is "$one$two$(cmp one two)" 10 "$what is in the key"
}
# same NAME ARG...: asking so hits
same() {
	local what=$1
	shift
	pc-infer "$@" 2>err | cmp -s first - && [ "$(n)" = 0 ]
	ok "$what is not in the key"
}

changed 'the system prompt' -m tiny -S 'a System' -p temperature=0.1 -p seed=1 \
	'the prompt' -f text
changed 'none' -m tiny -p temperature=0.1 -p seed=1 'the prompt' -f text
changed 'the prompt' -m tiny -S 'a system' -p temperature=0.1 -p seed=1 \
	'the prompT' -f text
changed 'none' -m tiny -S 'a system' -p temperature=0.1 -p seed=1 -f text
changed 'the text' "${base[@]}" -f text2
changed 'none' "${base[@]}"
changed 'a second text' "${base[@]}" -f text -f text2
changed 'their order' "${base[@]}" -f text2 -f text
changed 'the stage' -s other "${base[@]}" -f text
changed 'the model' -m vision -S 'a system' -p temperature=0.1 -p seed=1 \
	'the prompt' -f text
echo '{"type":"object"}' >s1
echo '{"type":"object","minProperties":0}' >s2
changed 'a schema' --schema s1 "${base[@]}" -f text
changed 'another schema' --schema s2 "${base[@]}" -f text
changed 'a sample' --sample 1 "${base[@]}" -f text
echo '{"prompt":"one {{input}}"}' >t1.json
echo '{"prompt":"two {{input}}"}' >t2.json
changed 'a template' -T ./t1.json "${base[@]}" -f text
changed 'another template' -T ./t2.json "${base[@]}" -f text
changed 'a variable' -m tiny -V a=1 'x {{a}}'
changed 'its value' -m tiny -V a=2 'x {{a}}'
pc-infer -m thinker 'SAY: x' >/dev/null
n >/dev/null
changed 'think' -m thinker --think on 'SAY: x'
changed 'its level' -m thinker --think high 'SAY: x'

# where one field ends and the next begins
is "$({
	key -m tiny -S 'ab' 'c'
	key -m tiny -S 'a' 'bc'
	key -m tiny -S $'a\nprompt=b' 'c'
	key -m tiny $'c\nsystem=ab'
	printf c | key -m tiny -S ab
	printf bc | key -m tiny -S a
	printf '' | key -m tiny -S ab c
	key -m tiny -V a='1' -V b='23' '{{a}}{{b}}'
	key -m tiny -V a='12' -V b='3' '{{a}}{{b}}'
} | sort | uniq -d | wc -l)" 1 'fields cannot run into each other in the key'

# each parameter, alone
for p in frequency_penalty=0.5 main_gpu=1 min_p=0.2 mirostat=1 \
	mirostat_eta=0.2 mirostat_tau=4 num_batch=64 num_ctx=1024 num_gpu=2 \
	num_keep=3 num_predict=99 num_thread=1 presence_penalty=0.5 \
	repeat_last_n=9 repeat_penalty=1.5 stop=zz top_k=7 top_p=0.5 \
	typical_p=0.5 use_mmap=false; do
	key "${base[@]}" -p "$p"
done >keys
key "${base[@]}" >>keys
key -m tiny -S 'a system' -p temperature=0.1 -p seed=2 'the prompt' >>keys
key -m tiny -S 'a system' -p temperature=0.2 -p seed=1 'the prompt' >>keys
is "$(sort keys | uniq -d):$(wc -l <keys)" ':23' 'each parameter is in the key'
is "$(sed -n 's/^    {"\([a-z_]*\)", PARAM_.*/\1/p' \
	"$TESTS/../cmd/server/params.c" | wc -l)" 22 'the test covers all 22 parameters'
changed 'a parameter' "${base[@]}" -p top_k=7 -f text
changed 'another value of it' "${base[@]}" -p top_k=8 -f text
config '{"inference": {"models": {"tiny": {"top_k": 9}}}}'
changed "a model's own parameter" "${base[@]}" -f text
config '{"inference": {"num_ctx": 2048}}'
changed "num_ctx of the configuration" "${base[@]}" -f text
config '{}'

# ---- what is not in the key

config '{"inference": {"keep_alive": "5m", "num_threads": 1},
	"networking": {"timeout_read": "9s", "per_host": 2}}'
same 'keep_alive, threads, time-outs' "${base[@]}" -f text
config '{}'
same 'the URL' --url "${URL/127.0.0.1/localhost}" "${base[@]}" -f text
PC_INFER_KEY=k1 same 'the API key' "${base[@]}" -f text
same 'jobs' -j 3 "${base[@]}" -f text
same 'the order of options' -p seed=1 -S 'a system' 'the prompt' -f text \
	-p temperature=0.10 -m tiny
same 'a full name' -m tiny:latest -S 'a system' -p temperature=0.1 -p seed=1 \
	'the prompt' -f text
cp text elsewhere
same 'the name of a file' "${base[@]}" -f elsewhere
pc-infer "${base[@]}" <text | cmp first -
is "$(n)" 0 'the source of a text is not in the key'
same '--think off' --think off "${base[@]}" -f text
is "$(key "${base[@]}")" "$(key --allow-cut --json -v -t 1h "${base[@]}" 2>/dev/null)" \
	'options for the output are not in the key'

# ---- other weights

n >/dev/null
pc-infer "${base[@]}" -f text | cmp first -
is "$(n)" 0 'a question is a hit before the weights change'
server_digest tiny
pc-infer "${base[@]}" -f text | cmp first -
is "$(n)" 0 'other weights are not noticed while the digest is remembered'
config '{"inference": {"digest_ttl": "0s"}}'
pc-infer "${base[@]}" -f text >second
is "$(n)" 1 'other weights are noticed when the digest has expired'
config '{}'
pc-infer "${base[@]}" -f text | cmp second -
ok 'the answer of other weights is cached separately'
server_digest tiny
pc-infer --refresh "${base[@]}" -f text >third
is "$(n)" 1 '--refresh notices other weights immediately'
pc-infer "${base[@]}" -f text | cmp third -
ok '--refresh stores the answer under the new digest'

# The digest changes between a remembered one and a miss: the answer must not
# go under the digest of the weights before.
digest=$(pc-infer --dry-run -m tiny x | jq -r .digest)
server_digest tiny
is "$(pc-infer --dry-run -m tiny x | jq -r .digest)" "$digest" \
	'--dry-run uses the cached digest'
pc-infer -m tiny --json 'a new one' >out
[ "$(jq -r .digest out)" != "$digest" ]
ok 'a miss uses the new digest'
is "$(jq -r .key out)" "$(key -m tiny 'a new one')" 'a miss has the key of the new digest'
n >/dev/null
pc-infer -m tiny 'a new one' >/dev/null
is "$(n)" 0 'the answer of the new digest is a hit'
server_digest tiny "$digest"
config '{"inference": {"digest_ttl": "0s"}}'
pc-infer -m tiny --offline 'a new one' >out
is "$(n)" 0 '--offline sends no request for an answer'
pc-infer -m tiny 'a new one' >/dev/null
is "$(n)" 1 'the answer is not stored for the earlier weights'
config '{}'

# a batch of which some are hits of the old weights
printf '{"text":"%s"}\n' a b c >records
pc-infer -m tiny --jsonl <records >before.out
n >/dev/null
server_digest tiny
printf '{"text":"%s"}\n' a b c d >records
pc-infer -m tiny --jsonl <records >after.out
is "$(head -n 3 after.out | jq -r .digest)" "$(jq -r .digest before.out)" \
	'a batch: hits before the first miss have the cached digest'
is "$(tail -n 1 after.out | jq -r .digest)" \
	"$(pc-infer --dry-run -m tiny x | jq -r .digest)" 'a batch: the first miss has the new digest'
n >/dev/null
server_digest tiny
printf '{"text":"%s"}\n' e a b c d >records
pc-infer -m tiny --jsonl <records >after.out
is "$(jq -r .digest after.out | sort -u | wc -l):$(n)" 1:5 \
	'a batch: all records after the first miss have the new digest'

# embeddings
printf 'a\nb\n' >lines
pc-infer --embed -m embedder <lines >vectors
server_digest embedder
m=$(embeds)
pc-infer --embed -m embedder <lines | cmp vectors -
is "$(embeds)" "$m" 'embeddings are hits while the digest is cached'
printf 'c\n' | pc-infer --embed -m embedder >/dev/null
pc-infer --embed -m embedder <lines >vectors
is "$(embeds)" $((m + 2)) 'embeddings are computed for the new digest'

# The weights change between the list and an answer, which does not say so.
replaced='tiny.* was replaced during this run'
pc-infer -m tiny 'before' >/dev/null
server_fault digest-change /api/chat
status 0 'a model that is replaced during a request does not fail the run' pc-infer -m tiny 'meanwhile'
like "$(cat out)" meanwhile 'the answer of a replaced model is printed'
like "$(cat err)" "$replaced: 1 answer removed from the cache" 'a replaced model: the message says that the answer was removed'
n >/dev/null
pc-infer -m tiny 'meanwhile' >/dev/null 2>err
is "$(n):$(cat err)" 1: 'the next run after a replaced model sends a request'
pc-infer -m tiny 'meanwhile' >/dev/null 2>err
is "$(n)" 0 'the answer of the new weights is cached'
printf '{"text":"batch %s"}\n' 1 2 3 4 >records
server_fault digest-change /api/chat after=2
status 0 'a model that is replaced during a batch does not fail the run' pc-infer -m tiny --jsonl -j 1 <records
like "$(cat err)" "$replaced: 4 answers removed from the cache" 'a replaced model: all answers of the batch are removed'
is "$(pc-infer -m tiny --jsonl <records | jq -r .hit | sort -u)" false \
	'a batch after a replaced model is all misses'
n >/dev/null
pc-infer -m tiny --jsonl <records >/dev/null
is "$(n)" 0 'the answers of the next batch are cached'
server_reset
pc-infer -m tiny 'once more' >/dev/null
is "$(server_count /api/tags)" 2 'a run requests the list of models twice'
pc-infer -m tiny --jsonl < <(seq 20 | sed 's/.*/{"text":"one of &"}/') >/dev/null
is "$(server_count /api/tags)" 4 'a run with 20 questions requests the list of models twice'
pc-infer -m tiny 'once more' >/dev/null
pc-infer -m tiny --no-cache 'once more' >/dev/null
is "$(server_count /api/tags)" 5 'a run with --no-cache requests the list of models once'
server_fault slow-first-byte /api/chat
config '{"networking": {"retry_attempts": 1, "timeout_read": "1d"}}'
m=$(asked)
limit pc-infer -m tiny 'and silence' >out &
silence=$!
await questions $((m + 1))
server_fault stall /api/tags ms=3600000 times=9
server_release
wait $silence
is $? 0 'a server that does not answer the last list is not waited for'
config '{}'
server_reset
n >/dev/null
pc-infer -m tiny 'and silence' >/dev/null
is "$(n)" 0 'the answer is cached although the last list did not come'
printf '%s\n' d e >lines
server_fault slow-first-byte /api/embed
m=$(embeds)
pc-infer --embed -m embedder <lines >vectors 2>err &
await embedding $((m + 1))
server_digest embedder
server_release
wait
like "$(cat err)" 'embedder.* was replaced.*: 2 answers' 'embeddings of a replaced model are removed'
m=$(embeds)
pc-infer --embed -m embedder <lines >vectors 2>err
is "$(embeds):$(cat err)" $((m + 1)): 'embeddings of a replaced model are computed in the next run'
done_testing
