/* embed.c - embeddings: each text's vector is remembered alone, and those that
 * are not known are asked for many at a time. */
#include "embed.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	AHEAD = 16 * EMBED_BATCH, /* texts read before the oldest is printed */
	LOOK_AGAIN = 20 * 1000,   /* us: another process asks for it */
};

void
text_fail(struct embedding *r, struct text *t, const char *why)
{
	snprintf(t->error.text, sizeof t->error.text, "%s", why);
	t->state = TEXT_DONE;
	stage_release(&t->entry);
	r->failed++;
}

static void
text_free(struct text *t)
{
	stage_clear(&t->entry);
	free(t->carried);
	free(t->bytes);
	free(t->vector);
	pc_buf_clear(&t->material);
	free(t);
}

/* ---- what is remembered ---- */

int
text_key(struct embedding *r, struct text *t)
{
	struct pc_spec s = {0};
	const char *twice;
	int e = pc_spec_stage(&s, r->in->c->spec.stage);

	if (e == 0)
		e = pc_spec_addf(&s, PC_FIELD_ENGINE, "model=%s",
		    r->in->model.digest);
	if (e == 0 && r->o->dimensions)
		e = pc_spec_addf(&s, PC_FIELD_PARAM, "dimensions=%lld",
		    (long long)r->o->dimensions);
	if (e == 0)
		e = pc_spec_add(&s, PC_FIELD_INPUT, t->id.b, sizeof t->id.b);
	t->material.len = 0;
	if (e == 0)
		e = pc_spec_key(&s, &t->material, &t->entry.key, &twice);
	t->entry.material = t->material.data;
	t->entry.material_len = t->material.len;
	pc_spec_clear(&s);
	return e;
}

/* Is it as long as all others of the run? */
int
embed_size_fits(struct embedding *r, size_t n)
{
	if (r->size == 0 && n > 0 && n <= EMBED_DIMENSIONS_MAX &&
	    (!r->o->dimensions || n == (size_t)r->o->dimensions))
		r->size = n;
	return r->size > 0 && n == r->size;
}

/* Can the record be a vector of this run? */
static int
is_vector(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	struct embedding *r = ctx;

	if (!hit->value || hit->record.size % 4 ||
	    !embed_size_fits(r, hit->record.size / 4))
		return 0;
	infer_price(r->in, hit->record.extra, hit->record.extra_len, e);
	return 1;
}

void
text_take_hit(struct embedding *r, struct text *t)
{
	t->vector = malloc(r->size * sizeof *t->vector);
	if (!t->vector)
		cli_die(r->in->c, "%s", strerror(errno));
	for (size_t i = 0; i < r->size; i++) {
		uint32_t bits = pc_decode_u32(t->entry.hit.value + 4 * i);

		memcpy(&t->vector[i], &bits, sizeof bits);
	}
	t->hit = 1;
	t->state = TEXT_DONE;
	stage_clear(&t->entry);
}

int
text_find(struct embedding *r, struct text *t)
{
	if (stage_find(&t->entry) != STAGE_HIT)
		return 1;
	text_take_hit(r, t);
	return 0;
}

size_t
embed_extra(uint32_t tokens, char extra[EMBED_EXTRA])
{
	if (!tokens)
		return 0;
	return (size_t)snprintf(extra, EMBED_EXTRA, "\"prompt_tokens\":%lu",
	    (unsigned long)tokens);
}

void
embed_store(struct embedding *r, struct text *t, int64_t cost)
{
	char extra[EMBED_EXTRA];
	struct stage_result result = {.ttl = r->in->c->ttl,
	    .setting = "caching.ttl_embeddings",
	    .cost = cost,
	    .peak_kib = http_peak(r->in->servers.http),
	    .extra = (unsigned char *)extra,
	    .extra_len = embed_extra(t->tokens, extra)};
	struct pc_buf b = {0};

	if (t->weights != r->in->weights)
		return;
	for (size_t i = 0; i < r->size; i++) {
		uint32_t bits;

		memcpy(&bits, &t->vector[i], sizeof bits);
		pc_buf_add_u32(&b, bits);
	}
	if (b.failed)
		cli_die(r->in->c, "%s", strerror(ENOMEM));
	result.bytes = b.data;
	result.len = b.len;
	if (stage_store(&t->entry, &result) == 0)
		weights_stored(r->in, &t->entry.key);
	pc_buf_clear(&b);
}

