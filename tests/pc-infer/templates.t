#!/bin/bash
# pc-infer: prompts that have a name, and what their placeholders stand for.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start s
use s
tiny() { pc-infer -m tiny -p temperature=0 "$@"; }
# sent ARG...: what would be said to the model
sent() { tiny --dry-run "$@" | jq -r '.request.messages[-1].content'; }
mkdir -p home/.config/pc/templates
own=$HOME/.config/pc/templates
printf 'a text' >text

# ---- built in

is "$(pc-infer --templates | cut -f 1 | xargs)" \
	'caption classify entities ocr-vision stage1 stage2 summary' '--templates lists the built-in templates'
is "$(pc-infer --templates | awk -F '\t' 'NF != 3 || $3 != "built in"')" '' \
	'each with a description and its place'
tiny --dry-run -T summary -f text >out
is "$(jq -c '[.stage, .request.options.num_predict,
	(.request.messages | map(.role))]' out)" \
	'["summary",160,["system","user"]]' 'summary: stage, limit, system'
like "$(jq -r '.request.messages[1].content' out)" \
	'at most 3 sentences.*' 'summary: the default of its variable is in the prompt'
like "$(jq -r '.request.messages[1].content' out)" '^a text$' 'summary: the text is in the prompt'
like "$(sent -T summary -V sentences=2 -f text)" 'at most 2 sentences' \
	'-V overrides the default of a variable'
is "$(tiny --dry-run -T stage1 -f text | jq -c '[.stage,
	.request.options.num_predict]')" '["stage1",120]' 'stage1'
is "$(pc-infer -m tiny --dry-run -T stage2 -f text | jq -c '[.stage,
	.request.options.num_predict, .request.options.temperature]')" \
	'["stage2",160,0.3]' 'stage2'
for from in miss hit; do
	status 0 "stage1: an answer of 120 tokens is a result: $from" \
		pc-infer -v -m tiny -T stage1 -f <(seq 300)
	like "$(cat err)" "$from" "stage1: an answer of 120 tokens: a $from"
done
config '{"inference": {"text_max_new_tokens_stage2": 77,
	"temperature_stage2": 0.1}}'
is "$(pc-infer -m tiny --dry-run -T stage2 -f text | jq -c '[.stage,
	.request.options.num_predict, .request.options.temperature]')" \
	'["stage2",77,0.1]' 'stage2 takes its parameters from the configuration'
config '{}'
is "$(tiny -T classify -f text | jq -c 'keys')" '["class","confidence"]' \
	'classify has a schema'
is "$(tiny -T entities -f text | jq -c 'keys')" \
	'["entities","relations","sentences","tokens"]' 'entities'
is "$(tiny -T entities -f text | jq -c '.entities[0] | keys')" \
	'["confidence","end","label","start","text"]' 'an entity has a label, a text, a position and a confidence'
is "$(tiny --dry-run -T summary -s other -f text | jq -r .stage)" other \
	'-s overrules the stage'
is "$(tiny --dry-run -T summary -S mine -f text |
	jq -r '.request.messages[0].content')" mine '-S overrides the system prompt of a template'

# ---- the user's own

cat >"$own/mine.json" <<'J'
{
	"description": "a description",
	"stage": "own",
	"model": "tiny",
	"prompt": ["Line {{one}}", "", "{{ input }} and {{prompt}}"],
	"system": "for {{reader}}",
	"vars": {"reader": "all"},
	"options": {"temperature": 0.1, "stop": ["x", "y"]}
}
J
like "$(pc-infer --templates | head -n 1)" \
	"^mine	a description	$own/mine.json\$" "the user's come first"
pc-infer --dry-run -T mine -V one=1 'what I say' <text >out
is "$(jq -c '[.stage, .model, .request.options.temperature,
	.request.options.stop, .request.messages[0].content,
	.request.messages[1].content]' out)" \
	'["own","tiny:latest",0.1,["x","y"],"for all","Line 1\n\na text and what I say"]' \
	'a template sets the stage, model, parameters, prompt and system prompt'
is "$(pc-infer --dry-run -T mine -V one=1 -p temperature=0.2 x <text |
	jq .request.options.temperature)" 0.2 '-p overrides the option of a template'
is "$(pc-infer --dry-run -T mine -m vision -V one=1 x <text | jq -r .model)" \
	vision:latest '-m overrides the model of a template'
status 2 'a variable without a value' pc-infer -T mine -f text
like "$(cat err)" "a value for 'one': give it with -V one=VALUE" \
	'a variable without a value: the message names it'
status 2 'a template without its text is an error' pc-infer -T mine -V one=1 x
like "$(cat err)" 'requires a text: .*-f FILE' 'a template without its text: the message asks for one'
echo '{"prompt": "mine: {{input}}"}' >"$own/summary.json"
is "$(sent -T summary -f text)" 'mine: a text' "the user's is nearer"
rm "$own/summary.json"
echo '{"prompt": "here: {{input}}"}' >here.json
is "$(sent -T ./here.json -f text)" 'here: a text' 'a path'
is "$(XDG_CONFIG_HOME=$T/xdg pc-infer --templates | wc -l)" 7 \
	'XDG_CONFIG_HOME is another place'
status 2 'an unknown template is an error' tiny -T summry -f text
like "$(cat err)" "no template 'summry': did you mean 'summary'" \
	'an unknown template: the message suggests a similar one'
