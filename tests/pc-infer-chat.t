#!/bin/bash
# pc-infer --chat: what was said goes with what is said next.
. "$(dirname "$0")/lib.sh"
. "$TESTS/infer.sh"

server_start s --slots 4
use s
chat() { pc-infer -m tiny -p temperature=0 "$@"; }
# said: the messages of the last question, as role:text
said() { last '[.messages[] | "\(.role):\(.content)"] | join("|")'; }

is "$(chat --chat one -S 'a system' 'SAY: first answer')" 'first answer' \
	'a first question'
is "$(chat --chat one 'SAY: second answer')" 'second answer' 'a second'
is "$(said)" '"system:a system|user:SAY: first answer|assistant:first answer|user:SAY: second answer"' \
	'with all that was said'
chat --chat one 'SAY: third' >/dev/null
is "$(last '.messages | length')" 6 'and a third'
chat --chat two 'SAY: other' >/dev/null
is "$(said)" '"user:SAY: other"' 'another chat is another'
is "$(pc-infer -m tiny --api openai --chat three 'SAY: x'
	pc-infer -m tiny --api openai --chat three 'SAY: y')" 'x
y' "OpenAI's language"
is "$(said)" '"user:SAY: x|assistant:x|user:SAY: y"' 'has them too'

# ---- the key

k() { chat --dry-run --chat "$1" 'the same' | jq -r .key; }
[ "$(k one)" != "$(k two)" ]
ok 'what was said is in the key'
is "$(k one)" "$(k one)" '--dry-run says nothing in it'
[ "$(chat --dry-run 'the same' | jq -r .key)" != "$(k two)" ]
ok 'nor is it that of no chat'
for c in a b; do
	chat --chat $c 'SAY: x' >/dev/null
	chat --chat $c 'SAY: y' >/dev/null
done
server_reset
is "$(k a)" "$(k b)" 'the name of a chat is not'
chat --chat a 'SAY: z' >/dev/null
chat --chat b 'SAY: z' >/dev/null
is "$(asked)" 1 'two chats that went alike hit'
is "$(chat --chat-show b | tail -n 2)" 'user: SAY: z
assistant: z' 'and a hit is a turn'

# ---- memory

for i in $(seq 12); do
	chat --chat long -S 'keep this' "SAY: answer $i of twelve" >/dev/null
done
chat --chat long --memory 60 'SAY: now' >/dev/null
is "$(last '.messages[0] | [.role, .content]')" '["system","keep this"]' \
	'--memory keeps the system prompt'
is "$(last '.messages[-2].content')" '"answer 12 of twelve"' 'and the newest'
is "$(last '.messages | length < 16 and length > 4')" true 'of the others some'
chat --chat long --memory 0 'SAY: alone' >/dev/null
is "$(last '.messages | length')" 2 '--memory 0: none'
chat --chat long 'SAY: all' >/dev/null
is "$(last '.messages | length')" 30 'nothing is lost by it'
[ "$(chat --chat long --memory 0 --dry-run x | jq -r .key)" != \
	"$(chat --chat long --memory 60 --dry-run x | jq -r .key)" ]
ok 'what is sent is what the key has'
status 2 'another system prompt' chat --chat long -S other x
like "$(cat err)" 'other instructions.*another chat' 'is refused'

# ---- what is no turn

n=$(pc-infer --chat-show one | wc -l)
server_fault 400 /api/chat
status 2 'a question that fails' chat --chat one 'SAY: no'
status 2 'an empty answer' chat --chat one 'SAY: '
is "$(pc-infer --chat-show one | wc -l)" "$n" 'is no turn'
printf 'SAY: of a file' >text
chat --chat one -f text 'what is it?' >/dev/null
is "$(pc-infer --chat-show one | sed -n '/what is it/,$p')" 'user: what is it?

SAY: of a file
assistant: of a file' 'a text is part of what was said'
PC_CACHE=off chat --chat nocache 'SAY: 1' >/dev/null
PC_CACHE=off chat --chat nocache 'SAY: 2' >/dev/null
is "$(last '.messages | length')" 3 'a chat needs no store'
status 2 '--chat and records' chat --chat one --jsonl
status 2 '--chat and a bad name' chat --chat ../one x
status 2 '--chat and samples' chat --chat one --sample 2 x

# ---- two at once

server_start slow --delay 150
export PC_INFER_URL=$URL
for i in 1 2 3 4; do chat --chat both "SAY: turn $i" >/dev/null & done
wait
is "$(pc-infer --chat-show both | grep -c '^assistant: turn [1-4]$')" 4 \
	'four at once: all turns are kept'
is "$(last '.messages | length')" 7 'one after the other'

# ---- what there is

is "$(pc-infer --chat-list | awk '{ print $1, $2, $3 }' | grep -E '^(both|one|two) ')" \
	'both 4 turns
one 4 turns
two 1 turns' '--chat-list'
is "$(pc-infer --chat-list --json | jq -c 'select(.name == "two") |
	[.turns, .tokens > 0, .last > 1e9]')" '[1,true,true]' 'as JSON'
is "$(pc-infer --chat-show two)" 'user: SAY: other
assistant: other' '--chat-show'
is "$(pc-infer --chat-show two --json)" '{"role":"user","content":"SAY: other"}
{"role":"assistant","content":"other"}' 'as JSON'
for alone in '--chat-clear two' --templates '--pull tiny'; do
	# shellcheck disable=SC2086
	status 2 "$alone has none" pc-infer $alone --json
	like "$(cat err)" 'cannot be combined with --json or --jsonl' 'is said'
done
status 1 'one that is not there' pc-infer --chat-show none
like "$(cat err)" "no chat 'none'.*--chat-list" 'is said'
status 0 '--chat-clear' pc-infer --chat-clear two
status 1 'and it is gone' pc-infer --chat-show two
status 1 'twice' pc-infer --chat-clear two
server_stop s
server_stop slow
status 0 'none of it needs a server' pc-infer --chat-show one
is "$(find home/.local/state/pc/chats -name one.jsonl -perm 600 | wc -l)" 1 \
	"a chat is its owner's alone"
echo garbage >>home/.local/state/pc/chats/one.jsonl
status 2 'a chat that is damaged' chat --chat one x
like "$(cat err)" "one.jsonl', line [0-9]+" 'names file and line'
done_testing
