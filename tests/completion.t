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
is "$(reply pc-ocr -f '')" 'alto hocr images layout md pdf png text tsv' 'forms'
is "$(reply pc-ocr --psm 1)" '1 10 11 12 13' 'modes of segmentation'
is "$(reply pc-ocr -j '')" '1 2 4 8' 'numbers of jobs'
like "$(reply pc-ocr -l e)" '(^| )eng( |$)' 'languages that are installed'
mkdir -p models/script
touch models/{eng,deu,deu_frak,osd}.traineddata models/script/Latin.traineddata
export TESSDATA_PREFIX=$T/models
is "$(reply pc-ocr -l '')" 'deu deu_frak eng script/Latin' \
	'where TESSDATA_PREFIX says'
is "$(reply pc-ocr -l eng+d)" 'eng+deu eng+deu_frak' 'joined'
is "$(reply pc-ocr --lang eng+deu+)" \
	'eng+deu+deu_frak eng+deu+script/Latin' 'each once'
is "$(reply pc-hash -l rep)" report.txt "pc-hash's -l has no value"
is "$(reply pc-ocr --password-file rep)" report.txt 'the file of a password'
is "$(reply pc-ocr -o rep)" report.txt 'the files of pages'
is "$(reply pc-ocr --pages '')" '' 'nothing where nothing is known'
unset TESSDATA_PREFIX
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
