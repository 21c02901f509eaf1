#!/bin/bash
# Configuration: flags over environment over file over built in; errors that
# name file and line.
. "$(dirname "$0")/lib.sh"

conf=$T/config.json
export PC_CONFIG=$conf
value() { pc-stats --config | awk -v n="$1" '$1 == n { print $2 }'; }
origin() { pc-stats --config | awk -v n="$1" '$1 == n { $1 = $2 = ""; print $0 }' | xargs; }

cat >"$conf" <<'J'
// a comment
{
  "caching": { // another
    "default_ttl": "1h", /* and
    one over lines */
    "max_bytes": 1000000
  },
  "inference": {"temperature_stage1": 0, "num_threads": 4}
}
J
is "$(value caching.default_ttl) $(origin caching.default_ttl)" \
	"1h $conf:4" 'a setting, and where it is from'
is "$(value caching.max_bytes) $(origin caching.max_bytes)" "1000000 $conf:6" \
	'lines are counted through comments'
is "$(value inference.temperature_stage1)" 0 'a whole number as a real one'
is "$(value inference.keep_alive) $(origin inference.keep_alive)" \
	'30m default' 'a default'
is "$(PC_EVENTS=off value caching.events) $(PC_EVENTS=off origin caching.events)" \
	'false environment PC_EVENTS' 'the environment wins'
is "$(origin caching.cache_dir)" 'environment PC_STORE' 'PC_STORE too'
is "$(pc-stats --config --json | jq -r '."caching.default_ttl".value')" 1h \
	'--json'
for name in inference.num_threads inference.text_max_new_tokens_stage1 \
	inference.temperature_stage1 inference.keep_alive \
	inference.num_predict_short inference.num_predict_long \
	caching.enabled caching.cache_dir caching.default_ttl caching.ttl_api \
	caching.ttl_text_inference caching.ttl_vision_inference \
	networking.timeout_connect networking.timeout_read \
	networking.retry_attempts networking.max_concurrent \
	networking.per_host networking.timeout_total networking.min_speed \
	networking.min_speed_time networking.allow_private \
	features.fallback_on_error \
	features.memory_zones features.shared_models; do
	pc-stats --config | grep -q "^$name "
	ok "$name is known"
done
page=$TESTS/../man/pc-config.5
missing=$(PC_CONFIG='' pc-stats --config | while read -r name value origin; do
	[ "$origin" = default ] || value= # empty, or from PC_STORE
	grep -A1 -Fx ".It Cm $name" "$page" |
		grep -q -- "${value:+; default $value}\.\$" || echo "$name"
done)
is "$missing" '' 'pc-config.5 has every setting and its default'
is "$(sed -n 's/^\.It Cm //p' "$page" | sort | uniq -d)" '' '... once'

# honoured
cp "$conf" saved
echo '{"inference": {"temperature_stage2": 0.7}}' >"$conf"
is "$(value inference.temperature_stage2)" 0.7 'a real number, as written'
mv saved "$conf"
printf x | pc-put -s ttl
is "$(pc-get -s ttl --meta | jq '.expires - .created | round')" 3600 \
	'default_ttl is honoured'
printf x | pc-put -s ttl -t 2h
is "$(pc-get -s ttl --meta | jq '.expires - .created | round')" 7200 \
	'a flag wins'
head -c 2000000 /dev/zero | pc-run -s max -i - -- cat >/dev/null 2>err
like "$(cat err)" 'caching.max_bytes' 'max_bytes is honoured'
echo '{"caching": {"enabled": false}}' >"$conf"
pc-get -s ttl >/dev/null
is $? 1 'caching.enabled is honoured'
PC_CACHE=on pc-get -s ttl >/dev/null
is $? 0 'PC_CACHE=on wins over it'
echo '{"caching": {"events": false}}' >"$conf"
events=$(stat -c %s store/events)
pc-get -s ttl >/dev/null
is "$(stat -c %s store/events)" "$events" 'caching.events is honoured'
echo "{\"caching\": {\"cache_dir\": \"$T/elsewhere\"}}" >"$conf"
(unset PC_STORE; printf x | pc-put -s s)
[ -f elsewhere/state ]
ok 'caching.cache_dir is honoured'
(unset PC_STORE; printf x | pc-put -s s --store "$T/flag")
[ -f flag/state ]
ok '--store wins'
touch file
echo '{"features": {"fallback_on_error": false}}' >"$conf"
status 2 'features.fallback_on_error false' pc-put -s s --store "$T/file" <file
status 125 'pc-run has its own status' pc-run -s s --store "$T/file" -- true
rm "$conf"
unset PC_CONFIG
status 0 'no file is no error' pc-stats --config
mkdir -p home/.config/pc
echo '{"caching": {"default_ttl": "2h"}}' >home/.config/pc/config.json
is "$(value caching.default_ttl)" 2h 'the file in HOME'
mkdir -p xdg/pc
echo '{"caching": {"default_ttl": "3h"}}' >xdg/pc/config.json
is "$(XDG_CONFIG_HOME=$T/xdg value caching.default_ttl)" 3h 'XDG_CONFIG_HOME'
PC_CONFIG=$T/none status 2 'a named file must be there' pc-stats --config
export PC_CONFIG=$conf

