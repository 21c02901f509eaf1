# server.sh - inference servers for tests, after lib.sh: see infer.mjs.
# shellcheck shell=bash
#
# The system chooses the port of each.  $URL is the server started last, or chosen
# by server_use; the functions below use that one.

command -v node >/dev/null || skip_all 'node is not installed'
command -v curl >/dev/null || skip_all 'curl is not installed'

declare -A server_pids server_urls
server_node=node
URL=
export server_why= # why there is no server

# server_start NAME ARG...: start a server, and wait until it listens
server_start() {
	local name=$1 fd part url="" end
	shift
	rm -f "$T/$name.fifo"
	mkfifo "$T/$name.fifo"
	exec {fd}<>"$T/$name.fifo"
	"$server_node" "$TESTS/server/infer.mjs" "$@" >"$T/$name.fifo" 2>"$T/$name.err" \
		{fd}<&- </dev/null &
	server_pids[$name]=$!
	disown # so that a test's own wait does not wait for it
	URL=
	for ((end = SECONDS + PATIENCE; SECONDS < end;)); do
		# If read times out, it still returns the part that it has read.
		if read -r -t 0.1 part <&"$fd"; then
			URL=$url$part
			break
		fi
		url+=$part
		kill -0 "${server_pids[$name]}" 2>/dev/null || break
	done
	exec {fd}<&-
	if [ -z "$URL" ]; then
		has_ended "${server_pids[$name]}" || timed_out "the server '$name'"
		in_time "a server for this test"
		sed 's/^/# /' "$T/$name.err"
		echo "Bail out! the server '$name' did not start"
		exit 1
	fi
	server_urls[$name]=$URL
}

# server_llama NAME ARG...: start a server with llama.cpp and the model "bytes",
# which it makes; else $server_why says why there is none
server_llama() {
	local name=$1 cache=${PC_TEST_CACHE:-$REAL_HOME/.cache/pc-tests} dir
	shift
	if ! dir=$(HOME=$REAL_HOME "$TESTS/server/install-llama" \
		"$cache/llama" 2>"$T/llama.err"); then
		server_why=$(tail -n 1 "$T/llama.err")
		return 1
	fi
	[ -e "$T/bytes.gguf" ] ||
		"$TESTS/server/make-model" "$T/bytes.gguf" || return 1
	server_node=$(echo "$dir"/node_modules/node-linux-*/bin/node)
	[ -x "$server_node" ] || server_node=node
	server_start "$name" --engine llama --llama "$dir" \
		--model "$T/bytes.gguf" "$@"
	server_node=node
}

# server_use NAME: use this server from now on
server_use() {
	URL=${server_urls[$1]}
}

# server_stop NAME: stop it, and wait until it has ended
server_stop() {
	local pid=${server_pids[$1]}
	unset "server_pids[$1]"
	kill "$pid" 2>/dev/null
	await has_ended "$pid"
}

server_stop_all() {
	local name
	for name in "${!server_pids[@]}"; do
		server_stop "$name"
	done
}
at_exit+=(server_stop_all)

# server_control NAME [CURL-ARG...]
server_control() {
	local name=$1
	shift
	curl -sSk -m "$PATIENCE" --fail-with-body "$URL/control/$name" "$@"
}

# server_fault FAULT [PATH] [NAME=VALUE]...: see faults.mjs
server_fault() {
	local fault=$1 pair path=() args=()
	shift
	case ${1-} in
	/*)
		path=(--arg path "$1")
		shift
		;;
	esac
	for pair; do
		case ${pair#*=} in
		'' | *[!0-9-]*) args+=(--arg "${pair%%=*}" "${pair#*=}") ;;
		*) args+=(--argjson "${pair%%=*}" "${pair#*=}") ;;
		esac
	done
	# shellcheck disable=SC2016
	jq -nc --arg fault "$fault" "${path[@]}" "${args[@]}" '$ARGS.named' |
		server_control fault -d @- >/dev/null
}

# server_count [PATH]: the number of requests, or of those for PATH
server_count() {
	if [ $# -gt 0 ]; then
		server_control "count?path=$1"
	else
		server_control count | jq .total
	fi
}

# server_most: the largest number of requests in progress at the same time
server_most() {
	server_control count | jq .most
}

# server_log [JQ-ARG...]: all requests as a JSON array, through jq
server_log() {
	if [ $# -gt 0 ]; then
		server_control log | jq "$@"
	else
		server_control log
	fi
}

# server_digest MODEL [DIGEST]: give the model other weights
server_digest() {
	jq -nc --arg model "$1" --arg digest "${2-}" \
		'{$model} + if $digest == "" then {} else {$digest} end' |
		server_control digest -d @- >/dev/null
}

# server_release: let requests go on that slow-first-byte and stall hold
server_release() {
	server_control release -d '' >/dev/null
}

# server_reset: clear all faults and the log, and restore all models
server_reset() {
	server_control reset -d '' >/dev/null
}
