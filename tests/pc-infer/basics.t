#!/bin/bash
# pc-infer: a question, its answer, and the answer remembered.
. "$(dirname "$0")/../lib.sh"
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
	like "$(cat first)" '^three two one \(sample [0-9]+\)$' "$api: a miss prints the answer"
	tiny 'one two three' | cmp first -
	ok "$api: a hit has the same bytes"
	is "$(asked)" 1 "$api: a hit sends no request"
	is "$(tiny --no-cache 'SAY: a\nb é')" 'a
b é' "$api: --no-cache prints the answer"
	status 1 "$api: --no-cache stores nothing" tiny --offline 'SAY: a\nb é'
	tiny --read-only 'one two three' | cmp first -
	ok "$api: --read-only prints a cached answer"
	tiny --read-only 'other words' >out
	status 1 "$api: --read-only stores nothing" tiny --offline 'other words'
	tiny --refresh 'one two three' >second
	! cmp -s first second
	ok "$api: --refresh asks for another answer"
	tiny 'one two three' | cmp second -
	ok "$api: --refresh replaces the cached answer"
	tiny 'SAY: same' >a
	tiny 'SAY: same' >b
	tiny --no-cache 'SAY: same' >c
	tiny --refresh 'SAY: same' >d
	is "$(cat a b c d | sort | uniq -c | xargs)" '4 same' \
		"$api: miss, hit, --no-cache and --refresh print the same bytes"
	is "$(PC_CACHE=off tiny 'SAY: same')" same "$api: PC_CACHE=off prints the same answer"

	printf 'the text' >text
	tiny -S 'a system' -p temperature=0.1 -p num_predict=50 \
		-p 'stop=["x","y"]' -p seed=7 'the prompt' <text >out
	is "$(last '[.messages[] | [.role, .content]]')" \
		'[["system","a system"],["user","the prompt\n\nthe text"]]' \
		"$api: system, prompt and text are sent"
	printf '{"type":"object","properties":{"n":{"type":"integer"}}}' >schema
	tiny --schema schema 'SAYJSON: {"n":4}' >out
	is "$(cat out)" '{"n":4}' "$api: --schema prints an answer that matches"
	tiny --json 'SAY: words of it' >out
	is "$(jq -r '[.text, .stage, .hit, .model[:4], .api, .answer_tokens,
		.prompt_tokens, .server] | map(tostring) | join("|")' out)" \
		"words of it
|infer|false|tiny|$api|3|4|$URL" "$api: --json prints the answer and its metadata"
	is "$(jq -r '.seconds > 0 and (.digest | length) > 3' out)" true \
		"$api: --json has the time and the digest"
	is "$(tiny --json 'SAY: words of it' | jq -c 'del(.hit)')" \
		"$(jq -c 'del(.hit)' out)" "$api: --json of a hit has the same members"
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
		'["tiny",true,"sys","a b"]' "$api: --dry-run prints the request"
done
is "$(tiny --dry-run -p temperature=0.1 -p num_predict=50 -p seed=7 \
	-p 'stop=["x","y"]' x | jq -c '.request | [.temperature, .max_tokens,
	.seed, .stop, .stream_options.include_usage]')" \
	'[0.1,50,7,["x","y"],true]' "parameters are sent with the names of the OpenAI API"
is "$(tiny --dry-run --schema schema x | jq -c '.request.response_format |
	[.type, .json_schema.schema.type]')" '["json_schema","object"]' \
	'a schema is sent as response_format to the OpenAI API'
use ollama
export PC_STORE=$T/store
is "$(tiny --dry-run -p temperature=0.1 -p num_predict=50 -p seed=7 -p stop=x \
	x | jq -c '.request | [.options.temperature, .options.num_predict,
	.options.seed, .options.stop, .truncate, .keep_alive, .think]')" \
	'[0.1,50,7,["x"],false,1800,false]' "parameters are sent with the names of the Ollama API"
