#!/bin/bash
# pc-ocr -f images: the images embedded in PDFs, by real pdftohtml.
. "$(dirname "$0")/../lib.sh"

for tool in pdftohtml pdftoppm img2pdf qpdf groff strace jq python3; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
"$TESTS/data/make-documents" . digital.pdf scan.png locked.pdf ||
	skip_all 'no documents can be made'
pdftoppm -jpeg -r 40 -singlefile digital.pdf photo
pdftoppm -jpegcmyk -r 40 -singlefile digital.pdf cmyk
pdftoppm -png -r 30 -f 2 -singlefile digital.pdf drawing
img2pdf photo.jpg drawing.png cmyk.jpg -o three.pdf 2>img.err
# Two on one page, among text, at known places.
img2pdf --pagesize 400x600 --imgsize 100x50 --fit exact photo.jpg -o a.pdf
img2pdf --pagesize 400x600 --imgsize 300x400 --fit exact drawing.png -o b.pdf
echo 'Some <image src="x-9_9.png"/> text' |
	groff -Tpdf -P-p600p,400p >text.pdf
qpdf text.pdf --overlay b.pdf -- ab.pdf
qpdf ab.pdf --overlay a.pdf -- two.pdf
echo secret >password
chmod 600 password
images=(pc-ocr -f images)

# rgb FILE: size and a digest of the pixels of a PNG file of 8 bits RGB
rgb() {
	img2pdf -o look.pdf "$1" 2>look.err && pdfimages look.pdf look &&
		head -c 15 look-000.ppm | tail -n +2 | head -n 1 &&
		sha256sum <look-000.ppm
}
# computed STAGE: how many of it were stored so far
computed() {
	pc-stats -q --json |
		jq "[.stages[] | select(.stage == \"$1\") | .put] | add // 0"
}

# ---- files

status 0 '-f images succeeds' "${images[@]}" -o '{}-%03d-%i' three.pdf
is "$(xargs <out)" 'three-001-1.jpg three-002-1.png three-003-1.png' \
	'images are JPEG and PNG files'
cmp three-001-1.jpg photo.jpg
ok 'a JPEG is extracted byte for byte'
is "$(rgb three-002-1.png)" "$(rgb drawing.png)" 'a PNG has the same pixels'
is "$(stat -c %a three-001-1.jpg)" "$(printf %o $((0666 & ~$(umask))))" \
	'image files have the mode that umask leaves'
is "$(ls "$TMPDIR"; find . -name '.pc-*')" '' '-f images leaves no temporary file'
status 0 'a PDF with two images on a page' "${images[@]}" --jsonl -o 't%d-%02i' two.pdf
cp out list
is "$(jq -c '[.file, (.id | length), (.images | length), has("pages")]' out)" \
	'["two.pdf",64,2,false]' 'are in one record'
is "$(jq -c '.images[0]' out)" \
	'{"page":1,"image":1,"output":"t1-01.png","type":"image/png","width":'"$(
	od -An -j16 -N8 -tu4 --endian=big drawing.png |
		awk '{ print $1 ",\"height\":" $2 }')"',"box":[50,100,350,500]}' \
	'the record of an image has its size and box'
is "$(jq -c '.images[1] | [.output, .type, .box]' out)" \
	'["t1-02.jpg","image/jpeg",[150,275,250,325]]' 'each'
is "$(jq -r '.images[1] | "\(.width) \(.height)"' out)" \
	"$(pdfimages -list a.pdf | awk 'NR == 3 { print $4, $5 }')" \
	'the record of a JPEG has its size'
cmp t1-02.jpg photo.jpg
ok 'a JPEG among other images is extracted byte for byte'
status 0 '-f images --pages succeeds' "${images[@]}" --pages 3,1-2,3 -o 'p%d-%i' three.pdf
is "$(xargs <out)" 'p3-1.png p1-1.jpg p2-1.png' \
	'--pages writes images in its order, each once'
