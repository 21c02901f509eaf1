#!/bin/bash
# pc-fetch: what is remembered, for how long, and what comes out.
. "$(dirname "$0")/lib.sh"
. "$TESTS/web.sh"

mkdir -p web/www
printf 'alpha\n' >web/www/a
printf 'beta\n' >web/www/b
seq 100000 >web/www/big
head -c 3000000 /dev/urandom >web/www/random
web_start

# hits, misses, nothing
is "$(pc-fetch "$web/a")" alpha 'a miss'
is "$(pc-fetch "$web/a")" alpha 'a hit'
is "$(asked /a)" 1 'asks once'
is "$(pc-fetch -o - "$web/a" && [ ! -e - ] || echo file)" alpha '-o - is no file'
is "$(pc-fetch --no-cache "$web/a")" alpha 'without a cache'
is "$(asked /a)" 2 'it is asked each time'
is "$(PC_CACHE=off pc-fetch "$web/a")" alpha 'PC_CACHE=off'
for p in big random a; do
	pc-fetch "$web/$p" >g1 && pc-fetch "$web/$p" >g2 &&
		pc-fetch --no-cache "$web/$p" >g3
	cmp g1 web/www/$p && cmp g2 web/www/$p && cmp g3 web/www/$p
	ok "$p is the same on a miss, a hit and without a cache"
done
pc-fetch "$web/gzip" | cmp - web/www/big
ok 'what comes compressed is decoded'
is "$(pc-fetch "$web/a" "$web/b" "$web/a" | xargs)" 'alpha beta alpha' \
	'several, in order'
: >web/log
is "$(pc-fetch "HTTP://127.0.0.1:$port/a#part" | xargs)" alpha \
	'the same URL in another form'
is "$(asked /a)" 0 'is the same'
pc-fetch --no-cache "$web/ok" "$web/ok" "$web/ok" >out
is "$(cat out | xargs) $(asked /ok)" 'ok ok ok 1' 'one given thrice is asked once'
if curl --version | grep -qw IDN; then
	is "$(http_proxy=$web pc-fetch --no-cache http://bücher.invalid/a)" \
		alpha 'a host in letters of its own'
fi
like "$(pc-fetch --no-cache "$web/agent")" '^pc/[0-9.]+$' 'who it says it is'

# time and validators
: >web/log
pc-fetch -t 0s --refresh "$web/a" >out
is "$(cat out) $(asked '/a 200')" 'alpha 1' '--refresh asks'
is "$(pc-fetch -t 1h "$web/a") $(asked '/a 304')" 'alpha 1' \
	'past its time it is asked whether it changed'
is "$(pc-fetch "$web/a") $(asked /a)" 'alpha 2' 'a 304 renews'
for p in etag modified; do
	pc-fetch -t 0s "$web/$p" >out
	is "$(pc-fetch "$web/$p") $(asked "/$p 304")" 'alpha 1' "by $p"
done
pc-fetch -t 0s "$web/no-validator" >out
is "$(pc-fetch "$web/no-validator") $(asked '/no-validator 200')" 'alpha 2' \
	'without either it is fetched anew'
pc-fetch -t 0s --refresh "$web/a" >out
printf 'changed\n' >web/www/a
touch -d '2001-01-01' web/www/a
is "$(pc-fetch "$web/a")" changed 'what has changed is fetched'
is "$(pc-fetch "$web/a")" changed 'and remembered'
: >web/log
printf 'alpha\n' >web/www/a
pc-fetch --refresh "$web/a" >out
pc-fetch "$web/no-store" "$web/no-store" >out
pc-fetch "$web/no-store" >out
is "$(asked /no-store)" 2 'no-store is honoured'
pc-fetch --force-store "$web/no-store" >out
is "$(pc-fetch "$web/no-store") $(asked /no-store)" 'alpha 3' \
	'unless --force-store'
pc-fetch "$web/empty"
pc-fetch "$web/empty"
is "$(asked /empty)" 2 'an empty answer is not remembered'
pc-fetch --negative 1h "$web/empty"
status 0 'with --negative it is' pc-fetch --negative 1h "$web/empty"
is "$(asked /empty)" 3 'so'

# failures
status 2 '404' pc-fetch "$web/nonesuch"
is "$(cat out)" '' 'prints nothing'
like "$(cat err)" "^pc-fetch: 'http://.*/nonesuch': the server says 404, not found" \
	'and says so'
