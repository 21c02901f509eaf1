/* ask.c - which texts are sent to a server, in which request, and to which
 * server. */
#include "embed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
verify_model(struct embedding *r)
{
	struct pc_error err;
	int changed = infer_admit(r->in, &err) < 0 ? -1
						   : model_verify(r->in, &err);

	if (changed < 0) {
		for (struct text *t = r->first; t; t = t->next)
			if (t->state != TEXT_DONE) {
				text_fail(r, t, err.text);
				r->later += r->in->failed_later != 0;
			}
		return -1;
	}
	if (changed)
		embed_find_again(r);
	return 0;
}

/* Continue with another server after one had no answer.  If there is no other,
 * its texts fail. */
static void
go_elsewhere(struct embedding *r)
{
	struct infer *in = r->in;
	const int first = strcmp(in->backend.model.server, r->lost) == 0;
	struct pc_error why = {""};
	const int found = model_elsewhere(in, r->lost) == 0;

	r->lost[0] = '\0';
	for (struct text *t = r->first; t; t = t->next) {
		if (t->state != TEXT_MISSED || !t->error.text[0])
			continue;
		why = t->error;
		t->error.text[0] = '\0';
		if (!found) {
			text_fail(r, t, why.text);
			r->later++;
		}
	}
	if (found && first && !in->c->quiet)
		cli_warn(in->c, "%s; continuing with %s", why.text,
		    in->backend.model.server);
}

/* Choose missing texts that the lot has room for; one that is to be sent alone
 * fills a lot.  Their number. */
static size_t
choose(const struct embedding *r, const struct lot *l,
    struct text *chosen[EMBED_BATCH])
{
	const size_t room = EMBED_BATCH - l->count;
	size_t n = 0;

	if (l->count && l->texts[0]->alone)
		return 0;
	for (struct text *t = r->first; t && n < room; t = t->next) {
		if (t->state != TEXT_MISSED)
			continue;
		if (!t->alone)
			chosen[n++] = t;
		else if (l->count + n == 0) {
			chosen[0] = t;
			return 1;
		}
	}
	return n;
}

static void
add_text(struct lot *l, struct text *t)
{
	l->messages[l->count] = (struct message){"", t->bytes, t->len};
	l->texts[l->count++] = t;
	t->state = TEXT_ASKED;
	t->weights = l->run->in->backend.weights;
}

/* A lot of texts that this process computes.  NULL: there are none. */
static struct lot *
fill_lot(struct embedding *r)
{
	struct lot *l = calloc(1, sizeof *l);
	struct text *chosen[EMBED_BATCH];
	size_t n;

	if (!l)
		cli_die(r->in->c, "%s", strerror(errno));
	l->run = r;
	while ((n = choose(r, l, chosen)) > 0) {
		embed_claim(r, chosen, n);
		for (size_t i = 0; i < n; i++)
			if (chosen[i]->state == TEXT_MISSED)
				add_text(l, chosen[i]);
	}
	if (l->count > 0)
		return l;
	free(l);
	return NULL;
}

void
embed_ask(struct embedding *r, int all)
{
	size_t missing = embed_count(r, TEXT_MISSED);
	struct lot *l;

	if (!missing || verify_model(r) < 0)
		return;
	/* Also those lost while the model was looked for. */
	if (r->lost[0])
		go_elsewhere(r);
	for (; missing > 0 && (all || missing >= EMBED_BATCH) &&
	     r->lots < (size_t)r->in->at_once && !*r->in->stop;
	     missing = embed_count(r, TEXT_MISSED)) {
		l = fill_lot(r);
		if (!l)
			return;
		lot_send(r, l);
	}
}
