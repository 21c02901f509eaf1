#!/bin/bash
# Every form of the figures: Prometheus, the page in a browser, CGI and inetd,
# the live screen; and the other reports: lineage, targets, a former
# day's figures, ghosts, resetting.
. "$(dirname "$0")/../lib.sh"
command -v python3 >/dev/null || skip_all 'no python3'
events() { "$TESTS/data/events.py"; }

printf v | pc-put -s x
{
	seq 1 50 | sed 's/.*/hit ocr program=5 age=&0000 duration=&000 saved=2000000/'
	seq 1 20 | sed 's/.*/compute ocr program=5 age=&0000 duration=&00000 peak=204800/'
	echo 'miss ocr program=5 times=20'
	echo 'hit summary program=6 duration=3000 times=9 saved=5000000'
	echo 'miss summary program=6'
} | events >store/events

# ---- Prometheus

pc-stats --prometheus >metrics
if command -v promtool >/dev/null; then
	promtool check metrics <metrics >out 2>&1
	ok 'promtool accepts the metrics'
	pc-stats --prometheus --by program >by-program
	promtool check metrics <by-program >out 2>&1
	ok 'promtool accepts the metrics by program'
	is "$(grep -c entr by-program)" 0 'the metrics by program have no entries'
else
	skip 'promtool accepts the metrics' 'there is no promtool'
fi
is "$(grep '^pc_hits_total' metrics)" 'pc_hits_total{stage="ocr"} 50
pc_hits_total{stage="summary"} 9
pc_hits_total{stage="x"} 0' 'hits, and a stage that has entries only'
like "$(cat metrics)" '^pc_entries\{stage="x"\} 1$' 'the entry of a stage without lookups is counted'
like "$(cat metrics)" '^pc_hit_duration_seconds\{stage="ocr",quantile="1"\} 0\.050000' \
	'the largest is the last percentile'
like "$(cat metrics)" '^pc_hit_duration_seconds\{stage="ocr",quantile="0.5"\} 0\.02[45]' \
	'percentiles, in seconds'
is "$(grep -c '^# HELP' metrics)" "$(grep -c '^# TYPE' metrics)" \
	'each has HELP and TYPE'
is "$(grep -v '^#' metrics | grep -vcE '^pc_[a-z_]+(\{.*\})? [0-9.e+]+$')" 0 \
	'each line is name, labels, number'

# ---- the page

pc-stats --html >page.html
is "$(grep -ciE '<script|<link|src=|url\(|@import|https?:' page.html)" 0 \
	'the page has no script, and nothing from elsewhere'
like "$(cat page.html)" 'prefers-color-scheme: dark' 'the page has a light and a dark scheme'
is "$(grep -c '<svg' page.html):$(grep -c 'class="bar"' page.html)" 4:3 \
	'the page has four charts and three bars'
like "$(cat page.html)" '<td>ocr</td><td>70</td><td>50</td><td>20</td>' \
	'the page shows the figures of a stage'
if command -v xmllint >/dev/null; then
	sed '1d; s/<meta \([^>]*\)>/<meta \1\/>/' page.html >page.xml
	xmllint --noout page.xml 2>err
	ok 'the page is well-formed'
