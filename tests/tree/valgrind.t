#!/bin/bash
# The programs under valgrind: status 99 means that valgrind has found an error;
# no program exits with it.  Only `make valgrind` runs this, with shared
# libraries, as valgrind needs them.
. "$(dirname "$0")/../lib.sh"

[ -n "${PC_VALGRIND-}" ] || skip_all 'only under make valgrind'
mkdir wrapped
for p in hash get put run stats gc ocr fetch; do
	printf '#!/bin/sh\nexec valgrind -q --error-exitcode=99 %s "$@"\n' \
		"$BUILD/pc-$p" >wrapped/pc-$p
	chmod +x wrapped/pc-$p
done
export PATH=$T/wrapped:$PATH
printf 'doc\n' >doc
head -c 400000 /dev/urandom >big
touch -d '1 hour ago' big
# clean NAME COMMAND...: valgrind finds no error in it
clean() {
	local what=$1
	shift
	"$@" >out 2>err
	[ $? -ne 99 ] && ! grep -q '^==' err
	ok "valgrind finds no error in $what"
	grep '^==' err | head -n 20 | sed 's/^/# /'
}
clean 'pc-hash' pc-hash -l doc big
clean 'pc-hash with a cached id' pc-hash big
clean 'pc-hash --explain' pc-hash -s ocr -p a=1 --explain doc
clean 'pc-put' pc-put -s ocr -p a=2 doc <doc
clean 'pc-put of a large value' pc-put -s big <big
clean 'pc-gc --export' pc-gc --export x
clean 'pc-gc --import' pc-gc --store there --import x
clean 'pc-gc --check' pc-gc --check
clean 'pc-gc --max-bytes' pc-gc --max-bytes 100K -n
clean 'pc-gc --compact' pc-gc --compact --json
clean 'pc-get' pc-get -s ocr -p a=2 doc
clean 'pc-get of a large value' pc-get -s big
clean 'pc-get --meta' pc-get --meta -s big
clean 'pc-get --touch' pc-get --touch -t 1h -s big
clean 'pc-get with a miss' pc-get -s none doc
clean 'pc-hash --explain with a record to compare with' pc-hash -s ocr -p a=1 --explain doc
pc-get --jsonl "$(pc-hash -s big)" >lines 2>err
clean 'pc-get --jsonl' pc-get --jsonl "$(pc-hash -s big)"
clean 'pc-put --jsonl' pc-put --jsonl <lines
clean 'pc-run' pc-run -s run -i doc -- cat doc
clean 'pc-run with a hit' pc-run -s run -i doc -- cat doc
clean 'pc-run -i -' pc-run -s run -i - -- cat <doc
clean 'pc-run with a command that fails' pc-run -s run --keep-stderr -- sh -c 'echo x >&2; exit 3'
"$TESTS/data/make-documents" . scan.pdf digital.pdf cut.pdf
printf 'a text\n' >doc.txt
clean 'pc-ocr' pc-ocr scan.pdf digital.pdf doc.txt
clean 'pc-ocr with a hit' pc-ocr scan.pdf
for f in layout tsv hocr alto md csv tables; do
	clean "pc-ocr -f $f" pc-ocr -f $f scan.pdf digital.pdf doc.txt
done
clean 'pc-ocr --jsonl' pc-ocr --jsonl -r --pages 1,2- .
clean 'pc-ocr with a damaged document' pc-ocr cut.pdf none
python3 "$TESTS/server/raw.py" "$T/port" &
server=$!
at_exit+=(stop_server)
stop_server() { kill "$server"; }
await test -s port
raw=http://127.0.0.1:$(cat port)
clean 'pc-fetch' pc-fetch -t 0s "$raw/a" "$raw/busy" "$raw/hostile" "$raw/cut" x
clean 'pc-fetch with an expired result' pc-fetch "$raw/a" "$raw/hostile"
clean 'pc-fetch with a hit' pc-fetch "$raw/a"
clean 'pc-fetch --jsonl' pc-fetch --jsonl "$raw/a" "$raw/b" "$raw/a"
clean 'pc-fetch -o' pc-fetch -o '%i-%h-%b' "$raw/a" "$raw/bomb"
printf 'A: b\n' >headers
chmod 600 headers
clean 'pc-fetch --header-file' pc-fetch --header-file headers -H 'B: c' "$raw/a"
clean 'pc-fetch --offline' pc-fetch --offline "$raw/none"
printf '{ // configuration\n"caching": {"default_ttl": "1h"}}' >config.json
export PC_CONFIG=$T/config.json
clean 'pc-get with a configuration' pc-get -s ocr -p a=2 doc
clean 'pc-stats' pc-stats
clean 'pc-memstat --by component' pc-memstat --by component
clean 'pc-memstat admit' pc-memstat admit -s ocr
clean 'pc-memstat --warn' pc-memstat --warn 100 --critical 100
clean 'pc-stats --json' pc-stats --json
for f in '--entries --by day' --prometheus --html --ghost --targets '--tree scan.pdf'; do
	# shellcheck disable=SC2086
	clean "pc-stats $f" pc-stats $f
done
clean 'pc-stats --config' pc-stats --config
clean 'pc-stats --params' pc-stats --params ocr
done_testing