is "$(tiny --dry-run --schema schema x | jq -c '.request.format.type')" \
	'"object"' 'a schema is sent as format to the Ollama API'

# ---- what is asked about

server_reset
printf 'first' >f1
printf 'second' >f2
say() { tiny -p temperature=0 "$@"; }
is "$(say -f f1)" first '-f reads the text from a file'
is "$(say -f f1 -f f2)" 'second first' 'several files are sent'
is "$(last '.messages[0].content')" '"first\n\nsecond"' 'an empty line separates the texts of two files'
is "$(printf piped | say -f f1 -f -)" 'piped first' '-f - reads standard input'
is "$(printf 'from a pipe' | say)" 'pipe a from' 'a text is read from standard input'
is "$(say 'the prompt alone')" 'alone prompt the' 'a prompt without a text is sent'
is "$(printf eaten | say -f f1 p)" 'first p' 'with -f standard input is not read'
status 2 'no prompt and no text is an error' say
like "$(cat err)" 'nothing to ask' 'no prompt and no text: the message says so'
status 2 '--dry-run without a prompt and a text is an error' say --dry-run
status 2 'an empty prompt is an error' say ''
status 2 'a missing file is an error' say -f none
like "$(cat err)" "'none': No such file" 'a missing file: the message names it'
status 2 '-f - given twice is an error' say -f - -f -
printf 'not \377 text' >binary
status 2 'a file that is not text is an error' say -f binary
like "$(cat err)" 'is not a text file; run pc-ocr' 'a file that is not text: the message recommends pc-ocr'
status 2 'two prompts are an error' say a b
like "$(cat err)" "'a' and 'b'; quote it" 'two prompts: the message says to quote them'
n=$(asked)
printf 'from a pipe' >same
is "$(say -f same)" 'pipe a from' 'a file has the same answer as equal standard input'
is "$(asked)" "$n" 'a file with the same text as standard input is a hit'

# ---- parameters

status 2 'an unknown parameter is an error' say -p temprature=1 x
like "$(cat err)" "did you mean 'temperature'" 'an unknown parameter: the message suggests a similar one'
status 2 'a parameter that is given twice is an error' tiny -p seed=1 -p seed=2 x
like "$(cat err)" "'seed' is given twice" 'a parameter that is given twice: the message names it'
for p in temperature=hot seed=1.5 use_mmap=1 'stop=[1]' nothing; do
	status 2 "the invalid parameter $p is an error" tiny -p "$p" x
done
is "$(key -m tiny -p temperature=0.30 x)" "$(key -m tiny -p temperature=0.3 x)" \
	'two spellings of a number have the same key'
config '{"inference": {"models": {"tiny": {"num_ctx": 2048, "top_k": 3}},
	"temperature": 0.2}}'
is "$(tiny --dry-run x | jq -c '.request.options | [.num_ctx, .top_k,
	.temperature]')" '[2048,3,0.2]' "the configured parameters of a model are sent"
is "$(tiny --dry-run -p num_ctx=99 x | jq .request.options.num_ctx)" 99 \
	'-p overrides a configured parameter'
is "$(pc-infer -m vision --dry-run x | jq .request.options.num_ctx)" null \
	'the configured parameters of a model are not sent to another'
config '{"inference": {"models": {"tiny": {"num_ctxx": 2048}}}}'
status 2 'an unknown parameter in the configuration is an error' tiny x
like "$(cat err)" "inference.models, 'tiny'.*'num_ctx'" 'an unknown parameter in the configuration: the message names it'
config '{"inference": {"model": "tiny"}}'
is "$(pc-infer 'SAY: x')" x 'without -m the configured model is asked'
config '{}'
status 2 'no model given is an error' pc-infer x
like "$(cat err)" 'no model given: use -m.*tiny:latest' \
	'no model given: the message lists the models'
status 2 'an unknown model is an error' pc-infer -m nope x
like "$(cat err)" "no model 'nope'.*ollama pull nope" 'an unknown model: the message recommends ollama pull'