/* ---- reading ---- */

static char *
copy(struct embedding *r, const char *s, size_t n)
{
	char *to = malloc(n + 1);

	if (!to)
		cli_die(r->in->c, "%s", strerror(errno));
	memcpy(to, s, n);
	to[n] = '\0';
	return to;
}

static void
fill_record(struct embedding *r, struct text *t, const char *line, size_t n)
{
	static const char *const members[] = {"file", "id", "page"};
	struct pc_error err;
	struct pc_json *j = pc_json_parse(line, n, &err);
	struct pc_buf b = {0};
	const char *s;
	size_t len;

	for (size_t i = 0; i < 3; i++)
		if (pc_json_get(j, members[i])) {
			pc_buf_addf(&b, "%s\"%s\":", b.len ? "," : "",
			    members[i]);
			pc_json_print(&b, pc_json_get(j, members[i]));
		}
	if (b.len && pc_buf_add(&b, ",", 2) == 0)
		t->carried = (char *)b.data;
	s = pc_json_text(pc_json_get(j, "error"), &len);
	if (s) {
		text_fail(r, t, s);
	} else if ((s = pc_json_text(pc_json_get(j, r->o->field), &len))) {
		t->bytes = copy(r, s, len);
		t->len = len;
	} else {
		if (j)
			pc_error_set(&err, "it has no text in \"%s\"",
			    r->o->field);
		text_fail(r, t, err.text);
	}
	pc_json_free(j);
}

static int
is_blank(const struct text *t)
{
	for (size_t i = 0; i < t->len; i++)
		if (!strchr(" \t\r\n", t->bytes[i]))
			return 0;
	return 1;
}

static struct text *
same_text(const struct embedding *r, const struct text *t)
{
	for (struct text *k = r->first; k && k != t; k = k->next)
		if ((k->state != TEXT_DONE && k->state != TEXT_FOLLOWS) &&
		    memcmp(k->entry.key.b, t->entry.key.b,
			sizeof t->entry.key.b) == 0)
			return k;
	return NULL;
}

/* 1: there is none. */
static int
take_text(struct embedding *r)
{
	struct cli *c = r->in->c;
	int e = cli_names_line(c, &r->names);
	struct text *t;

	if (e == 1)
		return 1;
	t = calloc(1, sizeof *t);
	if (!t)
		cli_die(c, "%s", strerror(errno));
	t->entry = (struct stage_entry){.cli = c,
	    .usable = is_vector,
	    .ctx = r,
	    .began = pc_ticks()};
	*r->last = t;
	r->last = &t->next;
	r->held++;
	r->total++;
	if (e < 0) {
		text_fail(r, t, "it cannot be read");
		return 0;
	}
	if (c->jsonl) {
		fill_record(r, t, (char *)r->names.line.data,
		    r->names.line.len);
	} else {
		t->bytes = copy(r, (char *)r->names.line.data,
		    r->names.line.len);
		t->len = r->names.line.len;
	}
	if (t->state == TEXT_DONE)
		return 0;
	if (is_blank(t) || !pc_utf8_valid(t->bytes, t->len)) {
		text_fail(r, t,
		    is_blank(t) ? "the text is empty"
				: "it is no text in UTF-8");
		return 0;
	}
	pc_sha256(t->bytes, t->len, &t->id);
	if (text_key(r, t) < 0)
		cli_die(c, "%s", strerror(errno));
	if (text_find(r, t) == 0)
		return 0;
	t->state = same_text(r, t) ? TEXT_FOLLOWS : TEXT_MISSED;
	r->missed++;
	if (r->in->c->offline)
		text_fail(r, t, "not remembered, and --offline asks nobody");
	return 0;
}

/* ---- printing ---- */

