# fish completion for pc.  Options are read from each program's --help; values
# of stages and parameters from the store.

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
    for lang in (find -L $dirs -name '*.traineddata' \
            ! -name osd.traineddata -printf '%P\n' 2>/dev/null |
            string replace -r '\.traineddata$' '' | sort -u)
        string match -q "*+$lang+*" -- "+$before"; or echo $before$lang
    end
end

function __pc_options
    set -l help ($argv[1] --help all 2>/dev/null)
    string match -rg '^  (?:-[a-zA-Z0-9], |    )(--[a-z-]+)' -- $help
    string match -rg '^  (-[a-zA-Z0-9]), --' -- $help
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

# Values for pc-infer's own options; fails for other options.
function __pc_infer
    set -l words (commandline -opc)
    if set -l at (contains -i -- --engine-cmd $words)
        test $at -lt (count $words); or __fish_complete_command
        return 0
    end
    switch $words[-1]
        case -m --model --pull
            __pc_models
        case -p --param
            printf '%s=\n' \
                frequency_penalty main_gpu min_p mirostat mirostat_eta \
                mirostat_tau num_batch num_ctx num_gpu num_keep \
                num_predict num_thread presence_penalty repeat_last_n \
                repeat_penalty seed stop temperature top_k top_p \
                typical_p use_mmap
            __pc_stats --params (__pc_stage) |
                string match -rg '^opt\.(.*)'
        case -T --template
            pc-infer --templates 2>/dev/null | string replace -r '\t.*' ''
        case --chat --chat-show --chat-clear
            pc-infer --chat-list 2>/dev/null | string replace -r ' .*' ''
        case --api
            printf '%s\n' auto ollama openai
        case --think
            printf '%s\n' off on low medium high
        case --image-side
            printf '%s\n' 768 1024 1568 2048
        case --dimensions
            printf '%s\n' 256 512 768 1024
        case --memory
            printf '%s\n' 2000 4000 8000 16000
        case --sample
            printf '%s\n' 2 3 5 10
        case -S --system -V --var --field --url -f --file --image --schema \
                --key-file --warm
            # Free text, or files, which fish completes itself.
        case '*'
            return 1
    end
    return 0
end

# Values for pc-memstat's own options, and its commands; fails for other options.
function __pc_memstat
    set -l words (commandline -opc)
    switch $words[-1]
        case --by
            printf '%s\n' stage component
        case --release
            printf '%s\n' layout ocr vision validation completion
        case --unload --preload
            __pc_models
        case --history
            printf '%s\n' 24h 7d 30d
        case --wait
            printf '%s\n' 500M 1G 2G 4G 8G
        case --timeout
            printf '%s\n' 10s 60s 10m 1h
        case --warn --critical
            printf '%s\n' 70 80 90 95
        case -n --runs
            printf '%s\n' 3 5 10
        case --pages --url
            # Free text.
        case '*'
            test (count $words) -eq 1; and printf '%s\n' run compare admit
            return 1
    end
    return 0
end

function __pc_values
    set -l words (commandline -opc)
    if set -l at (contains -i -- -- $words)
        test $at -lt (count $words); or __fish_complete_command
        return
    end
    if string match -q '*pc-infer' -- $words[1]; and __pc_infer
        return
    end
    if string match -q '*pc-memstat' -- $words[1]; and __pc_memstat
        return
    end
    switch $words[-1]
        case -s --stage --params
            __pc_stats --stages
        case -p --param
            __pc_stats --params (__pc_stage)
        case -t --ttl --negative --stale --stale-if-error --wait --since
            printf '%s\n' 90s 15m 24h 7d 30d never
        case -f --format
            printf '%s\n' text layout tsv hocr alto md pdf png images
        case -l --lang
            if string match -q '*pc-ocr' -- $words[1]
                __pc_languages
            else
                __pc_options $words[1]
            end
        case --max-time
            printf '%s\n' 90s 15m 1h 24h never
        case --max-size
            printf '%s\n' 1M 10M 100M 1G
        case --by
            printf '%s\n' stage day hour program
        case --tolerance
            printf '%s\n' 5 10 20 50
        case --ocr
            printf '%s\n' auto always never
        case -e --env
            set -nx
        case -j --jobs
            printf '%s\n' 1 2 4 8
        case --policy
            printf '%s\n' lru lfu cost
        case --max-bytes
            printf '%s\n' config 500M 5G 20G
        case --older-than
            printf '%s\n' 12h 24h 7d 30d
        case --pages --password-file --header-file --max-redirects -H --header \
                --tree --baseline --file --export --import -o --output
            # Ranges, or files, which fish completes itself.
        case --dpi
            printf '%s\n' 150 200 300 400 600
        case --psm
            seq 1 13
        case '*'
            __pc_options $words[1]
    end
end

for program in pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats \
        pc-gc pc-memstat
    complete -c $program -a '(__pc_values)'
end
