/* source.c - where questions come from: one from the command line, or a list
 * of files, or records. */
#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- one question ---- */

/* It is read once, whatever number of samples there is of it. */
static int
add_stdin(struct source *s, struct input *in, struct pc_error *err)
{
	struct pc_buf *b = &s->stdin_text;

	if (!s->stdin_read && s->in->c->stdin_used++) {
		pc_error_set(err, "standard input can be read only once");
		return -1;
	}
	if (!s->stdin_read && pc_read_all(0, b, TEXT_MAX) < 0) {
		pc_error_set(err, "cannot read standard input: %s",
		    errno == EFBIG ? "it is more than 64 MiB"
				   : strerror(errno));
		return -1;
	}
	s->stdin_read = 1;
	return b->len ? input_text(in, (char *)b->data, b->len, err) : 0;
}

static int
add_file(struct source *s, struct input *in, const char *name,
    struct pc_error *err)
{
	if (strcmp(name, "-") == 0)
		return add_stdin(s, in, err);
	return input_file(s->in->c, in, name, err);
}

static int
add_image(struct source *s, struct input *in, const char *name,
    struct pc_error *err)
{
	if (strcmp(name, "-") == 0 && s->in->c->stdin_used++) {
		pc_error_set(err, "standard input can be read only once");
		return -1;
	}
	return images_add(s->in->c, &in->images, name, s->in->pages,
	    (unsigned)s->in->side_max, err);
}

/* Is standard input what to ask about?  Not a terminal, and not when inputs
 * are named: a loop's list would be eaten. */
static int
stdin_is_input(const struct source *s)
{
	struct stat st;

	return !*s->files && !*s->images && !isatty(0) && fstat(0, &st) == 0;
}

static void
fill_single(struct source *s, struct job *j)
{
	struct pc_error err = {""};
	int r = 0;

	for (char *const *f = s->files; *f && r == 0; f++)
		r = s->in->t.images ? add_image(s, &j->input, *f, &err)
				    : add_file(s, &j->input, *f, &err);
	for (char *const *f = s->images; *f && r == 0; f++)
		r = add_image(s, &j->input, *f, &err);
	if (r == 0 && stdin_is_input(s))
		r = s->in->t.images ? add_image(s, &j->input, "-", &err)
				    : add_stdin(s, &j->input, &err);
	if (r < 0)
		job_fail(j, "%s", err.text);
}

/* ---- a record ---- */

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
		return add_image(s, in, name, err);
	for (size_t i = 0; i < count; i++) {
		name = pc_json_text(pc_json_at(v, i), &n);
		if (!name)
			break;
		if (add_image(s, in, name, err) < 0)
			return -1;
	}
	if (name || (count == 0 && pc_json_type(v) == PC_JSON_ARRAY))
		return 0;
	pc_error_set(err,
	    "\"image\" must be a file's name, or an array of "
	    "them");
	return -1;
}

/* Does anything have placeholders?  Else fields are not looked at. */
static int
has_placeholders(const struct infer *in, const char *prompt)
{
	return (in->t.prompt && strstr(in->t.prompt, "{{")) ||
	    (in->t.system && strstr(in->t.system, "{{")) ||
	    (prompt && strstr(prompt, "{{")) ||
	    (!prompt && in->prompt && strstr(in->prompt, "{{"));
}

/* A record's member that is a string.  NULL: there is none; what is something
 * else would be left out of the question. */
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

static void
fill_record(struct source *s, struct job *j, const char *line, size_t n)
{
	struct pc_error err = {""};
	struct pc_json *record = pc_json_parse(line, n, &err);
	const struct pc_json *image = pc_json_get(record, "image");
	struct input *in = &j->input;
	struct pc_buf b = {0};
	const char *text, *prompt, *bad;
	size_t text_len, len;
	int r = 0;

	if (pc_json_type(record) != PC_JSON_OBJECT) {
		job_fail(j, "record %llu: %s",
		    (unsigned long long)s->names.count,
		    record ? "it is not a JSON object" : err.text);
		pc_json_free(record);
		return;
	}
	carry(&b, "file", pc_json_get(record, "file"));
	carry(&b, "id", pc_json_get(record, "id"));
	carry(&b, "page", pc_json_get(record, "page"));
	pc_buf_add(&b, "", 1);
	j->carried = (char *)b.data;
	text = pc_json_text(pc_json_get(record, "file"), &len);
	j->name = text ? strdup(text) : NULL;
	bad = pc_json_text(pc_json_get(record, "error"), &len);
	text = string_of(record, "text", &text_len, &err);
	prompt = string_of(record, "prompt", &len, &err);
	if (bad) {
		job_fail(j, "%s", bad);
		j->passed = 1;
	} else if (err.text[0]) {
		job_fail(j, "record %llu: %s",
		    (unsigned long long)s->names.count, err.text);
	} else if (!text && !prompt && !image) {
		job_fail(j,
		    "record %llu has no \"text\", \"prompt\" or "
		    "\"image\"",
		    (unsigned long long)s->names.count);
	} else {
		if (prompt && strlen(prompt) != len)
			r = -1;
		if (r < 0)
			pc_error_set(&err, "\"prompt\" contains a NUL byte");
		if (r == 0 && prompt && !(in->prompt = strdup(prompt)))
			cli_die(s->in->c, "%s", strerror(errno));
		if (r == 0 && text)
			r = input_text(in, text, text_len, &err);
		if (r == 0 && image)
			r = add_record_images(s, in, image, &err);
		if (r == 0 && has_placeholders(s->in, in->prompt) &&
		    pc_json_each(record, add_field, in) < 0)
			cli_die(s->in->c, "%s", strerror(errno));
		if (r < 0)
			job_fail(j, "%s", err.text);
	}
	pc_json_free(record);
}

