#!/bin/bash
# pc-fetch: secrets stay secret, certificates are verified, hits are quiet.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/web.sh"

mkdir -p web/www
printf 'alpha\n' >web/www/a
printf 'beta\n' >web/www/b
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
	-addext subjectAltName=IP:127.0.0.1 -keyout web/tls.key -out web/tls.pem \
	2>/dev/null
web_start
raw_start

# secrets
printf '# mine\nAuthorization: Bearer hunter2\n\n' >secret
chmod 600 secret
status 2 'a request without the secret is an error' pc-fetch "$web/auth"
like "$(cat err)" '401.*--header-file' 'a request without the secret: the message recommends --header-file'
is "$(pc-fetch --header-file secret "$web/auth")" beta 'a request with the secret succeeds'
is "$(pc-fetch --header-file secret "$web/auth")" beta 'a hit with the secret prints the body'
is "$(asked '/auth 200')" 1 'the second run with the secret is a hit'
status 2 'a result with the secret is not served without it' pc-fetch "$web/auth"
is "$(pc-fetch -v --no-cache --header-file secret "$web/near" 2>&1 | tail -n 1)" beta \
	'a redirect on the same host gets the secret'
: >web/log
is "$(pc-fetch --header-file secret "$web/away")" beta 'a redirect to another host succeeds'
is "$(grep '^/b ' web/log | grep -c hunter2)" 0 'a redirect to another host does not get the secret'
printf 'X-Custom: hunter2\n' >custom
chmod 600 custom
pc-fetch --no-cache --header-file custom "$raw/headers-sent" | grep -q hunter2
ok 'any header can be a secret'
chmod 640 secret
status 2 'a file that others can read is refused' pc-fetch --header-file secret "$web/auth"
like "$(cat err)" "'chmod 600' it" 'a file that others can read: the message recommends chmod'
chmod 600 secret
printf 'no header hunter2\n' >bad
chmod 600 bad
status 2 'a --header-file without a header is an error' pc-fetch --header-file bad "$web/a"
! grep -q hunter2 err
ok 'a --header-file without a header: its content is not printed'
printf 'Authorization: Bearer \001hunter2\n' >bad
status 2 'a --header-file with a control character is an error' pc-fetch --header-file bad "$web/a"
! grep -q hunter2 err
ok 'a --header-file with a control character: its content is not printed'
for h in 'Authorization: Bearer hunter2' 'cookie: hunter2' 'X-Api-Key: hunter2' \
	'X-Auth-Token: hunter2'; do
	status 2 "-H refuses the secret header ${h%%:*}" pc-fetch -H "$h" "$web/a"
	! grep -q hunter2 err && grep -q header-file err
	ok "${h%%:*}: the message recommends --header-file and hides the value"
done
for h in 'Host: x' 'Range: bytes=0-1' 'If-None-Match: x' nothing ': x' 'A b: c'; do
	status 2 "-H '$h' is refused" pc-fetch -H "$h" "$web/a"
done
: >web/log
n=0
for h in $'X-A: b\nHost: evil.example\nAuthorization: Bearer hunter2' \
	$'X-A: b\r\nX-Token: hunter2' $'X-A: b\rX-Token: hunter2' \
	$'X-A: b\n' $'X-A\nX-Token: hunter2' $'\nX-Token: hunter2' \
	$'X-A: \001hunter2' $'X-A: hunter2\177' $'X\033: hunter2'; do
	n=$((n + 1))
	status 2 "-H with a control character is refused, $n" \
		pc-fetch -H "$h" "$web/a"
	! grep -q hunter2 err
	ok "the message does not show the header, $n"
done
is "$(wc -l <web/log)" 0 'no request is made with a refused header'
like "$(pc-fetch -H $'X-A: b\nX-B: c' "$web/a" 2>&1)" \
	'cannot contain a line break; use -H once for each' \
	'a line break in -H has a remedy'
printf 'X-Custom: one\rX-Token: hunter2\n' >custom
status 2 'a line of --header-file with a CR in it is refused' \
	pc-fetch --header-file custom "$web/a"
printf 'X-Custom: one\0X-Token: hunter2\n' >custom
status 2 'a --header-file with a NUL in it is refused' \
	pc-fetch --header-file custom "$web/a"
status 2 'a header name of 128 bytes is refused, as the key would cut it' \
	pc-fetch -H "$(printf 'x%.0s' $(seq 128)): y" "$web/a"
h=$(printf 'x%.0s' $(seq 100))
is "$(pc-fetch -H "$h: y" "$raw/headers-sent" | tr -d '\r' | grep ^xxx)" "$h: y" \
	'a header name of 100 bytes is sent'
