#!/bin/bash
# Memory: what there is, what a command had, what was recorded of it.
. "$(dirname "$0")/lib.sh"
. "$TESTS/memory/roots.sh"

eater=$BUILD/tests/eater
export OLLAMA_HOST=127.0.0.1:1 # nobody
now() { pc-memstat -q --json | jq -c "$1"; }

# ---- what there is

status 0 'what there is, with no server' pc-memstat
like "$(cat out)" '^memory +[0-9.]+ [MG]iB of +[0-9.]+ GiB' 'the machine'
like "$(cat out)" '^the server at http://127.0.0.1:1: .*onnect' \
	'a server that is down is a line'
is "$(cat err)" '' 'and nothing is said'
is "$(now '.total_bytes / 1024 == '"$(awk '/^MemTotal/ { print $2 }' \
	/proc/meminfo)")" true 'all of it'
machine 8192 2048
is "$(now '[.total_bytes, .available_bytes, .used_pct, .swap_total_bytes,
	.swap_free_bytes]')" '[8589934592,2147483648,75,2097152,1048576]' \
	'another machine'
is "$(now '[.gpus, .servers[0].up, .cgroup, .pressure]')" \
	'[[],false,null,null]' 'that has no more'
printf '%s\n' 'some avg10=1.50 avg60=0.25 avg300=0.00 total=1234567' \
	'full avg10=0.50 avg60=0.00 avg300=0.00 total=99' \
	>root/proc/pressure/memory
is "$(now '[.pressure.some.avg10, .pressure.full.avg10,
	.pressure.some.total_us]')" '[1.5,0.5,1234567]' 'pressure'
cgroup /user.slice/job 1073741824 805306368 268435456
is "$(now '[.cgroup.path, .cgroup.limit_bytes, .cgroup.current_bytes,
	.cgroup.reclaimable_bytes, .used_pct]')" \
	'["/user.slice/job",1073741824,805306368,268435456,50]' \
	'the limit of its cgroup, of which files are given back'
echo 536870912 >root/sys/fs/cgroup/user.slice/memory.max
echo 402653184 >root/sys/fs/cgroup/user.slice/memory.current
is "$(now '[.cgroup.path, .used_pct]')" '["/user.slice",75]' \
	'or of the one above it, which leaves less'
echo max >root/sys/fs/cgroup/user.slice/memory.max
echo max >root/sys/fs/cgroup/user.slice/job/memory.max
is "$(now '[.cgroup, .used_pct]')" '[null,75]' 'max is no limit'
mkdir -p root/sys/fs/cgroup/memory/old
printf '9:cpu:/x\n4:memory:/old\n0::/\n' >root/proc/self/cgroup
echo 2147483648 >root/sys/fs/cgroup/memory/old/memory.limit_in_bytes
echo 1073741824 >root/sys/fs/cgroup/memory/old/memory.usage_in_bytes
printf 'total_inactive_file 0\n' >root/sys/fs/cgroup/memory/old/memory.stat
is "$(now '[.cgroup.limit_bytes, .used_pct]')" '[2147483648,50]' \
	'a cgroup of the first kind'

# ---- hostile files

hostile() { # WHAT: as things are now
	status 0 "$1" pc-memstat -q --json
	jq -e . out >/dev/null
	ok '... and JSON'
	pc-memstat -q --prometheus >out
	ok '... and metrics'
	pc-memstat -q >out
	ok '... and text'
}
for value in '' -1 99999999999999999999999999 $'1\001' nan 1e9 0x10; do
	cgroup /a "$value" "$value" "$value"
	hostile "a limit of '$value'"
done
cgroup /a 100 5000000 9999999
hostile 'more in use than the limit'
is "$(now .used_pct)" 100 'is all of it'
for path in /../../etc "/$(printf 'x%.0s' {1..5000})" '' relative $'/a\n0::/b'; do
	printf '0::%s\n' "$path" >root/proc/self/cgroup
	hostile "a cgroup of ${#path} characters, ${path:0:8}"
