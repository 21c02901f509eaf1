#!/bin/bash
# pc-infer: a secret reaches its server and nothing else; and what a hit does
# not do.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

secret=sk-hunter2-0123456789abcdef
server_start s --key $secret --slots 8
use s
server_start slow --key $secret --token-delay 60
slow=$URL
server_use s
config '{"networking": {"retry_attempts": 1}}'
echo $secret >key
chmod 600 key
: >seen # all that was said
run() {
	pc-infer -v -m tiny "$@" >out 2>err
	got=$?
	cat out err >>seen
	return $got
}

# ---- it is taken

PC_INFER_KEY=$secret run 'SAY: by variable'
is "$?:$(cat out)" '0:by variable' 'the key is read from PC_INFER_KEY'
run --key-file key 'SAY: by file'
is "$?:$(cat out)" '0:by file' 'the key is read from the file of --key-file'
run --api openai --key-file key 'SAY: by openai'
is "$?:$(cat out)" '0:by openai' "the key is sent with the OpenAI API"
printf '%s' $secret >bare
chmod 400 bare
run --key-file bare --refresh 'SAY: no newline'
is $? 0 'a key file without a newline is accepted'
run --key-file <(echo $secret) --refresh 'SAY: a pipe'
is $? 0 'a key is read from a pipe'
PC_INFER_KEY=wrong-key-abcdef run --key-file key --refresh 'SAY: both'
is $? 0 '--key-file overrides PC_INFER_KEY'
is "$(server_log -r '.[].headers.authorization' | sort -u)" "Bearer $secret" \
	'the server receives the key in each request'
printf '{"text":"a"}\n{"text":"b"}\n' >records
PC_INFER_KEY=$secret run --jsonl <records
is $? 0 '--jsonl sends the key'
echo text >lines
pc-infer -v --embed -m embedder --key-file key <lines >out 2>>seen
ok '--embed sends the key'
PC_INFER_KEY=$secret run --chat c 'SAY: chat'
is $? 0 '--chat sends the key'
PC_INFER_KEY=$secret run --list
is $? 0 '--list sends the key'
PC_INFER_KEY=$secret run --pull extra
is $? 0 '--pull sends the key'
PC_INFER_KEY=$secret run --dry-run x
is $? 0 '--dry-run with a key succeeds'
PC_INFER_KEY=$secret run --explain x
is $? 1 '--explain with a key succeeds'

# ---- and refused

for mode in 644 640 604 620; do
	chmod $mode key
	run --key-file key x
	is $? 2 "a key that others can read ($mode)"
	like "$(cat err)" "'key' .*others can read; run chmod 600" "a key that others can read ($mode): the message recommends chmod"
done
chmod 600 key
run --key-file none x
is $? 2 'a missing key file is an error'
like "$(cat err)" "key 'none': No such file" 'a missing key file: the message names it'
: >empty
chmod 600 empty
run --key-file empty --refresh x
is $? 2 'an empty key file is an error'
like "$(cat err)" "'empty' has no key on its first line" 'an empty key file: the message says so'
printf '\n%s\n' $secret >empty
run --key-file empty --refresh x
like "$(cat err)" "'empty' has no key on its first line" 'a key file that begins with an empty line is refused'
printf 'sk\001\n' >empty
run --key-file empty --refresh x
like "$(cat err)" 'the key of empty has a control character' 'a key with a control character in it is refused'
printf 'sk\0hunter2\n' >empty
run --key-file empty --refresh x
like "$(cat err)" 'the key of empty has a control character' \
	'a key with a NUL in it is refused'
PC_INFER_KEY=$secret$'\nX-Other: 1' run --refresh x
like "$(cat err)" 'the key of .PC_INFER_KEY has a control character' \
	'a key with a line break in it is refused'
PC_INFER_KEY=$secret$'\n' run --refresh 'SAY: cut'
is "$?:$(cat out)" 0:cut 'a line break after the key is cut off'
PC_INFER_KEY=$secret$'\nX-Other: 1' pc-memstat --url "$URL" >out 2>err
like "$(cat err)" 'the key in .PC_INFER_KEY contains a control character' \
	'pc-memstat refuses a key with a line break in it'
