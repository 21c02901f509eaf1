#!/bin/bash
# The memory of the machine, of a command, and in the records.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/memory/roots.sh"

eater=$BUILD/tests/eater
export OLLAMA_HOST=127.0.0.1:1 # no server
now() { pc-memstat -q --json | jq -c "$1"; }

# ---- the memory of the machine

status 0 'without a server pc-memstat exits with 0' pc-memstat
like "$(cat out)" '^memory +[0-9.]+ [MG]iB of +[0-9.]+ GiB' 'the first line is the memory of the machine'
like "$(cat out)" '^the server at http://127.0.0.1:1: .*onnect' \
	'a server that is down is reported with the reason'
is "$(cat err)" '' 'a server that is down gives no warning'
is "$(now '.total_bytes / 1024 == '"$(awk '/^MemTotal/ { print $2 }' \
	/proc/meminfo)")" true 'total_bytes is MemTotal of /proc/meminfo'
machine 8192 2048
is "$(now '[.total_bytes, .available_bytes, .used_pct, .swap_total_bytes,
	.swap_free_bytes]')" '[8589934592,2147483648,75,2097152,1048576]' \
	'memory and swap are those of /proc/meminfo'
is "$(now '[.gpus, .servers[0].up, .cgroup, .pressure]')" \
	'[[],false,null,null]' 'a machine without GPU, server, cgroup and pressure is reported as such'
printf '%s\n' 'some avg10=1.50 avg60=0.25 avg300=0.00 total=1234567' \
	'full avg10=0.50 avg60=0.00 avg300=0.00 total=99' \
	>root/proc/pressure/memory
is "$(now '[.pressure.some.avg10, .pressure.full.avg10,
	.pressure.some.total_us]')" '[1.5,0.5,1234567]' 'memory pressure is reported'
cgroup /user.slice/job 1073741824 805306368 268435456
is "$(now '[.cgroup.path, .cgroup.limit_bytes, .cgroup.current_bytes,
	.cgroup.reclaimable_bytes, .used_pct]')" \
	'["/user.slice/job",1073741824,805306368,268435456,50]' \
	'the limit of a cgroup counts without its reclaimable files'
echo 536870912 >root/sys/fs/cgroup/user.slice/memory.max
echo 402653184 >root/sys/fs/cgroup/user.slice/memory.current
is "$(now '[.cgroup.path, .used_pct]')" '["/user.slice",75]' \
	'the limit of the parent cgroup counts if it leaves less'
echo max >root/sys/fs/cgroup/user.slice/memory.max
echo max >root/sys/fs/cgroup/user.slice/job/memory.max
is "$(now '[.cgroup, .used_pct]')" '[null,75]' 'max in a cgroup means that it has no limit'
mkdir -p root/sys/fs/cgroup/memory/old
printf '9:cpu:/x\n4:memory:/old\n0::/\n' >root/proc/self/cgroup
echo 2147483648 >root/sys/fs/cgroup/memory/old/memory.limit_in_bytes
echo 1073741824 >root/sys/fs/cgroup/memory/old/memory.usage_in_bytes
printf 'total_inactive_file 0\n' >root/sys/fs/cgroup/memory/old/memory.stat
is "$(now '[.cgroup.limit_bytes, .used_pct]')" '[2147483648,50]' \
	'the limit of a cgroup v1 is reported'

# ---- hostile files

hostile() { # WHAT: every report succeeds with these files
	status 0 "$1: --json exits with 0" pc-memstat -q --json
	jq -e . out >/dev/null
	ok "$1: --json prints JSON"
	pc-memstat -q --prometheus >out
	ok "$1: --prometheus exits with 0"
	pc-memstat -q >out
	ok "$1: the table exits with 0"
}
for value in '' -1 99999999999999999999999999 $'1\001' nan 1e9 0x10; do
	cgroup /a "$value" "$value" "$value"
	hostile "a limit of '$value'"
done
cgroup /a 100 5000000 9999999
hostile 'more memory in use than the limit'
is "$(now .used_pct)" 100 'more memory in use than the limit is reported as 100 %'
for path in /../../etc "/$(printf 'x%.0s' {1..5000})" '' relative $'/a\n0::/b'; do
	printf '0::%s\n' "$path" >root/proc/self/cgroup
	hostile "a cgroup name of ${#path} characters, ${path:0:8}"
