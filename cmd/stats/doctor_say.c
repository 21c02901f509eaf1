/* doctor_say.c - print the result of one check, as a line or as JSON. */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>

void
doctor_say(struct doctor *d, enum level level, const char *what,
    const char *remedy, const char *fmt, ...)
{
	static const char *const names[] = {"ok", "warn", "fail"};
	static const char *const colours[] = {"\033[32m", "\033[33m",
	    "\033[31m"};
	struct pc_error text;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text.text, sizeof text.text, fmt, ap);
	va_end(ap);
	/* The text may hold a file name or a server's answer, which is not
	 * trusted. */
	terminal_line(text.text);
	if (level > d->worst)
		d->worst = level;
	if (d->as_json) {
		pc_json_begin_object(&d->json, NULL);
		pc_json_add_text(&d->json, "check", what);
		pc_json_add_text(&d->json, "result", names[level]);
		pc_json_add_text(&d->json, "text", text.text);
		pc_json_add_text(&d->json, "remedy", level ? remedy : "");
		pc_json_end_object(&d->json);
		return;
	}
	printf("%s%-4s%s  %-10s %s\n", d->st->terminal ? colours[level] : "",
	    names[level], d->st->terminal ? "\033[0m" : "", what, text.text);
	if (level)
		printf("                 -> %s\n", remedy);
}
