#!/bin/bash
# pc-fetch: a redirect from a public address leads to no private one.  It runs
# in a network namespace that has no device but loopback, so that nothing that
# it sends leaves this machine.
if [ "${1-}" != inside ]; then
	if ! command -v ip >/dev/null; then
		echo '1..0 # SKIP ip (iproute2) is not installed'
		exit 0
	fi
	if ! unshare -n -m true 2>/dev/null; then
		echo '1..0 # SKIP only root can make a network namespace'
		exit 0
	fi
	exec unshare -n -m "$0" inside
fi
. "$(dirname "$0")/../lib.sh"
. "$TESTS/web.sh"

mkdir -p home/.config/pc
config() { printf '%s\n' "$1" >home/.config/pc/config.json; }
config '{"networking": {"retry_attempts": 1}}'
ip link set lo up
for a in 203.0.113.1/32 198.51.100.1/32 10.0.0.1/32 169.254.169.254/32 \
	100.64.0.1/32; do
	ip address add $a dev lo
done
v6=
if ip address add 2001:db8::1/128 dev lo nodad 2>/dev/null &&
	ip address add fd00::1/128 dev lo nodad; then
	v6=1
fi
cat >hosts <<'END'
127.0.0.1 localhost
203.0.113.1 public.example
10.0.0.1 inside.example
203.0.113.1 rebound.example
END
mount --bind hosts /etc/hosts
is "$(ip -o link show | wc -l)" 1 'the namespace has no device but loopback'

/usr/bin/python3 "$TESTS/server/raw.py" redirect 80 "$T/log" "$T/hosts" &
web_pids=$!
/usr/bin/python3 "$TESTS/server/raw.py" redirect 8080 "$T/log" "$T/hosts" &
web_pids="$web_pids $!"
await listens 80
await listens 8080
public=http://203.0.113.1

# refused NAME URL: of its redirect no request comes of it, nor a connection
refused() {
	: >log
	status 2 "$1: refused" pc-fetch --no-cache "$2"
	like "$(cat err)" \
		'from a public address to .*not public; networking.allow_private' \
		"$1: the message names the setting"
	is "$(grep -c ^connected log):$(cat out)" 1: \
		"$1: no connection is made to it"
}

is "$(pc-fetch --no-cache "$public/to?http://198.51.100.1/x")" inside \
	'a redirect from a public to a public address is followed'
is "$(pc-fetch --no-cache http://public.example/to?/x)" inside \
	'a redirect on the same host is followed'
for a in 10.0.0.1 127.0.0.1 127.9.9.9 169.254.169.254 100.64.0.1 0.0.0.0 \
	2130706433 0x7f.1 inside.example localhost '[::1]' '[::]' \
	'[::ffff:127.0.0.1]'; do
	refused "a redirect from a public address to $a" "$public/to?http://$a/x"
done
refused 'another port' "$public/to?http://10.0.0.1:8080/x"
refused 'a name that is bound to a private address after the first request' \
	'http://rebound.example/rebind?http://rebound.example:8080/x'
if [ "$v6" ]; then
	refused 'a redirect from a public to a private address of IPv6' \
		'http://[2001:db8::1]/to?http://[fd00::1]/x'
	is "$(pc-fetch --no-cache 'http://[fd00::1]/to?http://[::1]/x')" inside \
		'a redirect between private addresses of IPv6 is followed'
else
	skip 'redirects between addresses of IPv6' 'no IPv6'
fi

for url in http://10.0.0.1/x http://inside.example/x http://127.0.0.1/x \
	'http://10.0.0.1/to?http://127.0.0.1/x' \
	'http://inside.example/to?http://169.254.169.254/x' \
	"http://10.0.0.1/to?$public/x"; do
	is "$(pc-fetch --no-cache "$url")" inside "a private address is asked for: $url"
done
: >log
status 2 'from private to public and back: refused' pc-fetch --no-cache \
	"http://10.0.0.1/to?$public/to?http://127.0.0.1/x"
is "$(grep -c 'asked 127.0.0.1' log)" 0 \
	'from private to public and back: nothing is asked'

# An open connection is not used, either.
: >log
pc-fetch -j 1 --no-cache http://10.0.0.1/x "$public/to?http://10.0.0.1/y" \
	>out 2>err
is "$?:$(cat out)" 3:inside 'an open connection to a private address: refused'
is "$(grep -c 'asked 10.0.0.1 /y' log)" 0 \
	'an open connection to a private address is not used'

# The store has nothing of it; a copy from before is not replaced.
status 2 'a refused redirect' pc-fetch "$public/to?http://10.0.0.1/x"
status 1 'nothing of a refused redirect can be read back' \
	pc-fetch --offline "$public/to?http://10.0.0.1/x"

config '{"networking": {"allow_private": true}}'
is "$(pc-fetch "$public/to?http://10.0.0.1/x")" inside \
	'networking.allow_private permits such a redirect'
config '{"networking": {"allow_private": false}}'
status 2 'networking.allow_private may be false' \
	pc-fetch --refresh "$public/to?http://10.0.0.1/x"
is "$(pc-fetch "$public/to?http://10.0.0.1/x")" inside \
	'a refused refresh leaves the stored copy'

: >log
is "$(http_proxy=http://203.0.113.1:80 pc-fetch --no-cache \
	http://public.example/to?http://inside.example/x)" inside \
	'a proxy prevents the check, as the pages say'
is "$(grep -c '^asked 203.0.113.1 http://inside.example/x$' log)" 1 \
	'because it is the proxy that asks the private address'
done_testing