tiny -p temperature=0.9 'some heat' >out 2>err
like "$(cat err)" 'temperature 0.9, no seed.*--sample' 'a temperature without a seed prints a warning'
is "$(wc -l <err)" 1 'a temperature without a seed prints one warning'
tiny -p temperature=0.9 'some heat' 2>err | cmp out -
ok 'an answer with a temperature and no seed is cached'
is "$(cat err)" '' 'a hit prints no warning about the temperature'
tiny -p temperature=0.9 -p seed=3 'some heat' >out 2>err
is "$(cat err)" '' 'a temperature with a seed prints no warning'

server_reset
tiny --sample 3 'one of many' >three 2>err
is "$(sort -u three | wc -l):$(asked)" 3:3 'three samples are three answers'
tiny --sample 3 'one of many' | cmp three -
ok 'three samples are cached'
is "$(asked)" 3 'cached samples send no request'
tiny --sample 4 'one of many' | head -n 3 | cmp three -
is "$(asked)" 4 'a fourth sample sends one request'
is "$(tiny --sample 3 --dry-run x | jq -r .key | sort -u | wc -l)" 3 \
	'three samples have three keys'
is "$(tiny --sample 2 -p seed=5 --dry-run x |
	jq -c .request.options.seed | xargs)" '5 6' 'each sample has a seed of its own'
is "$(echo piped | tiny --sample 2 -p temperature=0 | xargs)" 'piped piped' \
	'--sample reads standard input once for all samples'

pc-infer -m thinker --think on 'SAY: done' >out
is "$(cat out)" 'done' 'thoughts are not printed with the answer'
is "$(last .think)" true '--think on is sent'
pc-infer -m thinker --think high 'SAY: done' >out
is "$(last .think)" '"high"' '--think high is sent'
status 2 '--think fails if the model does not support it' tiny --think on 'SAY: done'
like "$(cat err)" 'does not support thinking' 'a model without thinking: the message says so'
status 2 'an invalid level of --think is an error' tiny --think deep x

# ---- what it tells

like "$(tiny -v --no-cache -p temperature=0.1 'a b c d e' 2>&1 >/dev/null)" \
	'^pc-infer: [0-9]+ tokens, [0-9.]+ a second$' '-v prints tokens per second'
tiny -v -p temperature=0.1 'a b c d e' >/dev/null 2>err
is "$(cut -d ' ' -f 2 err | sed 's/^[0-9]*$/N/' | sort | xargs)" \
	'N computed miss' '-v reports a miss'
tiny -v -p temperature=0.1 'a b c d e' >/dev/null 2>err
like "$(cat err)" '^pc-infer: hit infer [0-9a-f]{64} [0-9.]+ ms$' '-v reports a hit'
tiny --explain -p temperature=0.1 'a b c d e' >out
like "$(cat out)" "^key: $(key -m tiny -p temperature=0.1 'a b c d e')\$" \
	'--explain prints the key'
like "$(cat out)" '^hit: stored ' '--explain reports a hit'
like "$(tiny --explain -p temperature=0.2 'a b c d e')" \
	'temperature: 0.1 -> 0.2' '--explain names the parameter that differs'
n=$(asked)
tiny --dry-run 'a question' >/dev/null
tiny --explain 'a question' >/dev/null
is "$(asked)" "$n" '--dry-run and --explain send no request'
tiny -q -p num_predict=1 'COUNT: 3' >out 2>err
is "$?:$(cat err)" 4: '-q prints no warning'
like "$(pc-stats --json | jq -c '[.stages[] | select(.stage == "infer") |
	.hit > 0, .miss > 0, .put > 0, .compute > 0] | unique')" '^\[true\]$' \
	'pc-stats counts hits, misses, puts and computations'

# ---- answers that are not kept

server_reset
for _ in 1 2; do
	status 4 'a truncated answer exits with 4' tiny -p num_predict=3 'COUNT: 9'
	is "$(cat out)" '1 2 3' 'a truncated answer is printed'
