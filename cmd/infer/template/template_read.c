/* template_read.c - a template from its JSON. */
#include "template.h"

#include "infer/schema/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct template_reader {
	struct template *t;
	const char *where, *text;
	size_t len;
	struct pc_error *err;
};

/* Is the string before i a member's name, with a colon after it? */
static int
is_name(const struct template_reader *r, size_t i)
{
	while (i < r->len && strchr(" \t\r\n", r->text[i]))
		i++;
	return i < r->len && r->text[i] == ':';
}

/* The line of the top-level member of that name, 0 if it is not found.  The
 * text was parsed before, so strings end and braces match. */
static unsigned
line_of(const struct template_reader *r, const char *name)
{
	unsigned line = 1;
	int depth = 0;
	size_t n = strlen(name);

	for (size_t i = 0; i < r->len; i++) {
		char c = r->text[i];

		line += c == '\n';
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		if (c != '"')
			continue;
		if (depth == 1 && r->len - i > n + 2 &&
		    memcmp(r->text + i + 1, name, n) == 0 &&
		    r->text[i + 1 + n] == '"' && is_name(r, i + 2 + n))
			return line;
		for (i++; i < r->len && r->text[i] != '"'; i++)
			i += r->text[i] == '\\';
	}
	return 0;
}

static int
bad(const struct template_reader *r, const char *name, const char *why)
{
	unsigned line = line_of(r, name);

	if (line)
		pc_error_set(r->err, "%s, line %u: \"%.60s\" %s", r->where,
		    line, name, why);
	else
		pc_error_set(r->err, "%s: \"%.60s\" %s", r->where, name, why);
	return -1;
}

/* A string, or an array of strings, which are its lines. */
static int
take_text(const struct template_reader *r, char **to, const char *name,
    const struct pc_json *v)
{
	struct pc_buf b = {0};
	size_t n, lines = pc_json_length(v);
	const char *s = pc_json_text(v, &n);

	for (size_t i = 0; !s && i < lines; i++) {
		const char *line = pc_json_text(pc_json_at(v, i), &n);

		if (!line) {
			pc_buf_clear(&b);
			return bad(r, name, "has a line that is not a string");
		}
		pc_buf_add(&b, "\n", i > 0);
		pc_buf_add(&b, line, n);
	}
	if (s)
		pc_buf_add(&b, s, n);
	else if (pc_json_type(v) != PC_JSON_ARRAY)
		return bad(r, name, "must be a string, or an array of lines");
	if (b.len && memchr(b.data, '\0', b.len)) {
		pc_buf_clear(&b);
		return bad(r, name, "contains a NUL byte");
	}
	pc_buf_add(&b, "", 1);
	if (b.failed) {
		pc_buf_clear(&b);
		return bad(r, name, strerror(ENOMEM));
	}
	free(*to);
	*to = (char *)b.data;
	return 0;
}

static int
take_schema(const struct template_reader *r, const struct pc_json *v)
{
	struct pc_buf b = {0};
	struct pc_error why;

	if (pc_json_type(v) != PC_JSON_OBJECT)
		return bad(r, "schema", "must be an object: a JSON Schema");
	if (schema_check(v, &why) < 0)
		return bad(r, "schema", why.text);
	if (pc_json_print(&b, v) < 0 || pc_buf_add(&b, "", 1) < 0) {
		pc_buf_clear(&b);
		return bad(r, "schema", strerror(errno));
	}
	free(r->t->schema);
	r->t->schema = (char *)b.data;
	return 0;
}

static int
take_var(void *ctx, const char *name, const struct pc_json *v)
{
	const struct template_reader *r = ctx;
	size_t n;
	const char *s = pc_json_text(v, &n);

	if (!s)
		return bad(r, "vars", "must be an object of strings");
	if (pairs_set(&r->t->vars, name, strlen(name), s, n) < 0)
		return bad(r, "vars", strerror(errno));
	return 0;
}

static int
take_think(const struct template_reader *r, const struct pc_json *v)
{
	size_t n;
	const char *s = pc_json_text(v, &n);

	if (pc_json_type(v) == PC_JSON_BOOL) {
		r->t->think = pc_json_bool(v) ? THINK_ON : THINK_OFF;
		return 0;
	}
	for (int i = 0; s && i < THINKS; i++)
		if (strcmp(s, think_names[i]) == 0) {
			r->t->think = i;
			return 0;
		}
	return bad(r, "think",
	    "must be true, false, \"low\", \"medium\", \"high\" or \"max\"");
}

