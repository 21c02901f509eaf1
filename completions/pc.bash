# bash completion for pc.  Each program prints its options with --help complete;
# values of stages and parameters come from the store.
# shellcheck shell=bash

# _pc_row OPTION: set kind and words from the program's table, whose lines have
# option, kind, help and words, separated by tabs
_pc_row() {
	local option
	while IFS=$'\t' read -r option kind _ words; do
		[ "$option" != "$1" ] || return 0
	done <<<"$table"
	kind='' words=''
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
	case $1 in *+*) before=${1%+*}+ ;; *) echo auto ;; esac
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

# _pc_model CUR: offer models.  bash splits phi3:mini into three words.
_pc_model() {
	local cur=$1 before='' at=$((COMP_CWORD - 1))
	[ "$cur" != : ] || { cur='' && ((at++)); }
	[ "${COMP_WORDS[at]}" != : ] || before=${COMP_WORDS[at - 1]}:
	_pc_reply "$cur" "$before" < <(_pc_models)
}

# _pc_given_values OPTION NAME CUR: offer the values after NAME=
_pc_given_values() {
	local stage kind words
	_pc_row "$1"
	stage=$(_pc_given -s --stage)
	case $kind in
	setting) set -- "opt.$2" "$3" ;;
	var) set -- "var.$2" "$3" ;;
	*) set -- "$2" "$3" ;;
	esac
	_pc_reply "$2" "$1=" < <(_pc_stats --params "${stage:-$own}")
}

# _pc_value KIND WORDS CUR: offer values for an option or operand of this kind
_pc_value() {
	local stage
	case $1 in
	stage)
		_pc_reply "$3" < <(_pc_stats --stages)
		;;
	param)
		stage=$(_pc_given -s --stage)
		_pc_reply "$3" < <(_pc_stats --params "${stage:-$own}")
		;;
	file)
		_pc_files "$3"
		;;
	directory)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$3")
		;;
	command)
		mapfile -t COMPREPLY < <(compgen -c -- "$3")
		;;
	variable)
		mapfile -t COMPREPLY < <(compgen -e -- "$3")
		;;
	language)
		_pc_reply "$3" < <(_pc_languages "$3")
		;;
	model)
		_pc_model "$3"
		;;
	template)
		case $3 in
		*/*) _pc_files "$3" ;;
		*) _pc_reply "$3" < <(pc-infer --templates 2>/dev/null | cut -f 1) ;;
		esac
		;;
	chat)
		_pc_reply "$3" < <(pc-infer --chat-list 2>/dev/null | sed 's/ .*//')
		;;
	*)
		[ "$1" != setting ] || compopt -o nospace 2>/dev/null
		_pc_reply "$3" < <(tr '|' '\n' <<<"$2")
		;;
	esac
}

# _pc_command: complete the command that begins after "--", or after an option
# that takes a command; fail if there is none before the cursor
_pc_command() {
	local i kind words
	for ((i = 1; i < COMP_CWORD; i++)); do
		_pc_row "${COMP_WORDS[i]}"
		[[ ${COMP_WORDS[i]} == -- || $kind == command ]] || continue
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		else
			_pc_value command '' "${COMP_WORDS[COMP_CWORD]}"
		fi
		return 0
	done
	return 1
}

_pc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} own=ocr at=$((COMP_CWORD - 1))
	local table kind words
	COMPREPLY=()
	table=$("$program" --help complete 2>/dev/null)
	case ${program##*/} in
	pc-infer) own=infer ;;
	pc-fetch) own=fetch ;;
	esac
	# bash splits name=value and --name=value at the "=", and the name of a model
	# at the ":".
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && ((at > 1)); then
		((at--))
		prev=${COMP_WORDS[at]}
	elif [ "$cur" = : ] && ((at > 1)); then
		prev=${COMP_WORDS[at - 1]} at=0
	elif [ "$prev" = : ] && ((at > 2)); then
		prev=${COMP_WORDS[at - 2]} at=0
	else
		at=0
	fi
	if ((at > 1)) && [[ $prev != -* ]]; then
		_pc_given_values "${COMP_WORDS[at - 1]}" "$prev" "$cur"
		return
	fi
	! _pc_command || return 0
	_pc_row "$prev"
	if [[ $cur == -* ]]; then
		_pc_reply "$cur" < <(cut -f 1 <<<"$table" | grep '^-')
	elif [[ $prev == -* && -n $kind && $kind != none ]]; then
		_pc_value "$kind" "$words" "$cur"
	else
		_pc_row operand
		# Words are commands of the program's own, and come first.
		[ -z "$words" ] || kind=word
		[[ $kind == word && $COMP_CWORD != 1 ]] ||
			_pc_value "$kind" "$words" "$cur"
	fi
}

complete -F _pc pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
	pc-gc pc-memstat
