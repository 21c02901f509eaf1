#!/bin/bash
# pc-infer: a question, its answer, and the answer remembered.
. "$(dirname "$0")/lib.sh"
. "$TESTS/infer.sh"

server_start ollama --api ollama
server_start openai --api openai
tiny() { pc-infer -m tiny "$@"; }

# ---- by either language

for api in ollama openai; do
	use $api
	export PC_STORE=$T/store-$api
	# Any other answer would have another number.
	tiny 'one two three' >first
	like "$(cat first)" '^three two one \(sample [0-9]+\)$' "$api: an answer"
	tiny 'one two three' | cmp first -
	ok "$api: a hit has the same bytes"
	is "$(asked)" 1 "$api: and asks nobody"
	is "$(tiny --no-cache 'SAY: a\nb é')" 'a
b é' "$api: --no-cache"
	status 1 "$api: stores nothing" tiny --offline 'SAY: a\nb é'
	tiny --read-only 'one two three' | cmp first -
	ok "$api: --read-only reads"
	tiny --read-only 'other words' >out
	status 1 "$api: and stores nothing" tiny --offline 'other words'
	tiny --refresh 'one two three' >second
	! cmp -s first second
	ok "$api: --refresh asks"
	tiny 'one two three' | cmp second -
	ok "$api: and replaces"
	tiny 'SAY: same' >a
	tiny 'SAY: same' >b
	tiny --no-cache 'SAY: same' >c
	tiny --refresh 'SAY: same' >d
	is "$(cat a b c d | sort | uniq -c | xargs)" '4 same' \
		"$api: miss, hit, --no-cache and --refresh print the same bytes"
	is "$(PC_CACHE=off tiny 'SAY: same')" same "$api: PC_CACHE=off"

	printf 'the text' >text
	tiny -S 'a system' -p temperature=0.1 -p num_predict=50 \
		-p 'stop=["x","y"]' -p seed=7 'the prompt' <text >out
	is "$(last '[.messages[] | [.role, .content]]')" \
		'[["system","a system"],["user","the prompt\n\nthe text"]]' \
		"$api: system, prompt and text are sent"
	printf '{"type":"object","properties":{"n":{"type":"integer"}}}' >schema
	tiny --schema schema 'SAYJSON: {"n":4}' >out
	is "$(cat out)" '{"n":4}' "$api: an answer of a schema"
	tiny --json 'SAY: words of it' >out
	is "$(jq -r '[.text, .stage, .hit, .model[:4], .api, .answer_tokens,
		.prompt_tokens, .server] | map(tostring) | join("|")' out)" \
		"words of it
|infer|false|tiny|$api|3|4|$URL" "$api: --json"
	is "$(jq -r '.seconds > 0 and (.digest | length) > 3' out)" true \
		"$api: times and digest"
	is "$(tiny --json 'SAY: words of it' | jq -c 'del(.hit)')" \
		"$(jq -c 'del(.hit)' out)" "$api: a hit tells the same"
	pc-stats --reset
	printf '{"inference":{"prices":{"tiny":{"prompt":1e6,"answer":2e6}}}}' \
		>prices.json
	PC_CONFIG=prices.json tiny 'SAY: words of it' >out2
	tiny 'SAY: words of it' >out2
	tiny 'SAY: three other words' >out2
	is "$(pc-stats --json | jq -c '.all | [.tokens_saved, .money_saved,
		.tokens_spent > 3]')" '[14,10,true]' \
		"$api: tokens and money that hits saved"
	is "$(key -m tiny 'SAY: words of it')" "$(jq -r .key out)" \
		"$api: --dry-run has the key that --json has"
	is "$(tiny --dry-run -S sys 'a b' | jq -c '.request | [.model[:4], .stream,
		.messages[0].content, .messages[1].content]')" \
		'["tiny",true,"sys","a b"]' "$api: and the request"
done
is "$(tiny --dry-run -p temperature=0.1 -p num_predict=50 -p seed=7 \
	-p 'stop=["x","y"]' x | jq -c '.request | [.temperature, .max_tokens,
	.seed, .stop, .stream_options.include_usage]')" \
	'[0.1,50,7,["x","y"],true]' "OpenAI's names of parameters"
is "$(tiny --dry-run --schema schema x | jq -c '.request.response_format |
	[.type, .json_schema.schema.type]')" '["json_schema","object"]' \
	'and of a schema'
