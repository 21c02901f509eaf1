#!/bin/bash
# GPUs: NVML is asked when it is there, and may fail in any way.
. "$(dirname "$0")/../lib.sh"

export OLLAMA_HOST=127.0.0.1:1 # no server
nvml() { # SAYS COMMAND...
	local says=$1
	shift
	NVML_SAYS=$says LD_LIBRARY_PATH=$BUILD/tests/nvml limit "$@"
}
gpus() { # SAYS [JQ]
	nvml "$1" pc-memstat -q --json >out 2>err
	echo "$?$(cat err) $(jq -c "${2-[[.gpus[] | .index], .gpu_error]}" out)"
}

is "$(gpus two .gpus)" "0 $(printf '%s' '[{"index":0,"name":"NVIDIA L4",' \
	'"total_bytes":25769803776,"used_bytes":1073741824},{"index":1,' \
	'"name":"NVIDIA L4","total_bytes":25769803776,"used_bytes":1073741824}]')" \
	'two GPUs are reported'
like "$(nvml two pc-memstat -q)" \
	'^gpu 1 +1.0 GiB of +24.0 GiB +4.2 %, NVIDIA L4$' 'a GPU is printed as text'
nvml two pc-memstat -q --prometheus >metrics
like "$(cat metrics)" \
	'^pc_memory_gpu_used_bytes\{gpu="1",name="NVIDIA L4"\} 1073741824$' \
	'--prometheus prints the memory of a GPU'
is "$(gpus one)" '0 [[0],null]' 'one GPU is reported'
is "$(gpus many '.gpus | length')" '0 64' 'at most 64 GPUs are reported'

# ---- none

mkdir empty
is "$(LD_LIBRARY_PATH=$T/empty pc-memstat -q --json | jq 'has("gpus")')" true \
	'pc-memstat runs without the library of NVML'
is "$(gpus none)" '0 [[],null]' 'a driver without a GPU reports none'
is "$(gpus driver)" '0 [[],null]' 'without a driver no GPU is reported'
own_helpers
is "$(gpus two)" '0 [[],null]' 'without the helper no GPU is reported'
ln -s /proc/nonesuch/x libexec/pc-gpu
is "$(gpus two)" '0 [[],null]' 'a dangling link as the helper reports no GPU'
rm libexec/pc-gpu
echo text >libexec/pc-gpu
like "$(gpus two)" "^0 \[\[\],\"cannot run '.*/libexec/pc-gpu': Permission denied\"\]$" \
	'a helper that cannot be run is reported'
unset PC_LIBEXEC

# ---- NVML fails

is "$(gpus rights)" \
	'0 [[],"NVML reports no GPU: Insufficient Permissions"]' 'missing permissions are reported'
is "$(gpus code)" '0 [[],"NVML reports no GPU: ?"]' \
	'an error without a name is reported as ?'
is "$(gpus lost)" '0 [[1],"NVML: GPU 0: GPU is lost"]' \
	'if one GPU fails the other is reported'
is "$(gpus crash)" '0 [[],"NVML: it crashed (signal 6)"]' 'a crash of NVML is reported'
is "$(gpus crash-1)" '0 [[0],"NVML: it crashed (signal 6)"]' 'a crash at the second GPU keeps the first'
is "$(gpus leave)" '0 [[],null]' 'a library that ends the process gives no GPU'
is "$(gpus loud)" '0 [[0,1],null]' 'output of the library is not read as an answer'
is "$(NVML_SAYS=two LD_LIBRARY_PATH=$BUILD/tests/nvml-other pc-memstat -q --json |
	jq -c '[.gpus, .gpu_error]')" \
	'[[],"NVML: libnvidia-ml.so.1: it has no nvmlInit_v2"]' \
	'a library that lacks a function'
echo text >empty/libnvidia-ml.so.1
is "$(LD_LIBRARY_PATH=$T/empty pc-memstat -q --json | jq -c .gpus)" '[]' \
	'a text file as the library gives no GPU'
is "$(ls core* 2>/dev/null)" '' 'a crash of NVML leaves no core file'

began=$SECONDS
is "$(gpus hang)" '0 [[],"NVML: no answer in 5 s"]' 'a library that hangs times out'
is "$(gpus hang-1)" '0 [[0],"NVML: no answer in 5 s"]' 'a library that hangs at the second GPU keeps the first'
is "$(gpus late)" '0 [[0,1],"NVML: no answer in 5 s"]' 'a library that hangs at the end keeps all GPUs'
is "$(gpus chatter)" '0 [[],"NVML: no answer in 5 s"]' 'a library that prints without end times out'
is "$(gpus stubborn)" '0 [[],"NVML: no answer in 5 s"]' 'a library that ignores SIGTERM times out'
[ $((SECONDS - began)) -ge 24 ]
ok 'each library that hangs is given its 5 s'

# A frozen process is like one blocked in a driver: SIGKILL does not end it.
freezer=/sys/fs/cgroup/freezer/pc-test.$$
thaw() {
	echo THAWED >"$freezer/freezer.state"
	await rmdir "$freezer"
}
if mkdir "$freezer" 2>/dev/null && [ -w "$freezer/freezer.state" ]; then
	at_exit+=(thaw)
	is "$(NVML_FREEZER=$freezer gpus frozen)" '0 [[],"NVML: no answer in 5 s"]' \
		'a helper that SIGKILL does not end times out'
	grep -q . "$freezer/cgroup.procs"
	ok 'SIGKILL does not end a frozen helper'
else
	skip 'a helper that SIGKILL does not end times out' 'there is no cgroup that freezes'
fi

# ---- NVML lies

for lie in absurd nothing more; do
	is "$(gpus $lie)" '0 [[],"NVML: pc-gpu printed an invalid line"]' \
		"sizes that are $lie"
done
is "$(gpus nameless '[.gpus[].name]')" '0 ["",""]' 'a GPU may have no name'
is "$(gpus unended '.gpus[0].name | length')" '0 95' 'a name without an end is truncated'
is "$(nvml unended pc-memstat -q | awk 'length > 80' | grep gpu)" '' \
	'a long name fits 80 columns'
is "$(gpus escape '[.gpus[].index]')" '0 [0,1]' 'a newline in a name does not begin a line'
is "$(nvml escape pc-memstat -q | grep -c "$(printf '\033')")" 0 \
	'a name has no escape sequence on the terminal'
if command -v promtool >/dev/null; then
	for s in two escape nameless; do
		is "$(nvml $s pc-memstat -q --prometheus |
			promtool check metrics 2>&1)" '' \
			"promtool accepts the metrics of $s"
	done
else
	skip 'promtool accepts the metrics' 'there is no promtool'
fi

# ---- by hand

is "$(nvml two pc-gpu)" "$(printf '%s\n' '0 25769803776 1073741824 NVIDIA L4' \
	'1 25769803776 1073741824 NVIDIA L4')" 'pc-gpu prints a line for each GPU'
status 2 'an argument of pc-gpu is a usage error' pc-gpu x
done_testing