done
like "$(cat err)" 'truncated at 3 tokens.*num_predict.*not cached' 'a truncated answer: the message names the limit'
is "$(asked)" 2 'a truncated answer is not stored'
status 0 '--allow-cut accepts a truncated answer' tiny --allow-cut -p num_predict=3 'COUNT: 9'
status 0 '--allow-cut accepts a cached truncated answer' tiny --allow-cut -p num_predict=3 'COUNT: 9'
is "$(asked)" 3 '--allow-cut caches a truncated answer'
status 4 'a cached truncated answer exits with 4 without --allow-cut' tiny -p num_predict=3 'COUNT: 9'
is "$(cat out)" '1 2 3' 'a cached truncated answer is printed without --allow-cut'
config '{"inference": {"allow_cut": true}}'
status 0 'inference.allow_cut: a truncated answer is a result' \
	tiny -p num_predict=4 'COUNT: 9'
status 0 'inference.allow_cut: it is a hit' tiny --offline -p num_predict=4 'COUNT: 9'
is "$(tiny --json -p num_predict=4 'COUNT: 9' | jq -c '[.hit, .truncated]')" \
	'[true,true]' 'inference.allow_cut: the record says that it is truncated'
echo '{"prompt": "COUNT: 8", "allow_cut": false}' >whole.json
status 4 "a template's allow_cut overrides the setting" \
	tiny -T ./whole.json -p num_predict=3
config '{}'
is "$(tiny --json -p num_predict=3 'COUNT: 9' | jq -r .cut)" answer \
	'--json says that the answer was truncated'
server_reset
status 2 'an empty answer is an error' tiny 'SAY: '
like "$(cat err)" 'the answer is empty' 'an empty answer: the message says so'
status 2 'an empty answer is an error in the second run too' tiny 'SAY: '
is "$(asked)" 2 'an empty answer is not cached'

printf '{"type":"object","properties":{"n":{"type":"integer","minimum":3}},
	"required":["n"]}' >schema
server_reset
status 0 'an answer that matches the schema at the second try succeeds' tiny --schema schema \
	'SAYONCE: {"n":1}|{"n":5}'
is "$(cat out) $(asked)" '{"n":5} 2' 'an answer that does not match the schema is asked for a second time'
like "$(last '.messages[-1].content')" 'does not have the form.*Answer again' \
	'the second request says what was wrong'
is "$(last '.messages[-2] | [.role, .content]')" \
	'["assistant","{\"n\":1}\n"]' 'the second request contains the first answer'
status 0 'an answer that matched at the second try succeeds from the cache' tiny --schema schema 'SAYONCE: {"n":1}|{"n":5}'
is "$(asked)" 2 'an answer that matched at the second try is cached'
for _ in 1 2; do
	server_reset
	status 2 'an answer that never matches the schema is an error' tiny --schema schema 'SAYJSON: {"n":"x"}'
	is "$(asked):$(cat out)" 2: 'an answer that never matches is asked for twice and not printed'
done
like "$(cat err)" 'match the schema: .*n' 'an answer that never matches: the message says why'
status 2 'an answer that is not JSON is an error with --schema' tiny --schema schema 'SAY: five'
like "$(cat err)" 'not JSON' 'an answer that is not JSON: the message says so'
server_reset
for fence in '```json' '```' '\n\n```JSON'; do
	is "$(tiny --no-cache --schema schema "SAY: $fence"'\n{"n":7}\n```\n' |
		jq -c .)" '{"n":7}' "a code fence is removed: $fence"
done
is "$(asked)" 3 'an answer in a code fence is asked for only once'
is "$(tiny --json --schema schema 'SAYJSON: {"n":7}' | jq -c .value)" '{"n":7}' \
	'--json has the value'
echo '{"type":["object","null"]}' >schema-null
is "$(tiny --json --schema schema-null 'SAYJSON: null' | jq -c 'has("value"), .value' | xargs)" \
	'true null' '--json has a value of null if the schema allows it'
