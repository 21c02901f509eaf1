/* job.c - one question and its answer. */
#include "batch.h"

#include <stdarg.h>
#include <stdlib.h>

/* A hit saves the tokens and the price of the stored answer. */
static int
add_price(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	infer_price(ctx, hit->record.extra, hit->record.extra_len, e);
	return 1;
}

struct job *
job_new(struct infer *in)
{
	struct job *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	j->entry = (struct stage_entry){.cli = in->c,
	    .usable = add_price,
	    .ctx = in,
	    .began = pc_ticks()};
	return j;
}

void
job_free(struct job *j)
{
	exchange_clear(&j->exchange);
	stage_clear(&j->entry);
	input_clear(&j->input);
	free(j->name);
	free(j->carried);
	pc_buf_clear(&j->material);
	pc_buf_clear(&j->prompt);
	pc_buf_clear(&j->text);
	pc_buf_clear(&j->extra);
	free(j);
}

void
job_fail(struct job *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(j->error.text, sizeof j->error.text, fmt, ap);
	va_end(ap);
	j->state = JOB_DONE;
}

void
job_key(struct infer *in, struct job *j)
{
	struct pc_error err;

	j->material.len = 0;
	if (question_key(in, &j->input, &j->entry.key, &j->material, &err) < 0)
		job_fail(j, "%s", err.text);
	j->entry.material = j->material.data;
	j->entry.material_len = j->material.len;
	j->entry.name = j->name;
}

int
job_prompt(struct infer *in, struct job *j, struct pc_error *err)
{
	struct pc_buf system = {0};
	int r;

	if (j->prompt.len)
		return 0;
	r = question_system(&in->question, &j->input, &system, err);
	pc_buf_clear(&system);
	return r < 0
	    ? r
	    : question_prompt(&in->question, &j->input, &j->prompt, err);
}

size_t
job_bytes(const struct job *j)
{
	size_t n = sizeof *j + j->material.len + j->prompt.len +
	    j->exchange.body.len + j->text.len + j->extra.len;

	for (size_t i = 0; i < j->input.count; i++)
		n += j->input.pieces[i].len;
	/* PNG data that only the job holds */
	for (size_t i = 0; i < j->input.images.count; i++)
		n += j->input.images.all[i].png.len;
	return n;
}
