/* batch_find.c - a question's answer in the store. */
#include "batch_in.h"

#include <errno.h>
#include <string.h>

/* Count what it holds now. */
void
batch_weigh(struct batch *b, struct job *j)
{
	b->bytes -= j->weight;
	j->weight = job_bytes(j);
	b->bytes += j->weight;
}

void
batch_finish(struct batch *b, struct job *j)
{
	j->state = JOB_DONE;
	pc_buf_clear(&j->exchange.body);
	batch_weigh(b, j);
	b->done++;
	if (j->error.text[0])
		b->failed++;
	else if (j->cut)
		b->cut++;
}

void
batch_take_hit(struct batch *b, struct job *j)
{
	struct cli *c = b->in->c;
	const struct pc_hit *hit = &j->entry.hit;

	if (pc_hit_read(hit, &j->text, ANSWER_TEXT_MAX) < 0)
		cli_die(c, "cannot read an answer: %s", strerror(errno));
	pc_buf_add(&j->extra, hit->record.extra, hit->record.extra_len);
	j->hit = 1;
	j->cut = hit->record.status == PC_EXIT_CUT && !job_may_be_cut(b->in, j);
	if (j->cut && !c->quiet)
		cli_warn(c, "the cached answer was truncated by a token limit");
	stage_clear(&j->entry);
	batch_finish(b, j);
}

int
batch_find(struct batch *b, struct job *j)
{
	if (stage_find(&j->entry) != STAGE_HIT)
		return 1;
	batch_take_hit(b, j);
	return 0;
}