fi
if command -v chromium >/dev/null; then
	# shot ARG...: what chromium makes of the page; once more where a busy
	# machine did not let it start.
	shot() {
		local _
		for _ in 1 2; do
			limit chromium --headless --no-sandbox \
				--disable-gpu --disable-dev-shm-usage --no-first-run \
				--hide-scrollbars --force-device-scale-factor=1 \
				--user-data-dir="$T/chrome" "$@" 2>/dev/null && return
		done
	}
	# picture SCHEME SIZE PAGE: what is seen of it, from the top
	picture() {
		local scheme=0
		[ "$1" = dark ] || scheme=1
		shot --blink-settings=preferredColorScheme=$scheme \
			--window-size="$2" --screenshot="$T/shot.png" \
			"file://$T/$3" >/dev/null
		"$TESTS/data/colours.py" shot.png "$1"
		rm -f shot.png
	}
	all='ground text lines hits computing savings'
	is "$(picture light 700,1700 page.html)" "$all" \
		'a browser shows it: text, curves, bars, light'
	is "$(picture dark 700,1700 page.html)" "$all" 'a browser shows the page in the dark scheme'
	is "$(picture light 400,2000 page.html)" "$all" 'a browser shows the page on a narrow screen'
	PC_STORE=$T/store2 pc-stats -q --html >empty.html
	is "$(picture light 700,600 empty.html)" 'ground text lines' \
		'a page of no events has text and nothing else'
	# What is there to be read, and nothing wider than the screen but in a part
	# of its own.
	{
		cat page.html
		cat <<-'END'
		<script>
		const many = (what) => document.querySelectorAll(what).length;
		const wide = document.documentElement.scrollWidth;
		const drawn = (line) => getComputedStyle(line).stroke != "none" &&
			line.getBoundingClientRect().width > 100;
		document.title = [wide <= innerWidth,
			[...document.querySelectorAll("svg .line")].filter(drawn).length,
			many("tfoot tr"), many(".bar i")].join(" ");
		</script>
		END
	} >asked.html
	for width in 500 2000; do
		shot --window-size=$width,900 --dump-dom "file://$T/asked.html" >dom
		is "$(sed -n 's|^<title>\(.*\)</title>$|\1|p' dom)" 'true 3 3 3' \
			"$width wide: nothing sticks out; curves, tables and bars are there"
	done
	like "$(cat dom)" 'Hit rate over time' 'the page shows the hit rate over time'
else
	skip 'a browser shows it' 'there is no chromium'
fi
rm -rf store2
is "$(PC_STORE=$T/store2 pc-stats -q --html | grep -c 'No lookups yet')" 1 \
	'a page without events says that there are no lookups'

# ---- a web server

# ask METHOD PATH [QUERY]: as a CGI
ask() {
	REQUEST_METHOD=$1 PATH_INFO=$2 QUERY_STRING=${3-} pc-stats --cgi |
		tr -d '\r'
}
like "$(ask GET /metrics)" '^Status: 200 OK' 'GET /metrics is answered with 200'
is "$(ask GET /metrics | sed '1,/^$/d')" "$(cat metrics)" 'GET /metrics returns the output of --prometheus'
is "$(ask GET /stats.json | sed '1,/^$/d' | jq .all.hits)" 59 'GET /stats.json returns the counts'
is "$(ask GET /memory.json | sed '1,/^$/d' |
	jq -c '.stages[] | [.stage, .runs, .peak_kib.max]')" \
	'["ocr",20,204800]' 'GET /memory.json returns runs and peaks'
like "$(ask GET / | sed '1,/^$/d')" '</html>' 'GET / returns the page'
like "$(ask GET '')" 'text/html' 'GET of the program without a path returns HTML'
is "$(ask GET /metrics | sed -n 's/^Content-Length: //p')" \
	"$(ask GET /metrics | sed '1,/^$/d' | wc -c)" 'Content-Length is the length of the body'
is "$(ask HEAD /metrics | sed '1,/^$/d' | wc -c)" 0 'HEAD has no body'
is "$(ask HEAD /metrics | grep -i '^content-length')" \
	"$(ask GET /metrics | grep -i '^content-length')" 'HEAD has the Content-Length of GET'
like "$(ask GET /nonesuch)" '^Status: 404 ' 'an unknown path is answered with 404'
like "$(ask GET /../../etc/passwd)" '^Status: 404 ' 'a path with .. is answered with 404'
for m in POST PUT DELETE TRACE get 'GET GET'; do
	like "$(ask "$m" /metrics)" '^Status: 405 ' "$m is not allowed"
done
like "$(ask POST /metrics)" '^Allow: GET, HEAD$' 'the answer 405 lists the allowed methods'
is "$(ask GET '/<script>alert(1)</script>' 'a=<script>' | grep -c script)" 0 \
	'the answer does not repeat the path or the query'
