#!/bin/bash
# bash completion offers values: stages, parameters, times, languages, files.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/../completions/pc.bash"

# reply WORD...: what completing the last word offers
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
is "$(reply pc-get -s '')" 'ocr summary' 'pc-get -s offers the stages of the store'
is "$(reply pc-run --stage su)" summary 'pc-run --stage offers the stages with this prefix'
is "$(reply pc-get -s summary -p '')" 'lang=deu lang=eng model=phi3' \
	'pc-get -p offers the parameters of the stage'
is "$(reply pc-get -s summary -p lang = '')" 'deu eng' 'pc-get -p NAME= offers the values of a parameter'
is "$(reply pc-ocr -p d)" 'dpi=300' 'pc-ocr -p offers the parameters of the stage ocr'
is "$(reply pc-put -t 3)" 30d 'pc-put -t offers times'
is "$(reply pc-ocr --ocr a)" 'always auto' 'pc-ocr --ocr offers when to run OCR'
is "$(reply pc-ocr -f '')" 'alto csv hocr images layout md pdf png tables text tsv' 'pc-ocr -f offers formats'
is "$(reply pc-ocr --psm 1)" '1 10 11 12 13' 'pc-ocr --psm offers modes of segmentation'
is "$(reply pc-ocr -j '')" '1 2 4 8' 'pc-ocr -j offers numbers of jobs'
like "$(reply pc-ocr -l e)" '(^| )eng( |$)' 'pc-ocr -l offers the installed languages'
mkdir -p models/script
touch models/{eng,deu,deu_frak,osd}.traineddata models/script/Latin.traineddata
export TESSDATA_PREFIX=$T/models
is "$(reply pc-ocr -l '')" 'auto deu deu_frak eng script/Latin' \
	'pc-ocr -l offers the languages in TESSDATA_PREFIX'
is "$(reply pc-ocr -l eng+d)" 'eng+deu eng+deu_frak' 'pc-ocr -l offers languages to join with +'
is "$(reply pc-ocr --lang eng+deu+)" \
	'eng+deu+deu_frak eng+deu+script/Latin' 'pc-ocr --lang offers no language twice in a list'
is "$(reply pc-hash -l rep)" report.txt 'pc-hash -l offers files, for it has no value'
is "$(reply pc-ocr --password-file rep)" report.txt 'pc-ocr --password-file offers files'
is "$(reply pc-ocr -o rep)" report.txt 'pc-ocr -o offers files'
is "$(reply pc-ocr --pages '')" '' 'pc-ocr --pages offers nothing'
unset TESSDATA_PREFIX

# pc-infer offers models from the store, and asks a server only if there are none.
is "$(export OLLAMA_HOST=127.0.0.1:1; reply pc-infer -m '')" '' \
	'pc-infer -m offers nothing if neither store nor server has models'
printf v | pc-put -s infer.model -p model=phi3:mini -p 'servers=auto http://h'
printf v | pc-put -s infer.model -p model=hf.co/me/tiny
printf v | pc-put -s infer -p opt.temperature=0.7 -p var.who=anna -p prompt=x
is "$(reply pc-infer -m '')" 'hf.co/me/tiny phi3:mini' 'pc-infer -m offers the models in the store'
is "$(reply pc-infer --model phi3 :)" mini 'pc-infer --model NAME: offers the tags of a model'
is "$(reply pc-infer --model phi3 : m)" mini 'pc-infer --model NAME: offers the tags with this prefix'
is "$(reply pc-infer --pull h)" hf.co/me/tiny 'pc-infer --pull offers models'
is "$(reply pc-infer -p '' | tr ' ' '\n')" "$(sed -n \
	's/^    {"\([a-z_]*\)", PARAM_.*/\1=/p' "$TESTS/../cmd/server/params.c" |
	sort)" 'pc-infer -p offers all parameters of models'