done
head -c 100000 /dev/urandom >root/proc/self/cgroup
head -c 100000 /dev/urandom >root/proc/pressure/memory
hostile 'noise'
echo 'some avg10=1e999 avg60=-5 avg300=nan total=-1' >root/proc/pressure/memory
hostile 'no pressure'
is "$(now .pressure)" null 'is not told'
for text in '' 'MemTotal: 0 kB' 'MemTotal: 99999999999999999999 kB' 'MemTotal:' \
	'MemTotal: x kB' 'MemAvailable: 5 kB'; do
	echo "$text" >root/proc/meminfo
	hostile "meminfo of '$text'"
	is "$(now .total_bytes)" null 'nothing is made up'
	status 2 'no limit is watched' pc-memstat --warn 80
	status 2 'nothing awaited' pc-memstat --wait 1M
done
printf 'MemTotal: 1000 kB\nMemAvailable: 5000 kB\n' >root/proc/meminfo
rm root/proc/self/cgroup
is "$(now '[.available_bytes, .used_pct]')" '[1024000,0]' \
	'no more is available than there is'
printf 'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 100 kB\nCached: 300 kB\n' \
	>root/proc/meminfo
is "$(now .used_pct)" 50 'an old kernel'
rm root/proc/meminfo
mkfifo root/proc/meminfo
limit pc-memstat -q >/dev/null
is $? 0 'a pipe is not waited for'
rm -rf root
hostile 'nothing at all'
no_machine

# ---- thresholds, waiting

machine 1000 150
status 1 '85 % and --warn 80' pc-memstat --warn 80
like "$(cat err)" 'memory is low: 85.0 % used' 'says so'
is "$(wc -l <err)" 1 'in one line'
is "$(cat out)" '' 'on standard error'
status 0 '--warn 90' pc-memstat --warn 90
is "$(cat out err)" '' 'is silent'
status 1 '--warn alone is memory.warn' pc-memstat --warn
status 1 '--critical' pc-memstat --warn 50 --critical 85
like "$(cat err)" 'memory is critical' 'says so'
mkdir -p home/.config/pc
echo '{"memory": {"warn": 86, "critical": 99}}' >home/.config/pc/config.json
status 0 'memory.warn' pc-memstat --warn
rm home/.config/pc/config.json
cgroup /box 104857600 103809024
status 1 'a cgroup that is full' pc-memstat --warn 90
rm -r root/sys root/proc/self/cgroup
status 0 'enough at once' pc-memstat --wait 100M
status 75 'too little for too long' pc-memstat --wait 500M --timeout 1s
like "$(cat err)" 'timed out after [0-9]+ s: 150 MiB available, 500 MiB required' 'says what there is'
status 2 'more than there is' pc-memstat --wait 2G
looks_again() {
	local pid
	pid=$(process "$1" pc-memstat) && wakes "$pid"
}
limit pc-memstat --wait 500M --timeout 1h &
await looks_again $!
machine 1000 600
wait $!
is $? 0 'waits until there is'
no_machine

# ---- a command

within() { # GOT WANT PERCENT WHAT
	[ "$(jq -n "($1 - $2 | fabs) * 100 <= $2 * $3")" = true ]
	ok "$4 ($1 of $2)"
}
peak() { pc-memstat -q --by stage --json |
	jq ".stages[] | select(.stage == \"$1\") | .peak_kib"; }
