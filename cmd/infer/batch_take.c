/* batch_take.c - take an answer: store it, ask again, or fail. */
#include "batch_in.h"

#include <string.h>

static int
ask_elsewhere(struct batch *b, struct job *j)
{
	struct infer *in = b->in;
	const struct pc_error why = j->exchange.answer.error;
	const int first = strcmp(in->backend.model.server,
			      j->exchange.server) == 0;

	if (!j->exchange.lost ||
	    ++j->exchange.moves >= in->backend.servers.count ||
	    model_elsewhere(in, j->exchange.server) < 0)
		return 0;
	if (first && !in->c->quiet)
		cli_warn(in->c, "%s; continuing with %s", why.text,
		    in->backend.model.server);
	return exchange_send(&j->exchange) == 0;
}

/* --allow-cut permits truncation only after the server has refused the prompt
 * as too long.  Otherwise one could not know that it was truncated. */
static int
ask_cut(struct batch *b, struct job *j)
{
	if (j->exchange.answer.verdict != VERDICT_TOO_LONG ||
	    !b->in->allow_cut || j->exchange.protocol != &ollama_protocol ||
	    j->input.may_cut || batch_stopped(b))
		return 0;
	j->input.may_cut = 1;
	batch_ask(b, j, NULL);
	return j->state != JOB_DONE;
}

/* What is asked has changed, and so has the key. */
static void
ask_anew(struct batch *b, struct job *j)
{
	stage_release(&j->entry);
	job_key(b->in, j);
	if (j->state == JOB_DONE)
		batch_finish(b, j);
	else if (batch_find(b, j) != 0)
		batch_start(b, j);
}

/* Members that pc-infer added are left out if the server refuses them. */
static int
ask_without(struct batch *b, struct job *j)
{
	const struct exchange *e = &j->exchange;

	if (e->answer.verdict != VERDICT_BAD ||
	    (e->status != 400 && e->status != 422) ||
	    e->protocol != &openai_protocol || batch_stopped(b) ||
	    !leave_out_refused(b->in, e->refusal.data, e->refusal.len,
		e->left_out))
		return 0;
	ask_anew(b, j);
	return 1;
}

static int
ask_shorter(struct batch *b, struct job *j)
{
	struct chat *chat = b->in->question.chat;

	if (j->exchange.answer.verdict != VERDICT_TOO_LONG || !chat ||
	    batch_stopped(b) || chat_shorten(chat) == 0)
		return 0;
	ask_anew(b, j);
	return 1;
}

void
batch_take(struct batch *b, struct job *j)
{
	struct model_answer *a = &j->exchange.answer;
	struct pc_error why = {""};
	enum result worth;

	if (ask_elsewhere(b, j))
		return;
	b->asked--;
	if (b->in->streaming)
		j->streamed = a->text.len;
	if (ask_without(b, j) || ask_shorter(b, j) || ask_cut(b, j))
		return;
	if (a->verdict < VERDICT_BAD)
		leave_out_remember(b->in);
	worth = result_judge(b->in, a, j->prompt.len, &why);
	if (worth == RESULT_WHOLE && j->input.may_cut) {
		worth = RESULT_CUT;
		a->verdict = VERDICT_PROMPT_TRUNCATED;
		pc_error_set(&why,
		    "the prompt was too long and was truncated; %s",
		    longer_context(&b->in->backend));
	}
	/* A message about the answer must begin on its own line. */
	if (j->streamed && a->text.data[j->streamed - 1] != '\n') {
		putchar('\n');
		fflush(stdout);
		j->streamed = a->text.len;
	}
	if (worth == RESULT_UNFIT && !j->tries++ && !b->in->backend.command &&
	    !batch_stopped(b)) {
		if (b->in->c->verbose)
			cli_warn(b->in->c, "%s; asking the model again",
			    why.text);
		pc_buf_clear(&j->text);
		j->text = a->text;
		a->text = (struct pc_buf){0};
		batch_ask(b, j, why.text);
		pc_buf_clear(&j->text);
		if (j->state != JOB_DONE)
			return;
	} else if (worth == RESULT_BAD || worth == RESULT_UNFIT) {
		b->later += a->verdict == VERDICT_LATER;
		if (worth == RESULT_UNFIT)
			job_fail(j, "the answer does not match the schema: %s",
			    why.text);
		else
			job_fail(j, "%s", why.text);
		stage_event(&j->entry, PC_EVENT_ERROR,
		    (struct pc_event){.duration = j->exchange.wall});
	} else {
		job_take_answer(b->in, j, worth, why.text);
	}
	stage_release(&j->entry);
	batch_finish(b, j);
}
