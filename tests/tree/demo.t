#!/bin/bash
# make demo: which model it asks, and that it reports only what it has done.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/server/server.sh"

for tool in groff pdftoppm img2pdf; do
	command -v $tool >/dev/null || skip_all "no $tool"
done

# demo NAME=VALUE...: the demo with these variables; output in out and err
demo() { env PC_BUILD="$BUILD" "$@" "$TESTS/demo" >out 2>err; }

# No server: neither Ollama nor npm.
demo NPM=no OLLAMA_HOST=127.0.0.1:1
is "$?" 0 'the demo runs without a model'
sed 's/^/# /' err
like "$(cat out)" '^== no summaries by pc-infer: no Ollama at 127\.0\.0\.1:1, ' \
	'the demo without a model says why there are no summaries'
is "$(grep -c 'a summary by\|, summaries' out)" 0 'the demo without a model names no summary'
like "$(cat out)" '^first run .*\(OCR, text layer, words: computed\)' \
	'the demo without a model names the steps that ran'

# A server on another machine is not asked, not even through a proxy.
server_start here --api ollama
demo NPM=no OLLAMA_HOST=127.0.0.1.example.org http_proxy="$URL"
like "$?:$(cat out)" \
	"OLLAMA_HOST is '127.0.0.1.example.org', which is another machine" \
	'the demo says that OLLAMA_HOST is another machine'
is "$(server_count)" 0 'the demo asks no server if OLLAMA_HOST is another machine'

demo NPM=no OLLAMA_HOST="${URL#http://}" PC_INFER_URL=http://127.0.0.1:1 \
	http_proxy=http://127.0.0.1:1
is "$?" 0 'the demo runs with an Ollama on this machine'
sed 's/^/# /' err
like "$(cat out)" '^== scan.pdf: a summary by pc-infer and .* of Ollama' \
	'the demo with an Ollama prints a summary'
like "$(cat out)" '^first run .*words, summaries: computed' \
	'the demo with an Ollama names summaries among the steps that ran'
[ "$(server_count /api/chat)" -ge 3 ]
ok 'the demo asks Ollama for its summaries'
done_testing
