#!/bin/bash
# pc-ocr -f images: the images embedded in PDFs.
. "$(dirname "$0")/../lib.sh"

for tool in pdftoppm img2pdf qpdf groff strace jq python3; do
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
like "$(cat err)" 'locked by a password: give it with' 'a locked PDF: the message'
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

# ---- the forms of images

# Each page has one image; the name is that of its form.
python3 "$TESTS/data/image-forms.py" make forms.pdf >forms
status 0 'images in many forms are extracted' "${images[@]}" --jsonl -o 'form%d-%i' forms.pdf
cp out list
python3 "$TESTS/data/image-forms.py" check >out 2>err
while read -r form; do
	like "$(cat out)" "^$form same$" "samples and their depth stay the same: $form"
done <forms
is "$(jq -c '[.images[] | select(.page >= 9) | .box]' list)" \
	'[[20,90,120,170],[20,110,40,130],[20,90,120,170],[50,90,110,150]]' \
	'images in content, patterns and annotations have their boxes'
qpdf --encrypt secret owner 256 -- forms.pdf locked-forms.pdf
status 0 '-f images reads a locked PDF with its password' "${images[@]}" \
	--password-file password -o 'locked%d-%i' locked-forms.pdf
cat locked*-1.png | cmp - <(cat form*-1.png)
ok 'a locked PDF gives the same images'
python3 "$TESTS/data/image-forms.py" cut cut.pdf
status 3 'an image that lacks samples is exit status 3' "${images[@]}" -o 'cut%d-%i' cut.pdf
like "$(cat err)" "'cut.pdf', page 1, image 1: some of its pixels are lost" \
	'an image that lacks samples: the message'
is "$(xargs <out)" 'cut1-1.png' 'an image that lacks samples is written nevertheless'
status 3 'an image that lacks samples is not cached' "${images[@]}" -v -o 'cut%d-%i' cut.pdf
printf '{"ocr":{"max_megapixels":1}}' >config.json
pdftoppm -jpegcmyk -r 150 -singlefile digital.pdf large
img2pdf large.jpg -o large.pdf 2>img.err
PC_CONFIG=$T/config.json status 2 'an image with too many pixels fails' \
	"${images[@]}" --no-cache -o 'u%d-%i' large.pdf
like "$(cat err)" 'page 1, image 1: .* pixels exceed 1 megapixels; raise ocr.max_megapixels' \
	'an image with too many pixels: the message'
is "$(ls "$TMPDIR")" '' 'no temporary file is left'
done_testing
