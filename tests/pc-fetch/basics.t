#!/bin/bash
# pc-fetch: what is remembered, for how long, and what comes out.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/web.sh"

mkdir -p web/www
printf 'alpha\n' >web/www/a
printf 'beta\n' >web/www/b
seq 100000 >web/www/big
head -c 3000000 /dev/urandom >web/www/random
web_start

# hits, misses, nothing
is "$(pc-fetch "$web/a")" alpha 'a miss prints the body'
is "$(pc-fetch "$web/a")" alpha 'a hit prints the body'
is "$(asked /a)" 1 'a miss and a hit send one request'
is "$(pc-fetch -o - "$web/a" && [ ! -e - ] || echo file)" alpha '-o - prints to standard output'
is "$(pc-fetch --no-cache "$web/a")" alpha '--no-cache prints the body'
is "$(asked /a)" 2 '--no-cache sends a request'
is "$(PC_CACHE=off pc-fetch "$web/a")" alpha 'PC_CACHE=off prints the body'
for p in big random a; do
	pc-fetch "$web/$p" >g1 && pc-fetch "$web/$p" >g2 &&
		pc-fetch --no-cache "$web/$p" >g3
	cmp g1 web/www/$p && cmp g2 web/www/$p && cmp g3 web/www/$p
	ok "$p is the same on a miss, a hit and without a cache"
done
pc-fetch "$web/gzip" | cmp - web/www/big
ok 'a compressed body is decoded'
is "$(pc-fetch "$web/a" "$web/b" "$web/a" | xargs)" 'alpha beta alpha' \
	'several URLs are printed in order'
: >web/log
is "$(pc-fetch "HTTP://127.0.0.1:$port/a#part" | xargs)" alpha \
	'a URL in another form prints the same body'
is "$(asked /a)" 0 'a URL in another form has the same key'
pc-fetch --no-cache "$web/ok" "$web/ok" "$web/ok" >out
is "$(cat out | xargs) $(asked /ok)" 'ok ok ok 1' 'a URL that is given three times sends one request'
if curl --version | grep -qw IDN; then
	is "$(http_proxy=$web pc-fetch --no-cache http://bücher.invalid/a)" \
		alpha 'an internationalized host name is accepted'
fi
like "$(pc-fetch --no-cache "$web/agent")" '^pc/[0-9.]+$' 'the user agent is pc and its version'

# time and validators
: >web/log
pc-fetch -t 0s --refresh "$web/a" >out
is "$(cat out) $(asked '/a 200')" 'alpha 1' '--refresh fetches the body in full'
is "$(pc-fetch -t 1h "$web/a") $(asked '/a 304')" 'alpha 1' \
	'an expired result is revalidated'
is "$(pc-fetch "$web/a") $(asked /a)" 'alpha 2' 'an answer of 304 renews the cached result'
for p in etag modified; do
	pc-fetch -t 0s "$web/$p" >out
	is "$(pc-fetch "$web/$p") $(asked "/$p 304")" 'alpha 1' "an expired result is revalidated by $p"
done
pc-fetch -t 0s "$web/no-validator" >out
is "$(pc-fetch "$web/no-validator") $(asked '/no-validator 200')" 'alpha 2' \
	'an expired result without a validator is fetched in full'
pc-fetch -t 0s --refresh "$web/a" >out
printf 'changed\n' >web/www/a
touch -d '2001-01-01' web/www/a
is "$(pc-fetch "$web/a")" changed 'a changed body is fetched'
is "$(pc-fetch "$web/a")" changed 'a changed body is cached'
: >web/log
printf 'alpha\n' >web/www/a
pc-fetch --refresh "$web/a" >out
pc-fetch "$web/no-store" "$web/no-store" >out
pc-fetch "$web/no-store" >out
is "$(asked /no-store)" 2 'an answer with no-store is not stored'
pc-fetch --force-store "$web/no-store" >out
is "$(pc-fetch "$web/no-store") $(asked /no-store)" 'alpha 3' \
	'--force-store stores an answer with no-store'
pc-fetch "$web/empty"
pc-fetch "$web/empty"
is "$(asked /empty)" 2 'an empty body is not stored'
pc-fetch --negative 1h "$web/empty"
status 0 'a cached empty body with --negative succeeds' pc-fetch --negative 1h "$web/empty"
is "$(asked /empty)" 3 '--negative stores an empty body'

# failures
status 2 'a 404 is an error' pc-fetch "$web/nonesuch"
is "$(cat out)" '' 'nothing is printed of a 404'
like "$(cat err)" "^pc-fetch: 'http://.*/nonesuch': the server says 404, not found" \
	'a 404: the message has the URL and the status'
