# roots.sh - simulated machines, after lib.sh: files below $PC_MEMSTAT_ROOT
# replace /proc and /sys.
# shellcheck shell=bash

# machine TOTAL AVAILABLE: a machine with this memory in MiB
machine() {
	mkdir -p "$T/root/proc/self" "$T/root/proc/pressure"
	printf '%s\n' "MemTotal: $(($1 * 1024)) kB" 'MemFree: 1024 kB' \
		"MemAvailable: $(($2 * 1024)) kB" 'SwapTotal: 2048 kB' \
		'SwapFree: 1024 kB' >"$T/root/proc/meminfo.new"
	# Rename it, so that a reader always gets a whole file.
	mv "$T/root/proc/meminfo.new" "$T/root/proc/meminfo"
	export PC_MEMSTAT_ROOT=$T/root
}

# cgroup PATH LIMIT CURRENT [INACTIVE]: put this process into such a cgroup
cgroup() {
	mkdir -p "$T/root/sys/fs/cgroup$1"
	echo "0::$1" >"$T/root/proc/self/cgroup"
	echo "$2" >"$T/root/sys/fs/cgroup$1/memory.max"
	echo "$3" >"$T/root/sys/fs/cgroup$1/memory.current"
	printf 'anon 1\ninactive_file %s\n' "${4-0}" \
		>"$T/root/sys/fs/cgroup$1/memory.stat"
}

no_machine() {
	rm -rf "$T/root"
	unset PC_MEMSTAT_ROOT
}