pc-memstat run -s one -- "$eater" 200 0
is $? 0 'a command runs'
within "$(peak one)" 204800 10 'its peak is within 10 %'
pc-memstat run -s tree -- "$eater" 100 2000 2
within "$(peak tree)" 204800 10 'of two processes together'
pc-memstat run -s deep -- sh -c "$eater 60 2000 & (exec $eater 60 2000) & wait"
within "$(peak deep)" 122880 10 'below a shell'
mkfifo lives # ends when nobody has it open any more
orphan="(setsid $eater 80 2000 >lives &); cat lives"
pc-memstat run -s orphan -- sh -c "$orphan"
within "$(peak orphan)" 81920 10 'of one that has left its parent'
# With a root of its own no cgroup is made, wherever that would be allowed.
looked() { PC_MEMSTAT_ROOT=/ pc-memstat run --json -s looked -- "$@" 2>&1 |
	jq "select(.measured | startswith(\"cgroup\") | not) | .peak_kib"; }
within "$(looked "$eater" 100 2000 2)" 204800 10 'where it is looked at: of two'
within "$(looked sh -c "$eater 60 2000 & (exec $eater 60 2000) & wait")" 122880 10 \
	'below a shell'
within "$(looked sh -c "$orphan")" 81920 10 \
	'of one that has left its parent'
pc-memstat run -s short -- true
[ "$(peak short)" -gt 100 ] && [ "$(peak short)" -lt 20000 ]
ok 'of one that is over at once'
is "$(echo in | pc-memstat run -s io -- sh -c 'cat; echo err >&2' 2>err)" in \
	'standard input and output are its own'
is "$(cat err)" err 'and standard error'
status 3 'its status' pc-memstat run -s s -- sh -c 'exit 3'
status 137 'a signal' pc-memstat run -s s -- sh -c 'kill -9 $$'
status 127 'no such command' pc-memstat run -s s -- nonesuch
status 126 'no command' pc-memstat run -s s -- "$T"
status 125 'no words' pc-memstat run -s s --
status 125 'no stage' pc-memstat run -- true
status 0 'a status of 0 after those' pc-memstat run -s s -- true
is "$(PC_CACHE=off pc-memstat run -s off -- echo x)$(peak off)" x \
	'PC_CACHE=off records nothing'
is "$(pc-memstat run -q --store /proc/nonesuch -s s -- echo x)" x \
	'no store, and it runs'
pc-memstat run -v -s v -- "$eater" 50 1000 2>err
like "$(cat err)" 'v: peak [0-9.]+ MiB \((sampled|rusage|cgroup v[12])\), .* freed' \
	'-v says what it had'
like "$(tail -n 1 err)" '█' 'and draws it'
pc-memstat run --json -s v -- sh -c "$eater 50 1000 2; echo out; exit 3" >out 2>err
is "$? $(cat out) $(jq -c '[.stage, .status, (.samples_kib | length > 2),
	.peak_kib > 50000, .freed_kib > 50000, .start_kib > 0, .end_kib > 0,
	.duration_s > 0.1]' err)" '3 out ["v",3,true,true,true,true,true,true]' \
	'--json says it as JSON, on standard error'
like "$(pc-memstat --by stage --json | jq -c '.stages[] | select(.stage == "v") |
	[.measured[0], (.last | .peak_kib > 50000, .freed_kib > 50000,
	.start_kib > 0, .end_kib > 0)]')" \
	'^\["(sampled|rusage|cgroup v[12])",true,true,true,true\]$' \
	'and all of it is recorded'
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
is "$? $(tail -n 1 out)" '7 term' 'SIGTERM is passed on'
(trap '' CHLD; exec pc-memstat run -s chld -- true)
is $? 0 'with SIGCHLD ignored'
pc-memstat run -s full -- echo x >/dev/full 2>/dev/null
[ $? -ne 0 ]
ok 'a full disk is the command'"'"'s to report'

# ---- what was recorded

is "$(pc-memstat --report | jq -c 'keys')" \
	'["avg_memory_usage_mb","avg_processing_time_s","status","total_measurements"]' \
	'a report'
is "$(pc-memstat --report -s one | jq '.total_measurements,
	(.avg_memory_usage_mb | . > 190 and . < 215)' | xargs)" '1 true' 'of a stage'