status 2 'and again' pc-fetch "$web/nonesuch"
is "$(asked /nonesuch)" 2 'it is not remembered'
pc-fetch -q --negative 1h "$web/410" 2>/dev/null
status 2 '--negative' pc-fetch --negative 1h "$web/410"
like "$(cat err)" '410, gone' 'says the same'
is "$(asked /410)" 1 'without asking'
: >web/log
status 75 '503' pc-fetch "$web/503"
is "$(asked /503)" 3 'is tried three times'
status 75 '429' pc-fetch "$web/429"
like "$(cat err)" 'try again in 3600 s' 'says when to come back'
is "$(asked /429)" 1 'and is not asked before'
status 3 'one failure spares the rest' pc-fetch "$web/503" "$web/b" "$web/nonesuch"
is "$(cat out)" beta 'which is printed'
status 75 'all failed, and may not later' pc-fetch "$web/503" "$web/429"
status 2 'all failed, one for good' pc-fetch "$web/503" "$web/nonesuch"
status 75 'nobody there' pc-fetch http://127.0.0.1:1/
status 2 'no such host' pc-fetch http://nonesuch.invalid/
for u in file:///etc/passwd ftp://h/x h/x http:// http:///x http://h:x/ \
	http://h:99999/ 'http://a b/'; do
	status 2 "no URL: $u" pc-fetch "$u"
done
status 2 'a password in the URL' pc-fetch "http://me:hunter2@127.0.0.1:$port/a"
like "$(cat err)" '--header-file' 'has a remedy'

# redirects
: >web/log
is "$(pc-fetch "$web/to-a")" alpha 'a redirect'
status 2 'a loop' pc-fetch "$web/loop"
is "$(asked /loop)" 11 'is bounded'
status 2 'to a file' pc-fetch "$web/to-file"
like "$(cat err)" 'only http and https' 'is refused'
status 2 '--max-redirects 0' pc-fetch --max-redirects 0 --refresh "$web/to-a"

# --offline, --stale-if-error
status 0 '--offline: a hit' pc-fetch --offline "$web/a"
status 1 '--offline: a miss' pc-fetch --offline "$web/accept"
is "$(cat out) $(asked /accept)" ' 0' 'asks nobody'
status 1 'some of several' pc-fetch --offline "$web/a" "$web/accept"
is "$(cat out)" alpha 'the others are given'

# size
status 2 '--max-size' pc-fetch --max-size 1000 --refresh "$web/big"
like "$(cat err)" 'more than --max-size, 1000 bytes' 'is a cap'
status 2 'of what is decoded' pc-fetch --max-size 500000 --refresh "$web/gzip"

# lists
printf '%s\n' "$web/a" '' "$web/b" >list
is "$(pc-fetch --files-from list | xargs)" 'alpha beta' '--files-from'
is "$(printf '%s\0' "$web/a" "$web/b" | pc-fetch -0 | xargs)" 'alpha beta' -0
is "$(pc-fetch --files-from - <list | xargs)" 'alpha beta' 'from standard input'
is "$(printf '%s\r\n\r\n%s\r\n' "$web/a" "$web/b" | pc-fetch --files-from - |
	xargs)" 'alpha beta' 'whose lines may end as elsewhere'
printf '{"url":"%s"}\n"%s"\n{"no":1}\n' "$web/a" "$web/b" >records
status 3 'records' pc-fetch --jsonl <records
is "$(jq -r '.text // .error' out | xargs)" 'alpha beta bad record' \
	'in and out, in order'
is "$(jq -r '.id // "-"' out | head -n 1)" "$(sha256sum web/www/a | cut -d ' ' -f 1)" \
	'the id is that of the bytes'
is "$(jq -c '[.status, .hit, .content_type, .final_url, .size]' out | head -n 1)" \
	"[200,true,\"text/plain\",\"$web/a\",6]" 'and the rest'
pc-fetch --jsonl "$web/random" | jq -r .base64 | base64 -d | cmp - web/www/random
ok 'bytes are base64'
pc-fetch --jsonl "$web/503" 2>/dev/null >out
is "$(jq -c '[.status, .attempts, (.error | length > 0)]' out)" '[503,3,true]' \
	'a failure'