done
head -c 100000 /dev/urandom >root/proc/self/cgroup
head -c 100000 /dev/urandom >root/proc/pressure/memory
hostile 'random bytes as the cgroup and the pressure'
echo 'some avg10=1e999 avg60=-5 avg300=nan total=-1' >root/proc/pressure/memory
hostile 'invalid numbers as the pressure'
is "$(now .pressure)" null 'invalid pressure is reported as null'
for text in '' 'MemTotal: 0 kB' 'MemTotal: 99999999999999999999 kB' 'MemTotal:' \
	'MemTotal: x kB' 'MemAvailable: 5 kB'; do
	echo "$text" >root/proc/meminfo
	hostile "'$text' as /proc/meminfo"
	is "$(now .total_bytes)" null 'without a valid MemTotal the total is null'
	status 2 'without memory figures --warn exits with 2' pc-memstat --warn 80
	status 2 'without memory figures --wait exits with 2' pc-memstat --wait 1M
done
printf 'MemTotal: 1000 kB\nMemAvailable: 5000 kB\n' >root/proc/meminfo
rm root/proc/self/cgroup
is "$(now '[.available_bytes, .used_pct]')" '[1024000,0]' \
	'the available memory is at most the total'
printf 'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 100 kB\nCached: 300 kB\n' \
	>root/proc/meminfo
is "$(now .used_pct)" 50 'without MemAvailable free memory, buffers and cache count'
rm root/proc/meminfo
mkfifo root/proc/meminfo
limit pc-memstat -q >/dev/null
is $? 0 'a named pipe as meminfo does not block'
rm -rf root
hostile 'no /proc and no /sys'
no_machine

# ---- thresholds, waiting

machine 1000 150
status 1 '--warn 80 exits with 1 at 85 %' pc-memstat --warn 80
like "$(cat err)" 'memory is low: 85.0 % used' '--warn says that memory is low'
is "$(wc -l <err)" 1 '--warn prints one line'
is "$(cat out)" '' '--warn prints nothing on standard output'
status 0 '--warn 90 exits with 0 at 85 %' pc-memstat --warn 90
is "$(cat out err)" '' '--warn below its limit prints nothing'
status 1 '--warn without a value uses the default of memory.warn' pc-memstat --warn
status 1 '--warn 50 --critical 85 exits with 1 at 85 %' pc-memstat --warn 50 --critical 85
like "$(cat err)" 'memory is critical' '--critical says that memory is critical'
mkdir -p home/.config/pc
echo '{"memory": {"warn": 86, "critical": 99}}' >home/.config/pc/config.json
status 0 '--warn without a value uses memory.warn' pc-memstat --warn
rm home/.config/pc/config.json
cgroup /box 104857600 103809024
status 1 '--warn exits with 1 in a full cgroup' pc-memstat --warn 90
rm -r root/sys root/proc/self/cgroup
status 0 '--wait exits with 0 if there is enough memory' pc-memstat --wait 100M
status 75 '--wait --timeout exits with 75 if there is too little' pc-memstat --wait 500M --timeout 1s
like "$(cat err)" 'timed out after [0-9]+ s: 150 MiB available, 500 MiB required' '--wait reports the available and the required memory'
status 2 '--wait for more than the machine has exits with 2' pc-memstat --wait 2G
looks_again() {
	local pid
	pid=$(process "$1" pc-memstat) && wakes "$pid"
}
limit pc-memstat --wait 500M --timeout 1h &
await looks_again $!
machine 1000 600
wait $!
is $? 0 '--wait ends when there is enough memory'
no_machine

# ---- a command

within() { # GOT WANT PERCENT WHAT
	[ "$(jq -n "($1 - $2 | fabs) * 100 <= $2 * $3")" = true ]
	ok "$4 ($1 of $2)"
}
peak() { pc-memstat -q --by stage --json |
	jq ".stages[] | select(.stage == \"$1\") | .peak_kib"; }
