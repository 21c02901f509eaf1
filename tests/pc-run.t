#!/bin/bash
# pc-run: any command, remembered.
. "$(dirname "$0")/lib.sh"

# runs: how often the counting command has run
counted='echo x >>"$COUNT"; '
export COUNT=$T/count
runs() { wc -l <"$COUNT" 2>/dev/null || echo 0; }

printf 'in\n' >in
for i in 1 2 3; do pc-run -s up -i in -- sh -c "$counted tr a-z A-Z <in"; done >out
is "$(cat out)" "IN
IN
IN" 'the output is the same each time'
is "$(runs)" 1 'the command ran once'
printf 'in2\n' >in
is "$(pc-run -s up -i in -- sh -c "$counted tr a-z A-Z <in")" IN2 \
	'a changed input runs it'
is "$(runs)" 2 'again'
: >"$COUNT"
for i in 1 2; do printf abc | pc-run -s up -i - -- sh -c "$counted tr a-z A-Z"; done >out
is "$(cat out)" ABCABC 'standard input is given to the command'
is "$(runs)" 1 'and is part of the key'
printf abcd | pc-run -s up -i - -- sh -c "$counted tr a-z A-Z" >out
is "$(cat out)" ABCD 'other bytes, another key'
head -c 5000000 /dev/urandom >big
pc-run -s big -i - -- cat <big | cmp - big
ok 'a large standard input'
pc-run -s big -i - -- false <big | cat >/dev/null
pc-run -s big -i - -- cat <big | cmp - big
ok 'and its hit'

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
is "$(runs)" 8 'parameters, stage, words, variables: eight keys'
E1=1 pc-run -s k -e E1 -- "${cmd[@]}" >/dev/null
is "$(runs)" 8 'and each is remembered'
SECRET=hunter2hunter2 pc-run -s k -e SECRET -- "${cmd[@]}" >/dev/null
! grep -rq hunter2hunter2 store
ok "a variable's value is not in the store"
like "$(E1=3 pc-run -s k -e E1 --explain -- "${cmd[@]}")" 'environment E1: ' \
	'--explain'
like "$(pc-run -s k --explain -- "${cmd[@]}" words)" \
	'argument 4: (word|\(none\)) -> words' '--explain: words'

# status and stderr
: >"$COUNT"
fail=(sh -c "$counted echo no; echo why >&2; exit 7")
status 7 'the status of the command' pc-run -s f -- "${fail[@]}"
is "$(cat out)$(cat err)" nowhy 'its output and its stderr'
status 7 'a failure is not remembered' pc-run -s f -- "${fail[@]}"
is "$(runs)" 2 'it runs again'
status 7 '--ok-status' pc-run -s f2 --ok-status 0,7 -- "${fail[@]}"
status 7 'the status is remembered' pc-run -s f2 --ok-status 0,7 -- "${fail[@]}"
is "$(runs)" 3 'it runs once'
is "$(cat err)" '' 'stderr is not remembered'
status 7 '--keep-stderr' pc-run -s f3 --ok-status 7 --keep-stderr -- "${fail[@]}"
status 7 'and again' pc-run -s f3 --ok-status 7 --keep-stderr -- "${fail[@]}"
is "$(cat err)" why 'stderr is remembered when asked'
status 7 '--negative' pc-run -s f4 --negative 1h -- "${fail[@]}"
: >"$COUNT"
status 7 'and again' pc-run -s f4 --negative 1h -- "${fail[@]}"
is "$(runs)" 0 'a failure is remembered when asked'
pc-run -s e -- sh -c "$counted"
pc-run -s e -- sh -c "$counted"
is "$(runs)" 2 'empty output is not remembered'
pc-run -s e --negative 1h -- sh -c "$counted"
pc-run -s e --negative 1h -- sh -c "$counted"
is "$(runs)" 3 'but with --negative'
status 127 'a command that is not there' pc-run -s x -- nonesuch
status 126 'one that cannot run' pc-run -s x -- ./in
status 125 'a usage error' pc-run -s x
status 125 'no stage' pc-run true
status 125 'an unreadable input' pc-run -s x -i nonesuch -- true
status 143 'a command that dies by a signal' \
	pc-run -s x --negative 1h -- sh -c 'echo x; kill $$'
status 143 'is not remembered' \
	pc-run -s x --negative 1h -- sh -c 'echo x; kill $$'

