#!/bin/bash
# Configuration: options override the environment, which overrides the file,
# which overrides the defaults.  Errors name file and line.
. "$(dirname "$0")/../lib.sh"

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
	"1h $conf:4" 'pc-stats --config prints a setting and its file and line'
is "$(value caching.max_bytes) $(origin caching.max_bytes)" "1000000 $conf:6" \
	'lines are counted correctly behind comments'
is "$(value inference.temperature_stage1)" 0 'a real setting accepts a whole number'
is "$(value inference.keep_alive) $(origin inference.keep_alive)" \
	'30m default' 'the origin of a setting that is not set is "default"'
is "$(PC_EVENTS=off value caching.events) $(PC_EVENTS=off origin caching.events)" \
	'false environment PC_EVENTS' 'PC_EVENTS overrides the configuration'
is "$(origin caching.cache_dir)" 'environment PC_STORE' 'the origin of caching.cache_dir is PC_STORE'
is "$(pc-stats --config --json | jq -r '."caching.default_ttl".value')" 1h \
	'--config --json prints a setting'
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
	ok "$name is a known setting"
done
page=$TESTS/../man/pc-config.5
missing=$(PC_CONFIG='' pc-stats --config | while read -r name value origin; do
	[ "$origin" = default ] || value= # empty, or from PC_STORE
	grep -A1 -Fx ".It Cm $name" "$page" |
		grep -q -- "${value:+; default $value}\.\$" || echo "$name"
done)
is "$missing" '' 'pc-config.5 has every setting and its default'
is "$(sed -n 's/^\.It Cm //p' "$page" | sort | uniq -d)" '' 'pc-config.5 has every setting only once'

# ---- settings that take effect
cp "$conf" saved
echo '{"inference": {"temperature_stage2": 0.7}}' >"$conf"
is "$(value inference.temperature_stage2)" 0.7 'a real number is printed as written'
mv saved "$conf"
printf x | pc-put -s ttl
is "$(pc-get -s ttl --meta | jq '.expires - .created | round')" 3600 \
	'caching.default_ttl sets the time to live'
printf x | pc-put -s ttl -t 2h
is "$(pc-get -s ttl --meta | jq '.expires - .created | round')" 7200 \
	'--ttl overrides caching.default_ttl'
head -c 2000000 /dev/zero | pc-run -s max -i - -- cat >/dev/null 2>err
like "$(cat err)" 'caching.max_bytes' 'a value larger than caching.max_bytes is refused'
echo '{"caching": {"enabled": false}}' >"$conf"
pc-get -s ttl >/dev/null
is $? 1 'caching.enabled false turns the cache off'
PC_CACHE=on pc-get -s ttl >/dev/null
is $? 0 'PC_CACHE=on overrides caching.enabled'
echo '{"caching": {"events": false}}' >"$conf"
events=$(stat -c %s store/events)
pc-get -s ttl >/dev/null
is "$(stat -c %s store/events)" "$events" 'caching.events false records no events'
echo "{\"caching\": {\"cache_dir\": \"$T/elsewhere\"}}" >"$conf"
(unset PC_STORE; printf x | pc-put -s s)
[ -f elsewhere/state ]
ok 'caching.cache_dir sets the store'
(unset PC_STORE; printf x | pc-put -s s --store "$T/flag")
[ -f flag/state ]
ok '--store overrides caching.cache_dir'
touch file
echo '{"features": {"fallback_on_error": false}}' >"$conf"
status 2 'with fallback_on_error false a store that fails is an error' pc-put -s s --store "$T/file" <file
status 125 'with fallback_on_error false pc-run exits with 125' pc-run -s s --store "$T/file" -- true
rm "$conf"
unset PC_CONFIG
status 0 'a missing default configuration is accepted' pc-stats --config
mkdir -p home/.config/pc
echo '{"caching": {"default_ttl": "2h"}}' >home/.config/pc/config.json
is "$(value caching.default_ttl)" 2h 'the configuration in HOME is read'
mkdir -p xdg/pc
echo '{"caching": {"default_ttl": "3h"}}' >xdg/pc/config.json
is "$(XDG_CONFIG_HOME=$T/xdg value caching.default_ttl)" 3h 'the configuration in XDG_CONFIG_HOME is read'
PC_CONFIG=$T/none status 2 'a missing file named by PC_CONFIG is an error' pc-stats --config
export PC_CONFIG=$conf

# ---- warnings and errors

# bad TEXT PATTERN STATUS NAME: the status and the message for this configuration
bad() {
	printf '%b' "$1" >"$conf"
	status "$3" "$4" pc-stats --config
	like "$(cat err)" "$2" "$4: the message"
}
bad '{\n"caching": {"defualt_ttl": "1h"}}' \
	"config.json:2: unknown setting 'caching.defualt_ttl'; did you mean 'caching.default_ttl'" \
	0 'an unknown setting is a warning'
