# screen.sh - a terminal for a test, after lib.sh.  Needs tmux.
# shellcheck shell=bash

screen() { tmux -S "$T/tmux" "$@" 2>/dev/null; }
end_screen() { screen kill-server; }

# screen_start COLUMNS LINES: start a shell in it with the prompt "ready> "
screen_start() {
	at_exit+=(end_screen)
	screen -f /dev/null new-session -d -x "$1" -y "$2" "PS1='ready> ' sh"
}

# seen PATTERN: wait until the screen shows it
shows() { screen capture-pane -p | grep -q -- "$1"; }
seen() {
	await shows "$1" && return
	screen capture-pane -p | sed 's/^/# /'
	false
}