status 2 'an unknown template with an unusual name is an error' tiny -T nothing-like-it -f text
like "$(cat err)" '--templates lists' 'an unknown template: the message recommends --templates'
status 2 'a missing template file is an error' tiny -T ./none.json -f text
like "$(cat err)" "'./none.json': No such file" 'a missing template file: the message names it'
for name in ../mine . .. '' /; do
	status 2 "the name '$name'" tiny -T "$name" -f text
done

# bad LINE PATTERN JSON DESCRIPTION
bad() {
	printf '%b' "$3" >bad.json
	tiny -T ./bad.json -f text >out 2>err
	is $? 2 "$4"
	if [ "$1" = 0 ]; then
		like "$(cat err)" "^pc-infer: ./bad.json: .*$2" "$4: the message names the file"
	else
		like "$(cat err)" "^pc-infer: ./bad.json, line $1: .*$2" \
			"$4: the message names file and line"
	fi
}
bad 3 '' '{\n"prompt": "x",\n"system": x\n}' 'no JSON'
bad 3 '' '{\n"prompt": "x"\n' 'no end'
bad 2 'must be a string' '{\n"prompt": 5}' 'a wrong type'
bad 3 'must be a string' '{"prompt": "system",\n\n"system": {}}' 'another'
bad 2 'not a member of a template' '{"prompt": "x",\n"sistem": "y"}' \
	'an unknown member'
bad 3 "'temprature': did you mean 'temperature'" \
	'{"prompt": "x",\n\n"options": {\n"temprature": 1}}' \
	'an unknown parameter'
bad 2 "'seed' is a whole number" '{"prompt": "x",\n"options": {"seed": "x"}}' \
	'a bad value of one'
bad 1 'must be an object' '{"options": 5, "prompt": "x"}' 'no options'
bad 2 'a stage' '{"prompt": "x",\n"stage": "A B"}' 'a bad stage'
bad 2 'true, false' '{"prompt": "x",\n"think": "deep"}' 'a bad think'
bad 2 'JSON Schema' '{"prompt": "x",\n"schema": "y"}' 'no schema'
bad 2 'object of strings' '{"prompt": "x",\n"vars": {"a": 5}}' 'bad variables'
bad 2 'line that is not a string' '{"system": "x",\n"prompt": ["a", 5]}' \
	'a line that is not a string'
bad 0 'no "prompt"' '{"description": "x"}' 'no prompt'
bad 0 'JSON object' '["prompt"]' 'no object'
bad 1 '' '' 'an empty file'
bad 2 'contains a NUL byte' '{"system": "x",\n"prompt": "a\\u0000b"}' 'a NUL'
echo '{"prompt": 5}' >"$own/broken.json"
like "$(pc-infer --templates)" '^broken	.*must be a string' \
	'--templates tells which is bad'
bad 2 '"schema" /type: must be' \
	'{"prompt": "x",\n"schema": {"type": "objct"}}' 'an invalid schema'

# ---- placeholders

is "$(sent -V a=1 '{{a}} {{ a }} {{b}} {{}} {a}')" '1 1 {{b}} {{}} {a}' \
	'in a prompt without a template, unknown placeholders stay as they are'
is "$(sent -V 'a={{b}}' -V b=2 '{{a}}')" '{{b}}' 'placeholders in a value are not replaced'
is "$(sent '{{input}}!' -f text)" 'a text!' '{{input}} is replaced by the text'
printf 'a {{b}} c' >braces
is "$(sent -V b=2 'p: {{input}}' -f braces)" 'p: a {{b}} c' \
	'placeholders in a text are not replaced'
is "$(sent -T mine -V one=1 'say {{one}}' -f text | tail -n 1)" \
	'a text and say {{one}}' 'placeholders in the prompt of a template are not replaced'
status 2 'a variable that is given twice is an error' tiny -V a=1 -V a=2 x
status 2 'a variable without a value is an error' tiny -V a x
status 2 'a variable without a name is an error' tiny -V =a x
is "$(sent -V a= '[{{a}}]')" '[]' 'a variable can have an empty value'

# records
printf '%s\n' '{"file":"f1","text":"t1","lang":"en","n":5,"b":true}' \
	'{"file":"f2","text":"t2","lang":"de","n":6.5,"b":false}' >records
is "$(tiny --jsonl 'to {{lang}} {{n}} {{b}}: {{input}}' <records |
	jq -j .text)" 't1 true: 5 en to
t2 false: 6.5 de to' 'fields of records are variables'
is "$(tiny --jsonl -V lang=fr 'to {{lang}}: {{input}}' <records |
	jq -j .text | xargs)" 't1 fr: to t2 fr: to' '-V overrides the fields of records'
echo '{"prompt": "for {{who}}: {{input}}"}' >"$own/who.json"
tiny --jsonl -T who <<'R' >out 2>err
{"text":"t1","who":"a"}
{"text":"t2"}
R
is "$?" 3 'a record without the field'
is "$(jq -j '.text // .error' out)" "t1 a: for
the template requires a value for 'who': give it with -V who=VALUE" \
	'a record without the field does not affect the others'
echo '{"prompt":"{{x}} of it","text":"t","x":"all"}' | tiny --jsonl >out
is "$(jq -j .text out)" 't it of all' "a record's own prompt"

# each variable is in the key
[ "$(key -m tiny -V a=1 '{{a}}')" != "$(key -m tiny -V a=2 '{{a}}')" ]
ok 'a variable is in the key'
is "$(key -m tiny -V a=1 -V b=1 '{{a}}')" "$(key -m tiny -V a=1 -V b=2 '{{a}}')" \
	'an unused variable is not in the key'
done_testing
