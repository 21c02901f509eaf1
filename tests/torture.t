#!/bin/bash
# The store under kill -9, damage and crowds: short here, and TORTURE_ROUNDS
# long in `make torture`.
. "$(dirname "$0")/lib.sh"

rounds=${TORTURE_ROUNDS:-60}
seed=${TORTURE_SEED:-$(($(date +%s) % 100000))}
echo "# TORTURE_ROUNDS=$rounds TORTURE_SEED=$seed"
plan 10

# On a busy machine there are fewer rounds, and all that there were are judged.
seconds=$((60 + rounds))
PATIENCE=$((PATIENCE + 4 * seconds))

# report [KEEPERS]: what was said, and what pc-gc said last, as comments
report() {
	sed 's/^/# /' report
	[ $# = 0 ] || grep -v ': another pc-gc is at work' "$1" | tail -n 3 |
		sed 's/^/# /'
}

mkdir kill keep cap lose flip
limit "$BUILD/tests/torture-kill" -t $seconds kill "$rounds" "$seed" \
	>report 2>&1
ok 'writers and readers are killed: what was acknowledged is there'
report
limit "$BUILD/tests/torture-kill" -t $((2 * seconds)) keep "$rounds" "$seed" \
	"$BUILD/pc-gc" >report 2>&1
ok "and with pc-gc in all its modes, killed too"
report keep/keepers
limit "$BUILD/tests/torture-kill" -c $((24 << 20)) -t $seconds cap "$rounds" \
	"$seed" "$BUILD/pc-gc" >report 2>&1
ok 'and at a cap, where nothing old comes back and it holds'
report cap/keepers
status 1 'a store that has lost a record is found out' \
	limit "$BUILD/tests/torture-kill" -l lose 5 "$seed"
like "$(cat out)" '^FAULT .*: acknowledged and not there: key ' 'and said to be'
limit "$BUILD/tests/torture-flip" -t $((2 * seconds)) flip "$rounds" "$seed" \
	>report 2>&1
ok 'places are damaged: the right bytes or a miss'
report

# ---- single-flight

# What the command does: say who runs it, wait, print a lot.
cat >slow <<SLOW
#!/bin/sh
echo \$PPID >>"\$1.runs"
$held
seq 1 20000
SLOW
chmod +x slow
seq 1 20000 >want

# start N ROUND: N together on a cold key, their outputs in out.*
start() {
	rm -f out.* go
	: >"$2.runs"
	for i in $(seq "$1"); do
		# The inner shell says who was killed, into the file.
		(pc-run -s flight -p round="$2" -- ./slow "$2"; :) \
			>"out.$i" 2>"err.$i" &
	done
}

# whole: how many of them printed all there is
whole() {
	local n=0 f
	for f in out.*; do cmp -s "$f" want && n=$((n + 1)); done
	echo $n
}

start 32 together
await lines 1 together.runs
touch go
wait
is "$(wc -l <together.runs)" 1 'of 32 started together one runs the command'
is "$(whole)" 32 'and 32 print its bytes'

# Each round kills the first that computes, and the second.
taken=0 others=0
flights=$((1 + rounds / 200))
for round in $(seq $flights); do
	start 12 "$round"
	for killed in 1 2; do
		await lines $killed "$round.runs"
		kill -9 "$(sed -n ${killed}p "$round.runs")"
	done
	await lines 3 "$round.runs"
	touch go
	wait
	taken=$((taken + $(wc -l <"$round.runs")))
	others=$((others + $(whole)))
done
is $taken $((3 * flights)) 'when the one that computes is killed, one takes over'
is $others $((10 * flights)) 'and the others print the bytes'
