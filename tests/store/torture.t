#!/bin/bash
# The store under kill -9, damage and many processes: short here, and as long as
# TORTURE_ROUNDS says in `make torture`.
. "$(dirname "$0")/../lib.sh"

rounds=${TORTURE_ROUNDS:-60}
seed=${TORTURE_SEED:-$(($(date +%s) % 100000))}
echo "# TORTURE_ROUNDS=$rounds TORTURE_SEED=$seed"
plan 10

# A busy machine gets through fewer rounds; each of them is checked.
seconds=$((60 + rounds))
PATIENCE=$((PATIENCE + 4 * seconds))

# report [KEEPERS]: print the report, and the last lines of pc-gc, as comments
report() {
	sed 's/^/# /' report
	[ $# = 0 ] || grep -v ': another pc-gc is at work' "$1" | tail -n 3 |
		sed 's/^/# /'
}

mkdir kill keep cap lose flip
limit "$BUILD/tests/torture-kill" -t $seconds kill "$rounds" "$seed" \
	>report 2>&1
ok 'writers and readers are killed: acknowledged puts are hits'
report
limit "$BUILD/tests/torture-kill" -t $((2 * seconds)) keep "$rounds" "$seed" \
	"$BUILD/pc-gc" >report 2>&1
ok 'writers, readers and pc-gc in all modes are killed: acknowledged puts are hits'
report keep/keepers
limit "$BUILD/tests/torture-kill" -c $((24 << 20)) -t $seconds cap "$rounds" \
	"$seed" "$BUILD/pc-gc" >report 2>&1
ok 'at a size cap all are killed: no old value comes back, and the cap holds'
report cap/keepers
status 1 'the torture program finds a store that has lost a record' \
	limit "$BUILD/tests/torture-kill" -l lose 5 "$seed"
like "$(cat out)" '^FAULT .*: an acknowledged put is missing: key ' 'the torture program names the lost record'
limit "$BUILD/tests/torture-flip" -t $((2 * seconds)) flip "$rounds" "$seed" \
	>report 2>&1
ok 'after damage to its files a store gives the right bytes or a miss'
report

# ---- single-flight

# The command: write the pid of its pc-run, wait, print many lines.
cat >slow <<SLOW
#!/bin/sh
echo \$PPID >>"\$1.runs"
$held
seq 1 20000
SLOW
chmod +x slow
seq 1 20000 >want

# start N ROUND: start N pc-run at once on a key that is not cached; their
# outputs go to out.*
start() {
	rm -f out.* go
	: >"$2.runs"
	for i in $(seq "$1"); do
		# The inner shell reports a killed process, into the file.
		(pc-run -s flight -p round="$2" -- ./slow "$2"; :) \
			>"out.$i" 2>"err.$i" &
	done
}

# whole: how many of them printed the complete output
whole() {
	local n=0 f
	for f in out.*; do cmp -s "$f" want && n=$((n + 1)); done
	echo $n
}

start 32 together
await lines 1 together.runs
touch go
wait
is "$(wc -l <together.runs)" 1 'of 32 pc-run started at once one runs the command'
is "$(whole)" 32 'all 32 pc-run started at once print its output'

# Each round kills the first process that computes, and then the second.
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
is $taken $((3 * flights)) 'if the process that computes is killed, one other computes'
is $others $((10 * flights)) 'if the process that computes is killed, all others print the output'
