#!/bin/bash
# Admission: how many workers of a stage fit, by its recorded peaks; pc-ocr and
# pc-infer use this number.
. "$(dirname "$0")/../lib.sh"
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
	'admit -v explains the number of workers'
is "$(admit big -j 2)" 2 'admit gives at most the number of -j'
is "$(admit big -j 8 --pages 3)" 3 'admit gives at most one worker per page'
machine 10000 550
status 1 'admit exits with 1 when no worker fits' pc-memstat admit -s big
is "$(cat out)" 0 'admit prints 0 when no worker fits'
like "$(cat err)" "too little memory: 'big' needs 10[0-9] MiB, but only 50.0 MiB is available below memory.critical .95 % of 9.8 GiB." \
	'admit says why no worker fits'
is "$(admit big --json -j 8 2>/dev/null | jq -c '[.known, .fits, .workers, .available_bytes]')" \
	'[true,false,0,52428800]' 'admit --json says that no worker fits'
mkdir -p home/.config/pc
echo '{"memory": {"critical": 100}}' >home/.config/pc/config.json
is "$(admit big -j 8)" 5 'admit uses memory.critical'
rm home/.config/pc/config.json
machine 10000 9000
cgroup /box 314572800 104857600 52428800
is "$(admit big -j 8)" 2 'a cgroup of 300 MiB, 50 of them in use'
rm -r root/sys root/proc/self/cgroup
is "$(admit nonesuch -j 7)" 7 'admit gives -j for an unknown stage'
like "$(pc-memstat admit -s nonesuch 2>&1 >/dev/null)" 'no memory figures of .nonesuch. are known yet' 'admit says that the stage is unknown'
is "$(pc-memstat admit -q -s big -j 6 --store "$T/none")" 6 'admit without a store gives -j'
pc-run -s other -- "$eater" 100 0
machine 10000 850
is "$(admit other -j 8)" 3 'admit uses the peaks of other programs from events'
rm root/proc/meminfo
is "$(admit big -j 8)" 8 'without memory figures of the machine admit gives -j'

# Old runs are forgotten.
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
	'[pc-doc,2,6,0] [pc-tesseract,1,3,1]' 'workers started, reused and idle are recorded'
like "$(components ocr '.first_s > 0 and .peak_kib > 5000' | xargs)" '^true true$' \
	'the start time and the peak of workers are recorded'
pc-ocr -j 1 --ocr always --dpi 100 1.pdf 2.pdf >/dev/null 2>&1
is "$(components ocr .started | xargs)" '2 1' 'hits start no worker'
need=$(pc-memstat admit -q -s ocr --json | jq '.worker_bytes / 1048576 | floor')
[ "$need" -gt 10 ]
ok "admit --json gives the memory of a worker of each kind ($need MiB)"
is "$(pc-memstat admit -q -s ocr --json --pages 100 | jq '.estimated_s > 0')" true \
	'admit --json --pages estimates the time'
like "$(pc-memstat admit -v -s ocr --pages 100 2>&1 >/dev/null)" \
	'about [0-9]+ s for 100 pages' 'admit -v --pages prints the estimated time'
machine 100000 $((5000 + need + need / 2))
is "$(admit ocr -j 8)" 1 'one worker of pc-ocr fits'
export PC_LIBEXEC=$BUILD
OMP_THREAD_LIMIT=1 pc-ocr -v --ocr always --dpi 100 3.pdf >out 2>err
is "$?" 0 'pc-ocr runs with the workers that fit'
like "$(cat out)" 'wooden chairs 3' 'pc-ocr reads the page with one worker'
[ "$(getconf _NPROCESSORS_ONLN)" -lt 2 ] ||
	grep -q 'using 1 workers instead of [0-9]*: memory is short' err
ok 'pc-ocr -v says that memory is short'
machine 100000 $((5000 + need / 2))
status 75 'pc-ocr exits with 75 when no worker fits' pc-ocr --refresh --ocr always --dpi 100 3.pdf
like "$(cat err)" "'3.pdf': too little memory: 'ocr' needs [0-9.]+ MiB, .*override with -j" \
	'pc-ocr says why no worker fits'
status 0 'pc-ocr serves a hit when no worker fits' pc-ocr --ocr always --dpi 100 3.pdf
printf '.sp 4\nnew\n' | groff -Tpdf >new.pdf
pc-ocr --jsonl --ocr always --dpi 100 1.pdf new.pdf 3.pdf >out 2>/dev/null
is "$? $(jq -c 'has("error")' out | xargs)" '3 false true false' \
	'pc-ocr serves hits beside refused documents'
status 0 'pc-ocr -j 1 runs when no worker fits' pc-ocr -j 1 --ocr always --dpi 100 new.pdf
rm root/proc/meminfo
status 0 'pc-ocr runs without memory figures of the machine' pc-ocr --refresh --ocr always --dpi 100 new.pdf
machine 100000 $((5000 + need / 2))
status 0 'pc-ocr --no-cache runs when no worker fits' pc-ocr --no-cache --ocr always --dpi 100 new.pdf
no_machine

if command -v qpdf >/dev/null; then
	pc-ocr -s layered -f pdf --ocr always --dpi 100 1.pdf >/dev/null 2>&1
	is "$(pc-memstat --by component -s layered --json | jq -c '.components[] |
		select(.component == "tools") | [.started > 0, .peak_kib > 1000,
		.measured]')" '[true,true,["rusage"]]' 'the peak of qpdf, which pc-ocr runs, is recorded'
else
	skip 'the peak of qpdf, which pc-ocr runs, is recorded' 'there is no qpdf'
fi

# ---- pc-infer

printf '#!/bin/sh\ncat\nexec %s 100 0\n' "$eater" >engine
chmod +x engine
echo one | pc-infer -s answer x --engine-cmd ./engine >/dev/null
machine 10000 550
status 75 'pc-infer exits with 75 when no worker fits' pc-infer -s answer x --engine-cmd ./engine <<<two
like "$(cat err)" "too little memory: 'answer' needs 10" 'pc-infer says why no worker fits'
status 0 'pc-infer serves a hit when no worker fits' pc-infer -s answer x --engine-cmd ./engine <<<one
machine 10000 1000
status 0 'pc-infer runs when a worker fits' pc-infer -s answer x --engine-cmd ./engine <<<two
no_machine
if command -v node >/dev/null && command -v curl >/dev/null; then
	. "$TESTS/server/server.sh"
	server_start models
	export OLLAMA_HOST=$URL
	echo a | pc-infer -m tiny -s ask x >/dev/null
	pc-memstat run -s ask -- "$eater" 300 0
	machine 10000 600
	status 0 'pc-infer with a server needs only its helper' pc-infer -m tiny -s ask x <<<b
	machine 10000 500
	status 75 'pc-infer with a server exits with 75 when its helper does not fit' \
		pc-infer -m tiny -s ask x <<<c
	status 0 'pc-infer -j 1 runs when its helper does not fit' pc-infer -j 1 -m tiny -s ask x <<<c
	status 75 'pc-infer --embed exits with 75 when its helper does not fit' \
		pc-infer --embed -m embedder -s ask <<<v
	no_machine
fi
done_testing