/* The name of the setting that is the default of a parameter. */
static int
take_setting(const struct template_reader *r, char **to, const char *name,
    const struct pc_json *v)
{
	static const char *const known[] = {"inference.num_predict_short",
	    "inference.num_predict_long",
	    "inference.text_max_new_tokens_stage1",
	    "inference.text_max_new_tokens_stage2", NULL,
	    "inference.temperature", "inference.temperature_stage1",
	    "inference.temperature_stage2", NULL};
	const int heat = strcmp(name, "heat") == 0;
	size_t n;
	const char *s = pc_json_text(v, &n);

	for (const char *const *k = known + (heat ? 5 : 0); s && *k; k++)
		if (strcmp(s, *k) == 0)
			return take_text(r, to, name, v);
	return bad(r, name,
	    heat ? "must name a setting of a temperature, as "
		   "\"inference.temperature_stage1\""
		 : "must name a setting of a number of tokens, as "
		   "\"inference.num_predict_short\"");
}

static int
take_stage(const struct template_reader *r, const struct pc_json *v)
{
	size_t n;
	const char *s = pc_json_text(v, &n);

	if (!s || !pc_stage_valid(s))
		return bad(r, "stage",
		    "must be a stage: a-z, 0-9, '.', '_' and '-'");
	return take_text(r, &r->t->stage, "stage", v);
}

static int
take_options(const struct template_reader *r, const struct pc_json *v)
{
	struct pc_error why;

	if (pc_json_type(v) != PC_JSON_OBJECT)
		return bad(r, "options", "must be an object");
	if (params_set_json(&r->t->params, v, &why) < 0)
		return bad(r, "options", why.text);
	return 0;
}

static int
take_vars(const struct template_reader *r, const struct pc_json *v)
{
	if (pc_json_type(v) != PC_JSON_OBJECT)
		return bad(r, "vars", "must be an object of strings");
	return pc_json_each(v, take_var, (void *)(uintptr_t)r);
}

static int
take_input(const struct template_reader *r, const struct pc_json *v)
{
	size_t n;
	const char *s = pc_json_text(v, &n);

	r->t->images = s && strcmp(s, "image") == 0;
	if (!r->t->images && !(s && strcmp(s, "text") == 0))
		return bad(r, "input", "must be \"text\" or \"image\"");
	return 0;
}

static int
take_allow_cut(const struct template_reader *r, const struct pc_json *v)
{
	if (pc_json_type(v) != PC_JSON_BOOL)
		return bad(r, "allow_cut", "must be true or false");
	r->t->allow_cut = pc_json_bool(v);
	return 0;
}

static int
take_limit(const struct template_reader *r, const struct pc_json *v)
{
	return take_setting(r, &r->t->limit, "limit", v);
}

static int
take_heat(const struct template_reader *r, const struct pc_json *v)
{
	return take_setting(r, &r->t->heat, "heat", v);
}

static int
take_member(void *ctx, const char *name, const struct pc_json *v)
{
	static const struct {
		const char *name;
		int (*take)(const struct template_reader *,
		    const struct pc_json *);
	} members[] = {{"schema", take_schema}, {"options", take_options},
	    {"vars", take_vars}, {"stage", take_stage}, {"think", take_think},
	    {"input", take_input}, {"limit", take_limit}, {"heat", take_heat},
	    {"allow_cut", take_allow_cut}};
	const struct template_reader *r = ctx;
	const struct {
		const char *name;
		char **to;
	} texts[] = {{"prompt", &r->t->prompt}, {"system", &r->t->system},
	    {"model", &r->t->model}, {"description", &r->t->description}};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(name, texts[i].name) == 0)
			return take_text(r, texts[i].to, name, v);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (strcmp(name, members[i].name) == 0)
			return members[i].take(r, v);
	return bad(r, name,
	    "is not a member of a template: the members are prompt, "
	    "system, schema, options, vars, stage, model, "
	    "think, input, limit, heat, allow_cut and description");
}

int
template_read(struct template *t, const char *where, const char *json, size_t n,
    struct pc_error *err)
{
	struct template_reader r = {t, where, json, n, err};
	struct pc_error why;
	struct pc_json *j = pc_json_parse(json, n, &why);
	int e;

	*t = (struct template){.think = -1, .allow_cut = -1};
	if (!j) {
		pc_error_set(err, "%s, %s", where, why.text);
		return -1;
	}
	if (pc_json_type(j) != PC_JSON_OBJECT) {
		pc_error_set(err, "%s: a template is a JSON object", where);
		e = -1;
	} else {
		e = pc_json_each(j, take_member, &r);
	}
	if (e == 0 && !t->prompt && !t->system) {
		pc_error_set(err, "%s: it has no \"prompt\"", where);
		e = -1;
	}
	pc_json_free(j);
	if (e < 0)
		template_clear(t);
	return e;
}

void
template_clear(struct template *t)
{
	free(t->prompt);
	free(t->system);
	free(t->schema);
	free(t->stage);
	free(t->model);
	free(t->description);
	free(t->limit);
	free(t->heat);
	params_clear(&t->params);
	pairs_clear(&t->vars);
	*t = (struct template){.think = -1, .allow_cut = -1};
}
