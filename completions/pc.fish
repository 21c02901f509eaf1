# fish completion for pc.  Each program prints its options with --help complete;
# values of stages and parameters come from the store.

function __pc_stats
    set -l words (commandline -opc)
    set -l store (string match -r -- '^--store=.*' $words)
    if set -l at (contains -i -- --store $words); and test $at -lt (count $words)
        set store --store (string replace -r '^~/' "$HOME/" $words[(math $at + 1)])
    end
    pc-stats -q $store $argv 2>/dev/null
end

function __pc_stage
    set -l words (commandline -opc)
    set -l stage ocr
    string match -q '*pc-infer' -- $words[1]; and set stage infer
    string match -q '*pc-fetch' -- $words[1]; and set stage fetch
    for i in (seq (count $words))
        if contains -- $words[$i] -s --stage; and test $i -lt (count $words)
            set stage $words[(math $i + 1)]
        end
    end
    echo $stage
end

# The languages that tesseract has models for; "+" joins them.
function __pc_languages
    set -l dirs /usr/share/tesseract-ocr/*/tessdata /usr/share/tessdata
    if set -q TESSDATA_PREFIX; and test -n "$TESSDATA_PREFIX"
        set dirs $TESSDATA_PREFIX
    end
    set -l before (string match -r '^.*\+' -- (commandline -ct))
    test -n "$before"; or echo auto
    for lang in (find -L $dirs -name '*.traineddata' \
            ! -name osd.traineddata -printf '%P\n' 2>/dev/null |
            string replace -r '\.traineddata$' '' | sort -u)
        string match -q "*+$lang+*" -- "+$before"; or echo $before$lang
    end
end

# The models in the store, else those that the server lists within 0.3 s.
function __pc_models
    set -l models (__pc_stats --params infer.model |
        string match -rg '^model=(.*)')
    if test -z "$models"
        set models (timeout 0.3 pc-infer --no-cache --list --json 2>/dev/null |
            string match -rg '^{"name":"([^"]*)"')
    end
    printf '%s\n' $models
end

# __pc_kind KIND WORD...: offer values for an option or operand of this kind
function __pc_kind
    switch $argv[1]
        case stage
            __pc_stats --stages
        case param
            __pc_stats --params (__pc_stage)
        case setting
            printf '%s\n' $argv[2..]
            __pc_stats --params (__pc_stage) |
                string match -rg '^opt\.(.*)'
        case model
            __pc_models
        case template
            pc-infer --templates 2>/dev/null | string replace -r '\t.*' ''
        case chat
            pc-infer --chat-list 2>/dev/null | string replace -r ' .*' ''
        case language
            __pc_languages
        case variable
            set -nx
        case command
            __fish_complete_command
        case '*'
            # fish completes files itself.
            test -z "$argv[2]"; or printf '%s\n' $argv[2..]
    end
end

# The lines of a program's table have option, kind, help and words, separated by tabs.
function __pc_values
    set -l words (commandline -opc)
    set -l table ($words[1] --help complete 2>/dev/null)
    set -l commands -- (string match -rg '^(--?[a-zA-Z0-9-]+)\tcommand\t' -- $table)
    for i in (seq 2 (count $words))
        if contains -- $words[$i] $commands
            test $i -lt (count $words); or __fish_complete_command
            return
        end
    end
    set -l option operand
    string match -q -- '-*' $words[-1]; and set option $words[-1]
    set -l row (string match -r -- "^$option\t.*" $table | string split \t)
    if test "$option" != operand; and test -n "$row"; and test "$row[2]" != none
        __pc_kind $row[2] (string split -n '|' -- $row[4])
        return
    end
    # The words of an operand are the program's own commands, and come first.
    set row (string match -r -- '^operand\t.*' $table | string split \t)
    if test -n "$row[4]"
        test (count $words) -eq 1; and string split '|' -- $row[4]
    else if test "$row[2]" = command
        __fish_complete_command
    end
    string replace -rf '^(-[^\t]+)\t[^\t]*\t([^\t]*).*' '$1\t$2' -- $table
end

for program in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
        pc-gc pc-memstat
    complete -c $program -a '(__pc_values)'
end
