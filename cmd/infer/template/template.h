/* template.h - named prompts. */
#ifndef INFER_TEMPLATE_H
#define INFER_TEMPLATE_H

#include "server/params.h"

struct pair {
	char *name, *value; /* owned */
	size_t len;         /* of the value, which can have NULs */
};

struct pairs {
	struct pair *all;
	size_t count;
};

/* -1: out of memory.  One of that name is replaced. */
int pairs_set(struct pairs *, const char *name, size_t, const char *value,
    size_t);
const struct pair *pairs_get(const struct pairs *, const char *name, size_t);
void pairs_clear(struct pairs *);

/* The members of a template; absent ones are NULL or empty.  All are owned. */
struct template
{
	char *prompt, *system;
	char *schema; /* as JSON */
	char *stage, *model, *description;
	struct params params;
	struct pairs vars;  /* default values of variables */
	int images;         /* "input": "image": its inputs are images */
	int think;          /* enum think; -1: not given */
	int allow_cut;      /* 1: an answer that a token limit truncated is a
			     * result; -1: not given */
	char *limit, *heat; /* settings that give num_predict and temperature
			     * where neither is given */
};

/* Read the template of that name: a path if there is a '/' in it, else
 * NAME.json in ${XDG_CONFIG_HOME:-~/.config}/pc/templates, else a built-in
 * one.  -1 with file and line in err. */
int template_load(struct template *, const char *name, struct pc_error *err);
/* The same from JSON; where is its origin, for messages. */
int template_read(struct template *, const char *where, const char *json,
    size_t n, struct pc_error *err);
void template_clear(struct template *);
/* Call each for all templates, the user's first, until it returns non-zero; the
 * path of a built-in one is "built in". */
int template_each(int (*each)(void *ctx, const char *name,
		      const char *description, const char *path),
    void *ctx);

/* ---- placeholders: {{name}} (expand.c) ---- */

/* A name's value, or NULL. */
typedef const char *expand_value(void *ctx, const char *name, size_t name_len,
    size_t *value_len);

/* Append text with each placeholder that has a value replaced by it, which is
 * not looked at again.  With strict, one that has none is an error: 1, and
 * *missing points to its name in text, *missing_len long. */
int expand(struct pc_buf *, const char *text, expand_value *, void *ctx,
    int strict, const char **missing, size_t *missing_len);
/* The next placeholder at or after p: *name and *n; NULL: there is none.
 * Else what follows it. */
const char *expand_next(const char *p, const char **name, size_t *n);

#endif