status 2 'an answer of null is an error if the schema wants an object' tiny --schema schema 'SAYJSON: null'
like "$(cat err)" 'wanted an object, found null' 'an answer of null: the message says that an object is wanted'
echo '{"type":"objct"}' >bad
status 2 'an invalid schema is an error' tiny --schema bad x
like "$(cat err)" "schema 'bad'.*type" 'an invalid schema: the message names its file'
echo '{"type":' >bad
status 2 'a schema that is not JSON is an error' tiny --schema bad x
like "$(cat err)" "'bad', line [12]" 'a schema that is not JSON: the message has the line'

# ---- a program that answers

cat >engine <<'ENGINE'
#!/bin/sh
echo x >>"$COUNT"
tr a-z A-Z
ENGINE
chmod +x engine
export COUNT=$T/count
is "$(echo text | pc-infer -S system -T summary --engine-cmd ./engine |
	tail -n 1)" TEXT '--engine-cmd prints the output of a program'
is "$(echo text | pc-infer 'a prompt' --engine-cmd ./engine | xargs)" \
	'A PROMPT TEXT' 'the program of --engine-cmd reads prompt and text'
is "$(echo text | pc-infer 'a prompt' --engine-cmd ./engine | xargs)" \
	'A PROMPT TEXT' 'the second run with --engine-cmd prints the same bytes'
is "$(wc -l <count)" 2 'the second run with --engine-cmd is a hit'
pc-infer 'a prompt' --engine-cmd ./engine word <f1 >out
is "$(wc -l <count)" 3 'the arguments of --engine-cmd are in the key'
sed -i 's/x >>/y >>/' engine
echo text | pc-infer 'a prompt' --engine-cmd ./engine >out
is "$(wc -l <count)" 4 'the bytes of the program are in the key'
mkdir -p bin/engine
is "$(echo text | PATH=$T/bin:$PATH: pc-infer 'a prompt' --engine-cmd engine |
	xargs)" 'A PROMPT TEXT' 'the program of --engine-cmd is found as a shell finds it'
status 2 'a program that fails is an error' pc-infer x --engine-cmd sh -c 'echo y; exit 9'
is "$(cat out)" '' 'nothing is printed of a program that fails'
like "$(cat err)" "'sh' exited with status 9" 'a program that fails: the message has its status'
status 75 'the exit status 75 of a program is passed on' pc-infer x --engine-cmd sh -c 'exit 75'
status 2 'a program that prints nothing is an error' pc-infer x --engine-cmd true
status 2 'a program that is killed is an error' pc-infer x --engine-cmd sh -c 'kill -9 $$'
like "$(cat err)" 'signal 9' 'a program that is killed: the message has the signal'
status 2 'a missing program is an error' pc-infer x --engine-cmd nonesuch
like "$(cat err)" "cannot run 'nonesuch'" 'a missing program: the message names it'
touch key
chmod 600 key
for option in -pseed=1 -mtiny --url=http://127.0.0.1:1 --api=ollama \
	--key-file=key --think=off --allow-cut --offline -j2 '--jsonl --pages=1' \
	'--jsonl --image-side=100'; do
	# shellcheck disable=SC2086
	status 2 "$option cannot be combined with --engine-cmd" pc-infer $option x \
		--engine-cmd cat </dev/null
	like "$(cat err)" '^pc-infer: --engine-cmd cannot be combined with ' "$option with --engine-cmd: the message says so"
done
is "$(seq 3 | sed 's/.*/{"text":"t&"}/' | pc-infer --jsonl --engine-cmd cat |
	jq -r .text | xargs)" 't1 t2 t3' '--engine-cmd answers each record of --jsonl'

[ "$(pc-infer --help | wc -L)" -le 80 ]
ok '--help fits a screen'
like "$(pc-infer -V)" '^pc-infer \(pc\) [0-9.]+$' '-V prints the version'
done_testing