pc-memstat run -s one -- "$eater" 200 0
is $? 0 'run exits with the status of the command'
within "$(peak one)" 204800 10 'the peak of a command is within 10 %'
pc-memstat run -s tree -- "$eater" 100 2000 2
within "$(peak tree)" 204800 10 'the peak is that of two processes together'
pc-memstat run -s deep -- sh -c "$eater 60 2000 & (exec $eater 60 2000) & wait"
within "$(peak deep)" 122880 10 'the peak includes processes below a shell'
mkfifo lives # ends when no process has it open
orphan="(setsid $eater 80 2000 >lives &); cat lives"
pc-memstat run -s orphan -- sh -c "$orphan"
within "$(peak orphan)" 81920 10 'the peak includes a process that left its parent'
# With a root of its own pc-memstat makes no cgroup, even where it could.
looked() { PC_MEMSTAT_ROOT=/ pc-memstat run --json -s looked -- "$@" 2>&1 |
	jq "select(.measured | startswith(\"cgroup\") | not) | .peak_kib"; }
within "$(looked "$eater" 100 2000 2)" 204800 10 'the sampled peak is that of two processes together'
within "$(looked sh -c "$eater 60 2000 & (exec $eater 60 2000) & wait")" 122880 10 \
	'the sampled peak includes processes below a shell'
within "$(looked sh -c "$orphan")" 81920 10 \
	'the sampled peak includes a process that left its parent'
pc-memstat run -s short -- true
[ "$(peak short)" -gt 100 ] && [ "$(peak short)" -lt 20000 ]
ok 'a command that ends immediately has a peak'
is "$(echo in | pc-memstat run -s io -- sh -c 'cat; echo err >&2' 2>err)" in \
	'run passes standard input and output through'
is "$(cat err)" err 'run passes standard error through'
status 3 'run exits with the status 3 of the command' pc-memstat run -s s -- sh -c 'exit 3'
status 137 'run exits with 137 for a command killed by SIGKILL' pc-memstat run -s s -- sh -c 'kill -9 $$'
status 127 'run of an unknown command exits with 127' pc-memstat run -s s -- nonesuch
status 126 'run of a directory exits with 126' pc-memstat run -s s -- "$T"
status 125 'run without a command exits with 125' pc-memstat run -s s --
status 125 'run without a stage exits with 125' pc-memstat run -- true
status 0 'run exits with 0 after failed runs' pc-memstat run -s s -- true
is "$(PC_CACHE=off pc-memstat run -s off -- echo x)$(peak off)" x \
	'run with PC_CACHE=off runs the command and records no peak'
is "$(pc-memstat run -q --store /proc/nonesuch -s s -- echo x)" x \
	'run works without a store'
pc-memstat run -v -s v -- "$eater" 50 1000 2>err
like "$(cat err)" 'v: peak [0-9.]+ MiB \((sampled|rusage|cgroup v[12])\), .* freed' \
	'run -v prints the peak and the freed memory'
like "$(tail -n 1 err)" '█' 'run -v draws the memory over time'
pc-memstat run --json -s v -- sh -c "$eater 50 1000 2; echo out; exit 3" >out 2>err
is "$? $(cat out) $(jq -c '[.stage, .status, (.samples_kib | length > 2),
	.peak_kib > 50000, .freed_kib > 50000, .start_kib > 0, .end_kib > 0,
	.duration_s > 0.1]' err)" '3 out ["v",3,true,true,true,true,true,true]' \
	'run --json prints JSON on standard error'
like "$(pc-memstat --by stage --json | jq -c '.stages[] | select(.stage == "v") |
	[.measured[0], (.last | .peak_kib > 50000, .freed_kib > 50000,
	.start_kib > 0, .end_kib > 0)]')" \
	'^\["(sampled|rusage|cgroup v[12])",true,true,true,true\]$' \
	'the peak, the freed memory, start and end are recorded'
cat >trap.sh <<'S'
trap 'echo term; exit 7' TERM
echo ready
while :; do sleep 0.05; done
S
pc-memstat run -s sig -- bash trap.sh >out &
pid=$!
await grep -q ready out
kill "$pid"
wait "$pid"
is "$? $(tail -n 1 out)" '7 term' 'run passes SIGTERM to the command'
(trap '' CHLD; exec pc-memstat run -s chld -- true)
is $? 0 'run works with SIGCHLD ignored'
pc-memstat run -s full -- echo x >/dev/full 2>/dev/null
[ $? -ne 0 ]
ok 'run fails if the command cannot write to a full disk'

# ---- the records

is "$(pc-memstat --report | jq -c 'keys')" \
	'["avg_memory_usage_mb","avg_processing_time_s","status","total_measurements"]' \
	'--report has four members'
is "$(pc-memstat --report -s one | jq '.total_measurements,
	(.avg_memory_usage_mb | . > 190 and . < 215)' | xargs)" '1 true' '--report -s counts the runs of a stage'