is "$(REQUEST_METHOD=GET REQUEST_URI='/cgi/pc?x=1' SCRIPT_NAME=/cgi/pc \
	pc-stats --cgi | head -n 1 | tr -d '\r')" 'Status: 200 OK' \
	'REQUEST_URI is read without the name of the program'
is "$(REQUEST_METHOD=GET REQUEST_URI='/metrics?a=b' pc-stats --cgi |
	grep -c '^pc_hits_total{stage="ocr"}')" 1 'REQUEST_URI is read without the query'
inetd() { printf "$@" | pc-stats --cgi | tr -d '\r'; }
like "$(inetd 'GET /stats.json HTTP/1.1\r\nHost: x\r\n\r\n')" \
	'^HTTP/1.0 200 OK' 'a request from inetd is answered with 200'
like "$(inetd 'HEAD / HTTP/1.1\n\n')" '^Content-Length: [0-9]{4}' 'a HEAD request from inetd has a Content-Length'
like "$(inetd 'PUT / HTTP/1.1\r\n\r\n')" '^HTTP/1.0 405 ' 'a PUT request from inetd is answered with 405'
for bad in '' '\r\n\r\n' 'GET\r\n\r\n' 'GET / HTTP/1.1\r\n' '\0\0\0\n\n'; do
	like "$(inetd "$bad" 2>&1)" '^HTTP/1.0 4' "a bad request: $bad"
done
like "$(head -c 1000000 /dev/zero | pc-stats --cgi 2>&1 | tr -d '\r')" \
	'^HTTP/1.0 400' 'an endless request is answered with 400'

# ---- the screen

if command -v tmux >/dev/null; then
	. "$TESTS/screen.sh"
	screen_start 80 24
	screen send-keys "stty -a > before; pc-stats --watch; stty -a > after" Enter
	seen '^ocr .*70 .*50 .*20'
	ok '--watch shows the figures of a stage'
	echo 'hit ocr program=5 times=1000' | events >>store/events
	seen '^ocr .*1070 '
	ok '--watch shows new figures'
	screen resize-window -x 100 -y 10
	seen 'q to quit'
	ok '--watch redraws after the window was resized'
	seen '^([0-9]* more lines; make the window taller)'
	ok '--watch says how many lines do not fit'
	screen send-keys C-c
	seen '^ready>.*\|ready> $'
	ok 'Control-C ends --watch'
	await test -s after
	is "$(cat after)" "$(sed 's/rows [0-9]*; columns [0-9]*/rows 10; columns 100/' before)" \
		'--watch restores the terminal settings'
	is "$(screen display-message -p '#{cursor_flag}#{alternate_on}')" 10 \
		'--watch restores the cursor and the screen'
	screen send-keys "clear; pc-stats --watch" Enter
	seen 'q to quit'
	screen send-keys q
	seen '^ready> *$'
	ok 'q ends --watch'
	# Colours and bars, unless NO_COLOR is set.
	screen resize-window -x 80 -y 40
	screen send-keys "clear; pc-stats" Enter
	seen '█'
	ok 'a terminal gets bars'
	screen send-keys "clear; NO_COLOR=1 pc-stats; echo done" Enter
	seen '^done'
	is "$(screen capture-pane -p -e | grep -c "$(printf '\033\\[3')")" 0 \
		'NO_COLOR disables colours'
else
	skip '--watch' 'there is no tmux'
fi
status 2 '--watch without a terminal exits with 2' pc-stats --watch
like "$(cat err)" 'needs a terminal' '--watch says that it needs a terminal'

# ---- lineage

export PC_STORE=$T/lineage
printf 'a document\n' >doc
echo other >unrelated
pc-run -s first -i doc -- sh -c 'tr a-z A-Z <doc' >text
pc-run -s first -i unrelated -- cat unrelated >/dev/null
pc-run -s second -p n=1 -i text -- wc -c text >count
pc-run -s second -p n=2 -i text -- wc -w text >/dev/null
pc-run -s third -i count -- cat count >/dev/null
# A circle, and something that is its own output.
pc-run -s back -i text -- cat doc >/dev/null
pc-run -s same -i doc -- cat doc >/dev/null
pc-stats --tree doc >tree
is "$(awk '{ print $1 }' tree | xargs)" \
	'doc first back second third second same in' '--tree lists all results derived from a document'
