/* converters.c - read ocr.convert: {"TYPE": ["PROGRAM", "WORD", ...], ...}. */
#include "converters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
refuse(struct cli *c, const char *type, const char *why)
{
	cli_die(c, "configuration: ocr.convert, '%s': %s", type, why);
}

static char *
copy(struct cli *c, const char *text)
{
	char *s = strdup(text);

	if (!s)
		cli_die(c, "%s", strerror(errno));
	return s;
}

static char **
read_words(struct cli *c, const char *type, const struct pc_json *list)
{
	static const char shape[] =
	    "must be a program and its arguments, such as [\"pandoc\", "
	    "\"-t\", \"plain\", \"{}\"]";
	const size_t n = pc_json_length(list);
	char **words = calloc(n + 1, sizeof *words);

	if (!words)
		cli_die(c, "%s", strerror(errno));
	if (n == 0)
		refuse(c, type, shape);
	for (size_t i = 0; i < n; i++) {
		size_t length;
		const char *word = pc_json_text(pc_json_at(list, i), &length);

		if (!word || strlen(word) != length)
			refuse(c, type, shape);
		words[i] = copy(c, word);
	}
	if (!*words[0] || (strchr(words[0], '/') && *words[0] != '/'))
		refuse(c, type,
		    "the program must be a name without slashes, or an "
		    "absolute path");
	return words;
}

struct table_reading {
	struct cli *c;
	struct converters *all;
};

static int
take(void *ctx, const char *type, const struct pc_json *words)
{
	struct table_reading *r = ctx;
	struct converter *more = realloc(r->all->list,
	    (r->all->count + 1) * sizeof *more);

	if (!more)
		cli_die(r->c, "%s", strerror(errno));
	r->all->list = more;
	if (strchr(type, '/') == NULL)
		refuse(r->c, type, "the name must be a MIME type");
	if (strcmp(type, "application/pdf") == 0)
		refuse(r->c, type, "PDFs are never converted");
	more[r->all->count++] = (struct converter){.type = copy(r->c, type),
	    .argv = read_words(r->c, type, words)};
	return 0;
}

void
converters_read(struct cli *c, struct converters *all)
{
	const char *text = pc_config_text(c->config, "ocr.convert");
	struct table_reading r = {.c = c, .all = all};
	struct pc_error err;
	struct pc_json *table;
	int64_t time_max;

	if (!*text)
		return;
	if (!pc_config_is_private(c->config)) {
		if (!c->quiet)
			cli_warn(c,
			    "ocr.convert is ignored: the configuration must "
			    "belong to you, and others must not be able to "
			    "write to it");
		return;
	}
	table = pc_json_parse(text, strlen(text), &err);
	if (!table)
		cli_die(c, "configuration: ocr.convert: %s", err.text);
	(void)pc_json_each(table, take, &r);
	pc_json_free(table);
	time_max = pc_config_span(c->config, "ocr.convert_timeout");
	all->seconds = time_max == PC_NEVER
	    ? 0
	    : (unsigned)((time_max + 999999) / 1000000);
	all->unconfined = pc_config_bool(c->config, "ocr.convert_unconfined");
}

const struct converter *
converters_find(const struct converters *all, const char *type)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->list[i].type, type) == 0)
			return &all->list[i];
	return NULL;
}
