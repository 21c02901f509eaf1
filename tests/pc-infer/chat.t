#!/bin/bash
# pc-infer --chat: each request contains the earlier turns.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start s --slots 4
use s
chat() { pc-infer -m tiny -p temperature=0 "$@"; }
# said: the messages of the last question, as role:text
said() { last '[.messages[] | "\(.role):\(.content)"] | join("|")'; }

is "$(chat --chat one -S 'a system' 'SAY: first answer')" 'first answer' \
	'the first question of a chat is answered'
is "$(chat --chat one 'SAY: second answer')" 'second answer' 'the second question of a chat is answered'
is "$(said)" '"system:a system|user:SAY: first answer|assistant:first answer|user:SAY: second answer"' \
	'the second request contains the first turn'
chat --chat one 'SAY: third' >/dev/null
is "$(last '.messages | length')" 6 'the third request contains two turns'
chat --chat two 'SAY: other' >/dev/null
is "$(said)" '"user:SAY: other"' 'another chat does not contain the turns of the first'
is "$(pc-infer -m tiny --api openai --chat three 'SAY: x'
	pc-infer -m tiny --api openai --chat three 'SAY: y')" 'x
y' "a chat with the OpenAI API is answered"
is "$(said)" '"user:SAY: x|assistant:x|user:SAY: y"' 'a request to the OpenAI API contains the earlier turns'

# ---- the key

k() { chat --dry-run --chat "$1" 'the same' | jq -r .key; }
[ "$(k one)" != "$(k two)" ]
ok 'the earlier turns are in the key'
is "$(k one)" "$(k one)" '--dry-run adds no turn to a chat'
[ "$(chat --dry-run 'the same' | jq -r .key)" != "$(k two)" ]
ok 'a question in a chat has another key than one without'
for c in a b; do
	chat --chat $c 'SAY: x' >/dev/null
	chat --chat $c 'SAY: y' >/dev/null
done
server_reset
is "$(k a)" "$(k b)" 'the name of a chat is not in the key'
chat --chat a 'SAY: z' >/dev/null
chat --chat b 'SAY: z' >/dev/null
is "$(asked)" 1 'two chats with the same turns share an answer'
is "$(chat --chat-show b | tail -n 2)" 'user: SAY: z
assistant: z' 'a hit is added to the chat'

# ---- memory

for i in $(seq 12); do
	chat --chat long -S 'keep this' "SAY: answer $i of twelve" >/dev/null
done
chat --chat long --memory 60 'SAY: now' >/dev/null
is "$(last '.messages[0] | [.role, .content]')" '["system","keep this"]' \
	'--memory keeps the system prompt'
is "$(last '.messages[-2].content')" '"answer 12 of twelve"' '--memory keeps the newest turn'
is "$(last '.messages | length < 16 and length > 4')" true '--memory leaves out older turns'
chat --chat long --memory 0 'SAY: alone' >/dev/null
is "$(last '.messages | length')" 2 '--memory 0 sends no earlier turn'
chat --chat long 'SAY: all' >/dev/null
is "$(last '.messages | length')" 30 '--memory removes no turn from the chat'
[ "$(chat --chat long --memory 0 --dry-run x | jq -r .key)" != \
	"$(chat --chat long --memory 60 --dry-run x | jq -r .key)" ]
ok '--memory changes the key'
status 2 'another system prompt in a chat is an error' chat --chat long -S other x
like "$(cat err)" 'other instructions.*another chat' 'another system prompt in a chat: the message recommends another chat'

# ---- failures add no turn

n=$(pc-infer --chat-show one | wc -l)
server_fault 400 /api/chat
status 2 'a question that fails in a chat is an error' chat --chat one 'SAY: no'
status 2 'an empty answer in a chat is an error' chat --chat one 'SAY: '
is "$(pc-infer --chat-show one | wc -l)" "$n" 'a failed question adds no turn to the chat'
printf 'SAY: of a file' >text
chat --chat one -f text 'what is it?' >/dev/null
is "$(pc-infer --chat-show one | sed -n '/what is it/,$p')" 'user: what is it?

