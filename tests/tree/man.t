#!/bin/bash
# The pages are well-formed, and their examples run.
. "$(dirname "$0")/../lib.sh"
man=$TESTS/../man

is "$(mandoc -T lint -W warning "$man"/*.[0-9] 2>&1)" '' 'mandoc finds no fault'
is "$(for p in "$man"/*.[0-9]; do
	mandoc -T ascii "$p" | col -bx | grep -E '.{79}'
done)" '' 'mandoc fits every page into a terminal of 80 columns'
if command -v groff >/dev/null; then
	# As man(1) runs it on a terminal of 80 columns.
	groff_ascii() {
		groff -mandoc -Tascii -P-c -rLL=80n -rLT=80n "$1" | col -bx
	}
	is "$(groff_ascii "$man/pc-run.1" | grep -c '^OPTIONS$')" 1 \
		'groff prints a page'
	is "$(for p in "$man"/*.[0-9]; do
		groff_ascii "$p" | grep -HE --label="${p##*/}" '.{81}'
	done)" '' 'groff fits every page into a terminal of 80 columns'
else
	skip 'groff fits every page into a terminal of 80 columns' \
		'there is no groff'
fi
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat; do
	for section in EXAMPLES 'EXIT STATUS' ENVIRONMENT; do
		grep -q "^\.Sh $section" "$man/$p.1"
		ok "$p.1 has $section"
	done
done

# example PAGE N: the N-th literal block of its EXAMPLES, as it is displayed
example() {
	mandoc -T ascii "$man/$1" | col -bx | awk -v want="$2" '
		/^[A-Z]/ { inside = /^EXAMPLES/; next }
		!inside { next }
		/^           / { if (!block) { block = 1; n++ }
			if (n == want) print substr($0, 12); next }
		/[^ ]/ { block = 0 }'
}
# A server with models, for the examples that need one.
if command -v node >/dev/null && command -v curl >/dev/null; then
	. "$TESTS/server/server.sh"
	server_start models
	export OLLAMA_HOST=$URL
	mkdir -p home/.config/pc
	echo '{"inference": {"model": "tiny", "vision_model": "vision",
		"embedding_model": "embedder"}}' >home/.config/pc/config.json
fi
stop_proxy() { kill "$proxy"; }
documents=
for page in pc-hash.1 pc-get.1 pc-put.1 pc-run.1 pc-ocr.1 pc-infer.1 pc-fetch.1 \
	pc-stats.1 pc-gc.1 pc-memstat.1 pc-template.5 pc.7 pc-doc.8 \
	pc-tesseract.8 pc-http.8 pc-gpu.8 pc-confine.8; do
	case $page in
	pc-infer.1 | pc-memstat.1 | pc-template.5 | pc.7)
		if [ -z "${URL-}" ]; then
			skip "the examples of $page" 'there is no node or no curl'
			continue
		fi
		;;
	esac
	mkdir "ex-$page"
	cd "ex-$page" || exit 1
	printf 'three little words\nx\n' >report.txt
	case $page in
	pc-ocr.1 | pc-infer.1 | pc-doc.8 | pc-confine.8 | pc.7)
		if [ -z "$documents" ]; then
			"$TESTS/data/make-documents" "$T/docs" scan.pdf digital.pdf
			documents=y
		fi
		cp "$T"/docs/*.pdf .
		;;
	pc-fetch.1)
		# A proxy answers for every host that the examples name.
		python3 "$TESTS/server/raw.py" "$T/port" &
		proxy=$!
		at_exit+=(stop_proxy)
		await test -s "$T/port"
		http_proxy=http://127.0.0.1:$(cat "$T/port")
		export http_proxy
		unset no_proxy NO_PROXY
		printf 'http://example.org/%s\n' a b c >urls
		printf 'Authorization: Bearer 1234\n' >token
		;;
	esac
	for n in {1..20}; do
		example $page $n >script
		[ -s script ] || break
		PC_STORE=$T/ex-$page/store limit bash -eu -o pipefail script \
			>out 2>err </dev/null
		s=$?
		# A command whose output goes to `head` may get SIGPIPE.
		[ $s -eq 0 ] || [ $s -eq 141 ]
		ok "$page: example $n runs"
		[ $s -eq 0 ] || sed 's/^/# /' script err
	done
	[ $n -gt 1 ]
	ok "$page has examples"
	unset http_proxy
	cd "$T" || exit 1
done
example pc-config.5 1 >config.json
is "$(PC_CONFIG=$T/config.json pc-stats --config 2>&1 |
	awk -v file="$T/config.json:" 'index($0, file) { n++ }
		/^pc-stats:/ { print } END { print n }')" 7 \
	'the example of pc-config.5 is a valid configuration'
is "$(cat ex-pc-run.1/store/state | head -c 8)" pc-store 'the examples of pc-run.1 used their store'
if [ -n "${URL-}" ]; then
	[ "$(server_count /api/chat)" -ge 12 ] && [ "$(server_count /api/embed)" = 1 ]
	ok 'the examples asked the server for what was not cached'
fi
done_testing
