#!/bin/bash
# pc-put: what is stored, and above all what is not.
. "$(dirname "$0")/../lib.sh"

printf 'document\n' >doc
key=$(printf '%064d' 42)
head -c 100000 /dev/urandom >inline
head -c 3000000 /dev/urandom >external

# whole values
printf raw | pc-put -k "$key"
is "$? $(pc-get -k "$key")" '0 raw' 'a value that was put by key is read back'
printf raw2 | pc-put -k "$key"
is "$(pc-get -k "$key")" raw2 'a put replaces an older value'
for f in external inline external; do
	pc-put -s large <$f
	pc-get -s large | cmp - $f
	ok "$f replaces"
done
is "$(find store -name '*.????????' | wc -l)" 1 'one file is left after large values were replaced'
pc-put -s synced --sync <inline
pc-get -s synced | cmp - inline
ok '--sync stores the value'

# A lock that is held for long: the message names the store and what to do.
echo x | pc-put --store locked -s x
cat >hold.py <<'E'
import fcntl, os, struct, time
fd = os.open('locked/state', os.O_RDWR)
for at, n in (0, 64), (4097, 1):  # the shards; summing events up
    fcntl.fcntl(fd, 37, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, at, n, 0))
open('held', 'w').close()
time.sleep(3600)
E
python3 hold.py &
holder=$!
await test -e held
puts=()
for n in 1 2 3; do
	echo v | pc-put --store locked -s new -p n=$n 2>err.$n &
	puts+=($!)
done
pc-stats --store locked --reset 2>err.0
is "$?" 2 'pc-stats --reset gives up on a lock that is held for long'
wait "${puts[@]}"
kill "$holder"
wait "$holder" 2>/dev/null
why="another process has locked store 'locked' for more than 10 s; try again \
('fuser -v locked/state' lists its users)"
is "$(cat err.0)" "pc-stats: cannot forget the events: $why" \
	'its message names the store and what to do'
is "$(sort -u err.[123])" \
	"pc-put: cannot store the result: $why; going on without it" \
	'a put that times out names the store and what to do'
echo v | pc-put --store locked -s new -p n=1
is "$(pc-get --store locked -s new -p n=1)" v \
	'after the lock is released the store works'

# nothing stored
status 1 'an empty value is not stored' pc-put -s empty </dev/null
like "$(cat err)" '--negative' 'the message for an empty value names --negative'
: | pc-put -s empty --negative 1h
status 0 'with --negative an empty value is stored' pc-get -s empty
is "$(cat out)" '' 'a hit of an empty value prints nothing'
status 2 'a directory as value exits with 2' pc-put -s fail <.
status 1 'a directory is not stored' pc-get -s fail
pc-put -s fail <&- 2>err
is $? 2 'a closed stdin exits with 2'
status 0 'a command that succeeds exits with 0' pc-put -s cmd -- printf 'from a command'
is "$(pc-get -s cmd)" 'from a command' 'the output of a command that succeeds is stored'
status 2 'a command that fails exits with 2' pc-put -s cmd2 -- sh -c 'echo half; exit 3'
like "$(cat err)" "'sh' exited with 3; nothing was stored" 'the message names the command and its status'
status 1 'the output of a command that fails is not stored' pc-get -s cmd2
status 2 'a command that is killed exits with 2' pc-put -s cmd2 -- sh -c 'echo x; kill -9 $$'
status 1 'the output of a command that was killed is not stored' pc-get -s cmd2
status 2 'a command that does not exist exits with 2' pc-put -s cmd2 -- nonesuch
mkfifo input
pc-put -s cut <input &
exec 7>input
printf half >&7
await idle $!
kill $!
wait $! 2>/dev/null
exec 7>&-
status 1 'a put that is interrupted stores nothing' pc-get -s cut

# many
printf raw2 | pc-put -k "$key"
printf '\377\376' | pc-put -s bin
pc-get --jsonl "$(pc-hash -s bin)" "$key" >lines
PC_STORE=$T/second pc-put --jsonl <lines
is "$(PC_STORE=$T/second pc-get -k "$(pc-hash -s bin)" | od -An -tx1)" ' ff fe' \
	'pc-put --jsonl reads what pc-get --jsonl writes'
printf '{"file":"doc","value":"json"}\nrubbish\n' |
	pc-put --jsonl -s j 2>err
is $? 3 'a bad record exits with 3'
is "$(pc-get -s j doc)" json 'the records beside a bad one are stored'

# endings
status 2 'a missing key exits with 2' pc-put
status 2 'a malformed key exits with 2' pc-put -k xyz
status 2 'an unknown option exits with 2' pc-put --nonesuch
status 2 'a parameter given twice exits with 2' pc-put -s x -p a=1 -p a=2 </dev/null
status 2 'a missing input exits with 2' pc-put -s x nonesuch </dev/null
like "$(cat err)" "cannot open 'nonesuch'|'nonesuch'" 'the message names the missing input'
done_testing
