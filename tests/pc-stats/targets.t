#!/bin/bash
# pc-stats --targets: each target is met by a time at its bound, and missed by
# one slightly above it.
. "$(dirname "$0")/../lib.sh"
command -v python3 >/dev/null || skip_all 'no python3'
printf v | pc-put -s x

# verdict WHAT WANT DESCRIPTION, of the events in the file
verdict() {
	"$TESTS/data/events.py" <lines >store/events
	is "$(pc-stats --targets --json | jq -r --arg what "$1" \
		'.[] | select(.what == $what).met')" "$2" "$3"
	pc-stats --targets >/dev/null
	[ $? = "$([ "$2" = false ]; echo $((1 - $?)))" ]
	ok 'the exit status of --targets agrees with the verdict'
}

pc-stats --targets >out
is "$(grep -c 'no data$' out)" 11 'without events every target has no data'
for bound in 'ocr: hit:100 ms' 'layout: hit:50 ms' 'vision: hit:200 ms' \
	'image: hit:800 ms' 'text: hit:250 ms' 'fetch: hit:500 ms' \
	'end to end, warm:900 ms' 'end to end, cold:2500 ms' \
	'text: hit rate:60 %' 'vision: hit rate:20 %' 'fetch: hit rate:70 %'; do
	like "$(cat out)" "^${bound%:*} .* [<>]= ${bound##*:}  " "$bound"
done

while read -r what stage program bound; do
	for part in 98 102; do
		echo "hit $stage program=$program times=9 duration=$((bound * part * 10))" >lines
		verdict "$what: hit" "$([ $part = 98 ] && echo true || echo false)" \
			"$what: $stage, $part % of $bound ms"
	done
done <<'END'
ocr ocr 5 100
ocr scans 5 100
layout layout 4 50
vision ocr-vision 6 200
image caption 6 800
text infer 6 250
fetch api 7 500
END

# A miss that then took another process's result counts as a hit.
while read -r what stage program percent; do
	for rate in "$percent" $((percent - 2)); do
		{
			echo "hit $stage program=$program times=$((rate - 10))"
			echo "wait $stage program=$program times=10"
			echo "miss $stage program=$program times=$((110 - rate))"
		} >lines
		verdict "$what: hit rate" \
			"$([ "$rate" = "$percent" ] && echo true || echo false)" \
			"$what: a rate of $rate %"
	done
done <<'END'
text summary 6 60
vision vision 6 20
fetch fetch 7 70
END

for part in 98 102; do
	met=$([ $part = 98 ] && echo true || echo false)
	{
		echo "compute ocr program=5 times=9 duration=$((part * 10000))"
		echo "compute summary program=6 times=9 duration=$((part * 15000))"
	} >lines
	verdict 'end to end, cold' "$met" "cold, one after the other: $part %"
	{
		echo "hit image program=6 times=9 duration=$((part * 7000))"
		echo "hit text program=6 times=9 duration=$((part * 2000))"
	} >lines
	verdict 'end to end, warm' "$met" "warm, one after the other: $part %"
done
like "$(pc-stats --targets)" '^1 missed: pc-stats --doctor shows' '--targets suggests pc-stats --doctor'
done_testing
