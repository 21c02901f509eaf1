#!/bin/bash
# A program takes the same options that its help prints, its page describes and
# the completions offer.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/../completions/pc.bash"

# The options of "--help all", which is printed from the table that the program
# itself uses.
usage_options() {
	"$1" --help all | grep -oE '^  (-[a-zA-Z0-9], |    )--[a-z-]+' |
		grep -oE -- '-[a-zA-Z0-9](,|$)|--[a-z-]+' | tr -d , | sort
}
# page_options PAGE: the options that it describes, as -l and --long
page_options() {
	sed -n 's/^\.It Fl //p' "$1" | sed 's/ Op .*//; s/ Ar.*//' | tr -d ' ' | tr , '\n' |
		sed 's/^/-/' | sort
}
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat pc-confine pc-doc pc-gpu pc-http pc-tesseract; do
	page=$(ls "$TESTS"/../man/$p.[18])
	is "$(page_options "$page")" "$(usage_options $p)" \
		"the page of $p describes the options of its help"
	case $p in pc-confine | pc-doc | pc-gpu | pc-http | pc-tesseract) continue ;; esac
	COMP_WORDS=("$p" -) COMP_CWORD=1 COMP_LINE="$p -" COMP_POINT=${#COMP_LINE}
	_pc
	is "$(printf '%s\n' "${COMPREPLY[@]}" | sort)" "$(usage_options $p)" \
		"bash completion offers the options of the help of $p"
done

for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat pc-confine pc-doc pc-gpu pc-http pc-tesseract; do
	is "$($p --help all | grep -E '.{81}')" '' "the help of $p fits 80 columns"
done

# help_values, page_values: each long option, with its value
help_values() {
	sed -nE 's/^ +(-[a-zA-Z0-9], )?(--[a-z-]+)(( [^ ]+)*)(  .*)?$/\2\U\3/p' "$1" | sort -u
}
page_values() {
	sed -nE 's/^\.It Fl ([a-zA-Z0-9] , )?-/--/p' "$1" |
		sed -E 's/ Ns = Ns Ar /=/; s/ Op (Ar|Cm) (.*)/ [\2]/; s/ Ar / /
			s/ \.\.\.\]/...]/; s/ .*/\U&/' | sort -u
}
# synopsis PAGE: the options in it, with their values, as -l or --long
synopsis() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$1" |
		sed 's/ Ns = Ns Ar /=/g' | grep -oE 'Fl [^ ]+( Ar [^ ]+)?' |
		sed -E 's/^Fl /-/; s/ Ar (.*)/ \U\1/' |
		grep -vE '^--( |$)' |
		awk '/^-[a-zA-Z0-9][a-zA-Z0-9]+$/ { for (i = 2; i <= length($0); i++)
			print "-" substr($0, i, 1); next } 1' | sort -u
}
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat; do
	page=$TESTS/../man/$p.1
	$p --help all >help
	is "$(page_values "$page")" "$(help_values help)" \
		"the page of $p names the values as its help does"
	# A value that may be left out counts as both.
	sed -nE 's/^ +((-[a-zA-Z0-9]), )?(--[a-z-]+)(( [^ ]+)*)(  .*)?$/\3\4\n\2\4/p' help |
		sed -E 'p; s/ \[.*//' | sort -u >known
	is "$(comm -23 <(synopsis "$page") known)" '' \
		"the synopsis of $p has options and values of its help"
	[ -n "$(synopsis "$page")" ]
	ok "the synopsis of $p names options"
done

# The daily options fit a terminal; --help all shows the others.
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat; do
	$p -h >daily
	is "$($p --help)" "$(cat daily)" "$p --help prints the same as -h"
	is "$($p --help=all)" "$($p --help all)" "$p --help=all prints the same as --help all"
	[ "$(wc -l <daily)" -le 24 ]
	ok "$p -h fits 24 lines"
	is "$(tail -n 1 daily)" "'$p --help all' shows all options." \
		"$p -h says how to see all options"
	[ "$($p --help all | wc -l)" -gt "$(wc -l <daily)" ]
	ok "$p --help all shows more than -h"
	is "$(grep -oE -- ' --[a-z-]+' daily | sort |
		comm -23 - <($p --help all | grep -oE -- ' --[a-z-]+' | sort))" \
		"$(echo " --help")" "$p --help all shows the daily options too"
