# bash completion for pc.  Options are read from each program's --help; values
# of stages and parameters from the store.
# shellcheck shell=bash

_pc_options() {
	"$1" --help all 2>/dev/null |
		grep -oE '^  (-[a-zA-Z0-9], |    )--[a-z-]+' |
		grep -oE -- '-[a-zA-Z0-9](,|$)|--[a-z-]+' | tr -d ,
}

# _pc_given SHORT LONG: the value of this option on the command line
_pc_given() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		"$1" | "$2")
			[ "${COMP_WORDS[i + 1]}" != = ] || ((i++))
			echo "${COMP_WORDS[i + 1]/#~\//$HOME/}"
			;;
		esac
	done | tail -n 1
}

# _pc_reply CUR [PREFIX]: offer the lines of standard input that begin with PREFIX
# and CUR, without PREFIX and quoted.  compgen -W would expand them, and run a
# `command` that a document has brought into the store.
_pc_reply() {
	local start=${1#[\"\']} line word
	start=${2-}${start//\\/}
	while IFS= read -r line; do
		[[ $line == "$start"* ]] || continue
		line=${line#"${2-}"}
		printf -v word %q "$line"
		# Inside the user's quotes a word cannot be quoted again.
		[[ $1 == [\"\']* && $word != "$line" ]] || COMPREPLY+=("$word")
	done
}

_pc_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# The languages that tesseract has models for.  "+" joins them: those before the
# last one stay, and are not offered again.
_pc_languages() {
	local dirs=(/usr/share/tesseract-ocr/*/tessdata /usr/share/tessdata)
	local before='' lang
	[ -z "${TESSDATA_PREFIX:-}" ] || dirs=("$TESSDATA_PREFIX")
	case $1 in *+*) before=${1%+*}+ ;; esac
	find -L "${dirs[@]}" -name '*.traineddata' ! -name osd.traineddata \
		-printf '%P\n' 2>/dev/null | sed 's/\.traineddata$//' | sort -u |
		while read -r lang; do
			case +$before in *"+$lang+"*) continue ;; esac
			echo "$before$lang"
		done
}

_pc_stats() {
	local store
	store=$(_pc_given --store --store)
	pc-stats -q ${store:+--store "$store"} "$@" 2>/dev/null
}

# The models in the store, else those that the server lists within 0.3 s.
_pc_models() {
	_pc_stats --params infer.model | sed -n 's/^model=//p' | grep . ||
		timeout 0.3 pc-infer --no-cache --list --json 2>/dev/null |
		sed -n 's/^{"name":"\([^"\\]*\)".*/\1/p'
}

_pc_model_params='
	frequency_penalty main_gpu min_p mirostat mirostat_eta mirostat_tau
	num_batch num_ctx num_gpu num_keep num_predict num_thread
	presence_penalty repeat_last_n repeat_penalty seed stop temperature
	top_k top_p typical_p use_mmap
'

# _pc_infer PREV CUR: offer values for pc-infer's own options; fail for others.
_pc_infer() {
	local option=$1 cur=$2 words='' before='' word at=$((COMP_CWORD - 1))
	# bash splits phi3:mini into three words.
	[ "$cur" != : ] || { cur='' option=: && ((at++)); }
	if [ "$option" = : ] && ((at > 2)); then
		before=${COMP_WORDS[at - 1]}:
		option=${COMP_WORDS[at - 2]}
	fi
	case $option in
	-m | --model | --pull)
		_pc_reply "$cur" "$before" < <(_pc_models)
		return
		;;
	-p | --param)
		for word in $_pc_model_params; do
			words="$words $word="
		done
		compopt -o nospace 2>/dev/null
		;;
	-T | --template)
		case $cur in
		*/*) return 1 ;; # a file
		esac
		_pc_reply "$cur" < <(pc-infer --templates 2>/dev/null | cut -f 1)
		return
		;;
	--chat | --chat-show | --chat-clear)
		_pc_reply "$cur" < <(pc-infer --chat-list 2>/dev/null |
			sed 's/ .*//')
		return
		;;
	--api)
		words='auto ollama openai'
		;;
	--think)
		words='off on low medium high'
		;;
	--image-side)
		words='768 1024 1568 2048'
		;;
	--dimensions)
		words='256 512 768 1024'
		;;
	--memory)
		words='2000 4000 8000 16000'
		;;
	--sample)
		words='2 3 5 10'
		;;
	-S | --system | -V | --var | --field | --url) ;;
	-f | --file | --image | --schema | --key-file | --warm)
		_pc_files "$cur"
		return
		;;
	*)
		return 1
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