status 0 '-f images of one page succeeds' "${images[@]}" --pages 2 -o 'o%d-%i' three.pdf
is "$(cat out)" o2-1.png '-f images of one page writes only its image'
status 0 '-f images reads standard input' "${images[@]}" -o '{}%d-%i' - <three.pdf
is "$(head -n 1 out)" stdin1-1.jpg 'standard input is called stdin in file names'
status 0 '-f images of several documents succeeds' "${images[@]}" -j 2 -o '{}_%d_%i' three.pdf two.pdf
is "$(grep -c . out)" 5 '-f images of several documents writes all images'
status 0 'a PDF without images succeeds' "${images[@]}" -o 'n%d-%i' digital.pdf
is "$(cat out; said)" '' 'a PDF without images prints nothing'
status 0 'a PDF without images with --jsonl succeeds' "${images[@]}" --jsonl -o 'n%d-%i' digital.pdf
is "$(jq -c .images out)" '[]' 'a PDF without images has an empty list'

# ---- the store

strace -f -e trace=execve -o trace \
	pc-ocr -v -f images -o 'h%d-%i' three.pdf >out 2>err
like "$(cat err)" '^pc-ocr: hit ocr ' 'the second run is a hit'
is "$(xargs <out)" 'h1-1.jpg h2-1.png h3-1.png' 'a hit prints the names of its own pattern'
is "$(grep -c 'execve(' trace)" 1 'a hit runs no program'
cat three-00?-1.* | cmp - <(cat h?-1.*)
ok 'a hit writes the same bytes'
"${images[@]}" --no-cache -o 'c%d-%i' three.pdf >out
cat three-00?-1.* | cmp - <(cat c?-1.*)
ok '--no-cache writes the same bytes'
made=$(computed ocr.images)
"${images[@]}" --refresh -o 'r%d-%i' three.pdf >out
cat three-00?-1.* | cmp - <(cat r?-1.*)
ok '--refresh writes the same bytes'
is "$(($(computed ocr.images) - made))" 3 '--refresh stores three images again'
# same_record: the record without what differs from run to run
same_record() { sed 's/"hit":[a-z]*,"reason":"[^"]*",//'; }
"${images[@]}" --jsonl -o 't%d-%02i' two.pdf | same_record | cmp - <(same_record <list)
ok 'a hit prints the same JSON record'
"${images[@]}" --jsonl --no-cache -o 't%d-%02i' two.pdf | same_record | cmp - <(same_record <list)
ok '--no-cache prints the same JSON record'
status 0 'the second run of a PDF without images succeeds' "${images[@]}" -v -o 'n%d-%i' digital.pdf
like "$(cat err)" '^pc-ocr: hit ocr ' 'the second run of a PDF without images is a hit'
"${images[@]}" -v --dpi 99 -l deu -o 'd%d-%i' three.pdf 2>&1 |
	grep -q '^pc-ocr: hit'
ok '--dpi and -l do not change the key'
export PC_STORE=$T/other
"${images[@]}" -t never -o 'e%d-%i' three.pdf >out
"${images[@]}" -t 1s --refresh --pages 2 -o 'e%d-%i' three.pdf >out
sleep 1.1
"${images[@]}" -v -o 'f%d-%i' three.pdf >out 2>err
like "$(cat err)" '^pc-ocr: computed' 'a document whose image is evicted is a miss'
cat three-00?-1.* | cmp - <(cat f?-1.*)
ok 'an evicted image is extracted again'
"${images[@]}" -v -o 'f%d-%i' three.pdf >out 2>err
key=$(sed -n 's/^pc-ocr: hit ocr \([0-9a-f]*\).*/\1/p' err)
pc-get -k "$key" >whole
for damage in 'head -n 3' 'head -c -1' 'sed s/page/pages/' 'tail -n +2'; do
	$damage whole | pc-put -k "$key"
	"${images[@]}" -v -o 'f%d-%i' three.pdf >out 2>err
	like "$(cat err)" '^pc-ocr: computed' "a list that went through $damage is a miss"
done
export PC_STORE=$T/store

# ---- what is refused

status 2 '-f images of an image fails' "${images[@]}" -o 'x%d-%i' scan.png
like "$(cat err)" 'it is not a PDF' 'an image is not a PDF: the message'
echo text >plain.txt
status 2 '-f images of a text file fails' "${images[@]}" -o 'x%d-%i' plain.txt
like "$(cat err)" 'it is not a PDF' 'a text file is not a PDF: the message'
status 2 '-f images of a locked PDF fails' "${images[@]}" -o 'x%d-%i' locked.pdf
like "$(cat err)" 'locked, and pdftohtml accepts a password only as' 'a locked PDF: the message'
strace -f -s 999 -e trace=execve -o trace pc-ocr -f images \
	--password-file password -o 'x%d-%i' locked.pdf >out 2>err
