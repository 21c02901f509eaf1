/* config.c - settings: built in, from the file, from the environment.
 *
 * Every value is kept as the text it was given as, and verified when it is
 * read, so that asking for one cannot fail. */
#include "setting.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 };

struct pc_config {
	struct value {
		char *text; /* NULL: the built-in one */
		const char *env; /* NULL: from the file */
		unsigned line;
	} values[SETTINGS];
	char *path; /* of the file; NULL: there is none */
};

/* ---- where the names are ---- */

/* A walk over the file's text beside json-c's, which keeps no lines: comments
 * become blanks, and every section and name is reported with its line. */
struct walk {
	char *at, *end;
	unsigned line, depth;
	char section[64];
	/* Called with "section" or "section.name"; non-zero ends the walk. */
	int (*name)(void *ctx, const char *name, unsigned line);
	void *ctx;
};

static void
blank_comment(struct walk *w)
{
	int block = w->at[1] == '*';

	while (w->at < w->end) {
		if (block && w->at[0] == '*' && w->at + 1 < w->end &&
		    w->at[1] == '/' ) {
			w->at[0] = w->at[1] = ' ';
			w->at += 2;
			return;
		}
		if (*w->at == '\n') {
			if (!block)
				return;
			w->line++;
		} else {
			*w->at = ' ';
		}
		w->at++;
	}
}

/* Step over a string; its bytes, as written, are between the results. */
static const char *
skip_string(struct walk *w, const char **end)
{
	const char *start = ++w->at;

	while (w->at < w->end && *w->at != '"') {
		if (*w->at == '\\' && w->at + 1 < w->end)
			w->at++;
		w->line += *w->at == '\n';
		w->at++;
	}
	*end = w->at;
	if (w->at < w->end)
		w->at++;
	return start;
}

/* Is what comes next, but for white space, a colon? */
static int
is_name(const struct walk *w)
{
	const char *p = w->at;

	while (p < w->end && strchr(" \t\r\n", *p))
		p++;
	return p < w->end && *p == ':';
}

static int
report(struct walk *w, const char *start, const char *end, unsigned line)
{
	char name[160];
	int n = (int)(end - start);

	if (n > 63)
		n = 63;
	if (w->depth == 1) {
		snprintf(w->section, sizeof w->section, "%.*s", n, start);
		return w->name(w->ctx, w->section, line);
	}
	snprintf(name, sizeof name, "%s.%.*s", w->section, n, start);
	return w->name(w->ctx, name, line);
}

static int
walk(struct walk *w)
{
	w->line = 1;
	while (w->at < w->end) {
		const char *start, *end;
		unsigned line = w->line;
		int r;

		switch (*w->at) {
		case '"':
			start = skip_string(w, &end);
			if (w->depth < 1 || w->depth > 2 || !is_name(w))
				continue;
			r = report(w, start, end, line);
			if (r != 0)
				return r;
			continue;
		case '/':
			if (w->at + 1 < w->end &&
			    (w->at[1] == '/' || w->at[1] == '*')) {
				blank_comment(w);
				continue;
			}
			break;
		case '{':
		case '[':
			w->depth++;
			break;
		case '}':
		case ']':
			w->depth--;
			break;
		case '\n':
			w->line++;
			break;
		}
		w->at++;
	}
	return 0;
}

/* ---- the file ---- */

struct names {
	struct name {
		char text[128];
		unsigned line;
	} *all;
	size_t count, cap;
	unsigned twice; /* the line of a name that was there before */
};

static int
note_name(void *ctx, const char *text, unsigned line)
{
	struct names *n = ctx;
	struct name *p;

	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->all[i].text, text) == 0) {
			n->twice = line;
			return 1;
		}
	if (n->count == n->cap) {
		n->cap = n->cap ? 2 * n->cap : 64;
		p = realloc(n->all, n->cap * sizeof *p);
		if (!p)
			return -1;
		n->all = p;
	}
	p = &n->all[n->count++];
	snprintf(p->text, sizeof p->text, "%s", text);
	p->line = line;
	/* Comparing each with each must not take for ever. */
	return n->count > 4096 ? -1 : 0;
}

static unsigned
line_of(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->all[i].text, name) == 0)
			return names->all[i].line;
	return 0;
}

struct loading {
	struct pc_config *config;
	struct names names;
	const char *section;
	void (*warn)(void *, const char *);
	void *warn_ctx;
	struct pc_error *err;
};

static void
warn_unknown(struct loading *l, const char *name)
{
	const char *nearest = setting_nearest(name);
	struct pc_error text;

	pc_error_set(&text, "%s:%u: unknown setting '%s'%s%s%s",
	    l->config->path, line_of(&l->names, name), name,
	    nearest ? "; did you mean '" : "", nearest ? nearest : "",
	    nearest ? "'?" : "");
	l->warn(l->warn_ctx, text.text);
}

