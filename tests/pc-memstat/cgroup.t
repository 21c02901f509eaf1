#!/bin/bash
# What the kernel counts: cgroups of the first version where this machine has
# them, and of the second in a kernel of the test's own.
. "$(dirname "$0")/../lib.sh"

eater=$BUILD/tests/eater
export OLLAMA_HOST=127.0.0.1:1 # no server
# Shell code that waits until an eater has allocated its memory.
ate="until [ -s ate ] || [ ! -e '$T' ]; do sleep 0.05; done; "
field() { jq -c "$2" "$1"; }

# ---- the first version

own=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
box=$own/pc-test.$$
unbox() {
	local p
	while read -r p; do
		echo "$p" >"$own/cgroup.procs"
	done <"$box/cgroup.procs" 2>/dev/null
	rmdir "$box"/* "$box" 2>/dev/null
}
zone() { ls -d "$box"/pc-memstat.*; }
empty() { ! grep -q . "$1"; }
boxed() { # COMMAND...: in the cgroup
	(echo "$BASHPID" >"$box/cgroup.procs" && exec "$@")
}
if mkdir "$box" 2>/dev/null && [ -w "$box/memory.limit_in_bytes" ]; then
	at_exit+=(unbox)
	boxed pc-memstat run --json -s one -- "$eater" 100 100 2 2>out
	is "$(field out '[.status, .measured, (.peak_kib / 1024 | . >= 200 and . < 210)]')" \
		'[0,"cgroup v1",true]' 'the kernel counts what two processes have'
	is "$(field out '.freed_kib > 190 * 1024')" true 'the memory of the two processes is free again'
	is "$(ls -d "$box"/pc-memstat.* 2>/dev/null)" '' 'the cgroup of a run is removed'
	boxed pc-memstat run --json -s left -- sh -c \
		"(setsid $eater 50 3600000 1 ate &) ; $ate" 2>out
	is "$(field out '.peak_kib - .freed_kib | . > 50 * 1024')" true \
		'a process left running keeps its memory'
	is "$(ls -d "$box"/pc-memstat.* 2>/dev/null)" '' 'the cgroup of a run is removed although a process is left'
	kill "$(cat ate)"
	rm ate
	written=(dd if=/dev/zero of=new bs=1M count=60 conv=fsync status=none)
	boxed pc-memstat run --json -s files -- "${written[@]}" 2>out
	is "$(field out '[.measured, .peak_kib < 20 * 1024]')" \
		'["cgroup v1",true]' 'written files do not count as memory'
	boxed pc-memstat run --json -s files -- sh -c \
		"$eater 40 3000 2; ${written[*]}" 2>out
	is "$(field out '.peak_kib / 1024 | . >= 76 and . < 90')" true \
		'written files do not reduce the peak of the processes'
	rm -f new
	boxed pc-memstat run -s killed -- sleep 2 &
	await zone
	left=$(echo "$box"/pc-memstat.*)
	kill -9 "${left##*.}"
	wait $! 2>/dev/null
	await empty "$box"/pc-memstat.*/cgroup.procs
	ls -d "$box"/pc-memstat.* >/dev/null
	ok 'a pc-memstat killed by SIGKILL leaves its cgroup'
	boxed pc-memstat run -s one -- "$eater" 200 0
	is "$(ls -d "$box"/pc-memstat.* 2>/dev/null)" '' 'the next run removes the cgroup that was left'
	status 137 'a limit on the parent cgroup holds for a run' boxed bash -c \
		"echo 100M >$box/memory.limit_in_bytes
		exec pc-memstat run -s eats -- $eater 200 0"
	is "$(boxed pc-memstat -q --json | jq .cgroup.limit_bytes)" 104857600 \
		'pc-memstat reports the limit on the cgroup'
	is "$(boxed pc-memstat admit -q -s one 2>/dev/null)" 0 \
		'200 MiB are not admitted to 100'
	status 1 '--warn uses the limit of the cgroup' boxed sh -c \
		"$eater 60 3600000 1 ate & $ate pc-memstat --warn 50; r=\$?
		kill \$!; exit \$r"
	like "$(cat err)" 'of 100 MiB available' '--warn reports the limit of the cgroup'
	echo -1 >"$box/memory.limit_in_bytes"
	is "$(boxed pc-memstat admit -q -s one -j 1)" 1 '200 MiB are admitted without a limit'
	is "$(pc-memstat --by stage --json | jq -c '.stages[] |
		select(.stage == "one") | [.measured, .last.freed_kib > 190 * 1024,
		.last.start_kib > 0, .last.end_kib > 0]')" \
		'[["cgroup v1"],true,true,true]' 'the memory of runs under cgroup v1 is recorded'
	pc-memstat compare -n 1 --json -- "$eater" 20 0 -- "$eater" 10 0 >out
	is "$(field out '[.old_measured, .new_measured]')" \
		'["cgroup v1","cgroup v1"]' 'compare uses cgroup v1'
else
	rmdir "$box" 2>/dev/null
	skip 'cgroups of the first version' 'none can be made here'
fi

# ---- the second version

cat >init <<S
#!/bin/bash
export PATH=$PATH HOME=$T/mnt TMPDIR=$T/mnt PC_STORE=$T/mnt/store LC_ALL=C.UTF-8
export OLLAMA_HOST=127.0.0.1:1
mount -t proc proc /proc
mount -t tmpfs tmpfs $T/mnt
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
C=/sys/fs/cgroup
answer() { echo; echo "ANSWER \$1 \$(tr -d '\n')"; }
run() { pc-memstat run --json -s one -- "\$@" 2>&1 | jq -c '[.status, .measured,
	(.peak_kib / 1024 | floor), (.freed_kib / 1024 | floor)]'; }

# The root, whose children count once they are told to.
run $eater 40 3000 2 | answer uncounted
echo +memory >\$C/cgroup.subtree_control
run $eater 40 50 2 | answer root
# As systemd has it: a unit that is delegated, and ours beside others in it.
mkdir -p \$C/app
echo +memory >\$C/app/cgroup.subtree_control
mkdir \$C/app/job
echo \$\$ >\$C/app/job/cgroup.procs
run $eater 40 50 2 | answer beside
cd $T/mnt
run sh -c "(setsid $eater 20 3600000 1 ate >ate.log 2>&1 &) ; $ate" | answer left
ls -d \$C/app/pc-memstat.* 2>/dev/null | answer gone
grep -c . \$C/app/job/cgroup.procs | answer inside
echo 0::/app/job | diff - /proc/self/cgroup | answer name
pkill -x eater
while pgrep -x eater >/dev/null; do sleep 0.1; done
# A limit of ours is not to be escaped; one above holds wherever it is.
echo 100M >\$C/app/job/memory.max
run $eater 40 3000 2 | answer limited
pc-memstat -q --json | jq -c '[.cgroup.path, .cgroup.limit_bytes,
	.cgroup.current_bytes > 0]' | answer limit
