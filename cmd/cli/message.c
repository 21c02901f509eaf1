/* message.c - warnings, errors and progress, on standard error. */
#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static void
message(const struct cli *c, const char *fmt, va_list ap, const char *tail)
{
	char text[4096];

	/* One write for each line keeps the lines of parallel runs apart. */
	vsnprintf(text, sizeof text, fmt, ap);
	terminal_line(text);
	fprintf(stderr, "%s%s: %s%s\n", c->shown ? "\r\033[K" : "",
	    pc_program_name(c->program), text, tail);
}

void
cli_warn(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(c, fmt, ap, "");
	va_end(ap);
}

void
cli_die(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(c, fmt, ap, "");
	va_end(ap);
	exit(c->fail);
}

void
cli_usage(const struct cli *c, const char *fmt, ...)
{
	char tail[64];
	va_list ap;

	snprintf(tail, sizeof tail, "; see '%s --help'",
	    pc_program_name(c->program));
	va_start(ap, fmt);
	message(c, fmt, ap, tail);
	va_end(ap);
	exit(c->fail);
}

void
cli_say(const struct cli *c, const char *what, const struct pc_id *key,
    int64_t us)
{
	char hex[PC_ID_HEX];

	if (!c->verbose)
		return;
	pc_id_hex(key, hex);
	cli_warn(c, "%s %s%s%s %.1f ms", what, c->spec.stage,
	    c->spec.stage[0] ? " " : "", hex, (double)us / 1000);
}

void
cli_progress(struct cli *c, uint64_t done, uint64_t total)
{
	enum { FIRST = 1000000, EVERY = 200000 }; /* us */
	int64_t now = pc_ticks();
	double rate;

	if (c->progress < 0)
		c->progress = isatty(2) && !c->quiet;
	if (!c->progress || now - c->began < FIRST || now - c->shown < EVERY)
		return;
	c->shown = now;
	rate = (double)done * 1e6 / (double)(now - c->began);
	fprintf(stderr, "\r\033[K%llu", (unsigned long long)done);
	if (total)
		fprintf(stderr, " of %llu", (unsigned long long)total);
	fprintf(stderr, "%s%s, %.*f/s", c->unit ? " " : "",
	    c->unit ? c->unit : "", rate < 10, rate);
	if (total)
		fprintf(stderr, ", %.0f s left",
		    rate > 0 ? (double)(total - done) / rate : 0);
	fprintf(stderr, "%s%s", c->note[0] ? ", " : "", c->note);
}

void
cli_progress_off(const struct cli *c)
{
	if (c->shown && isatty(1))
		fputs("\r\033[K", stderr);
}