# warned of, refused
bad() {
	printf '%b' "$1" >"$conf"
	status "$3" "$4" pc-stats --config
	like "$(cat err)" "$2" "... which says so"
}
bad '{\n"caching": {"defualt_ttl": "1h"}}' \
	"config.json:2: unknown setting 'caching.defualt_ttl'; did you mean 'caching.default_ttl'" \
	0 'an unknown name is a warning'
bad '{\n"cachign": {}}' "config.json:2: unknown section 'cachign'; did you mean 'caching'" 0 \
	'an unknown section too'
bad '{"caching":\n{"default_ttl": true}}' \
	'config.json:2: caching.default_ttl must be a duration such as 30d, not true' \
	2 'a wrong type'
bad '{"ocr": {"ttl_ocr": "1h"}}' "did you mean 'caching.ttl_ocr'" 0 \
	'a name in the wrong section'
bad '{"ttl_ocr": "1h"}' "did you mean 'caching.ttl_ocr'" 0 'in none'
bad '{"networking": {"timeout_read": "never"}}' 'from 1s to 86400s' 2 \
	'no end to waiting'
bad '{"caching": {"cache_dir": "here"}}' 'an absolute path' 2 \
	'a directory that depends on where one is'
bad '{"ocr": {"dpi": null}}' 'whole number from 36 to 2400, not null' 2 'null'
bad '{"ocr": {"dpi": {}}}' 'not an object' 2 'an object for a number'
bad '{"caching": {"default_ttl": "soon"}}' 'must be a duration' 2 'no duration'
bad '{"inference": {"num_threads": 0}}' 'whole number from 1 to' 2 'out of range'
bad '{"inference": {"num_threads": 99999999999999999999999}}' \
	'whole number' 2 'far out of range'
bad '{"inference": {"num_threads": "4"}}' 'whole number' 2 'text for a number'
bad '{"inference": {"temperature_stage1": NaN}}' 'config.json' 2 'NaN'
bad '{"caching": 1}' 'must be an object' 2 'no section'
bad '[1]' 'must be an object' 2 'no object'
bad '{"caching": {\n"wait": "1s",\n"wait": "2s"}}' \
	'config.json:3: caching.wait is there twice, first in line 2' 2 \
	'a name twice'
bad '{"caching": {},\n"caching": {}}' \
	'config.json:2: caching is there twice, first in line 1' 2 \
	'a section twice'
bad '{"caching": {"wait": "1s", "w\\u0061it": "2s"}}' 'unknown setting' 0 \
	'an escaped name is not known, so that no name hides'
bad "{'caching': {'wait': 1, 'wait': 2}}" "config.json:1: ' for" 2 \
	'single quotes'
bad '{"caching": {\n"cache_dir": "/x,\n"wait": "1s"}}' \
	'config.json:2: a control character in a string' 2 \
	'a string that does not end'
bad '{}\0{}' 'config.json:1: a NUL byte' 2 'a NUL byte'
bad '{"caching": {"cache_dir": "//*"}} /* never\n ends' \
	'config.json:1: unexpected character' 2 'a comment that does not end'
bad '{"caching":\n\n{' 'config.json:3: ' 2 'a file that is cut'
bad '' 'config.json:1: ' 2 'an empty file'
bad '{"caching": {"cache_dir": "\\xff"}}' 'config.json' 2 'no UTF-8'
bad '{"features": {"memory_zones": false}}' 'memory_zones has no effect' 0 \
	'what cannot be switched is said'
head -c 2000000 /dev/zero | tr '\0' ' ' >"$conf"
status 2 'a file that is too large' pc-stats --config
rm "$conf"
mkdir "$conf"
status 2 'a directory' pc-stats --config
for word in off OFF Off 0 false FALSE no No; do
	PC_CONFIG='' PC_CACHE=$word status 1 "PC_CACHE=$word turns the cache off" \
		pc-get -s ttl
done
for word in on ON 1 true True yes YES; do
	PC_CONFIG='' PC_CACHE=$word status 0 "PC_CACHE=$word turns it on" pc-get -s ttl
done
PC_CONFIG='' PC_CACHE=maybe status 2 'a bad variable' pc-get -s x
like "$(cat err)" 'PC_CACHE must be on or off' 'is named'
PC_CONFIG='' XDG_CONFIG_HOME=xdg value caching.default_ttl >out
is "$(cat out)" 2h 'a relative XDG_CONFIG_HOME is ignored'
done_testing
