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

function __pc_values
    switch (commandline -opc)[-1]
        case -s --stage --params
            pc-stats -q --stages 2>/dev/null
        case -p --param
            pc-stats -q --params (__pc_stage) 2>/dev/null
        case -t --ttl --negative --stale --wait --since
            printf '%s\n' 90s 15m 24h 7d 30d never
        case --ocr
            printf '%s\n' auto always never
        case --dpi
            printf '%s\n' 150 200 300 400 600
        case --psm
            seq 0 13
        case '*'
            set -l words (commandline -opc)
            set -l help ($words[1] --help 2>/dev/null)
            string match -rg '^  (?:-[a-zA-Z0-9], |    )(--[a-z-]+)' -- $help
            string match -rg '^  (-[a-zA-Z0-9]), --' -- $help
    end
end

for program in pc-hash pc-get pc-put pc-run pc-ocr pc-stats
    complete -c $program -a '(__pc_values)'
end
