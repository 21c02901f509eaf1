/* source_record.c - a question from a record of JSON Lines. */
#include "source_in.h"

#include <errno.h>
#include <string.h>

static void
carry(struct pc_buf *b, const char *name, const struct pc_json *v)
{
	if (!v)
		return;
	pc_json_add_key(b, name, strlen(name));
	pc_json_print(b, v);
}

static int
add_field(void *ctx, const char *name, const struct pc_json *v)
{
	struct input *in = ctx;
	struct pc_buf b = {0};
	size_t n;
	const char *s = pc_json_text(v, &n);
	enum pc_json_type type = pc_json_type(v);
	int r;

	if (!s && type != PC_JSON_INT && type != PC_JSON_REAL &&
	    type != PC_JSON_BOOL)
		return 0;
	r = s ? pc_buf_add(&b, s, n) : pc_json_print(&b, v);
	if (r == 0)
		r = pairs_set(&in->fields, name, strlen(name), (char *)b.data,
		    b.len);
	pc_buf_clear(&b);
	return r;
}

static int
add_record_images(struct source *s, struct input *in, const struct pc_json *v,
    struct pc_error *err)
{
	size_t n, count = pc_json_length(v);
	const char *name = pc_json_text(v, &n);

	if (name)
		return source_add_image(s, in, name, err);
	for (size_t i = 0; i < count; i++) {
		name = pc_json_text(pc_json_at(v, i), &n);
		if (!name)
			break;
		if (source_add_image(s, in, name, err) < 0)
			return -1;
	}
	if (name || (count == 0 && pc_json_type(v) == PC_JSON_ARRAY))
		return 0;
	pc_error_set(err,
	    "\"image\" must be a file's name, or an array of "
	    "them");
	return -1;
}

/* Only if there are placeholders are the record's fields needed. */
static int
has_placeholders(const struct question *q, const char *prompt)
{
	return (q->t.prompt && strstr(q->t.prompt, "{{")) ||
	    (q->t.system && strstr(q->t.system, "{{")) ||
	    (prompt && strstr(prompt, "{{")) ||
	    (!prompt && q->prompt && strstr(q->prompt, "{{"));
}

/* A record's member that is a string, or NULL.  Any other type is an error, as
 * it would be left out of the question. */
static const char *
string_of(const struct pc_json *record, const char *name, size_t *n,
    struct pc_error *err)
{
	const struct pc_json *v = pc_json_get(record, name);
	const char *s = pc_json_text(v, n);

	if (v && !s)
		pc_error_set(err, "\"%s\" must be a string", name);
	return s;
}

/* The members that each record about this job begins with. */
static void
carry_members(struct job *j, const struct pc_json *record)
{
	struct pc_buf b = {0};
	size_t n;
	const char *file = pc_json_text(pc_json_get(record, "file"), &n);

	carry(&b, "file", pc_json_get(record, "file"));
	carry(&b, "id", pc_json_get(record, "id"));
	carry(&b, "page", pc_json_get(record, "page"));
	pc_buf_add(&b, "", 1);
	j->carried = (char *)b.data;
	j->name = file ? strdup(file) : NULL;
}

/* -1: the record has nothing to ask about, or something else than a string. */
static int
add_record(struct source *s, struct input *in, const struct pc_json *record,
    struct pc_error *err)
{
	const struct pc_json *image = pc_json_get(record, "image");
	size_t text_len, len;
	const char *text = string_of(record, "text", &text_len, err);
	const char *prompt = string_of(record, "prompt", &len, err);

	if (err->text[0]) {
		const struct pc_error why = *err;

		pc_error_set(err, "record %llu: %s",
		    (unsigned long long)s->names.count, why.text);
		return -1;
	}
	if (!text && !prompt && !image) {
		pc_error_set(err,
		    "record %llu has no \"text\", \"prompt\" or \"image\"",
		    (unsigned long long)s->names.count);
		return -1;
	}
	if (prompt && strlen(prompt) != len) {
		pc_error_set(err, "\"prompt\" contains a NUL byte");
		return -1;
	}
	if (prompt && !(in->prompt = strdup(prompt)))
		cli_die(s->in->c, "%s", strerror(errno));
	if (text && input_text(in, text, text_len, err) < 0)
		return -1;
	if (image && add_record_images(s, in, image, err) < 0)
		return -1;
	if (has_placeholders(&s->in->question, in->prompt) &&
	    pc_json_each(record, add_field, in) < 0)
		cli_die(s->in->c, "%s", strerror(errno));
	return 0;
}

void
source_fill_record(struct source *s, struct job *j, const char *line, size_t n)
{
	struct pc_error err = {""};
	struct pc_json *record = pc_json_parse(line, n, &err);
	size_t len;
	const char *failed;

	if (pc_json_type(record) != PC_JSON_OBJECT) {
		job_fail(j, "record %llu: %s",
		    (unsigned long long)s->names.count,
		    record ? "it is not a JSON object" : err.text);
		pc_json_free(record);
		return;
	}
	carry_members(j, record);
	failed = pc_json_text(pc_json_get(record, "error"), &len);
	if (failed) {
		job_fail(j, "%s", failed);
		j->passed = 1;
	} else if (add_record(s, &j->input, record, &err) < 0) {
		job_fail(j, "%s", err.text);
	}
	pc_json_free(record);
}
