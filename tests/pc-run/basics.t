#!/bin/bash
# pc-run: any command, remembered.
. "$(dirname "$0")/../lib.sh"

# runs: how often the counting command has run
counted='echo x >>"$COUNT"; '
export COUNT=$T/count
runs() { wc -l <"$COUNT" 2>/dev/null || echo 0; }

printf 'in\n' >in
for i in 1 2 3; do pc-run -s up -i in -- sh -c "$counted tr a-z A-Z <in"; done >out
is "$(cat out)" "IN
IN
IN" 'a hit prints the same bytes as the run'
is "$(runs)" 1 'the command ran once'
printf 'in2\n' >in
is "$(pc-run -s up -i in -- sh -c "$counted tr a-z A-Z <in")" IN2 \
	'a changed input runs it'
is "$(runs)" 2 'a changed input is a miss that stays one result'
: >"$COUNT"
for i in 1 2; do printf abc | pc-run -s up -i - -- sh -c "$counted tr a-z A-Z"; done >out
is "$(cat out)" ABCABC 'standard input is given to the command'
is "$(runs)" 1 'equal bytes on standard input are a hit'
printf abcd | pc-run -s up -i - -- sh -c "$counted tr a-z A-Z" >out
is "$(cat out)" ABCD 'other bytes on standard input are a miss'
head -c 5000000 /dev/urandom >big
pc-run -s big -i - -- cat <big | cmp - big
ok 'the command gets all of a large standard input'
pc-run -s big -i - -- false <big | cat >/dev/null
pc-run -s big -i - -- cat <big | cmp - big
ok 'a hit after a large standard input prints the same bytes'

# what is in the key
: >"$COUNT"
cmd=(sh -c "$counted echo out")
pc-run -s k -- "${cmd[@]}" >/dev/null
pc-run -s k -p a=1 -- "${cmd[@]}" >/dev/null
pc-run -s k2 -- "${cmd[@]}" >/dev/null
pc-run -s k -- "${cmd[@]}" word >/dev/null
E1=1 pc-run -s k -e E1 -- "${cmd[@]}" >/dev/null
E1=2 pc-run -s k -e E1 -- "${cmd[@]}" >/dev/null
E1='' pc-run -s k -e E1 -- "${cmd[@]}" >/dev/null
pc-run -s k -e E1 -- "${cmd[@]}" >/dev/null
is "$(runs)" 8 'parameters, stage, arguments and variables make eight keys'
E1=1 pc-run -s k -e E1 -- "${cmd[@]}" >/dev/null
is "$(runs)" 8 'all eight keys are hits in the second round'
SECRET=hunter2hunter2 pc-run -s k -e SECRET -- "${cmd[@]}" >/dev/null
! grep -rq hunter2hunter2 store
ok "a variable's value is not in the store"
like "$(E1=3 pc-run -s k -e E1 --explain -- "${cmd[@]}")" 'environment E1: ' \
	'--explain names the variable that a key depends on'
like "$(pc-run -s k --explain -- "${cmd[@]}" words)" \
	'argument 4: (word|\(none\)) -> words' '--explain names the argument that differs'

