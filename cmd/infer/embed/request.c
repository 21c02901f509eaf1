/* request.c - a request for the vectors of several texts, and its answer. */
#include "embed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { REPLY_MAX = 64 * 1024 * 1024 };

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

/* Try the text in another request: alone after a server refused all of the lot,
 * or at another server.  0: it has failed. */
static int
try_again(struct lot *l, struct text *t, const struct http_end *e,
    enum verdict v, const struct pc_error *err)
{
	struct embedding *r = l->run;

	/* One text that is too long fails all others of its request. */
	if (e->fault == HTTP_OK && l->status == 400 && l->count > 1) {
		t->alone = 1;
	} else if (v == VERDICT_LATER &&
	    ++t->moves < r->in->backend.servers.count) {
		t->error = *err;
		strcpy(r->lost, l->server);
	} else {
		return 0;
	}
	t->state = TEXT_MISSED;
	return 1;
}

static void
take_failure(struct lot *l, const struct http_end *e)
{
	struct embedding *r = l->run;
	struct pc_error err;
	const enum verdict v = e->fault != HTTP_OK
	    ? fault_http(&r->in->backend, l->server, e, &err)
	    : fault_refusal(&r->in->backend, l->server, l->status, &l->reply,
		  &err);

	/* Neither -p nor --allow-cut is for embeddings. */
	if (v == VERDICT_TOO_LONG)
		pc_error_set(&err,
		    "the text is too long for the context of model '%s': split "
		    "it",
		    r->in->backend.model.name);
	for (size_t i = 0; i < l->count; i++) {
		if (try_again(l, l->texts[i], e, v, &err))
			continue;
		text_fail(r, l->texts[i], err.text);
		r->later += v == VERDICT_LATER;
	}
}

static void
on_end(void *ctx, const struct http_end *e)
{
	struct lot *l = ctx;
	const int arrived = e->fault == HTTP_OK && l->status == 200;
	struct pc_json *answer = NULL;
	struct pc_error err;

	l->run->lots--;
	if (arrived)
		answer = pc_json_parse((char *)l->reply.data, l->reply.len,
		    &err);
	lot_note(l, answer, e->wall);
	if (arrived)
		lot_take_vectors(l, answer, e->wall);
	else
		take_failure(l, e);
	pc_json_free(answer);
	pc_buf_clear(&l->reply);
	free(l);
}

void
lot_send(struct embedding *r, struct lot *l)
{
	static const struct http_sinks sinks = {on_head, on_data, on_again,
	    on_end};
	const struct model_protocol *w = l->protocol = protocol_of(
	    &r->in->backend.model);
	struct http_request q = {.method = "POST",
	    .flags = HTTP_RESTART,
	    .size_max = REPLY_MAX,
	    .first_max = 900 * INT64_C(1000000)};
	struct pc_buf body = {0}, url = {0};

	strcpy(l->server, r->in->backend.model.server);
	w->add_embed_request(&body, r->in->backend.model.name, l->messages,
	    l->count, r->o->dimensions);
	q.body = body.data;
	q.body_len = body.len;
	server_request(&r->in->backend.servers, &q, r->in->backend.model.server,
	    w->embed_path, &url);
	if (body.failed || url.failed ||
	    !http_send(infer_http(r->in), &q, &sinks, l))
		cli_die(r->in->c, "cannot ask '%s': %s",
		    r->in->backend.model.server, strerror(errno));
	r->lots++;
	pc_buf_clear(&body);
	pc_buf_clear(&url);
}
