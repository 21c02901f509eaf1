#!/bin/bash
# pc-infer: what counts as a complete answer, and what a model says besides it.
# The answers are those of many servers, byte by byte as they send them.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start s --api both
use s
chat=/v1/chat/completions
tiny() { pc-infer --api openai -m tiny "$@"; }
tiny --no-cache 'SAY: x' >/dev/null

# event JSON...: server-sent events; the last one is [DONE]
event() { printf 'data: %s\n\n' "$@" '[DONE]'; }
delta() { printf '{"choices":[{"index":0,"delta":%s,"finish_reason":%s}]}' "$1" "${2:-null}"; }
sends() { server_fault answer $chat body="$1" "${@:2}"; }
half() { event "$(delta '{"role":"assistant","content":"The first half of"}')" "$(delta '{}' "$1")"; }

# ends STATUS PATTERN REASON: half an answer that ended for that reason
n=0
ends() {
	n=$((n + 1))
	sends "$(half "$3")"
	tiny "q$n" >out 2>err
	is "$?" "$1" "finish_reason $3 exits with $1"
	like "$(cat err)" "$2" "finish_reason $3: the message"
	status 1 "finish_reason $3: nothing is stored" tiny --offline "q$n"
}
for reason in abort error insufficient_system_resource; do
	ends 75 "gave up before the answer's end \\($reason\\)" "\"$reason\""
done
for reason in content_filter SAFETY recitation; do
	ends 2 "filter ended the answer \\($reason\\)" "\"$reason\""
done
ends 2 'called a tool instead of answering \(tool_calls\)' '"tool_calls"'
ends 2 'unknown reason: banana' '"banana"'
ends 75 'no reason.*finish_reason is null' null
for reason in length max_tokens MAX_TOKENS model_length; do
	ends 4 'truncated.*not cached' "\"$reason\""
done
for reason in stop STOP end_turn eos; do
	n=$((n + 1))
	sends "$(half "\"$reason\"")"
	is "$(tiny "q$n")" 'The first half of' "finish_reason $reason is a complete answer"
	is "$(tiny --offline "q$n")" 'The first half of' "finish_reason $reason: the answer is stored"
done

# What carries the text.
sends "$(event "$(delta '{"content":[{"type":"thinking","thinking":[{"type":"text","text":"six times seven"}]}]}')" \
	"$(delta '{"content":[{"type":"text","text":"forty "},{"type":"text","text":"two"}]}')" "$(delta '{}' '"stop"')")"
is "$(tiny --json parts | jq -c '[.text, .thinking]')" '["forty two\n","six times seven"]' \
	'the parts of an answer are joined; a part of thinking is not text'
sends '{
  "id": "1",
  "choices": [{"message": {"role": "assistant", "content": "whole"},
    "finish_reason": "stop"}],
  "usage": {"prompt_tokens": 3, "completion_tokens": 1}
}' type=application/json
is "$(tiny --json plain | jq -c '[.text, .prompt_tokens]')" '["whole\n",3]' \
	'a server that does not stream gives the answer at once'
sends '{"choices":[{"message":{"content":"half"},"finish_reason":"abort"}]}' type=application/json
status 75 'an answer that came at once must be complete, too' tiny 'plain half'

# Refusals and errors: the server's own words are shown.
sends "$(event "$(delta '{"refusal":"I cannot "}')" "$(delta '{"refusal":"assist with that."}')" "$(delta '{}' '"stop"')")"
status 2 'a refusal exits with 2' tiny refusal
like "$(cat err)" 'the model refuses: I cannot assist with that\.' 'the message has the words of the refusal'
status 1 'a refusal is not stored' tiny --offline refusal
sends '{"error":{"message":"out of credits","code":402}}' type=application/json
status 2 'an error under status 200 exits with 2 if it is permanent' tiny credits
like "$(cat err)" 'out of credits' 'an error under status 200: the message has its words'
sends '{"error":{"message":"overloaded","code":503}}' type=application/json
status 75 'an error under status 200 exits with 75 if trying later can help' tiny later
sends "$(event '{"error":{"message":"prompt is too long: 9 tokens > 8 maximum"}}')"
status 2 'a prompt that is too long for the model, in a stream' tiny long
like "$(cat err)" "too long for the model's context: prompt is too long" 'the message about it'
server_fault answer $chat status=502 type=text/html times=-1 body='<html>
<head><TITLE>502 Bad Gateway</TITLE></head><body>nginx</body></html>'
status 75 'a web page under status 502 exits with 75' tiny gateway
like "$(cat err)" 'answers 502: 502 Bad Gateway$' 'the message has the title of the page'
server_reset

# Thinking is not part of the answer.
sends "$(event "$(delta '{"content":"\n<thi"}')" "$(delta '{"content":"nk>six times "}')" \
	"$(delta '{"content":"seven</th"}')" "$(delta '{"content":"ink>\n\n42"}')" "$(delta '{}' '"stop"')")"
is "$(tiny --json blocks | jq -c '[.text, .thinking]')" '["42\n","six times seven"]' \
	'a <think> block that opens the answer is taken out'
is "$(tiny --json --offline blocks | jq -c '[.text, .thinking]')" '["42\n","six times seven"]' \
	'a hit has the thinking, too'
sends "$(event "$(delta '{"content":"Use <think> tags</think>."}')" "$(delta '{}' '"stop"')")"
is "$(tiny tags)" 'Use <think> tags</think>.' 'marks within an answer stay'
sends "$(event "$(delta '{"content":"<th"}')" "$(delta '{}' '"stop"')")"
is "$(tiny begun)" '<th' 'an answer that is the beginning of a mark stays'
sends "$(event "$(delta '{"reasoning_content":"hm"}')" "$(delta '{"reasoning":"m"}')" "$(delta '{"content":"yes"}')" "$(delta '{}' '"stop"')")"
is "$(tiny --json reasons | jq -c '[.text, .thinking]')" '["yes\n","hmm"]' \
	'members for reasoning are thinking'
sends "$(event "$(delta '{"content":"<think>for ever"}')" "$(delta '{}' '"stop"')")"
status 2 'an answer of thinking alone exits with 2' tiny only
like "$(cat err)" 'empty: the model thought' 'the message about thinking alone'
echo '{"type":"object"}' >schema
sends "$(event "$(delta '{"content":"<think>which?</think>{\"a\":1}"}')" "$(delta '{}' '"stop"')")"
is "$(tiny --schema schema --json form | jq -c '[.value, .thinking]')" '[{"a":1},"which?"]' \
	'with a schema thinking is taken out, too'
printf '#!/bin/sh\necho "<think>a</think>b"\n' >thinker
chmod +x thinker
is "$(echo q | pc-infer --no-cache --engine-cmd ./thinker)" b 'thinking of a command is taken out'

# Levels of thinking.
is "$(tiny --dry-run --think off x | jq -c .request.chat_template_kwargs)" '{"enable_thinking":false}' \
	'--think off is sent to servers of the OpenAI API'
is "$(tiny --dry-run x | jq -c .request.chat_template_kwargs)" null 'by default nothing is sent to them'
is "$(tiny --dry-run --think max x | jq -r .request.reasoning_effort)" max '--think max is sent'
status 2 'an unknown level is an error' tiny --think most x
like "$(cat err)" 'off, on, low, medium, high.* max' 'the error lists the levels'
done_testing