done
is "$(pc-get --help some 2>&1 | head -n 1)" "$(pc-get -h | head -n 1)" \
	'an unknown word after --help is an operand'
status 2 '--help=WORD with an unknown word is refused' pc-get --help=some

# says MESSAGE NAME COMMAND...: it is refused with this message, which suggests
# the option that was perhaps meant
says() {
	local want=$1 name=$2
	shift 2
	status 2 "$name is refused" "$@"
	is "$(cat err)" "$want" "$name: the message"
}
says "pc-get: unknown option '--mata'; did you mean '--meta'?" \
	'a mistyped option' pc-get --mata
says "pc-hash: unknown option '--rehsh'; did you mean '--rehash'?" \
	'a mistyped option with a value' pc-hash --rehsh=1
says "pc-get: unknown option '--zzz'; see 'pc-get --help'" \
	'an option unlike all others' pc-get --zzz
says "pc-get: unknown option '-Z'; see 'pc-get --help'" \
	'an unknown letter' pc-get -qZ
says "pc-get: option '--re' is ambiguous: --refresh, --read-only" \
	'an ambiguous abbreviation' pc-get --re
says "pc-get: --ttl requires a value: TIME; see 'pc-get --help'" \
	'a missing value' pc-get -t
says "pc-get: --meta takes no value; see 'pc-get --help'" \
	'a value that is not taken' pc-get --meta=1
says "pc-get: bad --ttl '1x': give a time such as 90s, 15m, 24h, 30d or never; see 'pc-get --help'" \
	'a bad time' pc-get -t 1x
says "pc-hash: bad --jobs '0': give a number from 1 to 1024; see 'pc-hash --help'" \
	'a bad number' pc-hash -j 0
says "pc-fetch: bad --max-size 'x': give a size such as 1M, 10M, 100M or 1G; see 'pc-fetch --help'" \
	'a bad size' pc-fetch --max-size x http://h/
says "pc-fetch: bad --max-time '0': give a time such as 90s, 15m, 1h, 24h or never; see 'pc-fetch --help'" \
	'a time that is too short' pc-fetch --max-time 0 http://h/
says "pc-gc: bad --policy 'fifo': give lru, lfu or cost; see 'pc-gc --help'" \
	'a word that is not in the list' pc-gc --max-bytes 1M --policy fifo
says "pc-stats: --tree cannot be combined with --ghost; see 'pc-stats --help'" \
	'two reports' pc-stats --ghost --tree x
says "pc-infer: option '--chat-' is ambiguous: --chat-list, --chat-show, --chat-clear" \
	'an abbreviation of three options' pc-infer --chat-
says "pc-infer: unknown parameter 'temp': did you mean 'temperature'?" \
	'the beginning of a parameter' pc-infer -p temp=1 x
says "pc-hash: bad --help 'some': give all or complete; see 'pc-hash --help'" \
	'a bad word' pc-hash --help=some
rm -f daily out err

# Each option of the help is accepted, and no other one.
for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat pc-confine pc-doc pc-gpu pc-http pc-tesseract; do
	unknown=
	for o in $(usage_options $p); do
		# The second option is wrong, so that nothing runs for ever.
		limit $p "$o" x --nonesuch </dev/null 2>&1 |
			grep -v nonesuch |
			grep -qE '(unrecognized|invalid|unknown) option' &&
			unknown="$unknown $o"
	done
	is "$unknown" '' "$p accepts all options of its help"
	limit $p --nonesuch </dev/null 2>err
	[ $? -ge 2 ]
	ok "$p refuses an option that its help does not have"
	is "$($p --version | grep -c "$p (pc) [0-9]")" 1 "$p --version prints its name and version"
done
for f in _pc pc.fish; do
	is "$(for p in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat; do
		grep -qw -- $p "$TESTS/../completions/$f" || echo $p; done)" '' \
		"$f completes every program"
done
params=$(sed -n 's/^    {"\([a-z_]*\)", PARAM_.*/\1/p' \
	"$TESTS/../cmd/server/params.c")
