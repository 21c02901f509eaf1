#!/bin/bash
# What make install puts where, and that it works from there.
. "$(dirname "$0")/lib.sh"

top=$TESTS/..
make -s -C "$top" BUILD="$BUILD" ${PC_LINK:+LINK="$PC_LINK"} DESTDIR="$T/root" \
	PREFIX=/opt/pc install >out 2>&1
is "$?" 0 'make install'
sed 's/^/# /' out
root=$T/root/opt/pc
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat; do
	[ -x "$root/bin/$p" ] && [ -f "$root/share/man/man1/$p.1" ] &&
		[ -f "$root/share/bash-completion/completions/$p" ] &&
		[ -f "$root/share/fish/vendor_completions.d/$p.fish" ]
	ok "$p, its page and its completions"
done
for p in pc-doc pc-tesseract pc-http pc-gpu; do
	[ -x "$root/libexec/pc/$p" ] && [ -f "$root/share/man/man8/$p.8" ]
	ok "$p and its page"
done
for p in pc-config pc-store pc-template; do
	[ -f "$root/share/man/man5/$p.5" ]
	ok "the page of $p"
done
is "$(grep -c "^ExecStart=/opt/pc/bin/pc-gc" \
	"$root/share/doc/pc/examples/pc-gc.service")" 1 'examples for systemd'
is "$(grep -c " /opt/pc/bin/pc-gc" "$root/share/doc/pc/examples/pc-gc.cron")" \
	2 'and for cron, which knows few directories'
[ -f "$root/share/doc/pc/examples/pc-gc.timer" ] &&
	[ -f "$root/share/doc/pc/examples/pc-gc.cron" ]
ok 'and for cron'
[ -f "$root/share/zsh/site-functions/_pc" ] && [ -f "$root/share/man/man7/pc.7" ]
ok 'what belongs to all of them'
is "$(grep -l /usr/local "$root"/share/man/*/*)" '' 'pages say where that is'
grep -q '^\.It Pa /opt/pc/share/doc/pc/examples' "$root/share/man/man1/pc-gc.1"
ok '... as pc-gc.1 does'
printf 'words\n' >doc.txt
is "$("$root/bin/pc-ocr" doc.txt)" words 'pc-ocr finds a helper'
printf '.sp 4\nwooden chairs\n' | groff -Tpdf | "$root/bin/pc-ocr" --ocr always - |
	grep -q 'wooden chairs'
ok 'and the other'
status 75 'pc-fetch finds its own' "$root/bin/pc-fetch" http://127.0.0.1:1/
like "$(cat err)" "'http://127.0.0.1:1/': .*connect" 'which asks'
echo theirs >"$root/libexec/pc/neighbour"
make -s -C "$top" BUILD="$BUILD" DESTDIR="$T/root" PREFIX=/opt/pc uninstall
is "$(find "$T/root" -type f)" "$root/libexec/pc/neighbour" \
	'make uninstall leaves no file but what is not its own'
is "$(find "$T/root" -type d -name pc)" "$root
$root/libexec/pc" 'and no directory of its own that is empty'
make -s -C "$top" BUILD="$BUILD" DESTDIR="$T/root" PREFIX=/opt/pc uninstall
is "$?" 0 'a second time there is nothing to do'
done_testing
