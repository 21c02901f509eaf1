/* batch_ask.c - a miss: claim the key and send the request. */
#include "batch_in.h"

#include <errno.h>
#include <string.h>

int
batch_find_model(struct batch *b)
{
	struct job *one = b->source->first;
	struct pc_error err;
	int status = 0;

	if (one && one->state == JOB_DONE)
		return 0;
	if (model_recall(b->in) != 0) {
		/* Report an error in the input before one of the server. */
		if (one && job_prompt(b->in, one, &err) < 0) {
			job_fail(one, "%s", err.text);
			return 0;
		}
		status = set_up_model(b->in);
	}
	warn_ignored_params(b->in);
	return status;
}

/* Confirm the model's digest; if it has changed, make all keys again, so that
 * an answer is stored under the weights that gave it.  -1: no server
 * answers. */
static int
verify_model(struct batch *b, struct pc_error *err)
{
	int r = model_verify(b->in, err);

	if (r < 0)
		return -1;
	set_thread_count(b->in);
	if (r == 0)
		return 0;
	for (struct job *k = b->first; k; k = k->next)
		if (k->state != JOB_DONE && k->state != JOB_ASKED) {
			job_key(b->in, k);
			if (k->state != JOB_DONE)
				(void)batch_find(b, k);
			else
				batch_finish(b, k);
		}
	return 0;
}

/* Claim the key.  1: another process has it, or the answer is stored by now. */
static int
claim(struct batch *b, struct job *j)
{
	switch (stage_claim(&j->entry)) {
	case STAGE_BUSY:
		j->state = JOB_ELSEWHERE;
		return 1;
	case STAGE_HIT:
		batch_take_hit(b, j);
		return 1;
	default:
		return 0;
	}
}

static void
ask_command(struct batch *b, struct job *j)
{
	command_ask(&j->exchange, &j->input, &j->prompt);
	j->state = JOB_ASKED;
	b->asked++;
}

void
batch_ask(struct batch *b, struct job *j, const char *retry)
{
	struct pc_error err;

	j->exchange.in = b->in;
	if (b->in->backend.command) {
		ask_command(b, j);
		return;
	}
	j->exchange.body.len = 0;
	j->exchange.left_out = left_out(b->in);
	if (question_body(b->in, &j->input, &j->prompt, &j->text, retry,
		&j->exchange.body, &err) < 0) {
		job_fail(j, "%s", err.text);
	} else if (exchange_send(&j->exchange) < 0) {
		job_fail(j, "cannot ask '%s': %s", b->in->backend.model.server,
		    strerror(errno));
	} else {
		j->state = JOB_ASKED;
		b->asked++;
	}
}

void
batch_start(struct batch *b, struct job *j)
{
	struct pc_error err;

	if (!b->in->backend.verified && job_prompt(b->in, j, &err) < 0) {
		job_fail(j, "%s", err.text);
		batch_finish(b, j);
		return;
	}
	if (infer_admit(b->in, &err) < 0 || verify_model(b, &err) < 0) {
		job_fail(j, "%s", err.text);
		b->later += b->in->failed_later != 0;
		batch_finish(b, j);
		return;
	}
	/* Under a changed digest it can be a hit, and done. */
	if (j->state == JOB_DONE || claim(b, j) != 0)
		return;
	if (job_prompt(b->in, j, &err) < 0)
		job_fail(j, "%s", err.text);
	else
		batch_ask(b, j, NULL);
	if (j->state == JOB_DONE) {
		stage_release(&j->entry);
		batch_finish(b, j);
	}
}