is "$(reply pc-infer -p temperature = '')" 0.7 'pc-infer -p NAME= offers the values used before'
is "$(reply pc-infer -p temperature =)" 0.7 'pc-infer -p NAME= offers values right after the ='
is "$(reply pc-infer -V who = a)" anna 'pc-infer -V NAME= offers the values of a variable used before'
is "$(reply pc-infer -T s)" 'stage1 stage2 summary' 'pc-infer -T offers the built-in templates'
is "$(reply pc-infer -T ./r)" ./report.txt 'pc-infer -T ./ offers files'
mkdir -p home/.config/pc/templates
echo '{"prompt": "x"}' >home/.config/pc/templates/stamp.json
is "$(reply pc-infer --template st)" 'stage1 stage2 stamp' "pc-infer --template offers the user's templates"
mkdir -p home/.local/state/pc/chats
echo '{"pc_chat":1,"system":null}' >home/.local/state/pc/chats/tea.jsonl
is "$(reply pc-infer --chat-show '')" tea 'pc-infer --chat-show offers chats'
is "$(reply pc-infer --api o)" 'ollama openai' 'pc-infer --api offers protocols'
is "$(reply pc-infer --api = ol)" ollama 'pc-infer --api= offers protocols'
is "$(reply pc-infer --think '')" 'high low max medium off on' 'pc-infer --think offers its values'
is "$(reply pc-infer --schema rep)" report.txt 'pc-infer --schema offers files'
is "$(reply pc-infer -f rep)" report.txt 'pc-infer -f offers files, not formats'
is "$(reply pc-infer -s in)" 'infer infer.model' 'pc-infer -s offers stages'
is "$(reply pc-infer -t 3)" 30d 'pc-infer -t offers times'
like "$(reply pc-infer x --engine-cmd pc-ha)" pc-hash 'pc-infer --engine-cmd offers commands'
is "$(reply pc-infer -S '')" '' 'pc-infer -S offers nothing'

# Text from documents in the store is never run, neither now nor when the user
# enters the line.
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
	'parameters with special characters are quoted'
[ ! -e ran ]
ok 'parameters with commands in them are not run'
is "$(reply pc-get -s strange -p blank = 'two\ ')" 'two  words' \
	'a value that the user has quoted with \ is completed'
is "$(reply pc-get -s strange -p blank = '"two')" '' \
	'a value within the quotes of the user is not completed'
is "$(reply pc-hash rep)" report.txt 'pc-hash offers files'
is "$(reply pc-run -i rep)" report.txt 'pc-run -i offers files'
is "$(reply pc-get --ma --meta --me)" --meta 'pc-get offers options, except those on the line'
is "$(export FOO_BAR=1; reply pc-run -e FOO_B)" FOO_BAR 'pc-run -e offers variables'
like "$(reply pc-run -s x -- pc-ha)" 'pc-hash' 'pc-run offers commands behind --'
is "$(export PC_STORE=$T/none; reply pc-get -s '')" '' 'pc-get -s offers nothing without a store'
[ ! -e none ]
ok 'completion does not make a store'
is "$(reply pc-get --store "$T/store" -s o)" ocr 'pc-get -s offers the stages of the --store on the line'
is "$(reply pc-get --store = "$T/store" -s o)" ocr 'pc-get -s offers the stages of the --store=DIR on the line'
is "$(HOME=$T; reply pc-get --store \~/store -s o)" ocr 'pc-get -s offers the stages of a --store below ~'
is "$(reply pc-gc --policy '')" 'cost lfu lru' 'pc-gc --policy offers policies'
is "$(reply pc-gc --file rep)" report.txt 'pc-gc --file offers files'
is "$(reply pc-gc --stage su)" summary 'pc-gc --stage offers stages'
is "$(reply pc-memstat '')" 'admit compare run' 'pc-memstat offers its commands'
is "$(reply pc-memstat --by '')" 'component stage' 'pc-memstat --by offers groupings'
is "$(reply pc-memstat --release v)" 'validation vision' 'pc-memstat --release offers stages with a rule'
is "$(reply pc-memstat --preload h)" hf.co/me/tiny 'pc-memstat --preload offers models'
is "$(reply pc-memstat run -s o)" ocr 'pc-memstat run -s offers stages'
like "$(reply pc-memstat run -s x -- pc-ha)" pc-hash 'pc-memstat run offers commands behind --'
is "$(reply pc-memstat --report re)" '' 'pc-memstat --report offers no files'
done_testing