SAY: of a file
assistant: of a file' 'the text of a file is part of the turn'
PC_CACHE=off chat --chat nocache 'SAY: 1' >/dev/null
PC_CACHE=off chat --chat nocache 'SAY: 2' >/dev/null
is "$(last '.messages | length')" 3 'a chat keeps its turns with PC_CACHE=off'
status 2 '--chat cannot be combined with --jsonl' chat --chat one --jsonl
status 2 '--chat with an invalid name is an error' chat --chat ../one x
status 2 '--chat cannot be combined with --sample' chat --chat one --sample 2 x

# ---- a context that is shorter than --memory

server_start short --ctx 300
export PC_INFER_URL=$URL
words=$(yes word | head -80 | xargs)
for i in 1 2 3 4 5 6; do
	status 0 "a chat that outgrows the context goes on: turn $i" \
		chat --chat grows "SAY: turn $i
$words"
done
is "$(last '.messages | length <= 7 and length > 1')" true \
	'a chat that outgrows the context: the newest turns are sent'
like "$(cat err)" 'older turns? of the chat did not fit' \
	'a chat that outgrows the context: a warning counts what was left out'
is "$(last '.shift')" false 'Ollama is told not to forget the beginning'
server_reset
chat --chat grows 'SAY: short' >/dev/null 2>&1
is "$(asked)" 1 'turns that did not fit are not tried again'
is "$(pc-infer --chat-show grows | grep -c '^assistant: ')" 7 \
	'no turn is removed from the chat'
status 2 'a prompt that is too long alone is an error' \
	chat --chat grows "$words $words $words $words"

# ---- two at once

server_start slow --delay 150
export PC_INFER_URL=$URL
for i in 1 2 3 4; do chat --chat both "SAY: turn $i" >/dev/null & done
wait
is "$(pc-infer --chat-show both | grep -c '^assistant: turn [1-4]$')" 4 \
	'four processes in one chat: all turns are kept'
is "$(last '.messages | length')" 7 'four processes in one chat ask one after the other'

# ---- what there is

is "$(pc-infer --chat-list | awk '{ print $1, $2, $3 }' | grep -E '^(both|one|two) ')" \
	'both 4 turns
one 4 turns
two 1 turns' '--chat-list prints chats and their turns'
is "$(pc-infer --chat-list --json | jq -c 'select(.name == "two") |
	[.turns, .tokens > 0, .last > 1e9]')" '[1,true,true]' '--chat-list --json prints JSON'
is "$(pc-infer --chat-show two)" 'user: SAY: other
assistant: other' '--chat-show prints the turns'
is "$(pc-infer --chat-show two --json)" '{"role":"user","content":"SAY: other"}
{"role":"assistant","content":"other"}' '--chat-show --json prints JSON'
for alone in '--chat-clear two' --templates '--pull tiny'; do
	# shellcheck disable=SC2086
	status 2 "$alone cannot be combined with --json" pc-infer $alone --json
	like "$(cat err)" 'cannot be combined with --json or --jsonl' "$alone with --json: the message says so"
done
status 1 '--chat-show of a missing chat fails' pc-infer --chat-show none
like "$(cat err)" "no chat 'none'.*--chat-list" 'a missing chat: the message recommends --chat-list'
status 0 '--chat-clear succeeds' pc-infer --chat-clear two
status 1 '--chat-clear removes the chat' pc-infer --chat-show two
status 1 '--chat-clear of a missing chat fails' pc-infer --chat-clear two
server_stop s
server_stop slow
status 0 '--chat-show needs no server' pc-infer --chat-show one
is "$(find home/.local/state/pc/chats -name one.jsonl -perm 600 | wc -l)" 1 \
	'only its owner can read the file of a chat'
echo garbage >>home/.local/state/pc/chats/one.jsonl
status 2 'a damaged chat is an error' chat --chat one x
like "$(cat err)" "one.jsonl', line [0-9]+" 'a damaged chat: the message names file and line'
done_testing