status 2 'a 404 is an error in the second run too' pc-fetch "$web/nonesuch"
is "$(asked /nonesuch)" 2 'a 404 is not stored'
pc-fetch -q --negative 1h "$web/410" 2>/dev/null
status 2 'a 410 that --negative stored is an error' pc-fetch --negative 1h "$web/410"
like "$(cat err)" '410, gone' 'a 410 that --negative stored: the message has the status'
is "$(asked /410)" 1 'a 410 that --negative stored sends no request'
: >web/log
status 75 'a 503 exits with 75' pc-fetch "$web/503"
is "$(asked /503)" 3 'a 503 is tried three times'
status 75 'a 429 exits with 75' pc-fetch "$web/429"
like "$(cat err)" 'try again in 3600 s' 'a 429: the message has the time of Retry-After'
is "$(asked /429)" 1 'a 429 with a long Retry-After is not retried'
status 3 'a run in which some URLs fail exits with 3' pc-fetch "$web/503" "$web/b" "$web/nonesuch"
is "$(cat out)" beta 'a failed URL does not affect the others'
status 75 'if all URLs fail temporarily, the exit status is 75' pc-fetch "$web/503" "$web/429"
status 2 'if all URLs fail and one permanently, the exit status is 2' pc-fetch "$web/503" "$web/nonesuch"
status 75 'a refused connection exits with 75' pc-fetch http://127.0.0.1:1/
status 2 'an unknown host is an error' pc-fetch http://nonesuch.invalid/
for u in file:///etc/passwd ftp://h/x h/x http:// http:///x http://h:x/ \
	http://h:99999/ 'http://a b/'; do
	status 2 "an invalid URL is an error: $u" pc-fetch "$u"
done
status 2 'a password in the URL is an error' pc-fetch "http://me:hunter2@127.0.0.1:$port/a"
like "$(cat err)" '--header-file' 'a password in the URL: the message recommends --header-file'

# redirects
: >web/log
is "$(pc-fetch "$web/to-a")" alpha 'a redirect is followed'
status 2 'a loop of redirects is an error' pc-fetch "$web/loop"
is "$(asked /loop)" 11 'a loop of redirects ends after ten'
status 2 'a redirect to a file is an error' pc-fetch "$web/to-file"
like "$(cat err)" 'only http and https' 'a redirect to a file: the message says what is allowed'
status 2 '--max-redirects 0 refuses a redirect' pc-fetch --max-redirects 0 --refresh "$web/to-a"

# --offline, --stale-if-error
status 0 '--offline: a hit' pc-fetch --offline "$web/a"
status 1 '--offline: a miss' pc-fetch --offline "$web/accept"
is "$(cat out) $(asked /accept)" ' 0' '--offline: a miss prints nothing and sends no request'
status 1 '--offline: a run with a hit and a miss exits with 1' pc-fetch --offline "$web/a" "$web/accept"
is "$(cat out)" alpha '--offline: a miss does not affect the hits'

# size
status 2 'a body that is larger than --max-size is an error' pc-fetch --max-size 1000 --refresh "$web/big"
like "$(cat err)" 'more than --max-size, 1000 bytes' 'a body that is larger than --max-size: the message has the limit'
status 2 '--max-size limits the decoded size' pc-fetch --max-size 500000 --refresh "$web/gzip"

# lists
printf '%s\n' "$web/a" '' "$web/b" >list
is "$(pc-fetch --files-from list | xargs)" 'alpha beta' '--files-from reads a list of URLs'
is "$(printf '%s\0' "$web/a" "$web/b" | pc-fetch -0 | xargs)" 'alpha beta' '-0 reads a list of URLs separated by NUL bytes'
is "$(pc-fetch --files-from - <list | xargs)" 'alpha beta' '--files-from - reads the list from standard input'
is "$(printf '%s\r\n\r\n%s\r\n' "$web/a" "$web/b" | pc-fetch --files-from - |
	xargs)" 'alpha beta' 'lines of a list can end with CR LF'
printf '{"url":"%s"}\n"%s"\n{"no":1}\n' "$web/a" "$web/b" >records
status 3 'records of which one is invalid exit with 3' pc-fetch --jsonl <records
is "$(jq -r '.text // .error' out | xargs)" 'alpha beta bad record' \
	'records are answered in order'
is "$(jq -r '.id // "-"' out | head -n 1)" "$(sha256sum web/www/a | cut -d ' ' -f 1)" \
	'the id of a record is the digest of the body'
is "$(jq -c '[.status, .hit, .content_type, .final_url, .size]' out | head -n 1)" \
	"[200,true,\"text/plain\",\"$web/a\",6]" 'a record has status, hit, type, final URL and size'
pc-fetch --jsonl "$web/random" | jq -r .base64 | base64 -d | cmp - web/www/random
ok 'a binary body is base64 in a record'
pc-fetch --jsonl "$web/503" 2>/dev/null >out
is "$(jq -c '[.status, .attempts, (.error | length > 0)]' out)" '[503,3,true]' \
	'the record of a failure has status, attempts and error'