/* The value as the text that people would write; NULL: of no such type. */
static char *
text_of(const struct setting *s, const struct pc_json *j)
{
	enum pc_json_type type = pc_json_type(j);
	const char *text;
	char number[40];
	int64_t whole;
	double real;
	size_t n;

	text = pc_json_text(j, &n);
	if (text)
		return strlen(text) == n && s->type != SETTING_INT &&
		        s->type != SETTING_REAL && s->type != SETTING_BOOL
		    ? strdup(text)
		    : NULL;
	if (s->type == SETTING_TEXT)
		return NULL;
	if (type == PC_JSON_BOOL && s->type == SETTING_BOOL)
		return strdup(pc_json_bool(j) ? "true" : "false");
	if (s->type == SETTING_BOOL)
		return NULL;
	if (pc_json_int(j, &whole) == 0) {
		snprintf(number, sizeof number, "%lld", (long long)whole);
		return strdup(number);
	}
	if (s->type == SETTING_REAL && pc_json_real(j, &real) == 0) {
		snprintf(number, sizeof number, "%.17g", real);
		return strdup(number);
	}
	return NULL;
}

static int
load_setting(void *ctx, const char *name, const struct pc_json *j)
{
	struct loading *l = ctx;
	struct pc_error wanted = {"text"};
	const struct setting *s;
	struct value *value;
	char full[160];
	int row;

	snprintf(full, sizeof full, "%s.%s", l->section, name);
	row = setting_find(full, strlen(full));
	if (row < 0) {
		warn_unknown(l, full);
		return 0;
	}
	s = &settings[row];
	value = &l->config->values[row];
	free(value->text);
	value->text = text_of(s, j);
	value->line = line_of(&l->names, full);
	if (setting_verify(s, value->text ? value->text : "?", &wanted) < 0 ||
	    !value->text) {
		pc_error_set(l->err, "%s:%u: %s must be %s", l->config->path,
		    value->line, full, wanted.text);
		return -1;
	}
	if (s->fixed && strcmp(value->text, s->value) != 0) {
		struct pc_error text;

		pc_error_set(&text, "%s:%u: %s has no effect: %s",
		    l->config->path, value->line, full, s->fixed);
		l->warn(l->warn_ctx, text.text);
	}
	return 0;
}

static int
load_section(void *ctx, const char *name, const struct pc_json *j)
{
	struct loading *l = ctx;
	size_t n = strlen(name);
	int known = 0;

	for (int i = 0; i < SETTINGS; i++)
		known |= strncmp(settings[i].name, name, n) == 0 &&
		    settings[i].name[n] == '.';
	if (!known) {
		warn_unknown(l, name);
		return 0;
	}
	if (pc_json_type(j) != PC_JSON_OBJECT) {
		pc_error_set(l->err, "%s:%u: %s must be an object, { }",
		    l->config->path, line_of(&l->names, name), name);
		return -1;
	}
	l->section = name;
	return pc_json_each(j, load_setting, l);
}

static int
load_text(struct loading *l, struct pc_buf *text)
{
	const char *path = l->config->path;
	struct walk w = {.at = (char *)text->data,
	    .end = (char *)text->data + text->len, .name = note_name,
	    .ctx = &l->names};
	struct pc_error why;
	struct pc_json *j;
	int r = walk(&w);

	if (r > 0)
		pc_error_set(l->err, "%s:%u: this name is there twice", path,
		    l->names.twice);
	else if (r < 0)
		pc_error_set(l->err, "%s: too many names", path);
	if (r != 0)
		return -1;
	j = pc_json_parse((char *)text->data, text->len, &why);
	if (!j) {
		pc_error_set(l->err, "%s: %s", path, why.text);
		return -1;
	}
	r = 0;
	if (pc_json_type(j) != PC_JSON_OBJECT) {
		pc_error_set(l->err, "%s:1: it must be an object, { }", path);
		r = -1;
	}
	if (r == 0)
		r = pc_json_each(j, load_section, l);
	pc_json_free(j);
	return r;
}

static int
load_file(struct loading *l, int fd)
{
	struct pc_buf text = {0};
	int r = -1;

	if (pc_read_all(fd, &text, FILE_MAX) < 0)
		pc_error_set(l->err, "cannot read '%s': %s", l->config->path,
		    errno == EFBIG ? "it is larger than 1 MiB"
		                   : strerror(errno));
	else
		r = load_text(l, &text);
	pc_buf_clear(&text);
	free(l->names.all);
	return r;
}

