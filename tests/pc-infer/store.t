#!/bin/bash
# pc-infer and its store: answers, vectors and images are looked up, awaited
# and stored in one way.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"

server_start ollama --api ollama
use ollama
embed() { pc-infer --embed -m embedder "$@"; }
# lists N: was the server asked for its models so often?
lists() { [ "$(server_control count | jq '.paths["/api/tags"] // 0')" -ge "$1" ]; }
# counted STAGE KIND: how often that happened to the stage
counted() {
	pc-stats --json |
		jq "[.stages[] | select(.stage == \"$1\") | .$2] | add // 0"
}

# ---- what another process stored meanwhile

embed <<<'another text' >/dev/null
embed --binary <<<'another text' >vector
server_reset
server_fault slow-first-byte path=/api/tags
embed -v <<<'a text' >out 2>err &
await lists 1
key=$(sed -n 's/.*miss embed \([0-9a-f]*\).*/\1/p' err)
pc-put -k "$key" <vector
server_release
wait
is "$(embeds)" 0 'a vector that another process stored after the miss is used, and no request is sent'
is "$(jq -c .embedding out)" "$(embed <<<'another text' | jq -c .embedding)" \
	'the vector that the other process stored is printed'

pc-infer -m tiny 'a first question' >/dev/null
server_reset
server_fault slow-first-byte path=/api/tags
pc-infer -m tiny -v 'a question' >out 2>err &
await lists 1
key=$(sed -n 's/.*miss infer \([0-9a-f]*\).*/\1/p' err)
echo 'an answer' | pc-put -k "$key"
server_release
wait
is "$(asked):$(cat out)" '0:an answer' \
	'an answer that another process stored after the miss is used, and no request is sent'

# ---- a wait that takes too long

config '{"caching": {"wait": "1s"}}'
server_reset
server_fault slow-first-byte path=/api/chat
pc-infer -m tiny 'a slow question' >one &
await questions 1
pc-infer -m tiny 'a slow question' >two 2>err &
await questions 2
server_release
wait
like "$(cat err)" '^pc-infer: timed out waiting for another process' \
	'waiting longer than caching.wait for an answer prints a warning'
is "$(wc -l <one):$(wc -l <two)" 1:1 \
	'after a time-out both the waiting and the asking process print an answer'

server_reset
server_fault slow-first-byte path=/api/embed
embed <<<'a slow text' >one &
await embedding 1
embed <<<'a slow text' >two 2>err &
await embedding 2
server_release
wait
like "$(cat err)" '^pc-infer: timed out waiting for another process' \
	'waiting longer than caching.wait for a vector prints a warning'
config '{}'

# ---- a store that cannot be written

server_reset
logs=()
for shard in $(seq 0 255); do
	logs+=(-P "$PC_STORE/$(printf %02x "$shard")/log")
done
# full COMMAND...: the disk of the logs is full
full() {
	strace -f -qq -o trace "${logs[@]}" \
		-e inject=write,writev,pwrite64,pwritev:error=ENOSPC "$@"
}
if full true 2>/dev/null; then
	before=$(counted embed error)
	full pc-infer --embed -m embedder <<<'no room' >out 2>err
	is "$?:$(jq '.embedding | length' out):$(grep -c 'cannot store' err)" \
		0:8:1 'a vector that cannot be stored is printed, with one warning'
	is "$(($(counted embed error) - before))" 1 \
		'a vector that cannot be stored is counted as an error'
	before=$(counted infer error)
	full pc-infer -m tiny 'no room' >out 2>err
	is "$?:$(wc -l <out):$(grep -c 'cannot store' err)" 0:1:1 \
		'an answer that cannot be stored is printed, with one warning'
	is "$(($(counted infer error) - before))" 1 \
		'an answer that cannot be stored is counted as an error'
else
	skip 'a store that cannot be written' 'no fault injection by strace'
fi

# A mount that is read-only is found in the same way for all three.
embed <<<'a stored text' >/dev/null
cat >ro.sh <<'RO'
mount --bind "$PC_STORE" "$PC_STORE" &&
	mount -o remount,bind,ro "$PC_STORE" || exit 99
touch "$PC_STORE/x" 2>/dev/null && exit 99
echo 'a new text' | pc-infer --embed -m embedder >out 2>embed.err || exit 2
pc-infer -m tiny 'a new question' >out 2>infer.err || exit 3
pc-infer -m vision --image "$IMAGE" 'what is this?' >out 2>image.err || exit 4
echo 'a stored text' | pc-infer --embed -m embedder >out 2>hit.err || exit 5
RO
IMAGE=$T/image.ppm
export IMAGE PC_LIBEXEC=$BUILD
printf 'P6 16 16 255 %768s' '' >"$IMAGE"
unshare -m bash -u ro.sh 2>mount.err
got=$?
if [ $got = 99 ] || grep -q '^unshare' mount.err; then
	skip 'a read-only mount' 'no private mounts here'
else
	is $got 0 'with a store on a read-only mount, answers and vectors are still computed'
	for what in embed infer image; do
		is "$(grep -c . $what.err)" 1 \
			"a store on a read-only mount prints one warning ($what)"
	done
	is "$(cat hit.err)" '' 'a hit in a store on a read-only mount prints no warning'
fi
done_testing