is "$(pc-memstat --store "$T/none" --report -q | jq -c .)" '{"status":"no_data"}' \
	'of nothing'
is "$(pc-memstat --report -s nonesuch)" '{"status":"no_data"}' 'or of no such stage'
sleep 1
is "$(pc-memstat --report --history 0s)" '{"status":"no_data"}' 'or of no time'
pc-memstat run -s many -- "$eater" 20 0
pc-memstat run -s many -- "$eater" 60 0
pc-memstat run -s many -- "$eater" 40 0
pc-memstat --history 7d --json >hist
many() { jq ".stages[] | select(.stage == \"many\") | $1" hist; }
within "$(many .peak_kib)" 61440 10 'the peak of many runs'
within "$(many .avg_kib)" 40960 10 'their average'
within "$(many .valley_kib)" 20480 12 'the valley'
is "$(many .runs)" 3 'all counted'
is "$(many '.history_kib | length')" 16 'a time line'
pc-memstat --history 7d >out
like "$(cat out)" '^many +3 +6[0-9]\.[0-9] ' 'as a table'
is "$(awk 'length > 80' out)" '' 'of 80 columns'
is "$(pc-memstat --by component --json | jq -c '.components[] |
	select(.component == "command") | .runs == .started')" true 'by component'
pc-run -s remembered -- "$eater" 30 0 >/dev/null 2>&1
within "$(peak remembered)" 30720 15 "pc-run's own are there too"
pc-memstat --by stage --json | jq -c '.stages[] | select(.stage == "many") |
	[.runs, .peak_kib, .valley_kib]' >was
pc-gc -q --expired
[ -s store/events.folded ]
ok 'pc-gc sums events up'
is "$(pc-memstat --by stage --json | jq -c '.stages[] | select(.stage == "many") |
	[.runs, .peak_kib, .valley_kib]')" "$(cat was)" 'events that are summed up count too'
PC_EVENTS=off pc-memstat run -s silent -- true
is "$(peak silent)" '' 'PC_EVENTS=off'

# Torn and damaged records are passed over.
records() { pc-memstat --by component --json |
	jq '.components[] | select(.component == "command") | .runs'; }
is "$(($(stat -c %s store/memory) % 128))" 0 'records of 128 bytes'
was=$(records)
head -c 50 store/memory >>store/memory
pc-memstat run -s torn -- true
is "$(records)" $((was + 1)) 'a torn record costs no other'
printf '\377' | dd of=store/memory bs=1 seek=200 conv=notrunc 2>/dev/null
is "$(records)" "$was" 'a damaged one is none'
head -c 1048576 /dev/urandom >>store/memory
pc-memstat run -s new -- true
is "$(stat -c %s store/memory)" 128 'a full log is replaced'
is "$(records)" $((was + 1)) 'and the old one is still read'
rm -f store/memory
ln -s "$T/elsewhere" store/memory
status 0 'a symbolic link' pc-memstat run -s link -- true
[ ! -e elsewhere ]
ok 'is not followed'
rm store/memory
for _ in {1..16}; do pc-memstat run -s crowd -- true & done
wait
is "$(pc-memstat --by component -s crowd --json | jq '.components[].runs')" 16 \
	'16 at once'

# ---- two commands

pc-memstat compare -n 3 --json -- "$eater" 100 600 -- "$eater" 50 20 >out
is $? 0 'two commands'
is "$(jq -c '[(.old_memory_mb | . > 90 and . < 110),
	(.new_memory_mb | . > 45 and . < 55),
	(.memory_improvement_pct | . > 40 and . < 60),
	.speed_improvement_factor > 1, .outputs_equal, .runs]' out)" \
	'[true,true,true,true,true,3]' 'are compared'
is "$(pc-memstat compare -n 1 -- true -- true | awk '{ print $1 }' | xargs)" \
	"$(echo old_memory_mb new_memory_mb memory_improvement_pct old_duration_s \
	new_duration_s speed_improvement_factor outputs_equal old_status new_status \
	old_measured new_measured runs)" 'as text'
