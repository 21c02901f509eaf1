#!/bin/bash
# Where make install puts files, and that installed programs work.
. "$(dirname "$0")/../lib.sh"

top=$TESTS/..
# made VARIABLE=VALUE... TARGET: run make with the programs that are built
made() {
	make -s -C "$top" BUILD="$BUILD" ${PC_LINK:+LINK="$PC_LINK"} "$@"
}
made DESTDIR="$T/a root" PREFIX=/opt/pc install >out 2>&1
is "$?" 0 'make install works with a blank in DESTDIR'
sed 's/^/# /' out
root="$T/a root/opt/pc"
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat; do
	[ -x "$root/bin/$p" ] && [ -f "$root/share/man/man1/$p.1" ] &&
		[ -f "$root/share/bash-completion/completions/$p" ] &&
		[ -f "$root/share/fish/vendor_completions.d/$p.fish" ]
	ok "make install installs $p, its page and its completions"
done
for p in pc-doc pc-tesseract pc-confine pc-http pc-gpu; do
	[ -x "$root/libexec/pc/$p" ] && [ -f "$root/share/man/man8/$p.8" ]
	ok "make install installs $p and its page"
done
for p in pc-config pc-store pc-template; do
	[ -f "$root/share/man/man5/$p.5" ]
	ok "make install installs the page of $p"
done
[ -f "$root/share/zsh/site-functions/_pc" ] && [ -f "$root/share/man/man7/pc.7" ]
ok 'make install installs the zsh completion and pc.7'
is "$(grep -l /usr/local "$root"/share/man/*/*)" '' 'installed pages do not name /usr/local'
grep -q '^\.It Pa /opt/pc/share/doc/pc/examples' "$root/share/man/man1/pc-gc.1"
ok 'the installed page of pc-gc names the directory of its examples'
printf 'words\n' >doc.txt
is "$("$root/bin/pc-ocr" doc.txt)" words 'the installed pc-ocr finds pc-doc'
printf '.sp 4\nwooden chairs\n' | groff -Tpdf | "$root/bin/pc-ocr" --ocr always - |
	grep -q 'wooden chairs'
ok 'the installed pc-ocr finds pc-tesseract'
status 75 'the installed pc-fetch fails if the server cannot be reached' "$root/bin/pc-fetch" http://127.0.0.1:1/
like "$(cat err)" "'http://127.0.0.1:1/': .*connect" 'the installed pc-fetch finds pc-http, which cannot connect'
echo theirs >"$root/libexec/pc/neighbour"
made DESTDIR="$T/a root" PREFIX=/opt/pc uninstall
is "$(find "$T/a root" -type f)" "$root/libexec/pc/neighbour" \
	'make uninstall removes the files of pc and no others'
is "$(find "$T/a root" -type d -name pc)" "$root
$root/libexec/pc" 'make uninstall removes the directories of pc that are empty'
made DESTDIR="$T/a root" PREFIX=/opt/pc uninstall
is "$?" 0 'a second make uninstall succeeds'

# ---- installed programs, pages and examples work

# A name with a blank and with characters special to sed and the shell.
place="$T/R&D tools/pc"
examples=$place/share/doc/pc/examples
made PREFIX="$place" install >out 2>&1
is "$?" 0 'make install works with a blank and & in PREFIX'
sed 's/^/# /' out
like "$("$place/bin/pc-gc" --version)" '^pc-gc ' 'a program runs from a PREFIX with a blank'
is "$("$place/bin/pc-ocr" doc.txt)" words 'pc-ocr finds its helper in a PREFIX with a blank'
is "$(grep -rlE '@[A-Z]+@' "$place/share")" '' 'no @NAME@ is left in any installed file'
is "$(grep -rhoE "$place/[a-z/-]*" "$place/share" | sort -u | while read -r f; do
	[ -e "$f" ] || echo "$f"
done)" '' 'each installed file that a page or example names exists'
is "$(grep -rhoE "$place/[a-z/-]*" "$place/share" | sort -u | wc -l)" 4 \
	'pages and examples name three programs and the directory of examples'

# bare COMMAND...: run it with the few variables that cron and systemd set
bare() {
	env -i HOME="$HOME" PATH=/usr/bin:/bin LOGNAME=anna SHELL=/bin/sh \
		${ASAN_OPTIONS+ASAN_OPTIONS="$ASAN_OPTIONS"} "$@" </dev/null
}
# by_cron MINUTE: run the command of the line with this minute as cron does
by_cron() {
	bare /bin/sh -c "$(sed -n "s/^$1\( [^ ]*\)\{4\} *//p" \
		"$examples/pc-gc.cron")"
}
# by_systemd: run the command of the service as systemd does
by_systemd() {
	local words
	eval "words=($(sed -n 's/^ExecStart=//p' "$examples/pc-gc.service"))"
	bare "${words[@]}"
}
unset PC_STORE
store=$HOME/.cache/pc
get() { pc-get -s keep -p n="$1"; }
put_expired() {
	echo gone | pc-put -s gone -t 1s
	sleep 1.1
}
entries() { pc-stats -q --json --entries | jq '[.stages[] |
	select(.stage == "gone").entries] | add // 0'; }

for n in 1 2 3; do echo "value$n" | pc-put -s keep -p n=$n; done
put_expired
is "$(entries)" 1 'an expired record is in the store'
by_cron 17 >out 2>&1
is "$?:$(cat out):$(entries)" 0::0 \
	'the nightly line of the crontab removes an expired record'
put_expired
by_systemd >out 2>&1
is "$?:$(cat out):$(entries)" 0::0 'the service for systemd removes an expired record'
is "$(sed -n 's/^Unit=//p' "$examples/pc-gc.timer")$(
	cd "$examples" && echo *.timer *.service)" 'pc-gc.timer pc-gc.service' \
	'the timer for systemd starts pc-gc.service'
by_cron 47 >out 2>&1
is "$?:$(get 1)" 0:value1 'the weekly line of the crontab keeps the records of a sound store'
log=$(grep -l value2 "$store"/*/log)
at=$(grep -abo value2 "$log" | cut -d: -f1)
printf X | dd of="$log" bs=1 seek=$((at + 1)) conv=notrunc 2>/dev/null
status 1 'pc-gc --check finds damage in the store' pc-gc --check
by_cron 47 >out 2>&1
like "$?:$(tail -n 1 out)" '^0:Deleted 1 damaged' \
	'the weekly line of the crontab repairs a damaged store'
status 0 'pc-gc --check finds no damage after the weekly line' pc-gc --check
is "$(get 1):$(get 2):$(get 3)" value1::value3 \
	'after the weekly line all records but the damaged one are hits'
[ ! -x /usr/bin/systemd-analyze ] ||
	systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' \
		"$examples/pc-gc.timer")" >out 2>&1
ok 'systemd accepts the time of the timer'
made PREFIX="$place" uninstall
is "$(find "$place" -type f)" '' 'make uninstall removes all files from a PREFIX with a blank'
done_testing