is $? 2 '-f images of a locked PDF with its password fails'
like "$(cat err)" 'locked, and pdftohtml accepts a password only as' 'a locked PDF with a password: the message'
is "$(grep -c '"secret"' trace)" 0 'the password is in no argument'
status 2 '-f images of a page that does not exist fails' "${images[@]}" --pages 9 -o 'x%d-%i' three.pdf
like "$(cat err)" 'pages selects none of its 3 pages' 'pages that do not exist: the message'
status 2 '-f images without -o is a usage error' "${images[@]}" three.pdf
like "$(cat err)" 'requires -o' '-f images without -o: the message'
for p in '%d' '%i' '%d%i%i' '%d%d%i' '%d%3i' '%d%010i' '%d%00i' '%d%'; do
	status 2 "bad pattern '$p'" "${images[@]}" -o "$p" three.pdf
done
status 2 'a pattern without {} and several documents is a usage error' "${images[@]}" -o '%d%i' three.pdf two.pdf
status 2 '%i with -f png is a usage error' pc-ocr -f png -o '%d%i' three.pdf
status 2 'a missing directory fails' "${images[@]}" -o 'none/%d-%i' three.pdf
like "$(cat err)" "page 1, image 1: cannot write 'none/1-1.jpg'" 'a missing directory: the message'
mkdir w2-1.png
status 3 'an image that cannot be written is exit status 3' "${images[@]}" -o 'w%d-%i' three.pdf
is "$(xargs <out)" 'w1-1.jpg w3-1.png' 'the other images are written'
mkdir one
img2pdf photo.jpg -o one/three.pdf
status 3 'two documents of one name are exit status 3' "${images[@]}" -j 1 -o '{}%d-%i' \
	three.pdf one/three.pdf
like "$(cat err)" "'three1-1.jpg' is already the file of another image" 'two documents of one name: the message'
status 2 '-f images to a full device fails' bash -c \
	'pc-ocr -f images -o "x%d-%i" three.pdf >/dev/full'

# ---- programs that are not there, or do other things

mkdir bin
PATH=$BUILD:$T/bin status 2 'a missing pdftohtml fails' "${images[@]}" --no-cache \
	-o 'x%d-%i' three.pdf
like "$(cat err)" 'install the package poppler-utils' 'a missing pdftohtml: the message names the package'
# fake COMMAND: what pdftohtml does; $d is its directory
fake() {
	{
		# shellcheck disable=SC2016
		printf '%s\n' '#!/bin/bash' 'd=$(dirname "${@: -1}")' "$1"
	} >bin/pdftohtml
	chmod +x bin/pdftohtml
}
# xml: the start of what it writes
# shellcheck disable=SC2016
xml='exec >$d/x.xml; trap "echo \"</pdf2xml>\"" EXIT; echo "<page number=\"1\">"; b="left=\"1\" top=\"2\" width=\"3\" height=\"4\""'
# What pc-ocr does not believe must not depend on the sandbox.
mkdir unconfined
ln -s "$BUILD/pc-doc" "$BUILD/pc-tesseract" unconfined
cat >unconfined/pc-confine <<'CONFINE'
#!/bin/bash
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
CONFINE
chmod +x unconfined/pc-confine
lie() {
	fake "$2"
	PC_LIBEXEC=$T/unconfined PATH=$T/bin:$PATH status 2 "$1" \
		limit "${images[@]}" --no-cache -o 'lie%d-%i' three.pdf
	is "$(find "$TMPDIR"/* lie* 2>/dev/null)" '' "$1: no file is left"
}
cp photo.jpg "$T/x-1_1.jpg"
lie 'it fails' 'exit 3'
like "$(cat err)" 'pdftohtml failed with status 3' 'a pdftohtml that fails: the message'
lie 'it crashes' 'kill -SEGV $$'
lie 'it writes nothing' 'exit 0'
# shellcheck disable=SC2016
{
	lie 'a file elsewhere' "$xml"'; echo "<image $b src=\"../../x-1_1.jpg\"/>"'
	lie 'a link' 'ln -s '"$T/photo.jpg"' $d/x-1_1.jpg;'"$xml"'
		echo "<image $b src=\"x-1_1.jpg\"/>"'
	lie 'a pipe' 'mkfifo $d/x-1_1.jpg;'"$xml"'
		echo "<image $b src=\"x-1_1.jpg\"/>"'
	lie 'no image' 'head -c 30 '"$T/photo.jpg"' >$d/x-1_1.jpg;'"$xml"'
		echo "<image $b src=\"x-1_1.jpg\"/>"'
	like "$(cat err)" 'page 1, image 1: .* an incomplete image' 'an incomplete image: the message'
	lie 'no box' 'cp '"$T/photo.jpg"' $d/x-1_1.jpg;'"$xml"'
		echo "<image left=\"nan\" src=\"x-1_1.jpg\"/>"'
	lie 'a cut list' 'cp '"$T/photo.jpg"' $d/x-1_1.jpg;'"$xml"'
		echo "<image $b src=\"x-1_1.jpg\"/>"; trap - EXIT'
	like "$(cat err)" 'is incomplete; check the free space in .TMPDIR' \
		'an incomplete list: the message'
	lie 'no end' "$xml"'; printf "<image $b src=\"x-1_1.jp"; exit 1'
	fake 'cp '"$T/photo.jpg"' $d/x-1_1.jpg;'"$xml"'
		echo "<image $b src=\"x-1_1.jpg\"/><image $b src=\"x-1_1.jpg\"/>"'
}
PC_LIBEXEC=$T/unconfined PATH=$T/bin:$PATH status 3 'an image file that is named twice is exit status 3' "${images[@]}" -s lies \
	--jsonl -o 'u%d-%i' three.pdf
