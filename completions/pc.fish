# fish completion for pc.  Options are read from each program's --help; values
# of stages and parameters from the store.

function __pc_stage
    set -l words (commandline -opc)
    set -l stage ocr
    for i in (seq (count $words))
        if contains -- $words[$i] -s --stage; and test $i -lt (count $words)
            set stage $words[(math $i + 1)]
        end
    end
    echo $stage
end

# The languages that tesseract has models of; "+" joins them.
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
    set -l help ($argv[1] --help 2>/dev/null)
    string match -rg '^  (?:-[a-zA-Z0-9], |    )(--[a-z-]+)' -- $help
    string match -rg '^  (-[a-zA-Z0-9]), --' -- $help
end

function __pc_values
    set -l words (commandline -opc)
    switch $words[-1]
        case -s --stage --params
            pc-stats -q --stages 2>/dev/null
        case -p --param
            pc-stats -q --params (__pc_stage) 2>/dev/null
        case -t --ttl --negative --stale --wait --since
            printf '%s\n' 90s 15m 24h 7d 30d never
        case -f --format
            printf '%s\n' text layout tsv hocr alto md pdf png images
        case -l --lang
            if string match -q '*pc-ocr' -- $words[1]
                __pc_languages
            else
                __pc_options $words[1]
            end
        case --ocr
            printf '%s\n' auto always never
        case -j --jobs
            printf '%s\n' 1 2 4 8
        case --pages --password-file -o --output
            # Ranges, or files, which fish knows by itself.
        case --dpi
            printf '%s\n' 150 200 300 400 600
        case --psm
            seq 1 13
        case '*'
            __pc_options $words[1]
    end
end

for program in pc-hash pc-get pc-put pc-run pc-ocr pc-stats
    complete -c $program -a '(__pc_values)'
end
