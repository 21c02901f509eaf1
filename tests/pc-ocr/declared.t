#!/bin/bash
# pc-ocr: what a PDF declares beside the text of its pages.
. "$(dirname "$0")/../lib.sh"

for tool in python3 jq qpdf; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
python3 "$TESTS/data/declared.py" && python3 "$TESTS/data/tagged.py" ||
	skip_all 'no documents can be made'

# layout FILE FILTER: what jq finds in the layout
layout() {
	pc-ocr -f layout "$1" 2>/dev/null | jq -c "$2"
}

# ---- of the document

is "$(layout book.pdf .metadata)" \
	'{"title":"Hafen ⚓ 🚢","author":"Renée € Vos","producer":"a\tb","created":"2024-02-29T13:45:01+01:30","modified":"yesterday"}' \
	'metadata become UTF-8, dates become those of ISO 8601, empty values are left out'
is "$(layout book.pdf '.bookmarks[] | [.title, .level, .page // .uri // .file]' |
	tr '\n' ' ')" \
	'["Array",1,2] ["Name",2,3] ["String",2,2] ["König",1,"https://example.org/k"] ["Lost",1,null] ["Other",1,"other.pdf"] ' \
	'bookmarks have a level, and a page, URI or file'
is "$(layout book.pdf '[.pages[].label]')" '["iv","App. A","end"]' \
	'pages have labels'

is "$(layout xmp.pdf .metadata)" \
	'{"title":"Hafen ⚓ <1> &b;","author":"Renée Vos, A. Lopez","creator":"Writer","producer":"A & B","created":"2024-02-29T13:45:01Z"}' \
	'XMP gives the metadata that the document information lacks'
is "$(layout cut.pdf '.metadata | [.creator, .title]')" '["Writer",null]' \
	'XMP may be cut'

# ---- of a page

is "$(layout book.pdf '.pages[0].links')" \
	'[{"uri":"https://example.org/a","box":[72,122,172,142]},{"page":2,"box":[72,162,172,182]},{"file":"x.txt"}]' \
	'links have a target, and a box whichever corners the file names'
is "$(layout book.pdf '.pages[1].annotations')" \
	'[{"type":"Text","text":"Check “this”\u0007","author":"Eve","modified":"2024-03-01","box":[20,10,40,30]}]' \
	'annotations have a type, text, author and date, and a box on the turned page'
is "$(layout form.pdf '.pages[0].fields[] | [.name, .type, .value, .checked]' |
	tr '\n' ' ')" \
	'["name","text","Achterberg",null] ["address.town","text","Den Haag — Süd",null] ["member","checkbox","Yes",true] ["news","checkbox","On",false] ["pay","radio","invoice",false] ["pay","radio","card",true] ["plan","choice","Gold",null] ["days","list",["Mon","Tue"],null] ["pin","password",null,null] ["secret","text","unseen",null] ["seal","signature","M. Lopez",null] ' \
	'fields have a full name, a type and a value, but passwords do not'
is "$(layout form.pdf '.pages[0].fields[] | select(.hidden or .signed or .description) | .name' |
	tr '\n' ' ')" '"name" "secret" "seal" ' \
	'fields may be described, hidden or signed'
is "$(layout form.pdf '.pages[0].fields[0].box')" '[150,132,350,152]' \
	'fields have a box'

is "$(layout struck.pdf '[.pages[].blocks[].lines[].words[] | select(.struck) | .text]')" \
	'["drawn","filled","noted"]' \
	'words are struck out by lines, thin rectangles and annotations'
is "$(pc-ocr -f md struck.pdf | grep -v '^$')" \
	"$(pc-ocr struck.pdf | sed -E 's/(drawn|filled|noted)/~~&~~/')" \
	'Markdown strikes them out'
is "$(layout attached.pdf '[.attachments, .pages[0].annotations]')" \
	'[[{"name":"Zahlen ∑.csv","description":"A table","type":"text/csv","size":4,"modified":"2024"}],[{"type":"FileAttachment","file":"Zahlen ∑.csv","box":[9,813,29,833]}]]' \
	'attachments are listed'

# ---- attachments as documents

rm -rf "$PC_STORE"
cat >attachments <<-'END'
	["letter.pdf",null,"A letter with files.\n"]
	["letter.pdf/attachment Zahlen ∑.csv","Zahlen ∑.csv","1,2\n"]
	["letter.pdf/attachment inner.pdf","inner.pdf","A letter with files.\n"]
	["letter.pdf/attachment inner.pdf/attachments",null,"attachments of attachments are not read"]
	["letter.pdf/attachment cut.txt","cut.txt","its data are damaged or of an unknown form"]
	["letter.pdf/attachment note\n.txt","note\n.txt","A note.\n"]
