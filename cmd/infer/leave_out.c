/* leave_out.c - the members of requests that the model's server refuses.
 *
 * A refusal shows which, once; the next runs know it for a day.  What is left
 * out is in the key, as the answer is to another request. */
#include "infer.h"

#include "cli/memo.h"

#include <string.h>

static const int64_t remembered = 24 * 3600 * INT64_C(1000000); /* us */

static int
memo_key(const struct infer *in, struct pc_id *key, struct pc_buf *material)
{
	const struct model *m = &in->backend.model;
	struct pc_spec s = {0};
	const char *twice;
	int e = pc_spec_stage(&s, "infer.profile");

	if (e == 0)
		e = pc_spec_addf(&s, PC_FIELD_PARAM, "server=%s", m->server);
	if (e == 0)
		e = pc_spec_addf(&s, PC_FIELD_PARAM, "model=%s", m->name);
	if (e == 0)
		e = pc_spec_key(&s, material, key, &twice);
	pc_spec_clear(&s);
	return e;
}

static unsigned
parse(const char *p)
{
	unsigned set = 0;

	while (*p) {
		const size_t n = strcspn(p, " ");

		set |= quirk_named(p, n);
		p += n + (p[n] == ' ');
	}
	return set;
}

static void
tell(const struct infer *in, const char *what, unsigned set)
{
	struct pc_buf names = {0};

	quirks_print(&names, set);
	if (in->c->verbose && set && !names.failed)
		cli_warn(in->c, "the server at %s %s: %.*s",
		    in->backend.model.server, what, (int)names.len, names.data);
	pc_buf_clear(&names);
}

/* What is known of the model's server. */
static void
recall(struct infer *in)
{
	struct quirks_known *k = &in->backend.known;
	const struct model *m = &in->backend.model;
	struct pc_buf material = {0}, text = {0};
	struct pc_id key;
	int64_t created;

	if (strcmp(k->server, m->server) == 0 && strcmp(k->model, m->name) == 0)
		return;
	*k = (struct quirks_known){.set = 0};
	strcpy(k->server, m->server);
	strcpy(k->model, m->name);
	if (!in->c->refresh && memo_key(in, &key, &material) == 0 &&
	    memo_read(in->c, &key, &text, &created) == 0 &&
	    (in->c->offline || pc_now() - created < remembered))
		k->set = k->stored = parse((char *)text.data);
	tell(in, "is known to refuse", k->set);
	pc_buf_clear(&material);
	pc_buf_clear(&text);
}

/* What a request would have that can be left out. */
static unsigned
sent(const struct infer *in)
{
	const struct question *q = &in->question;
	const int think = q->t.think;

	return quirks_sent(&q->params, q->t.schema,
	    think > 0 ? (enum think)think : THINK_OFF, think >= 0);
}

unsigned
left_out(struct infer *in)
{
	if (in->backend.command || in->backend.model.api != API_OPENAI)
		return 0;
	recall(in);
	return (in->backend.known.set | in->backend.leave_out) & sent(in);
}

int
leave_out_refused(struct infer *in, const void *refusal, size_t n,
    unsigned left)
{
	const unsigned one = quirk_refused(refusal, n, sent(in) & ~left);

	if (!one)
		return 0;
	in->backend.known.set |= one;
	tell(in, "refuses", one);
	return 1;
}

void
leave_out_remember(struct infer *in)
{
	struct quirks_known *k = &in->backend.known;
	struct pc_buf material = {0}, text = {0};
	struct pc_id key;

	if (k->set == k->stored)
		return;
	k->stored = k->set;
	quirks_print(&text, k->set);
	if (memo_key(in, &key, &material) == 0)
		memo_write(in->c, &key, &material, &text);
	pc_buf_clear(&material);
	pc_buf_clear(&text);
}