# status and stderr
: >"$COUNT"
fail=(sh -c "$counted echo no; echo why >&2; exit 7")
status 7 'pc-run exits with the status of the command' pc-run -s f -- "${fail[@]}"
is "$(cat out)$(cat err)" nowhy 'stdout and stderr of a failing command are passed on'
status 7 'a command that fails a second time has its status again' pc-run -s f -- "${fail[@]}"
is "$(runs)" 2 'a failure is not stored, so the command runs twice'
status 7 'a status of --ok-status is passed on' pc-run -s f2 --ok-status 0,7 -- "${fail[@]}"
status 7 'a hit exits with the status that was stored' pc-run -s f2 --ok-status 0,7 -- "${fail[@]}"
is "$(runs)" 3 'with --ok-status the failing command runs once'
is "$(cat err)" '' 'a hit prints no stderr without --keep-stderr'
status 7 'a run with --keep-stderr passes the status on' pc-run -s f3 --ok-status 7 --keep-stderr -- "${fail[@]}"
status 7 'and again' pc-run -s f3 --ok-status 7 --keep-stderr -- "${fail[@]}"
is "$(cat err)" why 'a hit with --keep-stderr prints the stored stderr'
status 7 'a failing run with --negative passes the status on' pc-run -s f4 --negative 1h -- "${fail[@]}"
: >"$COUNT"
status 7 'and again' pc-run -s f4 --negative 1h -- "${fail[@]}"
is "$(runs)" 0 'with --negative a failure is a hit'
pc-run -s e -- sh -c "$counted"
pc-run -s e -- sh -c "$counted"
is "$(runs)" 2 'empty output is not stored'
pc-run -s e --negative 1h -- sh -c "$counted"
pc-run -s e --negative 1h -- sh -c "$counted"
is "$(runs)" 3 'with --negative empty output is stored'
status 127 'a command that does not exist exits with 127' pc-run -s x -- nonesuch
status 126 'a command that cannot be executed exits with 126' pc-run -s x -- ./in
status 125 'a missing command exits with 125' pc-run -s x
status 125 'a missing stage exits with 125' pc-run true
status 125 'an unreadable input exits with 125' pc-run -s x -i nonesuch -- true
status 143 'a command killed by SIGTERM exits with 143' \
	pc-run -s x --negative 1h -- sh -c 'echo x; kill $$'
status 143 'the result of a killed command is not stored' \
	pc-run -s x --negative 1h -- sh -c 'echo x; kill $$'

# inputs that do not hold still
printf 'a\n' >moving
pc-run -s mv -i moving -- sh -c 'cat moving; echo b >>moving' >out 2>err
is "$(cat out)" a 'the output of a command that changes its input is printed'
like "$(cat err)" "'moving' changed during the run" 'a warning names the input that changed'
printf 'a\n' >moving
like "$(pc-run -s mv -i moving --explain -- sh -c 'cat moving; echo b >>moving')" \
	'^miss' 'a result whose input changed is not stored'
status 125 'an input that is a pipe is refused' pc-run -s p -i <(echo x) -- cat
like "$(cat err)" 'with -i -' 'the message for a pipe points to -i -'

# switches
: >"$COUNT"
c=(sh -c "$counted date +%N")
first=$(pc-run -s sw -- "${c[@]}")
[ "$(pc-run -s sw --refresh -- "${c[@]}")" != "$first" ]
ok '--refresh runs the command'
second=$(pc-run -s sw -- "${c[@]}")
[ "$second" != "$first" ]
ok '--refresh replaces the stored result'
[ "$(pc-run -s sw --no-cache -- "${c[@]}")" != "$second" ]
ok '--no-cache runs the command'
[ "$(PC_CACHE=off pc-run -s sw -- "${c[@]}")" != "$second" ]
ok 'PC_CACHE=off runs the command'
is "$(pc-run -s sw --read-only -- "${c[@]}")" "$second" '--read-only serves a hit'
pc-run -s sw2 --read-only -- "${c[@]}" >/dev/null
pc-run -s sw2 --read-only -- "${c[@]}" >/dev/null
is "$(runs)" 6 '--no-cache, PC_CACHE=off and --read-only store nothing'
like "$(pc-run -v -s sw -- "${c[@]}" 2>&1 >/dev/null)" \
	'^pc-run: hit sw [0-9a-f]{64} [0-9.]+ ms$' '-v prints one line with stage, key and time'