END
status 3 'an attachment that fails does not make its document fail' \
	pc-ocr --attachments --jsonl letter.pdf
is "$(jq -c '[.file, .attachment, .text // .error]' out)" "$(cat attachments)" \
	'--attachments gives each attached file a record of its own'
like "$(cat err)" "'letter.pdf/attachment cut.txt': its data are damaged" \
	'an attachment that fails is named'
pc-ocr --attachments --jsonl letter.pdf >out 2>err
is "$(jq -c .hit out | tr '\n' ' ')" 'true true true null null true ' \
	'attachments are cached, and failures are not'
is "$(jq -c '[.file, .attachment, .text // .error]' out)" "$(cat attachments)" \
	'a hit has the same attachments as a miss'
is "$(pc-ocr --attachments letter.pdf 2>/dev/null | tr '\f\n' '^|')" \
	'A letter with files.|^Attachment: Zahlen ∑.csv||1,2|^Attachment: inner.pdf||A letter with files.|^Attachment: note .txt||A note.|' \
	'the text of each follows its name'
is "$(pc-ocr -q -f md --attachments attached.pdf)" 'A letter with a table.

# Attachment: Zahlen ∑.csv

1,2' 'in Markdown the name is a heading, and a file that is named twice is read once'
mv letter.pdf moved.pdf
is "$(pc-ocr -f tsv --attachments moved.pdf 2>/dev/null | grep -c note)" 1 \
	'another format reads the attachments as they are cached'
pc-gc --stage ocr >/dev/null 2>&1
is "$(pc-ocr --attachments --offline --jsonl moved.pdf 2>/dev/null | jq -r .error)" \
	'not in the cache (--offline)' 'pc-gc --stage ocr deletes attachments too'
pc-ocr --attachments moved.pdf >/dev/null 2>&1
pc-gc --file moved.pdf --derived >/dev/null 2>&1
is "$(pc-ocr --offline inner.pdf 2>&1 | grep -c 'not in the cache')" 1 \
	'deleting a document deletes the text of its attachments'
status 3 'there is a limit to the number of attachments' \
	pc-ocr --attachments --jsonl many.pdf
is "$(tail -n 2 out | jq -c '[.file, .text // .error]' | tr '\n' ' ')" \
	'["many.pdf/attachment 99","File 99\n"] ["many.pdf/attachments 101 to 103","only the first 100 attachments of a document are read"] ' \
	'100 of them are read'
for f in pdf png images; do
	status 2 "-f $f has no attachments" \
		pc-ocr --attachments -f $f -o '{}%d%i' letter.pdf
done

# ---- values that the text layer lacks

filled='Achterberg|Den Haag — Süd|Gold|Mon Tue'
is "$(pc-ocr form.pdf | tr '\n' ' ' | grep -oE "$filled|Sd|unseen|1234" |
	sort | tr '\n' '|')" 'Achterberg|Den Haag — Süd|Gold|Mon Tue|' \
	'the text has each value that the page shows once, and no hidden one'
is "$(pc-ocr --order raw form.pdf | grep -cE "^($filled)$")" 4 \
	'poppler'"'"'s order has them too'
is "$(layout form.pdf '.pages[0].blocks[] | select(.text == "Gold") | .box[1] > 280 and .box[3] < 320')" \
	true 'a value stands where its field is'

# ---- tagged PDFs

is "$(layout tagged.pdf '.pages[0].blocks[] | [.type[:4], .level, .artifact, .text[:8]]' | tr '\n' ' ')" \
	'["head",1,null,"Care of "] ["para",null,null,"Every bo"] ["head",2,null,"Painting"] ["para",null,null,"Paint dr"] ["para",null,true,"SPECIMEN"] ' \
	'the structure of a tagged PDF gives headings and artifacts'
is "$(pc-ocr -f md tagged.pdf | grep -v '^$')" '# Care of the boats
Every boat is cleaned in spring by its crew.
## Painting
Paint dries for two days.' 'Markdown has these headings and no artifacts'
is "$(layout tagged.pdf '.pages[0].alt')" '[{"type":"Figure","text":"A red “boat”"}]' \
	'a figure has its text'
for f in partly artifacts; do
	is "$(layout $f.pdf '[.pages[0].blocks[] | .artifact // .level] | unique')" \
		'[null]' "a structure that covers little is not used: $f"
done
status 0 'a structure that contains itself is read' limit pc-ocr -f layout looped.pdf

