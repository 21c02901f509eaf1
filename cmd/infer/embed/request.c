/* request.c - requests for vectors, many texts at a time. */
#include "embed.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REPLY_MAX = 64 * 1024 * 1024 };

/* One request. */
struct lot {
	struct embedding *run;
	struct text *texts[EMBED_BATCH];
	struct message messages[EMBED_BATCH];
	size_t count;
	/* Those that were asked; in->model may be another now. */
	const struct model_protocol *protocol;
	char server[512];
	struct pc_buf reply;
	int status;
};

static int
on_head(void *ctx, const struct http_head *h)
{
	((struct lot *)ctx)->status = h->status;
	return 0;
}

static int
on_data(void *ctx, const void *p, size_t n)
{
	struct lot *l = ctx;

	return l->reply.len + n > REPLY_MAX ? -1 : pc_buf_add(&l->reply, p, n);
}

static void
on_again(void *ctx)
{
	((struct lot *)ctx)->reply.len = 0;
}

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
	stage_release(&t->entry);
	cli_say(r->in->c, "computed", &t->entry.key, cost);
	return 0;
}

/* The server counts those of all texts together. */
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

static void
take_vectors(struct lot *l, const struct pc_json *answer, int64_t wall)
{
	struct embedding *r = l->run;
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
	}
}

/* What the server did, whatever is made of it. */
static void
note(struct lot *l, const struct pc_json *answer, int64_t wall)
{
	struct embedding *r = l->run;
	struct pc_event e = {.duration = wall,
	    .bytes = l->reply.len,
	    .peak_kib = http_peak(r->in->servers.http)};
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

static void
on_end(void *ctx, const struct http_end *e)
{
	struct lot *l = ctx;
	struct embedding *r = l->run;
	struct pc_json *answer = NULL;
	struct pc_error err;
	enum verdict v;
	int spoilt;

	r->lots--;
	if (e->fault == HTTP_OK && l->status == 200)
		answer = pc_json_parse((char *)l->reply.data, l->reply.len,
		    &err);
	note(l, answer, e->wall);
	if (e->fault == HTTP_OK && l->status == 200) {
		take_vectors(l, answer, e->wall);
	} else {
		if (e->fault != HTTP_OK)
			v = fault_http(r->in, l->server, e, &err);
		else
			v = fault_refusal(r->in, l->server, l->status,
			    &l->reply, &err);
		/* Neither -p nor --allow-cut is for embeddings. */
		if (v == VERDICT_TOO_LONG)
			pc_error_set(&err,
			    "the text is too long for the "
			    "context of model '%s': split it",
			    r->in->model.name);
		/* One that is too long spoils what is with it. */
		spoilt = e->fault == HTTP_OK && l->status == 400 &&
		    l->count > 1;
		for (size_t i = 0; i < l->count; i++) {
			struct text *t = l->texts[i];

			if (spoilt) {
				t->alone = 1;
				t->state = TEXT_MISSED;
				continue;
			}
			if (v == VERDICT_LATER &&
			    ++t->moves < r->in->servers.count) {
				t->error = err;
				t->state = TEXT_MISSED;
				strcpy(r->lost, l->server);
				continue;
			}
			text_fail(r, t, err.text);
			r->later += v == VERDICT_LATER;
		}
	}
	pc_json_free(answer);
	pc_buf_clear(&l->reply);
	free(l);
}

static void
send(struct embedding *r, struct lot *l)
{
	static const struct http_sinks sinks = {on_head, on_data, on_again,
	    on_end};
	const struct model_protocol *w = l->protocol = protocol_of(
	    &r->in->model);
	struct http_request q = {.method = "POST",
	    .flags = HTTP_RESTART,
	    .size_max = REPLY_MAX,
	    .first_max = 900 * INT64_C(1000000)};
	struct pc_buf body = {0}, url = {0};

	strcpy(l->server, r->in->model.server);
	w->add_embed_request(&body, r->in->model.name, l->messages, l->count,
	    r->o->dimensions);
	q.body = body.data;
	q.body_len = body.len;
	server_request(&r->in->servers, &q, r->in->model.server, w->embed_path,
	    &url);
	if (body.failed || url.failed ||
	    !http_send(infer_http(r->in), &q, &sinks, l))
		cli_die(r->in->c, "cannot ask '%s': %s", r->in->model.server,
		    strerror(errno));
	r->lots++;
	pc_buf_clear(&body);
	pc_buf_clear(&url);
}

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
	for (struct text *t = changed ? r->first : NULL; t; t = t->next) {
		if (t->state == TEXT_DONE || t->state == TEXT_ASKED)
			continue;
		stage_release(&t->entry);
		if (text_key(r, t) == 0)
			(void)text_find(r, t);
	}
	return 0;
}

/* Have another server answer for the one that did not, or give up what it was
 * asked for. */
static void
go_elsewhere(struct embedding *r)
{
	struct infer *in = r->in;
	const int first = strcmp(in->model.server, r->lost) == 0;
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
		    in->model.server);
}

/* Be the process that asks for it.  0: another one does, or its vector is
 * there. */
static int
claim(struct embedding *r, struct text *t)
{
	switch (stage_claim(&t->entry)) {
	case STAGE_BUSY:
		t->state = TEXT_ELSEWHERE;
		return 0;
	case STAGE_HIT:
		text_take_hit(r, t);
		return 0;
	default:
		return 1;
	}
}

void
embed_look_elsewhere(struct embedding *r)
{
	r->elsewhere = 0;
	for (struct text *t = r->first; t; t = t->next) {
		if (t->state != TEXT_ELSEWHERE)
			continue;
		if (claim(r, t))
			t->state = TEXT_MISSED;
		r->elsewhere += t->state == TEXT_ELSEWHERE;
	}
}

/* Ask for what is missing: whole lots, and the rest when there is no more to
 * come now. */
void
embed_ask(struct embedding *r, int all)
{
	size_t missing = 0;

	for (const struct text *t = r->first; t; t = t->next)
		missing += t->state == TEXT_MISSED;
	if (!missing || verify_model(r) < 0)
		return;
	/* Also those lost while the model was looked for. */
	if (r->lost[0])
		go_elsewhere(r);
	while (missing > 0 && (all || missing >= EMBED_BATCH) &&
	    r->lots < (size_t)r->in->at_once && !*r->in->stop) {
		struct lot *l = calloc(1, sizeof *l);

		if (!l)
			cli_die(r->in->c, "%s", strerror(errno));
		l->run = r;
		for (struct text *t = r->first; t && l->count < EMBED_BATCH;
		     t = t->next) {
			if (t->state != TEXT_MISSED ||
			    (t->alone && l->count > 0))
				continue;
			if (!claim(r, t)) {
				missing--;
				continue;
			}
			l->messages[l->count] = (struct message){"", t->bytes,
			    t->len};
			l->texts[l->count++] = t;
			t->state = TEXT_ASKED;
			t->weights = r->in->weights;
			missing--;
			if (t->alone)
				break;
		}
		if (l->count == 0) {
			free(l);
			return;
		}
		send(r, l);
	}
}
