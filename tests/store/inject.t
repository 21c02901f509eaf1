#!/bin/bash
# One system call fails with the error of a full disk or of a broken one: no
# acknowledged put is lost.  A sample here, all of them in `make torture`.
. "$(dirname "$0")/../lib.sh"

strace -o /dev/null -e inject=fdatasync:error=EIO true 2>/dev/null ||
	skip_all 'no fault injection by strace'
seed=${TORTURE_SEED:-$(($(date +%s) % 100000))}
sample=${INJECT_SAMPLE:-40} # 0: all
echo "# INJECT_SAMPLE=$sample TORTURE_SEED=$seed"
# A program with AddressSanitizer ends when it cannot map memory.
[ -z "${ASAN_OPTIONS-}" ] || export CALLS="write writev pwrite64 ftruncate \
lseek fsync fdatasync linkat renameat unlinkat mkdirat"

python3 "$TESTS/torture/inject.py" "$BUILD" "$sample" "$seed" >table 2>&1
ok "a call that fails loses no acknowledged put: $(head -n 1 table)"
sed 's/^/# /' table

# ---- an index that cannot be written, each of its writes in turn

head -c 300000 /dev/zero | tr '\0' B >B
key=00$(printf %062d 7)
for error in ENOSPC EIO; do
	lost=0 n=0
	while [ $n -lt 100 ]; do
		n=$((n + 1))
		rm -rf store
		echo seed | pc-put -k "00$(printf %062d 1)" -t never
		strace -qq -o trace -e trace=write -P "$PC_STORE/00/index" \
			-e inject=write:error=$error:when=$n \
			pc-put --sync -k "$key" -t never <B 2>err
		grep -q INJECTED trace || break
		# A put without a message is acknowledged: its value must be there.
		[ -s err ] || pc-get -k "$key" | cmp -s - B || lost=$((lost + 1))
		[ "$(pc-get -k "00$(printf %062d 1)")" = seed ] ||
			lost=$((lost + 1))
	done
	like "$lost:$n" '^0:([3-9]|[1-9][0-9])$' \
		"$error from each write to an index: acknowledged puts are hits"
done

# ---- a file that must not grow

# A value that consists of forged records, truncated at the limit.
python3 - <<'P' >hostile
import struct
import sys
s = b"pcrec\xa5\r\n" + bytes([1, 1]) + b"\0" * 42 + \
    struct.pack("<II", 4 << 20, 4 << 20)
sys.stdout.buffer.write(((s + b"\0" * 4) * 4096)[:262000])
P
rm -rf store
echo first | pc-put -k "00$(printf %062d 1)" -t never
(ulimit -f 200 && pc-put -k "$key" -t never <hostile) 2>err
like "$(cat err)" '^pc-put: cannot store the result: File too large' \
	'a value that the limit on file sizes truncates is not stored: the message'
for i in $(seq 11 30); do
	head -c 250000 /dev/zero | pc-put -k "00$(printf %062d "$i")" -t never
done
echo last | pc-put -k "00$(printf %062d 2)" -t never
pc-gc -q --rebuild
is "$(pc-get -k "00$(printf %062d 1)"):$(pc-get -k "00$(printf %062d 2)"):$(
	pc-get -k "00$(printf %062d 30)" | wc -c)" first:last:250000 \
	'values put before and after a truncated one are hits'
status 1 'a value that the limit on file sizes truncates is a miss' pc-get -k "$key"
done_testing
