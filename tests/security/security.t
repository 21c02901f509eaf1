#!/bin/bash
# Each statement of pc-security.7 names tests, and these tests exist.
. "$(dirname "$0")/../lib.sh"
page=$TESTS/../man/pc-security.7

# named PAGE: "FILE:NAME" for each test that it names; .Pa has the file, .Dq the
# name of a test in it
named() {
	awk '/^\.Sh/ { file = "" }
		/^\.Pa tests\// { file = $2; next }
		/^\.Dq / { sub(/^\.Dq /, ""); print file ":" $0 }' "$1"
}
# unnamed PAGE: the items of its STATEMENTS that name no test
unnamed() {
	awk '/^\.Sh/ { inside = $2 == "STATEMENTS" }
		inside && /^\.(It|El)/ { if (open) print text
			open = /^\.It/; text = "" }
		inside && open && /^\.Dq / { open = 0 }
		inside && open && !/^\./ { text = text " " $0 }' "$1"
}
# missing PAGE: the tests that it names and that are not in their file
missing() {
	named "$1" | while IFS= read -r line; do
		grep -qsF -- "${line#*:}" "$TESTS/../${line%%:*}" || echo "$line"
	done
}
[ "$(named "$page" | wc -l)" -gt 40 ]
ok 'pc-security.7 names tests'
is "$(unnamed "$page")" '' 'each statement of pc-security.7 names a test'
is "$(missing "$page")" '' 'each test that pc-security.7 names exists'
is "$(grep -o '^\.Dq .*' "$page" | awk 'length($0) < 10')" '' \
	'each name of a test in pc-security.7 is long enough to be unique'

# ---- the checks themselves
sed -e 's/^\.Sh STATEMENTS/&\n.Bl -bullet\n.It\nNothing can go wrong.\n.El/' \
	"$page" >claims.7
is "$(unnamed claims.7)" ' Nothing can go wrong.' \
	'a statement without a test is found'
printf '.Sh STATEMENTS\n.Pa tests/tree/link.t :\n.Dq needs no such thing\n' >wrong.7
is "$(missing wrong.7)" 'tests/tree/link.t:needs no such thing' \
	'a name that is in no test is found'
done_testing