# streaming, and ends of all kinds
last=(sh -c "echo first; $held echo last")
pc-run -s st -- "${last[@]}" >stream &
await test -s stream
is "$(cat stream)" first 'output streams while the command runs'
touch go
wait
is "$(limit pc-run -s st -- "${last[@]}")" "first
last" 'a streamed output is stored whole'
# shellcheck disable=SC2216
limit pc-run -s yes -- yes | head -n 1 >out
is "$(cat out)" y 'head ends an endless command'
limit pc-run -s full -- echo x >/dev/full 2>err
is $? 125 'a full output device exits with 125'
limit pc-run -s full -- echo x >&- 2>err
is $? 125 'a closed stdout exits with 125'
is "$(pc-run -s in0 -- cat <&- 2>/dev/null; echo $?)" 1 'the command inherits a closed stdin'
pc-run -s int -- sh -c 'echo begun; exec sleep 3000' >int &
await test -s int
kill -TERM $!
wait $!
is $? 143 'SIGTERM ends pc-run and its command'
is "$(pc-run -s int --explain -- sh -c 'echo begun; exec sleep 3000' | grep -c ^miss)" 1 \
	'a run ended by a signal stores nothing'
rm go
(trap '' HUP; exec pc-run -s hup -- sh -c "echo begun; $held echo end") >hup &
await test -s hup
kill -HUP $!
touch go
wait $!
is "$?:$(tail -n 1 hup)" 0:end 'after nohup, SIGHUP ends neither pc-run nor its command'

# stale
: >"$COUNT"
s=(sh -c "$counted $held wc -l <\"\$COUNT\"")
pc-run -s stale -t 1s -- "${s[@]}" >/dev/null
sleep 1.1
rm go
stale() { limit pc-run -s stale -t 1h --stale 1h -- "${s[@]}"; }
is "$(stale)" 1 '--stale serves the expired result at once'
touch go
renewed() { [ "$(stale)" = 2 ]; }
await renewed
is "$(stale)" 2 'a process in the background stores a new result'
is "$(runs)" 2 'the command ran once for the new result'

# single-flight
: >"$COUNT"
rm go
f=(sh -c "$counted $held echo result")
for i in $(seq 32); do pc-run -s flight -- "${f[@]}" >"f$i" & done
await naps $!
touch go
wait
is "$(runs)" 1 'of 32 started together one runs the command'
is "$(cat f? f?? | sort | uniq -c | tr -s ' ')" ' 32 result' \
	'all 32 print the same bytes'
: >"$COUNT"
rm go
g=(sh -c "$counted $held echo result")
pc-run -s killed -- "${g[@]}" >/dev/null &
first=$!
await test -s "$COUNT"
for i in 1 2 3 4; do
	pc-run -s killed -- "${g[@]}" >"g$i" &
	pids[i]=$!
done
await naps "${pids[4]}"
disown $first # no word of it from the shell
kill -9 $first
await lines 2 "$COUNT"
touch go
wait
is "$(cat g? | sort | uniq -c | tr -s ' ')" ' 4 result' \
	'when the one that computes is killed another takes over'
is "$(runs)" 2 'only one other process runs the command'
: >"$COUNT"
rm go
n=(sh -c "$counted $held echo result")
pc-run -s never -- "${n[@]}" >/dev/null &
await test -s "$COUNT"
pc-run -s never --wait never -- "${n[@]}" >waited 2>&1 &
await naps $!
touch go
wait
is "$(cat waited):$(runs)" result:1 '--wait never waits until the other process is done'
: >"$COUNT"
echo old >value
r=(sh -c "$counted $held cat value")
pc-run -s renew -- "${r[@]}" >/dev/null
: >"$COUNT"
rm go
echo new >value
pc-run -s renew --refresh -- "${r[@]}" >/dev/null &
first=$!
await test -s "$COUNT"
pc-run -s renew --refresh -- "${r[@]}" >renewed &
await naps $!
disown $first
kill -9 $first
await lines 2 "$COUNT"
touch go
wait
is "$(cat renewed)" new \
	'--refresh takes no older result after a wait for a process that was killed'
[ "$(pc-run --help | wc -L)" -le 80 ]
ok '--help fits a screen'
done_testing