static void
print_vector(struct embedding *r, const struct text *t)
{
	struct pc_buf b = {0};

	if (t->error.text[0])
		cli_warn(r->in->c, "text %llu: %s",
		    (unsigned long long)r->done + 1, t->error.text);
	if (r->o->binary) {
		for (size_t i = 0; i < r->size; i++) {
			const float x = t->vector ? t->vector[i] : NAN;
			uint32_t bits;

			memcpy(&bits, &x, sizeof bits);
			pc_buf_add_u32(&b, bits);
		}
	} else {
		pc_buf_addf(&b, "{\"index\":%llu,%s",
		    (unsigned long long)r->done, t->carried ? t->carried : "");
		if (t->vector) {
			pc_buf_addf(&b, "\"embedding\":[");
			/* So many digits make the same float again. */
			for (size_t i = 0; i < r->size; i++)
				pc_buf_addf(&b, "%s%.9g", i ? "," : "",
				    (double)t->vector[i]);
			pc_buf_addf(&b, "]");
		} else {
			pc_buf_addf(&b, "\"error\":");
			pc_json_string(&b, t->error.text,
			    strlen(t->error.text));
		}
		pc_buf_addf(&b, "}\n");
	}
	if (b.failed)
		cli_die(r->in->c, "%s", strerror(ENOMEM));
	print_text(r->in, (char *)b.data, b.len);
	pc_buf_clear(&b);
}

/* The vector of the one that was asked for in its place, or its turn to be. */
static void
serve_follower(struct embedding *r, struct text *t)
{
	const struct text *k = r->first;

	if (same_text(r, t))
		return;
	while (k != t &&
	    !(k->vector &&
		memcmp(k->entry.key.b, t->entry.key.b, sizeof t->entry.key.b) ==
		    0))
		k = k->next;
	if (k == t) {
		if (text_find(r, t) != 0)
			t->state = TEXT_MISSED;
		return;
	}
	t->vector = malloc(r->size * sizeof *t->vector);
	if (!t->vector)
		cli_die(r->in->c, "%s", strerror(errno));
	memcpy(t->vector, k->vector, r->size * sizeof *t->vector);
	t->hit = 1;
	t->state = TEXT_DONE;
}

static void
print_done(struct embedding *r)
{
	for (struct text *t = r->first; t; t = t->next)
		if (t->state == TEXT_FOLLOWS)
			serve_follower(r, t);
	while (r->first && r->first->state == TEXT_DONE) {
		struct text *t = r->first;

		/* How long its row of none is, another will tell. */
		if (r->o->binary && !t->vector && r->size == 0 &&
		    (!r->ended || t->next) && r->held < AHEAD)
			return;
		print_vector(r, t);
		r->done++;
		r->held--;
		r->first = t->next;
		if (!r->first)
			r->last = &r->first;
		text_free(t);
	}
}

static void
wait_for_something(struct embedding *r)
{
	const int stopped = *r->in->stop != 0;
	int fd = r->ended || r->held >= AHEAD || stopped ? -1 : r->names.from;

	/* What is under way then is waited for. */
	if (r->lots)
		http_run(r->in->servers.http, fd,
		    r->elsewhere ? LOOK_AGAIN : -1,
		    stopped ? NULL : r->in->stop);
	else if (r->elsewhere)
		usleep(LOOK_AGAIN);
	else if (!r->ended && !r->first)
		pc_poll(&(struct pollfd){fd, POLLIN, 0}, 1, -1, r->in->stop);
}

int
embed_run(struct infer *in, const struct embed_options *o)
{
	static char *const none[] = {NULL};
	struct embedding r = {.in = in, .o = o};
	int status;

	r.last = &r.first;
	/* Lines are a list of texts. */
	if (!in->c->files_from && !in->c->nul)
		in->c->files_from = "-";
	cli_names_open(in->c, &r.names, none);
	status = model_recall(in) == 0 ? 0 : set_up_model(in);
	if (status != 0) {
		cli_names_close(&r.names);
		return status;
	}
	/* Vector N is of line N. */
	r.names.blank = !in->c->jsonl;
	while ((!r.ended || r.first) && !(*in->stop && !r.lots)) {
		while (!r.ended && r.held < AHEAD && !*in->stop &&
		    cli_names_ready(in->c, &r.names)) {
			r.ended = take_text(&r);
			print_done(&r);
			embed_ask(&r, 0);
		}
		embed_look_elsewhere(&r);
		embed_ask(&r, 1);
		print_done(&r);
		cli_progress(in->c, r.done, r.ended ? r.total : 0);
		fflush(stdout);
		wait_for_something(&r);
	}
	cli_names_close(&r.names);
	while (r.first) {
		struct text *t = r.first;

		r.first = t->next;
		text_free(t);
	}
	status = cli_status(r.failed, r.total);
	if (status == PC_EXIT_FAIL && in->c->offline && r.missed)
		return PC_EXIT_NO;
	return status == PC_EXIT_FAIL && r.later == r.failed ? PC_EXIT_LATER
							     : status;
}