for api in ollama openai; do
	run --api $api --refresh x
	is $? 2 "$api: a missing key is an error"
	like "$(cat err)" "$URL requires an API key: .*PC_INFER_KEY.*--key-file" \
		"$api: a missing key: the message says how to give it"
	PC_INFER_KEY=sk-wrong-0123456789abcdef run --api $api --refresh x
	is $? 2 "$api: a wrong key is an error"
	like "$(cat err)" "$URL requires another API key: .*PC_INFER_KEY" "$api: a wrong key: the message asks for another"
	! grep -q sk-wrong-0123456789abcdef err out
	ok "$api: a wrong key is not printed"
done
PC_INFER_KEY=$'two\r\nX-Evil: lines' run --refresh x
is $? 2 'a key of two lines is an error'
is "$(server_log '[.[] | select(.headers["x-evil"])] | length')" 0 \
	'a key of two lines adds no header'
status 0 'a hit needs no key' pc-infer -m tiny 'SAY: by file'

# ---- where it is while it is used

own_helpers
# everywhere: what is to be seen of the processes that were started
everywhere() {
	local p
	for p in $(pgrep -P "$1" -x pc-http); do
		tr '\0' '\n' <"/proc/$p/cmdline"
		tr '\0' '\n' <"/proc/$p/environ"
		echo "helper $p"
	done
	tr '\0' '\n' <"/proc/$1/cmdline"
}
in_places() {
	everywhere $pid >places
	grep -q ^helper places
}
(URL=$slow && server_fault stall times=-1)
PC_INFER_KEY=$secret pc-infer -m tiny --url "$slow" 'COUNT: 40' >out 2>err &
pid=$!
await in_places
(URL=$slow && server_release)
wait $pid
is $? 0 'a long answer with a key succeeds'
like "$(cat places)" '^helper ' 'the test has looked at the helper process'
! grep -q $secret places
ok 'the secret is in no command line, nor in the environment of the helper'
PC_INFER_KEY=$secret pc-infer x --engine-cmd env >out
! grep -q $secret out
ok 'the secret is not in the environment of an --engine-cmd program'

is "$(grep -rlF $secret store home tmp config.json)" '' \
	'the secret is not in the store, its events or a chat'
! grep -qF $secret seen
ok 'the secret is not in stdout or stderr'
pc-stats >stats 2>&1
pc-stats --json >>stats 2>&1
! grep -qF $secret stats
ok 'the secret is not in the statistics'

# A redirect leads it nowhere.
server_start elsewhere
there=$URL
server_use s
server_fault redirect /api/chat "to=$there"
PC_INFER_KEY=$secret run --refresh 'SAY: redirected'
is $? 2 'a redirect is not followed'
server_use elsewhere
is "$(server_count)" 0 'no request is sent to the target of a redirect'

# ---- what a hit does not do

server_use s
if ! command -v strace >/dev/null; then
	skip 'what a hit does' 'no strace'
	done_testing
	exit
fi
# ASan's own calls would be among them
traced() {
	strace -f -qq -o trace -e trace=socket,connect,execve,clone,clone3,vfork,fork,openat \
		pc-infer "$@"
}
for what in "-m tiny|SAY: by file" '-m tiny --jsonl|' '--embed -m embedder|'; do
	words=${what%|*}
	prompt=${what#*|}
	case $what in
	*--jsonl*) from=records ;;
	*--embed*) from=lines ;;
	*) from=/dev/null ;;
	esac
	# shellcheck disable=SC2086
	traced $words ${prompt:+"$prompt"} <$from >out 2>err
	is $? 0 "a hit ($words)"
	is "$(grep -cE ' (socket|connect|clone3?|v?fork)\(' trace)" 0 \
		"a hit opens no socket and starts no process ($words)"
	is "$(grep -c ' execve(' trace)" 1 "a hit executes only pc-infer ($words)"
	is "$(grep -E 'libcurl|libssl|certs' trace)" '' "a hit loads no libcurl ($words)"
done
done_testing
