# infer.sh - what the tests of pc-infer share, after lib.sh.
# shellcheck shell=bash

. "$TESTS/server/server.sh"
unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
unset OLLAMA_HOST PC_INFER_URL PC_INFER_KEY
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY \
	ALL_PROXY NO_PROXY
export PC_CONFIG=$T/config.json
exec </dev/null # a test that reads standard input redirects it

# config JSON: use these settings from now on
config() { printf '%s\n' "$1" >"$PC_CONFIG"; }
config '{}'

# use NAME: make pc-infer use this server from now on
use() {
	server_use "$1"
	export PC_INFER_URL=$URL
}

# asked: how many prompts the server got; embeds: how many embedding requests
asked() {
	server_control count | jq '.paths |
		(."/api/chat" // 0) + (."/v1/chat/completions" // 0)'
}
embeds() {
	server_control count | jq '.paths |
		(."/api/embed" // 0) + (."/v1/embeddings" // 0)'
}

# idle_infer PID: does the pc-infer sleep that PID is, or has started?
idle_infer() {
	local pid
	pid=$(process "$1" pc-infer) && idle "$pid"
}

napping_infer() {
	local pid
	pid=$(process "$1" pc-infer) && naps "$pid"
}

# questions N, embedding N: has the server got at least N of them?
questions() { [ "$(asked)" -ge "$1" ]; }
embedding() { [ "$(embeds)" -ge "$1" ]; }

# last [FILTER]: the body of the last prompt's request, through jq
last() {
	server_log -c "map(select(.path | test(\"chat\"))) | last | .body |
		${1-.}"
}

# key ARG...: the key of a request with these arguments
key() { pc-infer --dry-run "$@" | jq -r .key; }

# peak COMMAND...: the peak memory in KiB of it, or of a process that it ran
peak() {
	python3 -c 'import resource as r, subprocess as s, sys
s.run(sys.argv[1:], stdout=s.DEVNULL, stderr=s.DEVNULL)
print(r.getrusage(r.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

# Is this a build with ASan, which needs more memory?
asan=$(grep -c __asan_init "$BUILD/pc-infer" | grep -v '^0')
export asan