static char *
join(const char *dir, const char *rest)
{
	struct pc_buf b = {0};

	if (pc_buf_addf(&b, "%s%s", dir, rest) < 0)
		return NULL;
	return (char *)b.data;
}

/* The value of a variable, NULL when it is unset or empty. */
static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* The file's path; *must is set when somebody named it. */
static char *
file_path(int *must)
{
	const char *named = env("PC_CONFIG"), *xdg = env("XDG_CONFIG_HOME");

	*must = named != NULL;
	if (named)
		return join(named, "");
	if (xdg)
		return join(xdg, "/pc/config.json");
	if (env("HOME"))
		return join(env("HOME"), "/.config/pc/config.json");
	return NULL;
}

/* ---- the environment ---- */

static int
load_env(struct pc_config *c, struct pc_error *err)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		const char *text = s->env ? env(s->env) : NULL;

		if (!text)
			continue;
		if (s->type == SETTING_BOOL) {
			int off = strcmp(text, "off") == 0 ||
			    strcmp(text, "0") == 0;

			if (!off && strcmp(text, "on") != 0 &&
			    strcmp(text, "1") != 0) {
				pc_error_set(err, "%s must be on or off, not "
				                  "'%s'", s->env, text);
				return -1;
			}
			text = off ? "false" : "true";
		}
		free(c->values[i].text);
		c->values[i] = (struct value){
		    .text = strdup(text), .env = s->env};
	}
	return 0;
}

struct pc_config *
pc_config_load(void (*warn)(void *ctx, const char *text), void *ctx,
    struct pc_error *err)
{
	struct pc_config *c = calloc(1, sizeof *c);
	struct loading l = {
	    .config = c, .warn = warn, .warn_ctx = ctx, .err = err};
	int must, fd = -1, r = 0;

	if (!c) {
		pc_error_set(err, "out of memory");
		return NULL;
	}
	c->path = file_path(&must);
	if (c->path)
		fd = open(c->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0) {
		r = load_file(&l, fd);
		close(fd);
	} else if (c->path && (must || (errno != ENOENT &&
	                                   errno != ENOTDIR))) {
		pc_error_set(err, "cannot open configuration '%s': %s",
		    c->path, strerror(errno));
		r = -1;
	}
	if (r == 0)
		r = load_env(c, err);
	if (r < 0) {
		pc_config_free(c);
		return NULL;
	}
	return c;
}

void
pc_config_free(struct pc_config *c)
{
	if (!c)
		return;
	for (int i = 0; i < SETTINGS; i++)
		free(c->values[i].text);
	free(c->path);
	free(c);
}

/* ---- asking ---- */

static const char *
lookup(const struct pc_config *c, const char *name)
{
	int row = setting_find(name, strlen(name));

	assert(row >= 0);
	return c->values[row].text ? c->values[row].text
	                           : settings[row].value;
}

const char *
pc_config_text(const struct pc_config *c, const char *name)
{
	return lookup(c, name);
}

int64_t
pc_config_int(const struct pc_config *c, const char *name)
{
	int64_t v = 0;

	/* Sizes too: a whole number is one without a unit. */
	if (pc_parse_size(lookup(c, name), &v) < 0)
		(void)pc_parse_int(lookup(c, name), INT64_MIN, INT64_MAX, &v);
	return v;
}

int64_t
pc_config_span(const struct pc_config *c, const char *name)
{
	int64_t v = 0;

	(void)pc_parse_duration(lookup(c, name), &v);
	return v;
}

double
pc_config_real(const struct pc_config *c, const char *name)
{
	return strtod(lookup(c, name), NULL);
}

int
pc_config_bool(const struct pc_config *c, const char *name)
{
	return strcmp(lookup(c, name), "true") == 0;
}

void
pc_config_each(const struct pc_config *c,
    void (*each)(void *ctx, const char *name, const char *value,
        const char *origin, const char *what),
    void *ctx)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct value *v = &c->values[i];
		struct pc_error origin = {"default"};

		if (v->env)
			pc_error_set(&origin, "environment %s", v->env);
		else if (v->text)
			pc_error_set(&origin, "%s:%u", c->path, v->line);
		each(ctx, settings[i].name, lookup(c, settings[i].name),
		    origin.text, settings[i].what);
	}
}

char *
pc_store_dir(const struct pc_config *c, const char *flag)
{
	const char *dir = flag ? flag : pc_config_text(c, "caching.cache_dir");

	if (*dir == '~' && dir[1] == '/' && env("HOME"))
		return join(env("HOME"), dir + 1);
	if (*dir)
		return join(dir, "");
	if (env("XDG_CACHE_HOME"))
		return join(env("XDG_CACHE_HOME"), "/pc");
	if (env("HOME"))
		return join(env("HOME"), "/.cache/pc");
	errno = ENOENT;
	return NULL;
}
