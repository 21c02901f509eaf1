/* release.c - unload models from the memory of model servers. */
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
	LOOK_AGAIN = 100000, /* us between two checks */
	PATIENCE = 5000000,  /* us for one answer, if as much is left */
	LOOK_MIN = 1000000,  /* us for one answer, at least */
};

struct parting {
	struct models before, after;
	int *goes; /* by number in before: unload it; owned */
	int failed, stuck;
};

static int
still_there(const struct models *now, const struct model_loaded *l)
{
	/* A server that does not answer may still have it loaded. */
	if (now->down[l->server].text[0])
		return 1;
	for (size_t i = 0; i < now->count; i++)
		if (now->all[i].server == l->server &&
		    strcmp(now->all[i].name, l->name) == 0)
			return 1;
	return 0;
}

static int
any_left(const struct parting *p)
{
	for (size_t i = 0; i < p->before.count; i++)
		if (p->goes[i] && still_there(&p->after, &p->before.all[i]))
			return 1;
	return 0;
}

/* The total time is limited, however many models there are and however slow a
 * server is; but a check that began in time may finish.  0: no time is left. */
static int
has_time(struct servers *s, int64_t end)
{
	const int64_t left = end == PC_NEVER ? PATIENCE : end - pc_ticks();

	servers_patience(s,
	    left < LOOK_MIN       ? LOOK_MIN
		: left < PATIENCE ? left
				  : PATIENCE);
	return left > 0;
}

static void
ask_to_go(struct cli *c, struct servers *s, struct parting *p, int64_t end)
{
	struct pc_error err;

	for (size_t i = 0; i < p->before.count; i++) {
		const struct model_loaded *l = &p->before.all[i];

		if (!p->goes[i])
			continue;
		pc_error_set(&err, "no time left");
		if (has_time(s, end) &&
		    servers_unload(s, l->server, l->name, &err) == 0)
			continue;
		p->goes[i] = 0;
		p->failed = 1;
		cli_warn(c, "cannot unload '%s': %s", l->name, err.text);
	}
}

static void
send_away(struct cli *c, struct servers *s, struct parting *p, int64_t wait)
{
	const int64_t end = pc_deadline(wait);

	ask_to_go(c, s, p, end);
	servers_patience(s, PATIENCE);
	servers_models(s, 0, &p->after);
	while (any_left(p) && has_time(s, end)) {
		usleep(LOOK_AGAIN);
		models_clear(&p->after);
		servers_models(s, 0, &p->after);
	}
	for (size_t i = 0; i < p->before.count; i++) {
		const struct model_loaded *l = &p->before.all[i];

		if (!p->goes[i] || !still_there(&p->after, l))
			continue;
		p->goes[i] = 0;
		p->stuck = 1;
		cli_warn(c, "'%s' is still loaded after %.0f s", l->name,
		    (double)wait / 1e6);
	}
}

/* Bytes, as the server reports them. */
struct amount {
	uint64_t all, vram; /* vram is part of all */
};

/* Sum up only the models that were unloaded, or all of them. */
static struct amount
sum(const struct models *m, const int *goes)
{
	struct amount n = {0};

	for (size_t i = 0; i < m->count; i++)
		if (!goes || goes[i]) {
			n.all += m->all[i].size;
			n.vram += m->all[i].vram;
		}
	return n;
}

static void
print_text(struct cli *c, const struct parting *p)
{
	const struct amount was = sum(&p->before, NULL);
	const struct amount is = sum(&p->after, NULL);
	const struct amount less = sum(&p->before, p->goes);
	char a[HUMAN_SIZE], b[HUMAN_SIZE], d[HUMAN_SIZE];
	struct pc_buf out = {0};

	for (size_t i = 0; i < p->before.count; i++) {
		const struct model_loaded *l = &p->before.all[i];

		pc_buf_addf(&out, "%s ", p->goes[i] ? "unloaded" : "kept");
		add_words(&out, l->name, SIZE_MAX);
		pc_buf_addf(&out, ", %s\n", human(l->size, a));
	}
	pc_buf_addf(&out,
	    "before %s, after %s, freed %s, as the server "
	    "counts\n",
	    human(was.all, a), human(is.all, b), human(less.all, d));
	if (was.vram || is.vram)
		pc_buf_addf(&out, "on the GPU before %s, after %s, freed %s\n",
		    human(was.vram, a), human(is.vram, b), human(less.vram, d));
	memstat_print(c, &out);
}

static void
amount_json(struct pc_buf *b, const char *name, struct amount n)
{
	char member[32];

	snprintf(member, sizeof member, "%s_bytes", name);
	pc_json_add_uint(b, member, n.all);
	snprintf(member, sizeof member, "%s_vram_bytes", name);
	pc_json_add_uint(b, member, n.vram);
}

static void
print_json(struct cli *c, const struct parting *p)
{
	static const char *const lists[] = {"kept", "unloaded"};
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	for (int goes = 0; goes < 2; goes++) {
		pc_json_begin_array(&b, lists[goes]);
		for (size_t i = 0; i < p->before.count; i++)
			if (p->goes[i] == goes)
				pc_json_add_text(&b, NULL,
				    p->before.all[i].name);
		pc_json_end_array(&b);
	}
	amount_json(&b, "before", sum(&p->before, NULL));
	amount_json(&b, "after", sum(&p->after, NULL));
	amount_json(&b, "freed", sum(&p->before, p->goes));
	pc_json_add_text(&b, "source", "/api/ps");
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	memstat_print(c, &b);
}

/* List what is loaded, and warn about servers that do not answer. */
static int
begin(struct cli *c, struct servers *s, int kinds, struct parting *p)
{
	int down = 0;

	*p = (struct parting){.failed = 0};
	servers_models(s, kinds, &p->before);
	for (int i = 0; i < p->before.servers; i++) {
		if (p->before.down[i].text[0] && !c->quiet)
			cli_warn(c, "%s", p->before.down[i].text);
		down |= p->before.down[i].text[0] != '\0';
	}
	p->goes = calloc(p->before.count + 1, sizeof *p->goes);
	if (!p->goes)
		cli_die(c, "%s", strerror(errno));
	return down;
}

static void
finish(struct cli *c, struct parting *p, int json)
{
	if (json)
		print_json(c, p);
	else
		print_text(c, p);
	models_clear(&p->before);
	models_clear(&p->after);
	free(p->goes);
}

/* A failing server is a warning; it must not make the stage fail. */
int
release_stage(struct cli *c, struct servers *s, const char *stage, int64_t wait,
    int json)
{
	const unsigned wishes = release_rule(c, stage);
	struct parting p;

	(void)begin(c, s, 1, &p);
	for (size_t i = 0; i < p.before.count; i++)
		p.goes[i] = release_wanted(c, &p.before, &p.before.all[i],
		    wishes);
	send_away(c, s, &p, wait);
	finish(c, &p, json);
	return PC_EXIT_OK;
}

int
release_model(struct cli *c, struct servers *s, const char *model, int64_t wait,
    int json)
{
	struct parting p;
	int down = begin(c, s, 0, &p), failed;

	for (size_t i = 0; i < p.before.count; i++)
		p.goes[i] = model_is(model, p.before.all[i].name);
	send_away(c, s, &p, wait);
	failed = p.failed || p.stuck || down;
	finish(c, &p, json);
	return failed ? PC_EXIT_LATER : PC_EXIT_OK;
}

/* Use the first server, because pc-infer asks it first. */
int
release_preload(struct cli *c, struct servers *s, const char *model, int json)
{
	const struct model_loaded *l = NULL;
	char ram[HUMAN_SIZE], vram[HUMAN_SIZE];
	struct pc_buf b = {0};
	struct pc_error err;
	struct models now;

	if (servers_preload(s, 0, model,
		pc_config_span(c->config, "inference.keep_alive"), &err) < 0) {
		cli_warn(c, "cannot load '%s': %s", model, err.text);
		return PC_EXIT_LATER;
	}
	servers_models(s, 0, &now);
	for (size_t i = 0; i < now.count; i++)
		if (now.all[i].server == 0 && model_is(model, now.all[i].name))
			l = &now.all[i];
	if (!l) {
		cli_warn(c,
		    "'%s' is not loaded, although the server reported success",
		    model);
	} else if (json) {
		pc_json_begin_object(&b, NULL);
		pc_json_add_text(&b, "loaded", l->name);
		pc_json_add_uint(&b, "ram_bytes", l->size - l->vram);
		pc_json_add_uint(&b, "vram_bytes", l->vram);
		pc_json_end_object(&b);
		pc_buf_add(&b, "\n", 1);
	} else {
		pc_buf_addf(&b, "loaded %s, %s, %s on the GPU\n", l->name,
		    human(l->size - l->vram, ram), human(l->vram, vram));
	}
	memstat_print(c, &b);
	models_clear(&now);
	return l ? PC_EXIT_OK : PC_EXIT_LATER;
}
