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

# pc-infer's, of what the store knows; nobody is asked then.
is "$(export OLLAMA_HOST=127.0.0.1:1; reply pc-infer -m '')" '' \
	'no models where nobody knows any'
printf v | pc-put -s infer.model -p model=phi3:mini -p 'servers=auto http://h'
printf v | pc-put -s infer.model -p model=hf.co/me/tiny
printf v | pc-put -s infer -p opt.temperature=0.7 -p var.who=anna -p prompt=x
is "$(reply pc-infer -m '')" 'hf.co/me/tiny phi3:mini' 'models'
is "$(reply pc-infer --model phi3 :)" mini 'a tag'
is "$(reply pc-infer --model phi3 : m)" mini 'that begins so'
is "$(reply pc-infer --pull h)" hf.co/me/tiny 'models to fetch'
is "$(reply pc-infer -p '' | tr ' ' '\n')" "$(sed -n \
	's/^    {"\([a-z_]*\)", PARAM_.*/\1=/p' "$TESTS/../cmd/server/params.c" |
	sort)" 'all parameters that there are'
is "$(reply pc-infer -p temperature = '')" 0.7 'values that one had'
is "$(reply pc-infer -p temperature =)" 0.7 'right after the ='
is "$(reply pc-infer -V who = a)" anna 'and those of a variable'
is "$(reply pc-infer -T s)" 'stage1 stage2 summary' 'templates'
is "$(reply pc-infer -T ./r)" ./report.txt 'or a file'
mkdir -p home/.config/pc/templates
echo '{"prompt": "x"}' >home/.config/pc/templates/stamp.json
is "$(reply pc-infer --template st)" 'stage1 stage2 stamp' "the user's too"
mkdir -p home/.local/state/pc/chats
echo '{"pc_chat":1,"system":null}' >home/.local/state/pc/chats/tea.jsonl
is "$(reply pc-infer --chat-show '')" tea 'chats'
is "$(reply pc-infer --api o)" 'ollama openai' 'languages of servers'
is "$(reply pc-infer --api = ol)" ollama 'with a ='
is "$(reply pc-infer --think '')" 'high low medium off on' 'how to think'
is "$(reply pc-infer --schema rep)" report.txt 'the file of a schema'
is "$(reply pc-infer -f rep)" report.txt "pc-infer's -f is no form"
is "$(reply pc-infer -s in)" 'infer infer.model' 'stages of pc-infer'
is "$(reply pc-infer -t 3)" 30d 'times of pc-infer'
like "$(reply pc-infer x --engine-cmd pc-ha)" pc-hash 'a program that answers'
is "$(reply pc-infer -S '')" '' 'nothing for a system prompt'

# What documents brought into the store is text: nothing of it is run, neither
# now nor when the line is entered.
odd=('back=`touch ran`' 'blank=two  words' 'quote=it"s' 'run=$(touch ran)'
	'star=*')
for p in "${odd[@]}"; do
	printf v | pc-put -s strange -p "$p"
done
entered=()
COMP_WORDS=(pc-get -s strange -p '') COMP_CWORD=4
_pc
eval "entered=($(printf '%s\n' "${COMPREPLY[@]}" | sort))"
is "$(printf '%s\n' "${entered[@]}")" "$(printf '%s\n' "${odd[@]}")" \
	'parameters are quoted'
[ ! -e ran ]
ok 'and none is run'
is "$(reply pc-get -s strange -p blank = 'two\ ')" 'two  words' \
	'what one has quoted'
is "$(reply pc-get -s strange -p blank = '"two')" '' \
	'nothing that within quotes would be another'
is "$(reply pc-hash rep)" report.txt 'files'
is "$(reply pc-run -i rep)" report.txt 'inputs'
is "$(reply pc-get --ma --meta --me)" --meta 'options'
is "$(export FOO_BAR=1; reply pc-run -e FOO_B)" FOO_BAR 'variables'
like "$(reply pc-run -s x -- pc-ha)" 'pc-hash' 'commands after --'
is "$(export PC_STORE=$T/none; reply pc-get -s '')" '' 'no store, no stages'
[ ! -e none ]
ok 'and none is made'
is "$(reply pc-get --store "$T/store" -s o)" ocr 'the store on the line'
is "$(reply pc-get --store = "$T/store" -s o)" ocr 'with a ='
is "$(HOME=$T; reply pc-get --store \~/store -s o)" ocr 'in the home directory'
is "$(reply pc-gc --policy '')" 'cost lfu lru' 'policies'
is "$(reply pc-gc --file rep)" report.txt 'documents'
is "$(reply pc-gc --stage su)" summary "stages of pc-gc"
is "$(reply pc-memstat '')" 'admit compare run' "pc-memstat's commands"
is "$(reply pc-memstat --by '')" 'component stage' 'by what'
is "$(reply pc-memstat --release v)" 'validation vision' 'stages with a rule'
is "$(reply pc-memstat --preload h)" hf.co/me/tiny 'models to load'
is "$(reply pc-memstat run -s o)" ocr 'stages to measure'
like "$(reply pc-memstat run -s x -- pc-ha)" pc-hash 'commands to measure'
is "$(reply pc-memstat --report re)" '' 'no files'
done_testing