# inputs that do not hold still
printf 'a\n' >moving
pc-run -s mv -i moving -- sh -c 'cat moving; echo b >>moving' >out 2>err
is "$(cat out)" a 'a command that changes its input'
like "$(cat err)" "'moving' changed meanwhile" 'is told'
printf 'a\n' >moving
like "$(pc-run -s mv -i moving --explain -- sh -c 'cat moving; echo b >>moving')" \
	'^miss' 'and not remembered'
status 125 'an input that is a pipe' pc-run -s p -i <(echo x) -- cat
like "$(cat err)" 'with -i -' 'says what to do'

# switches
: >"$COUNT"
c=(sh -c "$counted date +%N")
first=$(pc-run -s sw -- "${c[@]}")
[ "$(pc-run -s sw --refresh -- "${c[@]}")" != "$first" ]
ok '--refresh computes'
second=$(pc-run -s sw -- "${c[@]}")
[ "$second" != "$first" ]
ok 'and replaces'
[ "$(pc-run -s sw --no-cache -- "${c[@]}")" != "$second" ]
ok '--no-cache computes'
[ "$(PC_CACHE=off pc-run -s sw -- "${c[@]}")" != "$second" ]
ok 'PC_CACHE=off computes'
is "$(pc-run -s sw --read-only -- "${c[@]}")" "$second" '--read-only reads'
pc-run -s sw2 --read-only -- "${c[@]}" >/dev/null
pc-run -s sw2 --read-only -- "${c[@]}" >/dev/null
is "$(runs)" 6 'and stores nothing'
like "$(pc-run -v -s sw -- "${c[@]}" 2>&1 >/dev/null)" \
	'^pc-run: hit sw [0-9a-f]{64} [0-9.]+ ms$' '-v: one line'

# streaming, and ends of all kinds
last=(sh -c "echo first; $held echo last")
pc-run -s st -- "${last[@]}" >stream &
await test -s stream
is "$(cat stream)" first 'output streams while the command runs'
touch go
wait
is "$(limit pc-run -s st -- "${last[@]}")" "first
last" 'and is stored whole'
# shellcheck disable=SC2216
limit pc-run -s yes -- yes | head -n 1 >out
is "$(cat out)" y 'head ends a command without an end'
limit pc-run -s full -- echo x >/dev/full 2>err
is $? 125 'a full device is a failure'
limit pc-run -s full -- echo x >&- 2>err
is $? 125 'so is a closed stdout'
is "$(pc-run -s in0 -- cat <&- 2>/dev/null; echo $?)" 1 'a closed stdin is passed on'
pc-run -s int -- sh -c 'echo begun; exec sleep 3000' >int &
await test -s int
kill -TERM $!
wait $!
is $? 143 'a signal ends it and its command'
is "$(pc-run -s int --explain -- sh -c 'echo begun; exec sleep 3000' | grep -c ^miss)" 1 \
	'and nothing is stored'
rm go
(trap '' HUP; exec pc-run -s hup -- sh -c "echo begun; $held echo end") >hup &
await test -s hup
kill -HUP $!
touch go
wait $!
is "$?:$(tail -n 1 hup)" 0:end 'SIGHUP after nohup is nothing, to both'

# stale
: >"$COUNT"
s=(sh -c "$counted $held wc -l <\"\$COUNT\"")
pc-run -s stale -t 1s -- "${s[@]}" >/dev/null
sleep 1.1
rm go
stale() { limit pc-run -s stale -t 1h --stale 1h -- "${s[@]}"; }
is "$(stale)" 1 '--stale serves the old result before there is a new one'
touch go
renewed() { [ "$(stale)" = 2 ]; }
await renewed
is "$(stale)" 2 'a new one is made meanwhile'
is "$(runs)" 2 'once'

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
	'and 32 print its bytes'
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
is "$(runs)" 2 'one other'
: >"$COUNT"
rm go
n=(sh -c "$counted $held echo result")
pc-run -s never -- "${n[@]}" >/dev/null &
await test -s "$COUNT"
pc-run -s never --wait never -- "${n[@]}" >waited 2>&1 &
await naps $!
touch go
wait
is "$(cat waited):$(runs)" result:1 '--wait never waits for as long as it takes'
[ "$(pc-run --help | wc -L)" -le 80 ]
ok '--help fits a screen'
done_testing