is "$(pc-fetch -H $'X-A: b\tc' "$raw/headers-sent" | tr -d '\r' |
	grep ^X-A)" $'X-A: b\tc' 'a tab in a value is sent'
is "$(pc-fetch -H 'Accept: text/x' "$web/accept")" text/x '-H is sent'
is "$(pc-fetch -H 'Accept: text/y' "$web/accept")" text/y 'the value of -H is in the key'
is "$(pc-fetch -H 'accept:  text/y' "$web/accept") $(asked /accept)" 'text/y 2' \
	'the case of a header name is not in the key'
is "$(pc-fetch -H 'Accept: text/b' -H 'accept: text/a' "$raw/headers-sent" |
	tr -d '\r' | grep -i ^accept: | xargs)" 'Accept: text/b accept: text/a' \
	'two headers with one name are both sent'
for list in 'text/a 0' 'text/b 1'; do
	pc-fetch --offline -H 'Accept: text/b' -H "Accept: ${list% *}" \
		"$raw/headers-sent" >out
	is $? "${list#* }" "two headers with one name are both in the key, ${list% *}"
done
printf 'X-One: hunter2\nx-one: hunter3\n' >custom
is "$(pc-fetch --no-cache --header-file custom "$raw/headers-sent" |
	grep -c hunter)" 2 \
	'two secret headers with one name are both sent'
! grep -rqs hunter2 store
ok 'no secret is in the store or its events'
printf 'Authorization: Bearer hunter2\n' >secret
strace -f -s 4000 -e trace=execve -o trace pc-fetch --no-cache \
	--header-file secret "$web/auth" >/dev/null
! grep -q hunter2 trace
ok 'no secret is in the arguments or environment of a command'

# a hit
pc-fetch "$web/a" >/dev/null
strace -f -e trace=%network,%process -o trace pc-fetch "$web/a" >/dev/null
is "$(grep -cE '(socket|socketpair|connect|fork|vfork|clone3?)\(' trace)" 0 \
	'a hit opens no socket and starts no helper'
is "$(grep -c execve trace)" 1 'a hit executes only pc-fetch'

# TLS
s=https://127.0.0.1:$tls
status 2 'a certificate that no trusted authority has signed is refused' pc-fetch "$s/a"
like "$(cat err)" 'certificate' 'a certificate that is refused: the message says so'
is "$(SSL_CERT_FILE=web/tls.pem pc-fetch "$s/a")" alpha 'a certificate of SSL_CERT_FILE is accepted'
is "$(CURL_CA_BUNDLE=web/tls.pem pc-fetch --no-cache "$s/b")" beta 'a certificate of CURL_CA_BUNDLE is accepted'
mkdir none authorities
cp web/tls.pem "authorities/$(openssl x509 -hash -noout -in web/tls.pem).0"
is "$(SSL_CERT_DIR=$T/authorities pc-fetch --no-cache "$s/a")" alpha 'a certificate of SSL_CERT_DIR is accepted'
is "$(SSL_CERT_DIR=$T/none:$T/authorities: pc-fetch --no-cache "$s/a")" alpha \
	'SSL_CERT_DIR can name several directories'
export SSL_CERT_FILE=$T/web/tls.pem
status 2 'a certificate for another host name is refused' pc-fetch --no-cache "https://localhost:$tls/a"
is "$(pc-fetch --no-cache "$s/down")" alpha 'a redirect from https to http is followed without a secret'
: >web/log
status 2 'a redirect from https to http is refused with a secret' pc-fetch --no-cache --header-file secret "$s/down"
is "$(grep -c '^/a ' web/log)" 0 'no request is sent to http with a secret'
for i in $(seq 30); do echo "$s/a?$i"; done >list
pc-fetch --files-from list >/dev/null
is "$(awk '/^\/a[?]/ { print $NF }' web/log | sort -u | wc -l)" 1 \
	'thirty requests go over one connection of HTTP/2'
for i in $(seq 60); do echo "$web/a?$i"; done >list
: >web/log
pc-fetch --files-from list >/dev/null
n=$(awk '/^\/a[?]/ { print $NF }' web/log | sort -u | wc -l)
[ "$n" -ge 1 ] && [ "$n" -le 6 ]
ok "sixty requests go over $n connections of HTTP/1.1"

# proxies
is "$(http_proxy=$raw pc-fetch --no-cache http://nonesuch.invalid/x)" plain \
	'a request goes to the proxy of http_proxy'
is "$(http_proxy=$raw no_proxy=127.0.0.1 pc-fetch --no-cache "$web/a")" alpha \
	'a host of no_proxy is requested without the proxy'
done_testing