is "$(pc-memstat --store "$T/none" --report -q | jq -c .)" '{"status":"no_data"}' \
	'--report of an empty store has no data'
is "$(pc-memstat --report -s nonesuch)" '{"status":"no_data"}' '--report of an unknown stage has no data'
sleep 1
is "$(pc-memstat --report --history 0s)" '{"status":"no_data"}' '--report --history 0s has no data'
pc-memstat run -s many -- "$eater" 20 0
pc-memstat run -s many -- "$eater" 60 0
pc-memstat run -s many -- "$eater" 40 0
pc-memstat --history 7d --json >hist
many() { jq ".stages[] | select(.stage == \"many\") | $1" hist; }
within "$(many .peak_kib)" 61440 10 '--history gives the peak of many runs'
within "$(many .avg_kib)" 40960 10 '--history gives the average of many runs'
within "$(many .valley_kib)" 20480 12 '--history gives the lowest peak of many runs'
is "$(many .runs)" 3 '--history counts all runs'
is "$(many '.history_kib | length')" 16 '--history gives 16 points in time'
pc-memstat --history 7d >out
like "$(cat out)" '^many +3 +6[0-9]\.[0-9] ' '--history prints a table'
is "$(awk 'length > 80' out)" '' 'the table of --history fits 80 columns'
is "$(pc-memstat --by component --json | jq -c '.components[] |
	select(.component == "command") | .runs == .started')" true '--by component counts each run of a command as started'
pc-run -s remembered -- "$eater" 30 0 >/dev/null 2>&1
within "$(peak remembered)" 30720 15 "the peak of a command of pc-run is recorded"
pc-memstat --by stage --json | jq -c '.stages[] | select(.stage == "many") |
	[.runs, .peak_kib, .valley_kib]' >was
pc-gc -q --expired
[ -s store/events.folded ]
ok 'pc-gc sums events up'
is "$(pc-memstat --by stage --json | jq -c '.stages[] | select(.stage == "many") |
	[.runs, .peak_kib, .valley_kib]')" "$(cat was)" 'runs whose events are summed up count too'
PC_EVENTS=off pc-memstat run -s silent -- true
is "$(peak silent)" '' 'PC_EVENTS=off records no peak'

# Torn and damaged records are skipped.
records() { pc-memstat --by component --json |
	jq '.components[] | select(.component == "command") | .runs'; }
is "$(($(stat -c %s store/memory) % 128))" 0 'the memory log has records of 128 bytes'
was=$(records)
head -c 50 store/memory >>store/memory
pc-memstat run -s torn -- true
is "$(records)" $((was + 1)) 'the record after a torn one is counted'
printf '\377' | dd of=store/memory bs=1 seek=200 conv=notrunc 2>/dev/null
is "$(records)" "$was" 'a damaged record is not counted'
head -c 1048576 /dev/urandom >>store/memory
pc-memstat run -s new -- true
is "$(stat -c %s store/memory)" 128 'a full memory log is replaced'
is "$(records)" $((was + 1)) 'the replaced memory log is still read'
rm -f store/memory
ln -s "$T/elsewhere" store/memory
status 0 'run with a symbolic link as the memory log exits with 0' pc-memstat run -s link -- true
[ ! -e elsewhere ]
ok 'a symbolic link as the memory log is not followed'
rm store/memory
for _ in {1..16}; do pc-memstat run -s crowd -- true & done
wait
is "$(pc-memstat --by component -s crowd --json | jq '.components[].runs')" 16 \
	'16 parallel runs are all recorded'

# ---- two commands

pc-memstat compare -n 3 --json -- "$eater" 100 600 -- "$eater" 50 20 >out
is $? 0 'compare exits with 0 for equal outputs'
is "$(jq -c '[(.old_memory_mb | . > 90 and . < 110),
	(.new_memory_mb | . > 45 and . < 55),
	(.memory_improvement_pct | . > 40 and . < 60),
	.speed_improvement_factor > 1, .outputs_equal, .runs]' out)" \
	'[true,true,true,true,true,3]' 'compare --json compares memory, time and output'
is "$(pc-memstat compare -n 1 -- true -- true | awk '{ print $1 }' | xargs)" \
	"$(echo old_memory_mb new_memory_mb memory_improvement_pct old_duration_s \
	new_duration_s speed_improvement_factor outputs_equal old_status new_status \
	old_measured new_measured runs)" 'compare prints one line for each figure'
