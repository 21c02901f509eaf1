/* config.c - settings: from the environment, the file, or built in.
 *
 * Each value is stored as the text that was given, and verified when it is set,
 * so that reading a setting cannot fail. */
#include "setting.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 };

static int
is_private(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_uid == geteuid() || st.st_uid == 0) &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* If a file was named, it must be readable.  A file at the default path may be
 * in a home directory without access; then a warning is enough. */
static int
load_file(struct pc_config *c, int must, void (*warn)(void *ctx, const char *),
    void *ctx, struct pc_error *err)
{
	struct pc_buf text = {0};
	/* If there is a pipe at the default path, do not wait for it. */
	const int fd = open(c->path,
	    O_RDONLY | O_CLOEXEC | O_NOCTTY | (must ? 0 : O_NONBLOCK));
	int r = -1;

	c->private = fd >= 0 && is_private(fd);
	if (fd >= 0 && pc_read_all(fd, &text, FILE_MAX) == 0) {
		r = config_read(c, (char *)text.data, text.len, warn, ctx, err);
	} else if (!must && fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		r = 0;
	} else {
		const int large = errno == EFBIG;

		pc_error_set(err, "cannot %s configuration '%s': %s%s",
		    fd < 0 ? "open" : "read", c->path,
		    large ? "it is larger than 1 MiB" : strerror(errno),
		    must || large ? "" : "; going on without it");
		if (!must && !large) {
			warn(ctx, err->text);
			r = 0;
		}
	}
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&text);
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

/* The value of a variable; NULL if it is unset or empty. */
static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* The same for a directory.  The XDG specification says that relative paths are
 * ignored. */
static const char *
env_dir(const char *name)
{
	const char *value = env(name);

	return value && *value == '/' ? value : NULL;
}

/* The path of the file; *must is set if it was named. */
static char *
file_path(int *must)
{
	const char *named = env("PC_CONFIG"), *xdg = env_dir("XDG_CONFIG_HOME");

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

/* Parse a switch.  1: on; 0: off; -1: neither. */
static int
switch_of(const char *text)
{
	static const char *const words[2][4] = {{"off", "0", "false", "no"},
	    {"on", "1", "true", "yes"}};

	for (int on = 0; on < 2; on++)
		for (int i = 0; i < 4; i++)
			if (strcasecmp(text, words[on][i]) == 0)
				return on;
	return -1;
}

static int
load_env(struct pc_config *c, struct pc_error *err)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		const char *text = s->env ? env(s->env) : NULL;

		if (!text)
			continue;
		if (s->type == SETTING_BOOL) {
			const int on = switch_of(text);

			if (on < 0) {
				pc_error_set(err,
				    "%s must be on or off, not "
				    "'%s'",
				    s->env, text);
				return -1;
			}
			text = on ? "true" : "false";
		}
		free(c->values[i].text);
		c->values[i] = (struct value){.text = strdup(text),
		    .env = s->env};
		if (!c->values[i].text) {
			pc_error_set(err, "out of memory");
			return -1;
		}
	}
	return 0;
}

struct pc_config *
pc_config_load(void (*warn)(void *ctx, const char *text), void *ctx,
    struct pc_error *err)
{
	struct pc_config *c = calloc(1, sizeof *c);
	int must, r = 0;

	if (!c) {
		pc_error_set(err, "out of memory");
		return NULL;
	}
	c->path = file_path(&must);
	if (c->path)
		r = load_file(c, must, warn, ctx, err);
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

static const struct setting *
lookup(const struct pc_config *c, const char *name, const char **text)
{
	int row = setting_find(name);

	assert(row >= 0);
	*text = c->values[row].text ? c->values[row].text : settings[row].value;
	return &settings[row];
}

const char *
pc_config_text(const struct pc_config *c, const char *name)
{
	const char *text;

	(void)lookup(c, name, &text);
	return text;
}

int64_t
pc_config_int(const struct pc_config *c, const char *name)
{
	const char *text;
	const struct setting *s = lookup(c, name, &text);
	int64_t v = 0;

	assert(s->type == SETTING_INT || s->type == SETTING_SIZE);
	if (s->type == SETTING_SIZE)
		(void)pc_parse_size(text, &v);
	else
		(void)pc_parse_int(text, INT64_MIN, INT64_MAX, &v);
	return v;
}

int64_t
pc_config_span(const struct pc_config *c, const char *name)
{
	const char *text;
	const struct setting *s = lookup(c, name, &text);
	int64_t v = 0;

	assert(s->type == SETTING_SPAN);
	(void)pc_parse_duration(text, &v);
	return v;
}

double
pc_config_real(const struct pc_config *c, const char *name)
{
	const char *text;
	const struct setting *s = lookup(c, name, &text);

	assert(s->type == SETTING_REAL);
	return strtod(text, NULL);
}

int
pc_config_bool(const struct pc_config *c, const char *name)
{
	const char *text;
	const struct setting *s = lookup(c, name, &text);

	assert(s->type == SETTING_BOOL);
	return strcmp(text, "true") == 0;
}

int
pc_config_is_private(const struct pc_config *c)
{
	return c->private;
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
		each(ctx, settings[i].name, pc_config_text(c, settings[i].name),
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
	if (env_dir("XDG_CACHE_HOME"))
		return join(env_dir("XDG_CACHE_HOME"), "/pc");
	if (env("HOME"))
		return join(env("HOME"), "/.cache/pc");
	errno = ENOENT;
	return NULL;
}
