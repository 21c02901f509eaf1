/* configfile.c - read settings from a configuration file.
 *
 * json-c checks the syntax and gives each value its type.  But it keeps no line
 * numbers, and silently takes the last of two equal names.  So names and their
 * lines are found here, and json-c gets one value at a time. */
#include "base/json.h"
#include "setting.h"

#include <errno.h>
#include <string.h>

enum { SHOWN_MAX = 60 }; /* characters of a name or wrong value in messages */

struct config_reader {
	struct pc_config *config;
	char *at, *end;
	unsigned line;
	void (*warn)(void *ctx, const char *text);
	void *warn_ctx;
	struct pc_error *err;
};

/* A name and its value, as written in the file. */
struct member {
	char name[128]; /* truncated: no known name is longer */
	unsigned line;
	char *value;
	size_t len;
	unsigned value_line;
};

/* ---- finding the way ---- */

/* Skip the string at p.  One that is not closed ends with its line, so that the
 * error is reported there. */
static char *
after_string(char *p, const char *end)
{
	p++;
	while (p < end && *p != '"' && *p != '\n')
		p += *p == '\\' && end - p > 1 ? 2 : 1;
	return p < end ? p + 1 : p;
}

static void
blank_comments(char *p, char *end)
{
	while (p < end) {
		char *stop;

		if (*p == '"') {
			p = after_string(p, end);
			continue;
		}
		if (*p != '/' || end - p < 2 || (p[1] != '/' && p[1] != '*')) {
			p++;
			continue;
		}
		if (p[1] == '/') {
			stop = memchr(p, '\n', (size_t)(end - p));
			if (!stop)
				stop = end;
		} else {
			stop = memmem(p + 2, (size_t)(end - p) - 2, "*/", 2);
			if (!stop)
				return; /* not JSON; json-c reports it */
			stop += 2;
		}
		for (; p < stop; p++)
			if (*p != '\n')
				*p = ' ';
	}
}

static void
skip_space(struct config_reader *r)
{
	for (; r->at < r->end && memchr(" \t\r\n", *r->at, 4); r->at++)
		r->line += *r->at == '\n';
}

static void
skip_value(struct config_reader *r)
{
	unsigned depth = 0;

	while (r->at < r->end) {
		switch (*r->at) {
		case '"':
			r->at = after_string(r->at, r->end);
			if (depth == 0)
				return;
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (depth > 1) {
				depth--;
				break;
			}
			r->at += depth; /* else it closes an outer object */
			return;
		case ',':
		case ' ':
		case '\t':
		case '\r':
			if (depth == 0)
				return;
			break;
		case '\n':
			if (depth == 0)
				return;
			r->line++;
			break;
		}
		r->at++;
	}
}

/* Read the next member, from the { or , before it.  0: this was the end of the
 * object, which was skipped. */
static int
next_member(struct config_reader *r, struct member *m)
{
	char *name;

	skip_space(r);
	if (r->at < r->end && *r->at != '}')
		r->at++;
	skip_space(r);
	if (r->at == r->end || *r->at == '}') {
		r->at += r->at < r->end;
		return 0;
	}
	m->line = r->line;
	name = r->at + 1;
	skip_value(r);
	snprintf(m->name, sizeof m->name, "%.*s", (int)(r->at - name) - 1,
	    name);
	skip_space(r);
	r->at += r->at < r->end; /* the colon */
	skip_space(r);
	m->value = r->at;
	m->value_line = r->line;
	skip_value(r);
	m->len = (size_t)(r->at - m->value);
	return 1;
}

/* ---- what is there ---- */

static void
fault(struct config_reader *r, unsigned line, const char *name,
    const char *text)
{
	pc_error_set(r->err, "%s:%u: %s%s%s", r->config->path, line, name,
	    *name ? " " : "", text);
}

static void
warn_unknown(struct config_reader *r, unsigned line, const char *kind,
    const char *name)
{
	struct pc_error text;
	struct pc_nearest nearest = {0};

	setting_nearest(name, &nearest);
	pc_error_set(&text, "%s:%u: unknown %s '%.*s'%s%s%s", r->config->path,
	    line, kind, SHOWN_MAX, name,
	    *nearest.name ? "; did you mean '" : "", nearest.name,
	    *nearest.name ? "'?" : "");
	r->warn(r->warn_ctx, text.text);
}

/* The value as the text that a person would write.  NULL with EINVAL: it is not
 * of the setting's type. */
