# roots.sh - machines of a test's own, after lib.sh: files below
# $PC_MEMSTAT_ROOT in place of /proc and /sys.
# shellcheck shell=bash

# machine TOTAL AVAILABLE: in MiB
machine() {
	mkdir -p "$T/root/proc/self" "$T/root/proc/pressure"
	printf '%s\n' "MemTotal: $(($1 * 1024)) kB" 'MemFree: 1024 kB' \
		"MemAvailable: $(($2 * 1024)) kB" 'SwapTotal: 2048 kB' \
		'SwapFree: 1024 kB' >"$T/root/proc/meminfo.new"
	# Whoever reads it meanwhile has all of it.
	mv "$T/root/proc/meminfo.new" "$T/root/proc/meminfo"
	export PC_MEMSTAT_ROOT=$T/root
}

# cgroup PATH LIMIT CURRENT [INACTIVE]: one in which we are
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