use ollama
export PC_STORE=$T/store
is "$(tiny --dry-run -p temperature=0.1 -p num_predict=50 -p seed=7 -p stop=x \
	x | jq -c '.request | [.options.temperature, .options.num_predict,
	.options.seed, .options.stop, .truncate, .keep_alive, .think]')" \
	'[0.1,50,7,["x"],false,1800,false]' "Ollama's"
is "$(tiny --dry-run --schema schema x | jq -c '.request.format.type')" \
	'"object"' 'and its format'

# ---- what is asked about

server_reset
printf 'first' >f1
printf 'second' >f2
say() { tiny -p temperature=0 "$@"; }
is "$(say -f f1)" first '-f'
is "$(say -f f1 -f f2)" 'second first' 'several'
is "$(last '.messages[0].content')" '"first\n\nsecond"' 'are apart'
is "$(printf piped | say -f f1 -f -)" 'piped first' '-f -'
is "$(printf 'from a pipe' | say)" 'pipe a from' 'standard input'
is "$(say 'the prompt alone')" 'alone prompt the' 'a prompt alone'
is "$(printf eaten | say -f f1 p)" 'first p' 'a file is named: no stdin'
status 2 'nothing at all' say
like "$(cat err)" 'nothing to ask' 'is said'
status 2 'nor is it a request' say --dry-run
status 2 'an empty prompt' say ''
status 2 'a file that is not there' say -f none
like "$(cat err)" "'none': No such file" 'is named'
status 2 'standard input twice' say -f - -f -
printf 'not \377 text' >binary
status 2 'no text' say -f binary
like "$(cat err)" 'is not a text file; run pc-ocr' 'and what makes it one'
status 2 'two prompts' say a b
like "$(cat err)" "'a' and 'b'; quote it" 'quote them'
n=$(asked)
printf 'from a pipe' >same
is "$(say -f same)" 'pipe a from' 'the text counts, not where it is from'
is "$(asked)" "$n" 'and hits'

# ---- parameters

status 2 'an unknown parameter' say -p temprature=1 x
like "$(cat err)" "did you mean 'temperature'" 'and the one that is meant'
status 2 'one twice' tiny -p seed=1 -p seed=2 x
like "$(cat err)" "'seed' is given twice" 'is said'
for p in temperature=hot seed=1.5 use_mmap=1 'stop=[1]' num_ctx= nothing; do
	status 2 "a bad $p" tiny -p "$p" x
done
is "$(key -m tiny -p temperature=0.30 x)" "$(key -m tiny -p temperature=0.3 x)" \
	'one number is one key'
config '{"inference": {"models": {"tiny": {"num_ctx": 2048, "top_k": 3}},
	"temperature": 0.2}}'
is "$(tiny --dry-run x | jq -c '.request.options | [.num_ctx, .top_k,
	.temperature]')" '[2048,3,0.2]' "a model's own parameters"
is "$(tiny --dry-run -p num_ctx=99 x | jq .request.options.num_ctx)" 99 \
	'which -p overrules'
is "$(pc-infer -m vision --dry-run x | jq .request.options.num_ctx)" null \
	'are its own'
config '{"inference": {"models": {"tiny": {"num_ctxx": 2048}}}}'
status 2 'a slip in them' tiny x
like "$(cat err)" "inference.models, 'tiny'.*'num_ctx'" 'is told'
config '{"inference": {"model": "tiny"}}'
is "$(pc-infer 'SAY: x')" x 'the model of the configuration'
config '{}'
status 2 'no model' pc-infer x
like "$(cat err)" 'no model given: use -m.*tiny:latest' \
	'and those that there are'
status 2 'one that is not there' pc-infer -m nope x
like "$(cat err)" "no model 'nope'.*ollama pull nope" 'and what gets it'

tiny -p temperature=0.9 'some heat' >out 2>err
like "$(cat err)" 'temperature 0.9, no seed.*--sample' 'a hot answer is warned of'
is "$(wc -l <err)" 1 'once'
tiny -p temperature=0.9 'some heat' 2>err | cmp out -
ok 'it is remembered'
is "$(cat err)" '' 'and the hit warns of nothing'
tiny -p temperature=0.9 -p seed=3 'some heat' >out 2>err
is "$(cat err)" '' 'a seed is no chance'

server_reset
tiny --sample 3 'one of many' >three 2>err
is "$(sort -u three | wc -l):$(asked)" 3:3 'three samples are three answers'
tiny --sample 3 'one of many' | cmp three -
ok 'each remembered'
is "$(asked)" 3 'without a question'
tiny --sample 4 'one of many' | head -n 3 | cmp three -
is "$(asked)" 4 'a fourth is one more'
is "$(tiny --sample 3 --dry-run x | jq -r .key | sort -u | wc -l)" 3 \
	'they have three keys'
