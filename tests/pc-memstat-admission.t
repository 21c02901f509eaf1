#!/bin/bash
# Admission: with how many workers a stage fits, by what it had; pc-ocr and
# pc-infer go by it.
. "$(dirname "$0")/lib.sh"
. "$TESTS/memory/roots.sh"

eater=$BUILD/tests/eater
admit() { pc-memstat admit -q -s "$@"; }
components() { # STAGE JQ
	pc-memstat --by component -s "$1" --json |
		jq -c ".components[] | select(.component | startswith(\"pc-d\") or
			startswith(\"pc-t\")) | $2"
}

# ---- by hand

pc-memstat run -s big -- "$eater" 100 0
machine 10000 1000
# 5 % are kept, and the eater has 101 MiB: (1000 - 500) / 101
is "$(admit big -j 8)" 4 'four workers of 100 MiB in 500'
like "$(pc-memstat admit -v -s big -j 8 2>&1 >/dev/null)" \
	'big: room for 4 workers \(10[0-9] MiB each plus 0 bytes; 500 MiB available\)' \
	'-v says why'
is "$(admit big -j 2)" 2 'no more than are asked for'
is "$(admit big -j 8 --pages 3)" 3 'nor than there are pages'
machine 10000 550
status 1 'not even one' pc-memstat admit -s big
is "$(cat out)" 0 'is 0'
like "$(cat err)" "too little memory: 'big' needs 10[0-9] MiB, but only 50.0 MiB is available below memory.critical .95 % of 9.8 GiB." \
	'and why'
is "$(admit big --json -j 8 2>/dev/null | jq -c '[.known, .fits, .workers, .available_bytes]')" \
	'[true,false,0,52428800]' 'as JSON'
mkdir -p home/.config/pc
echo '{"memory": {"critical": 100}}' >home/.config/pc/config.json
is "$(admit big -j 8)" 5 'memory.critical'
rm home/.config/pc/config.json
machine 10000 9000
cgroup /box 314572800 104857600 52428800
is "$(admit big -j 8)" 2 'a cgroup of 300 MiB, 50 of them in use'
rm -r root/sys root/proc/self/cgroup
is "$(admit nonesuch -j 7)" 7 'what is not known is admitted'
like "$(pc-memstat admit -s nonesuch 2>&1 >/dev/null)" 'no memory figures of .nonesuch. are known yet' 'and said'
is "$(pc-memstat admit -q -s big -j 6 --store "$T/none")" 6 'without a store too'
pc-run -s other -- "$eater" 100 0
machine 10000 850
is "$(admit other -j 8)" 3 'of other programs events tell'
rm root/proc/meminfo
is "$(admit big -j 8)" 8 'of a machine that says nothing nothing is refused'

# What was long ago is forgotten.
no_machine
for _ in {1..16}; do pc-memstat run -s big -- true; done
machine 10000 550
is "$(admit big -j 8)" 8 'the newest runs count'
no_machine

# ---- pc-ocr

for n in 1 2 3; do
	printf '.sp 4\nwooden chairs %s\n.bp\n.sp 4\nof page two\n.bp\nand three\n' $n |
		groff -Tpdf >$n.pdf
done
pc-ocr -j 1 --ocr always --dpi 100 1.pdf 2.pdf >/dev/null 2>&1
is "$(components ocr '[.component, .started, .reused, .idle]' | xargs)" \
	'[pc-doc,2,6,0] [pc-tesseract,1,3,1]' 'workers, and how often they were used again'
like "$(components ocr '.first_s > 0 and .peak_kib > 5000' | xargs)" '^true true$' \
	'how long they took, and had'
pc-ocr -j 1 --ocr always --dpi 100 1.pdf 2.pdf >/dev/null 2>&1
is "$(components ocr .started | xargs)" '2 1' 'hits have none'
need=$(pc-memstat admit -q -s ocr --json | jq '.worker_bytes / 1048576 | floor')
[ "$need" -gt 10 ]
ok "what a worker of each has ($need MiB)"
is "$(pc-memstat admit -q -s ocr --json --pages 100 | jq '.estimated_s > 0')" true \
	'and takes'
like "$(pc-memstat admit -v -s ocr --pages 100 2>&1 >/dev/null)" \
	'about [0-9]+ s for 100 pages' 'in words'
machine 100000 $((5000 + need + need / 2))
is "$(admit ocr -j 8)" 1 'one fits'
export PC_LIBEXEC=$BUILD
OMP_THREAD_LIMIT=1 pc-ocr -v --ocr always --dpi 100 3.pdf >out 2>err
is "$?" 0 'pc-ocr goes by it'
like "$(cat out)" 'wooden chairs 3' 'and reads'
[ "$(getconf _NPROCESSORS_ONLN)" -lt 2 ] ||
	grep -q 'using 1 workers instead of [0-9]*: memory is short' err
ok 'with one worker'
machine 100000 $((5000 + need / 2))
status 75 'not even one fits' pc-ocr --refresh --ocr always --dpi 100 3.pdf
like "$(cat err)" "'3.pdf': too little memory: 'ocr' needs [0-9.]+ MiB, .*override with -j" \
	'is refused, and why'
status 0 'what is remembered needs none' pc-ocr --ocr always --dpi 100 3.pdf
printf '.sp 4\nnew\n' | groff -Tpdf >new.pdf
pc-ocr --jsonl --ocr always --dpi 100 1.pdf new.pdf 3.pdf >out 2>/dev/null
is "$? $(jq -c 'has("error")' out | xargs)" '3 false true false' \
	'and is delivered beside what is refused'
status 0 '-j tries all the same' pc-ocr -j 1 --ocr always --dpi 100 new.pdf
rm root/proc/meminfo
status 0 'as does a machine that says nothing' pc-ocr --refresh --ocr always --dpi 100 new.pdf
machine 100000 $((5000 + need / 2))
status 0 'and a run without a store' pc-ocr --no-cache --ocr always --dpi 100 new.pdf
no_machine

if command -v qpdf >/dev/null; then
	pc-ocr -s layered -f pdf --ocr always --dpi 100 1.pdf >/dev/null 2>&1
	is "$(pc-memstat --by component -s layered --json | jq -c '.components[] |
		select(.component == "tools") | [.started > 0, .peak_kib > 1000,
		.measured]')" '[true,true,["rusage"]]' 'qpdf, which pc-ocr runs, is on record'
else
	skip 'qpdf, which pc-ocr runs, is on record' 'there is no qpdf'
fi

# ---- pc-infer

printf '#!/bin/sh\ncat\nexec %s 100 0\n' "$eater" >engine
chmod +x engine
echo one | pc-infer -s answer x --engine-cmd ./engine >/dev/null
machine 10000 550
status 75 'pc-infer is refused' pc-infer -s answer x --engine-cmd ./engine <<<two
like "$(cat err)" "too little memory: 'answer' needs 10" 'and says why'
status 0 'what is remembered is not' pc-infer -s answer x --engine-cmd ./engine <<<one
machine 10000 1000
status 0 'there is more' pc-infer -s answer x --engine-cmd ./engine <<<two
no_machine
if command -v node >/dev/null && command -v curl >/dev/null; then
	. "$TESTS/server/server.sh"
	server_start models
	export OLLAMA_HOST=$URL
	echo a | pc-infer -m tiny -s ask x >/dev/null
	pc-memstat run -s ask -- "$eater" 300 0
	machine 10000 600
	status 0 'a helper is small' pc-infer -m tiny -s ask x <<<b
	machine 10000 500
	status 75 'and does not fit where there is nothing' \
		pc-infer -m tiny -s ask x <<<c
	status 0 '-j tries all the same' pc-infer -j 1 -m tiny -s ask x <<<c
	status 75 'nor for embeddings' \
		pc-infer --embed -m embedder -s ask <<<v
	no_machine
fi
done_testing
