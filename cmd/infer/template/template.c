/* template.c - find a template by its name. */
#include "template_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH_MAX = 200 };

struct template_search {
	const char *name;
	struct pc_nearest nearest;
};

static int
compare(void *ctx, const char *name, const char *description, const char *path)
{
	struct template_search *s = ctx;

	(void)description;
	(void)path;
	pc_nearest_offer(&s->nearest, name, pc_word_distance(s->name, name));
	return 0;
}

static int
unknown(const char *name, const char *dir, struct pc_error *err)
{
	struct template_search s = {.name = name};

	template_each(compare, &s);
	if (*s.nearest.name)
		pc_error_set(err, "no template '%.80s': did you mean '%s'?",
		    name, s.nearest.name);
	else
		pc_error_set(err,
		    "no template '%.80s': it is neither built "
		    "in nor in '%s'; --templates lists them",
		    name, dir ? dir : "~/.config/pc/templates/");
	return -1;
}

int
template_load(struct template *t, const char *name, struct pc_error *err)
{
	struct pc_buf path = {0};
	char *dir = NULL;
	int r = 1;

	*t = (struct template){.think = -1, .allow_cut = -1};
	if (strchr(name, '/')) {
		r = template_read_file(t, name, err);
		if (r == 1)
			pc_error_set(err, "cannot open template '%s': %s", name,
			    strerror(errno));
		return r == 0 ? 0 : -1;
	}
	if (strlen(name) <= NAME_LENGTH_MAX && *name && *name != '.')
		dir = template_directory();
	if (dir && pc_buf_addf(&path, "%s%s.json", dir, name) == 0)
		r = template_read_file(t, (char *)path.data, err);
	pc_buf_clear(&path);
	for (const struct builtin_template *b = builtin_templates;
	     r == 1 && b->name; b++)
		if (strcmp(b->name, name) == 0)
			r = template_read(t, b->name, b->json, strlen(b->json),
			    err);
	if (r == 1)
		r = unknown(name, dir, err);
	free(dir);
	return r;
}