is "$(tiny --sample 2 -p seed=5 --dry-run x |
	jq -c .request.options.seed | xargs)" '5 6' 'and of one seed two'
is "$(echo piped | tiny --sample 2 -p temperature=0 | xargs)" 'piped piped' \
	'samples of standard input'

pc-infer -m thinker --think on 'SAY: done' >out
is "$(cat out)" 'done' 'thoughts are no answer'
is "$(last .think)" true '--think'
pc-infer -m thinker --think high 'SAY: done' >out
is "$(last .think)" '"high"' 'and its levels'
status 2 'one that cannot' tiny --think on 'SAY: done'
like "$(cat err)" 'does not support thinking' 'says so'
status 2 'a bad level' tiny --think deep x

# ---- what it tells

like "$(tiny -v --no-cache -p temperature=0.1 'a b c d e' 2>&1 >/dev/null)" \
	'^pc-infer: [0-9]+ tokens, [0-9.]+ a second$' '-v: tokens a second'
tiny -v -p temperature=0.1 'a b c d e' >/dev/null 2>err
is "$(cut -d ' ' -f 2 err | sed 's/^[0-9]*$/N/' | sort | xargs)" \
	'N computed miss' '-v: a miss'
tiny -v -p temperature=0.1 'a b c d e' >/dev/null 2>err
like "$(cat err)" '^pc-infer: hit infer [0-9a-f]{64} [0-9.]+ ms$' '-v: a hit'
tiny --explain -p temperature=0.1 'a b c d e' >out
like "$(cat out)" "^key: $(key -m tiny -p temperature=0.1 'a b c d e')\$" \
	'--explain: the key'
like "$(cat out)" '^hit: stored ' '--explain: a hit'
like "$(tiny --explain -p temperature=0.2 'a b c d e')" \
	'temperature: 0.1 -> 0.2' '--explain: why it misses'
n=$(asked)
tiny --dry-run 'a question' >/dev/null
tiny --explain 'a question' >/dev/null
is "$(asked)" "$n" 'neither asks'
tiny -q -p num_predict=1 'COUNT: 3' >out 2>err
is "$?:$(cat err)" 4: '-q: no warning'
like "$(pc-stats --json | jq -c '[.stages[] | select(.stage == "infer") |
	.hit > 0, .miss > 0, .put > 0, .compute > 0] | unique')" '^\[true\]$' \
	'all of it is counted'

# ---- answers that are not kept

server_reset
for _ in 1 2; do
	status 4 'an answer that is cut' tiny -p num_predict=3 'COUNT: 9'
	is "$(cat out)" '1 2 3' 'is delivered'
done
like "$(cat err)" 'truncated at 3 tokens.*num_predict.*not cached' 'and why'
is "$(asked)" 2 'and not stored'
status 0 '--allow-cut' tiny --allow-cut -p num_predict=3 'COUNT: 9'
status 0 'keeps it' tiny --allow-cut -p num_predict=3 'COUNT: 9'
is "$(asked)" 3 'and has it'
status 4 'whoever does not allow it' tiny -p num_predict=3 'COUNT: 9'
is "$(cat out)" '1 2 3' 'has it, and status 4'
is "$(tiny --json -p num_predict=3 'COUNT: 9' | jq -r .cut)" answer \
	'--json says which was cut'
server_reset
status 2 'an empty answer' tiny 'SAY: '
like "$(cat err)" 'the answer is empty' 'is none'
status 2 'and is not kept' tiny 'SAY: '
is "$(asked)" 2 'two questions'

printf '{"type":"object","properties":{"n":{"type":"integer","minimum":3}},
	"required":["n"]}' >schema
server_reset
status 0 'an answer that does not fit' tiny --schema schema \
	'SAYONCE: {"n":1}|{"n":5}'
is "$(cat out) $(asked)" '{"n":5} 2' 'is asked for again'
like "$(last '.messages[-1].content')" 'does not have the form.*Answer again' \
	'with what was wrong'
is "$(last '.messages[-2] | [.role, .content]')" \
	'["assistant","{\"n\":1}\n"]' 'and with what was said'