run $eater 200 0 | answer killed
echo max >\$C/app/job/memory.max
echo 100M >\$C/app/memory.max
echo 0 >\$C/app/memory.swap.max
pc-memstat -q --json | jq -c '[.cgroup.path, .cgroup.limit_bytes]' | answer above
run $eater 40 50 2 | answer above-run
run $eater 200 0 | answer above-killed
pc-memstat --by stage --json | jq -c '.stages[0].measured' | answer measured
echo o >/proc/sysrq-trigger
/sbin/halt -f || /sbin/poweroff -f
S
chmod +x init
mkdir mnt
uml=${PC_UML:-$(command -v linux.uml)}
asan=$(grep -c __asan_init "$BUILD/pc-memstat")
[ -z "$uml" ] || [ "$asan" != 0 ] || PATIENCE=$((4 * PATIENCE)) limit setsid "$uml" mem=512M rootfstype=hostfs \
	rootflags=/ ro init="$T/init" con=null con0=fd:0,fd:1 \
	</dev/null >uml.log 2>&1
answer() { tr -d '\r' <uml.log | sed -n "s/^ANSWER $1 //p"; }
if [ -z "$uml" ]; then
	skip 'cgroups of the second version' 'user-mode-linux is not installed'
elif [ "$asan" != 0 ]; then
	skip 'cgroups of the second version' 'no place for what ASan maps'
elif ! grep -q '^ANSWER measured' uml.log; then
	sed 's/^/# /' uml.log | tail -n 20
	skip 'cgroups of the second version' 'user-mode-linux does not run here'
else
	about() { # WHAT WAY MIN DESCRIPTION: status 0, MiB of peak and freed
		is "$(answer "$1" | jq -c ".[:2] + [(.[2] | . >= $3 and
			. < $3 + 8), (.[3] | . >= $3 - 4 and . < $3 + 8)]")" \
			"[0,\"$2\",true,true]" "$4"
	}
	about uncounted sampled 80 'a cgroup that counts no memory is none'
	about root 'cgroup v2' 80 'cgroup v2 measures a run below the root'
	about beside 'cgroup v2' 80 'cgroup v2 measures a run beside its own cgroup'
	is "$(answer left | jq -c '[.[1], .[2] - .[3] >= 20]')" \
		'["cgroup v2",true]' 'under cgroup v2 a process left running keeps its memory'
	is "$(answer gone)" '' 'under cgroup v2 the cgroup of a run is removed'
	[ "$(answer inside)" -gt 1 ]
	ok 'a process left running moves to the cgroup of pc-memstat'
	is "$(answer name)" '' 'pc-memstat leaves its own cgroup unchanged'
	about limited sampled 80 'with a limit on its own cgroup pc-memstat samples the run there'
	is "$(answer limit)" '["/app/job",104857600,true]' 'pc-memstat reports the limit on its own cgroup'
	is "$(answer killed | jq -c '[.[0], .[1] == "cgroup v2"]')" \
		'[137,false]' 'the limit on its own cgroup holds for a run'
	is "$(answer above)" '["/app",104857600]' 'pc-memstat reports a limit on the parent cgroup'
	about above-run 'cgroup v2' 80 'a limit on the parent cgroup allows cgroup v2'
	is "$(answer above-killed | jq -c '.[:2]')" '[137,"cgroup v2"]' 'a limit on the parent cgroup holds for a cgroup v2 run'
	like "$(answer measured)" '^\["cgroup v2","sampled"' 'both ways of measuring are recorded'
fi
done_testing
