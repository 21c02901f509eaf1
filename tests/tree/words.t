#!/bin/bash
# The language of pages, messages, comments and test names: words and phrases
# that readers have to read twice are retired, and do not come back.
. "$(dirname "$0")/../lib.sh"

retired='
	anew
	mend(s|ed|ing)?
	be rid of
	stranger(s|.s)?
	(nobody|somebody|whoever)
	tells? of
	says nothing to
	goes (with|alone)
	good for so long
	time to go
	past its time
	of so many
	all there is
	that there are to do
	asked for once
	in the place of
	as it is said
	so much
	(?<!there )(is|are) no (?!longer|more|less|later|earlier|larger|smaller)
'
pattern=$(printf '%s' "$retired" | sed 's/^[[:space:]]*//; /^$/d' | paste -sd '|')

# Lines of these files, below the tree's top, with one of the words.  Prompts
# (*.json) are part of keys and stay as they are.
retired_in() {
	find "$@" -type f ! -name words.t ! -name '*.json' ! -path '*/data/*' -print0 |
		xargs -0 grep -nPi "\\b($pattern)\\b" --
}

cd "$TESTS/.." || exit 1
is "$(retired_in man README.md)" '' 'no page uses a retired word'
is "$(retired_in completions)" '' 'no completion uses a retired word'
is "$(retired_in cmd lib)" '' \
	'no message, help text or comment uses a retired word'
is "$(retired_in tests)" '' 'no test uses a retired word'
is "$(printf 'it is asked anew\n' | grep -cP "\\b($pattern)\\b")" 1 \
	'the search finds a retired word'
done_testing