if command -v zsh >/dev/null; then
	zsh -n "$TESTS/../completions/_pc"
	ok 'zsh can parse the completion _pc'
	# zsh_says WORD...: what completing the last word offers
	zsh_says() {
		zsh -fc 'compadd() { ((!$@[(I)-a])) || print -rl -- ${(P)@[-1]}; }
			_normal() { print commands; }
			complete() { source $file; }
			file=$1
			shift
			words=("$@") CURRENT=$# PREFIX=$@[-1]
			complete' zsh "$TESTS/../completions/_pc" "$@" | sort | xargs
	}
	printf v | pc-put --store "$T/zoo" -s zebra -p stripes=9
	is "$(zsh_says pc-get --store "$T/zoo" -s '')" zebra \
		'zsh completes stages of the store on the line'
	is "$(zsh_says pc-get --store="$T/zoo" -s zebra -p '')" stripes=9 \
		'zsh completes parameters'
	is "$(HOME=$T zsh_says pc-get --store \~/zoo -s '')" zebra \
		'zsh completes stages of a store below ~'
	is "$(zsh_says pc-run -s x -- pc-)" commands 'zsh completes commands'
	is "$(zsh_says pc-infer -p '' | tr ' ' '\n' | sed -n 's/=$//p')" \
		"$(echo "$params" | sort)" "zsh completes models' parameters"
	is "$(zsh_says pc-ocr --ocr '')" 'always auto never vision' \
		'zsh completes the words of an option'
	is "$(zsh_says pc-hash --re | tr ' ' '\n' | grep -x -- --rehash)" --rehash \
		'zsh completes options'
fi
if command -v fish >/dev/null; then
	printf v | pc-put -s fishy -p hook=line
	is "$(HOME=$T/home fish -c "source $TESTS/../completions/pc.fish
		complete -C 'pc-get -s '" 2>/dev/null | grep -c '^fishy')" 1 \
		'fish completes stages'
	is "$(HOME=$T/home fish -c "source $TESTS/../completions/pc.fish
		complete -C 'pc-get -s fishy -p '" 2>/dev/null |
		grep -c '^hook=line')" 1 'fish completes parameters'
	mkdir models
	touch models/{eng,deu,osd}.traineddata
	is "$(HOME=$T/home TESSDATA_PREFIX=$T/models fish -c "
		source $TESTS/../completions/pc.fish
		complete -C 'pc-ocr -l eng+'" 2>/dev/null | xargs)" 'eng+deu' \
		'fish completes languages'
	is "$(HOME=$T/home fish -c "source $TESTS/../completions/pc.fish
		complete -C 'pc-ocr -f '" 2>/dev/null |
		grep -xE 'text|layout|tsv|hocr|alto|md|csv|tables|pdf|png|images' |
		wc -l)" 11 \
		'fish completes formats'
	printf v | pc-put --store "$T/zoo" -s zebra -p stripes=9
	fish_says() {
		HOME=$T/home fish -c "source $TESTS/../completions/pc.fish
			complete -C '$1'" 2>/dev/null | sed 's/\t.*//' | sort | xargs
	}
	is "$(fish_says "pc-get --store $T/zoo -s ze")" zebra \
		'fish completes stages of the store on the line'
	is "$(fish_says 'pc-run -s x -- pc-has')" pc-hash 'fish completes commands'
	is "$(FOO_BAR=1 fish_says 'pc-run -e FOO_B')" FOO_BAR \
		'fish completes variables'
	is "$(HOME=$T/home fish -c "source $TESTS/../completions/pc.fish
		complete -C 'pc-get --to'" 2>/dev/null | grep -c -- '--touch')" 1 \
		'fish completes options'
	printf v | pc-put -s infer.model -p model=phi3:mini
	is "$(fish_says 'pc-infer -m phi')" phi3:mini 'fish completes models'
	is "$(fish_says 'pc-infer -T stage')" 'stage1 stage2' \
		'fish completes templates'
	is "$(fish_says 'pc-infer --api o')" 'ollama openai' \
		'fish completes the protocols of servers'
	is "$(fish_says 'pc-infer -p ' | tr ' ' '\n' | sed -n 's/=$//p')" \
		"$(echo "$params" | sort)" 'fish completes the parameters of models'
	is "$(fish_says 'pc-memstat --release v')" 'validation vision' \
		'fish completes the stages of pc-memstat --release'
	is "$(fish_says 'pc-memstat c')" compare 'fish completes the commands of pc-memstat'
fi
is "$(sed -n 's/^\.It Cm \([a-z_]*\) Ta.*/\1/p' "$TESTS/../man/pc-infer.1")" \
	"$params" 'pc-infer.1 has all parameters'
done_testing
