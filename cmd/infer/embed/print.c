/* print.c - vectors on standard output. */
#include "embed.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { FLOAT_DIGITS = 9 }; /* from which the same float is read again */

/* Without a vector it is a row of NaN. */
static void
add_floats(struct pc_buf *b, const struct embedding *r, const struct text *t)
{
	for (size_t i = 0; i < r->size; i++) {
		const float x = t->vector ? t->vector[i] : NAN;
		uint32_t bits;

		memcpy(&bits, &x, sizeof bits);
		pc_buf_add_u32(b, bits);
	}
}

static void
add_record(struct pc_buf *b, const struct embedding *r, const struct text *t)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_uint(b, "index", r->done);
	if (t->carried)
		pc_json_add_raw(b, NULL, t->carried, strlen(t->carried));
	if (t->vector) {
		pc_json_begin_array(b, "embedding");
		for (size_t i = 0; i < r->size; i++)
			pc_json_add_real(b, NULL, (double)t->vector[i],
			    FLOAT_DIGITS);
		pc_json_end_array(b);
	} else {
		pc_json_add_text(b, "error", t->error.text);
	}
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}

void
text_print(struct embedding *r, const struct text *t)
{
	struct pc_buf b = {0};

	if (t->error.text[0])
		cli_warn(r->in->c, "text %llu: %s",
		    (unsigned long long)r->done + 1, t->error.text);
	if (r->o->binary)
		add_floats(&b, r, t);
	else
		add_record(&b, r, t);
	if (b.failed)
		cli_die(r->in->c, "%s", strerror(ENOMEM));
	print_text(r->in, (char *)b.data, b.len);
	pc_buf_clear(&b);
}