static char *
text_of(const struct setting *s, const struct member *m)
{
	struct pc_json *j = NULL;
	struct pc_error ignored;
	const char *text;
	char *copy = NULL;
	size_t n;
	int fits = 0;

	/* null is not a value of any setting. */
	j = pc_json_parse(m->value, m->len, &ignored);
	switch (pc_json_type(j)) {
	case PC_JSON_BOOL:
		fits = s->type == SETTING_BOOL;
		break;
	case PC_JSON_INT:
		fits = s->type == SETTING_INT || s->type == SETTING_REAL ||
		    s->type == SETTING_SPAN || s->type == SETTING_SIZE;
		break;
	case PC_JSON_REAL:
		fits = s->type == SETTING_REAL;
		break;
	case PC_JSON_TEXT:
		fits = s->type == SETTING_TEXT || s->type == SETTING_PATH ||
		    s->type == SETTING_SPAN || s->type == SETTING_SIZE;
		break;
	case PC_JSON_OBJECT:
		fits = s->type == SETTING_OBJECT;
		break;
	default:
		break;
	}
	text = pc_json_text(j, &n);
	errno = EINVAL;
	if (fits && text)
		copy = strlen(text) == n ? strdup(text) : NULL;
	else if (fits)
		copy = strndup(m->value, m->len);
	pc_json_free(j);
	return copy;
}

static void
refuse(struct config_reader *r, const struct member *m, const char *name,
    const char *wanted)
{
	struct pc_error text;

	if (*m->value == '{' || *m->value == '[')
		pc_error_set(&text, "must be %s, not an %s", wanted,
		    *m->value == '{' ? "object" : "array");
	else if (m->len <= SHOWN_MAX)
		pc_error_set(&text, "must be %s, not %.*s", wanted, (int)m->len,
		    m->value);
	else
		pc_error_set(&text, "must be %s", wanted);
	fault(r, m->line, name, text.text);
}

static int
read_setting(struct config_reader *r, const char *section,
    const struct member *m)
{
	struct pc_error wanted = {"a string"};
	const struct setting *s;
	struct value *value;
	char name[sizeof m->name * 2];
	int row;

	snprintf(name, sizeof name, "%s.%s", section, m->name);
	row = setting_find(name);
	if (row < 0) {
		warn_unknown(r, m->line, "setting", name);
		return 0;
	}
	s = &settings[row];
	value = &r->config->values[row];
	if (value->line) {
		pc_error_set(r->err,
		    "%s:%u: %s is set twice, first in "
		    "line %u",
		    r->config->path, m->line, name, value->line);
		return -1;
	}
	value->line = m->line;
	value->text = text_of(s, m);
	if (!value->text && errno == ENOMEM) {
		fault(r, m->line, name, "needs more memory than there is");
		return -1;
	}
	if (setting_verify(s, value->text, &wanted) < 0) {
		refuse(r, m, name, wanted.text);
		return -1;
	}
	if (s->fixed && strcmp(value->text, s->value) != 0) {
		struct pc_error text;

		pc_error_set(&text, "%s:%u: %s has no effect: %s",
		    r->config->path, m->line, name, s->fixed);
		r->warn(r->warn_ctx, text.text);
	}
	return 0;
}

static int
read_section(struct config_reader *r, const struct member *m, unsigned *seen)
{
	struct config_reader inside = *r;
	struct member setting;
	int row = setting_section(m->name);

	if (row < 0) {
		warn_unknown(r, m->line, "section", m->name);
		return 0;
	}
	if (seen[row]) {
		pc_error_set(r->err,
		    "%s:%u: %s is set twice, first in "
		    "line %u",
		    r->config->path, m->line, m->name, seen[row]);
		return -1;
	}
	seen[row] = m->line;
	if (*m->value != '{') {
		refuse(r, m, m->name, "an object, { }");
		return -1;
	}
	inside.at = m->value;
	inside.end = m->value + m->len;
	inside.line = m->value_line;
	while (next_member(&inside, &setting))
		if (read_setting(&inside, m->name, &setting) < 0)
			return -1;
	return 0;
}

int
config_read(struct pc_config *c, char *text, size_t n,
    void (*warn)(void *ctx, const char *text), void *ctx, struct pc_error *err)
{
	struct config_reader r = {.config = c,
	    .at = text,
	    .end = text + n,
	    .line = 1,
	    .warn = warn,
	    .warn_ctx = ctx,
	    .err = err};
	unsigned seen[SETTINGS] = {0}; /* line of a section, at its first row */
	struct member section;
	struct pc_error why;
	struct pc_json *j;
	unsigned line;

	blank_comments(r.at, r.end);
	j = json_read(text, n, &line, &why);
	if (!j) {
		fault(&r, line, "", why.text);
		return -1;
	}
	pc_json_free(j);
	skip_space(&r);
	if (*r.at != '{') {
		fault(&r, r.line, "", "it must be an object, { }");
		return -1;
	}
	while (next_member(&r, &section))
		if (read_section(&r, &section, seen) < 0)
			return -1;
	return 0;
}