is "$(pc-fetch --jsonl "$web/to-a" | jq -r .final_url)" "$web/a" \
	'a record has the URL after redirects'
(printf '%s\n' "$web/a"; await test -s first; printf '%s\n' "$web/b") |
	pc-fetch --files-from - >first
is "$(xargs <first)" 'alpha beta' 'a body is printed before the next URL is read'

# files
mkdir files
is "$(pc-fetch -o 'files/%03i-%b' "$web/a" "$web/b" | xargs)" \
	'files/001-a files/002-b' '-o prints the names of the files'
is "$(cat files/001-a files/002-b | xargs)" 'alpha beta' '-o writes the bodies to the files'
pc-fetch -o 'files/%h-%b.%%' "$web/a?x=/../../q" "$web/" >out 2>err
is "$(cd files && echo *)" '001-a 002-b 127.0.0.1-a.%' \
	'a file name is the last part of the path'
for p in /.. '/%2e%2e' /.profile '/a%2fb' '/~x/..'; do
	pc-fetch -q --no-cache -o 'files/%b' "$web$p" >>names 2>/dev/null
done
is "$(find . -name '*profile' -o -name '..?*')" '' 'a file is never hidden and never outside the directory'
status 3 'two URLs with one file name exit with 3' pc-fetch -o files/x "$web/a" "$web/b"
is "$(cat files/x)" alpha 'the first URL keeps a file name that two have'
status 2 '-o in a missing directory is an error' pc-fetch -o none/x "$web/a"
status 2 '-o with an unknown pattern is an error' pc-fetch -o 'files/%q' "$web/a"
is "$(find files -name '.pc-*')" '' 'no temporary file is left'
(umask 027 && cd files && rm -f a &&
	sh -c 'echo mine >.pc-$$-0; exec pc-fetch -o %b "$1"' sh "$web/a" >/dev/null)
is "$(stat -c %a files/a) $(cat files/a files/.pc-* | xargs)" '640 alpha mine' \
	'the temporary file of a killed run stays, and umask sets the mode of a new file'
mkfifo files/pipe
exec 8<>files/pipe
status 0 '-o writes two bodies to a named pipe' pc-fetch -o files/pipe "$web/a" "$web/b"
is "$(stat -c %F files/pipe) $(limit head -c 11 <&8 | xargs)" \
	'fifo alpha beta' '-o does not replace a named pipe'
exec 8>&-
ln -s /proc/self/fd/1 files/stdout
pc-fetch -o files/stdout "$web/a" "$web/b" >out
is "$(readlink files/stdout):$(grep -v files/ out | xargs)" \
	'/proc/self/fd/1:alpha beta' '-o does not replace a link to standard output'
is "$(pc-fetch -o files/stdout "$web/a" | head -n 1)" alpha '-o writes to standard output that is a pipe'
is "$(pc-fetch --jsonl -o 'files/%k' "$web/a" | jq -r '.file, .text')" \
	"files/$(pc-fetch --jsonl "$web/a" | jq -r .key)
null" '-o with --jsonl has the file in the record, not the text'

# a clock that was ahead
pc-fetch --store ahead "$web/b" >/dev/null
"$BUILD/tests/torture-clock" ahead 3600
: >web/log
pc-fetch --store ahead "$web/b" >/dev/null
pc-fetch --store ahead --refresh "$web/b" >/dev/null
is "$(asked /b)" 1 'a result dated one hour ahead is a hit, and --refresh sends a request'
"$BUILD/tests/torture-clock" ahead 200000
pc-fetch --store ahead "$web/b" >/dev/null
is "$(asked /b)" 2 'a result dated further ahead than its TTL is a miss'

# the other options
status 0 '--help succeeds' pc-fetch --help
[ "$(wc -l <out)" -le 48 ]
ok '--help has at most 48 lines'
status 2 'no URL is an error' pc-fetch
status 2 'a full device fails the run' bash -c "pc-fetch '$web/a' >/dev/full"
pc-fetch -v "$web/a" 2>err >/dev/null
like "$(cat err)" '^pc-fetch: hit fetch [0-9a-f]{64}' '-v reports a hit'
pc-fetch -s other "$web/a" >/dev/null
pc-fetch -p k=v "$web/a" >/dev/null
is "$(pc-stats -q --stages | xargs)" 'fetch other' '-s sets the stage'
like "$(pc-get --meta -k "$(pc-fetch --jsonl -p k=v "$web/a" | jq -r .key)")" \
	"\"k\":\"v\",\"method\":\"GET\",\"url\":\"$web/a\"" '-p adds a parameter to the record'
done_testing