/* A line of --warm: a record, or else a prompt, or with a template or prompt
 * already a text. */
static void
fill_line(struct source *s, struct job *j, const char *line, size_t n)
{
	struct pc_error err;

	if (line[0] == '{' && line[1] != '{')
		fill_record(s, j, line, n);
	else if (s->in->named || s->in->prompt) {
		if (input_text(&j->input, line, n, &err) < 0)
			job_fail(j, "%s", err.text);
	} else if (memchr(line, '\0', n))
		job_fail(j, "line %llu of the list contains a NUL byte",
		    (unsigned long long)s->names.count);
	else if (!(j->input.prompt = strndup(line, n)))
		cli_die(s->in->c, "%s", strerror(errno));
}

/* A file of a list. */
static void
fill_name(struct source *s, struct job *j, const char *name)
{
	struct pc_error err;
	struct pc_buf b = {0};
	int r;

	pc_json_add_text(&b, "file", name);
	pc_buf_add(&b, "", 1);
	j->carried = (char *)b.data;
	j->name = strdup(name);
	r = s->in->t.images ? add_image(s, &j->input, name, &err)
			    : add_file(s, &j->input, name, &err);
	if (r < 0)
		job_fail(j, "%s", err.text);
}

static void
fill(struct source *s, struct job *j)
{
	const char *line = (const char *)s->line.data;
	size_t n = s->line.len - 1;

	if (!s->many)
		fill_single(s, j);
	else if (s->in->warm)
		fill_line(s, j, line, n);
	else if (s->names.records)
		fill_record(s, j, line, n);
	else
		fill_name(s, j, line);
}

/* Make s->line the next one.  1: there is none. */
static int
advance(struct source *s)
{
	int r = 1;

	if (s->ended)
		return 1;
	if (!s->many)
		return 0;
	r = cli_names_line(s->in->c, &s->names);
	s->line.len = 0;
	if (r == 0 &&
	    pc_buf_add(&s->line, s->names.line.data, s->names.line.len + 1) < 0)
		cli_die(s->in->c, "%s", strerror(errno));
	s->ended = r == 1;
	return r;
}

/* ---- opening, and one after the other ---- */

static struct job *
read_one(struct source *s)
{
	struct job *j;
	int r = 0;

	/* What one sample reads from a pipe another cannot read again. */
	if (s->sample == 0 || s->sample >= s->in->samples) {
		r = advance(s);
		s->sample = 0;
	}
	if (r == 1)
		return NULL;
	j = job_new(s->in);
	if (!j)
		cli_die(s->in->c, "%s", strerror(errno));
	if (s->in->samples)
		j->input.sample = ++s->sample;
	if (r < 0)
		job_fail(j, "line %llu of the list cannot be read",
		    (unsigned long long)s->names.count);
	else
		fill(s, j);
	return j;
}

void
source_open(struct source *s, struct infer *in, char *const *files,
    char *const *images)
{
	static char *const none[] = {NULL};
	struct cli *c = in->c;

	*s = (struct source){.in = in,
	    .files = files,
	    .images = images,
	    .names.from = -1,
	    .many = cli_many(c)};
	if (s->many)
		cli_names_open(c, &s->names, none);
	else
		s->first = read_one(s);
}

struct job *
source_next(struct source *s)
{
	struct job *j = s->first ? s->first : read_one(s);

	s->first = NULL;
	/* What one cannot read no other sample can. */
	if (j && !s->many &&
	    (s->sample == s->in->samples || j->state == JOB_DONE))
		s->ended = 1;
	return j;
}

int
source_ready(struct source *s)
{
	const int more_samples = s->sample > 0 && s->sample < s->in->samples;

	return !s->many || more_samples || cli_names_ready(s->in->c, &s->names);
}

void
source_close(struct source *s)
{
	if (s->many)
		cli_names_close(&s->names);
	if (s->first)
		job_free(s->first);
	pc_buf_clear(&s->line);
	pc_buf_clear(&s->stdin_text);
}