is "$(sed -n 's/^\( *\)[a-z].*/\1/p' tree | awk '{ print length }' | xargs)" \
	'0 2 4 4 6 4 2 0' '--tree indents each result below its input'
is "$(pc-stats --tree doc --json | jq -c '[.entries[] | [.stage, .depth]] | sort')" \
	'[["back",2],["first",1],["same",1],["second",2],["second",2],["third",3]]' \
	'--tree --json gives stage and depth'
is "$(pc-stats --tree doc --json | jq .id)" "\"$(pc-hash doc)\"" '--tree --json gives the id of the document'
like "$(tail -n 1 tree)" '^in all +[0-9.]+[a-z]+ +[0-9]+B$' '--tree ends with the total'
# Empty outputs are all equal, so nothing is derived from them.
: >empty
pc-run --negative 1h -s silent -i doc -- true
pc-run -s other -i empty -- echo something >/dev/null
is "$(pc-stats --tree doc --json | jq '[.entries[] |
	select(.stage == "silent" or .stage == "other").stage] | join(" ")')" \
	'"silent"' '--tree derives nothing from an empty output'
is "$(pc-stats --tree doc --json | jq '.entries | length')" \
	"$(pc-gc -n --file doc --derived --json | jq .deleted)" \
	'--tree lists what pc-gc --derived would delete'
name=$(printf 'odd\033[31m\302\233')
echo odd >"$name"
pc-run -s odd -i "$name" -p "$(printf 'x=\033[1m\302\233é')" -- cat "$name" \
	>/dev/null
is "$(pc-stats --tree "$name" | sed -n 's/  *COST.*//p;s/  *cat.*//p')" \
	"odd?[31m??
  odd  x=?[1m??é" '--tree shows a control character in a name as ?'
is "$(pc-stats --tree "$name" --json | jq -r .file)" "$name" \
	'--tree --json gives the name unchanged'
is "$(pc-stats --params odd)" '' \
	'a parameter with a control character is not offered by a completion'
is "$(pc-stats --tree empty --json | jq -c '[.entries[].stage]')" '["other"]' \
	'--tree of an empty document lists its results'
status 1 '--tree of a document without results exits with 1' pc-stats --tree "$TESTS/lib.sh"
status 2 '--tree of a document that does not exist exits with 2' pc-stats --tree none
is "$(pc-stats --tree - <doc | grep -c first)" 1 '--tree - reads the document from standard input'

# ---- targets, and another day

export PC_STORE=$T/target
printf v | pc-put -s x
{
	echo 'hit ocr program=5 duration=90000 times=20'
	echo 'hit summary program=6 duration=100000 times=20'
	echo 'miss summary program=6 times=10'
} | events >target/events
status 0 '--targets exits with 0 when all targets are met' pc-stats --targets
like "$(cat out)" '^ocr: hit +(89[.][2-9]|90).* ms +<= 100 ms +ok' '--targets prints the measured time and the target'
like "$(cat out)" '^text: hit rate +66.7 % +>= 60 % +ok' '--targets prints a hit rate and its target'
like "$(cat out)" '^fetch: hit .*no data' '--targets says when it has no data'
echo 'hit ocr program=5 duration=150000 times=60' | events >>target/events
status 1 '--targets exits with 1 when a target is missed' pc-stats --targets
like "$(cat out)" '^ocr: hit +(149|15[01]).* ms +<= 100 ms +missed' '--targets names the missed target'
is "$(pc-stats --targets --json | jq -c '[.[] | select(.met == false) | .what]')" \
	'["ocr: hit"]' '--targets --json names the missed target'
pc-stats --json >base.json
status 0 '--baseline with the same figures exits with 0' pc-stats --baseline base.json
echo 'hit summary program=6 duration=115000 times=40' | events >>target/events
status 0 '--baseline tolerates 15 %' pc-stats --baseline base.json
status 1 '--baseline --tolerance 5 does not tolerate 15 %' pc-stats --baseline base.json --tolerance 5
like "$(cat out)" '^summary +hit p50 ms .*worse' '--baseline names the figure that is worse'
is "$(pc-stats --baseline base.json --tolerance 5 --json |
	jq -c '[.[] | select(.worse) | [.stage, .what]]')" \
	'[["summary","hit p50 ms"],["summary","hit p95 ms"]]' '--baseline --json names the figures that are worse'
