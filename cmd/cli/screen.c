/* screen.c - a text that is redrawn every 2 s, on the alternate screen. */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	INTERVAL = 2000, /* ms */
	SPARE = 4, /* lines of the smallest window with room for the note */
};

static volatile sig_atomic_t ended, resized;
static struct termios before;
static int changed, entered;

static void
on_signal(int sig)
{
	if (sig == SIGWINCH)
		resized = 1;
	else
		ended = sig;
}

static void
leave(void)
{
	if (!entered)
		return;
	entered = 0;
	printf("\033[?7h\033[?25h\033[?1049l");
	fflush(stdout);
	if (changed)
		tcsetattr(0, TCSANOW, &before);
}

static void
enter(void)
{
	struct sigaction act = {.sa_handler = on_signal};
	struct termios raw;

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	sigaction(SIGQUIT, &act, NULL);
	sigaction(SIGWINCH, &act, NULL);
	signal(SIGTSTP, SIG_IGN); /* stopping would not restore the screen */
	if (tcgetattr(0, &before) == 0) {
		raw = before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		changed = tcsetattr(0, TCSANOW, &raw) == 0;
	}
	entered = 1;
	atexit(leave);
	/* Alternate screen, hidden cursor, no line wrap. */
	printf("\033[?1049h\033[?25l\033[?7l");
}

static unsigned
screen_lines(void)
{
	struct winsize w;

	return ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_row ? w.ws_row : 24;
}

static void
draw(const char *title, void (*add)(void *ctx, struct pc_buf *), void *ctx)
{
	struct pc_buf b = {0};
	const char *p, *end;
	unsigned left = screen_lines(), lines = 1;
	char clock[32] = "";
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(clock, sizeof clock, "%H:%M:%S", &tm);
	pc_buf_addf(&b, "%s  %s  (q to quit)\n\n", title, clock);
	add(ctx, &b);
	if (b.failed)
		return;
	/* Overwrite line by line, so that nothing flickers. */
	printf("\033[H");
	end = (char *)b.data + b.len;
	for (p = (char *)b.data; p < end; p++)
		lines += *p == '\n';
	if (lines > left && left >= SPARE)
		left--; /* for the note about the rest */
	else
		lines = 0;
	lines = lines > left ? lines - left : 0;
	for (p = (char *)b.data; p < end && left > 0; left--) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl ? nl : end) - p);

		printf("%.*s\033[K%s", (int)n, p,
		    left > 1 || lines ? "\r\n" : "");
		p += n + 1;
	}
	if (lines)
		printf("(%u more lines; make the window taller)\033[K", lines);
	printf("\033[J");
	fflush(stdout);
	pc_buf_clear(&b);
}

/* Wait for the next redraw; 1: quit. */
static int
wait_or_quit(void)
{
	struct pollfd p = {.fd = 0, .events = POLLIN};
	int64_t until = pc_ticks() + INTERVAL * 1000;
	char key;

	while (!ended && !resized) {
		int64_t left = (until - pc_ticks()) / 1000;

		if (left <= 0)
			return 0;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		if (read(0, &key, 1) != 1)
			p.fd = -1; /* there is no keyboard */
		else if (key == 'q' || key == 'Q' || key == 4)
			return 1;
	}
	resized = 0;
	return ended != 0;
}

void
screen_run(struct cli *c, const char *title,
    void (*add)(void *ctx, struct pc_buf *), void *ctx)
{
	if (!isatty(1))
		cli_usage(c, "--watch needs a terminal");
	enter();
	do
		draw(title, add, ctx);
	while (!wait_or_quit() && !ferror(stdout));
	leave();
	if (ended && ended != SIGINT) {
		signal(ended, SIG_DFL);
		raise(ended);
	}
}