bad '{\n"cachign": {}}' "config.json:2: unknown section 'cachign'; did you mean 'caching'" 0 \
	'an unknown section is a warning'
bad '{"caching":\n{"default_ttl": true}}' \
	'config.json:2: caching.default_ttl must be a duration such as 30d, not true' \
	2 'a value of the wrong type is an error'
bad '{"ocr": {"ttl_ocr": "1h"}}' "did you mean 'caching.ttl_ocr'" 0 \
	'a setting in the wrong section is a warning'
bad '{"ttl_ocr": "1h"}' "did you mean 'caching.ttl_ocr'" 0 'a setting outside any section is a warning'
bad '{"networking": {"timeout_read": "never"}}' 'from 1s to 86400s' 2 \
	'a time-out of never is an error'
bad '{"caching": {"cache_dir": "here"}}' 'an absolute path' 2 \
	'a relative cache_dir is an error'
bad '{"ocr": {"dpi": null}}' 'whole number from 36 to 2400, not null' 2 'null for a number is an error'
bad '{"ocr": {"dpi": {}}}' 'not an object' 2 'an object for a number is an error'
bad '{"caching": {"default_ttl": "soon"}}' 'must be a duration' 2 'a bad duration is an error'
bad '{"inference": {"num_threads": 0}}' 'whole number from 1 to' 2 'a number out of range is an error'
bad '{"inference": {"num_threads": 99999999999999999999999}}' \
	'whole number' 2 'a number that does not fit 64 bits is an error'
bad '{"inference": {"num_threads": "4"}}' 'whole number' 2 'a string for a number is an error'
bad '{"inference": {"temperature_stage1": NaN}}' 'config.json' 2 'NaN is an error'
bad '{"caching": 1}' 'must be an object' 2 'a number for a section is an error'
bad '[1]' 'must be an object' 2 'an array as the configuration is an error'
bad '{"caching": {\n"wait": "1s",\n"wait": "2s"}}' \
	'config.json:3: caching.wait is set twice, first in line 2' 2 \
	'a setting given twice is an error'
bad '{"caching": {},\n"caching": {}}' \
	'config.json:2: caching is set twice, first in line 1' 2 \
	'a section given twice is an error'
bad '{"caching": {"wait": "1s", "w\\u0061it": "2s"}}' 'unknown setting' 0 \
	'an escaped name is an unknown setting, so that it cannot hide'
bad "{'caching': {'wait': 1, 'wait': 2}}" "config.json:1: ' for" 2 \
	'single quotes are an error'
bad '{"caching": {\n"cache_dir": "/x,\n"wait": "1s"}}' \
	'config.json:2: a control character in a string' 2 \
	'a string without an end is an error'
bad '{}\0{}' 'config.json:1: a NUL byte' 2 'a NUL byte is an error'
bad '{"caching": {"cache_dir": "//*"}} /* never\n ends' \
	'config.json:1: unexpected character' 2 'a comment without an end is an error'
bad '{"caching":\n\n{' 'config.json:3: ' 2 'a truncated file is an error'
bad '' 'config.json:1: ' 2 'an empty file is an error'
bad '{"caching": {"cache_dir": "\\xff"}}' 'config.json' 2 'text that is not UTF-8 is an error'
bad '{"features": {"memory_zones": false}}' 'memory_zones has no effect' 0 \
	'a setting without effect is a warning'
head -c 2000000 /dev/zero | tr '\0' ' ' >"$conf"
status 2 'a configuration that is too large is an error' pc-stats --config
rm "$conf"
mkdir "$conf"
status 2 'a directory in place of the configuration is an error' pc-stats --config
for word in off OFF Off 0 false FALSE no No; do
	PC_CONFIG='' PC_CACHE=$word status 1 "PC_CACHE=$word turns the cache off" \
		pc-get -s ttl
done
for word in on ON 1 true True yes YES; do
	PC_CONFIG='' PC_CACHE=$word status 0 "PC_CACHE=$word turns the cache on" pc-get -s ttl
done
PC_CONFIG='' PC_CACHE=maybe status 2 'a bad value of PC_CACHE is an error' pc-get -s x
like "$(cat err)" 'PC_CACHE must be on or off' 'the message about a bad PC_CACHE names the variable'
PC_CONFIG='' XDG_CONFIG_HOME=xdg value caching.default_ttl >out
is "$(cat out)" 2h 'a relative XDG_CONFIG_HOME is ignored'
done_testing
