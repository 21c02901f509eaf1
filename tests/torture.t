#!/bin/bash
# The store under kill -9, damage and crowds: short here, and TORTURE_ROUNDS
# long in `make torture`.
. "$(dirname "$0")/lib.sh"

rounds=${TORTURE_ROUNDS:-60}
seed=${TORTURE_SEED:-$(($(date +%s) % 100000))}
echo "# TORTURE_ROUNDS=$rounds TORTURE_SEED=$seed"
plan 7

# report FILE: its lines as comments
report() { sed 's/^/# /' "$1"; }

mkdir kill keep flip
timeout $((60 + rounds)) "$BUILD/tests/torture-kill" kill "$rounds" "$seed" \
	>report 2>&1
ok "writers and readers killed $rounds times: what was acknowledged is there"
report report
timeout $((240 + rounds)) "$BUILD/tests/torture-kill" keep "$rounds" "$seed" \
	"$BUILD/pc-gc" >report 2>&1
ok "and with pc-gc in all its modes, killed too"
report report
timeout $((240 + rounds)) "$BUILD/tests/torture-flip" flip "$rounds" "$seed" \
	>report 2>&1
ok "$rounds places damaged: the right bytes or a miss"
report report

# ---- single-flight

# What the command does: say who runs it, take a while, print a lot.
cat >slow <<'SLOW'
#!/bin/sh
echo $PPID >>"$1.runs"
sleep "$2"
seq 1 20000
SLOW
chmod +x slow
seq 1 20000 >want

# start N ROUND SECONDS: N together on a cold key, their outputs in out.*
start() {
	rm -f out.*
	: >"$2.runs"
	for i in $(seq "$1"); do
		# The inner shell says who was killed, into the file.
		(pc-run -s flight -p round="$2" -- ./slow "$2" "$3"; :) \
			>"out.$i" 2>"err.$i" &
	done
}

# whole: how many of them printed all there is
whole() {
	local n=0 f
	for f in out.*; do cmp -s "$f" want && n=$((n + 1)); done
	echo $n
}

start 32 together 1
wait
is "$(wc -l <together.runs)" 1 'of 32 started together one runs the command'
is "$(whole)" 32 'and 32 print its bytes'

# Each round kills the first that computes, and the second.
taken=0 others=0
flights=$((1 + rounds / 200))
for round in $(seq $flights); do
	start 12 "$round" 1.5
	for killed in 1 2; do
		for _ in $(seq 100); do
			[ "$(wc -l <"$round.runs")" -ge $killed ] && break
			sleep 0.05
		done
		kill -9 "$(sed -n ${killed}p "$round.runs")"
	done
	wait
	taken=$((taken + $(wc -l <"$round.runs")))
	others=$((others + $(whole)))
done
is $taken $((3 * flights)) 'when the one that computes is killed, one takes over'
is $others $((10 * flights)) 'and the others print the bytes'
