/* run.c - one validation: its limit of work, and its messages. */
#include "schema_in.h"

#include <stdarg.h>
#include <stdio.h>

static void
say(struct schema_run *r, const struct schema_frame *f, const char *fmt,
    va_list ap)
{
	struct pc_error text;

	vsnprintf(text.text, sizeof text.text, fmt, ap);
	place_say(&r->why, f->at, text.text);
	r->rank = 2;
	for (const struct json_place *p = f->at; p; p = p->up)
		r->rank += 2;
}

int
schema_misfit(struct schema_run *r, const struct schema_frame *f,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(r, f, fmt, ap);
	va_end(ap);
	return 1;
}

int
schema_give_up(struct schema_run *r, const struct schema_frame *f,
    const char *why)
{
	place_say(&r->why, f->at, why);
	return -1;
}

int
schema_spend(struct schema_run *r, uint64_t steps)
{
	if (steps > r->steps) {
		r->steps = 0;
		pc_error_set(&r->why,
		    "the schema takes too long for this "
		    "value: it is too intricate");
		return -1;
	}
	r->steps -= steps;
	return 0;
}
