#!/bin/bash
# bash completion knows values: stages, parameters, times, languages, files.
. "$(dirname "$0")/lib.sh"
. "$TESTS/../completions/pc.bash"

# reply WORD...: what completing the last word gives
reply() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMP_LINE="$*"
	COMP_POINT=${#COMP_LINE}
	_pc
	printf '%s\n' "${COMPREPLY[@]}" | sort | xargs
}

printf v | pc-put -s summary -p lang=eng -p model=phi3
printf v | pc-put -s summary -p lang=deu
printf v | pc-put -s ocr -p dpi=300
touch report.txt
is "$(reply pc-get -s '')" 'ocr summary' 'stages'
is "$(reply pc-run --stage su)" summary 'that begin so'
is "$(reply pc-get -s summary -p '')" 'lang=deu lang=eng model=phi3' \
	'parameters of the stage'
is "$(reply pc-get -s summary -p lang = '')" 'deu eng' 'values of a parameter'
is "$(reply pc-ocr -p d)" 'dpi=300' 'of ocr, for pc-ocr'
is "$(reply pc-put -t 3)" 30d 'times'
is "$(reply pc-ocr --ocr a)" 'always auto' 'when to recognise'
like "$(reply pc-ocr -l e)" '(^| )eng( |$)' 'languages that are installed'
is "$(reply pc-hash rep)" report.txt 'files'
is "$(reply pc-run -i rep)" report.txt 'inputs'
is "$(reply pc-get --ma --meta --me)" --meta 'options'
is "$(export FOO_BAR=1; reply pc-run -e FOO_B)" FOO_BAR 'variables'
like "$(reply pc-run -s x -- pc-ha)" 'pc-hash' 'commands after --'
is "$(export PC_STORE=$T/none; reply pc-get -s '')" '' 'no store, no stages'
[ ! -e none ]
ok 'and none is made'
is "$(reply pc-get --store "$T/store" -s o)" ocr 'the store on the line'
done_testing
