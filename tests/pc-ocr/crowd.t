#!/bin/bash
# pc-ocr: many documents, many processes, few descriptors, little patience.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-documents" . digital.pdf scan.pdf || skip_all 'no documents'
for i in $(seq 8); do echo "text $i" >"t$i.txt"; done

own_helpers
# counted STAGE MEMBER
counted() {
	pc-stats -q --json |
		jq "[.stages[] | select(.stage == \"$1\") | .$2] | add // 0"
}
# ---- a producer of names can wait for the text of the previous document

mkfifo names
limit pc-ocr --no-cache -j 4 --files-from names >slow 2>err &
pid=$!
exec 7>names
echo t1.txt >&7
await test -s slow
is "$(cat slow)" 'text 1' 'a document is printed before the list of names ends'
echo t2.txt >&7
printf t3.txt >&7
exec 7>&-
wait $pid
is $? 0 'the run ends when the list of names ends'
is "$(tr '\n' ' ' <slow)" 'text 1 text 2 text 3 ' 'all names of a slow list are read'
status 0 'an empty list of names succeeds' pc-ocr --files-from /dev/null
is "$(limit pc-ocr -j 4 t1.txt - t2.txt <t3.txt | xargs)" \
	'text 1 text 3 text 2' 'standard input is read in its place among files'

# ---- a file that is given twice

status 0 'a file that is given twice succeeds' pc-ocr -s twice -j 2 scan.pdf scan.pdf
is "$(grep -c 'Invoice number' out)" 4 'a file that is given twice is printed twice'
is "$(counted twice compute) $(counted twice wait)" '1 1' 'a file that is given twice is computed once'
echo '{"caching": {"wait": "never"}}' >never.json
mkdir held
ln -s "$BUILD/pc-doc" held
printf '#!/bin/sh\n[ "$1" != serve ] || { %s }\nexec %s "$@"\n' "$held" \
	"$BUILD/pc-tesseract" >held/pc-tesseract
chmod +x held/pc-tesseract
at_least() { [ "$(counted "$1" "$2")" -ge 1 ]; }
PC_LIBEXEC=$T/held pc-ocr -s never --psm 4 scan.pdf >/dev/null &
await at_least never miss
PC_LIBEXEC=$T/held PC_CONFIG=never.json pc-ocr -s never --psm 4 scan.pdf \
	>/dev/null &
await naps $!
touch go
wait
is "$(counted never compute) $(counted never wait)" '1 1' \
	'caching.wait of never waits for as long as it takes'
status 0 'a file that is given twice with --no-cache succeeds' pc-ocr --no-cache -j 2 t1.txt t1.txt
is "$(xargs <out)" 'text 1 text 1' 'a file that is given twice with --no-cache is printed twice'

limit pc-ocr -s both -j 4 --ocr never t?.txt digital.pdf >forth &
pid=$!
limit pc-ocr -s both -j 4 --ocr never digital.pdf \
	t8.txt t7.txt t6.txt t5.txt t4.txt t3.txt t2.txt t1.txt >back
is $? 0 'two processes with the same documents in opposite order'
wait $pid
is $? 0 'both of two processes with the same documents end'
is "$(tr ' ' '\n' <forth | sort | md5sum)" \
	"$(tr ' ' '\n' <back | sort | md5sum)" 'with the same texts'

# What is made is there for others before its turn to be printed.
mkfifo pipe
limit pc-ocr -s turn -j 2 scan.pdf t1.txt >pipe &
pid=$!
exec 8<pipe
await at_least turn put
is "$(limit pc-ocr -v -s turn t1.txt 2>&1 >/dev/null |
	grep -cE '(hit|wait) turn')" 1 'a result does not wait for its turn'
cat <&8 >/dev/null
exec 8<&-
wait $pid

# ---- a file that is replaced

