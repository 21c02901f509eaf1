#!/bin/bash
# pc-stats --doctor: each of its checks when all is well, and when it is not.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"
events() { "$TESTS/data/events.py"; }

# says RESULT CHECK TEXT [REMEDY]: does the doctor, and what to do?
says() {
	pc-stats --doctor >doctor 2>err
	case $? in
	0) grep -q ^fail doctor && echo 'fail, but status 0' >>doctor ;;
	1) grep -q ^fail doctor || echo 'status 1, but no fail' >>doctor ;;
	*) echo 'it failed itself' >>doctor ;;
	esac
	like "$(cat doctor)" "^$1 +$2 +.*$3" "$2: $1: $3"
	is "$(grep -c 'itself\|, but' doctor)" 0 'its status says so'
	[ $# -lt 4 ] ||
		like "$(grep -A1 "^$1 *$2 " doctor)" "^ +-> .*$4" "what to do: $4"
}

server_start ollama --api ollama
use ollama
config '{"inference": {"model": "tiny", "vision_model": "vision:latest"}}'
says warn store 'there is no store yet' 'pc-ocr FILE'
[ ! -e store ]
ok '--doctor does not create a store'
mkdir store
says warn store 'there is no store yet' 'pc-ocr FILE'
is "$(ls -A store)" '' '--doctor does not create a store in an empty directory'
pc-stats --doctor --store "$T/other" >out 2>err
[ ! -e other ]
ok '--doctor --store does not create a store'
printf v | pc-put -s x

# ---- all is well

says ok cache on
says ok events on
says ok store 'no damage in 1 records'
says ok writable "$T/store"
says ok size '[0-9]+B of 5.00G'
says ok server 'it has tiny:latest, vision:latest, thinker:latest'
says ok times 'not known yet'
if [ -x "$BUILD/pc-tesseract" ]; then
	says ok ocr 'eng; tesseract has .*eng'
	is "$(sed '/^warn *sandbox /,/->/d' doctor | grep -vc '^ok ')" 0 \
		'every check of a sound setup is ok'
fi
is "$(pc-stats --doctor --json | jq -c '[.[] | select(.check == "cache")]')" \
	'[{"check":"cache","result":"ok","text":"on","remedy":""}]' '--doctor --json gives each check as an object'

# ---- switches

PC_CACHE=off says fail cache 'off:' 'unset PC_CACHE'
PC_EVENTS=off says warn events 'off:' 'unset PC_EVENTS'

# ---- the server and its models

config '{"inference": {"model": "tin"}}'
says warn server "inference.model is 'tin', which the server does not have; it has tiny:latest" \
	'pc-infer --pull'
config '{"inference": {"embedding_model": "none"}}'
says warn server "inference.embedding_model is 'none'" 'pc-infer --pull'
config '{}'
PC_INFER_URL=http://127.0.0.1:1 says warn server 'onnect' 'ollama serve'
python3 -c 'import socket, time
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
print(s.getsockname()[1], flush=True)
time.sleep(300)' >port &
silent=$!
at_exit+=(end_silent)
end_silent() { kill "$silent" 2>/dev/null; }
await test -s port
PC_INFER_URL=http://127.0.0.1:$(cat port) says warn server \
	'it does not answer for seconds' 'ollama serve'
export PC_INFER_URL=http://127.0.0.1:1 # which is quick

# ---- engines

if [ -x "$BUILD/pc-tesseract" ]; then
	config '{"ocr": {"language": "nonesuch"}}'
	says fail ocr nonesuch 'tesseract-ocr-'
	config '{}'
fi
mkdir nothing
for helper in ocr pc-doc pc-http; do
	PC_LIBEXEC=$T/nothing says fail $helper "'$T/nothing/pc-" 'make install'
done

# ---- the store

head -c 3000 /dev/urandom | pc-put -s big
head -c 3000 /dev/urandom | pc-put -s big -p n=2
config '{"caching": {"max_bytes": "1K"}}'
says warn size '6[.0-9]*K?B?, more than|more than caching.max_bytes' \
	'pc-gc --max-bytes config'
config '{}'
mkdir other
echo >other/file
PC_STORE=$T/other says fail writable 'is not a store' 'PC_STORE'
cp -r store broken
log=$(find broken -name log -size +1 | head -n 1)
cp "$log" log
# At the key, at the check, in the value.
for at in 130 200 1000; do
	cp log "$log"
	printf '\377\376' | dd of="$log" bs=1 seek=$at conv=notrunc 2>/dev/null
	PC_STORE=$T/broken says warn store '1 records are damaged' \
		'pc-gc --repair'
done
cp log "$log"
PC_STORE=$T/broken says ok store 'no damage in 3 records'
echo 'damage big times=2' | events >>broken/events
PC_STORE=$T/broken says warn store 'damaged records were found 2 times' \
	'pc-gc --check'
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$T"
	other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
else
	other() { "$@"; }
fi
cp -r store closed
chmod -R u-w closed
[ "$(id -u)" != 0 ] || chown -R 65534:65534 closed
PC_STORE=$T/closed other "$BUILD/pc-stats" --doctor >doctor 2>err
like "$(cat doctor)" '^fail +writable ' 'a store that may not be written'
like "$(cat doctor)" '^ +-> run chmod -R u\+w' '--doctor suggests chmod for a read-only store'
PC_STORE=$T/closed other "$BUILD/pc-stats" --reset >out 2>err
is "$?" 2 '--reset of a read-only store exits with 2'
like "$(cat err)" 'may not be written' '--reset says that the store may not be written'
chmod -R u+w closed

if command -v strace >/dev/null; then
	# on MAGIC: with the store on that file system, by statfs(2)
	on() {
		strace -qq -o trace -e "inject=statfs:poke_exit=@arg2=$1" \
			pc-stats --doctor 2>/dev/null
	}
	like "$(on 6969000000000000)" '^fail +disk +.* on NFS' '--doctor fails for a store on NFS'
	like "$(on 424d53ff00000000)" '^fail +disk +.* on CIFS' '--doctor fails for a store on CIFS'
	like "$(on 4655736500000000)" '^warn +disk +.* FUSE' '--doctor warns about a store on FUSE'
fi
cat >small.sh <<'END'
mount -t tmpfs -o size=1m,mode=700 none mnt || exit 99
cp -r store mnt && PC_STORE=$PWD/mnt/store pc-stats --doctor >doctor
END
mkdir mnt
if unshare -m true 2>/dev/null; then
	unshare -m bash small.sh
elif unshare -Urm true 2>/dev/null; then
	unshare -Urm bash small.sh
else
	(exit 99)
fi
if [ $? = 99 ]; then
	skip 'a full disk' 'no private mounts here'
else
	like "$(cat doctor)" '^fail +room +[0-9.]+K left' 'a full disk'
	like "$(cat doctor)" '^ +-> free disk space, or run pc-gc' '--doctor suggests freeing space on a full disk'
fi

# ---- times

echo 'hit slow times=20 duration=1500000' | events >store/events
says warn times 'stage slow: p95 of a hit is 1[.]' '--by hour'
echo 'hit slow times=19 duration=1500000' | events >store/events
says ok times 'p95 of a hit is 1[.]'
echo 'hit locked times=200 wait=500000' | events >store/events
says warn locks 'p95 of a lock wait is [45][0-9]+ms' '-j'
{ echo 'miss cold times=95' && echo 'hit cold times=5'; } |
	events >store/events
says warn 'hit rate' '5.0 %' 'pc-hash --explain'
done_testing