is "$(jq -c '[.images[] | .output, has("error")]' out)" \
	'["u1-1.jpg",false,null,true]' 'an image file that is named twice is written once'
is "$(pc-stats -q --json | jq '[.stages[] | select(.stage == "lies") | .put // 0] | add // 0')" \
	0 'a document with an image error is not cached'
cat >bin/pdftohtml <<PDFTOHTML
#!$(python3 -c 'import sys; print(sys.executable)')
import resource, sys
got = [resource.getrlimit(n)[0] for n in (resource.RLIMIT_CORE,
    resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]
sys.exit(50 if got == [0, 4 << 30, 1 << 30] else 51)
PDFTOHTML
PATH=$T/bin:$PATH "${images[@]}" --no-cache -o 'u%d-%i' three.pdf >out 2>err
like "$(cat err)" 'pdftohtml failed with status 50' \
	'pdftohtml has 4 GiB of memory, 1 GiB a file and no core'
for signal in TERM INT HUP; do
	fake 'echo >'"$T/started"'; exec sleep 3000 >/dev/null 2>&1'
	rm -f started
	# bash has background jobs ignore SIGINT, and nohup SIGHUP
	PC_LIBEXEC=$T/unconfined PATH=$T/bin:$PATH python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' \
		pc-ocr -f images --no-cache -o 'u%d-%i' three.pdf >out 2>err &
	await test -e started
	kill -s $signal $!
	wait $! 2>/dev/null
	is "$? $(ls "$TMPDIR")" "$((128 + $(kill -l $signal))) " \
		"SIG$signal ends it and leaves nothing"
done
cat >full.sh <<'FULL'
mount -t tmpfs -o size=64k none "$TMPDIR" || exit 99
dd if=/dev/zero of="$TMPDIR/rest" bs=1k 2>/dev/null
exec pc-ocr -f images -s full -o 'full%d-%i' three.pdf >out 2>err
FULL
unshare -m bash -u full.sh 2>/dev/null
got=$?
case $got in
1 | 99) skip 'a full TMPDIR' 'no private mounts here' ;;
*) is $got 2 'a full TMPDIR is a failure, and not a PDF without images' ;;
esac
printf '{"ocr":{"page_timeout":"1s"}}' >config.json
printf '#!/bin/bash\nexec >/dev/null 2>&1\nwhile :; do :; done\n' >bin/pdftohtml
PC_CONFIG=$T/config.json PATH=$T/bin:$PATH status 2 'a pdftohtml that does not end fails' \
	"${images[@]}" --no-cache --pages 1 -o 'u%d-%i' three.pdf
like "$(cat err)" 'pdftohtml timed out after 1 s; raise ocr.page_timeout' 'pdftohtml is ended after its time: the message'
is "$(ls "$TMPDIR")" '' 'a pdftohtml that is ended leaves no file'
done_testing