is "$(pc-fetch --jsonl "$web/to-a" | jq -r .final_url)" "$web/a" \
	'where it came from in the end'
(printf '%s\n' "$web/a"; await test -s first; printf '%s\n' "$web/b") |
	pc-fetch --files-from - >first
is "$(xargs <first)" 'alpha beta' 'what is there is printed before more comes'

# files
mkdir files
is "$(pc-fetch -o 'files/%03i-%b' "$web/a" "$web/b" | xargs)" \
	'files/001-a files/002-b' '-o names them'
is "$(cat files/001-a files/002-b | xargs)" 'alpha beta' 'and writes them'
pc-fetch -o 'files/%h-%b.%%' "$web/a?x=/../../q" "$web/" >out 2>err
is "$(cd files && echo *)" '001-a 002-b 127.0.0.1-a.%' \
	'a name is the last part of a path'
for p in /.. '/%2e%2e' /.profile '/a%2fb' '/~x/..'; do
	pc-fetch -q --no-cache -o 'files/%b' "$web$p" >>names 2>/dev/null
done
is "$(find . -name '*profile' -o -name '..?*')" '' 'never hidden, never above'
status 3 'two URLs, one file' pc-fetch -o files/x "$web/a" "$web/b"
is "$(cat files/x)" alpha 'the first has it'
status 2 'no such directory' pc-fetch -o none/x "$web/a"
status 2 'a bad pattern' pc-fetch -o 'files/%q' "$web/a"
is "$(find files -name '.pc-*')" '' 'nothing is left over'
(umask 027 && cd files && rm -f a &&
	sh -c 'echo mine >.pc-$$-0; exec pc-fetch -o %b "$1"' sh "$web/a" >/dev/null)
is "$(stat -c %a files/a) $(cat files/a files/.pc-* | xargs)" '640 alpha mine' \
	'one that was killed is in nobody'"'"'s way, and umask says the mode'
mkfifo files/pipe
exec 8<>files/pipe
status 0 'two into a pipe' pc-fetch -o files/pipe "$web/a" "$web/b"
is "$(stat -c %F files/pipe) $(limit head -c 11 <&8 | xargs)" \
	'fifo alpha beta' 'which stays one, as /dev/null does'
exec 8>&-
ln -s /proc/self/fd/1 files/stdout
pc-fetch -o files/stdout "$web/a" "$web/b" >out
is "$(readlink files/stdout):$(grep -v files/ out | xargs)" \
	'/proc/self/fd/1:alpha beta' 'as does a name of standard output'
is "$(pc-fetch -o files/stdout "$web/a" | head -n 1)" alpha 'which may be a pipe'
is "$(pc-fetch --jsonl -o 'files/%k' "$web/a" | jq -r '.file, .text')" \
	"files/$(pc-fetch --jsonl "$web/a" | jq -r .key)
null" '-o and --jsonl'

# a clock that was ahead
pc-fetch --store ahead "$web/b" >/dev/null
"$BUILD/tests/torture-clock" ahead 3600
: >web/log
pc-fetch --store ahead "$web/b" >/dev/null
pc-fetch --store ahead --refresh "$web/b" >/dev/null
is "$(asked /b)" 1 'what an hour from now made is a hit, and --refresh asks'
"$BUILD/tests/torture-clock" ahead 200000
pc-fetch --store ahead "$web/b" >/dev/null
is "$(asked /b)" 2 'what is more days ahead than it is to be kept is asked for'

# the other options
status 0 '--help' pc-fetch --help
[ "$(wc -l <out)" -le 48 ]
ok 'it fits a screen'
status 2 'no URL' pc-fetch
status 2 '/dev/full' bash -c "pc-fetch '$web/a' >/dev/full"
pc-fetch -v "$web/a" 2>err >/dev/null
like "$(cat err)" '^pc-fetch: hit fetch [0-9a-f]{64}' -v
pc-fetch -s other "$web/a" >/dev/null
pc-fetch -p k=v "$web/a" >/dev/null
is "$(pc-stats -q --stages | xargs)" 'fetch other' '-s'
like "$(pc-get --meta -k "$(pc-fetch --jsonl -p k=v "$web/a" | jq -r .key)")" \
	"\"k\":\"v\",\"method\":\"GET\",\"url\":\"$web/a\"" '-p'
done_testing