status 1 'compare exits with 1 for different outputs' pc-memstat compare -n 1 -- echo a -- echo b
like "$(cat out)" '^outputs_equal false' 'compare prints that the outputs differ'
status 1 'compare exits with 1 for different exit statuses' pc-memstat compare -n 1 -- true -- false
status 0 'compare passes arguments to the commands' pc-memstat compare -n 2 -- sh -c 'echo a' -- echo a
status 2 'compare of one command exits with 2' pc-memstat compare -- true
status 2 'compare with an empty second command exits with 2' pc-memstat compare -- true --
status 2 'compare with an unknown command exits with 2' pc-memstat compare -n 1 -- true -- nonesuch
is "$(ls tmp)" '' 'compare leaves no temporary file'

# ---- for Prometheus

if command -v promtool >/dev/null; then
	machine 1000 500
	cgroup /a 104857600 50000000
	printf '%s\n' 'some avg10=1.50 avg60=0.25 avg300=0.00 total=1234567' \
		'full avg10=0.50 avg60=0.00 avg300=0.00 total=99' \
		>root/proc/pressure/memory
	pc-memstat --prometheus >metrics
	is "$(promtool check metrics <metrics 2>&1)" '' 'promtool accepts the memory metrics'
	like "$(cat metrics)" '^pc_memory_cgroup_limit_bytes 104857600$' '--prometheus prints the limit of the cgroup'
	no_machine
else
	skip 'promtool accepts the memory metrics' 'there is no promtool'
fi

# ---- --watch

# watch ARG...: until it has printed the memory twice
watch() {
	pc-memstat -q --watch "$@" >out &
	await lines 2 out '^memory\|total_bytes'
	kill $!
	wait $! 2>/dev/null
}
watch
is "$? $(grep -c '^memory' out)" '143 2' '--watch prints the memory repeatedly'
watch --json
is "$(head -n 2 out | jq -c '.total_bytes > 0' | xargs)" 'true true' \
	'--watch --json prints one line each time'
if command -v tmux >/dev/null; then
	. "$TESTS/screen.sh"
	machine 8192 2048
	cgroup "/$(printf 'deep%.0s' {1..30})" 1073741824 805306368
	screen_start 80 24
	screen send-keys "stty -a > before; pc-memstat --watch; stty -a > after" Enter
	seen '^memory .* 75.0 %, 2.0 GiB available'
	ok '--watch shows the memory on a terminal'
	machine 8192 1024
	seen '^memory .* 87.5 %'
	ok '--watch shows new values'
	for size in '30 6' '10 3' '1 1' '200 50'; do
		screen resize-window -x "${size% *}" -y "${size#* }"
		machine 8192 4096
		line=memory
		[ "$size" = '1 1' ] && line=p
		seen "^$line"
		ok "--watch redraws in a window of $size"
		screen capture-pane -p >out
		is "$(grep -cv '^[pmcst(]\|^$' out)" 0 \
			"--watch wraps no line in a window of $size"
	done
	screen send-keys q
	await test -s after
	ok 'q ends --watch'
	is "$(sed 's/rows.*columns [0-9]*//' after)" \
		"$(sed 's/rows.*columns [0-9]*//' before)" '--watch restores the terminal settings'
	no_machine
else
	skip '--watch shows the memory on a terminal' 'there is no tmux'
fi

# ---- usage

status 2 '--watch cannot be combined with --prometheus' pc-memstat --watch --prometheus
status 2 '--warn cannot be combined with --json' pc-memstat --warn 80 --json
status 2 '--report cannot be combined with --url' pc-memstat --report --url http://127.0.0.1:1
status 2 '-j requires admit' pc-memstat -j 3
status 2 '--report cannot be combined with -n' pc-memstat --report -n 3
status 2 '--report cannot be combined with --wait' pc-memstat --report --wait 1G
status 2 'an unknown command word is a usage error' pc-memstat nonesuch
status 2 'an invalid size is a usage error' pc-memstat --wait much
status 2 'an invalid percentage is a usage error' pc-memstat --warn 101
status 2 'admit requires a stage' pc-memstat admit
pc-memstat >/dev/full 2>/dev/null
is $? 2 'a full standard output exits with 2'
done_testing
