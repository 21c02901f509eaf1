/* template_list.c - all templates: the user's, then the built-in ones. */
#include "template_in.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_template(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && e->d_name[0] != '.' &&
	    strcmp(e->d_name + n - 5, ".json") == 0;
}

struct listing {
	int (*each)(void *ctx, const char *, const char *, const char *);
	void *ctx;
	const char *dir;
};

static int
list_file(const struct listing *l, const char *file)
{
	struct pc_buf path = {0};
	struct template t;
	struct pc_error err;
	char name[256];
	int r = 0;

	snprintf(name, sizeof name, "%.*s", (int)strlen(file) - 5, file);
	if (pc_buf_addf(&path, "%s%s", l->dir, file) < 0)
		return -1;
	if (template_read_file(&t, (char *)path.data, &err) == 0) {
		r = l->each(l->ctx, name, t.description ? t.description : "",
		    (char *)path.data);
		template_clear(&t);
	} else {
		r = l->each(l->ctx, name, err.text, (char *)path.data);
	}
	pc_buf_clear(&path);
	return r;
}

int
template_each(int (*each)(void *ctx, const char *, const char *, const char *),
    void *ctx)
{
	struct listing l = {each, ctx, NULL};
	char *dir = template_directory();
	struct dirent **files;
	struct template one;
	struct pc_error err;
	int n = dir ? scandir(dir, &files, is_template, by_name) : -1, r = 0;

	l.dir = dir;
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = list_file(&l, files[i]->d_name);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	free(dir);
	for (const struct builtin_template *t = builtin_templates;
	     r == 0 && t->name; t++)
		if (template_read(&one, t->name, t->json, strlen(t->json),
			&err) == 0) {
			r = each(ctx, t->name, one.description, "built in");
			template_clear(&one);
		}
	return r;
}
