#!/bin/bash
# pc-ocr: the text layer, OCR or both, by what is on a page.
. "$(dirname "$0")/../lib.sh"

"$TESTS/data/make-pages" . short.pdf cipher.pdf || skip_all 'no documents can be made'

source_of() { jq -r '.pages | map(.source) | join(" ")' out; }
text_of() { jq -r .text out; }

status 0 'a page with a short text at its edge is read' pc-ocr --jsonl short.pdf
is "$(source_of)" text-layer 'a short text at the edge of a page without images is its text layer'
is "$(text_of)" 'Attachment B, order 0815-O0l1, batch Il1I' \
	'a short text is printed letter by letter'

status 0 'a page with shifted letters is read' pc-ocr --jsonl cipher.pdf
is "$(source_of)" bad-text 'a text layer with shifted letters is not used'
like "$(text_of)" 'harbour office opens at seven' 'a page with shifted letters is read by OCR'
done_testing