status 0 'the second one' tiny --schema schema 'SAYONCE: {"n":1}|{"n":5}'
is "$(asked)" 2 'is kept'
for _ in 1 2; do
	server_reset
	status 2 'one that never fits' tiny --schema schema 'SAYJSON: {"n":"x"}'
	is "$(asked):$(cat out)" 2: 'is asked for twice and is no answer'
done
like "$(cat err)" 'match the schema: .*n' 'and why'
status 2 'no JSON' tiny --schema schema 'SAY: five'
like "$(cat err)" 'not JSON' 'is said'
server_reset
for fence in '```json' '```' '\n\n```JSON'; do
	is "$(tiny --no-cache --schema schema "SAY: $fence"'\n{"n":7}\n```\n' |
		jq -c .)" '{"n":7}' "fences are taken off: $fence"
done
is "$(asked)" 3 'and nothing is asked twice for them'
is "$(tiny --json --schema schema 'SAYJSON: {"n":7}' | jq -c .value)" '{"n":7}' \
	'--json has the value'
echo '{"type":["object","null"]}' >schema-null
is "$(tiny --json --schema schema-null 'SAYJSON: null' | jq -c 'has("value"), .value' | xargs)" \
	'true null' 'null is a value'
status 2 'where the schema says so' tiny --schema schema 'SAYJSON: null'
like "$(cat err)" 'wanted an object, found null' 'else it does not fit'
echo '{"type":"objct"}' >bad
status 2 'a bad schema' tiny --schema bad x
like "$(cat err)" "schema 'bad'.*type" 'is named'
echo '{"type":' >bad
status 2 'one that is no JSON' tiny --schema bad x
like "$(cat err)" "'bad', line [12]" 'with its line'

# ---- a program that answers

cat >engine <<'ENGINE'
#!/bin/sh
echo x >>"$COUNT"
tr a-z A-Z
ENGINE
chmod +x engine
export COUNT=$T/count
is "$(echo text | pc-infer -S system -T summary --engine-cmd ./engine |
	tail -n 1)" TEXT '--engine-cmd'
is "$(echo text | pc-infer 'a prompt' --engine-cmd ./engine | xargs)" \
	'A PROMPT TEXT' 'reads the prompt'
is "$(echo text | pc-infer 'a prompt' --engine-cmd ./engine | xargs)" \
	'A PROMPT TEXT' 'once'
is "$(wc -l <count)" 2 'and then a hit'
pc-infer 'a prompt' --engine-cmd ./engine word <f1 >out
is "$(wc -l <count)" 3 'its words are in the key'
sed -i 's/x >>/y >>/' engine
echo text | pc-infer 'a prompt' --engine-cmd ./engine >out
is "$(wc -l <count)" 4 'and its bytes'
mkdir -p bin/engine
is "$(echo text | PATH=$T/bin:$PATH: pc-infer 'a prompt' --engine-cmd engine |
	xargs)" 'A PROMPT TEXT' 'it is found as a shell finds it'
status 2 'a program that fails' pc-infer x --engine-cmd sh -c 'echo y; exit 9'
is "$(cat out)" '' 'answers nothing'
like "$(cat err)" "'sh' exited with status 9" 'and its status'
status 75 'one that says later' pc-infer x --engine-cmd sh -c 'exit 75'
status 2 'one that says nothing' pc-infer x --engine-cmd true
status 2 'one that is killed' pc-infer x --engine-cmd sh -c 'kill -9 $$'
like "$(cat err)" 'signal 9' 'by what'
status 2 'one that is not there' pc-infer x --engine-cmd nonesuch
like "$(cat err)" "cannot run 'nonesuch'" 'is named'
touch key
chmod 600 key
for option in -pseed=1 -mtiny --url=http://127.0.0.1:1 --api=ollama \
	--key-file=key --think=off --allow-cut --offline -j2 '--jsonl --pages=1' \
	'--jsonl --image-side=100'; do
	# shellcheck disable=SC2086
	status 2 "$option is not for programs" pc-infer $option x \
		--engine-cmd cat </dev/null
	like "$(cat err)" '^pc-infer: --engine-cmd cannot be combined with ' 'is said'
done
is "$(seq 3 | sed 's/.*/{"text":"t&"}/' | pc-infer --jsonl --engine-cmd cat |
	jq -r .text | xargs)" 't1 t2 t3' 'records to programs'

[ "$(pc-infer --help | wc -L)" -le 80 ]
ok '--help fits a screen'
like "$(pc-infer -V)" '^pc-infer \(pc\) [0-9.]+$' 'the version'
done_testing
