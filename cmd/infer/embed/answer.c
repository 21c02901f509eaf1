/* answer.c - what an answer holds: vectors and counts of tokens. */
#include "embed.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 0, or -1 with why. */
static int
take_vector(struct embedding *r, struct text *t, const struct pc_json *v,
    int64_t cost, struct pc_error *why)
{
	size_t n = pc_json_length(v);
	double x;

	if (!embed_size_fits(r, n)) {
		pc_error_set(why,
		    n == 0 ? "the server sent no vector"
			: r->size || r->o->dimensions
			? "the vector has %zu numbers instead of %zu"
			: "the vector has %zu numbers; the limit is %zu",
		    n,
		    r->size                ? r->size
			: r->o->dimensions ? (size_t)r->o->dimensions
					   : (size_t)EMBED_DIMENSIONS_MAX);
		return -1;
	}
	t->vector = malloc(n * sizeof *t->vector);
	if (!t->vector)
		cli_die(r->in->c, "%s", strerror(errno));
	for (size_t i = 0; i < n; i++) {
		if (pc_json_real(pc_json_at(v, i), &x) < 0 ||
		    !isfinite((float)x)) {
			free(t->vector);
			t->vector = NULL;
			pc_error_set(why,
			    "the vector contains a value that is not a number");
			return -1;
		}
		t->vector[i] = (float)x;
	}
	t->state = TEXT_DONE;
	embed_store(r, t, cost);
	cli_say(r->in->c, "computed", &t->entry.key, cost);
	return 0;
}

void
lot_take_vectors(struct lot *l, const struct pc_json *answer, int64_t wall)
{
	struct embedding *r = l->run;
	struct stage_entry *entries[EMBED_BATCH] = {0};
	struct pc_error err;

	for (size_t i = 0; i < l->count; i++) {
		const struct pc_json *v = answer
		    ? l->protocol->find_vector(answer, i, l->count)
		    : NULL;

		if (!v)
			text_fail(r, l->texts[i],
			    "the server did not send a vector for each text");
		else if (take_vector(r, l->texts[i], v,
			     wall / (int64_t)l->count, &err) < 0)
			text_fail(r, l->texts[i], err.text);
		entries[i] = &l->texts[i]->entry;
	}
	stage_release_all(entries, l->count);
}

/* The server counts the tokens of all texts together: each text gets a share by
 * its length. */
static void
share_tokens(struct lot *l, int64_t tokens)
{
	uint64_t bytes = 0, had = 0, given = 0;

	for (size_t i = 0; i < l->count; i++)
		bytes += l->texts[i]->len;
	for (size_t i = 0; i < l->count && bytes > 0; i++) {
		had += l->texts[i]->len;
		l->texts[i]->tokens = (uint32_t)((double)tokens *
			((double)had / (double)bytes) +
		    0.5 - (double)given);
		given += l->texts[i]->tokens;
	}
}

void
lot_note(struct lot *l, const struct pc_json *answer, int64_t wall)
{
	struct embedding *r = l->run;
	struct pc_event e = {.duration = wall,
	    .bytes = l->reply.len,
	    .peak_kib = http_peak(r->in->backend.servers.http)};
	int64_t tokens = answer ? l->protocol->count_tokens(answer) : 0;
	char extra[EMBED_EXTRA];

	if (tokens > 0 && tokens < INT32_MAX) {
		r->in->tokens += tokens;
		share_tokens(l, tokens);
		infer_price(r->in, (unsigned char *)extra,
		    embed_extra((uint32_t)tokens, extra), &e);
	}
	cli_event(r->in->c, PC_EVENT_COMPUTE, e);
}