status 1 'other output' pc-memstat compare -n 1 -- echo a -- echo b
like "$(cat out)" '^outputs_equal false' 'is said'
status 1 'another status' pc-memstat compare -n 1 -- true -- false
status 0 'arguments' pc-memstat compare -n 2 -- sh -c 'echo a' -- echo a
status 2 'one command' pc-memstat compare -- true
status 2 'no second' pc-memstat compare -- true --
status 2 'no such command' pc-memstat compare -n 1 -- true -- nonesuch
is "$(ls tmp)" '' 'nothing is left'

# ---- for Prometheus

if command -v promtool >/dev/null; then
	machine 1000 500
	cgroup /a 104857600 50000000
	printf '%s\n' 'some avg10=1.50 avg60=0.25 avg300=0.00 total=1234567' \
		'full avg10=0.50 avg60=0.00 avg300=0.00 total=99' \
		>root/proc/pressure/memory
	pc-memstat --prometheus >metrics
	is "$(promtool check metrics <metrics 2>&1)" '' 'promtool has nothing to say'
	like "$(cat metrics)" '^pc_memory_cgroup_limit_bytes 104857600$' 'a limit'
	no_machine
else
	skip 'promtool has nothing to say' 'there is no promtool'
fi

# ---- again and again

# watch ARG...: until it has shown twice what there is
watch() {
	pc-memstat -q --watch "$@" >out &
	await lines 2 out '^memory\|total_bytes'
	kill $!
	wait $! 2>/dev/null
}
watch
is "$? $(grep -c '^memory' out)" '143 2' '--watch'
watch --json
is "$(head -n 2 out | jq -c '.total_bytes > 0' | xargs)" 'true true' \
	'as JSON, a line each time'
if command -v tmux >/dev/null; then
	. "$TESTS/screen.sh"
	machine 8192 2048
	cgroup "/$(printf 'deep%.0s' {1..30})" 1073741824 805306368
	screen_start 80 24
	screen send-keys "stty -a > before; pc-memstat --watch; stty -a > after" Enter
	seen '^memory .* 75.0 %, 2.0 GiB available'
	ok '--watch on a terminal'
	machine 8192 1024
	seen '^memory .* 87.5 %'
	ok 'shows what is new'
	for size in '30 6' '10 3' '1 1' '200 50'; do
		screen resize-window -x "${size% *}" -y "${size#* }"
		machine 8192 4096
		line=memory
		[ "$size" = '1 1' ] && line=p
		seen "^$line"
		ok "in a window of $size"
		screen capture-pane -p >out
		is "$(grep -cv '^[pmcst(]\|^$' out)" 0 \
			'no line goes on in the next'
	done
	screen send-keys q
	await test -s after
	ok 'q to quit'
	is "$(sed 's/rows.*columns [0-9]*//' after)" \
		"$(sed 's/rows.*columns [0-9]*//' before)" 'the terminal is as it was'
	no_machine
else
	skip '--watch on a terminal' 'there is no tmux'
fi

# ---- usage

status 2 '--watch for Prometheus' pc-memstat --watch --prometheus
status 2 '--json of a warning' pc-memstat --warn 80 --json
status 2 'a URL for nothing' pc-memstat --report --url http://127.0.0.1:1
status 2 'workers for nothing' pc-memstat -j 3
status 2 'runs of nothing' pc-memstat --report -n 3
status 2 'two things' pc-memstat --report --wait 1G
status 2 'a word' pc-memstat nonesuch
status 2 'a bad size' pc-memstat --wait much
status 2 'a bad percentage' pc-memstat --warn 101
status 2 'no stage to admit' pc-memstat admit
pc-memstat >/dev/full 2>/dev/null
is $? 2 'a full disk'
done_testing