# _pc_memstat PREV CUR: offer values for pc-memstat's own options, and its
# commands; fail for other options.
_pc_memstat() {
	local words=''
	case $1 in
	--by)
		words='stage component'
		;;
	--release)
		words='layout ocr vision validation completion'
		;;
	--unload | --preload)
		_pc_reply "$2" < <(_pc_models)
		return
		;;
	--history)
		words='24h 7d 30d'
		;;
	--wait)
		words='500M 1G 2G 4G 8G'
		;;
	--timeout)
		words='10s 60s 10m 1h'
		;;
	--warn)
		words='70 80 90'
		;;
	--critical)
		words='90 95 98'
		;;
	-n | --runs)
		words='3 5 10'
		;;
	--pages)
		words='10 100 1000'
		;;
	--url) ;;
	*)
		[[ $COMP_CWORD = 1 && $2 != -* ]] || return 1
		words='run compare admit'
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}

# _pc_given_values OPTION NAME CUR: offer the values after NAME=
_pc_given_values() {
	local stage
	stage=$(_pc_given -s --stage)
	case ${COMP_WORDS[0]##*/}$1 in
	pc-infer-p | pc-infer--param) set -- "opt.$2" "$3" infer ;;
	pc-infer*) set -- "var.$2" "$3" infer ;;
	pc-fetch*) set -- "$2" "$3" fetch ;;
	*) set -- "$2" "$3" ocr ;;
	esac
	_pc_reply "$2" "$1=" < <(_pc_stats --params "${stage:-$3}")
}

_pc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} words="" stage own=ocr i
	local at=$((COMP_CWORD - 1))
	COMPREPLY=()
	[ "${program##*/}" != pc-fetch ] || own=fetch
	# bash splits name=value and --name=value into words at the "=".
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && ((at > 1)); then
		((at--))
		prev=${COMP_WORDS[at]}
	else
		at=0
	fi
	if ((at > 1)) && [[ $prev != -* ]]; then
		_pc_given_values "${COMP_WORDS[at - 1]}" "$prev" "$cur"
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--) ;;
		--engine-cmd) [ "${program##*/}" = pc-infer ] || continue ;;
		*) continue ;;
		esac
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		else
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		fi
		return
	done
	if [ "${program##*/}" = pc-infer ]; then
		_pc_infer "$prev" "$cur" && return
	fi
	if [ "${program##*/}" = pc-memstat ]; then
		_pc_memstat "$prev" "$cur" && return
	fi
	case $prev in
	-s | --stage | --params)
		_pc_reply "$cur" < <(_pc_stats --stages)
		return
		;;
	-p | --param)
		stage=$(_pc_given -s --stage)
		_pc_reply "$cur" < <(_pc_stats --params "${stage:-$own}")
		return
		;;
	-t | --ttl | --negative | --stale | --stale-if-error | --wait | --since)
		words='90s 15m 24h 7d 30d never'
		;;
	--max-time)
		words='90s 15m 1h 24h never'
		;;
	--max-size)
		words='1M 10M 100M 1G'
		;;
	--by)
		words='stage day hour program'
		;;
	--tolerance)
		words='5 10 20 50'
		;;
	--ocr)
		words='auto always never'
		;;
	-f | --format)
		words='text layout tsv hocr alto md pdf png images'
		;;
	-l | --lang)
		if [ "${program##*/}" = pc-ocr ]; then
			_pc_reply "$cur" < <(_pc_languages "$cur")
			return
		fi
		;;
	--pages | --max-redirects | -H | --header)
		return
		;;
	--dpi)
		words='150 200 300 400 600'
		;;
	--psm)
		words='1 2 3 4 5 6 7 8 9 10 11 12 13'
		;;
	--ok-status)
		words='0,1 0,1,2'
		;;
	-j | --jobs)
		words='1 2 4 8'
		;;
	-e | --env)
		mapfile -t COMPREPLY < <(compgen -e -- "$cur")
		return
		;;
	--policy)
		words='lru lfu cost'
		;;
	--max-bytes)
		words='config 500M 5G 20G'
		;;
	--older-than)
		words='12h 24h 7d 30d'
		;;
	--store)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	-k | --key)
		return
		;;
	-i | --input | --files-from | --password-file | --header-file | -o | \
		--output | --tree | --baseline | --file | --export | --import)
		_pc_files "$cur"
		return
		;;
	esac
	if [ -z "$words" ]; then
		if [[ $cur == -* ]]; then
			words=$(_pc_options "$program")
		elif [[ ${program##*/} != pc-@(stats|memstat) ]]; then
			_pc_files "$cur"
			return
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _pc pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat
