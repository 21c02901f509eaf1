/* lineage.c - pc-stats --tree: what was computed from a document. */
#include "stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A record that was computed from the document, directly or not. */
struct descendant {
	struct pc_id key, output, from; /* from: whose output was its input */
	int root;                       /* the document itself was its input */
	unsigned depth;
	char stage[PC_STAGE_MAX + 1];
	char *params; /* owned; "a=b c=d" */
	char *json;   /* owned; the record as JSON */
	uint64_t size;
	int64_t created, cost;
	int expired, printed;
};

struct lineage {
	struct cli *c;
	struct descendant *all;
	size_t count, cap;
	int json;
};

static char *
params_of(struct cli *c, const struct pc_record *r)
{
	struct pc_buf b = {0};
	const unsigned char *p;
	enum pc_field kind;
	size_t at = 0, n;

	while (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		   &n) == 0) {
		if (kind != PC_FIELD_PARAM && kind != PC_FIELD_ARG)
			continue;
		pc_buf_addf(&b, "%s", b.len ? " " : "");
		for (size_t i = 0; i < n; i++)
			pc_buf_add(&b, p[i] ? (const char *)&p[i] : "?", 1);
	}
	if (pc_buf_add(&b, "", 1) < 0)
		cli_die(c, "%s", strerror(errno));
	terminal_line((char *)b.data);
	return (char *)b.data;
}

static int
take(void *ctx, const struct pc_hit *hit, unsigned depth,
    const struct pc_record *from)
{
	struct lineage *t = ctx;
	const struct pc_record *r = &hit->record;
	struct pc_buf json = {0};
	struct descendant *l;

	if (t->count == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 64;
		t->all = realloc(t->all, t->cap * sizeof *t->all);
		if (!t->all)
			cli_die(t->c, "%s", strerror(ENOMEM));
	}
	l = &t->all[t->count++];
	*l = (struct descendant){.key = r->key,
	    .output = r->output,
	    .root = from == NULL,
	    .depth = depth,
	    .size = r->size,
	    .created = r->created,
	    .cost = r->cost,
	    .expired = hit->expired};
	if (from)
		l->from = from->output;
	pc_record_stage(r, l->stage);
	l->params = params_of(t->c, r);
	if (t->json &&
	    (pc_record_json(&json, r) < 0 || pc_buf_add(&json, "", 1) < 0))
		cli_die(t->c, "%s", strerror(ENOMEM));
	l->json = (char *)json.data;
	return 0;
}

static int
in_order(const void *a, const void *b)
{
	const struct descendant *l = a, *m = b;
	int r = m->root - l->root;

	if (!r)
		r = memcmp(l->from.b, m->from.b, sizeof l->from.b);
	if (!r)
		r = strcmp(l->stage, m->stage);
	if (!r)
		r = l->created < m->created ? -1 : l->created > m->created;
	return r;
}

/* The first record whose input is that output. */
static size_t
first_of(const struct lineage *t, const struct pc_id *output)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct descendant *l = &t->all[mid];

		if (l->root ||
		    memcmp(l->from.b, output->b, sizeof output->b) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
print_descendant(const struct descendant *l)
{
	enum { WIDTH = 44 };
	int64_t age = pc_now() - l->created;
	int indent = l->depth < 12 ? 2 * (int)l->depth : 24;
	char what[256];
	int n;

	n = snprintf(what, sizeof what, "%s%s%s", l->stage[0] ? l->stage : "-",
	    l->params[0] ? "  " : "", l->params);
	if (n > WIDTH - indent) /* it is cut here */
		what[WIDTH - indent - 1] = '~';
	printf("%*s%-*.*s %8s %8s %8s%s\n", indent, "", WIDTH - indent,
	    WIDTH - indent, what,
	    human_span((uint64_t)(l->cost > 0 ? l->cost : 0)),
	    human_bytes(l->size), human_span((uint64_t)(age > 0 ? age : 0)),
	    l->expired ? "  expired" : "");
}

static void
print_below(struct lineage *t, size_t from, const struct pc_id *output)
{
	for (size_t i = from; i < t->count; i++) {
		struct descendant *l = &t->all[i];

		if (output ? l->root ||
			    memcmp(l->from.b, output->b, sizeof output->b) != 0
			   : !l->root)
			return;
		/* Several records may have the same output, and a result of it
		 * may even be the same output again, so each is shown once. */
		if (l->printed)
			continue;
		l->printed = 1;
		print_descendant(l);
		print_below(t, first_of(t, &l->output), &l->output);
	}
}

static void
print_json(struct lineage *t, const char *file, const char *id, uint64_t bytes,
    uint64_t cost)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "file", file);
	pc_json_add_text(&b, "id", id);
	pc_json_begin_array(&b, "entries");
	for (size_t i = 0; i < t->count; i++) {
		const struct descendant *l = &t->all[i];

		pc_json_begin_object(&b, NULL);
		pc_json_add_uint(&b, "depth", l->depth);
		pc_json_add_bool(&b, "expired", l->expired);
		/* The record's own members. */
		pc_json_add_raw(&b, NULL, l->json + 1, strlen(l->json) - 2);
		pc_json_end_object(&b);
	}
	pc_json_end_array(&b);
	pc_json_add_uint(&b, "size", bytes);
	pc_json_add_fixed(&b, "cost_ms", (double)cost / 1e3, 3);
	pc_json_end_object(&b);
	stats_print(t->c, &b);
}

int
lineage_print(struct stats *st, const char *file, int json)
{
	struct lineage t = {.c = st->c, .json = json};
	char hex[PC_ID_HEX];
	struct pc_id id;
	uint64_t bytes = 0, cost = 0;

	if (cli_ident(st->c, file, 0, &id) < 0)
		return PC_EXIT_FAIL;
	pc_id_hex(&id, hex);
	if (st->c->store && pc_lineage(st->c->store, &id, take, &t) < 0)
		cli_store_die(st->c, "read the store");
	for (size_t i = 0; i < t.count; i++) {
		bytes += t.all[i].size;
		cost += t.all[i].cost > 0 ? (uint64_t)t.all[i].cost : 0;
	}
	if (json) {
		print_json(&t, file, hex, bytes, cost);
	} else {
		struct pc_error name;

		pc_error_set(&name, "%s", strcmp(file, "-") == 0 ? hex : file);
		terminal_line(name.text);
		if (t.count)
			qsort(t.all, t.count, sizeof *t.all, in_order);
		printf("%-44.44s %8s %8s %8s\n", name.text, "COST", "SIZE",
		    "AGE");
		print_below(&t, 0, NULL);
		printf("%-44s %8s %8s\n",
		    t.count == 1  ? "1 result"
			: t.count ? "in all"
				  : "nothing stored",
		    human_span(cost), human_bytes(bytes));
	}
	for (size_t i = 0; i < t.count; i++) {
		free(t.all[i].params);
		free(t.all[i].json);
	}
	free(t.all);
	return t.count ? PC_EXIT_OK : PC_EXIT_NO;
}