echo 'hit summary program=6 duration=900000 times=200' | events >>target/events
status 1 '--baseline exits with 1 when hits are slower' pc-stats --baseline base.json
pc-stats --json >base.json
echo 'miss ocr program=5 times=200' | events >>target/events
status 1 '--baseline exits with 1 when the hit rate is lower' pc-stats --baseline base.json
like "$(cat out)" '^ocr +hit rate .*worse' '--baseline names the lower hit rate'
echo '{}' >bad.json
status 2 '--baseline of a file without figures exits with 2' pc-stats --baseline bad.json
status 2 '--baseline of a file that does not exist exits with 2' pc-stats --baseline none.json
status 2 'an invalid --tolerance exits with 2' pc-stats --baseline base.json --tolerance x

# ---- ghosts

{
	echo 'put old key=a age=8640000 bytes=10'
	echo 'miss old key=a age=5616000' # 35 days later; 30 d to live
	echo 'compute old key=a age=5616000 duration=60000000'
	echo 'put old key=b age=8500000 bytes=10'
	echo 'evict old key=b age=8000000'
	echo 'put old key=c age=7000000 bytes=1500000000'
	echo 'miss old key=b age=6000000'
	echo 'compute old key=b age=6000000 duration=30000000'
	echo 'miss old key=never age=5000'
	echo 'miss old key=c age=6900000' # --refresh
} | events >target/events
pc-stats --ghost --json >ghost
is "$(jq -c '[.misses, .had_been_stored]' ghost)" '[4,2]' '--ghost counts misses and those stored before'
is "$(jq -c '[.days[].hits]' ghost)" '[0,1,1,1,1]' '--ghost counts the hits of a longer TTL'
is "$(jq -c '[.gib[].hits]' ghost)" '[0,1,1,1,1]' '--ghost counts the hits of a larger cap'
is "$(jq -c '[.days[1].saved_s, .gib[1].saved_s]' ghost)" '[60,30]' \
	'--ghost estimates the seconds saved'
like "$(pc-stats --ghost)" '^\+7 +days +1 +25.0% +60.0s' '--ghost prints a table'

# ---- resetting

[ "$(pc-stats --json | jq .all.lookups)" -gt 0 ]
ok 'before --reset there are events'
status 0 '--reset exits with 0' pc-stats --reset
is "$(pc-stats --json | jq .all.lookups)" 0 '--reset deletes all events'
is "$(pc-get -s x)" v '--reset keeps results'
is "$(pc-stats --json | jq .all.lookups)" 1 'events after --reset count'
status 0 '--reset without a store exits with 0' pc-stats --reset --store none
like "$(cat err)" 'there is no store' '--reset without a store says that there is none'
[ ! -e none ]
ok '--reset does not create a store'
for wrong in '--ghost --by day' '--tree f --since 1d' '--html --json' \
	'--targets --entries' '--config --since 1d' '--reset --json' \
	'--tolerance 5' '--doctor --tolerance 5' '--params s --json'; do
	# shellcheck disable=SC2086
	status 2 "an option that cannot be combined: $wrong" pc-stats $wrong
done
like "$(cat err)" '^pc-stats: --json cannot be combined with --params' 'the message names the options --json and --params'
status 2 '--ghost cannot be combined with --targets' pc-stats --ghost --targets
like "$(cat err)" "^pc-stats: --targets cannot be combined with --ghost" 'the message names the options --targets and --ghost'
done_testing
