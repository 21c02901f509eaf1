/* batch_ask.c - a question that is not remembered: who asks it, of whom, and
 * what becomes of the answer. */
#include "batch_in.h"

#include <errno.h>
#include <string.h>

/* ---- asking ---- */

int
batch_find_model(struct batch *b)
{
	struct job *one = b->source->first;
	struct pc_error err;
	int status = 0;

	if (one && one->state == JOB_DONE)
		return 0;
	if (model_recall(b->in) != 0) {
		/* What is wrong here is said before what is wrong there. */
		if (one && job_prompt(b->in, one, &err) < 0) {
			job_fail(one, "%s", err.text);
			return 0;
		}
		status = set_up_model(b->in);
	}
	warn_unsent(b->in);
	return status;
}

/* An answer goes under the key of the weights that gave it.  -1: nobody can be
 * asked. */
static int
verify_model(struct batch *b, struct pc_error *err)
{
	int r = model_verify(b->in, err);

	if (r < 0)
		return -1;
	infer_threads(b->in);
	if (r == 0)
		return 0;
	for (struct job *k = b->first; k; k = k->next)
		if (k->state != JOB_DONE && k->state != JOB_ASKED) {
			batch_key(b, k);
			if (k->state != JOB_DONE)
				(void)batch_find(b, k);
			else
				batch_finish(b, k);
		}
	return 0;
}

/* Be the process that asks this.  1: another one is, or its answer is there. */
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
	command_ask(&j->ask, &j->input, &j->prompt);
	j->state = JOB_ASKED;
	b->asked++;
}

static void
ask(struct batch *b, struct job *j, const char *retry)
{
	struct pc_error err;

	j->ask.in = b->in;
	if (b->in->command) {
		ask_command(b, j);
		return;
	}
	j->ask.body.len = 0;
	if (question_body(b->in, &j->input, &j->prompt, &j->text, retry,
		&j->ask.body, &err) < 0) {
		job_fail(j, "%s", err.text);
	} else if (ask_send(&j->ask) < 0) {
		job_fail(j, "cannot ask '%s': %s", b->in->model.server,
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

	if (!b->in->verified && job_prompt(b->in, j, &err) < 0) {
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
	/* With another digest it may be known, and done. */
	if (j->state == JOB_DONE || claim(b, j) != 0)
		return;
	if (job_prompt(b->in, j, &err) < 0)
		job_fail(j, "%s", err.text);
	else
		ask(b, j, NULL);
	if (j->state == JOB_DONE) {
		stage_release(&j->entry);
		batch_finish(b, j);
	}
}

/* ---- the answers ---- */

static int
ask_elsewhere(struct batch *b, struct job *j)
{
	struct infer *in = b->in;
	const struct pc_error why = j->ask.answer.error;
	const int first = strcmp(in->model.server, j->ask.server) == 0;

	if (!j->ask.lost || ++j->ask.moves >= in->servers.count ||
	    model_elsewhere(in, j->ask.server) < 0)
		return 0;
	if (first && !in->c->quiet)
		cli_warn(in->c, "%s; going on with %s", why.text,
		    in->model.server);
	return ask_send(&j->ask) == 0;
}

/* Only what has no room is to be cut: how would one know that it was? */
static int
ask_cut(struct batch *b, struct job *j)
{
	if (j->ask.answer.verdict != VERDICT_TOO_LONG || !b->in->allow_cut ||
	    j->ask.protocol != &ollama_protocol || j->input.may_cut ||
	    batch_stopped(b))
		return 0;
	j->input.may_cut = 1;
	ask(b, j, NULL);
	return j->state != JOB_DONE;
}

void
batch_take(struct batch *b, struct job *j)
{
	struct model_answer *a = &j->ask.answer;
	struct pc_error why = {""};
	enum result worth;

	if (ask_elsewhere(b, j))
		return;
	b->asked--;
	if (b->in->streaming)
		j->streamed = a->text.len;
	if (ask_cut(b, j))
		return;
	worth = result_judge(b->in, a, j->prompt.len, &why);
	if (worth == RESULT_WHOLE && j->input.may_cut) {
		worth = RESULT_CUT;
		a->verdict = VERDICT_PROMPT_TRUNCATED;
		pc_error_set(&why,
		    "the prompt was too long and was cut; -p "
		    "num_ctx=N gives it more room");
	}
	/* What is said of it begins on a line of its own. */
	if (j->streamed && a->text.data[j->streamed - 1] != '\n') {
		putchar('\n');
		fflush(stdout);
		j->streamed = a->text.len;
	}
	if (worth == RESULT_UNFIT && !j->tries++ && !b->in->command &&
	    !batch_stopped(b)) {
		if (b->in->c->verbose)
			cli_warn(b->in->c, "%s; asking again", why.text);
		pc_buf_clear(&j->text);
		j->text = a->text;
		a->text = (struct pc_buf){0};
		ask(b, j, why.text);
		pc_buf_clear(&j->text);
		if (j->state != JOB_DONE)
			return;
	} else if (worth == RESULT_BAD || worth == RESULT_UNFIT) {
		b->later += a->verdict == VERDICT_LATER;
		if (worth == RESULT_UNFIT)
			job_fail(j,
			    "the answer does not have the form of the "
			    "schema: %s",
			    why.text);
		else
			job_fail(j, "%s", why.text);
		stage_event(&j->entry, PC_EVENT_ERROR,
		    (struct pc_event){.duration = j->ask.wall});
	} else {
		job_keep(b->in, j, worth, why.text);
	}
	stage_release(&j->entry);
	batch_finish(b, j);
}