# cells FILE: the table's cells in the layout
cells() {
	layout "$1" '.pages[0].blocks[] | select(.type == "table") | .cells[] |
		[.row, .column, .rows // 1, .columns // 1, .header // false, .text]'
}
cells berths.pdf >cells
is "$(cat cells)" '[0,0,2,1,true,"Boat"]
[0,1,1,2,true,"Fee"]
[0,3,2,1,true,"Remark"]
[1,1,1,1,true,"Spring"]
[1,2,1,1,true,"Autumn"]
[2,0,1,1,false,"Albatros"]
[2,1,1,1,false,"120"]
[2,2,1,1,false,"95"]
[2,3,1,1,false,"Its mast is new\nand of spruce"]
[3,0,2,1,false,"Bora"]
[3,1,1,1,false,"80"]
[3,3,1,1,false,"none"]
[4,1,1,2,false,"not paid yet"]
[4,3,1,1,false,"ask them"]
[5,0,1,1,false,"Calypso"]
[5,1,1,1,false,"77"]
[5,2,1,1,false,"60"]
[5,3,1,1,false,"sold in May"]' \
	'a tagged table has the cells of its tags, whose marks are named in resources or in a form'
words() {
	pc-ocr -f tsv "$1" | cut -f 12 | grep . | sort
}
for f in swapped reversed; do
	is "$(cells $f.pdf | grep -oE 'Albatros|120|95' | tr '\n' ' ')" \
		'Albatros 120 95 ' \
		"a tagged table whose cells are elsewhere is not used: $f"
	is "$(words $f.pdf)" "$(words berths.pdf)" \
		"a wrong table loses no word: $f"
done
trees() {
	pc-ocr -f md "$1" | grep -oE 'alder|birch|cedar|elder|hazel|maple' |
		uniq | tr '\n' ' '
}
is "$(trees rows.pdf)" 'alder birch cedar elder ' \
	'paragraphs side by side are read in the order of the structure'
is "$(trees shuffled.pdf)" 'alder birch cedar elder hazel maple ' \
	'an order that jumps up is not used'
is "$(pc-ocr -f md items.pdf)" '- Clean the deck before the season begins.
- Pay in time.
  - by bank
  - in cash
- Light no fires.' 'tagged lists need no bullets'

# ---- other files, and other ways to read

declared='del(.file, .id, .hit, .reason, .text)'
pc-ocr --jsonl book.pdf | jq -c "$declared" >miss
pc-ocr --jsonl book.pdf | jq -c "$declared" >hit
is "$(jq -c '[.metadata.producer, .bookmarks[1].page, .pages[1].label, .pages[0].links[0].uri]' miss)" \
	'["a\tb",3,"App. A","https://example.org/a"]' \
	'a JSON record has them too'
is "$(cat hit)" "$(cat miss)" 'a hit has the same as a miss'
qpdf --object-streams=generate book.pdf packed.pdf
is "$(layout packed.pdf 'del(.pages[].blocks)')" \
	"$(layout book.pdf 'del(.pages[].blocks)')" \
	'they are found in packed objects'
pc-ocr packed.pdf >/dev/null
is "$(pc-ocr --jsonl packed.pdf | jq -c '[.hit, (.bookmarks | length)]')" \
	'[true,6]' 'text that was stored without --jsonl has them in its record'
qpdf --encrypt '' owner 256 -- packed.pdf locked.pdf
is "$(layout locked.pdf 'del(.pages[].blocks)')" \
	"$(layout book.pdf 'del(.pages[].blocks)')" \
	'they are found in an encrypted document'

status 0 'trees and lists that never end are read' limit pc-ocr -f layout maze.pdf
is "$(jq -c '[.bookmarks[].title]' out)" '["a","b"]' \
	'a cycle of bookmarks gives each once'

# loads FILE: how many processes that read it load libqpdf
loads() {
	strace -f -qq -e trace=openat -o trace pc-ocr --no-cache "$1" \
		>/dev/null 2>&1
	grep -c libqpdf trace
}
if strace -f -o /dev/null true 2>/dev/null; then
	echo 'The brass lantern hung above the narrow street.' |
		groff -Tpdf -P-pa4 >plain.pdf 2>/dev/null
	is "$(loads plain.pdf)" 0 'text without such things is read without libqpdf'
	like "$(loads book.pdf)" '^[1-9]' 'links need libqpdf'
else
	skip 'text without such things is read without libqpdf' 'no strace'
	skip 'links need libqpdf' 'no strace'
fi

done_testing
