# bash completion for pc.  Options are read from each program's --help; values
# of stages and parameters from the store.
# shellcheck shell=bash

_pc_options() {
	"$1" --help 2>/dev/null |
		grep -oE '^  (-[a-zA-Z0-9], |    )--[a-z-]+' |
		grep -oE -- '-[a-zA-Z0-9](,|$)|--[a-z-]+' | tr -d ,
}

# The word after -s or --stage, and after --store, on this line.
_pc_given() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		"$1" | "$2") echo "${COMP_WORDS[i + 1]}" ;;
		esac
	done | tail -n 1
}

# The languages that tesseract has models of.  "+" joins them: what comes
# before the last one stays, and is not offered again.
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

_pc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} words="" stage i
	COMPREPLY=()
	# bash makes words of the "=" in name=value.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ] && ((COMP_CWORD > 2)); then
		stage=$(_pc_given -s --stage)
		words=$(_pc_stats --params "${stage:-ocr}" |
			sed -n "s/^${COMP_WORDS[COMP_CWORD - 2]}=//p")
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" = -- ] || continue
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		else
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		fi
		return
	done
	case $prev in
	-s | --stage | --params)
		words=$(_pc_stats --stages)
		[ -n "$words" ] || return
		;;
	-p | --param)
		stage=$(_pc_given -s --stage)
		words=$(_pc_stats --params "${stage:-ocr}")
		[ -n "$words" ] || return
		;;
	-t | --ttl | --negative | --stale | --wait | --since)
		words='90s 15m 24h 7d 30d never'
		;;
	--ocr)
		words='auto always never'
		;;
	-f | --format)
		words='text layout tsv hocr alto md pdf png images'
		;;
	-l | --lang)
		if [ "${program##*/}" = pc-ocr ]; then
			words=$(_pc_languages "$cur")
			[ -n "$words" ] || return
		fi
		;;
	--pages)
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
	--store)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	-k | --key)
		return
		;;
	-i | --input | --files-from | --password-file | -o | --output)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	if [ -z "$words" ]; then
		if [[ $cur == -* ]]; then
			words=$(_pc_options "$program")
		elif [ "${program##*/}" != pc-stats ]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -o filenames -F _pc pc-hash pc-get pc-put pc-run pc-ocr pc-stats
