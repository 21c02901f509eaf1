#!/bin/bash
# The unit tests under valgrind.  Only `make valgrind` runs this, with shared
# libraries, as valgrind needs them.
. "$(dirname "$0")/../lib.sh"

[ -n "${PC_VALGRIND-}" ] || skip_all 'only under make valgrind'
for unit in "$BUILD"/tests/unit-*; do
	case $unit in
	*.d) continue ;; # dependencies, for make
	*-sandbox) continue ;; # valgrind cannot run inside a sandbox
	esac
	# Their data has names relative to the top folder.
	(cd "$TESTS/.." && NEWER_ROUNDS=2000 valgrind -q --error-exitcode=99 \
		--leak-check=full "$unit") >log 2>&1
	is "$(grep -E '^not ok|^==' log; echo $?)" 1 "valgrind finds no error in $(basename "$unit")"
done

done_testing