cat >pc-doc <<'SWAP'
#!/bin/sh
[ "$1" = engines ] || { cp old.pdf new.tmp && mv new.tmp swapped.pdf; }
exec "$PC_DOC" "$@"
SWAP
chmod +x pc-doc
ln -s "$BUILD/pc-tesseract" .
cp digital.pdf swapped.pdf
cp scan.pdf old.pdf
PC_DOC=$BUILD/pc-doc PC_LIBEXEC=$T status 0 'a file that is replaced while it is read succeeds' \
	pc-ocr -s swapped swapped.pdf
cp out first
pc-ocr --no-cache digital.pdf | cmp - first
ok 'a file that is replaced while it is read: its old text is printed'
status 0 'the document that replaced it is read' pc-ocr -s swapped digital.pdf
cmp out first
ok 'the document that replaced it has its own text'

# ---- helpers that are killed

# kill_at HELPER PID: its processes, unless the pc-ocr PID ends before
started() {
	pids=$(pgrep -f "^$T/libexec/$1 serve") || has_ended "$2"
}
kill_at() {
	await started "$@"
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill -9 $pids
}
for h in pc-doc pc-tesseract; do
	limit pc-ocr --no-cache -j 2 scan.pdf scan.pdf \
		t1.txt >out 2>err &
	pid=$!
	kill_at $h $pid
	wait $pid
	case $? in
	0 | 3) true ;;
	*) false ;;
	esac
	ok "$h, killed with all its workers, is started again"
	grep -q 'text 1' out
	ok "$h: the documents after it are read"
done

# ---- few descriptors, no room, a closed pipe

if [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 512 ]; then
	(ulimit -Sn 32 && limit pc-ocr -s few -j 32 t?.txt >out 2>err)
	is "$? $(wc -l <out)" '0 8' 'a low limit on descriptors is raised'
	(ulimit -n 256 && limit pc-ocr -s hard -j 512 t?.txt >out 2>err)
	is "$? $(wc -l <out)" '0 8' 'a hard limit on descriptors lowers the jobs'
fi
(ulimit -n 20 && limit pc-ocr --no-cache -j 8 t?.txt >out 2>err)
is "$? $(wc -l <out)" '0 8' 'a hard limit of 20 descriptors is enough for one job'
status 2 'printing to /dev/full fails' sh -c 'pc-ocr t1.txt >/dev/full'
limit pc-ocr -j 4 --no-cache digital.pdf scan.pdf scan.pdf | head -n 1 >out
is "$(wc -l <out)" 1 'a reader that closes the pipe ends the run'
sh -c 'pc-ocr - <&-' >out 2>err
is $? 2 'a closed standard input'
like "$(cat err)" "cannot read '-'" 'a closed standard input: the message'
(ulimit -f 1 && pc-ocr --store "$T/no-room" t1.txt >out 2>err)
is "$? $(cat out)" '0 text 1' 'a store without room does not fail the run'

# ---- crowds

mkdir many
for i in $(seq 300); do echo "text $i" >"many/$i.txt"; done
status 0 '300 documents succeed' limit pc-ocr -j 8 -r many
is "$(sort out | uniq | wc -l)" 300 'each of 300 documents is printed'
status 0 'the second run of 300 documents succeeds' limit pc-ocr -j 1 -r many
is "$(wc -l <out)" 300 'the second run of 300 documents prints each'
for i in $(seq 1000); do
	[ "$i" = 1 ] || echo .bp
	echo "Page $i has a few words that anybody can read in its inner part."
done | groff -Tpdf >thousand.pdf
status 0 'a document of a thousand pages succeeds' limit pc-ocr --ocr never thousand.pdf
is "$(grep -o 'Page [0-9]*' out | tr -dc '0-9\n' | sort -nu | wc -l)" 1000 \
	'a document of a thousand pages is printed in full'
status 0 'a TTL of one second is accepted' pc-ocr -s short -t 1s t1.txt
sleep 1.1
like "$(pc-ocr -v -s short -t 1s t1.txt 2>&1)" 'computed short' 'a result is computed again after its TTL'
is "$(PC_CACHE=off pc-ocr -v t1.txt 2>&1 | grep -c computed)" 1 'PC_CACHE=off computes'
is "$(helpers_left)" 0 'no helper is left'
done_testing
