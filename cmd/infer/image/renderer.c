/* renderer.c - pc-doc, which makes a PNG of an image or a page. */
#include "renderer.h"

#include "ledger.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
	DPI_MAX = 300,       /* of a small page, which is not blown up */
	GRACE = 5 * 1000000, /* us: a helper sees to its time by itself */
};

char *
renderer_path(struct pc_error *err)
{
	char *path = pc_helper_path("pc-doc");

	if (!path)
		pc_error_set(err, "%s", strerror(errno));
	return path;
}

/* Have it read what fd is. */
int
renderer_begin(struct renderer *r, int fd, struct pc_error *err)
{
	const struct pc_config *config = r->cli->config;

	r->worker.fd = -1;
	r->most = pc_config_span(config, "ocr.page_timeout");
	snprintf(r->megapixels, sizeof r->megapixels, "%lld",
	    (long long)pc_config_int(config, "ocr.max_megapixels"));
	snprintf(r->timeout, sizeof r->timeout, "%lld",
	    (long long)(r->most == PC_NEVER ? 0 : r->most / 1000000));
	r->command[0] = renderer_path(err);
	if (!r->command[0])
		return -1;
	r->command[1] = (char *)"serve";
	r->command[2] = (char *)"--max-megapixels";
	r->command[3] = r->megapixels;
	r->command[4] = (char *)"--page-timeout";
	r->command[5] = r->timeout;
	if (pc_config_bool(config, "ocr.require_sandbox"))
		r->command[6] = (char *)"--require-sandbox";
	r->team.argv = r->command;
	if (team_hire(&r->team, &r->worker, fd) == 0)
		return 0;
	pc_error_set(err, "cannot run '%s': %s%s", r->command[0],
	    strerror(errno), pc_helper_remedy(errno));
	return -1;
}

void
renderer_end(struct renderer *r)
{
	struct pc_run m = {.part = PC_RUN_DOC};

	team_account(&r->team, &m);
	if (m.started)
		cli_memory(r->cli, m);
	worker_dismiss(&r->worker);
	team_end(&r->team);
	free(r->command[0]);
}

/* Wait for what was asked.  The answer is in r->worker. */
static int
await(struct renderer *r, const char *name, struct pc_error *err)
{
	const int64_t most = r->most, began = pc_ticks();
	struct pollfd p = {.fd = r->worker.fd, .events = POLLIN};
	int have;

	while ((have = worker_read(&r->team, &r->worker)) == 0) {
		if (most != PC_NEVER && pc_ticks() - began > most + GRACE)
			return image_fail(err, name, "pc-doc does not answer");
		(void)poll(&p, 1, 1000);
	}
	if (have > 0)
		return 0;
	if (team_refused(&r->team))
		return image_fail(err, name,
		    "pc-doc cannot be run; is pc "
		    "installed?");
	if (most != PC_NEVER && pc_ticks() - began >= most - 100000)
		return image_fail(err, name,
		    "it took too long; ocr.page_timeout "
		    "allows more");
	return image_fail(err, name, "pc-doc crashed at it");
}

/* What the helper says is wrong, with a remedy that is pc-infer's. */
static int
refused(const struct page_answer *a, const char *name, struct pc_error *err)
{
	const char *why = a->message;
	char where[32] = "";

	if (strncmp(why, "it is locked", 12) == 0)
		why = "it is locked by a password: give it as "
		      "PC_OCR_PASSWORD in the environment";
	else if (strncmp(why, "it is text", 10) == 0)
		why = "it is text, no PDF or image: make it part of the "
		      "prompt";
	else if (a->page > 0)
		snprintf(where, sizeof where, ", page %u", (unsigned)a->page);
	pc_error_set(err, "'%.200s'%s: %s", name, where, why);
	return -1;
}

/* Ask, and wait for an answer of that kind. */
int
renderer_ask(struct renderer *r, const struct page_request *a,
    enum answer_kind kind, const char *name, struct pc_error *err)
{
	struct worker *w = &r->worker;

	worker_clear(w);
	/* One that is dead says so when it is read from. */
	(void)worker_send(w, a, NULL);
	if (await(r, name, err) < 0)
		return -1;
	if (w->head.kind == ANSWER_ERROR)
		return refused(&w->head, name, err);
	if (w->head.kind != kind ||
	    (kind == ANSWER_FILE && w->head.page != a->page))
		return image_fail(err, name,
		    "pc-doc's answer is to another question");
	return 0;
}

/* Have the PNG made. */
int
renderer_make(struct renderer *r, struct image *i, struct pc_error *err)
{
	const char *name = r->images->files[i->file].name;
	const struct worker *w = &r->worker;
	const struct page_request a = {.what = REQUEST_PNG,
	    .page = i->page,
	    .dpi = DPI_MAX,
	    .side_max = i->side_max};

	if (renderer_ask(r, &a, ANSWER_FILE, name, err) < 0)
		return -1;
	if (pc_buf_add(&i->png, w->payload, (size_t)w->head.length) < 0)
		return image_fail(err, name, strerror(ENOMEM));
	pc_sha256(i->png.data, i->png.len, &i->id);
	return 0;
}
