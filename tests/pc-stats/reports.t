#!/bin/bash
# A report on a store that cannot be read fails and says why: it never shows an
# empty, sound store.  A store that does not exist yet counts as empty.
. "$(dirname "$0")/../lib.sh"

if [ "$(id -u)" = 0 ]; then
	chmod 755 "$T"
	chmod 1777 .
	other() { setpriv --reuid 4001 --regid 4001 --clear-groups "$@"; }
else
	other() { "$@"; }
fi
echo document >doc
chmod 644 doc
made() {
	other pc-run --store "$1" -s up -i doc -- tr a-z A-Z <doc >/dev/null &&
		other pc-memstat --store "$1" run -s mem -- true 2>/dev/null
}
reports=('pc-stats' 'pc-stats --json' 'pc-stats --prometheus' 'pc-stats --html'
	'pc-stats --by hour' 'pc-stats --entries' 'pc-stats --tree doc'
	'pc-stats --ghost' 'pc-stats --targets' 'pc-stats --stages'
	'pc-stats --params up' 'pc-gc --check' 'pc-gc --check --json'
	'pc-gc --export out.pc' 'pc-gc -n --all' 'pc-memstat --by stage'
	'pc-memstat --by component' 'pc-memstat --history 1d'
	'pc-memstat --report' 'pc-hash -s up --explain doc'
	'pc-infer --explain -m none hello')

# fails STORE WHY WHAT: each report on the store fails
fails() {
	local store=$1 why=$2 what=$3 report
	for report in "${reports[@]}"; do
		# shellcheck disable=SC2086
		PC_STORE=$store other $report >out 2>err
		is "$?:$(grep -c '^up\|lookups' out)" 2:0 \
			"$what: $report exits with 2"
		like "$(cat err)" "$why" "$what: $report says why"
	done
	PC_STORE=$store other pc-run -s up -i doc --explain -- tr a-z A-Z \
		>out 2>err
	is "$?:$(cat out)" 125: "$what: pc-run --explain exits with 125"
	for page in / /metrics /stats.json /memory.json; do
		REQUEST_METHOD=GET PATH_INFO=$page PC_STORE=$store \
			other pc-stats --cgi >out 2>err
		is "$?:$(head -n 1 out | tr -d '\r')" \
			'0:Status: 503 Service Unavailable' \
			"$what: --cgi answers 503 for $page"
		like "$(cat err):$(grep -c "$store" out)" "$why.*:0$" \
			"$what: --cgi writes the reason for $page to the log, not to the client"
	done
	printf 'GET / HTTP/1.0\r\n\r\n' | PC_STORE=$store \
		other pc-stats --cgi 2>err | head -n 1 | tr -d '\r' >out
	is "$(cat out)" 'HTTP/1.0 503 Service Unavailable' "$what: --cgi answers 503 under inetd"
	PC_STORE=$store other pc-stats --doctor >out 2>err
	is "$?:$(grep -c '^fail' out | sed 's/[1-9][0-9]*/some/')" 1:some \
		"$what: --doctor reports a failure"
	PC_STORE=$store other pc-run -s up -i doc -- tr a-z A-Z <doc >out 2>err
	is "$?:$(cat out):$(wc -l <err)" 0:DOCUMENT:1 \
		"$what: pc-run computes and warns once"
}

made shut
chmod 000 shut
fails "$T/shut" 'Permission denied' 'a store that cannot be entered'
chmod 700 shut
chmod 000 shut/state
fails "$T/shut" 'Permission denied' 'a state file that cannot be read'
chmod 600 shut/state
chmod o+w shut
fails "$T/shut" "chmod -R go-w '$T/shut'" 'a store that others can write to'
chmod 700 shut
echo file >file
chmod 644 file
fails "$T/file" 'Not a directory' 'a file in place of the store'
PC_STORE=$T/shut other pc-run -v -s up -i doc -- tr a-z A-Z <doc >out 2>err
is "$?:$(cat out):$(grep -c ': hit' err)" 0:DOCUMENT:1 \
	'a store that can be read again gives hits'

# A part that cannot be read is not reported as empty.
chmod 000 shut/events
for report in 'pc-stats' 'pc-stats --json' 'pc-memstat --report'; do
	# shellcheck disable=SC2086
	PC_STORE=$T/shut other $report >out 2>err
	is "$?:$(grep -c 'Permission denied' err)" 2:1 \
		"events that cannot be read: $report exits with 2"
done
REQUEST_METHOD=GET PATH_INFO=/ PC_STORE=$T/shut other pc-stats --cgi >out 2>err
is "$(head -n 1 out | tr -d '\r')" 'Status: 503 Service Unavailable' \
	'events that cannot be read: --cgi answers 503'
chmod 600 shut/events
for log in shut/??/log; do chmod 000 "$log"; done
for report in 'pc-stats' 'pc-stats --json' 'pc-stats --tree doc' \
	'pc-hash -s up --explain doc'; do
	# shellcheck disable=SC2086
	PC_STORE=$T/shut other $report >out 2>err
	is "$?:$(grep -c 'Permission denied' err)" 2:1 \
		"a log that cannot be read: $report exits with 2"
done
for log in shut/??/log; do chmod 600 "$log"; done

# The store does not exist yet.
for report in 'pc-stats' 'pc-stats --json' 'pc-memstat --report' \
	'pc-gc --check'; do
	# shellcheck disable=SC2086
	PC_STORE=$T/none other $report >out 2>err
	is $? 0 "no store yet: $report exits with 0"
done
REQUEST_METHOD=GET PATH_INFO=/ PC_STORE=$T/none other pc-stats --cgi >out 2>err
is "$(head -n 1 out | tr -d '\r')" 'Status: 200 OK' 'no store yet: --cgi answers 200'
[ ! -e none ]
ok 'no store yet: no report makes one'
done_testing
