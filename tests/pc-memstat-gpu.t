#!/bin/bash
# GPUs: NVML is asked when it is there, and may fail in any way.
. "$(dirname "$0")/lib.sh"

export OLLAMA_HOST=127.0.0.1:1 # nobody
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
	'two GPUs'
like "$(nvml two pc-memstat -q)" \
	'^gpu 1 +1.0 GiB of +24.0 GiB +4.2 %, NVIDIA L4$' 'as text'
nvml two pc-memstat -q --prometheus >metrics
like "$(cat metrics)" \
	'^pc_memory_gpu_used_bytes\{gpu="1",name="NVIDIA L4"\} 1073741824$' \
	'for Prometheus'
is "$(gpus one)" '0 [[0],null]' 'one'
is "$(gpus many '.gpus | length')" '0 64' 'more than can be are not all told'

# ---- none

mkdir empty
is "$(LD_LIBRARY_PATH=$T/empty pc-memstat -q --json | jq 'has("gpus")')" true \
	'no library of a stranger is needed'
is "$(gpus none)" '0 [[],null]' 'a driver without a GPU'
is "$(gpus driver)" '0 [[],null]' 'no driver'
own_helpers
is "$(gpus two)" '0 [[],null]' 'no helper'
ln -s /proc/nonesuch/x libexec/pc-gpu
is "$(gpus two)" '0 [[],null]' 'nor where one was'
rm libexec/pc-gpu
echo text >libexec/pc-gpu
like "$(gpus two)" "^0 \[\[\],\"cannot run '.*/libexec/pc-gpu': Permission denied\"\]$" \
	'one that cannot be run is told of'
unset PC_LIBEXEC

# ---- NVML fails

is "$(gpus rights)" \
	'0 [[],"NVML reports no GPU: Insufficient Permissions"]' 'no rights'
is "$(gpus code)" '0 [[],"NVML reports no GPU: ?"]' \
	'an error without a name'
is "$(gpus lost)" '0 [[1],"NVML: GPU 0: GPU is lost"]' \
	'one GPU fails, the other is told of'
is "$(gpus crash)" '0 [[],"NVML: it crashed (signal 6)"]' 'a crash'
is "$(gpus crash-1)" '0 [[0],"NVML: it crashed (signal 6)"]' 'in the midst'
is "$(gpus leave)" '0 [[],null]' 'it ends the process'
is "$(gpus loud)" '0 [[0,1],null]' 'what it prints is no answer'
is "$(NVML_SAYS=two LD_LIBRARY_PATH=$BUILD/tests/nvml-other pc-memstat -q --json |
	jq -c '[.gpus, .gpu_error]')" \
	'[[],"NVML: libnvidia-ml.so.1: it has no nvmlInit_v2"]' \
	'a library that lacks a function'
echo text >empty/libnvidia-ml.so.1
is "$(LD_LIBRARY_PATH=$T/empty pc-memstat -q --json | jq -c .gpus)" '[]' \
	'what is no library'
is "$(ls core* 2>/dev/null)" '' 'no core is left'

began=$SECONDS
is "$(gpus hang)" '0 [[],"NVML: no answer in 5 s"]' 'it hangs'
is "$(gpus hang-1)" '0 [[0],"NVML: no answer in 5 s"]' 'at the second GPU'
is "$(gpus late)" '0 [[0,1],"NVML: no answer in 5 s"]' 'or at the end'
is "$(gpus chatter)" '0 [[],"NVML: no answer in 5 s"]' 'or talks and talks'
is "$(gpus stubborn)" '0 [[],"NVML: no answer in 5 s"]' 'or does not mind SIGTERM'
[ $((SECONDS - began)) -ge 24 ]
ok 'and each is waited for'

# A process that is frozen is as one in a driver: SIGKILL does not end it.
freezer=/sys/fs/cgroup/freezer/pc-test.$$
thaw() {
	echo THAWED >"$freezer/freezer.state"
	await rmdir "$freezer"
}
if mkdir "$freezer" 2>/dev/null && [ -w "$freezer/freezer.state" ]; then
	at_exit+=(thaw)
	is "$(NVML_FREEZER=$freezer gpus frozen)" '0 [[],"NVML: no answer in 5 s"]' \
		'or is beyond SIGKILL'
	grep -q . "$freezer/cgroup.procs"
	ok 'which it is'
else
	skip 'or is beyond SIGKILL' 'there is no cgroup that freezes'
fi

# ---- NVML lies

for lie in absurd nothing more; do
	is "$(gpus $lie)" '0 [[],"NVML: pc-gpu printed an invalid line"]' \
		"sizes that are $lie"
done
is "$(gpus nameless '[.gpus[].name]')" '0 ["",""]' 'no name'
is "$(gpus unended '.gpus[0].name | length')" '0 95' 'a name without an end'
is "$(nvml unended pc-memstat -q | awk 'length > 80' | grep gpu)" '' \
	'in 80 columns'
is "$(gpus escape '[.gpus[].index]')" '0 [0,1]' 'a name is no line'
is "$(nvml escape pc-memstat -q | grep -c "$(printf '\033')")" 0 \
	'and nothing for the terminal'
if command -v promtool >/dev/null; then
	for s in two escape nameless; do
		is "$(nvml $s pc-memstat -q --prometheus |
			promtool check metrics 2>&1)" '' \
			"promtool has nothing to say of $s"
	done
else
	skip 'promtool has nothing to say' 'there is no promtool'
fi

# ---- by hand

is "$(nvml two pc-gpu)" "$(printf '%s\n' '0 25769803776 1073741824 NVIDIA L4' \
	'1 25769803776 1073741824 NVIDIA L4')" 'pc-gpu'
status 2 'which takes no words' pc-gpu x
done_testing
